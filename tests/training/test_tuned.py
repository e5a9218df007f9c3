"""The last layers learn: exact slopes, the same weights each time, values of 16 bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sangdam_training import tuned
from sangdam_training.errors import TrainingError
from sangdam_training.pool import negative_likelihood
from sangdam_training.tuned import NAMES, Layers, TunedHead, first_layers, fit_tuned
from tests.training.sentences import small_layers

Exact = NDArray[np.float64]

WIDTH = 12
INTENTS = 3


def problem(rows: int = 60, *, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return pooled rows that tell their intents apart, but for some noise."""
    middles = np.random.default_rng(99).standard_normal((INTENTS, WIDTH))
    draw = np.random.default_rng(seed)
    labels = np.arange(rows) % INTENTS
    return (middles[labels] + draw.standard_normal((rows, WIDTH))).astype(np.float32), labels


def fit(*, seed: int = 0, rate: float = 3e-3) -> TunedHead:
    rows, labels = problem()
    return fit_tuned(rows, labels, small_layers(WIDTH), intents=INTENTS, rate=rate, seed=seed)


def unit(rows: Exact) -> Exact:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float64)


def loss_of(
    layers: dict[str, Exact], mean: Exact, pooled: Exact, labels: NDArray[np.int64]
) -> float:
    """The mean cross-entropy, written down from the formula."""
    first, second = np.split(pooled @ layers["sum"] @ layers["down"], 2, axis=1)
    middle = np.maximum(second + np.maximum(first, 0) @ layers["across"], 0)
    third, fourth = np.split(middle @ layers["up"], 2, axis=1)
    vectors = unit(np.tanh(fourth + np.maximum(third, 0) @ layers["skip"]))
    logits = unit(vectors - mean) @ layers["out"] + layers["bias"]
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -float(np.log(shares[np.arange(len(labels)), labels]).mean())


def exact_layers() -> dict[str, Exact]:
    draw = np.random.default_rng(5)
    small = small_layers(WIDTH, narrow=5, wide=4, width=6)
    layers = {name: np.asarray(layer, np.float64) for name, layer in small.items()}
    return layers | {"out": draw.standard_normal((6, INTENTS)), "bias": draw.random(INTENTS)}


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_is_that_of_finite_differences(name: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(tuned, "DROPPED", 0.0)
    rows, labels = problem(8)
    # Twice the digits of training, so that differences mean something.
    pooled: Any = rows.astype(np.float64)
    layers: Any = exact_layers()
    mean: Any = 0.2 * np.random.default_rng(6).standard_normal(6)
    found = tuned._gradients(layers, mean, pooled, labels, np.random.default_rng(0))
    near = 1e-6
    numeric = np.zeros(layers[name].size)
    for place in range(layers[name].size):
        kept = layers[name].flat[place]
        layers[name].flat[place] = kept + near
        above = loss_of(layers, mean, pooled, labels)
        layers[name].flat[place] = kept - near
        below = loss_of(layers, mean, pooled, labels)
        layers[name].flat[place] = kept
        numeric[place] = (above - below) / (2 * near)
    assert np.abs(numeric).max() > 1e-4
    np.testing.assert_allclose(found[name].ravel(), numeric, rtol=1e-4, atol=1e-7)


def test_the_head_says_what_the_formula_says() -> None:
    rows, labels = problem()
    head = fit()
    layers = {name: np.asarray(layer, np.float64) for name, layer in head.layers.items()}
    expected = loss_of(layers, head.mean.astype(np.float64), rows.astype(np.float64), labels)
    found = negative_likelihood(head.logits(head.units(rows)), labels)
    assert found == pytest.approx(expected, rel=1e-4)


def test_the_same_seed_gives_the_same_weights() -> None:
    first, again, other = fit(), fit(), fit(seed=1)
    for name in NAMES:
        np.testing.assert_array_equal(first.layers[name], again.layers[name])
    np.testing.assert_array_equal(first.mean, again.mean)
    assert any((first.layers[name] != other.layers[name]).any() for name in NAMES)


def test_what_is_learnt_is_the_mean_of_several_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Layers] = []
    run = tuned._run

    def spying(*rows: Any, **settings: Any) -> Layers:
        runs.append(run(*rows, **settings))
        return runs[-1]

    monkeypatch.setattr(tuned, "_run", spying)
    head = fit()
    assert len(runs) == tuned.RUNS > 1
    assert not np.array_equal(runs[0]["out"], runs[1]["out"])
    for name in NAMES:
        middle = np.mean([one[name] for one in runs], axis=0)
        np.testing.assert_allclose(head.layers[name], middle, rtol=2e-3, atol=1e-4)


def test_training_tells_apart_what_it_learnt_and_what_it_did_not() -> None:
    head = fit()
    for seed, right in ((0, 0.95), (1, 0.8)):
        rows, labels = problem(seed=seed)
        logits = head.logits(head.units(rows))
        assert negative_likelihood(logits, labels) < 0.6 * np.log(INTENTS)
        assert (logits.argmax(axis=1) == labels).mean() > right


def test_the_encoders_own_layers_move_and_are_left_as_they_were() -> None:
    rows, labels = problem()
    own = small_layers(WIDTH)
    head = fit_tuned(rows, labels, own, intents=INTENTS, rate=3e-3, seed=0)
    for name, layer in small_layers(WIDTH).items():
        np.testing.assert_array_equal(own[name], layer)
        assert (head.layers[name] != layer).mean() > 0.9


def test_without_a_rate_only_the_new_layer_learns() -> None:
    head = fit(rate=0.0)
    for name, layer in small_layers(WIDTH).items():
        np.testing.assert_array_equal(head.layers[name], layer.astype(np.float16))
    rows, labels = problem()
    assert negative_likelihood(head.logits(head.units(rows)), labels) < 0.9 * np.log(INTENTS)


def test_weights_fit_in_16_bits() -> None:
    for layer in fit().layers.values():
        assert layer.dtype == np.float32
        np.testing.assert_array_equal(layer.astype(np.float16).astype(np.float32), layer)


def test_units_have_length_one() -> None:
    rows, _ = problem()
    np.testing.assert_allclose(np.linalg.norm(fit().units(rows), axis=1), 1, rtol=1e-5)


def test_as_few_rows_as_intents_can_be_learnt() -> None:
    rows, labels = problem(INTENTS)
    head = fit_tuned(rows, labels, small_layers(WIDTH), intents=INTENTS, rate=1e-3, seed=0)
    assert (head.logits(head.units(rows)).argmax(axis=1) == labels).all()


def test_layers_of_another_encoder_are_refused_with_the_way_out() -> None:
    rows, labels = problem()
    other = small_layers(WIDTH)
    other["sideways"] = other.pop("across")
    with pytest.raises(TrainingError, match="'sideways'") as raised:
        fit_tuned(rows, labels, other, intents=INTENTS, rate=1e-3, seed=0)
    assert "build the encoder again with scripts/encoder" in str(raised.value)
    with pytest.raises(TrainingError, match="expected are"):
        first_layers({})
