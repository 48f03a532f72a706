"""What is one case: histories worked by hand, and random ones by an independent slow way."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain import Certificate, cases_of, ongoing, opened

from vgstats.cases.joining import join, stand
from vgstats.errors import VgstatsError


def day(text: str) -> dt.date:
    """A day of 2025 as 03-01, or of another year as 2024-03-01."""
    return dt.date.fromisoformat(text if len(text) == 10 else f"2025-{text}")


def certificates(table: str) -> list[Certificate]:
    """Certificates as lines `person first last degree diagnosis unit`, of which the last two may be left out."""
    lines = [line.split() for line in table.strip().splitlines()]
    return [
        Certificate(
            person,
            day(first),
            day(last),
            int(degree),
            *more[:1],
            unit=more[1] if more[1:] else None,
        )
        for person, first, last, degree, *more in lines
    ]


# Why; certificates as they stand in the file (person, first, last, per cent); cases (person, first, last, days, net
# days).
JOINED = [
    ("one certificate is one case", "a 01-01 01-10 100", "a 01-01 01-10 10 10"),
    ("of one day", "a 01-01 01-01 100", "a 01-01 01-01 1 1"),
    ("the next day goes on", "a 01-01 01-10 100\na 01-11 01-20 100", "a 01-01 01-20 20 20"),
    (
        "one free day joins and is no day",
        "a 01-01 01-10 100\na 01-12 01-20 100",
        "a 01-01 01-20 19 19",
    ),
    ("five free days join", "a 01-01 01-10 100\na 01-16 01-20 100", "a 01-01 01-20 15 15"),
    (
        "six free days part",
        "a 01-01 01-10 100\na 01-17 01-20 100",
        "a 01-01 01-10 10 10\na 01-17 01-20 4 4",
    ),
    (
        "as in Inera's example: to 14 August, from the 17th joins",
        "a 08-01 08-14 100\na 08-17 08-31 100",
        "a 08-01 08-31 29 29",
    ),
    (
        "as in Inera's example: to 14 August, from the 21st is another",
        "a 08-01 08-14 100\na 08-21 08-31 100",
        "a 08-01 08-14 14 14\na 08-21 08-31 11 11",
    ),
    (
        "the same certificate twice counts once",
        "a 01-01 01-10 50\na 01-01 01-10 50",
        "a 01-01 01-10 10 5",
    ),
    (
        "an overlap counts once, at the highest degree",
        "a 01-01 01-10 50\na 01-06 01-15 100",
        "a 01-01 01-15 15 12.5",
    ),
    (
        "an overlap counts at the highest degree when the later one is lower",
        "a 01-01 01-10 100\na 01-06 01-15 50",
        "a 01-01 01-15 15 12.5",
    ),
    (
        "a nested certificate of lower degree adds nothing",
        "a 01-01 01-31 100\na 01-10 01-12 25",
        "a 01-01 01-31 31 31",
    ),
    (
        "a nested certificate of higher degree adds the rest of its days",
        "a 01-01 01-31 50\na 01-10 01-13 100",
        "a 01-01 01-31 31 17.5",
    ),
    (
        "what follows a nested certificate is reckoned from the longest",
        "a 01-01 01-31 100\na 01-05 01-06 100\na 02-03 02-04 100",
        "a 01-01 02-04 33 33",
    ),
    (
        "two nested ones and a free week after the longest",
        "a 01-01 01-31 100\na 01-05 01-06 100\na 01-10 01-30 50\na 02-08 02-09 100",
        "a 01-01 01-31 31 31\na 02-08 02-09 2 2",
    ),
    (
        "steps back to work are one case",
        "a 01-01 01-10 100\na 01-11 01-20 75\na 01-21 01-30 50\na 01-31 02-09 25",
        "a 01-01 02-09 40 25",
    ),
    (
        "three degrees on the same days count the highest",
        "a 01-01 01-08 25\na 01-01 01-08 50\na 01-01 01-08 75",
        "a 01-01 01-08 8 6",
    ),
    (
        "two at half by two doctors are half, not whole",
        "a 01-01 01-10 50\na 01-01 01-10 50",
        "a 01-01 01-10 10 5",
    ),
    (
        "the order of the file is nothing",
        "a 01-21 01-30 100\na 01-01 01-10 100\na 01-11 01-20 100",
        "a 01-01 01-30 30 30",
    ),
    (
        "two persons never join",
        "a 01-01 01-10 100\nb 01-11 01-20 100",
        "a 01-01 01-10 10 10\nb 01-11 01-20 10 10",
    ),
    (
        "a person's certificates join past those of another",
        "a 01-01 01-10 100\nb 01-05 01-06 100\na 01-11 01-20 100",
        "a 01-01 01-20 20 20\nb 01-05 01-06 2 2",
    ),
    (
        "six certificates, two cases: gaps of three and five days join, one of nine parts",
        "a 01-01 01-14 100\na 01-18 01-31 100\na 01-25 02-07 50\na 02-13 02-20 50\na 03-02 03-08 100\na 03-09 03-15 50",
        "a 01-01 02-20 43 35.5\na 03-02 03-15 14 10.5",
    ),
    (
        "a chain of small gaps is one long case of the days with a certificate",
        "a 01-01 01-05 100\na 01-11 01-15 100\na 01-21 01-25 100\na 01-31 02-04 100",
        "a 01-01 02-04 20 20",
    ),
    (
        "over the end of a year and a leap day",
        "a 2023-12-20 2024-01-05 100\na 2024-01-06 2024-03-01 100",
        "a 2023-12-20 2024-03-01 73 73",
    ),
    (
        "three cases of one person keep apart",
        "a 01-01 01-02 100\na 02-01 02-02 100\na 03-01 03-02 50",
        "a 01-01 01-02 2 2\na 02-01 02-02 2 2\na 03-01 03-02 2 1",
    ),
    (
        "a long one over two that would be cases of their own",
        "a 01-01 01-02 100\na 02-01 02-02 100\na 01-01 03-31 25",
        "a 01-01 03-31 90 25.5",
    ),
    (
        "a diagnosis that changes is the same case",
        "a 01-01 01-10 100 F43.9\na 01-11 01-20 100 M54.5",
        "a 01-01 01-20 20 20",
    ),
]

# Why; certificates (with diagnosis and unit); the day; cases on it (first, days, degree, diagnosis, unit).
STANDING = [
    ("on the first day", "a 01-01 01-10 100 F43.9 x", "01-01", "01-01 1 100 F43.9 x"),
    ("on the last day", "a 01-01 01-10 100 F43.9 x", "01-10", "01-01 10 100 F43.9 x"),
    ("not the day before", "a 01-01 01-10 100 F43.9 x", "2024-12-31", ""),
    ("not the day after", "a 01-01 01-10 100 F43.9 x", "01-11", ""),
    (
        "the days to come are not reckoned",
        "a 01-01 12-31 100 F43.9 x",
        "03-01",
        "01-01 60 100 F43.9 x",
    ),
    (
        "not on a free day within a case",
        "a 01-01 01-10 100 F43.9 x\na 01-13 01-20 100 F43.9 x",
        "01-11",
        "",
    ),
    (
        "what began before the free days is reckoned",
        "a 01-01 01-10 100 F43.9 x\na 01-13 01-20 100 F43.9 x",
        "01-14",
        "01-01 12 100 F43.9 x",
    ),
    (
        "a certificate that begins later says nothing yet",
        "a 01-01 01-20 100 F43.9 x\na 01-15 01-31 50 M54.5 y",
        "01-14",
        "01-01 14 100 F43.9 x",
    ),
    (
        "the one that began last has the diagnosis and the unit, the highest has the degree",
        "a 01-01 01-20 100 F43.9 x\na 01-15 01-31 50 M54.5 y",
        "01-15",
        "01-01 15 100 M54.5 y",
    ),
    (
        "a nested one that has passed says nothing more",
        "a 01-01 01-31 50 F43.9 x\na 01-10 01-12 100 M54.5 y",
        "01-20",
        "01-01 20 50 F43.9 x",
    ),
    (
        "of two from the same day the one last in the file",
        "a 01-01 01-31 50 F43.9 x\na 01-01 01-31 25 M54.5 y",
        "01-20",
        "01-01 20 50 M54.5 y",
    ),
    (
        "after six free days another case",
        "a 01-01 01-10 100 F43.9 x\na 01-17 01-20 50 M54.5 y",
        "01-18",
        "01-17 2 50 M54.5 y",
    ),
]


def expected(table: str) -> list[tuple[object, ...]]:
    rows = [line.split() for line in table.splitlines()]
    return [(p, day(first), day(last), int(days), float(net)) for p, first, last, days, net in rows]


def found_cases(connection):
    return connection.execute(
        "SELECT names.person, cases.first, cases.last, days, net_days FROM cases "
        "JOIN (SELECT DISTINCT person FROM certificates) AS names ON hash(names.person) = cases.person ORDER BY 1, 2"
    ).fetchall()


@pytest.mark.parametrize(("why", "given_", "cases"), JOINED, ids=[row[0] for row in JOINED])
def test_certificates_join_to_cases(why, given_, cases):
    connection = opened(certificates(given_))
    join(connection)
    assert found_cases(connection) == expected(cases)


@pytest.mark.parametrize(
    ("why", "given_", "on", "cases"), STANDING, ids=[row[0] for row in STANDING]
)
def test_what_is_ongoing_on_a_day(why, given_, on, cases):
    connection = opened(certificates(given_))
    join(connection)
    stand(connection, day(on), "senaste_intyg")
    rows = [line.split() for line in cases.splitlines()]
    assert connection.execute(
        "SELECT first, days, degree, diagnosis, unit FROM standing"
    ).fetchall() == [
        (day(first), int(days), int(degree), diagnosis, unit)
        for first, days, degree, diagnosis, unit in rows
    ]


def test_the_days_that_may_be_free_are_chosen():
    history = certificates("a 01-01 01-10 100\na 01-12 01-20 100\na 01-28 01-31 100")
    for gap_days, cases in ((0, 3), (1, 2), (6, 2), (7, 1)):
        connection = opened(history)
        join(connection, gap_days)
        assert len(found_cases(connection)) == cases, gap_days
    with pytest.raises(VgstatsError, match="gap_days is -1"):
        join(connection, -1)


def test_a_row_number_that_stands_twice_is_refused():
    connection = opened(certificates("a 01-01 01-10 100\nb 01-01 01-10 100"))
    connection.execute("UPDATE certificates SET row = 2")
    join(connection)
    with pytest.raises(VgstatsError, match="stands twice"):
        stand(connection, day("01-05"))
    with pytest.raises(VgstatsError, match="unit_by is 'min'"):
        stand(connection, day("01-05"), "min")


def histories() -> st.SearchStrategy[list[Certificate]]:
    """Some certificates of few persons within few weeks, so that they touch, overlap and nest."""
    start = dt.date(2025, 1, 1)

    def certificate(person, offset, length, degree, diagnosis, unit, plan):
        first = start + dt.timedelta(days=offset)
        last = first + dt.timedelta(days=length)
        return Certificate(
            person, first, last, degree, diagnosis, unit=unit, listed_unit=unit, plan=plan
        )

    return st.lists(
        st.builds(
            certificate,
            st.sampled_from("abc"),
            st.integers(0, 80),
            st.integers(0, 25),
            st.sampled_from((25, 50, 75, 100)),
            st.sampled_from(("F43.9", "F32.1", "M54.5", None)),
            st.sampled_from(("enhet:14-alby", "enhet:14-boda", None)),
            st.sampled_from((True, False, None)),
        ),
        min_size=1,
        max_size=14,
    )


@given(histories(), st.integers(0, 8), st.integers(-1, 110))
def test_a_set_of_days_for_each_person_gives_the_same(history, gap_days, offset):
    connection = opened(history)
    join(connection, gap_days)
    assert found_cases(connection) == [
        (case.certificates[0].person, case.first, case.last, case.days(), case.net())
        for case in cases_of(history, gap_days)
    ]
    on = dt.date(2025, 1, 1) + dt.timedelta(days=offset)
    stand(connection, on, "listad")
    rows = connection.execute(
        "SELECT first, days, net_days, degree, diagnosis, unit, plan FROM standing"
    ).fetchall()
    slow = [
        (
            case.first,
            case.days(),
            case.net(),
            case.degrees[on],
            case.holding(on).diagnosis,
            case.holding(on).listed_unit,
            any(one.plan for one in case.certificates),
        )
        for case in ongoing(history, on, gap_days)
    ]
    assert sorted(rows, key=repr) == sorted(slow, key=repr)
