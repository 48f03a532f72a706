"""What is counted of cases: every area, sex and group, as a slow way does; what a file cannot tell is left out."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain import DAY, TODAY, Certificate, cases_of, ongoing, opened

from vgstats.cases.counting import counts
from vgstats.cases.joining import join
from vgstats.cases.lengths import follow
from vgstats.cases.rules import RULES
from vgstats.catalogue.case_tables import (
    case_tables,
    choices,
    chosen,
    definitions,
    faults,
)
from vgstats.catalogue.data_files import data_folder, read_csv
from vgstats.errors import VgstatsError

LAN, ALBY, BODA, CELLA = "lan:14", "enhet:14-alby", "enhet:14-boda", "enhet:14-cella"
UNITS = (ALBY, BODA)
SEXES = ("kvinnor", "män")
EARLY = Certificate("early", dt.date(2023, 9, 1), dt.date(2023, 9, 3), unit=None, listed_unit=None)
DIAGNOSES = {"F00-F99": "F", "F43": "F43", "M00-M99": "M"}
STATISTICS = ("intygsfall_median_dagar", "intygsfall_kvar", "intygsfall_nettodagar")


def counted(certificates, day=TODAY, units=UNITS, listed=(), **more):
    """The rows of `counts` as a dictionary by their keys."""
    connection = opened(certificates)
    if listed:
        connection.execute(
            "CREATE TABLE listed (unit VARCHAR, year INTEGER, sex VARCHAR, age_from INTEGER, age_to INTEGER, "
            "persons BIGINT)"
        )
        connection.executemany("INSERT INTO listed VALUES (?, ?, ?, ?, ?, ?)", listed)
    frame = counts(connection, LAN, units, [day], **more)
    rows = frame.itertuples(index=False)
    found = {(r.measure, r.area, r.period, r.sex, r.group): r for r in rows}
    assert len(found) == len(frame)
    return found


def certificate(person, days_ago, length, **more):
    first = TODAY - days_ago * DAY
    return Certificate(person, first, first + (length - 1) * DAY, **more)


def groups_of(case, day):
    """The measure and group of every number in which a case counts that is ongoing on a day."""
    now, length = case.holding(day), case.days()
    diagnosis = now.diagnosis or ""
    chapters = [group for group, start in DIAGNOSES.items() if diagnosis.startswith(start)]
    yield "intygsfall", ""
    yield "intygsfall_diagnos", ""
    yield from (("intygsfall_diagnos", f"diagnos={group}") for group in chapters or ["övriga"])
    yield "intygsfall_langd", ""
    lengths = (28, 60, 90, 180, 365)
    yield from (("intygsfall_langd", f"langd={n}+") for n in lengths if length >= n)
    yield "intygsfall_grad", ""
    yield "intygsfall_grad", f"grad={'hel' if case.degrees[day] == 100 else 'partiell'}"
    yield "intygsfall_sysselsattning", ""
    yield "intygsfall_sysselsattning", f"sysselsättning={now.occupation or 'okänd'}"
    age = day.year - now.birth_year
    ages = "16-29", "30-39", "40-49", "50-59", "60+"
    yield "intygsfall_alder", ""
    yield "intygsfall_alder", f"alder={ages[sum(age >= low for low in (30, 40, 50, 60))]}"
    if length >= 28:
        for measure, done in (
            ("plan", any(one.plan for one in case.certificates)),
            ("kontakt_af", any(one.contact_af for one in case.certificates)),
        ):
            yield f"intygsfall_{measure}", ""
            yield f"intygsfall_{measure}", f"insats={'ja' if done else 'nej'}"


def slowly(certificates, day, unit_by):
    """The counts above 0, by the plain way."""
    found: dict[tuple[str, ...], int] = {}

    def add(measure, case_sex, unit, period, group):
        of_lan = measure in ("intygsfall_alder", "intygsfall_avslutade")
        for area in [LAN, *([unit] if unit in UNITS and not of_lan else [])]:
            key = (measure, area, period, case_sex, group)
            found[key] = found.get(key, 0) + 1

    owner = (lambda one: one.listed_unit) if unit_by == "listad" else (lambda one: one.unit)
    for case in ongoing(certificates, day):
        now = case.holding(day)
        for measure, group in groups_of(case, day):
            add(measure, now.sex, owner(now), str(day), group)
    first, last = dt.date(2024, 10, 1), dt.date(2025, 9, 30)
    for case in cases_of(certificates):
        start = next(one for one in case.certificates if one.first == case.first)
        if first <= case.first <= last:
            add("intygsfall_startade", start.sex, owner(start), "2025-09", "")
        if first <= case.last <= last:
            end = case.holding(case.last)
            add("intygsfall_avslutade", end.sex, owner(end), "2025-09", "")
    return found


def histories(size=25) -> st.SearchStrategy[list[Certificate]]:
    def one(person, days_ago, length, degree, diagnosis, unit, listed, occupation, plan):
        sex, birth_year = ("kvinnor", 1960) if person in "ab" else ("män", 2001)
        return certificate(
            person, days_ago, length, degree=degree, diagnosis=diagnosis, sex=sex, birth_year=birth_year,
            unit=unit, listed_unit=listed, occupation=occupation, plan=plan, contact_af=plan,
        )  # fmt: skip

    units = st.sampled_from((ALBY, BODA, "enhet:14-annan", None))
    return st.lists(
        st.builds(
            one,
            st.sampled_from("abcd"),
            st.integers(-20, 420),
            st.integers(1, 120),
            st.sampled_from((25, 50, 75, 100)),
            st.sampled_from(("F43.9", "F32.1", "M54.5", "J06.9", None)),
            units,
            units,
            st.sampled_from(("anställd", "försörjningsstöd", None)),
            st.sampled_from((True, False, None)),
        ),
        max_size=size,
    ).map(
        lambda found: [
            EARLY,
            certificate("sure", 3, 5, plan=False, occupation="anställd", contact_af=False),
            *found,
        ]
    )


@given(histories(), st.sampled_from(("listad", "senaste_intyg")))
def test_a_slow_count_gives_the_same(certificates, unit_by):
    found = counted(certificates, unit_by=unit_by)
    above_0 = {key: r.value for key, r in found.items() if r.value and r.measure not in STATISTICS}
    assert above_0 == slowly(certificates, TODAY, unit_by)


@given(histories(), st.integers(1, 30))
def test_a_slow_follow_up_gives_the_same(certificates, ago):
    connection = opened(certificates)
    join(connection)
    first, known = dt.date(2024, 10, 1), TODAY - ago * DAY
    follow(connection, first, known, "senaste_intyg")
    rows = connection.execute("SELECT unit, diagnosis, days, ended FROM followed").fetchall()
    slow = []
    for case in cases_of(certificates):
        if first <= case.first <= known:
            start = next(one for one in case.certificates if one.first == case.first)
            slow.append((start.unit, start.diagnosis, case.days(last=known), case.last < known))
    assert sorted(rows, key=repr) == sorted(slow, key=repr)


def test_employers_are_of_the_employed_and_left_out_where_nobody_is_said_to_be():
    """Who has no employer is otherwise an unknown one."""
    certificates = [
        EARLY,
        certificate("a", 100, 150, occupation="anställd", employer="kommun"),
        certificate("b", 100, 150, occupation="anställd"),
        certificate("c", 100, 150, occupation="arbetslös"),
        certificate("d", 100, 150),
    ]
    found = counted(certificates)
    employers = {
        group: one.value
        for (measure, area, day, sex, group), one in found.items()
        if measure == "intygsfall_arbetsgivare" and sex == "kvinnor"
    }
    assert employers == {"": 2, "arbetsgivare=kommun": 1, "arbetsgivare=okänd": 1}
    nobody = counted([EARLY, certificate("a", 100, 150, employer="kommun")])
    assert "intygsfall_arbetsgivare" not in {measure for measure, *_ in nobody}


def test_every_area_has_every_sex_and_group_and_parts_sum_to_their_totals():
    certificates = [
        EARLY,
        certificate("a", 100, 150, occupation="anställd", plan=True, specialty="psykiatri"),
        certificate("b", 10, 30, sex="män", diagnosis="M54.5", degree=50, listed_unit=BODA),
        certificate("c", 400, 800, diagnosis=None, listed_unit=None),
    ]
    found = counted(certificates)
    keys = {key for key in found if not key[0].startswith(STATISTICS)}
    for table in case_tables().values():
        mine = {key for key in keys if key[0] == table.measure}
        areas = {area for _, area, *_ in mine}
        if table.column in (
            "employer",
            "coordination",
            "mapping_talk",
            "contact_af",
            "contact_employer",
            "completion",
        ):
            assert not mine, table
            continue
        assert areas == ({LAN, *UNITS} if "enhet" in table.where else {LAN})
        groups = {group for *_, group in mine}
        assert len(mine) == len(areas) * 2 * len(groups)
        of = ("intygsfall_langd", table.of) if table.of else ("intygsfall", "")
        for area, sex in itertools.product(areas, SEXES):
            total = found[table.measure, area, str(TODAY), sex, ""].value
            assert total == found[of[0], area, str(TODAY), sex, of[1]].value
            parts = [
                found[table.measure, area, str(TODAY), sex, group].value
                for group in groups - {"", "diagnos=F43"}
            ]
            if table.dimension != "langd":
                assert sum(parts) == total
    assert found["intygsfall", BODA, str(TODAY), "kvinnor", ""].status == "nil"
    assert found["intygsfall", BODA, str(TODAY), "män", ""].status == "ok"
    assert found["intygsfall", LAN, str(TODAY), "kvinnor", ""].value == 2
    assert (
        found["intygsfall", ALBY, str(TODAY), "kvinnor", ""].value == 1
    )  # that of no unit is in the county alone
    assert found["intygsfall_diagnos", LAN, str(TODAY), "kvinnor", "diagnos=övriga"].value == 1
    assert (
        found["intygsfall_specialitet", LAN, str(TODAY), "kvinnor", "specialitet=okänd"].value == 1
    )


def test_what_a_file_begins_too_late_to_tell_is_left_out():
    for days_seen, groups in ((27, []), (28, ["28+"]), (364, ["28+", "60+", "90+", "180+"])):
        found = counted([certificate("a", days_seen - 1, 500, plan=True)])
        told = {group for measure, *_, group in found if measure == "intygsfall_langd"}
        assert told == {"", *(f"langd={group}" for group in groups)}
        assert any(key[0] == "intygsfall_plan" for key in found) == bool(groups)
        assert not any(key[0] in ("intygsfall_startade", *STATISTICS) for key in found)
    found = counted([certificate("a", 365, 500, plan=True)])
    assert found["intygsfall_langd", LAN, str(TODAY), "kvinnor", "langd=365+"].value == 1
    assert found["intygsfall_startade", LAN, "2025-09", "kvinnor", ""].value == 1


def test_a_snapshot_between_months_and_no_snapshot():
    found = counted([EARLY, certificate("a", 40, 500)], dt.date(2025, 10, 15))
    assert {period for *_, period, _, _ in found} == {"2025-10-15", "2025-09"}
    with pytest.raises(VgstatsError, match="No certificate holds on 2025-10-01"):
        counted([EARLY])
    with pytest.raises(VgstatsError, match="no certificates"):
        counted([])
    with pytest.raises(VgstatsError, match="no snapshot"):
        counts(opened([EARLY]), LAN, UNITS, [])


def test_a_table_that_is_not_declared_is_refused():
    with pytest.raises(
        VgstatsError, match=r"no table 'intygsfall_lakare'.*Declared are intygsfall_diagnos"
    ):
        counted([certificate("a", 40, 500)], tables=["intygsfall_lakare"])
    found = counted([certificate("a", 40, 500)], tables=["intygsfall_grad"])
    assert {measure for measure, *_ in found} == {"intygsfall", "intygsfall_grad"}


def test_how_long_cases_last_is_told_of_thirty_and_the_share_left_of_a_thousand():
    certificates = [EARLY]
    for n in range(1000):
        sex = "kvinnor" if n % 2 else "män"
        unit = ALBY if n < 58 else BODA if n < 160 else None
        length = 200 if n % 10 < 2 else 20 if n % 10 < 6 else 40
        certificates.append(certificate(f"p{n}", 250 + n % 50, length, sex=sex, listed_unit=unit))
    certificates.append(certificate("now", 3, 5))
    found = counted(certificates)
    medians = {
        key[1:4:2]: r.value for key, r in found.items() if r.measure == "intygsfall_median_dagar"
    }
    assert medians == dict.fromkeys(
        [(area, sex) for area in (LAN, BODA) for sex in (*SEXES, "alla")] + [(ALBY, "alla")], 40
    )
    left = {key[3:]: r.value for key, r in found.items() if r.measure == "intygsfall_kvar"}
    assert left == {
        ("alla", "dag=30"): 60,
        ("alla", "dag=60"): 20,
        ("alla", "dag=90"): 20,
        ("alla", "dag=180"): 20,
    }


def test_net_days_are_weighted_by_degree_within_the_twelve_months_in_whole_tens():
    fewer = [certificate(f"p{n}", 100, 11, degree=50) for n in range(19)]
    assert not any(
        key[0] == "intygsfall_nettodagar"
        for key in counted([EARLY, certificate("x", 0, 9), *fewer])
    )
    some = [EARLY, *(certificate(f"p{n}", 100, 11, degree=50) for n in range(20))]
    some.append(certificate("half of it before", 375, 20, degree=100))
    some.append(certificate("and most of it after", 1, 300, degree=100))
    found = counted(some)
    row = found["intygsfall_nettodagar", ALBY, "2025-09", "alla", ""]
    assert (row.value, row.resolution) == (120, 10)  # 20 x 5.5, 10 and 1 days


def test_net_days_of_few_cannot_be_had_as_the_difference_from_those_of_many():
    def of(unit, women, men):
        return [
            certificate(f"{unit}{sex}{n}", 100, 11, sex=sex, unit=unit, listed_unit=unit)
            for sex, many in (("kvinnor", women), ("män", men))
            for n in range(many)
        ]

    def told(*certificates):
        now = certificate("now", 0, 9)
        rows = counted([EARLY, now, *certificates], units=(ALBY, BODA, CELLA)).values()
        return {(r.area, r.sex) for r in rows if r.measure == "intygsfall_nettodagar"}

    every = {(area, sex) for area in (LAN, ALBY, BODA) for sex in (*SEXES, "alla")}
    nobody_else = [*of(ALBY, 40, 30), *of(BODA, 30, 25)]
    assert told(*nobody_else) == every
    one_man = told(*of(ALBY, 40, 1), *of(BODA, 30, 25), *of(CELLA, 20, 20))
    assert {sex for area, sex in one_man if area == ALBY} == {"alla"}, "the man is the difference"
    assert {sex for area, sex in one_man if area == CELLA} == {"alla"}, "beside which he is alone"
    # Two cases at a third unit are what the county has beyond the others: so the smallest of these is left out too.
    beside_two = told(*nobody_else, *of(CELLA, 1, 1))
    assert beside_two == {one for one in every if one[0] != BODA}
    assert told(*nobody_else, *of(CELLA, 20, 20)) >= every


@pytest.mark.parametrize("young", [6, 4])
def test_expected_cases_are_the_regions_by_age_and_sex_where_these_are_not_few(young):
    listed = [
        (ALBY, 2025, "kvinnor", 16, 44, 300), (ALBY, 2025, "kvinnor", 45, 64, 100),
        (BODA, 2025, "kvinnor", 16, 44, 100), (BODA, 2025, "kvinnor", 45, 64, 300),
        (BODA, 2024, "kvinnor", 16, 44, 999),
    ]  # fmt: skip
    certificates = [
        certificate(f"y{n}", 20, 60, birth_year=2000, listed_unit=ALBY) for n in range(young)
    ]
    certificates += [
        certificate(f"o{n}", 20, 60, birth_year=1970, listed_unit=BODA) for n in range(12)
    ]
    found = counted([EARLY, *certificates], listed=listed)
    expected = {
        key[1:4:2]: r.value for key, r in found.items() if r.measure == "intygsfall_forvantade"
    }
    if young < 5:  # four cannot be reckoned from what is expected of all units
        assert expected[ALBY, "alla"] == expected[BODA, "alla"] == 400 * (young + 12) / 800
    else:
        assert expected[ALBY, "alla"] == 300 * young / 400 + 100 * 12 / 400
        assert expected[BODA, "alla"] == 100 * young / 400 + 300 * 12 / 400
    assert expected[LAN, "alla"] == young + 12
    assert {sex for _, sex in expected} == {"alla"}, "nothing shows women and men apart"
    of_four = counted([EARLY, *certificates[-4:]], listed=listed)
    assert not any(row.measure == "intygsfall_forvantade" for row in of_four.values())
    assert found["listade", LAN, str(TODAY), "kvinnor", ""].value == 800


@pytest.mark.parametrize(
    "more",
    [{"listed_unit": None}, {"birth_year": None}, {"birth_year": 1950}, {"listed_unit": "enhet:14-x"}],
    ids=["no unit", "no age", "an age that nobody is listed at", "a unit that lists nobody"],
)  # fmt: skip
def test_what_is_expected_of_all_units_is_the_countys_own_total(more):
    """It tells of nothing that is hidden, and a unit's own cases count whatever their age."""
    listed = [(unit, 2025, "kvinnor", 16, 64, persons) for unit, persons in ((ALBY, 300), (BODA, 100))]  # fmt: skip
    certificates = [certificate(f"o{n}", 20, 60, birth_year=1970) for n in range(12)]
    certificates += [certificate(f"n{n}", 20, 60, **{"birth_year": 1970} | more) for n in range(3)]
    found = counted([EARLY, *certificates], listed=listed)
    whole, own = (
        found["intygsfall_forvantade", area, str(TODAY), "alla", ""].value for area in (LAN, ALBY)
    )
    assert whole == found["intygsfall", LAN, str(TODAY), "kvinnor", ""].value == 15
    assert own == pytest.approx(15 * 3 / 4, abs=0.1)


def test_nothing_is_expected_where_one_sex_has_cases_and_no_listed():
    listed = [(ALBY, 2025, "kvinnor", 16, 64, 300)]
    women = [certificate(f"k{n}", 20, 60, birth_year=1970) for n in range(12)]
    man = certificate("m", 20, 60, birth_year=1970, sex="män")
    found = counted([EARLY, *women, man], listed=listed)
    assert not any(key[0] == "intygsfall_forvantade" for key in found)


def test_what_a_report_says_of_the_numbers_follows_the_choices_and_names_sources():
    sources = set(read_csv(data_folder() / "sources.csv", _columns())["source"])
    said = definitions(5, "listad")
    assert {one.source for one in said} - {""} <= sources
    assert "högst fem dagar utan intyg" in said[0].text
    assert "högst en dag utan" in definitions(1)[0].text
    assert [one.id for one in said][-1] == "listad"
    assert [one.id for one in definitions(5, "senaste_intyg")][-1] == "senaste_intyg"
    every = [(gap, whose) for gap in range(13) for whose in ("listad", "senaste_intyg")]
    assert [chosen(choices(*one)) for one in every] == every and chosen("Annat.") is None


def test_a_report_says_of_every_fault_what_became_of_its_rows():
    """In the order of the rules, which the words agree with."""
    assert [*faults()] == [rule.fault for rule in RULES]
    for rule in RULES:
        left_out = rule.out or "left out" in rule.then
        assert faults()[rule.fault].startswith("Utelämnade" if left_out else "Kvar"), rule.fault


def _columns():
    return (data_folder() / "sources.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
