"""The one kind of error that is meant for a user's eyes."""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Iterable, Iterator


class VgstatsError(Exception):
    """Something a user can put right: the message says what, where, and what to do.

    Several mistakes that are told together are an argument each. The command line prints them without a traceback.
    Any other exception is a bug.

    >>> print(VgstatsError("lan: the list is empty.", "after: '208' is not a period."))
    lan: the list is empty.
    after: '208' is not a period.
    """

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of it: the message alone, as the command line does."""
        return [f"VgstatsError: {self}"]

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


class Mistakes(list[str]):
    """Mistakes that are collected, so that a person is told all of them at once.

    >>> mistakes = Mistakes()
    >>> with mistakes.noted("a.yaml: "):
    ...     raise VgstatsError("the key 'lan' is missing. Add it.")
    >>> mistakes
    ["a.yaml: the key 'lan' is missing. Add it."]
    """

    @contextlib.contextmanager
    def noted(self, where: str = "") -> Iterator[None]:
        """Note the mistake that ends a step, with where it is, and go on after the step."""
        try:
            yield
        except VgstatsError as error:
            self += [f"{where}{one}" for one in error.args]

    def tell(self) -> None:
        """Raise what is noted, each mistake once.

        Raises:
            VgstatsError: something is.
        """
        if self:
            raise VgstatsError(*dict.fromkeys(self))


def most_like(word: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """Return the known word most like `word`, at least as like as `cutoff` (0 to 1), or an empty text."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)), "")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the known word most like `word`, or an empty text."""
    close = most_like(word, known)
    return f" Did you mean {close!r}?" if close else ""


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
