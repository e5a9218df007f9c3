"""scripts/build: build what is deployed, and say whether Lambda has room for it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from scripts.local.paths import ROOT
from scripts.stack.built import SIZE_LIMIT, BuiltFunction, NotBuiltError, find_faults, read_built
from scripts.stack.elf import ElfError
from scripts.stack.layers import RecipeError, bytecode_python, note_inputs
from scripts.stack.process import last_lines, run
from scripts.stack.runtime_client import fetch_runtime_client
from scripts.stack.sam import SamError, ensure_sam, sam_environment, sam_python

BUILD = Path(".aws-sam") / "build"


def main(argv: Sequence[str] | None = None) -> int:
    """Build all functions and layers, print their sizes, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="scripts/build",
        description="Build the functions and layers of template.yaml into .aws-sam/build, without "
        "Docker, and print the unzipped size of every function with its layers. Fails if Lambda "
        "would refuse one or could not load one of its libraries.",
    )
    parser.add_argument(
        "--check", action="store_true", help="build nothing, only look at what was built before"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="build everything again, whatever was built before"
    )
    parser.add_argument(
        "--runtime-client",
        action="store_true",
        help="fetch Lambda's runtime client too, to run the built functions here (tests/stack)",
    )
    given = parser.parse_args(argv)
    try:
        status = 0 if given.check else build(ROOT, is_fresh=given.fresh)
        if status == 0 and given.runtime_client:
            _say("fetching Lambda's runtime client")
            fetch_runtime_client(ROOT, python=sam_python())
        return status or report_sizes(ROOT / BUILD)
    except (SamError, RecipeError, NotBuiltError, ElfError) as error:
        print(f"scripts/build: {error}", file=sys.stderr)
        return 1


def build(root: Path, *, is_fresh: bool = False) -> int:
    """Run sam build, after whatever the layers carry; return the exit status."""
    if " " in str(root):
        raise RecipeError(f"{root}: make cannot build in a folder with a space in its name")
    sam = ensure_sam(root, report=_say)
    # The layers would do this themselves, but sam shows nothing of what they print.
    for verb, *arguments in (("encoder",), ("train", "--all", "--out", ".cache/releases")):
        done = run([root / "scripts" / verb, *arguments], cwd=root, is_shown=True)
        if done.returncode != 0:
            return done.returncode
    python = bytecode_python(root)
    note_inputs(root, python=python)
    if not python:
        _say("no Python 3.13 here: layers are built without bytecode, and cold starts are slower")
    _say("sam build (about a minute; a few seconds when little has changed)")
    environment = {**sam_environment(), "PYTHON": str(sam_python(root)), "PYTHON313": python}
    cached = "--no-cached" if is_fresh else "--cached"
    done = run([sam, "build", "--parallel", cached], cwd=root, env=environment)
    if done.returncode != 0:
        print(last_lines(done), file=sys.stderr)
    return done.returncode


def report_sizes(folder: Path) -> int:
    """Print the table of sizes and every fault; return the exit status."""
    functions = read_built(folder)
    Console(soft_wrap=True).print(_table(functions))
    faults = find_faults(functions)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _table(functions: Sequence[BuiltFunction]) -> Table:
    table = Table(title=f"Unzipped bytes; Lambda takes {SIZE_LIMIT:,} a function")
    table.add_column("function")
    table.add_column("code", justify="right")
    table.add_column("layers")
    table.add_column("together", justify="right")
    table.add_column("of the limit", justify="right")
    for function in functions:
        table.add_row(
            function.name.removesuffix("Function").lower(),
            f"{function.code.size:,}",
            "\n".join(
                f"{layer.name.removesuffix('Layer').lower():<9}{layer.size:>12,}"
                for layer in function.layers
            ),
            f"{function.size:,}",
            f"{function.size / SIZE_LIMIT:.1%}",
            end_section=True,
        )
    return table


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
