"""Fits that stop at their iteration limit are part of a bounded search and need no warning."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from sklearn.exceptions import ConvergenceWarning


@contextmanager
def quietly() -> Iterator[None]:
    """Silence the convergence warnings of scikit-learn, and only those."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield
