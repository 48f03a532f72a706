"""What somebody reads who has the folder of reports of two years: every number with its label, in pages and indexes."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser
from test_rounds import SEXES, TABLES, Cells, Reader, narrow

from commands import vgstats
from vgstats.catalogue import areas
from vgstats.demo.certificates import Certificates
from vgstats.demo.certificates_file import write_certificates
from vgstats.page.numbers_on_page import facts_of
from vgstats.store.store import Store

COUNTY = "lan:14"
SMALL = 5
SIZE = Certificates(COUNTY, rows=3_000, units=6, seed=6)
DAYS = ("2023-10-01", "2024-10-01", "2025-10-01")
ROUND = 'lan: ["14"]\nsnapshot: "{}"\nearlier: "{}"\n'
KINDS = {"sjukfallskartlaggning": "", "enhetsblad": "enhet: alla\n"}
Shown = dict[tuple[str, str, str, str, str], float]  # by measure, area, day, sex and group


@dataclass
class Rounds:
    """What is shown in each round with the units that there are then, and the cases of each day."""

    folder: Path
    found: list[tuple[Shown, list[str]]]
    truth: dict[str, Cells]


@pytest.fixture(scope="module")
def rounds(tmp_path_factory):
    """Two rounds in one folder, a mapping each.

    In the second a unit has merged into another, a third has a new name, and certificates have been corrected.
    """
    folder = tmp_path_factory.mktemp("rounds")
    written = write_certificates(folder / "intyg.parquet", SIZE)
    said = yaml.safe_load(written.mapping.read_text(encoding="utf-8"))
    into, gone, renamed, *others = said["units"]
    merged = into | {
        "formerly": [*into.get("formerly", []), gone["name"], *gone.get("formerly", [])]
    }
    name = renamed["name"]
    new = renamed | {"formerly": [*renamed.get("formerly", []), name], "name": f"Nya {name}"}
    rounds = Rounds(folder, [], {})
    store = Store(folder / "store")
    for year, units in ((2024, said["units"]), (2025, [merged, new, *others])):
        days = [dt.date(year - 1, 10, 1), dt.date(year, 10, 1)]
        mapping = folder / f"koppling-{year}.yaml"
        changed = said | {"units": units, "snapshots": days}
        mapping.write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")
        to = ("--store", store.folder)
        done = vgstats("cases", written.certificates, "--mapping", mapping, *to)
        assert done.returncode == 0, done.stderr
        files = [folder / f"{kind}.yaml" for kind in KINDS]
        for file, more in zip(files, KINDS.values(), strict=True):
            text = f"report: {file.stem}\n{ROUND.format(days[1], days[0])}{more}"
            file.write_text(text, encoding="utf-8")
        made = vgstats("render", *files, *to, "--out", folder / "reports", "--jobs", "1")
        assert made.returncode == 0, made.stdout + made.stderr
        pages = [
            *folder.glob(f"reports/*/*{year}-10-01.html"),
            *folder.glob("reports/*/index.html"),
        ]
        there = areas.units(COUNTY)
        rounds.found.append((numbers(pages, year), [*there]))
        rounds.truth |= {
            day: cells(store, day, [*there])
            for day in DAYS
            if day not in rounds.truth and day <= str(days[1])
        }
        new["id"] = next((area for area in there if areas.name(area) == name), "").rpartition(
            "14-"
        )[2]
        _corrected(written.certificates)
        _of_now(written.listed, {gone["name"]: into["name"], name: new["name"]})
    return rounds


def _corrected(certificates: Path) -> None:
    """Leave out some certificates that hold on the day that both rounds show."""
    every = pyarrow.parquet.read_table(certificates)
    day = dt.date.fromisoformat(DAYS[1])
    begun, ended = (every[name].to_pylist() for name in ("intyg_fran", "intyg_till"))
    hold = [n for n, (of, to) in enumerate(zip(begun, ended, strict=True)) if of <= day <= to]
    kept = sorted({*range(len(every))}.difference(hold[::6]))
    pyarrow.parquet.write_table(every.take(kept), certificates)


def _of_now(listed: Path, names: dict[str, str]) -> None:
    table = pd.read_csv(listed)
    unit, *_, persons = table.columns
    table[unit] = table[unit].replace(names)
    table.groupby([*table.columns[:-1]], as_index=False)[persons].sum().to_csv(listed, index=False)


def numbers(pages: list[Path], year: int) -> Shown:
    """The counts of cases that stand on pages, and in the records beside them, by what they say that they are."""
    facts = [
        (name, value)
        for page in pages
        for name, value, _ in facts_of(LexborHTMLParser(page.read_text("utf-8")))
    ]
    for record in {page.with_name("manifest.jsonl") for page in pages}:
        for line in record.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            shown = entry["row"]["cells"] if f"{year}-10-01" in entry["file"] else []
            facts += [(one["id"], one["value"]) for one in shown if "id" in one]
    found: Shown = {}
    for name, value in facts:
        measure, *rest = name.split("|")
        if measure not in TABLES or len(rest) < 2 or not re.match("lan:|enhet:", rest[0]):
            continue
        sex = next((one for one in rest[2:] if one in SEXES), "alla")
        group = next((one for one in rest[2:] if "=" in one), "")
        key = (measure, rest[0], rest[1], sex, group)
        assert found.setdefault(key, float(value)) == float(value), key
    return found


def cells(store: Store, day: str, units: list[str]) -> Cells:
    """The cases of a day by unit (empty: of none) and sex, in each table by its atoms."""
    rows = store.read([(area, one, (day,)) for area in (COUNTY, *units) for one in TABLES])
    keys = ["measure", "area", "sex", "group"]
    last = rows.sort_values("retrieved").drop_duplicates(keys, keep="last")
    value = last.set_index(keys)["value"]
    found: Cells = {}
    for area, sex in product((COUNTY, *units), SEXES):
        name = area.removeprefix("enhet:14-")
        total = value["intygsfall", area, sex, ""]
        of = {g: value[m, area, sex, g] for m in TABLES for g in TABLES[m] if g}
        stress, mental = of["diagnos=F43"], of["diagnos=F00-F99"]
        longest = [of[f"langd={least}+"] for least in (365, 180, 90, 60, 28)]
        found["intygsfall", name, sex] = np.array([total])
        found["intygsfall_diagnos", name, sex] = np.array(
            [stress, mental - stress, of["diagnos=M00-M99"], of["diagnos=övriga"]]
        )
        found["intygsfall_langd", name, sex] = np.diff([0, *longest, total])
    for measure, sex in product(TABLES, SEXES):
        of_units = sum(found[measure, unit.removeprefix("enhet:14-"), sex] for unit in units)
        found[measure, "", sex] = found.pop((measure, COUNTY, sex)) - of_units
    return found


def as_read(shown: Shown, truth: Cells, units: list[str], day: str) -> tuple[Reader, Shown]:
    """Somebody who has read what is shown of a day, and all counts of it; what is small and not there is hidden."""
    names = [unit.removeprefix("enhet:14-") for unit in units]
    told = pd.DataFrame(columns=["measure", "area", "sex", "group", "value", "status"])
    point, rows, every = Reader(told, names, {}), [], {}
    flat = np.concatenate(
        [truth[m, u.removeprefix("enhet:14-"), s] for m in TABLES for u, s in point.places]
    )
    for measure, area, sex in product(TABLES, (COUNTY, *units), (*SEXES, "alla")):
        for group in TABLES[measure]:
            value = int(point.sum_of(measure, area, sex, group) @ flat)
            every[measure, area, day, sex, group] = value
            there = shown.get((measure, area, day, sex, group))
            if there is not None:
                rows.append((measure, area, sex, group, there, "ok"))
            elif not group or 0 < value < SMALL:
                rows.append((measure, area, sex, group, np.nan, "suppressed"))
    return Reader(pd.DataFrame(rows, columns=told.columns), names, {}), every


def test_a_folder_with_the_reports_of_two_years_and_a_merger_gives_no_small_number_away(rounds):
    (first, units), (second, units_now) = rounds.found
    _, then, now = DAYS
    # Whoever has both folders knows of the day between what either of them says.
    assert all(first[key] == value for key, value in second.items() if key[2] == then)
    for shown, of, day in ((first | second, units, then), (second, units_now, now)):
        truth = rounds.truth[day]
        reader, every = as_read(shown, truth, of, day)
        told = {
            key: value for key, value in shown.items() if key[2] == day and key[1] in (COUNTY, *of)
        }
        assert len(told) > 10
        assert not {key: value for key, value in told.items() if value != every[key]}
        assert not {key: value for key, value in told.items() if 0 < value < SMALL}
        assert list(narrow(reader, truth)) == []
        some = next(
            key for key, value in every.items() if key[0] == "intygsfall" and 0 < value < SMALL
        )
        given, _ = as_read(shown | {some: every[some]}, truth, of, day)
        assert given.bounds((some[0], some[1], some[3], some[4])) == (every[some], every[some])


def test_a_rate_of_a_hidden_count_is_marked_as_hidden_too(rounds):
    county = next(rounds.folder.glob("reports/sjukfallskartlaggning/*2025-10-01.html"))
    page = LexborHTMLParser(county.read_text(encoding="utf-8"))
    per_listed = page.css_first("table#antal tbody tr:nth-child(2)").text(separator=" ")
    assert "dold av sekretesskäl" in per_listed and "uppgift saknas" not in per_listed
