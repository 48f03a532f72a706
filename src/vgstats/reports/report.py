"""A report: it opens itself from its parameters, and tells its figures, its record and its row in an index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd

from vgstats.blocks.blocks import LeftOut, Title
from vgstats.blocks.own_text import OwnText
from vgstats.blocks.record import IndexRow, record_of
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, is_written_for
from vgstats.disclosure.release import Release
from vgstats.errors import VgstatsError
from vgstats.facts.facts import Fact
from vgstats.facts.text import Name, Text, say
from vgstats.methods.before_after import change_facts
from vgstats.observations import SEXES, Value
from vgstats.reports.base.bundle import Bundle, known_by_bundle, open_measures
from vgstats.reports.base.faults import checked
from vgstats.reports.base.gathering import gather, how_to_get, opened_for
from vgstats.reports.base.latest import with_latest
from vgstats.reports.base.parameters import InTime
from vgstats.reports.base.revision import findings, revision
from vgstats.reports.base.surroundings import Surroundings
from vgstats.store.store import DataRequest, Store, Wanted

SERIES_FIRST_YEAR = 1998  # before it the ohälsotal was counted on other persons
SERIES_YEARS_AFTER = 3  # what is shown after the report, to see whether it turned back


class Report(Surroundings):
    """The base of every kind of report. A kind says what it wants, when that is enough, its title and index row.

    `name` is also that of its module, its notebook and the key `report` in parameter files. (`shown` and `costs`: see
    `Surroundings`; `headline` and `compared_measures`: see `Figures`.)
    """

    name: ClassVar[str]
    model: ClassVar[type[InTime]]

    def __init__(self, parameters: InTime, bundle: Bundle, *, store: Store | None = None) -> None:
        self._store = (
            store  # that the report was opened from, where a batch did not give it its figures
        )
        self.left_out: dict[str, LeftOut] = {}  # by what sections, in the order they were run
        super().__init__(parameters, bundle, self.request(parameters).wanted)

    def __repr__(self) -> str:
        return f"<{self.name}: {self.parameters.label}, {len(self.observations)} figures>"

    @classmethod
    def wants(cls, parameters: Any) -> Iterable[Wanted]:
        """Return the figures that every report of the kind reads."""
        raise NotImplementedError

    @classmethod
    def check(cls, parameters: Any, observations: pd.DataFrame, store: Store | None) -> None:
        """Refuse a report that would have nothing to say.

        Raises:
            VgstatsError: the figures are not enough; the message says which there are.
        """

    @classmethod
    def enough(cls, parameters: Any, bundle: Bundle, store: Store | None) -> None:
        """Refuse a bundle that no report can be made of: its figures (see `check`), or for some kinds its texts.

        Raises:
            VgstatsError: there is not enough; the message says what there is.
        """
        cls.check(parameters, bundle.observations, store)

    def title(self) -> Title:
        """Return the report's heading and the line under it (see `headed`)."""
        raise NotImplementedError

    def index_row(self) -> IndexRow:
        """Return what an index says of the report (see `row`)."""
        raise NotImplementedError

    @classmethod
    def request(cls, parameters: InTime) -> DataRequest:
        """Return what a report reads: what its kind wants, and the `measures` of its parameters.

        Of several wishes for a measure and area the last says which periods are compared.
        """
        own, riket = parameters.area, areas.RIKET
        beside = dict.fromkeys((own, parameters.county, riket))
        more = dict.fromkeys((*beside, *areas.lan(), *areas.kommuner(parameters.county)))
        months = series_months(parameters) if parameters.measures else ()
        further = [
            wanted
            for measure in parameters.measures
            for wanted in (
                *(Wanted(area, measure, months) for area in beside),
                *(Wanted(area, measure, parameters.periods_in_use(measure)) for area in more),
            )
        ]
        wanted = (*further, *cls.wants(parameters))
        words = (parameters.words, parameters.area)
        return DataRequest(wanted, parameters.county, parameters.follows, words)

    @classmethod
    def gathered(
        cls,
        parameters: InTime,
        store: Store | None = None,
        known_by: Mapping[str, str] | None = None,
        release: Release | None = None,
    ) -> Bundle:
        """Return the released figures that a report reads (see `gathering.gather`).

        Raises:
            VgstatsError: they are not enough for a report.
        """
        request = cls.request(parameters)
        release = release or opened_for(request, store, parameters.disclosure.rule())
        bundle = gather(request, store, known_by, release)
        cls.enough(parameters, bundle, store)
        return bundle

    @classmethod
    def with_latest(
        cls, sets: Sequence[dict[str, Any]], store: Store
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """Return the parameters of some reports with a period in place of `senaste` (see `latest.with_latest`).

        The newest is sought in the measures that the kind tells first; where an area has none of them, in the first
        of the others that it has.
        """
        leads = (cls.headline or (cls.main,), *((measure,) for measure in cls.shown))
        return with_latest(cls.model, sets, leads, store)

    @classmethod
    def open(cls, bundle: str = "", **values: Any) -> Self:
        """Return the report with these parameters.

        Args:
            bundle: the folder that a batch wrote the figures to; empty to gather them here and now.
            values: the parameters of the kind (see its `model`).

        Raises:
            VgstatsError: the parameters are not valid, there are no figures for them, or the bundle was
                made for others.
        """
        open_measures(bundle)
        if bundle:
            parameters = checked(cls.model, {**values, **known_by_bundle(bundle)})
            return cls(parameters, Bundle.read(bundle, parameters.model_dump(mode="json")))
        store = Store()
        if "words" in values:
            values["words"] = brought(str(values["words"]), store)
        parameters = checked(cls.model, cls.with_latest([values], store)[0][0])
        return cls(parameters, cls.gathered(parameters, store), store=store)

    def lacks(self, measure: str, area: str) -> None:
        """Get a measure that the report did not ask for, from the store; in a batch, whose figures are given, refuse.

        Raises:
            VgstatsError: the report is made by a batch; the message gives the line that asks for the measure.
        """
        measures = [*self.parameters.measures, measure]
        if measure in self.parameters.measures:
            return
        measure_of(measure)
        if self._store is None:
            raise VgstatsError(
                f"This report has no figures of {measure} for {areas.name(area)}, since it does not ask for them. Add "
                "to its parameter file, and to the first cell of the notebook (as a list): "
                f"measures: [{', '.join(measures)}]"
            )
        for name in ("comparisons", "compared"):
            self.__dict__.pop(name, None)
        parameters = self.parameters.model_copy(update={"measures": measures})
        self.read(
            parameters, self.gathered(parameters, self._store), self.request(parameters).wanted
        )

    def headed(self, heading: str, line: Text) -> Title:
        """Return a title with the warnings that the figures call for."""
        return Title(
            heading,
            line,
            made_up=self.synthetic,
            uncontrolled=not self.parameters.disclosure.rule().on,
            imprint=tuple(self.parameters.imprint.items()),
            own_words=tuple((text.passage.section, text) for text in self.own_words()),
        )

    def own_words(self) -> list[OwnText]:
        """Return the region's own words, in the order of its file; those written for other periods say so."""
        before, after = self.parameters.before, self.parameters.after
        return [
            OwnText(
                one, bool(one.written_for) and not is_written_for(one.written_for, before, after)
            )
            for one in self.texts.passages
        ]

    def row(self, **said: Any) -> IndexRow:
        """Return a row of an index with what is the same for all kinds."""
        return IndexRow(
            area=self.area,
            name=self.area_name,
            retrieved=max(self.vintages.values(), default="")[:10],
            synthetic=self.synthetic,
            uncontrolled=not self.parameters.disclosure.rule().on,
            **said,
        )

    def job(self) -> dict[str, Any]:
        """Return the keys and values of a parameter file that makes the same report."""
        job: dict[str, Any] = self.parameters.job(self.name)
        return job

    def how_to_get(self, measure: str, **wished: Any) -> str:
        """Return the command that fetches a measure for this report (see `gathering`), empty when no source has it."""
        return "" if self.synthetic else how_to_get(measure, self.parameters, **wished)

    def where_to_get(self, measure: str, *, all_counties: bool = False) -> str:
        """Return where a measure that the report lacks can be had, empty where that is not known."""
        available = measure_of(measure).available
        return available or (
            "öppna data" if self.how_to_get(measure, all_counties=all_counties) else ""
        )

    def cite(self, keys: Iterable[str]) -> Text:
        """Return `Källa: kort namn, ställe; ...` for the sources, each once.

        The table of sources at the end of the report has them in full.
        """
        places: dict[str, list[str]] = {}
        for key in dict.fromkeys(keys):
            self.cited.add(key)
            if key not in self.sources.index:
                raise VgstatsError(
                    f"The source {key!r} is cited, and nothing says what it is. Add its row to data/sources.csv and "
                    "run 'make checksums', or correct the name."
                )
            row = self.sources.loc[key]
            places.setdefault(row["short"], [])
            if row["place"].startswith(("tabell", "bilaga")):
                places[row["short"]].append(row["place"])
        names = [", ".join([short, *found]) for short, found in places.items()]
        if not names:
            return say("")
        return say(
            "{word}: {names}.",
            word="Källa" if len(names) == 1 else "Källor",
            names=Name("; ".join(names)),
        )

    @property
    def told(self) -> list[str]:
        """The measures that the report tells: its kind's, what it costs, and those asked for besides."""
        return list(dict.fromkeys((*self.shown, *self.costs, *self.parameters.further)))

    @property
    def preliminary(self) -> list[Value]:
        """One of the later numbers of each measure whose source calls them preliminary."""
        return self.preliminary_among(self.change(m, sex) for m in self.shown for sex in SEXES)

    def record(self) -> dict[str, Any]:
        """Return what the report says of itself to machines, without what only the finished page knows."""
        changed = revision(self)
        return record_of(
            self.title(),
            place=self.area_name,
            code=self.area.partition(":")[2],
            between=(self.parameters.before, self.parameters.after),
            job=self.job(),
            figures=self.figures_digest,
            retrieved=self.vintages,
            about={
                "variableMeasured": [self._measured(m) for m in self.told if self.has(m)],
                "isBasedOn": [
                    self._dataset(str(key), row) for key, row in self.named_sources().iterrows()
                ],
                "vgstats:findings": {name: one.code for name, one in findings(self).items()},
                **(
                    {"vgstats:replaces": changed.replaced.model_dump(exclude_defaults=True)}
                    if changed
                    else {}
                ),
            },
        )

    def _measured(self, id_: str) -> dict[str, Any]:
        measure = measure_of(id_)
        return {
            "@type": "StatisticalVariable",
            "identifier": id_,
            "name": measure.name,
            "description": measure.definition,
            "unitText": measure.unit,
            "vgstats:values": [
                _property(fact)
                for sex in SEXES
                if (change := self.change(id_, sex))
                for fact in (change_facts(change).before, change_facts(change).after)
            ],
        }

    def _dataset(self, key: str, row: pd.Series) -> dict[str, Any]:
        read = self.observations.loc[self.observations["source"] == key, "retrieved"]
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


def _property(fact: Fact) -> dict[str, Any]:
    return {
        "@type": "PropertyValue",
        "propertyID": fact.id,
        "value": f"{fact.printed():f}",
        "unitText": fact.unit,
    }


def brought(words: str, store: Store) -> str:
    """Return the name of a Markdown file with own words, which this store object then knows.

    Args:
        words: a file, or the name of one that the store has.
        store: where the report's texts come from; nothing is written there.

    Raises:
        VgstatsError: the file is not valid, or there is none in the folder that is named.
    """
    # Here, since what reads files of all formats takes half a second to import.
    from vgstats.ingest import bring_in

    file = Path(words)
    if words and (file.is_file() or file.name != words):
        bring_in([file], store, keep=False)
        return file.name
    return words


def series_months(parameters: InTime) -> tuple[str, ...]:
    """Return the months of a series: from the first comparable year, to some years after the report."""
    last = Period.parse(parameters.after).end.year + SERIES_YEARS_AFTER
    years = range(SERIES_FIRST_YEAR, last + 1)
    return tuple(f"{year}-{month:02}" for year in years for month in range(1, 13))
