"""Made-up certificates as files: certificates, listed persons, and the mapping that says what their columns are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import yaml

from vgstats.demo import made_after as after
from vgstats.demo.certificates import Arrays, Certificates
from vgstats.errors import VgstatsError

_FAULTS = 8  # kinds of faulty rows
_SCHEMA = pa.schema(
    [
        ("lopnr", pa.string()),
        ("intyg_fran", pa.date32()),
        ("intyg_till", pa.date32()),
        ("omfattning", pa.int8()),
        ("diagnos", pa.dictionary(pa.int8(), pa.string())),
        ("kon", pa.dictionary(pa.int8(), pa.string())),
        ("fodelsear", pa.int16()),
        ("kommunkod", pa.dictionary(pa.int16(), pa.string())),
        ("utfardande_vardcentral", pa.dictionary(pa.int16(), pa.string())),
        ("listad_vardcentral", pa.dictionary(pa.int16(), pa.string())),
        ("arbetsgivartyp", pa.dictionary(pa.int8(), pa.string())),
        ("vardgren", pa.dictionary(pa.int8(), pa.string())),
        ("sysselsattning", pa.dictionary(pa.int8(), pa.string())),
        ("kva_koder", pa.dictionary(pa.int8(), pa.string())),
        ("kontakt_arbetsgivare", pa.dictionary(pa.int8(), pa.string())),
        ("kontakt_af", pa.dictionary(pa.int8(), pa.string())),
        ("komplettering", pa.dictionary(pa.int8(), pa.string())),
        (
            "lakare",
            pa.dictionary(pa.int16(), pa.string()),
        ),  # the mapping names it nowhere: it is never read
    ]
)


@dataclass(frozen=True)
class Written:
    """The files that were written, and how many certificates there are."""

    certificates: Path
    mapping: Path
    listed: Path
    rows: int


def write_certificates(file: Path, size: Certificates) -> Written:
    """Write made-up certificates, and beside them `NAME-koppling.yaml` and `NAME-listade.csv`.

    Args:
        file: where the certificates go, `.parquet` or `.csv`.
        size: how many, and what is in them.

    Raises:
        VgstatsError: the file's name ends otherwise.
    """
    if file.suffix not in (".parquet", ".csv"):
        raise VgstatsError(
            f"{file.name}: certificates are written as .parquet or .csv. Name such a file."
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    writer = pa.parquet.ParquetWriter if file.suffix == ".parquet" else pa.csv.CSVWriter
    with closing(writer(file, _SCHEMA)) as out:
        for table in tables(size):
            out.write_table(table)
            rows += len(table)
    listed = file.with_name(f"{file.stem}-listade.csv")
    years = range(size.first.year + 1, size.last.year + 1)
    size.care.listed_table(years).to_csv(listed, index=False)
    mapping = file.with_name(f"{file.stem}-koppling.yaml")
    mapping.write_text(mapping_text(size, listed.name), encoding="utf-8")
    return Written(file, mapping, listed, rows)


def tables(size: Certificates) -> Iterator[pa.Table]:
    """Yield the certificates a part at a time, the faulty ones last."""
    last: Arrays = {}
    for rows in size.parts():
        last = rows
        yield _table(size, rows)
    if size.faults:
        yield _faulty(_table(size, {name: of[: size.faults] for name, of in last.items()}))


def _table(size: Certificates, rows: Arrays) -> pa.Table:
    care = size.care
    order = np.argsort(
        rows["first"], kind="stable"
    )  # a register has them by day, and nobody's beside each other
    rows = {name: of[order] for name, of in rows.items()}
    own, listed = (
        care.called(rows[name], rows["first"], rows["person"]) for name in ("own", "unit")
    )
    kommuner, of_unit = np.unique(care.kommun, return_inverse=True)
    kva = np.array([1, 2, 4], dtype=np.int8) @ np.stack([rows[code] for code in after.KVA])
    codes = [code for of in after.CODES for code in of]
    yes = {name: _words(rows[name], ["N", "J"]) for name in after.MARKS[len(after.KVA) :]}
    number = rows["person"] * 7_368_787 % 9_999_991  # primes: persons in no order, none twice
    key = pc.utf8_lpad(pa.array(number).cast(pa.string()), width=7, padding="0")
    columns = [
        pc.binary_join_element_wise("p", key, ""),
        *(pa.array(rows[name].astype(np.int32)).cast(pa.date32()) for name in ("first", "last")),
        pa.array(np.array(after.DEGREES, dtype=np.int8)[rows["degree"]]),
        _words(rows["code"], codes),
        _words(rows["sex"], ["K", "M"]),
        pa.array(rows["born"].astype(np.int16)),
        _words(
            of_unit[rows["kommun"]], [kommun.partition(":")[2] for kommun in kommuner], np.int16
        ),
        _words(own, care.every_name, np.int16, rows["own"] < 0),
        _words(listed, care.every_name, np.int16),
        _words(rows["employer"], list(after.EMPLOYERS), np.int8, rows["occupation"] != 0),
        _words(rows["care"], list(after.CARE)),
        _words(rows["occupation"], list(after.OCCUPATIONS), np.int8, rows["occupation"] == 4),
        _words(kva, _together(list(after.KVA)), np.int8, kva == 0),
        *(yes[name] for name in after.MARKS[len(after.KVA) :]),
        _words(number % 400, [f"läkare {n}" for n in range(400)], np.int16),
    ]
    return pa.table(columns, schema=_SCHEMA)


def _words(
    codes: np.ndarray,
    words: list[str],
    kind: type[np.signedinteger] = np.int8,
    absent: np.ndarray | None = None,
) -> pa.DictionaryArray:
    """Return a column of words by their numbers, empty where `absent`."""
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(kind), mask=absent), pa.array(words)
    )


def _together(codes: list[str]) -> list[str]:
    """Return what a field says of every set of codes, in the order of the numbers that the codes' bits make."""
    sets = product((False, True), repeat=len(codes))
    return [
        ";".join(c for c, there in zip(codes, reversed(one), strict=True) if there) for one in sets
    ]


def _faulty(table: pa.Table) -> pa.Table:
    """Return certificates with a fault each: one of eight, in turn."""
    rows = table.to_pylist()
    for at, row in enumerate(rows):
        match at % _FAULTS:
            case 0:
                row["intyg_till"] = row["intyg_fran"] - dt.timedelta(days=9)
            case 1:
                row["intyg_fran"], row["intyg_till"] = dt.date(2099, 1, 1), dt.date(2099, 1, 31)
            case 2:
                row["diagnos"] = "ont i ryggen"
            case 3:
                row["omfattning"] = 0
            case 4:
                row["omfattning"] = 110
            case 5:
                row["kommunkod"] = "9999"
            case 6:
                row["kon"] = "M" if row["kon"] == "K" else "K"
            case _:
                pass  # there twice
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def mapping_text(size: Certificates, listed: str) -> str:
    """Return the mapping of made-up certificates: what each column and spelling is, and which units there are."""
    care = size.care
    units: list[dict[str, object]] = []
    for at, name in enumerate(care.names):
        unit: dict[str, object] = {"name": name, "cni": float(care.cni[at])}
        if at in care.former:
            unit["formerly"] = list(care.former[at])
        if at in size.treated:
            unit |= {"started": size.started.replace(), "chosen_high": size.treated[at]}
        units.append(unit)
    return _HEAD + yaml.safe_dump(
        {
            "synthetic": True,
            "lan": size.lan.partition(":")[2],
            "register": "Påhittat intygsregister",
            "snapshots": [dt.date(size.last.year - back, 10, 1) for back in (1, 0)],
            "gap_days": 5,
            "unit_by": "listad",
            "unit": "vardcentral",
            "columns": _COLUMNS,
            "values": {
                **_VALUES,
                "specialitet": list(after.CARE),
                "arbetsgivare": list(after.EMPLOYERS),
            },
            "units": units,
            "listed": {
                "file": listed,
                "columns": {
                    "unit": "vardcentral",
                    "year": "ar",
                    "sex": "kon",
                    "age": "aldersgrupp",
                    "persons": "antal_listade",
                },
            },
        },
        allow_unicode=True,
        sort_keys=False,
    )


_HEAD = """# Koppling för PÅHITTADE intyg, skriven av vgstats demo: vad kolumnerna heter och hur svaren stavas i filen.
# Kolumner som inte står här läses aldrig. Listade är de som är 16-69 år.
"""
_COLUMNS = {
    "person": "lopnr",
    "from": "intyg_fran",
    "to": "intyg_till",
    "degree": "omfattning",
    "diagnosis": "diagnos",
    "sex": "kon",
    "birth_year": "fodelsear",
    "kommun": "kommunkod",
    "vardcentral": "utfardande_vardcentral",
    "listad_vardcentral": "listad_vardcentral",
    "arbetsgivare": "arbetsgivartyp",
    "specialitet": "vardgren",
    "sysselsattning": "sysselsattning",
    "kva": "kva_koder",
    "kontakt_arbetsgivare": "kontakt_arbetsgivare",
    "kontakt_af": "kontakt_af",
    "komplettering": "komplettering",
}
_VALUES = {
    "sex": {"K": "kvinnor", "M": "män"},
    "sysselsattning": {
        "Anställd": "anställd",
        "Arbetssökande": "arbetslös",
        "Studerande": "studerande",
        "Försörjningsstöd": "försörjningsstöd",
    },
    "kva": {"DV077": "plan", "GC001": "koordinering", "KART": "kartlaggningssamtal"},
    "kontakt_arbetsgivare": {"J": "ja", "N": "nej"},
    "kontakt_af": {"J": "ja", "N": "nej"},
    "komplettering": {"J": "ja", "N": "nej"},
}
