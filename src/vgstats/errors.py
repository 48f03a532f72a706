"""The one kind of error that is meant for a user's eyes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class VgstatsError(Exception):
    """Something a user can put right: the message says what, where, and what to do.

    The command line prints the message without a traceback. Any other exception is a bug.
    """


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the known word most like `word`, or an empty text."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else ""
