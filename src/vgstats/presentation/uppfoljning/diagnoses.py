"""För vilka? Psychiatric diagnoses among all ongoing cases, as counts and as a share."""

from __future__ import annotations

from vgstats.analysis.change import Change, change_facts
from vgstats.analysis.rates.intervals import proportion_difference
from vgstats.observations import Value
from vgstats.presentation.blocks import Block, Blocks, Paragraphs, missing
from vgstats.presentation.tables import Cell, Column, Table
from vgstats.presentation.uppfoljning.words import (
    moved,
    period_words,
    sex_words,
    source_list,
    where_to_get,
)
from vgstats.report_kinds.followup import Followup
from vgstats.report_kinds.uppfoljning import ONGOING, PSYCHIATRIC, SHARES
from vgstats.wording.facts import Fact, count_fact, key, value_fact
from vgstats.wording.text import Text, direction, say


def ongoing(report: Followup) -> Block:
    """Return ongoing cases with psychiatric diagnoses, by sex, in words and as a table."""
    found = {
        sex: (part, whole)
        for sex in ("alla", "kvinnor", "män")
        if (part := report.change(ONGOING, sex, PSYCHIATRIC))
        and (whole := report.change(ONGOING, sex))
    }
    if "alla" not in found:
        return missing(
            "Pågående sjukfall efter diagnos finns inte för länet i båda perioderna.",
            where_to_get(report, ONGOING),
        )
    total, whole = found["alla"]
    then, now = period_words(total.before), period_words(total.after)
    columns = [f"Antal {then}", f"Antal {now}", "Ändring", f"Andel {then}", f"Andel {now}"]
    columns.append("Andelens ändring, procentenheter")
    table = Table(
        "pagaende-diagnos",
        "Pågående sjukfall av alla längder med psykiatriska diagnoser (F00–F99)",
        [Column("Kön", "text"), *(Column(name) for name in columns)],
        [_row(sex, *changes) for sex, changes in found.items()],
        say(
            "Inom parentes: mellan de gränserna ligger andelens ändring när slumpen i så här många "
            "sjukfall räknas med (Newcombes intervall, {level} procent). Procenten och gränserna är "
            "räknade före avrundningen. {sources}",
            level=count_fact("nivå för andelens ändring", 95),
            sources=source_list(report, [total.after.source]),
        ),
    )
    return Blocks([Paragraphs([_in_words(total, whole), *_other_way(report, total, whole)]), table])


def _row(sex: str, part: Change, whole: Change) -> list[Cell]:
    facts = change_facts(part)
    return [
        sex_words(sex).capitalize(),
        facts.before,
        facts.after,
        say("{p:signed} %", p=facts.percent),
        say("{s} %", s=_share(part.before, whole.before)),
        say("{s} %", s=_share(part.after, whole.after)),
        _share_change(part, whole),
    ]


def _share_change(part: Change, whole: Change) -> Text:
    """Return the change of a share in percentage points, with Newcombe's interval."""
    found = proportion_difference(
        part.after.value,
        whole.after.value,
        part.before.value,
        whole.before.value,
        source=part.after.source,
        about=f"andelens ändring|{key(part.after)}|från {part.before.period}",
    )
    before, after = _share(part.before, whole.before), _share(part.after, whole.after)
    difference = Fact(
        f"andelens ändring|{key(part.after)}|från {part.before.period}",
        float(after.printed() - before.printed()),
        "procentenheter",
        before.decimals,
        "difference",
        (before, after),
    )
    return say(
        "{d:signed} ({low:signed} till {high:signed})",
        d=difference,
        low=found.fact("lägst", found.interval.low, decimals=before.decimals),
        high=found.fact("högst", found.interval.high, decimals=before.decimals),
    )


def _in_words(part: Change, whole: Change) -> Text:
    facts = change_facts(part)
    return say(
        "Pågående sjukfall med psykiatriska diagnoser (F00–F99) {moved} från {a} till {b} i genomsnitt "
        "av årets månadsskiften, {moved_by}. Deras andel av alla pågående sjukfall gick från {s0} till "
        "{s1} procent.",
        moved=direction(facts.difference, fell="minskade", rose="ökade", same="gick"),
        a=facts.before,
        b=facts.after,
        moved_by=moved(facts),
        s0=_share(part.before, whole.before),
        s1=_share(part.after, whole.after),
    )


def _other_way(report: Followup, part: Change, whole: Change) -> list[Text]:
    """Say why the share may go one way here and another among the long cases."""
    before, after = _share(part.before, whole.before), _share(part.after, whole.after)
    long_cases = report.change(SHARES, group=PSYCHIATRIC)
    if long_cases is None or (long_cases.difference < 0) == (after.value < before.value):
        return []
    return [
        say(
            "Bland sjukfallen på 60 dagar eller mer gick andelen åt andra hållet, från {before} till "
            "{after} procent. Talen gäller olika sjukfall och motsäger inte varandra.",
            before=value_fact(long_cases.before),
            after=value_fact(long_cases.after),
        )
    ]


def _share(part: Value, whole: Value) -> Fact:
    return Fact(
        f"andel|{key(part)}",
        100 * part.value / whole.value,
        "procent",
        1,
        "share",
        (value_fact(part), value_fact(whole)),
    )
