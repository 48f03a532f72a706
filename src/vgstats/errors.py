"""The one kind of error that is meant for a user's eyes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


class VgstatsError(Exception):
    """Something a user can put right: the message says what, where, and what to do.

    The command line prints the message without a traceback. Any other exception is a bug.
    """

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of it: the message alone, as the command line does."""
        return [f"VgstatsError: {self}"]


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the known word most like `word`, or an empty text."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else ""


def misspelt(word: str, known: Iterable[str]) -> str:
    """Return `nearest` for names in which one word or digit is another meaning.

    `Sjukpenningtal 1.0` and `2.0`, `Antal` and `Andel`, are no spellings of each other: every word must
    be nearly alike, and every digit the same.
    """
    return nearest(word, [name for name in known if _alike(word.lower(), name.lower())])


def _alike(one: str, other: str) -> bool:
    words, others = (re.split(r"[\s_-]+", text) for text in (one, other))
    return (
        len(words) == len(others)
        and re.findall(r"\d+", one) == re.findall(r"\d+", other)
        and all(
            difflib.SequenceMatcher(None, *pair).ratio() >= 0.8
            for pair in zip(words, others, strict=True)
        )
    )
