"""A county's cases of two days by hand, as tidy rows that a release has let through, for tests of what reads them.

Six units: Stora is large and has many long cases, Mellan and three like it are as the county, Lilla is too small for
tables. What chance does is left out: each unit has its shares exactly, rounded.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vgstats.observations import COLUMNS
from vgstats.sources.own_file import read_own_file
from vgstats.store.files import Origin
from vgstats.store.store import Store

DAYS = ("2024-10-01", "2025-10-01")

LISTED = {"stora": 16000, "mellan": 8000, "norra": 7000, "sodra": 9000, "ostra": 6000, "lilla": 400}
NAMES = {
    "stora": "Stora vårdcentralen",
    "mellan": "Mellanby vårdcentral",
    "norra": "Norra vårdcentralen",
    "sodra": "Södra vårdcentralen",
    "ostra": "Östra vårdcentralen",
    "lilla": "Lilla vårdcentralen",
}
PER_LISTED = {"kvinnor": 0.044, "män": 0.026}
TABLES = {
    "diagnos": {"F00-F99": 0.48, "F43": 0.24, "M00-M99": 0.22, "övriga": 0.30},
    "langd": {"28+": 0.85, "60+": 0.7, "90+": 0.58, "180+": 0.36, "365+": 0.2},
    "grad": {"hel": 0.62, "partiell": 0.38},
    "sysselsattning": {
        "anställd": 0.75,
        "arbetslös": 0.14,
        "studerande": 0.03,
        "försörjningsstöd": 0.04,
        "okänd": 0.04,
    },
}
OF_COUNTY = {
    "specialitet": {"allmänmedicin": 0.6, "psykiatri": 0.25, "ortopedi": 0.15},
    "arbetsgivare": {"kommun": 0.4, "region": 0.15, "privat": 0.45},
    "alder": {"16-29": 0.12, "30-39": 0.2, "40-49": 0.25, "50-59": 0.28, "60+": 0.15},
}
ACTIONS = {
    "plan": 0.24,
    "koordinering": 0.11,
    "kartlaggningssamtal": 0.08,
    "kontakt_arbetsgivare": 0.13,
    "kontakt_af": 0.02,
    "komplettering": 0.06,
}
MEDIANS = {
    ("lan:14", "alla"): 41,
    ("lan:14", "kvinnor"): 43,
    ("lan:14", "män"): 38,
    ("enhet:14-stora", "alla"): 52,
}
MANY_LONG = {"langd": {"28+": 0.9, "60+": 0.8, "90+": 0.72, "180+": 0.55, "365+": 0.34}}
DIMENSION = {"sysselsattning": "sysselsättning"}
UNITS = "units:\n" + "".join(
    f'- id: {id_}\n  name: {name}\n  lan: "14"\n'
    + ("  formerly: [Gamla Mellanby]\n" if id_ == "mellan" else "")
    for id_, name in NAMES.items()
)
RECORDED = "Intyg skrivs inte längre för den som har försörjningsstöd."
UNITS += f"""sources:
- {{source: om-intygen, short: Om intygen, title: Om intygen, publisher: En region}}
remarks:
- {{topic: kalla, area: "14", measure: intygsfall_sysselsattning, text: {RECORDED}, source: om-intygen}}
"""
SOURCE = {
    "source": "egna-intyg-matt",
    "short": "Egna läkarintyg",
    "publisher": "En region i ett test",
    "title": "Sjukfall av läkarintyg",
    "place": "",
    "address": "",
    "published": "",
    "kind": "own",
    "protected": "yes",
    "precedence": "8",
    "licence": "",
    "note": "Ett sjukfall räknas till den enhet där personen är listad.",
}


def rows(days: tuple[str, ...] = DAYS, *, tables: bool = True) -> pd.DataFrame:
    """The rows: all tables, or how many cases and listed alone. The county's are the sums of its units'."""
    found: list[tuple[str, str, str, str, str, float]] = []
    for place, day in enumerate(days):
        for unit, listed in LISTED.items():
            for sex, share in PER_LISTED.items():
                more = 1.2 if unit == "stora" and place else 1
                n = round(listed / 2 * share * more)
                area = f"enhet:14-{unit}"
                found.append(("listade", area, day, sex, "", listed / 2))
                found += [(m, area, day, sex, g, v) for m, g, v in _counts(unit, n, tables=tables)]
    frame = pd.DataFrame(found, columns=["measure", "area", "period", "sex", "group", "value"])
    frame = pd.concat([frame, _summed(frame.assign(area="lan:14"))])
    frame = pd.concat([frame, _summed(frame.assign(sex="alla"))])
    of_county = frame["measure"].isin([f"intygsfall_{name}" for name in OF_COUNTY])
    frame = frame[~of_county | frame["area"].eq("lan:14")]
    if tables:
        frame = pd.concat([frame, pd.DataFrame(list(_told(days)), columns=frame.columns)])
    frame["status"] = "ok"
    small = frame["measure"].str.startswith("intygsfall") & frame["value"].between(1, 4)
    few = frame["area"].eq("enhet:14-lilla") & frame["measure"].ne("listade")
    few &= frame["group"].ne("") | frame["value"].lt(5)
    frame.loc[small | few, ["value", "status"]] = [None, "suppressed"]
    frame.loc[frame["value"].eq(0), "status"] = "nil"
    return frame.assign(resolution=1.0, source=SOURCE["source"], retrieved="2025-11-01")[COLUMNS]


def _summed(frame: pd.DataFrame) -> pd.DataFrame:
    keys = ["measure", "area", "period", "sex", "group"]
    return frame.groupby(keys, as_index=False, sort=False)["value"].sum()


def _counts(unit: str, n: int, *, tables: bool):
    yield "intygsfall", "", n
    if not tables:
        return
    for name, shares in (TABLES | (MANY_LONG if unit == "stora" else {})).items():
        yield f"intygsfall_{name}", "", n
        yield from _of(f"intygsfall_{name}", DIMENSION.get(name, name), shares, n)
    long = round(n * 0.85)
    for name, share in ACTIONS.items():
        yield f"intygsfall_{name}", "", long
        yield from _of(f"intygsfall_{name}", "insats", {"ja": share, "nej": 1 - share}, long)
    for name, shares in OF_COUNTY.items():
        yield f"intygsfall_{name}", "", n
        yield from _of(f"intygsfall_{name}", name, shares, n)


def _of(measure: str, dimension: str, shares: dict[str, float], n: int):
    for value, share in shares.items():
        yield measure, f"{dimension}={value}", round(n * share)


def _told(days: tuple[str, ...]):
    """Statistics with a least number, which are no sums."""
    for place, day in enumerate(days):
        for (area, sex), median in MEDIANS.items():
            yield "intygsfall_median_dagar", area, day, sex, "", median + place
        for dag, share in ((30, 62), (90, 28), (180, 15), (365, 7)):
            yield "intygsfall_kvar", "lan:14", day, "alla", f"dag={dag}", share
        yield "intygsrader_fel", "lan:14", day, "alla", "fel=dubblett", 37
        yield "intygsrader_fel", "lan:14", day, "alla", "fel=okänd diagnos", 12
        yield "vardbehovsindex", "enhet:14-stora", day, "alla", "", 1.38
        yield "intygsfall_forvantade", "enhet:14-stora", day, "alla", "", 581.3


def store_of(
    folder: Path, frame: pd.DataFrame | None = None, sources: tuple[str, ...] = ()
) -> Store:
    """A store with the units, and rows: those of `rows` when left out; `sources` are others than the usual one."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "enheter.yaml"
    file.write_text(UNITS, encoding="utf-8")
    made = Store(folder / "store")
    made.declare([read_own_file(file)])
    found = (rows() if frame is None else frame).assign(origin="0" * 64)
    origin = Origin(
        sha256="0" * 64, address="test", retrieved="2025-11-01", recognised="test", licence=""
    )
    made.add(found, [origin], [SOURCE, *(SOURCE | {"source": one} for one in sources)])
    return made
