"""What goes wrong with a sheet."""

from __future__ import annotations


class SheetError(ValueError):
    """A sheet that no bot can be made of; the message names the place and the way out."""
