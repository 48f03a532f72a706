"""What the pages have from the catalogue, the models and the notebooks, put in place of `<!-- from NAME -->`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat

from vgstats import sections as of_reports
from vgstats.batch.parameter_file import BESIDE
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import all_agreements
from vgstats.catalogue.law_changes import LawChange, all_law_changes
from vgstats.catalogue.measures import Measure, bundled_measures
from vgstats.catalogue.periods import PeriodText
from vgstats.reports import kind, kinds
from vgstats.reports.base.common import (
    Disclosure,
    MeasureId,
    NotebookFile,
    Parameters,
    WholeNumber,
    WordsFile,
)
from vgstats.reports.base.parameters import LanCode
from vgstats.reports.utlysning import CallId
from vgstats.store.published import provenance

ROOT = Path(__file__).parent.parent
TIMES = {
    "stock": "hur det är vid en tidpunkt",
    "flow": "vad som hände under perioden",
    "rolling12": "de tolv månaderna till och med perioden",
}
# Each key of the models: what it means, and an example.
KEYS = {
    "report": ("Vilken sorts rapport.", "uppfoljning"),
    "lan": ("Länet eller länen, en rapport för varje.", '["14"]'),
    "kommun": ("Kommunen eller kommunerna, en rapport för varje.", '["1480"]'),
    "enhet": ("Enheten eller enheterna, ett blad för varje.", "[alby]"),
    "snapshot": ("Dagen som sjukfallen räknas.", '"2025-10-01"'),
    "earlier": ("En tidigare dag att lägga bredvid.", '"2024-10-01"'),
    "before": ("Tiden att jämföra med.", '"2015-12"'),
    "after": ("Tiden som jämförs. `senaste` är den nyaste med siffror.", '"2018-12"'),
    "periods": ("Mått med två egna tider, där källan har andra än rapporten.", '{kostnad_sa: ["2015", "2018"]}'),
    "intervention": ("Överenskommelsen eller projektet som följs upp.", "overenskommelser-2016-2018"),
    "period": ("Tiden som rapporten gäller.", '"2018"'),
    "requirements": ("Listan med krav: [Egna krav](egna-krav.md).", "villkor-2017-2018"),
    "since": ("En tidigare tid, vars bedömningar jämförs med.", '"2017"'),
    "calls": ("Utlysningarna vars projekt visas; alla projekt utan den.", "[skl-2017]"),
    "project_periods": ("De två tider som projektets egen källa jämför.", '["2017-09", "2019-10"]'),
    "snapshots": ("Dagen, eller de två, vars sjukfall ur läkarintyg visas.", '["2024-10-01", "2025-10-01"]'),
    "measures": ("Fler mått, för att visa dem i en egen kopia av notebooken.", "[startade_sjukfall]"),
    "notebook": ("En egen notebook som gör rapporten: [Egna avsnitt](egna-avsnitt.md).", "min.ipynb"),
    "publisher": ("Utgivare, under titeln.", "Region X"),
    "contact": ("Vem som svarar på frågor, under titeln.", "analys@example.org"),
    "diarienummer": ("Diarienummer, under titeln.", "RS 2026-00123"),
    "version": ("Version, under titeln.", "Utkast"),
    "disclosure": ("Regeln för små tal ur eget register: [Små tal](sma-tal.md).", '{threshold: "5", zeros: hidden}'),
    "words": ("Regionens egna ord: [Egna ord](egna-overenskommelser.md).", "mina-ord.md"),
    BESIDE: ("Egna mått, överenskommelser, texter: [Egna överenskommelser](egna-overenskommelser.md).", "vart.yaml"),
    "matrix": ("Nycklar i uppsättningar; var och en görs för alla områden.", '[{before: "2014-12", after: "2019-12"}]'),
    "include": ("Ytterligare rapporter.", '[{lan: ["14"], before: "2011-12", after: "2024-12"}]'),
    "exclude": ("Rapporter att utelämna: de som har alla värdena.", '[{lan: ["09"]}]'),
}  # fmt: skip
_FORMS: list[tuple[Any, str]] = [
    (LanCode, "länskod, två siffror"),
    (PeriodText, "period: `2018`, `2018-Q4` eller `2018-12`"),
    (list[MeasureId], "lista med mått"),
    (list[CallId], "lista med utlysningar"),
    (WholeNumber, "heltal"),
    (WordsFile, "namnet på en Markdownfil"),
    (NotebookFile, "namnet på en notebook"),
    (Disclosure, "nycklarna `mode`, `threshold`, `width` och `zeros`"),
]
_FILE_FORMS = {
    "project_periods": "lista med två perioder",
    "snapshots": "lista med en eller två dagar",
    "since": "period: `2018`, `2018-Q4` eller `2018-12`",
    "report": "namnet",
    "kommun": "lista med kommunkoder, fyra siffror, eller `alla`",
    "enhet": "lista med enheters `id`, eller `alla`",
    "snapshot": "dag: `2025-10-01`, inom citattecken",
    "earlier": "dag: `2024-10-01`, inom citattecken",
    "lan": "lista med länskoder, två siffror, eller `alla`",
    "periods": "mått, vart och ett med två perioder",
    BESIDE: "namnet på en YAML- eller XLSX-fil, eller en lista med sådana",
    "matrix": "lista med nycklar och värden",
    "include": "lista med nycklar och värden",
    "exclude": "lista med nycklar och värden",
}


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; a bar in a cell is written so that it divides nothing."""
    lines = [list(heads)]
    lines += [["---"] * len(lines[0]), *(list(row) for row in rows)]
    cells = ([cell.replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _link(title: str, address: str) -> str:
    return f"[{title}]({address})" if address.startswith("http") else title


def _anchor(id_: str) -> str:
    return id_.replace("_", "-")


def measures() -> str:
    """Return each measure: what it is, unit, time, where its figures are, and what broke it."""
    return "\n\n".join(map(_measure, bundled_measures().values()))


def _measure(measure: Measure) -> str:
    source = provenance().loc[measure.source]
    touching = [rule for rule in all_law_changes() if measure.id in rule.measures]
    facts = {
        "Id": f"`{measure.id}`",
        "Enhet": measure.unit,
        "Tid": TIMES[measure.kind],
        "Källa": _link(source["title"], source["address"]),
        "Finns att hämta": measure.available,
        "Brott i definitionen": _linked(rule for rule in touching if rule.kind == "definition"),
        "Regler och händelser": _linked(rule for rule in touching if rule.kind != "definition"),
    }
    lines = [f"- {what}: {words}" for what, words in facts.items() if words]
    return "\n".join(
        [f"(matt-{_anchor(measure.id)})=", f"## {measure.name}", "", measure.definition, "", *lines]
    )


def _linked(changes: Iterable[LawChange]) -> str:
    return ", ".join(f"[{rule.name} ({rule.date:%Y})](#regel-{rule.id})" for rule in changes)


def rules() -> str:
    """Return each change of rules or of a definition, with the measures that it touches."""
    return "\n\n".join(map(_rule, all_law_changes()))


def _rule(rule: LawChange) -> str:
    source = provenance().loc[rule.source]
    touched = (f"[{bundled_measures()[id_].name}](#matt-{_anchor(id_)})" for id_ in rule.measures)
    return "\n".join([
        f"(regel-{rule.id})=", f"## {rule.date}: {rule.name}", "", rule.text, "",
        f"- Berör: {', '.join(touched)}", f"- Källa: {_link(source['title'], source['address'])}",
    ])  # fmt: skip


def sources() -> str:
    """Return the sources that figures, rules and agreements come from."""
    rows = (
        (_link(source["title"], source["address"]), source["publisher"], source["place"], source["published"])
        for _, source in provenance().sort_values(["publisher", "title"]).iterrows()
    )  # fmt: skip
    return table(("Källa", "Utgivare", "Plats", "Utgiven"), rows)


def agreements() -> str:
    """Return the agreements and projects that come along."""
    rows = (
        (f"`{one.id}`", one.name, areas.name(one.area), f"{one.start} – {one.end}")
        for one in all_agreements().values()
    )
    return table(("Id", "Namn", "Område", "Tid"), rows)


def codes() -> str:
    """Return every county with its code, and the kommuner in it with theirs."""
    return "\n\n".join(map(_county, areas.lan()))


def _county(lan: str) -> str:
    kommuner = ", ".join(f"{k.partition(':')[2]} {areas.name(k)}" for k in areas.kommuner(lan))
    return f"## {lan.partition(':')[2]} {areas.name(lan)}\n\n{kommuner}"


def parameters() -> str:
    """Return the keys of each kind's parameter file: what they mean, their form, default and an example.

    Raises:
        LookupError: a model has a key that has no words here.
    """
    of_kind = {name: list(kind(name).model.model_fields) for name in kinds()}
    everywhere = [key for key in Parameters.model_fields if key != "measures"]
    if unsaid := {key for keys in of_kind.values() for key in keys} - KEYS.keys():
        raise LookupError(f"Say in KEYS of {__file__} what {', '.join(sorted(unsaid))} means.")
    parts = [
        f"## `{name}`\n\n{_keys(name, ['report', *(k for k in keys if k not in everywhere)])}"
        for name, keys in of_kind.items()
    ]
    files = [BESIDE, "matrix", "include", "exclude"]
    return "\n\n".join(
        [*parts, f"## Alla sorters rapporter\n\n{_keys(kinds()[0], [*everywhere, *files])}"]
    )


def _keys(name: str, keys: list[str]) -> str:
    fields, axes = kind(name).model.model_fields, kind(name).model.axes
    # The axes first, then the periods, as in the files that come along.
    keys = sorted(keys, key=lambda key: (key != "report", key not in axes))
    heads = ("Nyckel", "Betyder", "Skrivs", "Om den inte finns", "Exempel")
    examples = {**{key: example for key, (_, example) in KEYS.items()}, "report": name}
    rows = [
        (f"`{key}`", KEYS[key][0], _form(key, fields), _default(key, fields), f"`{key}: {examples[key]}`")
        for key in keys
    ]  # fmt: skip
    return table(heads, rows)


def _form(key: str, fields: Any) -> str:
    if key in _FILE_FORMS:
        return _FILE_FORMS[key]
    field = fields[key]
    known = [words for form, words in _FORMS if form == field.rebuild_annotation()]
    if not known and field.annotation is not str:
        raise LookupError(f"Say in _FORMS of {__file__} how {key} is written.")
    return known[0] if known else "text"


def _default(key: str, fields: Any) -> str:
    if key == "report" or (key in fields and fields[key].is_required()):
        return "krävs"
    default = fields[key].default if key in fields else None
    if isinstance(default, Disclosure):
        values = ", ".join(f'{k}: "{v}"' for k, v in default.model_dump().items())
        return f"`{{{values}}}`"
    return "inget"


def sections() -> str:
    """Return the directives that document every section."""
    names = (
        name
        for name, section in vars(of_reports).items()
        if inspect.isfunction(section) and section.__module__.startswith(f"{of_reports.__name__}.")
    )
    lines = (f".. autofunction:: {of_reports.__name__}.{name}" for name in sorted(names))
    return "\n".join(["```{eval-rst}", *lines, "```"])


def recipes() -> str:
    """Return the notebook of recipes as a page that runs."""
    cells = nbformat.read(ROOT / "notebooks" / "recept.ipynb", as_version=4).cells
    return "\n\n".join(
        cell.source if cell.cell_type == "markdown" else f"```{{code-cell}} ipython3\n{cell.source}\n```"
        for cell in cells
    )  # fmt: skip


MADE: dict[str, Callable[[], str]] = {
    made.__name__: made
    for made in (measures, rules, sources, agreements, codes, parameters, sections, recipes)
}


def fill_in(app: Any, page: str, source: list[str]) -> None:
    """Put what is made in its place in a page, when Sphinx reads it."""
    source[0] = re.sub(r"^<!-- from (\w+) -->$", lambda m: MADE[m[1]](), source[0], flags=re.M)
