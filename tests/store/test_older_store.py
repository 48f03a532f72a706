"""A store that an older version wrote: it opens, reads and takes more.

The folder `of_commit_cf3b498` was written by that commit's `vgstats import`, one own table and one population, both
made up.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from commands import vgstats
from intake import put, stored, take
from vgstats.disclosure.release import unprotected
from vgstats.store.store import Store

WRITTEN = Path(__file__).parent / "of_commit_cf3b498"
OWN = "pagaende_sjukfall_eget_register"
BEFORE = {
    (OWN, "kommun:1480", "2024-12", "kvinnor", ""): (123.0, "ok"),
    (OWN, "kommun:1480", "2024-12", "män", ""): (None, "suppressed"),
    ("befolkning", "lan:14", "2008", "alla", ""): (1570.0, "ok"),
    ("befolkning", "lan:14", "2008", "kvinnor", ""): (790.0, "ok"),
    ("befolkning", "lan:14", "2008", "män", ""): (780.0, "ok"),
}


@pytest.fixture
def older(tmp_path) -> Store:
    shutil.copytree(WRITTEN, tmp_path / "store")
    return Store(tmp_path / "store")


def test_an_older_store_opens_and_reads(older):
    assert stored(older) == BEFORE
    assert unprotected(older.provenance()) == ["region-x"]
    shown = vgstats("store", "--store", older.folder)
    assert shown.returncode == 0 and "own figures, not official" in shown.stdout


def test_an_older_store_takes_a_revision_a_new_table_and_a_measure_of_its_own(older, tmp_path):
    men = '"region","kön","Folkmängd 2008"\n"14","män",781\n"14","kvinnor",790\n'
    assert take(put(tmp_path, men, "pop.csv"), older).added.revised == 2
    declared = put(
        tmp_path,
        "measures:\n  - {id: rehab, name: Rehab, unit: fall, kind: count, time: flow, definition: Egna.}\n",
        "matt.yaml",
    )
    table = put(tmp_path, "mått;län;år;kön;antal\nrehab;14;2024;alla;12\n", "egen.csv")
    done = vgstats("import", declared, table, "--store", older.folder, "--publisher", "Region X")
    assert done.returncode == 0, done.stderr
    assert stored(Store(older.folder)) == BEFORE | {
        ("befolkning", "lan:14", "2008", "alla", ""): (1571.0, "ok"),
        ("befolkning", "lan:14", "2008", "män", ""): (781.0, "ok"),
        ("rehab", "lan:14", "2024", "alla", ""): (12.0, "ok"),
    }
