"""`vgstats cases` from files to the store: what is kept, what is said of it, and that nothing of a row gets out."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from pathlib import Path

import pytest
import yaml

from commands import vgstats
from vgstats.cases.intake import count
from vgstats.cases.keeping import keep
from vgstats.cases.listed import read_listed
from vgstats.cases.mapping import Mapping, read_mapping
from vgstats.cases.workspace import workspace
from vgstats.catalogue import areas
from vgstats.catalogue.case_tables import choices
from vgstats.errors import VgstatsError
from vgstats.store.store import Store

UNITS = ("Alby", "Björkvik")
SAID = {
    "lan": "14",
    "register": "Påhittat intygsregister",
    "snapshots": ["2024-10-01", "2025-10-01"],
    "unit_by": "listad",
    "synthetic": True,
    "columns": {
        "person": "nyckel",
        "from": "fran",
        "to": "till",
        "degree": "grad",
        "diagnosis": "dx",
        "sex": "kon",
        "birth_year": "fodd",
        "listad_vardcentral": "vc",
    },
    "units": [{"name": name, "cni": 1.1} for name in UNITS],
}
LISTED = {
    "file": "listade.csv",
    "columns": {"unit": "vc", "year": "ar", "sex": "kon", "age": "alder", "persons": "antal"},
}
HEAD = "nyckel,fran,till,grad,dx,kon,fodd,vc,namn\n"


def key(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:16]


def files(folder: Path, lines: list[str] | None = None, **changed: object) -> tuple[Path, Path]:
    """Forty cases in each of two units, half of each sex, who are ill over both snapshots or the last."""
    if lines is None:
        lines = []
        for number in range(160):
            start = dt.date(2024 + number % 2, 9, 1 + number % 20)
            end = start + dt.timedelta(days=60)
            unit, sex = UNITS[number // 2 % 2], "KM"[number // 4 % 2]
            lines.append(
                f"{key(number)},{start},{end},100,F43.9,{sex},{1960 + number % 40},{unit},Anna Hemlig"
            )
    intyg, koppling = folder / "intyg.csv", folder / "koppling.yaml"
    intyg.write_text(HEAD + "\n".join(lines), encoding="utf-8")
    koppling.write_text(yaml.safe_dump({**SAID, **changed}, allow_unicode=True), encoding="utf-8")
    return intyg, koppling


@pytest.fixture
def temporary(tmp_path_factory, monkeypatch) -> Path:
    """Where all temporary files of the command go."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_certificates_become_counts_in_the_store_and_nothing_of_a_row_gets_out(tmp_path, temporary):
    intyg, koppling = files(tmp_path)
    place = tmp_path / "store"
    checked = vgstats("cases", intyg, "--mapping", koppling, "--check", "--store", place)
    assert checked.returncode == 0 and "160 rows read, 160 kept" in checked.stdout
    assert not place.exists()
    done = vgstats("cases", intyg, "--mapping", koppling, "--store", place)
    assert done.returncode == 0, done.stderr
    store = Store(place)
    assert [areas.name(unit) for unit in areas.units("lan:14")] == [*UNITS]
    rows = store.read([(area, "intygsfall", ()) for area in ("lan:14", "enhet:14-alby")])
    found = {(row.area, row.period, row.sex): row.value for row in rows.itertuples()}
    assert found["enhet:14-alby", "2025-10-01", "kvinnor"] == 20
    assert found["lan:14", "2024-10-01", "män"] == 40
    (index,) = store.read([("enhet:14-alby", "vardbehovsindex", ("2025-10-01",))])["value"]
    assert index == 1.1
    about = store.provenance()
    assert set(about["kind"]) == {"demo"} and set(about["protected"]) == {"no", "yes"}
    assert "den 1 oktober 2024 och den 1 oktober 2025" in about["title"].iloc[0]
    (note,) = set(about["note"])
    assert note == choices(5, "listad") and "högst fem dagar" in note
    everything = b"".join(f.read_bytes() for f in place.rglob("*") if f.is_file()).decode("latin-1")
    for raw in (key(1), key(2), "Hemlig", "1961"):
        assert raw not in everything + done.stdout + done.stderr + checked.stdout
    assert not [*temporary.iterdir()]


def test_a_refusal_keeps_nothing_shows_nothing_and_leaves_nothing(tmp_path, temporary):
    secret = "850101-1236"  # noqa: S105 - nobody's
    intyg, koppling = files(
        tmp_path, [f"{secret},2025-09-01,2025-10-15,100,F43.9,K,1980,Alby,Anna Hemlig"]
    )
    refused = vgstats("cases", intyg, "--mapping", koppling, "--store", tmp_path / "store")
    assert refused.returncode == 2 and "intyg.csv, row 2, column 'nyckel'" in refused.stderr
    assert secret not in refused.stderr + refused.stdout and "Traceback" not in refused.stderr
    assert not (tmp_path / "store").exists() and not [*temporary.iterdir()]


def test_the_rows_with_a_fault_are_in_the_store_and_few_of_them_are_hidden(tmp_path):
    intyg, koppling = files(tmp_path)
    lines = intyg.read_text(encoding="utf-8").splitlines()[1:]
    lines += [lines[n].replace("F43.9", "okänd") for n in range(6)] + [
        lines[7].replace(",100,", ",110,")
    ]
    intyg, koppling = files(tmp_path, lines)
    assert (
        vgstats("cases", intyg, "--mapping", koppling, "--store", tmp_path / "store").returncode
        == 0
    )
    rows = Store(tmp_path / "store").read([("lan:14", "intygsrader_fel", ())])
    found = {row.group: (row.value, row.status) for row in rows.itertuples()}
    assert found["fel=okänd diagnos"] == (6, "ok")
    assert found["fel=okänd grad"][1] == "suppressed" and found["fel=okänd grad"][0] != 1
    assert found["fel=dubblett"] == (0, "nil")
    assert found[""][1] == "suppressed", "seven, of which six are shown"


def test_what_a_corrected_file_no_longer_tells_is_not_kept_from_the_first(tmp_path):
    place, wanted = tmp_path / "store", [("enhet:14-alby", "intygsfall_nettodagar", ())]
    intyg, koppling = files(tmp_path)
    assert vgstats("cases", intyg, "--mapping", koppling, "--store", place).returncode == 0
    before = Store(place).read(wanted)
    assert set(before["sex"]) == {"kvinnor", "män", "alla"} and before["value"].notna().all()
    lines = intyg.read_text(encoding="utf-8").splitlines()[1:]
    men = [line for line in lines if ",M," in line and ",Alby," in line]
    intyg, koppling = files(tmp_path, [line for line in lines if line not in men[:-8]])
    os.utime(intyg, (later := intyg.stat().st_mtime + 60, later))
    done = vgstats("cases", intyg, "--mapping", koppling, "--store", place)
    assert done.returncode == 0, done.stderr
    now = Store(place).read(wanted)
    newest = now.sort_values("retrieved").drop_duplicates("sex", keep="last").set_index("sex")
    assert newest["status"].to_dict() == {"alla": "ok", "kvinnor": "missing", "män": "missing"}


def listed(folder: Path, lines: list[str]) -> list[tuple[object, ...]]:
    _, koppling = files(folder, listed=LISTED)
    (folder / "listade.csv").write_text(
        "vc;ar;kon;alder;antal\n" + "\n".join(lines), encoding="utf-8"
    )
    said: Mapping = read_mapping(koppling)
    with workspace() as connection:
        read_listed(connection, folder, said.listed, said)
        return connection.execute("SELECT * FROM listed ORDER BY ALL").fetchall()


def test_listed_persons_are_read_by_age_or_group_and_every_row_must_be_right(tmp_path):
    assert listed(
        tmp_path, ["Alby;2025;K;16-29;1 200", "alby;2025;Kvinnor;30;7", "Björkvik;2025;M;65+;40"]
    ) == [
        ("enhet:14-alby", 2025, "kvinnor", 16, 29, 1200),
        ("enhet:14-alby", 2025, "kvinnor", 30, 30, 7),
        ("enhet:14-bjorkvik", 2025, "män", 65, None, 40),
    ]
    with pytest.raises(VgstatsError) as caught:
        listed(tmp_path, ["Alby;2025;alla;16-29;9", "Cedern;2025;K;29-16;9", "Alby;25;K;unga;-1"])
    told = str(caught.value)
    for row, own in ((3, "vc"), (4, "ar"), (2, "kon"), (4, "antal")):
        assert f"listade.csv, row {row}, column {own!r}" in told
    assert "listade.csv, rows 3, 4, column 'alder'" in told


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Alby;2025;K;16-29;12.5"], "row 2, column 'antal' (persons): this is not a whole number"),
        (["Alby;2025;K;16-29;1.000"], "row 2, column 'antal'"),
        (["Alby;2025;K;16-29;8501011236"], "row 2, column 'antal'"),
        (["Alby;2025;K;16-29;9", "alby ;2025;K;16-29;9"], "row 3: these tell again what a row"),
        (["Alby;2025;K;16-64;9", "Alby;2025;K;16-29;9"], "rows 2, 3: these are of ages that lie"),
        (["Alby;2023;K;16-64;9"], "there is no row of 2024, 2025, as the snapshots are"),
        ([], "there is no row of 2024, 2025"),
    ],
)
def test_listed_persons_that_would_mislead_are_refused_by_row(tmp_path, lines, expected):
    with pytest.raises(VgstatsError) as caught:
        listed(tmp_path, lines)
    assert expected in str(caught.value) and "8501011236" not in str(caught.value)


def test_a_unit_with_cases_and_nobody_listed_is_refused(tmp_path):
    intyg, koppling = files(tmp_path, listed=LISTED)
    table = "vc;ar;kon;alder;antal\nAlby;2025;K;16-64;900\n"
    (tmp_path / "listade.csv").write_text(table, encoding="utf-8")
    with pytest.raises(VgstatsError, match=r"in 2025 at 1 units .*: Björkvik\."):
        count([intyg], read_mapping(koppling), tmp_path, dt.date(2025, 11, 1))


def test_a_snapshot_that_the_certificates_do_not_reach_is_refused(tmp_path):
    intyg, koppling = files(tmp_path, snapshots=["2025-10-01", "2025-11-15"])
    for today in (dt.date(2025, 11, 1), dt.date(2026, 1, 1)):
        with pytest.raises(VgstatsError, match="2025-11-15 is later than the certificates reach"):
            count([intyg], read_mapping(koppling), tmp_path, today)


def round_of(folder: Path, lines: list[str] | None = None, modified: float = 0, **changed: object):
    """A round with these certificates, from a file that was last changed at a moment."""
    intyg, koppling = files(folder, lines, **changed)
    if modified:
        os.utime(intyg, (modified, modified))
    counted = count([intyg], read_mapping(koppling), folder, dt.date(2025, 11, 1))
    store = Store(folder / "store")
    outcomes = keep(counted, [intyg], koppling, store)
    rows = store.read([("enhet:14-alby", "intygsfall", ("2025-10-01",))]).sort_values("retrieved")
    return outcomes[0].added, [*rows.loc[rows["sex"] == "män", "value"]], store


def test_what_was_counted_last_counts_however_old_its_file_is(tmp_path):
    """A corrected file may be older than the one before it, as when it was unpacked."""
    files(tmp_path)
    lines = (tmp_path / "intyg.csv").read_text(encoding="utf-8").splitlines()[1:]
    _, values, store = round_of(tmp_path, modified=1_760_000_000)
    assert values == [20]
    origins = store.manifest().origins
    same, values, store = round_of(tmp_path, modified=1_760_000_000)
    assert (same.new, same.revised, values) == (0, 0, [20])
    assert store.manifest().origins == origins
    revised, values, _ = round_of(tmp_path, lines[:140], modified=1_750_000_000)
    assert revised.revised and values == [20, 17]
    again, values, _ = round_of(tmp_path, lines, modified=1_760_000_000)
    assert again.revised and values == [20, 17, 20]


def test_the_store_says_how_its_cases_were_counted_last_and_of_which_days(tmp_path):
    columns = SAID["columns"] | {"vardcentral": SAID["columns"]["listad_vardcentral"]}
    del columns["listad_vardcentral"]
    _, _, store = round_of(tmp_path, snapshots=["2024-10-01"])
    added, _, store = round_of(tmp_path, snapshots=["2025-10-01"])
    assert added.new and not added.revised
    about = store.provenance()
    assert "den 1 oktober 2024 och den 1 oktober 2025" in about["title"].iloc[0]
    by_certificate = {"unit_by": "senaste_intyg", "columns": columns}
    with pytest.raises(VgstatsError, match="has cases of 2024-10-01 that were counted by another"):
        round_of(tmp_path, snapshots=["2025-10-01"], **by_certificate)
    assert store.provenance().equals(about)
    _, _, store = round_of(tmp_path, **by_certificate)
    assert {*store.provenance()["note"]} == {choices(5, "senaste_intyg")}


@pytest.mark.parametrize("name", ["koppling.yaml", "koppling-2026.yaml"])
def test_the_next_years_mapping_tells_which_units_there_are_whatever_it_is_called(tmp_path, name):
    place = tmp_path / "store"
    intyg, koppling = files(tmp_path)
    vgstats("cases", intyg, "--mapping", koppling, "--store", place)
    units = [{"name": "Alby", "formerly": ["Björkvik"], "cni": 1.3}]
    intyg, koppling = files(tmp_path, units=units)
    merged = vgstats(
        "cases", intyg, "--mapping", koppling.rename(tmp_path / name), "--store", place
    )
    assert merged.returncode == 0, merged.stderr
    assert "Björkvik is part of Alby now" in merged.stdout
    store = Store(place)
    store.open_measures()
    assert {*areas.units("lan:14")} == {"enhet:14-alby"}
    (value,) = store.read([("enhet:14-alby", "intygsfall", ("2025-10-01",))]).pipe(
        lambda rows: rows.sort_values("retrieved").groupby("sex")["value"].last().unique()
    )
    assert value == 40


def test_a_unit_that_is_gone_from_the_mapping_is_told(tmp_path):
    place = tmp_path / "store"
    intyg, koppling = files(tmp_path)
    vgstats("cases", intyg, "--mapping", koppling, "--store", place)
    intyg, koppling = files(
        tmp_path, units=[{"name": "Alby"}, {"name": "Nya", "formerly": ["Björkvik"]}]
    )
    renamed = vgstats("cases", intyg, "--mapping", koppling, "--store", place)
    assert renamed.returncode == 0, renamed.stderr
    assert "Björkvik is no unit of the mapping any more" in renamed.stdout
    assert "give that unit the id that it had: bjorkvik" in renamed.stdout
