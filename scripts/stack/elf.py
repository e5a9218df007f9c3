"""What a compiled library needs of the system it is loaded on (ELF symbol versions)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

X86_64 = 62
"""``e_machine`` of x86-64."""

_VERSION_NEEDS = 0x6FFFFFFE  # section type SHT_GNU_verneed


class ElfError(ValueError):
    """A file that starts like a library and cannot be read as one."""


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library: the machine it is made for, and the symbol versions it asks for."""

    machine: int
    versions: frozenset[str]

    def newest(self, family: str) -> tuple[int, ...]:
        """Return the newest version of a family (``GLIBC``, ``GLIBCXX``) that is asked for."""
        found = (version.split("_")[1] for version in self.versions if f"{family}_" in version[:8])
        numbers = (tuple(map(int, text.split("."))) for text in found if text[:1].isdigit())
        return max(numbers, default=())


def read_library(path: Path) -> Library | None:
    """Return what a 64-bit ELF file asks for; None for any other file.

    Raises ElfError if the file is damaged.
    """
    data = path.read_bytes()
    if data[:4] != b"\x7fELF":
        return None
    try:
        return Library(struct.unpack_from("<H", data, 18)[0], frozenset(_versions(data)))
    except (struct.error, ValueError, IndexError) as error:
        raise ElfError(f"{path}: cannot be read as a library ({error})") from error


def _versions(data: bytes) -> set[str]:
    """Walk the lists of .gnu.version_r: needed files, and the versions needed of each."""
    (table,) = struct.unpack_from("<Q", data, 40)
    size, count = struct.unpack_from("<HH", data, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + n * size) for n in range(count)]
    versions = set()
    for section in sections:
        if section[1] != _VERSION_NEEDS:
            continue
        names = sections[section[6]][4]
        place = section[4]
        while True:
            _, needs, _, first, step = struct.unpack_from("<HHIII", data, place)
            need = place + first
            for _ in range(needs):
                *_, name, following = struct.unpack_from("<IHHII", data, need)
                start = names + name
                versions.add(data[start : data.index(b"\0", start)].decode())
                need += following
            if not step:
                break
            place += step
    return versions
