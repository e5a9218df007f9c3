"""Several encoders as one: their vectors side by side, and what each says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sangdam_adapters.joined_encoder import JoinedEncoder


@dataclass(frozen=True, slots=True)
class Pointing:
    """An encoder whose vectors point along the axis that a text's length names."""

    name: str
    dimensions: int

    @property
    def parts(self) -> tuple[int, ...]:
        return (self.dimensions,)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[len(text) % self.dimensions] = 1
        return rows

    def last_layers(self) -> dict[str, NDArray[np.float32]]:
        return {}


@dataclass(frozen=True, slots=True)
class Layered:
    """An encoder of two dimensions, and two more numbers that its last layers are given."""

    name: str = "layered@1"
    dimensions: int = 4
    parts: tuple[int, ...] = (2,)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[1, 0, len(text), 9] for text in texts], np.float32).reshape(-1, 4)

    def last_layers(self) -> dict[str, NDArray[np.float32]]:
        return {"sum": np.ones((2, 2), np.float32)}


JOINED = JoinedEncoder(Pointing("three@1", 3), Pointing("two@2", 2))


def test_vectors_stand_side_by_side_in_the_order_of_the_encoders() -> None:
    assert JOINED.encode(["", "a", "ab"]).tolist() == [
        [1, 0, 0, 1, 0],
        [0, 1, 0, 0, 1],
        [0, 0, 1, 1, 0],
    ]
    assert JOINED.encode(["a"]).dtype == np.float32


def test_the_first_of_them_can_be_had_alone() -> None:
    assert JOINED.first == Pointing("three@1", 3)


def test_the_name_is_made_of_all_names() -> None:
    assert JOINED.name == "three@1+two@2"


def test_the_parts_are_those_of_all_encoders() -> None:
    assert (JOINED.parts, JOINED.dimensions) == ((3, 2), 5)
    nested = JoinedEncoder(JOINED, Pointing("four@1", 4))
    assert (nested.parts, nested.dimensions) == ((3, 2, 4), 9)


def test_what_last_layers_are_given_stands_behind_all_vectors() -> None:
    joined = JoinedEncoder(Layered(), Pointing("two@2", 2))
    assert (joined.parts, joined.dimensions) == ((2, 2), 6)
    assert joined.encode(["abc"]).tolist() == [[1, 0, 0, 1, 3, 9]]
    assert list(joined.last_layers()) == ["sum"]
    assert list(JoinedEncoder(Pointing("two@2", 2), Layered()).last_layers()) == ["sum"]
    assert JOINED.last_layers() == {}


def test_no_texts_give_no_rows() -> None:
    assert JOINED.encode([]).shape == (0, 5)


def test_a_first_look_leaves_zeros_for_all_encoders_but_the_first() -> None:
    joined = JoinedEncoder(Layered(), Pointing("two@2", 2), Pointing("three@1", 3))
    glanced = joined.glance(["abc", "a"])
    assert glanced.tolist() == [[1, 0, 0, 0, 0, 0, 0, 3, 9], [1, 0, 0, 0, 0, 0, 0, 1, 9]]
    full = joined.complete(["abc", "a"], glanced)
    assert full.tolist() == joined.encode(["abc", "a"]).tolist()
    assert full.tolist() == [[1, 0, 0, 1, 1, 0, 0, 3, 9], [1, 0, 0, 1, 0, 1, 0, 1, 9]]
    assert glanced[0, 2:7].tolist() == [0] * 5, "what was glanced stays as it was"
