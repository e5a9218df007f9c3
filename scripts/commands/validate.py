"""Check bot packs and template.yaml: everything that is wrong, with its place and the way out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sangdam.bots.parse import Pack
from sangdam.bots.reading import PackError
from sangdam.ports import PackMissingError
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.paths import PACKS, ROOT
from scripts.stack.process import last_lines, run
from scripts.stack.sam import SamError, ensure_sam, sam_environment

# Each finds what the other cannot see: the first transforms the template, the second knows the
# properties of every resource.
FORMS = (("validate",), ("validate", "--lint"))


def main(argv: Sequence[str] | None = None) -> int:
    """Check what is asked for; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="scripts/validate",
        description=__doc__,
        epilog="template.yaml is checked by `sam validate` and `sam validate --lint`; this needs "
        "no account, and no network once the SAM CLI is installed.",
    )
    parser.add_argument("bots", nargs="*", metavar="BOT", help="check these packs and no template")
    parser.add_argument("--packs", type=Path, default=PACKS, help="folder of the bot packs")
    parser.add_argument("--template", action="store_true", help="check the template alone")
    options = parser.parse_args(argv)
    packs = YamlPacks(options.packs)
    good = options.template or check_packs(packs, options.bots or packs.names())
    if options.bots and not options.template:
        return 0 if good else 1
    return max(validate(), 0 if good else 1)


def check_packs(packs: YamlPacks, names: Sequence[str]) -> bool:
    """Read packs and print what is wrong with each; tell whether all are good."""
    good = True
    for name in names:
        try:
            print(f"{name}: {summary(packs.load(name))}; nothing wrong", flush=True)
        except PackMissingError as error:
            good = False
            print(error, file=sys.stderr)
        except PackError as error:
            good = False
            count = len(error.mistakes)
            print(error, file=sys.stderr)
            print(f"{name}: {count} mistake{'s' if count > 1 else ''}", file=sys.stderr)
    return good


def summary(pack: Pack) -> str:
    """Return in one line how much there is in a pack."""
    counts = {
        "intent": len(pack.bot.intents), "form": len(pack.bot.forms),
        "example": len(pack.examples), "conversation": len(pack.conversations),
    }  # fmt: skip
    said = [f"{count:,} {name}{'' if count == 1 else 's'}" for name, count in counts.items()]
    return f"{', '.join(said)} in {' and '.join(pack.bot.languages)}"


def validate(root: Path = ROOT) -> int:
    """Run both forms of sam validate and print what they find; return the exit status."""
    try:
        sam = ensure_sam(root, report=lambda text: print(text, flush=True))
    except SamError as error:
        print(f"scripts/validate: {error}", file=sys.stderr)
        return 1
    status = 0
    for form in FORMS:
        done = run([sam, *form], cwd=root, env=sam_environment())
        if done.returncode == 0:
            print(f"template.yaml: sam {' '.join(form)} finds nothing wrong")
        else:
            status = 1
            print(f"template.yaml: sam {' '.join(form)}:", file=sys.stderr)
            print(last_lines(done), file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
