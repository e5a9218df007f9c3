"""The large English encoder's recipe: what it reads, how it looks at pieces, and what it gives."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from sangdam_adapters.encoders import large_english_folder
from sangdam_adapters.onnx_encoder import OnnxEncoder
from sangdam_adapters.word_pieces import WordPieces
from sangdam_training import encoder_folder, mpnet_recipe
from sangdam_training.encoder_folder import MANIFEST, EncoderRecipeError
from sangdam_training.english_recipe import QUESTIONS
from sangdam_training.mpnet_package import Mpnet, kept_words, read_model
from sangdam_training.transformer_graph import build_transformer_graph
from sangdam_training.transformer_pass import TransformerPass
from sangdam_training.transformer_rounding import packed
from sangdam_training.transformer_weights import Blocks, Size
from scripts.commands import encoder as command
from tests.adapters.spoilt_encoder import SpoiltEncoder

Matrix = NDArray[np.float32]
SMALL = Size(width=64, inner=128, heads=4)
PIECES, MOST = 50, 24
TEXTS = ([7], [3, 9, 9, 4], list(range(20, 44)))


def drawn(name: str, *shape: int) -> Matrix:
    draw = np.random.default_rng(list(name.encode()))
    return draw.normal(size=shape).astype(np.float32) * np.float32(0.3)


def drawn_matrices() -> dict[str, Blocks]:
    square = (SMALL.width, SMALL.width)
    shapes = dict.fromkeys(("q", "k", "v", "ao"), square)
    shapes |= {"fi": (SMALL.inner, SMALL.width), "fo": (SMALL.width, SMALL.inner)}
    named = {f"l{layer}.{part}.w": shape for layer in (0, 1) for part, shape in shapes.items()}
    named["emb.word"] = (PIECES, SMALL.width)
    return {name: packed(drawn(name, *shape)) for name, shape in named.items()}


@dataclass(frozen=True, slots=True)
class Tiny:
    """A model of two layers with weights drawn at random, in 4 bits."""

    layers: int = 2
    size: Size = SMALL
    epsilon: float = 1e-5
    matrices: Mapping[str, Blocks] = field(default_factory=drawn_matrices)

    def floats(self, name: str) -> Matrix:
        widths = {"emb.pos": MOST * SMALL.width, "l0.fi.b": SMALL.inner, "l1.fi.b": SMALL.inner}
        return drawn(name, widths.get(name, SMALL.width)) + np.float32(name.endswith("ln.w"))

    def table(self) -> Blocks:
        return self.matrices["emb.word"]

    def matrix(self, name: str, *, inputs: int) -> Blocks:
        return self.matrices[name]

    def dense(self, name: str, *, inputs: int, rows: Sequence[int] | None = None) -> Matrix:
        return self.matrices[name].dense(rows)


def served(folder: Path, *, near: Matrix | None, in_half: bool) -> tuple[list[Matrix], int]:
    """Return the vectors of the texts as the graph gives them, and the bytes of its weights."""
    graph = build_transformer_graph(
        Tiny(), kept=range(PIECES), positions=MOST, data_name=encoder_folder.DATA,
        by_distance=near, in_half=in_half,
    )  # fmt: skip
    (folder / encoder_folder.GRAPH).write_bytes(graph.model)
    (folder / encoder_folder.DATA).write_bytes(graph.data)
    session = onnxruntime.InferenceSession(folder / encoder_folder.GRAPH)
    found = [session.run(None, {"pieces": np.array([ids], np.int32)})[0][0] for ids in TEXTS]
    return found, len(graph.data)


def test_the_graph_looks_at_pieces_by_their_distance_as_the_long_way_round_does(
    tmp_path: Path,
) -> None:
    near = drawn("near", SMALL.heads, 2 * MOST - 1) * 30
    with_it, without = TransformerPass(Tiny(), by_distance=near), TransformerPass(Tiny())
    found, size = served(tmp_path, near=near, in_half=False)
    for ids, vector in zip(TEXTS, found, strict=True):
        assert vector @ with_it.vector(ids) > 0.999
        # One piece has none that it could look at by distance.
        assert (vector @ without.vector(ids) < 0.99) == (len(ids) > 1)
    halved, smaller = served(tmp_path, near=near, in_half=True)
    assert smaller < size
    assert [one.tobytes() for one in halved] == [one.tobytes() for one in found]
    plain, _ = served(tmp_path, near=None, in_half=False)
    for ids, vector in zip(TEXTS, plain, strict=True):
        assert vector @ without.vector(ids) > 0.999


def test_what_is_behind_is_told_from_what_is_before_and_far_is_all_the_same() -> None:
    rows = np.arange(32, dtype=np.float32)[:, None] * np.ones(12, np.float32)
    (row, *others) = Mpnet({"near": rows}).by_distance(200)
    assert row.shape == (399,)
    assert all((one == row).all() for one in others)
    before, here, behind = row[:199][::-1], row[199], row[200:]
    assert here == 0
    # Up to 7 pieces each distance has a value of its own; from there on ever wider spans share one.
    assert before[:7].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert (behind == before + 16).all()
    firsts = [int(np.argmax(before == value)) + 1 for value in range(8, 16)]
    assert firsts == [8, 12, 16, 23, 32, 46, 64, 91]
    assert (np.diff(before) >= 0).all()
    assert before[-1] == 15


def test_what_is_never_read_is_left_out_of_the_vocabulary() -> None:
    words = ("<s>", "<pad>", "</s>", "<unk>", "[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]")
    rows, kept = kept_words(
        "\n".join((*words, "[", "]", "<", "re", "환", "##б", "##fund", "<mask>", "")).encode()
    )
    assert kept == ["[CLS]", "[SEP]", "[UNK]", "[", "]", "<", "re", "##fund"]
    assert rows == (0, 2, 6, 9, 10, 11, 12, 15)
    assert WordPieces(kept).encode("Refund <s>") == [0, 6, 7, 5, 2, 2, 1]


def safetensors(head: Mapping[str, object], numbers: bytes = b"") -> bytes:
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + numbers


WORDS = "embeddings.word_embeddings.weight"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "cannot be read"),
        (struct.pack("<Q", 9) + b"no JSON!!", "cannot be read"),
        (safetensors({}), WORDS),
        (
            safetensors({WORDS: {"dtype": "F16", "shape": [30_527, 768], "data_offsets": [0, 9]}}),
            r"is F16 \[30527, 768\], expected is F32",
        ),
        (
            safetensors({WORDS: {"dtype": "F32", "shape": [3, 768], "data_offsets": [0, 9]}}),
            r"expected is F32 \(30527, 768\)",
        ),
        (
            safetensors({WORDS: {"dtype": "F32", "shape": [30_527, 768], "data_offsets": [0, 9]}}),
            "cannot be read",
        ),
    ],
)
def test_a_file_cut_short_or_of_another_kind_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(EncoderRecipeError, match=rf"model.safetensors: .*{message}"):
        read_model(data)


@pytest.fixture(scope="module")
def folder() -> Path:
    assert command.main(["--profile", "accurate-english"]) == 0
    return large_english_folder(command.DEFAULT_OUT)


@pytest.mark.nightly
def test_the_packages_give_the_same_bytes_and_vectors_unlike_them_are_not_published(
    folder: Path, tmp_path: Path
) -> None:
    spoilt = SpoiltEncoder()
    with pytest.raises(EncoderRecipeError, match=r"cosine .* nothing was published"):
        mpnet_recipe.build_mpnet(
            tmp_path / "encoder", cache=command.DOWNLOADS, open_encoder=spoilt.open,
            report=spoilt.report,
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    assert [done for _, done, _ in spoilt.steps] == [0, 1, 2, 3, 4]
    assert spoilt.manifest == (folder / MANIFEST).read_text("utf-8")


@pytest.mark.nightly
def test_it_fits_beside_everything_else_and_its_origin_travels_with_it(folder: Path) -> None:
    manifest = mpnet_recipe.read_mpnet(folder)
    assert sum(file.bytes for file in manifest.files) < 45_500_000
    assert (manifest.licence, manifest.languages, manifest.letters) == (
        "Apache-2.0", ("en",), "latin",
    )  # fmt: skip
    text = (folder / "LICENSE").read_text("utf-8")
    assert text.startswith("The weights are those of the first 8 of 12 layers")
    assert "Apache License" in text


@pytest.mark.nightly
def test_close_meanings_lie_closer_than_others(folder: Path) -> None:
    encoder = OnnxEncoder.open(folder)
    ask, same, other, korean = encoder.encode(
        ["I want a refund", "give me my money back please", "is it sunny today", "환불해 주세요"]
    )
    assert ask @ same > ask @ other + 0.1
    assert not korean.any()
    rows = encoder.encode(QUESTIONS)
    assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() < 1e-5
    assert rows.tobytes() == encoder.encode(QUESTIONS).tobytes()
