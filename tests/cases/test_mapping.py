"""What a mapping file may say, and what is said of one that will not do."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import yaml

from support import ROOT
from vgstats.cases.mapping import Columns, Mapping, read_mapping
from vgstats.cases.rules import RULES
from vgstats.errors import VgstatsError

SAID = {
    "lan": "14",
    "register": "Regionens intygsregister",
    "snapshots": ["2024-10-01", "2025-10-01"],
    "unit_by": "listad",
    "columns": {
        "person": "nyckel",
        "from": "fran",
        "to": "till",
        "degree": "grad",
        "diagnosis": "dx",
        "sex": "kon",
        "birth_year": "fodd",
        "kommun": "kommun",
        "listad_vardcentral": "vc",
        "specialitet": "spec",
        "kva": ["kva1", "kva2"],
    },
    "values": {"sex": {"1": "män", 2: "kvinnor"}, "specialitet": ["Ortopedi", "Psykiatri"]},
    "units": [
        {"name": "Vårdcentralen Älgö", "formerly": ["Älgö norra", "Älgö södra"]},
        {"name": "Björkvik", "id": "bjorkvik-vc", "started": "2024-10-01", "cni": 1.2},
    ],
}


def written(folder: Path, **changed: object) -> Path:
    """A mapping file; a key with dots is one inside another, and None takes it away."""
    said = copy.deepcopy(SAID)
    for key, value in changed.items():
        *parts, last = key.split("__")
        place = said
        for part in parts:
            place = place[part]
        if value is None:
            del place[last]
        else:
            place[last] = value
    file = folder / "koppling.yaml"
    file.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    return file


def refused(file: Path) -> list[str]:
    with pytest.raises(VgstatsError) as caught:
        read_mapping(file)
    return list(caught.value.args)


def test_a_mapping_names_the_columns_and_the_units_are_areas_of_the_county(tmp_path):
    mapping = read_mapping(written(tmp_path))
    assert mapping.own_columns()["from"] == ("fran",)
    assert mapping.own_columns()["kva"] == ("kva1", "kva2")
    assert [unit.area for unit in mapping.units] == [
        "enhet:14-vardcentralen-algo",
        "enhet:14-bjorkvik-vc",
    ]
    assert mapping.gap_days == 5 and mapping.unit_by == "listad"


def test_spellings_are_found_whatever_their_case_and_a_unit_by_every_name_it_had(tmp_path):
    mapping = read_mapping(written(tmp_path))
    assert mapping.spellings("sex")["2"] == "kvinnor"
    assert mapping.spellings("specialitet")["ortopedi"] == "Ortopedi"
    units = mapping.spellings("listad_vardcentral")
    assert units["älgö norra"] == units["vårdcentralen älgö"] == "enhet:14-vardcentralen-algo"
    assert mapping.former_names() == {"älgö norra", "älgö södra"}


def test_a_misspelt_key_is_told_with_the_nearest_and_all_faults_at_once(tmp_path):
    told = refused(written(tmp_path, columns__persn="x", columns__person=None, gap_day=3))
    assert len(told) == 2
    assert (
        "koppling.yaml: gap_day: the key is unknown. Did you mean 'gap_days'?" in told[1] + told[0]
    )
    assert "columns, persn: the key is unknown. Did you mean 'person'?" in told[0] + told[1]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"columns__listad_vardcentral": None}, "columns: listad_vardcentral is missing"),
        ({"unit": "hsn"}, "nobody is listed at a HSN"),
        ({"columns__kommun": "kon"}, "columns: 'kon' is named twice"),
        ({"values__sex": {"K": "kvinna"}}, "'kvinna' is unknown. Did you mean 'kvinnor'?"),
        ({"values__degre": {"hel": 100}}, "values: 'degre' is unknown. Did you mean 'degree'?"),
        ({"values__specialitet": None}, "values: specialitet is missing: list the words"),
        ({"values__specialitet": ["a=b"]}, "write words without = ; |"),
        (
            {"values__sysselsattning": {"a": "anställd"}},
            "sysselsattning is no column that the mapping",
        ),
        ({"values__sex": {True: "män"}}, "put it in quotation marks"),
        ({"units": [{"name": "A A", "formerly": ["B B"]}, {"name": "B B"}]}, "is a name of both"),
        ({"units": [{"name": "Alby"}, {"name": "alby"}]}, "the id 'alby' stands twice"),
        (
            {"values__listad_vardcentral": {"Älgö norra": "Björkvik"}},
            "'Älgö norra' is a name of another unit than 'Björkvik'",
        ),
        ({"snapshots": ["2025-10-01", "2024-10-01"]}, "write each day once, the earliest first"),
        ({"register": "Register 3"}, "numbers other than years"),
        ({"lan": "99"}, "lan: '99' is no area"),
        ({"lan": "1480"}, "kommun:1480 is no county"),
        ({"unit_by": "vald"}, "unit_by: 'vald' will not do"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_do(tmp_path, changed, expected):
    told = refused(written(tmp_path, **changed))
    assert any(expected in one for one in told), told
    assert all("docs/sjukfall-ur-intyg.md" in one for one in told)


def test_a_personnummer_anywhere_in_a_mapping_is_refused_by_line_and_not_shown(tmp_path):
    secret = "850101-1236"  # noqa: S105 - nobody's
    for changed in (
        {"units": [{"name": f"Alby {secret}"}]},
        {"columns__person": secret},
        {"values__specialitet": [secret]},
        {"snapshots": [secret]},
        {secret: 1},
    ):
        (told,) = refused(written(tmp_path, **changed))
        line = (tmp_path / "koppling.yaml").read_text(encoding="utf-8").partition(secret)[0]
        assert f"koppling.yaml, line {line.count(chr(10)) + 1}: " in told and secret not in told


def test_a_unit_may_be_called_by_a_number(tmp_path):
    mapping = read_mapping(written(tmp_path, units=[{"name": "1177 Närhälsan"}]))
    assert mapping.units[0].area == "enhet:14-enhet-1177-narhalsan"


def test_a_file_that_is_no_mapping_is_refused(tmp_path):
    file = tmp_path / "koppling.yaml"
    file.write_text("- a\n", encoding="utf-8")
    assert "there are no keys" in refused(file)[0]
    assert "mapping file cannot be read" in refused(tmp_path / "saknas.yaml")[0]


def test_the_mapping_that_the_guide_shows_is_one_and_it_tells_of_every_fault(tmp_path):
    guide = (ROOT / "docs" / "sjukfall-ur-intyg.md").read_text(encoding="utf-8")
    file = tmp_path / "koppling.yaml"
    file.write_text(guide.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    mapping = read_mapping(file)
    assert mapping.values["kva"]["EGEN1"] == "kartlaggningssamtal"
    assert {f"| {rule.fault} |" for rule in RULES} <= {
        *re.findall(r"^\| [^|]+ \|", guide, re.MULTILINE)
    }
    said = {
        field.alias or name for name, field in (Mapping.model_fields | Columns.model_fields).items()
    }
    assert said <= {*re.findall(r"`(\w+)`", guide)}
