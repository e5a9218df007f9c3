"""Setting up without looking for garbage, and looking for it again afterwards."""

import gc

import pytest

from sangdam_adapters.cold_start import loading


def test_nothing_is_collected_while_a_function_sets_itself_up() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_set_up_is_never_looked_at_again() -> None:
    before = gc.get_freeze_count()
    with loading():
        kept = [[number] for number in range(100)]
    assert gc.get_freeze_count() >= before + len(kept)


def test_a_set_up_that_fails_leaves_collecting_as_it_was() -> None:
    with pytest.raises(LookupError), loading():
        raise LookupError("no encoder")
    assert gc.isenabled()


def test_who_had_switched_collecting_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with loading():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
