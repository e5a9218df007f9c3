"""Spaces put back into Korean that is typed without them, as a bot's own examples are spaced.

``배송언제와요`` and ``배송 언제 와요`` are the same to a reader and strangers to an encoder, which
cuts a text at its spaces first. Only long stretches without a space are touched.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from zlib import compress, crc32, decompress

from sangdam.text.lazy import lazy_pattern

LONG = 7
"""So many syllables without a space are usually more than one word."""

_SIZE = 1 << 15
_MASK = _SIZE - 1
_ROUNDS = 4
_MOST_LETTERS = 200_000
_LONG_RUN = lazy_pattern(f"[가-힣]{{{LONG},}}")
_WORDS = lazy_pattern("[가-힣]+(?: [가-힣]+)*")
_START, _END = "^", "$"


@dataclass(frozen=True, slots=True)
class Spacing:
    """Where a space belongs between two syllables: a weight for each feature of the place.

    ``weights`` holds ``_SIZE`` signed bytes, one for each hash of a feature; empty where there was
    no Korean to learn from, and then nothing is changed.
    """

    weights: bytes = b""

    def __call__(self, text: str) -> str:
        """Return a normalised text with spaces in its long stretches of syllables.

        Doing it again changes nothing.

        >>> Spacing()("배송언제와요")
        '배송언제와요'
        """
        while self.weights:
            spaced = _LONG_RUN.sub(lambda run: self._spaced(run[0]), text)
            if spaced == text:
                break
            text = spaced  # what is still long now begins and ends elsewhere
        return text

    def to_json(self) -> str:
        """Return the weights as text, to be kept with the classifier that they belong to."""
        return b64encode(compress(self.weights, 9)).decode("ascii")

    @classmethod
    def from_json(cls, text: str) -> Spacing:
        """Return the spacing of ``to_json``.

        Raises
        ------
        ValueError
            If the text is none.
        """
        try:
            weights = decompress(b64decode(text, validate=True), bufsize=_SIZE)
        except Exception as error:
            raise ValueError(f"the weights of the spacing are damaged ({error})") from error
        if len(weights) not in (0, _SIZE):
            raise ValueError(f"the spacing has {len(weights)} weights, not {_SIZE}")
        return cls(weights)

    def _spaced(self, run: str) -> str:
        weights = self.weights
        parts = [run[0]]
        for letter, features in zip(run[1:], _places(run), strict=True):
            total = 0
            for feature in features:
                weight = weights[feature]
                total += weight - 256 if weight > 127 else weight
            parts.append(f" {letter}" if total > 0 else letter)
        return "".join(parts)


def learn_spacing(texts: Iterable[str], *, seed: int) -> Spacing:
    """Return the spacing of normalised texts, by an averaged perceptron (Collins, 2002).

    Time is bounded: of very many texts only the first 200,000 syllables are learnt from, after
    shuffling by the seed.
    """
    draw = Random(seed)  # noqa: S311 -- reproducible draws, no secrets
    stretches = [run for text in texts for run in _WORDS.findall(text) if " " in run]
    draw.shuffle(stretches)
    lessons: list[tuple[Sequence[int], int]] = []
    for run in stretches:
        if len(lessons) >= _MOST_LETTERS:
            break
        lessons += _lessons(run)
    if not lessons:
        return Spacing()
    now, whole, since = [0] * _SIZE, [0] * _SIZE, [0] * _SIZE
    step = 0
    for _ in range(_ROUNDS):
        draw.shuffle(lessons)
        for features, wanted in lessons:
            step += 1
            total = 0
            for feature in features:
                total += now[feature]
            if total * wanted <= 0:
                for feature in features:
                    whole[feature] += (step - since[feature]) * now[feature]
                    since[feature] = step
                    now[feature] += wanted
    means = [
        (held + (step - last) * value) / step
        for held, last, value in zip(whole, since, now, strict=True)
    ]
    largest = max(map(abs, means)) or 1.0
    return Spacing(bytes(round(mean / largest * 127) & 255 for mean in means))


def _lessons(run: str) -> Iterator[tuple[Sequence[int], int]]:
    dense = run.replace(" ", "")
    spaced = set()
    at = 0
    for word in run.split():
        at += len(word)
        spaced.add(at)
    for place, features in enumerate(_places(dense), start=1):
        yield features, 1 if place in spaced else -1


def _places(run: str) -> Iterator[Sequence[int]]:
    """Yield the hashed features of each place between two syllables of a stretch."""
    padded = f"{_START * 3}{run}{_END * 3}"
    for at in range(4, len(run) + 3):
        before, after = padded[at - 3 : at], padded[at : at + 3]
        yield tuple(
            crc32(piece.encode("utf-8", "surrogatepass")) & _MASK
            for piece in (
                f"a{before[2]}", f"b{after[0]}", f"c{before[1:]}", f"d{after[:2]}",
                f"e{before[2]}{after[0]}", f"f{before[1:]}{after[0]}",
                f"g{before[2]}{after[:2]}", f"h{before}", f"i{after}",
            )
        )  # fmt: skip
