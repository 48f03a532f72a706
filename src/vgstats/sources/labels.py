"""What the sources call areas, sexes, ages and periods, and what the tidy table calls them.

Each function takes one text of a source and returns the table's word for it. A text that is not
understood comes back as it is, so that the checks at the door can name it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from vgstats.catalogue.areas import RIKET, all_areas, dated_areas, lan
from vgstats.catalogue.areas import name as area_name
from vgstats.catalogue.periods import MONTHS
from vgstats.catalogue.units import unit_called
from vgstats.catalogue.words import dimensions
from vgstats.observations import keys_as_numbers

_SEXES = {
    **dict.fromkeys(("all", "alla", "samtliga", "totalt", "t", "1+2", "totsa"), "alla"),
    **dict.fromkeys(("kvinnor och män", "båda könen"), "alla"),
    **dict.fromkeys(("kvinnor", "kvinna", "k", "2"), "kvinnor"),
    **dict.fromkeys(("män", "man", "m", "1"), "män"),
}
_BENEFITS = {"A": "forman=aktivitetsersättning", "S": "forman=sjukersättning", "ALL": ""}
UPPER_BOUND = r"\b(\d+) \(an upper bound\)"
FK_AGES = ("16-19", "20-29", "30-39", "40-49", "50-59", "60-64")
AGE_BANDS = (*FK_AGES, "16-64")  # what single years are summed to


def translate(texts: pd.Series, word: Callable[[str], str]) -> pd.Series:
    """Return the table's words for a column of texts, asking `word` once for each different text."""
    column = texts.astype("category")
    words = [word(str(text)) for text in column.cat.categories]
    codes, known = pd.factorize(np.array([*words, ""], dtype=object))
    return pd.Series(pd.Categorical.from_codes(codes[column.cat.codes], known), index=texts.index)


def translate_together(columns: Sequence[pd.Series], word: Callable[..., str]) -> pd.Series:
    """Return the table's words for several columns, asking `word` once for each different combination."""
    frame = pd.concat([column.astype("category") for column in columns], axis=1)
    frame.columns = pd.Index(range(len(columns)))
    codes, _ = pd.factorize(keys_as_numbers(frame, list(frame)))
    first = frame[~pd.Series(codes).duplicated().to_numpy()]
    words = [word(*map(str, texts)) for texts in first.itertuples(index=False)]
    return translate(pd.Series(codes, index=frame.index), lambda code: words[int(code)])


def sex(label: str) -> str:
    """Return `alla`, `kvinnor` or `män`."""
    return _SEXES.get(label.strip().lower(), label)


def area_of_code(code: str) -> str:
    """Return `lan:14` for 14, `kommun:1480` for 1480, `riket` for 00, 0000 or ALL.

    Former codes, such as 1917 for Heby, are replaced later, when the period is known.
    """
    if code in ("ALL", "00", "0000"):
        return RIKET
    if re.fullmatch(r"\d\d", code, re.ASCII):
        return f"lan:{code}"
    return f"kommun:{code}" if re.fullmatch(r"\d{4}", code, re.ASCII) else code


@cache
def _areas_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for area, level, name in _named_areas():
        endings = ("", " kommun", "s kommun") if level == "kommun" else ("",)
        found |= dict.fromkeys((f"{name}{ending}" for ending in endings), area)
    return found


def _named_areas() -> list[tuple[str, str, str]]:
    """Return each area with its level and its name in small letters, the smallest first."""
    frame = all_areas()
    return [
        (str(area), level, name.lower())
        for level in ("kommun", "lan", "riket")
        for area, name in frame.loc[frame["level"] == level, "name"].items()
    ]


@cache
def _counties_by_name() -> dict[str, str]:
    """Return the counties as they are called: Gotlands län, and Gotland where a column is of counties."""
    found: dict[str, str] = {}
    for area in lan():
        full = area_name(area).lower()
        bare = full.removesuffix(" län")
        found |= dict.fromkeys((full, bare, bare.removesuffix("s")), area)
    return found


@cache
def _names_of_areas() -> dict[str, set[str]]:
    """Return the areas that each name may stand for, also as people shorten it: `skåne`, `region skåne`."""
    found: dict[str, set[str]] = {}
    for area, _, name in _named_areas():
        bare = name.removesuffix(" län")
        short = {bare, bare.removesuffix("s")} if bare != name else {name}
        after = (" kommun", "s kommun", " stad", "s stad", "regionen")
        longer = {s + end for s in short for end in after} | {f"region {s}" for s in short}
        for word in {name} | short | longer:
            found.setdefault(word, set()).add(area)
    return found | {word: {RIKET} for word in ("sverige", "hela riket", "hela landet")}


def areas_named(label: str) -> set[str]:
    """Return the areas that a name may stand for, none for one that is not known."""
    return _names_of_areas().get(" ".join(label.split()).lower(), set())


def area_of_code_and_label(code: str, label: str) -> str:
    """Return the area of a code, or code and label together when the label names another area."""
    area = area_of_code(code)
    name = re.sub(rf"^{re.escape(code)}\s+", "", label.strip())
    named = areas_named(name)
    former = dated_areas()
    agree = not named or area in named or named & set(former.loc[former["code"] == code, "area"])
    return area if agree else f"{code} {name}"


def area_of_label(label: str) -> str:
    """Return the area of `Riket`, `20 Dalarnas län`, `2080 Falun`, `Dalarnas län` or a code.

    A code with the name of another area, such as `2081 Falun`, is not understood.
    """
    text = " ".join(label.split())
    code = re.match(r"(\d{4}|\d{2})(?= |$)", text, re.ASCII)
    if code:
        return area_of_code_and_label(code[1], text[len(code[1]) + 1 :])
    if text.lower() in ("samtliga län", "hela riket"):
        return RIKET
    return _areas_by_name().get(text.lower()) or unit_called(text) or area_of_code(text)


def county_of_label(label: str) -> str:
    """Return the county, or riket, that a label in a column of counties names, and never a kommun.

    There `Örebro` is `lan:18`; `1880` and `18 Göteborg` are not understood.
    """
    text = " ".join(label.split())
    code = re.fullmatch(r"(\d\d)(?: (.+))?", text, re.ASCII)
    if code:
        area, called = area_of_code(code[1]), (code[2] or "").lower()
        named = _counties_by_name().get(called, _areas_by_name().get(called))
        return area if named in (None, area) else text
    if area_of_label(text) == RIKET:
        return RIKET
    area = _counties_by_name().get(text.lower(), text)
    return repr(area) if area.startswith("kommun:") else area


def area_of_labels(county: str, kommun: str) -> str:
    """Return the area of a row with a county and a kommun; both texts where they do not fit together.

    A county's own row repeats the county, or says `Samtliga kommuner`. A name that is a county's and a
    kommun's in both columns, such as `Örebro`, says neither.
    """
    whole, area = county_of_label(county), area_of_label(kommun)
    total = kommun.lower().startswith("samtliga") or county_of_label(kommun) == whole
    if total and not area.startswith("kommun:"):
        return whole
    inside = whole == f"lan:{area.removeprefix('kommun:')[:2]}"
    alike = kommun.strip().lower() == county.strip().lower()
    return area if inside and not alike else f"{county} / {kommun}"


def two_areas(text: str) -> str:
    """Return why `14 Skövde` is no area: what its code and its name stand for; empty for another text."""
    code, _, name = text.partition(" ")
    area, named = area_of_code(code), areas_named(name)
    if area not in all_areas().index or not named or area in named:
        return ""
    return (
        f"names two areas: the code {code} is {all_areas().loc[area, 'name']}, and {name} is "
        f"{' or '.join(sorted(named))}"
    )


def _not_understood(label: str) -> str:
    """Return a label that means nothing here in a form that no group has, so that it is refused."""
    return label.replace("=", "==") or "an empty cell"


def _is_all(text: str) -> bool:
    return text.lower() in ("all", "totalt") or text.lower().startswith("samtliga")


def age(label: str) -> str:
    """Return the group of an age label, empty for all insured (16-64).

    `16-19 år` and `16-19` become `alder=16-19`; `ALL` and `Samtliga 16-64 år` become the total. A
    number by itself is a class by its upper bound (19 for 15-19), and is not understood.
    """
    text = label.strip().lower().replace("–", "-").removesuffix(" år")
    if text.isascii() and text.isdigit():
        return f"{text} (an upper bound)"
    if text in ("all", "samtliga", "samtliga 16-64", "16-64", "samtliga 15-69", "totalt"):
        return ""
    known = re.fullmatch(r"\d{1,3}(-\d{1,3}|\+)", text, re.ASCII)
    return f"alder={text}" if known else _not_understood(label)


def diagnosis(label: str) -> str:
    """Return the group of an ICD-10 chapter or code, empty for all diagnoses."""
    text = label.strip()
    if _is_all(text):
        return ""
    if re.match(r"-00--99(?= |$)", text) or text.lower().startswith("saknas"):
        return "diagnos=okänd"
    code = re.match(r"([A-Z]\d\d(-[A-Z]\d\d)?)(?= |$)", text, re.ASCII)
    return f"diagnos={code[1]}" if code else _not_understood(label)


def chapters() -> list[str]:
    """Return the chapters of ICD-10, such as `F00-F99`."""
    return [code for code in dimensions()["diagnos"].values if re.fullmatch(r"\w+-\w+", code)]


def benefit(code: str) -> str:
    """Return the group of FK's code for a part of sjuk- och aktivitetsersättning."""
    return _BENEFITS[code] if code in _BENEFITS else _not_understood(code)


def length(label: str) -> str:
    """Return the group of how long a case has lasted, in days: `langd=30-89`, `langd=366+`."""
    text = label.strip().lower().replace("–", "-").removesuffix("dagar").strip()
    if _is_all(text):
        return ""
    found = re.fullmatch(r"(\d+)\s*(?:-\s*(\d+)|(-|\+))", text, re.ASCII)
    if not found:
        return _not_understood(label)
    return f"langd={found[1]}-{found[2]}" if found[2] else f"langd={found[1]}+"


def branch(label: str) -> str:
    """Return the group of a section of SNI 2007, `bransch=Q` for `Q-Vård och omsorg` or `Q`."""
    text = label.strip()
    found = re.fullmatch(r"([A-Z])(\s*-.*| .*)?", text)
    if _is_all(text):
        return ""
    return f"bransch={found[1]}" if found else _not_understood(label)


def _as_written(dimension: str, label: str) -> str:
    text = " ".join(label.split())
    if _is_all(text):
        return ""
    plain = text and not re.search("[=;|]", text)
    return f"{dimension}={text}" if plain else _not_understood(label)


# What a part of a dataset is in the table, by its name in the datasets file: the dimension, and how a label of
# it becomes a group.
PARTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "age": ("alder", age),
    "diagnosis": ("diagnos", diagnosis),
    "benefit": ("forman", benefit),
    "length": ("langd", length),
    "branch": ("bransch", branch),
    "sector": ("sektor", lambda label: _as_written("sektor", label)),
    "decision": ("beslut", lambda label: _as_written("beslut", label)),
}


def group_of_parts(own: str, labels: Mapping[str, str]) -> str:
    """Return the group of a number, from what all of a dataset have in common and its label in each part."""
    return joined_groups(own, *(PARTS[part][1](label) for part, label in labels.items()))


def quarter(year: str, number: str) -> str:
    """Return `2005-Q1`."""
    return f"{year}-Q{number}"


def month(year: str, number: str) -> str:
    """Return `2024-09` for 2024 and 9, 09, September's Swedish name or a day in that month of that year."""
    if dated := re.fullmatch(r"(\d{4})-(\d\d)(-\d\d)?", number, re.ASCII):
        return f"{year}-{dated[2]}" if dated[1] == year else f"{year}, Månad {number}"
    if number.isascii() and number.isdigit():
        return f"{year}-{int(number):02d}"
    name = number.strip().lower().removesuffix(f" {year}").removesuffix(".")
    found = [place for place, month in enumerate(MONTHS, 1) if month.startswith(name)]
    known = len(name) >= 3 and len(found) == 1
    return f"{year}-{found[0]:02d}" if known else f"{year}-{number}"


def month_name(label: str) -> str:
    """Return `2019-01` for `jan 2019`."""
    parts = label.split()
    return month(parts[1], parts[0]) if len(parts) == 2 and parts[1].isdigit() else label


def pxweb_period(label: str) -> str:
    """Return `2008`, `2008-12` or `2008-Q4` for PxWeb's `2008`, `2008M12` or `2008K4`."""
    text = re.sub(r"^(\d{4})M(\d\d)$", r"\1-\2", label, flags=re.ASCII)
    return re.sub(r"^(\d{4})K([1-4])$", r"\1-Q\2", text, flags=re.ASCII)


def joined_groups(*groups: str) -> str:
    """Return several groups as one, its dimensions in order."""
    return ";".join(sorted(group for group in groups if group))
