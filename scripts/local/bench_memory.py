"""How much memory this program has needed at most."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak_memory(status: Path = Path("/proc/self/status")) -> int:
    """Return this program's peak resident memory in KB.

    Linux counts the memory of the process that started us into ru_maxrss; its own file does not.
    """
    if status.exists():
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM:"))
        return int(line.split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak  # macOS counts bytes
