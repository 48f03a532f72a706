"""Areas: riket, 21 län, 290 kommuner, the division of Västra Götaland in 2008, and a region's own units.

An area is a typed text, never a number: `riket`, `lan:14`, `kommun:1480`, `delregion:14-skaraborg`,
`hsn:14-07`, `lfc:14-skovde`, `enhet:14-alby`. Membership is dated and many-to-many.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pandas as pd

from vgstats.catalogue.data_files import data_folder, read_csv
from vgstats.errors import VgstatsError, most_like, nearest

RIKET = "riket"
UNIT = "enhet"  # the level of the units that a region declares (see `units`)
_own_units: tuple[tuple[str, str, str], ...] = ()


@cache
def all_areas() -> pd.DataFrame:
    """Return every known area, indexed by id, with the columns `name`, `level` and `lan`.

    `lan` is the county that a kommun or a part of a county lies in, empty for riket and län.
    Codes and names of län and kommuner: SCB. Delregioner, hälso- och sjukvårdsnämnder (HSN) and
    lokala försäkringscenter (LFC): Bilaga 1 of the 2006-2008 evaluation, as divided in 2008. Units: of the store or
    bundle opened last.
    """
    folder = data_folder() / "geography"
    lan = read_csv(folder / "lan.csv", ["area", "name", "source"])
    kommuner = read_csv(folder / "kommuner.csv", ["area", "name", "lan", "source"])
    parts = read_csv(folder / "vg_indelning_2008.csv", ["area", "name", "source"])
    riket = pd.DataFrame({"area": [RIKET], "name": ["Riket"]})
    parts["lan"] = "lan:" + parts["area"].str.extract(r":(\d\d)-", expand=False)
    units = pd.DataFrame(_own_units, columns=["area", "name", "lan"])
    frame = pd.concat([riket, lan, kommuner, parts, units])[["area", "name", "lan"]].fillna("")
    frame["level"] = frame["area"].str.split(":").str[0]
    return frame.set_index("area")


def declare_units(rows: Iterable[tuple[str, str, str]]) -> None:
    """Let there be a region's own units and no others: the id, the name and the county of each (see `units`)."""
    global _own_units
    if (found := tuple(rows)) != _own_units:
        _own_units = found
        for read in (all_areas, _names, _spoken, _slugs, _by_level):
            read.cache_clear()


@cache
def membership() -> pd.DataFrame:
    """Return which kommuner belong to which delregion, HSN and LFC, and when.

    Columns: `member`, `whole`, `valid_from`, `valid_to`, `part` (`hela`, or `del` for Göteborg, of
    which each HSN and LFC holds a part), `source`.
    """
    return read_csv(
        data_folder() / "geography" / "membership.csv",
        ["member", "whole", "valid_from", "valid_to", "part", "source"],
    )


@cache
def dated_areas() -> pd.DataFrame:
    """Return the codes of kommuner that have not been valid all the time since 1998.

    Columns: `code` (SCB's four digits), `area` (the kommun that the code stood or stands for),
    `valid_from`, `valid_to` (days, the first and last that the code was in use), `source`.
    """
    return read_csv(
        data_folder() / "geography" / "dated_codes.csv",
        ["code", "area", "valid_from", "valid_to", "source", "note"],
    )


@dataclass(frozen=True)
class Move:
    """A kommun that went from one county to another, on the first day in the new one."""

    kommun: str
    left: str
    joined: str
    date: dt.date


def moves(codes: pd.DataFrame | None = None) -> list[Move]:
    """Return the changes of counties' borders: kommuner whose new code begins with another county's.

    Args:
        codes: as `dated_areas`, which it is when left out.
    """
    codes = dated_areas() if codes is None else codes
    found = []
    for kommun, own in codes.sort_values("valid_from").groupby("area"):
        for (_, old), (_, new) in pairwise(own.iterrows()):
            left, joined = (f"lan:{row['code'][:2]}" for row in (old, new))
            if left != joined:
                day = dt.date.fromisoformat(new["valid_from"])
                found.append(Move(str(kommun), left, joined, day))
    return found


def check_area(area: str) -> str:
    """Return `area` when it is known.

    Raises:
        VgstatsError: it is not; the message names the nearest known area.
    """
    if area not in _names():
        raise VgstatsError(
            f"Unknown area {area!r}. Write 'riket', 'lan:14', 'kommun:1480' or the like."
            + nearest(str(area), all_areas().index)
        )
    return area


def name(area: str) -> str:
    """Return the Swedish name of an area, such as `Västra Götalands län`."""
    return _names()[check_area(area)]


_CALLED = {"Falun": "Falu kommun", "Orust": "Orust kommun"}  # otherwise than the rest


def full_name(area: str) -> str:
    """Return what an area is called where a kommun must be told from a county or a town.

    >>> full_name("kommun:1480"), full_name("kommun:1880"), full_name("kommun:1490"), full_name("lan:18")
    ('Göteborgs kommun', 'Örebro kommun', 'Borås kommun', 'Örebro län')
    """
    called = name(area)
    if not area.startswith("kommun:"):
        return called
    return _CALLED.get(called, f"{called}{'' if called[-1] in 'aeiouyåäösxz' else 's'} kommun")


def find(words: str, level: str = "") -> str:
    """Return the area that a name, a code or an id stands for.

    A name that a county and a kommun share is the county's; the kommun is `Örebro kommun`, or its code, or what is
    found among areas of the level `kommun` alone.

    Raises:
        VgstatsError: there is none; the message names the nearest.

    >>> find("Örebro"), find("18"), find("örebro kommun"), find("1880"), find("lan:18"), find("riket")
    ('lan:18', 'lan:18', 'kommun:1880', 'kommun:1880', 'lan:18', 'riket')
    >>> find("Örebro", "kommun")
    'kommun:1880'
    """
    told = " ".join(str(words).split())
    known = _spoken(level)
    if found := known.get(told.casefold()):
        return found
    like = known.get(
        most_like(told.casefold(), [form for form in known if not form.isdigit()], 0.6), ""
    )
    raise VgstatsError(
        f"There is no area {told!r}. Write a name ('Örebro', 'Örebro kommun'), a code ('18', '1880') or 'riket'."
        + (f" Did you mean {_names()[like]!r}?" if like else "")
    )


_CODES = {
    "lan": (
        "is not a county code",
        "two digits in quotation marks, such as '14' for Västra Götalands län",
    ),
    "kommun": ("is no kommun", "four digits in quotation marks, such as '1480' for Göteborg"),
}


def no_code(words: str, level: str) -> str:
    """Return why words are no code of a län or a kommun, and which code they may be meant for.

    >>> no_code("Örebro", "lan")
    "Örebro is lan '18'. Write the code in place of the name."
    >>> no_code("1480", "lan")
    "'1480' is not a county code. It is Göteborg, which is kommun '1480' in lan '14'."
    """
    no, form = _CODES[level]
    with contextlib.suppress(VgstatsError):
        code = find(words, level).partition(":")[2]
        return f"{words} is {level} {code!r}. Write the code in place of the name."
    with contextlib.suppress(VgstatsError):
        return f"{words!r} {no}. It is {with_code(find(words))}."
    known, meant = _spoken(level), most_like(words.casefold(), _spoken(level))
    if not any(sign.isalpha() for sign in words):
        meant = next((code for code in known if code.isdigit() and code.lstrip("0") == words), "")
    return f"{words!r} {no}. Expected {form}." + (
        f" Did you mean {with_code(known[meant])}?" if meant else ""
    )


def with_code(area: str) -> str:
    """Return an area's name and code, and the county of a kommun.

    >>> with_code("kommun:1480")
    "Göteborg, which is kommun '1480' in lan '14'"
    """
    level, _, code = area.partition(":")
    of = str(all_areas().at[area, "lan"]).partition(":")[2]
    return (
        name(area)
        + (f", which is {level} {code!r}" if code else "")
        + (f" in lan {of!r}" if of else "")
    )


@cache
def _spoken(of_level: str = "") -> dict[str, str]:
    """Return what each area may be called: counties before kommuner, and those before other parts."""
    found: dict[str, str] = {}
    for area, called in _names().items():
        level, _, code = area.partition(":")
        if of_level not in ("", level):
            continue
        short = called.removesuffix(" län")  # in the genitive where it ends in s: Stockholms
        forms = [area, code or area, called, *(["Sverige", "hela landet"] if area == RIKET else [])]
        if level == "lan":
            forms += [short, bare := short.removesuffix("s"), f"region {bare}", f"region {called}"]
        if level == "kommun":
            forms += [full_name(area), f"{called} kommun", f"{called}s kommun"]
        for form in forms:
            found.setdefault(form.casefold(), area)
    return found


@cache
def _names() -> dict[str, str]:
    return {area: str(called) for area, called in all_areas()["name"].items()}


def slug(area: str) -> str:
    """Return an area's name in the signs of a file name, with its code where another is written alike.

    >>> slug("lan:18"), slug("kommun:0643")
    ('orebro-lan', 'habo-0643')
    """
    return _slugs()[check_area(area)]


def in_file_signs(words: str) -> str:
    """Return words in small letters from a to z, digits and hyphens alone.

    >>> in_file_signs("Västra Götalands län")
    'vastra-gotalands-lan'
    """
    bare = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", bare))


@cache
def _slugs() -> dict[str, str]:
    bare = {area: in_file_signs(called) for area, called in _names().items()}
    alike = Counter(bare.values())
    codes = {area: in_file_signs(area.partition(":")[2]) for area in bare}
    return {a: f"{s}-{codes[a]}" if alike[s] > 1 and codes[a] else s for a, s in bare.items()}


def lan() -> list[str]:
    """Return the 21 counties in code order."""
    return list(_by_level("lan"))


def kommuner(of_lan: str) -> list[str]:
    """Return the kommuner of a county in code order, the county by name, code or id (see `find`).

    >>> kommuner("Dalarna")[0]
    'kommun:2021'
    """
    return list(_by_level("kommun", find(of_lan)))


def units(of_lan: str) -> list[str]:
    """Return the units that a region has declared in a county, by name."""
    return sorted(_by_level(UNIT, find(of_lan)), key=name)


@cache
def _by_level(level: str, of_lan: str | None = None) -> tuple[str, ...]:
    frame = all_areas()
    found = frame["level"] == level
    return tuple(frame.index[found if of_lan is None else found & (frame["lan"] == of_lan)])


def county_of(area: str) -> str:
    """Return the county that a kommun or a unit lies in, or the area itself if it is a county or the whole country.

    >>> county_of("kommun:2262"), county_of("lan:22")
    ('lan:22', 'lan:22')
    """
    inside = area.startswith(("kommun:", f"{UNIT}:"))
    return str(all_areas().loc[check_area(area), "lan"]) if inside else area


def members(whole: str, on: dt.date) -> list[str]:
    """Return the kommuner that wholly or partly belonged to a delregion, HSN or LFC on a day."""
    frame = membership()
    day = on.isoformat()
    valid = (frame["valid_from"] <= day) & (day <= frame["valid_to"])
    return sorted(frame.loc[valid & (frame["whole"] == check_area(whole)), "member"])


def parts(of_lan: str) -> dict[str, tuple[str, ...]]:
    """Return the delregioner and HSN of a county with their kommuner, in the division that is known.

    One that holds a part of a kommun, as Göteborg's three HSN do, has no kommuner here: it is not made of any.
    """
    frame, found = membership(), {}
    for level in ("delregion", "hsn"):
        for whole in _by_level(level, check_area(of_lan)):
            own = frame[frame["whole"] == whole]
            found[whole] = tuple(own["member"]) if (own["part"] == "hela").all() else ()
    return found


_PUBLIC = (

    "Move",
    "RIKET",
    "all_areas",
    "check_area",
    "find",
    "kommuner",
    "lan",
    "members",
    "membership",
    "moves",
    "name",
    "parts",
    "slug",
    "units",

)  # fmt: skip


def __dir__() -> list[str]:
    """Return what an analyst meets after `vg.areas.`: the rest is for the rest of vgstats."""
    return list(_PUBLIC)
