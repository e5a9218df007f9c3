"""What scripts/build says of a build: sizes, and whatever Lambda would refuse."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from scripts.commands.build import report_sizes
from scripts.stack.built import SIZE_LIMIT, NotBuiltError, find_faults, read_built
from scripts.stack.elf import X86_64, ElfError, read_library

ARM64 = 183


def library(*versions: str, machine: int = X86_64) -> bytes:
    """Return a shared library that does nothing but ask for versions of libm.so.6."""
    names = b"\0libm.so.6\0" + b"".join(version.encode() + b"\0" for version in versions)
    auxiliary = b""
    for number, version in enumerate(versions):
        place = names.index(version.encode() + b"\0")
        following = 16 if number + 1 < len(versions) else 0
        auxiliary += struct.pack("<IHHII", 0, 0, 0, place, following)
    needs = struct.pack("<HHIII", 1, len(versions), 1, 16, 0) + auxiliary
    sections = 64 + len(names) + len(needs)
    header = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 0, sections, 0, 64, 0, 0, 64, 3, 0)
    table = bytes(64)
    table += struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, 64, len(names), 0, 0, 1, 0)
    table += struct.pack(
        "<IIQQQQIIQQ", 0, 0x6FFFFFFE, 0, 0, 64 + len(names), len(needs), 1, 1, 4, 0
    )
    return header + names + needs + table


def built(folder: Path, *, layers: int = 1, code: int = 10) -> Path:
    """Make a build of one function."""
    names = [f"L{number}Layer" for number in range(layers)]
    lines = ["Resources:", "  ChatFunction:", "    Type: AWS::Serverless::Function"]
    lines += ["    Properties:", "      CodeUri: ChatFunction", "      Layers:"]
    lines += [f"        - !Ref {name}" for name in names]
    for name in names:
        lines += [f"  {name}:", "    Type: AWS::Serverless::LayerVersion"]
        lines += ["    Properties:", f"      ContentUri: {name}"]
        (folder / name / "python").mkdir(parents=True)
        (folder / name / "python" / "module.py").write_bytes(bytes(100))
    (folder / "template.yaml").write_text("\n".join(lines), "utf-8")
    (folder / "ChatFunction").mkdir()
    with (folder / "ChatFunction" / "app.py").open("wb") as file:
        file.truncate(code)
    return folder


def test_a_functions_size_is_its_code_and_all_its_layers(tmp_path: Path) -> None:
    [function] = read_built(built(tmp_path, layers=3))
    assert function.size == 10 + 3 * 100
    assert not find_faults([function])


def test_a_function_over_the_limit_is_a_fault_and_one_at_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "at").mkdir()
    (tmp_path / "over").mkdir()
    [at] = read_built(built(tmp_path / "at", code=SIZE_LIMIT - 100))
    [over] = read_built(built(tmp_path / "over", code=SIZE_LIMIT - 99))
    assert not find_faults([at])
    assert find_faults([over]) == ["ChatFunction: 1 bytes more than Lambda takes; prune a layer"]


def test_more_than_five_layers_are_a_fault(tmp_path: Path) -> None:
    [function] = read_built(built(tmp_path, layers=6))
    assert find_faults([function]) == ["ChatFunction: 6 layers; Lambda takes 5"]


def test_a_library_that_needs_a_newer_system_than_lambdas_is_a_fault(tmp_path: Path) -> None:
    folder = built(tmp_path) / "L0Layer" / "python"
    (folder / "old.so").write_bytes(library("GLIBC_2.34", "GLIBC_2.4", "GLIBCXX_3.4.29"))
    assert not find_faults(read_built(tmp_path))
    (folder / "new.so.1").write_bytes(library("GLIBC_2.17", "GLIBC_2.35"))
    assert find_faults(read_built(tmp_path)) == [
        "L0Layer: python/new.so.1: needs GLIBC 2.35, Lambda's python3.13 has 2.34"
    ]


def test_a_library_for_another_machine_is_a_fault(tmp_path: Path) -> None:
    folder = built(tmp_path) / "L0Layer" / "python"
    (folder / "arm.so").write_bytes(library("GLIBC_2.17", machine=ARM64))
    assert find_faults(read_built(tmp_path)) == [
        "L0Layer: python/arm.so: not made for x86-64; Lambda cannot load it"
    ]


def test_versions_are_compared_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.so"
    path.write_bytes(library("GLIBC_2.9", "GLIBC_2.17", "GLIBC_2.3.4", "GLIBC_PRIVATE"))
    found = read_library(path)
    assert found is not None
    assert found.newest("GLIBC") == (2, 17)
    assert found.newest("GLIBCXX") == ()


def test_a_damaged_library_is_named(tmp_path: Path) -> None:
    path = tmp_path / "half.so"
    path.write_bytes(library("GLIBC_2.17")[:100])
    with pytest.raises(ElfError, match=r"half\.so"):
        read_library(path)


def test_a_script_that_is_called_so_is_no_library(tmp_path: Path) -> None:
    path = tmp_path / "linker.so"
    path.write_text("INPUT(libm.so.6)", "utf-8")
    assert read_library(path) is None


def test_without_a_build_the_way_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotBuiltError, match="scripts/build"):
        read_built(tmp_path)


def test_a_layer_that_was_not_built_is_named(tmp_path: Path) -> None:
    folder = built(tmp_path) / "L0Layer"
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(NotBuiltError, match="L0Layer"):
        read_built(tmp_path)


def test_the_report_shows_every_function_and_fails_with_the_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    assert report_sizes(built(tmp_path / "good", code=26_214_300)) == 0
    shown = capsys.readouterr().out
    assert "chat" in shown
    assert "26,214,400" in shown
    assert "10.0%" in shown
    assert report_sizes(built(tmp_path / "bad", layers=6)) == 1
    assert "6 layers" in capsys.readouterr().err
