"""What layers are made of that lies outside their own folders.

``sam build --cached`` builds a layer again when a file of its folder changes. So what else it is
made of is written down there, in ``build/inputs``, which git ignores.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from scripts.stack.process import last_lines, run

RECIPES = ("layers/layer.mk", "layers/trim_botocore.py")
"""Files that every layer's Makefile uses."""

PRODUCTS = {
    "encoder": (".cache/encoder*/manifest.json", "layers/content/bots/*/bot.yaml"),
    "content": (".cache/releases/*/current.json",),
}
"""What other scripts made and a layer only carries, each naming everything beside it; and the bots,
which say by their profiles which encoders they read with."""


class RecipeError(RuntimeError):
    """The Makefiles of the layers cannot be used here."""


def bytecode_python(root: Path) -> str:
    """Return the Python that the layers' Makefiles make bytecode with; empty if there is none.

    Raises RecipeError if make cannot say so.
    """
    try:
        done = run(["make", "--silent", "--file", "layers/core/Makefile", "python313"], cwd=root)
    except FileNotFoundError as error:
        raise RecipeError("make: not found; it builds the layers, so install it") from error
    if done.returncode != 0:
        raise RecipeError(f"layers/layer.mk: make fails:\n{last_lines(done, 10)}")
    return done.stdout.strip()


def note_inputs(root: Path, *, python: str) -> tuple[str, ...]:
    """Write down the inputs of every layer; return the names of layers whose inputs changed.

    ``python`` says which Python makes the bytecode: another one makes other files.
    """
    changed = []
    for makefile in sorted(root.glob("layers/*/Makefile")):
        layer = makefile.parent
        digest = hashlib.sha256(python.encode())
        for pattern in (*RECIPES, *PRODUCTS.get(layer.name, ())):
            for path in sorted(root.glob(pattern)):
                digest.update(f"{path.relative_to(root)}\n".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        note = layer / "build" / "inputs"
        text = digest.hexdigest() + "\n"
        if not note.exists() or note.read_text("utf-8") != text:
            note.parent.mkdir(exist_ok=True)
            note.write_text(text, "utf-8")
            changed.append(layer.name)
    return tuple(changed)
