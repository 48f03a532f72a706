"""The record of a follow-up report: what it is about, what it came from and how it is made again."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vgstats.blocks.record import record_of
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact
from vgstats.methods.before_after import change_facts
from vgstats.reports.followup import Followup
from vgstats.reports.uppfoljning import COSTS, NAME, OUTCOMES
from vgstats.sections.first_screen import title


def job(report: Followup) -> dict[str, Any]:
    """Return the keys and values of a parameter file that makes the same report."""
    parameters = report.parameters
    values = parameters.model_dump(mode="json", exclude_defaults=True)
    if "periods" in values:
        values["periods"] = dict(sorted(values["periods"].items()))
    return {"report": NAME, **values, "lan": [parameters.lan]}


def record(report: Followup) -> dict[str, Any]:
    """Return the report's record, without what only the finished page knows."""
    parameters = report.parameters
    return record_of(
        title(report),
        place=report.area_name,
        code=parameters.lan,
        between=(parameters.before, parameters.after),
        job=job(report),
        figures=report.figures_digest,
        retrieved=report.vintages,
        about={"variableMeasured": [*_measured(report)], "isBasedOn": _datasets(report)},
    )


def _measured(report: Followup) -> list[dict[str, Any]]:
    """Return the measures with their definitions, and the values before and after where there are."""
    shown = [m for m in [*OUTCOMES, *COSTS, *report.parameters.further] if report.has(m)]
    return [
        {
            "@type": "StatisticalVariable",
            "identifier": id_,
            "name": measure_of(id_).name,
            "description": measure_of(id_).definition,
            "unitText": measure_of(id_).unit,
            "vgstats:values": [
                _value(fact)
                for sex in ("alla", "kvinnor", "män")
                if (change := report.change(id_, sex))
                for fact in (change_facts(change).before, change_facts(change).after)
            ],
        }
        for id_ in shown
    ]


def _value(fact: Fact) -> dict[str, Any]:
    return {
        "@type": "PropertyValue",
        "propertyID": fact.id,
        "value": f"{fact.printed():f}",
        "unitText": fact.unit,
    }


def _datasets(report: Followup) -> list[dict[str, Any]]:
    shown = report.sources[report.sources.index.isin(report.named_sources())]
    return [_dataset(report, str(key), row) for key, row in shown.iterrows()]


def _dataset(report: Followup, key: str, row: pd.Series) -> dict[str, Any]:
    read = report.observations.loc[report.observations["source"] == key, "retrieved"]
    known = {
        "@type": "Dataset",
        "identifier": key,
        "name": f"{row['title']}, {row['place']}".rstrip(", "),
        "publisher": row["publisher"],
        "url": row["address"],
        "datePublished": row["published"],
        "license": row["licence"],
        "vgstats:retrieved": str(max(read.astype(str))) if len(read) else "",
    }
    return {name: value for name, value in known.items() if value}
