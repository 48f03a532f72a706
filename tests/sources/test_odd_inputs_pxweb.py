"""Odd files of SCB's, made here: variants of the kinds in `test_odd_inputs`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pxweb_answers import cube

from intake import put, stored, take
from vgstats import VgstatsError
from vgstats.store.store import Store

M, K, A = ("män", "kvinnor", "alla")
TWO = {M: (780.0, "ok"), K: (790.0, "ok"), A: (1570.0, "ok")}
LAN_14 = "Västra Götalands län"


def csv(*lines: str, encoding: str = "utf-8") -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode(encoding)


def version_1(
    *lines: tuple[list[str], list[str]], codes=("Region", "Kon", "Tid", "BE0101N1"), **more
) -> bytes:
    columns = [{"code": code, "text": code.lower(), "type": "d"} for code in codes]
    data = [{"key": key, "values": values} for key, values in lines]
    return json.dumps({"columns": columns, "comments": [], "data": data, **more}).encode()


def stat(value: list[Any], **dimensions: dict[str, str]) -> bytes:
    return json.dumps(cube(value, **dimensions)).encode()


SEXES = {"TotSa": "totalt", "1": "män", "2": "kvinnor"}

TAKEN = {
    "tab": (csv('"region"\t"kön"\t"Folkmängd 2008"', '"14"\t"män"\t780', '"14"\t"kvinnor"\t790'), TWO),
    "title and semicolon in cp1252": (
        csv('"Folkmängd efter region; kön, och år"', "", '"region";"kön";"Folkmängd 2008"',
            f'"14 {LAN_14}";"män";780', f'"14 {LAN_14}";"kvinnor";790', encoding="cp1252"),
        TWO,
    ),
    "two lines of title": (
        csv('"Folkmängd"', '"efter region, kön och år"', '"region","kön","Folkmängd 2008"',
            '"14","män",780', '"14","kvinnor",790'),
        TWO,
    ),
    "codes and texts": (
        csv('"Region region","Kon kön","BE0101N1 Folkmängd 2008"', f'"14 {LAN_14}","1 män",780',
            f'"14 {LAN_14}","2 kvinnor",790'),
        TWO,
    ),
    "codes in semicolons, dated": (csv("Region;Kon;BE0101N1 2008", "14;1;780", "14;2;790"), TWO),
    "saved in Excel, with empty lines": (
        csv("region;kön;Folkmängd 2008", f"14 {LAN_14};män;780", f"14 {LAN_14};kvinnor;790", ";;", encoding="cp1252"),
        TWO,
    ),
    "thousands with spaces": (
        csv("region;kön;Folkmängd 2008", "14;män;1 780", "14;kvinnor;790"),
        {M: (1780.0, "ok"), K: (790.0, "ok"), A: (2570.0, "ok")},
    ),
    "version 1 with sexes": (version_1((["14", "1", "2008"], ["780"]), (["14", "2", "2008"], ["790"])), TWO),
    "version 1 with marks": (
        version_1((["14", "1", "2008"], [".."]), (["14", "2", "2008"], ["-"])),
        {M: (None, "missing"), K: (0.0, "nil"), A: (None, "missing")},
    ),
    "version 1 with totals of other variables": (
        version_1((["14", "SC", "TotSA", "2025"], ["203"]), codes=("Region", "Civilstand", "Alder", "Tid", "000007ME")),
        {A: (203.0, "noisy")},
    ),
    "by year from 2025": (
        stat([203, 100, 101], Kon=SEXES, ContentsCode={"000007ME": "Folkmängd"}, Tid={"2025": "2025"},
             Civilstand={"SC": "samtliga civilstånd"}),
        {A: (203.0, "noisy"), M: (100.0, "noisy"), K: (101.0, "noisy")},
    ),
}  # fmt: skip

REFUSED = {
    "short name of another county": (stat([1, 2], Region={"14": "Skåne"}), "Skåne is lan:12"),
    "the country under a county's code": (stat([1, 2], Region={"14": "Riket"}), "Riket is riket"),
    "a county under a kommun's code": (stat([1, 2], Region={"1480": "Hallands län"}), "the code 1480 is Göteborg"),
    "in CSV": (csv('"region","Folkmängd 2008"', '"14 Skövde",780'), "names two areas"),
    "in CSV, shortened": (csv('"region";"Folkmängd 2008"', '"1480 Malmö stad";780'), "Malmö stad is kommun:1280"),
    "noise is small": (stat([900, 100, 101], Kon=SEXES, Tid={"2025": "2025"}), "kvinnor 101 + män 100 is not alla 900"),
    "no noise before 2025": (stat([203, 100, 101], Kon=SEXES), "kvinnor 101 + män 100 is not alla 203"),
    "a year whose label is another": (stat([1, 2], Tid={"2008": "2009"}), "2008 2009"),
    "an age whose label is another": (stat([1, 2], Alder={"16": "17 år", "tot": "totalt"}, Kon={}), "16 17 år"),
    "a sex whose label is another": (csv("Region;Kon;BE0101N1 2008", "14;1 kvinnor;780"), "1 kvinnor"),
    "parts of another variable": (
        version_1((["14", "OG", "2008"], ["1"]), (["14", "G", "2008"], ["2"]),
                  codes=("Region", "Civilstand", "Tid", "BE0101N1")),
        "parts the numbers (OG, G)",
    ),
    "contents that are not known": (
        version_1((["14", "2008"], ["1"]), codes=("Region", "Tid", "BE0101N2")),
        "the contents are BE0101N2. Did you mean 'BE0101N1'",
    ),
    "a number with decimals": (csv("Region;Tid;BE0101N1", "14;2008;1,234"), "1,234"),
    "a thousand with a dot": (csv("Region;Tid;BE0101N1", "14;2008;1.234"), "1.234"),
    "a line that is cut off": (
        version_1((["14", "1", "2008"], ["780"]), (["14", "2"], ["790"])), "row 2: 3 cells; there are 4 columns",
    ),
    "no data": (version_1(), "there are columns and no data"),
    "json-stat of version 1": (json.dumps({"dataset": {"dimension": {}, "value": []}}).encode(), "Choose json-stat2"),
}  # fmt: skip


@pytest.mark.parametrize("case", TAKEN)
def test_it_is_taken_in(tmp_path, case):
    content, expected = TAKEN[case]
    store = Store(tmp_path / "store")
    outcome = take(put(tmp_path, content), store)
    assert outcome.added is not None, outcome.rejected
    found = stored(store)
    assert {key[1] for key in found} == {"lan:14"} and {key[0] for key in found} == {"befolkning"}
    assert {key[3]: cell for key, cell in found.items()} == expected


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_for_what_is_wrong(tmp_path, case):
    content, reason = REFUSED[case]
    store = Store(tmp_path / "store")
    try:
        outcome = take(put(tmp_path, content), store)
    except VgstatsError as error:
        assert reason in str(error)
    else:
        assert outcome.added is None
        said = [f"{row.value}: {row.rule}" for row in outcome.rejected.itertuples()]
        assert any(reason in line for line in said), said
    assert not list(store.folder.rglob("*.parquet"))


def test_a_december_of_the_monthly_table_is_the_years_figure_too(tmp_path):
    content = stat(
        [203, 100, 101, 204, 100, 102],
        Kon=SEXES,
        ContentsCode={"000007SF": "Folkmängd"},
        Tid={"2025M11": "2025M11", "2025M12": "2025M12"},
    )
    answer = json.loads(content)
    answer["value"] = [203, 204, 100, 100, 101, 102]
    store = Store(tmp_path / "store")
    take(put(tmp_path, json.dumps(answer)), store)
    found = {key[2]: cell for key, cell in stored(store).items() if key[3] == "alla"}
    assert found == {
        "2025-11": (203.0, "noisy"),
        "2025-12": (204.0, "noisy"),
        "2025": (204.0, "noisy"),
    }


def test_a_note_below_the_table_is_told_to_be_taken_away(tmp_path):
    content = csv("region;kön;Folkmängd 2008", "14;män;780", "14;kvinnor;790", "", "Källa: SCB")
    with pytest.raises(VgstatsError, match=r"row 5: .* If 'Källa: SCB' is a note .* delete it"):
        take(put(tmp_path, content), Store(tmp_path / "store"))
