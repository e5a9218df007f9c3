"""Sangdam's domain: what a customer-service chatbot knows and decides.

Standard library only; no I/O, no clock and no randomness of its own. Whatever is needed from
outside is named in :mod:`sangdam.ports` and handed in.
"""

__version__ = "0.1.0"
