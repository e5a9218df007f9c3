"""The encoder's last layers, trained further on a bot's own sentences.

A sentence vector keeps what sentences are usually compared by; what tells one bot's intents apart
may be lost in it (politeness, for one). The layers before it still hold that, so they are taken as
they come out of the encoder and trained on, with a new linear layer over the intents. Started from
the encoder's own weights, a few hundred small steps suffice. (Transfer by fine-tuning the top
layers; Howard and Ruder, "Universal Language Model Fine-tuning", 2018.)

What is learnt is the mean of several runs that see the sentences in another order: all begin at the
same weights and end in the same valley, so their mean lies deeper in it than each of them, and
answering costs no more than with one. (Wortsman et al., "Model soups", 2022.)
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sangdam_training.errors import TrainingError
from sangdam_training.vectors import TINY, in_half

Matrix = NDArray[np.float32]
Layers = Mapping[str, Matrix]

NAMES = ("sum", "down", "across", "up", "skip", "out", "bias")
"""The layers in order. With ``x`` the pooled row, ``[sum | ...]`` matrices and relu:
``m = x sum``; ``[h, s] = m down``; ``b = relu(s + relu(h) across)``; ``[c, t] = b up``;
``z = tanh(t + relu(c) skip)``, scaled to length 1; the logits are of ``z`` minus its mean over
the training rows, scaled to length 1 again."""

RUNS, MANY_RUNS = 2, 4
"""So many runs are averaged, the second number ..."""

MANY_ROWS = 5000
"""... from so many rows on, where training takes minutes anyway: it adds a tenth of a point."""

STEPS, GROWTH = 2.0, 0.7
"""The steps of a run are this times the number of rows to this power: 156 with 500 rows ..."""

LEAST_STEPS, MOST_STEPS = 100, 1250
"""... within these; with more rows each step looks at more of them."""

SMALLEST_BATCH, LARGEST_BATCH = 32, 160
HEAD_RATE = 0.03
FEW_HEAD_RATE = 0.1
"""Learning rate of the new layer; with few rows it must come further in its few steps."""

FEW_ROWS = 2000
DROPPED = 0.1
WARM_UP = 0.1
FIRST_MOMENT, SECOND_MOMENT, STABLE = 0.9, 0.999, 1e-8
PIECE = 65_536
"""Numbers moved at a time: few enough for the cache, enough for runs in threads not to queue for
the interpreter's lock."""


@dataclass(frozen=True, slots=True)
class TunedHead:
    """Trained layers by name, float32 values that fit in 16 bits, and the mean of the vectors."""

    layers: Layers
    mean: Matrix

    def units(self, pooled: Matrix) -> Matrix:
        """Return ``[rows, width]`` centred vectors of length 1."""
        return _centred(_vectors(self.layers, pooled), self.mean)

    def logits(self, units: Matrix) -> Matrix:
        """Return ``[rows, intents]`` logits of such vectors."""
        return np.asarray(units @ self.layers["out"] + self.layers["bias"], np.float32)


def first_layers(pretrained: Layers) -> Layers:
    """Return the layers to start from, given the encoder's own.

    Raises
    ------
    TrainingError
        If they do not fit together.
    """
    names = set(NAMES[:-2])
    if set(pretrained) != names:
        raise TrainingError(
            f"the encoder's last layers are {sorted(pretrained)}, expected are {sorted(names)}:"
            " build the encoder again with scripts/encoder"
        )
    return {name: np.ascontiguousarray(pretrained[name], np.float32) for name in NAMES[:-2]}


def fit_tuned(
    pooled: Matrix,
    labels: NDArray[np.int64],
    pretrained: Layers,
    *,
    intents: int,
    rate: float,
    seed: int,
) -> TunedHead:
    """Train on pooled rows ``[rows, width]``; the same rows and seed give the same weights.

    The mean of some runs of Adam (Kingma and Ba, 2015) on the cross-entropy, with dropout
    before each of the first layers, and a learning rate that rises to ``rate`` and falls as a
    cosine.
    """
    mean = _vectors(first_layers(pretrained), pooled).mean(axis=0, dtype=np.float64)
    centre = mean.astype(np.float32)

    def run(draw: Any) -> Layers:
        return _run(pooled, labels, pretrained, centre, intents=intents, rate=rate, draw=draw)

    count = MANY_RUNS if len(labels) >= MANY_ROWS else RUNS
    draws = [np.random.default_rng([seed, number]) for number in range(count)]
    with ThreadPoolExecutor(max_workers=min(count, os.cpu_count() or 1)) as beside:
        runs = list(beside.map(run, draws))
    kept = {}
    for name in NAMES:
        middle = np.mean(np.stack([one[name] for one in runs]), axis=0)
        kept[name] = in_half(middle)
    return TunedHead(kept, centre)


def _run(
    pooled: Matrix,
    labels: NDArray[np.int64],
    pretrained: Layers,
    mean: Matrix,
    *,
    intents: int,
    rate: float,
    draw: Any,
) -> Layers:
    """Return the layers after one run."""
    layers, learner = _start(pretrained, intents)
    rows = len(labels)
    steps = int(min(MOST_STEPS, max(LEAST_STEPS, STEPS * rows**GROWTH)))
    batch = int(min(LARGEST_BATCH, max(SMALLEST_BATCH, 8 * rows / steps), rows))
    head_rate = FEW_HEAD_RATE if rows < FEW_ROWS else HEAD_RATE
    order = draw.permutation(rows)
    at = 0
    for step in range(steps):
        if at + batch > rows:
            order, at = draw.permutation(rows), 0
        picked = order[at : at + batch]
        at += batch
        gradients = _gradients(layers, mean, pooled[picked], labels[picked], draw)
        learner.step(gradients, share=_schedule(step, steps), rate=rate, head_rate=head_rate)
    return layers


class _Learner:
    """Adam over all layers at once, piece by piece, so that a step stays in the cache."""

    def __init__(self, flat: Matrix, places: Mapping[str, slice], head: slice) -> None:
        self._flat, self._places, self._head = flat, places, head
        self._gradient = np.zeros_like(flat)
        self._first, self._second = np.zeros_like(flat), np.zeros_like(flat)
        self._scratch = np.zeros(PIECE, np.float32)
        self._steps = 0

    def step(self, gradients: Layers, *, share: float, rate: float, head_rate: float) -> None:
        for name, place in self._places.items():
            self._gradient[place] = gradients[name].ravel()
        self._steps += 1
        unbiased = share / (1 - FIRST_MOMENT**self._steps)
        self._move(0, self._head.start, rate * unbiased)
        self._move(self._head.start, len(self._flat), head_rate * unbiased)

    def _move(self, start: int, end: int, rate: float) -> None:
        unbiased = np.float32(1 / math.sqrt(1 - SECOND_MOMENT**self._steps))
        for at in range(start, end, PIECE):
            piece = slice(at, min(at + PIECE, end))
            gradient, first, second = (
                self._gradient[piece], self._first[piece], self._second[piece]
            )  # fmt: skip
            scratch = self._scratch[: len(gradient)]
            first *= np.float32(FIRST_MOMENT)
            np.multiply(gradient, np.float32(1 - FIRST_MOMENT), out=scratch)
            first += scratch
            second *= np.float32(SECOND_MOMENT)
            np.multiply(gradient, gradient, out=scratch)
            scratch *= np.float32(1 - SECOND_MOMENT)
            second += scratch
            np.sqrt(second, out=scratch)
            scratch *= unbiased
            scratch += np.float32(STABLE)
            np.divide(first, scratch, out=scratch)
            scratch *= np.float32(rate)
            self._flat[piece] -= scratch


def _start(pretrained: Layers, intents: int) -> tuple[dict[str, Matrix], _Learner]:
    """Return the layers as views of one flat array, and what moves it."""
    begun = dict(first_layers(pretrained))
    begun["out"] = np.zeros((begun["skip"].shape[1], intents), np.float32)
    begun["bias"] = np.zeros(intents, np.float32)
    flat = np.concatenate([begun[name].ravel() for name in NAMES])
    places: dict[str, slice] = {}
    layers: dict[str, Matrix] = {}
    end = 0
    for name in NAMES:
        places[name] = slice(end, end + begun[name].size)
        layers[name] = flat[places[name]].reshape(begun[name].shape)
        end += begun[name].size
    return layers, _Learner(flat, places, slice(places["out"].start, end))


def _schedule(step: int, steps: int) -> float:
    """Return the share of the learning rate: up in the first tenth, then down as a cosine."""
    rise = max(1.0, WARM_UP * steps)
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1.0, steps - rise)))


def _unit(rows: Matrix) -> tuple[Matrix, Matrix]:
    length = np.maximum(np.sqrt((rows * rows).sum(axis=1, keepdims=True)), np.float32(TINY))
    return rows / length, length


def _vectors(layers: Layers, pooled: Matrix) -> Matrix:
    """Return the vectors of length 1 that stand before the new layer."""
    wide = layers["across"].shape[0]
    both = (pooled @ layers["sum"]) @ layers["down"]
    hidden = np.maximum(both[:, :wide], 0)
    middle = np.maximum(both[:, wide:] + hidden @ layers["across"], 0)
    high = middle @ layers["up"]
    width = layers["skip"].shape[0]
    last = np.tanh(high[:, width:] + np.maximum(high[:, :width], 0) @ layers["skip"])
    return np.asarray(_unit(last)[0], np.float32)


def _centred(vectors: Matrix, mean: Matrix) -> Matrix:
    return np.asarray(_unit(vectors - mean)[0], np.float32)


def _gradients(
    layers: Layers, mean: Matrix, pooled: Matrix, labels: NDArray[np.int64], draw: Any
) -> Layers:
    """Return the gradient of the mean cross-entropy by each layer, dropout drawn anew."""

    def mask(shape: tuple[int, ...]) -> Matrix:
        keep = draw.random(shape, dtype=np.float32) >= np.float32(DROPPED)
        return np.asarray(keep * np.float32(1 / (1 - DROPPED)), np.float32)

    wide, width = layers["across"].shape[0], layers["skip"].shape[0]
    seen = pooled * mask(pooled.shape)
    summed = seen @ layers["sum"]
    summed_mask = mask(summed.shape)
    summed *= summed_mask
    both = summed @ layers["down"]
    hidden = np.maximum(both[:, :wide], 0)
    middle = np.maximum(both[:, wide:] + hidden @ layers["across"], 0)
    middle_mask = mask(middle.shape)
    thinned = middle * middle_mask
    high = thinned @ layers["up"]
    tall = np.maximum(high[:, :width], 0)
    last = np.tanh(high[:, width:] + tall @ layers["skip"])
    vectors, length = _unit(last)
    units, reach = _unit(vectors - mean)
    logits = units @ layers["out"] + layers["bias"]
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    logits[np.arange(len(labels)), labels] -= 1
    logits /= np.float32(len(labels))
    back: dict[str, Matrix] = {"out": units.T @ logits, "bias": logits.sum(axis=0)}
    slope: NDArray[Any] = logits @ layers["out"].T
    slope = (slope - units * (units * slope).sum(axis=1, keepdims=True)) / reach
    slope = (slope - vectors * (vectors * slope).sum(axis=1, keepdims=True)) / length
    slope *= 1 - last * last
    back["skip"] = tall.T @ slope
    upward = np.concatenate([(slope @ layers["skip"].T) * (high[:, :width] > 0), slope], axis=1)
    back["up"] = thinned.T @ upward
    slope = (upward @ layers["up"].T) * middle_mask * (middle > 0)
    back["across"] = hidden.T @ slope
    below = np.concatenate([(slope @ layers["across"].T) * (both[:, :wide] > 0), slope], axis=1)
    back["down"] = summed.T @ below
    slope = (below @ layers["down"].T) * summed_mask
    back["sum"] = seen.T @ slope
    return back
