"""Parameter files are read strictly; every mistake gets one clear message."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import ROOT
from vgstats import VgstatsError
from vgstats.batch.plan import plan
from vgstats.catalogue import areas

GOOD = """\
report: uppfoljning
lan: ["14"]
before: "2005-12"
after: "2008-12"
intervention: atgardsplan-vg-2006-2008
"""


def planned(tmp_path: Path, text: str):
    file = tmp_path / "batch.yaml"
    file.write_text(text, encoding="utf-8")
    return plan(file)


def test_the_default_batches_are_valid():
    assert len(plan(ROOT / "params" / "vg-2006-2008.yaml").jobs) == 1
    jobs = plan(ROOT / "params" / "lan-2005-2008.yaml").jobs
    codes = [job.parameters.lan for job in jobs]
    assert codes == sorted(codes) and len(set(codes)) == 21
    assert codes[0] == "01"  # a code, never the number 1
    assert len({job.file_name for job in jobs}) == 21


def test_the_good_file_of_these_tests_is_good(tmp_path):
    (job,) = planned(tmp_path, GOOD).jobs
    assert job.file_name == "vastra-gotalands-lan-2005-12-2008-12.html"
    assert job.former_file == "14-2005-12-2008-12.html"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("report:", "repport:"), r"unknown key 'repport'\. Did you mean 'report'"),
        (("uppfoljning", "uppföljning"), r"report: 'uppföljning'.*Did you mean 'uppfoljning'\?"),
        (("before:", "befor:"), r"unknown key 'befor'\. Did you mean 'before'"),
        (('lan: ["14"]\n', ""), r"the key 'lan' is missing"),
        (('["14"]', '["15"]'), r"lan: '15' is not a county code.*in quotation marks"),
        (('["14"]', '["1480"]'), r"lan: '1480' is not a county code"),
        (('["14"]', "[01]"), r"line 2: 01 is read as a number, not as text.*'01'"),
        (('["14"]', "[08]"), None),  # YAML reads 08 as text; but there it is a known county
        (
            ('["14"]', "14"),
            r"lan: '14' will not do\. Expected a list of county codes.*Write lan: \['14'\]",
        ),
        (('["14"]', "no"), r"line 2: no is read as yes or no"),
        (('["14"]', "[]"), r"lan: the list is empty"),
        (('["14"]', '["14", "14"]'), r"lan: '14' stands twice"),
        (('["14"]', '"14"'), r"lan: '14' will not do\. Expected a list of county codes"),
        (('"2005-12"', "2005-12"), None),
        (('"2005-12"', "2005"), r"line 3: 2005 is read as a number"),
        (('"2005-12"', "2005-12-31"), r"line 3: 2005-12-31 is read as a date"),
        (('"2005-12"', '"dec 2005"'), r"before: 'dec 2005' is not a period"),
        (('"2005-12"', '"2009-12"'), r"before '2009-12' must lie before after '2008-12'"),
        (('"2005-12"', '"2008-12"'), r"before '2008-12' must lie before after '2008-12'"),
        (('"2008-12"', '"2040-12"'), r"no measure of this report has figures for Västra"),
        (('"2008-12"', "null"), r"line 4: there is no value here"),
        (
            ("atgardsplan-vg", "atgardsplan-vgr"),
            r"intervention: 'atgardsplan-vgr-2006-2008' is unknown.*Did you mean",
        ),
        (("atgardsplan-vg-2006-2008", "timra-2018-2019"), r"belongs to Timrå, not"),
        (("report: upp", "lan: [x]\nreport: upp"), r"line 3: the key 'lan' stands twice"),
        (("after:", "after: ["), r"not valid YAML"),
        (("report:", "\x00report:"), r"not valid YAML"),
        (("report:", "? [a, b]\n: c\nreport:"), r"line 1: a key must be one word"),
        (("report:", "[" * 3000 + "\nreport:"), r"not valid YAML"),
        (('"2005-12"', '"2008-01"'), r"no measure of this report has figures"),
        (('"2005-12"', '"2005-06"'), r"no measure of this report has figures"),
        (('"2005-12"\nafter: "2008-12"', '"2005-Q4"\nafter: "2008-Q4"'), r"no measure of this"),
        (
            ('"2005-12"\nafter: "2008-12"', '"2011-12"\nafter: "2014-12"'),
            r"ran from 2006-06-01 to 2008-12-31, which does not lie between",
        ),
        ((GOOD, "- a list"), r"there are no keys and values"),
        ((GOOD, ""), r"there are no keys and values"),
        (
            ("intervention", 'periods: {kostnad_s: ["2004", "2007"]}\nintervention'),
            r"unknown measure 'kostnad_s'\. Did you mean 'kostnad_sa'",
        ),
        (
            ("intervention", 'periods: {kostnad_sa: ["2004"]}\nintervention'),
            r"kostnad_sa: 1 periods stand there. Expected two",
        ),
        (
            ("intervention", 'periods: {kostnad_sa: ["2007", "2004"]}\nintervention'),
            r"kostnad_sa: first '2007' must lie before second '2004'",
        ),
        (
            ("intervention", 'periods: {kostnad_sa: ["2005", "2008"]}\nintervention'),
            r"kostnad_sa has no figures for Västra Götalands län.*2004, 2007",
        ),
        (
            ("intervention", "periods: [kostnad_sa]\nintervention"),
            r"periods: \['kostnad_sa'\] will not do\. Expected measures",
        ),
    ],
)
def test_a_mistake_is_named_with_file_key_value_and_remedy(tmp_path, change, message):
    text = GOOD.replace(*change)
    assert text != GOOD
    if message is None:
        assert planned(tmp_path, text.replace("atgardsplan-vg", "sjukskrivningsmiljarden")).jobs
        return
    with pytest.raises(VgstatsError, match=message) as caught:
        planned(tmp_path, text)
    assert all(one.startswith(str(tmp_path / "batch.yaml")) for one in caught.value.args)
    assert str(caught.value).count("\n") == len(caught.value.args) - 1


def test_a_county_without_any_figures_in_the_periods_is_told_which_there_are(tmp_path):
    text = GOOD.replace('"14"', '"01"').replace("atgardsplan-vg", "sjukskrivningsmiljarden")
    with pytest.raises(VgstatsError, match=r"Stockholms län.*pagaende_sjukfall: 2005, 2006, "):
        planned(tmp_path, text.replace('"2005-12"', '"1999-12"'))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(
        VgstatsError, match=r"nothing\.yaml: the parameter file cannot be read \(it is not there\)"
    ):
        plan(tmp_path / "nothing.yaml")


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    (tmp_path / "batch.yaml").write_bytes("lan: Västra".encode("cp1252"))
    with pytest.raises(VgstatsError, match="not UTF-8"):
        plan(tmp_path / "batch.yaml")


# Two counties have no count of persons with the benefit among the figures that come along.
WITHOUT_TWO = (
    GOOD.replace(
        "intervention: atgardsplan-vg-2006-2008", 'periods: {sa_mottagare: ["2018-12", "2019-12"]}'
    )
    .replace("2005-12", "2018-12")
    .replace("2008-12", "2019-12")
)


def test_all_counties_without_figures_are_named_at_once_as_what_leaves_them_out(tmp_path):
    text = WITHOUT_TWO.replace('["14"]', "alla")
    with pytest.raises(VgstatsError, match=r"Västerbottens län.*cannot be made \(2\)") as caught:
        planned(tmp_path, text)
    _, _, exclusion = str(caught.value).partition("\n")
    assert '["24", "25"]' in exclusion
    left = {job.parameters.lan for job in planned(tmp_path, f"{text}{exclusion}\n").jobs}
    assert left == {area.removeprefix("lan:") for area in areas.lan()} - {"24", "25"}


def test_where_none_is_left_the_others_are_named(tmp_path):
    text = WITHOUT_TWO.replace('["14"]', '["24", "25"]')
    with pytest.raises(VgstatsError, match=r"Västerbottens län.*The same goes for lan 25\.$"):
        planned(tmp_path, text)


@pytest.mark.parametrize("name", ["...yaml", "..yaml", "a b.yaml", "-x.yaml"])
def test_a_file_name_that_cannot_be_a_folder_is_refused(tmp_path, name):
    (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(VgstatsError, match="Rename the file"):
        plan(tmp_path / name)


def test_a_folder_is_no_parameter_file(tmp_path):
    with pytest.raises(VgstatsError, match=r"cannot be read \(it is a folder\)"):
        plan(tmp_path)
