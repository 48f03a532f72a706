"""Swedish text with facts in it: one template gives the HTML and the plain text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter

from vgstats.facts.facts import NO_BREAK, Fact

MISSING = "uppgift saknas"
HIDDEN_MARK = ".."
HIDDEN_WORDS = "dold av sekretesskäl"
UNCONTROLLED = "Utan röjandekontroll - får inte spridas"
# A line must not end between a number and its unit.
_UNIT_AFTER_NUMBER = re.compile(
    r" (?:→|dagar|procent|procentenheter|sjukfall|personer|län|länen|kommuner|miljoner|miljarder|kronor"
    r"|månader|år)(?:\W|$)"
)


@dataclass(frozen=True)
class _AsWritten:
    words: str

    def plain(self) -> str:
        """Return the words without any markup."""
        return self.words


class Code(_AsWritten):
    """Something to type as it stands; it breaks across lines only at its spaces."""

    def html(self) -> str:
        """Return a code element with each word in one piece."""
        pieces = (f"<span>{html.escape(word)}</span>" for word in self.words.split(" "))
        return f"<code>{' '.join(pieces)}</code>"


@dataclass(frozen=True)
class Name(_AsWritten):
    """What something is called where it comes from, such as a publication, whatever digits are in it.

    `address` is where it is published on the web; the link tells the other side nothing of the reader.
    """

    address: str = ""

    def html(self) -> str:
        """Return a cite element, a link in it where there is an address."""
        words = html.escape(self.words)
        if self.address:
            words = f'<a href="{html.escape(self.address)}" rel="noreferrer noopener">{words}</a>'
        return f"<cite>{words}</cite>"


@dataclass(frozen=True)
class SectionLink:
    """The heading of a section of the same page, as a link to it; words alone where the page does not have it."""

    words: str

    def plain(self) -> str:
        """Return the heading."""
        return self.words

    def html(self) -> str:
        """Return a link to the section's id."""
        return f'<a href="#{heading_id(self.words)}">{html.escape(self.words)}</a>'


def heading_id(words: str) -> str:
    """Return the id of a heading, made of its words.

    >>> heading_id("Hade det hänt ändå?")
    'avsnitt-hade-det-hant-anda'
    """
    bare = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return "-".join(["avsnitt", *re.findall(r"[a-z0-9]+", bare)])


@dataclass(frozen=True, repr=False)
class Text:
    """A template with named gaps, and what fills them: facts, plain texts or other Texts.

    A gap for a fact may carry a format, such as `{change:abs}` (see `Fact.text`). Everything but
    the facts' own element is escaped in the HTML.
    """

    template: str
    parts: Mapping[str, Part] = field(default_factory=dict)

    def plain(self) -> str:
        """Return the text without any markup, as in an alternative text."""
        return "".join(
            part
            if isinstance(part, str)
            else part.text(spec)
            if isinstance(part, Fact)
            else part.plain()
            for part, spec in self._pieces()
        )

    def __str__(self) -> str:
        return self.plain()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<p>{self.html()}</p>"

    def html(self) -> str:
        """Return the text as HTML, each fact as a data element."""
        return "".join(
            html.escape(part)
            if isinstance(part, str)
            else part.html(spec)
            if isinstance(part, Fact)
            else part.html()
            for part, spec in self._bound_pieces()
        )

    def capitalised(self) -> Text:
        """Return the text with a capital first letter, where it begins with words."""
        first = next(iter(Formatter().parse(self.template)), ("", None, None, None))
        if first[0] or first[1] is None:
            return Text(self.template[:1].upper() + self.template[1:], self.parts)
        part = self.parts[first[1]]
        if isinstance(part, str):
            part = part[:1].upper() + part[1:]
        elif isinstance(part, Text):
            part = part.capitalised()
        return Text(self.template, {**self.parts, first[1]: part})

    def printed_facts(self) -> list[tuple[Fact, str]]:
        """Return the facts in order, each with how it is printed here."""
        found: list[tuple[Fact, str]] = []
        for part, spec in self._pieces():
            if isinstance(part, Fact):
                found.append((part, part.text(spec)))
            elif isinstance(part, Text):
                found.extend(part.printed_facts())
        return found

    def facts(self) -> list[Fact]:
        """Return the facts that the text prints, in order."""
        return [fact for fact, _ in self.printed_facts()]

    def _pieces(self) -> Iterator[tuple[Part, str]]:
        for literal, name, spec, _ in Formatter().parse(self.template):
            if literal:
                yield literal.replace(" %", f"{NO_BREAK}%"), ""
            if name is not None:
                yield self.parts[name], spec or ""

    def _bound_pieces(self) -> Iterator[tuple[Part, str]]:
        """Yield the pieces with each unit bound to the number before it."""
        pieces = list(self._pieces())
        before: Part = ""
        for (piece, spec), (following, _) in zip(pieces, [*pieces[1:], ("", "")], strict=False):
            if isinstance(piece, str) and isinstance(before, Fact):
                unit = piece + following if isinstance(following, str) else piece
                yield (NO_BREAK + piece[1:] if _UNIT_AFTER_NUMBER.match(unit) else piece), ""
            else:
                yield piece, spec
            before = piece


Part = Fact | str | Text | Code | Name | SectionLink


def say(template: str, **parts: Part) -> Text:
    """Return a Text; every gap in the template must be filled and every part used."""
    gaps = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    if gaps != set(parts):
        raise ValueError(f"gaps {sorted(gaps)} and parts {sorted(parts)} differ in {template!r}")
    return Text(template, dict(parts))


def join(texts: Iterable[Text], separator: str = " ") -> Text:
    """Return several texts as one."""
    parts: dict[str, Part] = {f"t{i}": text for i, text in enumerate(texts)}
    return Text(separator.join(f"{{{name}}}" for name in parts), parts)


def as_text(text: Text | str) -> Text:
    """Return plain words as a Text without facts; braces in them are words too."""
    return text if isinstance(text, Text) else Text("{words}", {"words": text})


def swedish_list(words: list[str]) -> str:
    """Return `a, b och c`."""
    return " och ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def direction(fact: Fact, *, fell: str, rose: str, same: str) -> str:
    """Return the word that fits the printed sign of a change."""
    printed = fact.text()
    if all(character in "0," for character in printed):
        return same
    return fell if fact.value < 0 else rose
