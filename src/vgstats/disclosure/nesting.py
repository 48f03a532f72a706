"""Which labels hold which others: F43 lies in F00-F99, and cases of 90 days and more are among those of 60.

A label is understood as a set: of ICD-10 codes, days, years of age, kommuner or days of the calendar. The innermost
labels, and what remains of each other one when they are taken away, are the disjoint atoms that all are sums of.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from vgstats.catalogue import areas
from vgstats.catalogue.periods import Period
from vgstats.errors import VgstatsError

Sets = Mapping[str, frozenset[Hashable]]

_UNIT = f"{areas.UNIT}:"
TOTAL = ""  # the value of a dimension that a group leaves out: all
_OTHERS = {"övriga", "övrigt", "andra", "annan", "annat"}
_UNKNOWN = {"okänd", "okänt", "saknas", "uppgift saknas", "ej angiven"}
_DAYS = frozenset[Hashable](range(1, 20_001))
_AGES = frozenset[Hashable](range(121))
_CODES = frozenset[Hashable](range(26_000))  # A00.0 to Z99.9
_DEGREES = frozenset[Hashable](range(1, 101))
_ALL = {"langd": _DAYS, "alder": _AGES, "diagnos": _CODES, "grad": _DEGREES}
# Parts that hold all these are known to be everybody: the insured are at least 16 to 64 years old.
_ENOUGH = _ALL | {
    "alder": frozenset[Hashable](range(16, 65)),
    "grad": frozenset[Hashable]({25, 50, 75, 100}),
}


@dataclass(frozen=True)
class Nesting:
    """How labels are made of disjoint atoms.

    `atoms`: in order. `wholes`: every other label with its atoms. `rests`: the atoms that nobody counted, each with
    the label that it is the rest of and the atoms taken away from that.
    """

    atoms: tuple[str, ...]
    wholes: Mapping[str, tuple[str, ...]]
    rests: Mapping[str, tuple[str, tuple[str, ...]]]

    def counted(self) -> list[str]:
        """Return the labels whose counts say all: the atoms, and for each rest its whole."""
        return [self.rests[atom][0] if atom in self.rests else atom for atom in self.atoms]

    def without(self, atom: str) -> Nesting:
        """Return the nesting without a rest in which there is nobody."""

        def kept(atoms: Iterable[str]) -> tuple[str, ...]:
            return tuple(one for one in atoms if one != atom)

        return Nesting(
            kept(self.atoms),
            {label: kept(parts) for label, parts in self.wholes.items()},
            {rest: (of, kept(less)) for rest, (of, less) in self.rests.items() if rest != atom},
        )


def nest(sets: Sets, called: str) -> Nesting:
    """Return the atoms of labels and how each is made of them.

    Args:
        sets: what each label holds.
        called: what the labels are, for the error.

    Raises:
        VgstatsError: two labels share only a part.
    """
    atoms: dict[str, frozenset[Hashable]] = {}
    wholes: dict[str, tuple[str, ...]] = {}
    rests: dict[str, tuple[str, tuple[str, ...]]] = {}
    for label in sorted(sets, key=lambda one: (len(sets[one]), not one, one)):
        mine = sets[label]
        for atom, other in atoms.items():
            if mine & other and not other <= mine:
                named = rests[atom][0] if atom in rests else atom
                raise VgstatsError(
                    f"The {called} {named!r} and {label!r} share only a part, so a reader could work out what is "
                    f"hidden from what they share. Import one of the two, or {_apart(called, mine, sets[named])}"
                )
        inside = tuple(atom for atom, other in atoms.items() if other <= mine)
        left = mine.difference(*(atoms[atom] for atom in inside))
        if not inside:
            atoms[label] = mine
            continue
        wholes[label] = inside
        if left:
            rest = f"{label or 'alla'} utom {', '.join(inside)}"
            if all(atom.startswith(_UNIT) for atom in inside):
                rest = f"{label} utan enhet"  # a county has hundreds of them, and others every year
            atoms[rest], rests[rest] = left, (label, inside)
            wholes[label] += (rest,)
    return Nesting(tuple(atoms), wholes, rests)


def _apart(called: str, one: frozenset[Hashable], other: frozenset[Hashable]) -> str:
    """Return in words what to import in place of two that share a part."""
    pieces = []
    for piece in (one - other, one & other, other - one):
        numbers = sorted(number for number in piece if isinstance(number, int))
        if called not in ("langd", "alder") or numbers[-1] - numbers[0] + 1 != len(piece):
            return "their common part and what else each holds, in rows of their own."
        open_ended = numbers[-1] in (len(_DAYS), len(_AGES) - 1)
        pieces.append((numbers[0], "+" if open_ended else f"-{numbers[-1]}"))
    named = ", ".join(f"{first}{last}" for first, last in sorted(pieces))
    return f"classes that do not overlap: {named}."


def dimension(name: str, values: Iterable[str]) -> Nesting:
    """Return the nesting of the values of one dimension of the groups, `TOTAL` among them where it is counted.

    A total that is not counted is there as the sum of its parts only where these are known to be everybody.

    Raises:
        VgstatsError: see `nest`; or a text stands among codes or classes, so that it cannot be told what it holds.
    """
    given = list(dict.fromkeys(values))
    codes = {value: found for value in given if value and (found := _codes(name, value))}
    words = [value for value in given if value and value not in codes]
    unclear = [word for word in words if word.lower() not in _OTHERS | _UNKNOWN]
    if codes and unclear:
        raise VgstatsError(
            f"It cannot be told what {name}={unclear[0]} shares with {name}={next(iter(codes))}. Write it as "
            "codes or classes too (F30-F39+F43, 60-89, 90+), or as övriga or okänd."
        )
    others = [word for word in words if word.lower() in _OTHERS]
    sets = codes | {word: frozenset[Hashable]({word}) for word in words if word not in others}
    told: frozenset[Hashable] = frozenset().union(*sets.values())
    everybody = told | _ALL.get(name, frozenset()) | {"all the rest"}
    if not others and codes and told >= _ALL[name]:
        everybody = told
    sets |= dict.fromkeys(others, everybody - told)
    if TOTAL in given or others:
        sets |= {TOTAL: everybody}
    elif codes and told >= _ENOUGH[name] and told not in sets.values():
        sets |= {TOTAL: told}
    return nest(sets, name)


def _codes(name: str, value: str) -> frozenset[Hashable]:
    """Return what a value holds, empty where it is a text."""
    if name == "diagnos":
        return _icd(value)
    if name == "grad":
        known = {"hel": range(100, 101), "partiell": range(1, 100)}
        degree = range(int(value), int(value) + 1) if value.isdecimal() else range(0)
        return frozenset(known.get(value.lower(), degree))
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5})|\+)", value, re.ASCII)
    if name not in ("langd", "alder") or not found:
        return frozenset()
    last = int(found[2]) if found[2] else 20_000
    return frozenset[Hashable](range(int(found[1]), last + 1)) & _ALL[name]


def _icd(value: str) -> frozenset[Hashable]:
    codes: set[Hashable] = set()
    for one in value.split("+"):
        found = re.fullmatch(
            r"([A-Z])(\d\d)(?:\.?(\d))?(?:-([A-Z])(\d\d)(?:\.?(\d))?)?", one.strip(), re.ASCII
        )
        if not found:
            return frozenset()
        letter, number, digit, *end = found.groups()
        to_letter, to_number, to_digit = end if end[0] else (letter, number, digit)
        codes |= set(
            range(
                _place(letter, number, digit or "0"),
                _place(to_letter, to_number, to_digit or "9") + 1,
            )
        )
    return frozenset(codes)


def _place(letter: str, number: str, digit: str) -> int:
    return (ord(letter) - ord("A")) * 1000 + int(number) * 10 + int(digit)


def sexes(given: Iterable[str]) -> Nesting:
    """Return the nesting of the sexes that are counted; kvinnor and män are all."""
    both = frozenset[Hashable]({"kvinnor", "män"})
    sets = {sex: both if sex == "alla" else frozenset[Hashable]({sex}) for sex in given}
    if both <= set(sets):
        sets["alla"] = both
    return nest(sets, "sex")


def periods(given: Iterable[str], *, happened: bool) -> Nesting:
    """Return the nesting of periods.

    Args:
        given: the periods that are counted.
        happened: whether what happened is counted, so that months make up quarters and years. The persons at hand
            in a month and in its year are no sums: then only one kind of period is used, months where there are any.
    """
    spans = {label: Period.parse(label) for label in given}
    if not happened:
        months = [label for label in spans if len(label) == 7 and "Q" not in label]
        days = min((_length(span) for span in spans.values()), default=0)
        kept = months or [label for label, span in spans.items() if _length(span) <= days + 3]
        return Nesting(tuple(sorted(kept)), {}, {})
    for label in [*spans]:
        for whole in (label[:4], f"{label[:4]}-Q{(spans[label].start.month + 2) // 3}"):
            span = Period.parse(whole)
            inside = [s for s in spans.values() if span.start <= s.start and s.end <= span.end]
            if whole not in spans and sum(map(_length, _innermost(inside))) == _length(span):
                spans[whole] = span
    return nest(
        {label: frozenset[Hashable](_days(span.start, span.end)) for label, span in spans.items()},
        "period",
    )


def _innermost(spans: list[Period]) -> list[Period]:
    return [
        s for s in spans if not any(o != s and s.start <= o.start and o.end <= s.end for o in spans)
    ]


def _days(start: dt.date, end: dt.date) -> range:
    return range(start.toordinal(), end.toordinal() + 1)


def _length(span: Period) -> int:
    return len(_days(span.start, span.end))


def area_wholes(base: Iterable[str], on: dt.date) -> dict[str, tuple[str, ...]]:
    """Return the counties, delregioner, HSN and LFC that are sums of the given kommuner on a day.

    A whole that lacks one of its kommuner, or that holds only a part of one (Göteborg), is left out: it is
    not their sum. With all 21 counties whole, riket is there too.
    """
    there = set(base)
    whole_lan = {
        lan: tuple(areas.kommuner(lan)) for lan in areas.lan() if there >= set(areas.kommuner(lan))
    }
    rows = areas.membership()
    day = on.isoformat()
    rows = rows[(rows["valid_from"] <= day) & (day <= rows["valid_to"])]
    found = dict(whole_lan)
    for whole, group in rows.groupby("whole", sort=True):
        if (group["part"] == "hela").all() and there >= set(group["member"]):
            found[str(whole)] = tuple(sorted(group["member"]))
    if len(whole_lan) == len(areas.lan()):
        found[areas.RIKET] = tuple(sorted(there & {k for ks in whole_lan.values() for k in ks}))
    return found


def places(given: Iterable[str], sums: Mapping[str, tuple[str, ...]]) -> Nesting:
    """Return the nesting of areas.

    Args:
        given: the areas that are counted.
        sums: further areas that are sums of counted kommuner (see `area_wholes`).

    Raises:
        VgstatsError: two areas share only a part, as an HSN and an LFC do that each hold a part of Göteborg.
    """
    found = nest(_area_sets(given), "area")
    atoms = dict(found.wholes)
    for whole, members in sums.items():
        if whole not in found.wholes and whole not in found.atoms:
            atoms[whole] = tuple(
                dict.fromkeys(a for one in members for a in found.wholes.get(one, (one,)))
            )
    return Nesting(found.atoms, atoms, found.rests)


def _area_sets(given: Iterable[str]) -> dict[str, frozenset[Hashable]]:
    """Return what each area holds: pieces of kommuner, or units and what of the county lies in none.

    Raises:
        VgstatsError: a unit stands beside other parts of a county.
    """
    given = list(given)
    rows = areas.membership()
    units = [area for area in given if area.startswith(_UNIT)]
    others = [a for a in given if a not in units and not a.startswith(("lan:", areas.RIKET))]
    if units and others:
        raise VgstatsError(
            f"It cannot be told what {areas.name(units[0])} shares with {areas.name(others[0])}: those who are listed "
            "in a unit live in several kommuner. Import the counts of units and of other parts of a county as two "
            "measures."
        )
    divided: dict[str, dict[str, list[str]]] = {}
    for row in rows[rows["part"] != "hela"].itertuples():
        level = str(row.whole).partition(":")[0]
        divided.setdefault(str(row.member), {}).setdefault(level, []).append(str(row.whole))

    def pieces(kommun: str) -> set[Hashable]:
        return {(kommun, *of) for of in product(*divided.get(kommun, {}).values())}

    def members(area: str) -> set[Hashable]:
        if area.startswith("kommun:"):
            return pieces(area)
        if area == areas.RIKET:
            return set().union(*(members(lan) for lan in areas.lan()))
        if area.startswith("lan:"):
            inside = {unit for unit in units if areas.county_of(unit) == area}
            return inside.union(*map(pieces, areas.kommuner(area)))
        of = rows[rows["whole"] == area]
        return {
            piece
            for member, part in zip(of["member"], of["part"], strict=True)
            for piece in pieces(member)
            if part == "hela" or area in piece  # type: ignore[operator]
        }

    return {area: frozenset(members(area)) or frozenset({area}) for area in given}
