"""What stands on page one of goals, money and what cannot be said: one sentence each, none without figures."""

from __future__ import annotations

import pytest

from support import followup
from vgstats.catalogue.agreements import Goal, bundled_agreements
from vgstats.observations import Value
from vgstats.sections.doubts import cannot_say
from vgstats.sections.grants import money_sentence
from vgstats.sections.plan import goals_sentence


def aimed(**more) -> Goal:
    return Goal(aim="Talet ska ändras.", set_by="Regionen", source="vg-2009-tabell-2", **more)


def following(vg, monkeypatch, goals: list[Goal]) -> str:
    """Return what is said of these goals in place of the plan's."""
    plan = bundled_agreements()["atgardsplan-vg-2006-2008"].model_copy(update={"goals": goals})
    monkeypatch.setattr(type(vg), "agreement", plan)
    return str(goals_sentence(vg))


YES = aimed(testable="Ja.", measure="ohalsotal")
NO = aimed(testable="Ja.", measure="ohalsotal", at_least=True)
OPEN = aimed(testable="Nej, utan målvärde.", reached="Ja enligt källan", measure="ohalsotal")


@pytest.mark.parametrize(
    ("goals", "said"),
    [
        (
            [YES, NO, OPEN],
            "Av 3 mål nåddes säkert 1; 1 nåddes inte; 1 går inte att pröva fullt ut.",
        ),
        ([YES, YES], "Av 2 mål nåddes säkert 2."),
        ([NO, OPEN], "Av 2 mål nåddes inget; 1 nåddes inte; 1 går inte att pröva fullt ut."),
        ([YES], "Målet nåddes."),
        ([NO], "Målet nåddes inte."),
        ([OPEN], "Målet går inte att pröva fullt ut."),
    ],
)
def test_goals_are_counted_as_reached_not_reached_and_open(vg, monkeypatch, goals, said):
    assert following(vg, monkeypatch, goals) == said


def test_a_goal_within_half_its_rounding_is_not_reached(vg, monkeypatch):
    near = aimed(testable="Ja.", measure="ohalsotal", target=35.5, area="riket", by="2008-12")
    assert following(vg, monkeypatch, [near]) == "Målet för riket nåddes inte."


def test_the_plans_goals_and_money_are_told_in_a_sentence_each(vg):
    assert str(goals_sentence(vg)) == "Av 6 mål nåddes säkert 2; 4 går inte att pröva fullt ut."
    assert str(money_sentence(vg)) == (
        "Regionen (då landsting) tjänade in 441 miljoner kronor i statsbidrag 2006–2008, och kostnaden för "
        "sjuk- och rehabiliteringspenning sjönk med mellan 27 och 29 procent i fasta priser från 2004 till 2007."
    )


def test_without_goals_or_money_nothing_is_said():
    plain = followup("05", "2019-12", "2025-12")
    assert goals_sentence(plain) is None and money_sentence(plain) is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(6000, 6400, "steg med 7 procent"), (6000, 6000, "låg stilla"), (6000, 4500, "sjönk med 25")],
)
def test_a_cost_without_an_index_is_told_in_running_prices(vg, monkeypatch, before, after, said):
    from vgstats.methods.before_after import Change
    from vgstats.sections import spending

    change = vg.change("kostnad_sjukpenning")
    ends = (change.before, before, "1904"), (change.after, after, "1907")
    moved = Change(*(Value(**{**vars(v), "value": x, "period": p}) for v, x, p in ends))
    monkeypatch.setattr(vg, "change", lambda measure: moved)
    told = str(spending.cost_clause(vg))
    assert said in told and "i löpande priser" in told


def test_what_cannot_be_said_is_at_most_three_things_and_the_cause_is_the_last(vg):
    of_the_plan = [str(one) for one in cannot_say(vg)]
    recent = [str(one) for one in cannot_say(followup("05", "2019-12", "2025-12"))]
    assert of_the_plan[0] == "För länet saknas uppgifter om sjukpenningtalet."
    assert recent[0] == "Talen för 2025 är preliminära och kan ändras."
    assert "sjukfallen på 60 dagar eller mer" in recent[1]
    for said in (of_the_plan, recent):
        assert len(said) <= 3 and said[-1].startswith("Siffrorna visar vad som hände, inte varför.")
