"""Leave in a copy of botocore only the services named: a client starts faster, and 20 MB are saved.

Usage: trim_botocore.py BOTOCORE_FOLDER SERVICE [SERVICE ...]
"""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str]) -> int:
    """Trim a folder in place; return the exit status."""
    folder, services = Path(argv[0]), set(argv[1:])
    data = folder / "data"
    known = {path.name for path in data.iterdir() if path.is_dir()}
    if unknown := services - known:
        print(f"{data}: no service {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    for service in known - services:
        shutil.rmtree(data / service)
    _trim_endpoints(data / "endpoints.json", services)
    for boto3_data in (folder.parent / "boto3" / "data", folder.parent / "boto3" / "examples"):
        for path in boto3_data.iterdir():
            if path.is_dir() and path.name not in services:
                shutil.rmtree(path)
    return 0


def _trim_endpoints(path: Path, services: set[str]) -> None:
    """Read at the first client of every process: 1 MB of JSON for services that are not there."""
    endpoints = json.loads(path.read_text("utf-8"))
    for partition in endpoints["partitions"]:
        partition["services"] = {
            name: value for name, value in partition["services"].items() if name in services
        }
    path.write_text(json.dumps(endpoints, separators=(",", ":")), "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
