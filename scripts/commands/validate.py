"""scripts/validate: check template.yaml with both forms of sam validate."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.local.paths import ROOT
from scripts.stack.process import last_lines, run
from scripts.stack.sam import SamError, ensure_sam, sam_environment

# Each finds what the other cannot see: the first transforms the template, the second knows the
# properties of every resource.
FORMS = (("validate",), ("validate", "--lint"))


def main(argv: Sequence[str] | None = None) -> int:
    """Validate the template; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="scripts/validate",
        description="Check template.yaml with `sam validate` and `sam validate --lint`; "
        "needs no account and no network once the SAM CLI is installed.",
    )
    parser.parse_args(argv)
    return validate()


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
