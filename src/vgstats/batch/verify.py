"""Whether a report was altered, and whether its figures have been revised since it was made.

The page carries the job that made it. The job is done again twice: with the figures as they were then,
which shows every alteration, and with those of today, which shows every revision.
"""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.utils.exceptions import ConversionException
from papermill.exceptions import PapermillExecutionError
from selectolax.lexbor import LexborHTMLParser

from vgstats.batch.execute import report_page
from vgstats.batch.notebooks import notebook_of
from vgstats.batch.plan import Job, job_of
from vgstats.batch.replacing import of_record, with_replaced
from vgstats.blocks.own_text import OWN_BLOCK, OWN_ID
from vgstats.errors import VgstatsError
from vgstats.page.exporter import OWN_RECORD
from vgstats.page.reading import PageRead, ShownFact, plain, read_page
from vgstats.page.template import made_words
from vgstats.reports import kind as kind_of
from vgstats.reports import kinds
from vgstats.reports.base.common import Parameters
from vgstats.reports.base.faults import checked
from vgstats.reports.base.replaced import Replaced
from vgstats.reports.base.revision import FORMER, former_of, revision
from vgstats.row_checks import is_moment
from vgstats.software import fingerprint, notebook_digest, package_versions
from vgstats.store.store import Store

_OWN_OTHERWISE = (
    "the analyst's own text, tables or figures in it are others when it is made again here: they were altered, or what "
    "they are made of has changed. All else in it is compared"
)
_CLOCKS_DIFFER = dt.timedelta(days=1)


@dataclass(frozen=True)
class Difference:
    """Something that reads otherwise in the file than in the report made again."""

    what: str
    in_file: str
    again: str


@dataclass(frozen=True)
class Verification:
    """What a verification found.

    `altered` are differences from the report as it was made, or where the file contradicts itself; they are
    complete when `confirmed`. Where it is not, `reasons` say what has changed since the report was made, and
    `otherwise` lists the numbers, and of the same build the texts too, that read otherwise when it is made again
    here, which nobody need have altered.
    `revised` are figures that today's data give otherwise, and own words that read otherwise today.
    """

    altered: list[Difference] = field(default_factory=list)
    otherwise: list[Difference] = field(default_factory=list)
    revised: list[Difference] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def confirmed(self) -> bool:
        """Whether the file was compared whole with the same job, software and figures."""
        return not self.reasons


def verify(html: str, notebooks: Path | None = None, store: Store | None = None) -> Verification:
    """Return whether a report reads as it was made, and what the data of today say otherwise.

    Args:
        html: the report.
        notebooks: the folder with the notebooks; where it is left out, the one that the report says it was made with is
            looked for in the working folder's and among those that come along (see `notebook_of`).
        store: where fetched and imported figures lie; the user's own when left out.

    Raises:
        VgstatsError: the page holds no record of a report, or the report cannot be made again.
    """
    store = store or Store()
    file = read_page(html)
    kind, parameters = _job(file.record)
    today = job_of(kind, parameters, store)
    figures, release = today.figures()
    if not release.rule.on and figures.shown_and_hidden() != (0, 0):
        raise VgstatsError(
            "The report says that it was made without disclosure control (mode: off). It cannot be verified: were that "
            "word an alteration, making the report again would print what is hidden."
        )
    then = _job_then(file.record, kind, parameters, store) or today
    replaced = of_record(file.record)
    then, today = (with_replaced(job, [replaced]) for job in (then, today))
    made_with = str(file.record.get("vgstats:notebook"))
    maker = notebook_of(kind, notebooks, parameters.notebook, digest=made_with)
    reasons = _other_makers(file.record, maker)
    false, untold = _replaced_otherwise(then, replaced, store)
    reasons += untold
    then_digest, today_digest = (job.figures()[0].digest() for job in (then, today))
    if then_digest != file.record.get("vgstats:figures"):
        reasons.append(
            "the figures that the report was made from are not to be had here any more, so what "
            "differs may be altered or revised"
        )
    same_figures = then_digest == today_digest
    made = _made(file.record)
    page_today = _again(today, maker.parent, made)
    page_then = page_today if same_figures else _again(then, maker.parent, made)
    differ = _facts(file, page_then)
    listed = {(one.what, one.in_file) for one in differ}
    contradictions = [one for one in _contradictions(file) if (one.what, one.in_file) not in listed]
    if reasons:
        if file.record.get("vgstats:software") == fingerprint():  # whose words would be the same
            differ += [one for one in _texts(file, page_then) if one.what == "text"]
        return Verification([*_contradictions(file), *false], _once(differ), reasons=reasons)
    if _own_otherwise(file, page_then):
        ours, theirs = map(_without_own, (file, page_then))
        texts = _texts(ours, theirs)
        altered = [*_facts(ours, theirs), *_contradictions(file), *false, *texts]
        all_of_it = [*differ, *_texts(file, page_then)]
        own = [one for one in all_of_it if one not in altered and OWN_RECORD not in one.what]
        return Verification(_once(altered), _once(own), reasons=[_OWN_OTHERWISE])
    altered = [*differ, *contradictions, *false, *_texts(file, page_then)]
    if not altered and file.whole != page_then.whole:
        altered.append(Difference("the page", *_first_difference(file.whole, page_then.whole)))
    return Verification(
        _once(altered),
        revised=[] if same_figures else [*_values(page_then, page_today), *_own_words(then, today)],
    )


def _again(job: Job, notebooks: Path, made: dt.datetime | None) -> PageRead:
    """Return the page made again.

    Raises:
        VgstatsError: a notebook of one's own shows what its report may not, as when it reads more than that.
    """
    try:
        return read_page(report_page(job, notebooks, made))
    except (ConversionException, PapermillExecutionError) as error:
        if not job.parameters.notebook:
            raise
        raise VgstatsError(
            f"The report cannot be made again here with its own notebook {job.parameters.notebook}, so it cannot be "
            f"verified: {' '.join(str(error).split())[-400:]}"
        ) from None


def _own_otherwise(file: PageRead, again: PageRead) -> bool:
    """Return whether an analyst's own blocks, which may be made of files that nothing here knows, are others now."""
    both = [page.record.get(OWN_RECORD) for page in (file, again)]
    return None not in both and both[0] != both[1]


def _without_own(page: PageRead) -> PageRead:
    """Return a page without an analyst's own blocks, and without what its record says of them."""
    parsed = LexborHTMLParser(page.whole)
    for own in parsed.css(f".{OWN_BLOCK}, p.download:has(> a[download^='{OWN_ID}-'])"):
        own.decompose()
    rest = read_page(parsed.html or "")
    return replace(rest, record={k: v for k, v in rest.record.items() if k != OWN_RECORD})


def _job_then(
    record: dict[str, Any], kind: str, parameters: Parameters, store: Store | None
) -> Job | None:
    """Return the job with the figures as they were when the report was made, None when too little is left."""
    vintages = record.get("vgstats:retrieved")
    if not isinstance(vintages, dict):
        return None
    try:
        return job_of(kind, parameters, store, {str(k): str(v) for k, v in vintages.items()})
    except VgstatsError:
        return None


def _replaced_otherwise(
    job: Job, replaced: Replaced | None, store: Store
) -> tuple[list[Difference], list[str]]:
    """Return what a page says wrongly of the version that it replaces, and why that cannot be told."""
    if replaced is None:
        return [], []
    reason = (
        "what the version that it replaces said is not to be had here any more, so the former numbers are the file's "
        "own word"
    )
    try:
        former = job_of(job.kind, job.parameters, store, replaced.retrieved)
    except VgstatsError:
        return [], [reason]
    of: Any = kind_of(job.kind)
    (bundle, _), (bundle_then, _) = job.figures(), former.figures()
    told_then = former_of(of(job.parameters, bundle_then), replaced)
    changed = revision(of(job.parameters, replace(bundle, replaces=(told_then,))))
    said = changed.replaced if changed else told_then.model_copy(update={"values": {}})
    wrong = [
        Difference(f"a former number ({name})", value, told_then.values.get(name, "none"))
        for name, value in replaced.values.items()
        if said.values.get(name) != value
    ]
    if wrong and bundle_then.digest() == replaced.figures:
        return wrong, []
    sure = replaced.findings.items() <= said.findings.items() and replaced.own <= said.own
    return [], [] if sure and not wrong else [reason]


def _made(record: dict[str, Any]) -> dt.datetime | None:
    """Return when the report says that it was made, to make it again with the same time on it."""
    try:
        return dt.datetime.fromisoformat(str(record.get("dateCreated")))
    except ValueError:
        return None


def _impossible_time(record: dict[str, Any]) -> bool:
    """Return whether a report says it was made in the future, or before its own figures were had.

    Clocks of different machines may differ by a day, a wrong time zone included.
    """
    made, vintages = _made(record), record.get("vgstats:retrieved")
    if made is None or made.tzinfo is None:
        return True
    named = map(str, vintages.values()) if isinstance(vintages, dict) else ()
    newest = max((_instant(text) for text in named if is_moment(text)), default=made)
    return not newest - _CLOCKS_DIFFER <= made <= dt.datetime.now(dt.UTC) + _CLOCKS_DIFFER


def _instant(text: str) -> dt.datetime:
    """Return the moment of a `retrieved`; a day by itself may have begun half a day before in UTC."""
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC) - dt.timedelta(hours=14)


def _first_difference(ours: str, theirs: str) -> tuple[str, str]:
    pairs = zip_longest(ours.splitlines(), theirs.splitlines(), fillvalue="")
    return next((a.strip()[:200], b.strip()[:200]) for a, b in pairs if a != b)


def _job(record: dict[str, Any]) -> tuple[str, Parameters]:
    """Return the kind and the parameters that a report says that it was made from (see `Parameters.job`)."""
    job = record.get("vgstats:job")
    if not isinstance(job, dict) or job.get("report") not in kinds():
        raise VgstatsError(
            "The file holds no record of a report that vgstats made, so there is nothing to verify. "
            "Name a report, not an index or another page."
        )
    name, model = job["report"], kind_of(job["report"]).model
    try:
        values = {key: value for key, value in job.items() if key != "report"}
        values |= {axis: code for axis in model.axes for (code,) in [values[axis]]}
        return name, checked(model, values)
    except (VgstatsError, TypeError, ValueError, KeyError) as error:
        raise VgstatsError(
            f"The report's record of its parameters is not valid: {str(error).rstrip('.')}. It was altered, made by "
            "another version of vgstats, or shows an agreement, a unit or a measure that a region declared: then name "
            "the region's store. A report of a unit that has merged into another since cannot be made again."
        ) from None


def _other_makers(record: dict[str, Any], maker: Path) -> list[str]:
    """Return what has changed since then among what makes a report, apart from its figures."""
    notebook = nbformat.read(maker, as_version=4)
    creator = record.get("creator")
    made_with = creator.get("softwareVersion", "?") if isinstance(creator, dict) else "?"
    packages = record.get("vgstats:packages")
    packages = packages if isinstance(packages, dict) else {}
    others = [n for n, there in package_versions().items() if packages.get(n) != there]
    differs = {
        f"by another build of vgstats ({made_with})": record.get("vgstats:software")
        != fingerprint(),
        "with another notebook": record.get("vgstats:notebook") != notebook_digest(notebook),
        f"with other versions of {', '.join(others)}": bool(others),
    }
    return [f"the report was made {how}" for how, does in differs.items() if does]


def _contradictions(file: PageRead) -> list[Difference]:
    """Return where the file contradicts itself: a number's text and its machine value."""
    found = []
    if file.record.get("vgstats:facts") != file.facts_digest:
        found.append(Difference("the numbers together", "not those that the record is of", ""))
    if file.made != (stamp := str(file.record.get("dateCreated")), made_words(stamp)):
        found.append(Difference("when it was made", " ".join(file.made), stamp))
    if _impossible_time(file.record):
        found.append(
            Difference("when it was made", stamp, "not before its figures, nor in the future")
        )
    for fact in file.facts:
        said = plain(fact.text).replace(" ", "").replace(",", ".").lstrip("+")
        said = said.replace("\N{MINUS SIGN}", "-")
        if said.lstrip("-") != fact.value.lstrip("-"):
            found.append(
                Difference(
                    _called(fact), fact.text, f"{fact.value} in the same place, for machines"
                )
            )
    return found


def _facts(file: PageRead, again: PageRead) -> list[Difference]:
    """Return the numbers that differ, in the order of the page."""
    ours, theirs = ([(f.id, f.text) for f in page.facts] for page in (file, again))
    if [i for i, _ in ours] == [i for i, _ in theirs]:
        pairs = zip(file.facts, again.facts, strict=True)
        return [Difference(_called(f), f.text, a.text) for f, a in pairs if f.text != a.text]
    found = []
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            for mine, other in zip_longest(file.facts[a:b], again.facts[c:d]):
                called = _called(mine or other)
                found.append(Difference(called, _text_of(mine), _text_of(other)))
    return found


def _texts(file: PageRead, again: PageRead) -> list[Difference]:
    """Return what differs besides the numbers: texts, images, data to take out, and the record."""
    matcher = difflib.SequenceMatcher(None, file.lines, again.lines, autojunk=False)
    found = [
        Difference("text", " ".join(file.lines[a:b]), " ".join(again.lines[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    ]
    for kind, ours, theirs in (
        ("image", file.images, again.images),
        ("table as data", file.downloads, again.downloads),
    ):
        for mine, other in zip_longest(ours, theirs, fillvalue=("", "")):
            if mine != other:
                found.append(Difference(f"{kind}: {(other[0] or mine[0])[:80]}", "differs", ""))
    for key in sorted({*file.record, *again.record} - {"dateCreated", "vgstats:facts"}):
        if file.record.get(key) != again.record.get(key):
            found.append(Difference(f"record: {key}", "differs", ""))
    return found


def _values(then: PageRead, today: PageRead) -> list[Difference]:
    """Return each number that has another value today, once, whatever its place on the page.

    What the report says of the version that it replaces is no figure.
    """
    before, now = (
        {f.id: f for f in page.facts if not f.id.startswith(FORMER)} for page in (then, today)
    )
    return [
        Difference(_called(fact), fact.text, now[i].text if i in now else "not shown any more")
        for i, fact in before.items()
        if i not in now or fact.value != now[i].value
    ] + [
        Difference(_called(fact), "not shown", fact.text)
        for i, fact in now.items()
        if i not in before
    ]


def _own_words(then: Job, today: Job) -> list[Difference]:
    """Return the region's own words that read otherwise today, by their headings."""
    before, now = (
        {one.section: one.text for one in job.figures()[0].texts.passages} for job in (then, today)
    )
    return [
        Difference(
            f"own words under {heading}", before.get(heading, "none"), now.get(heading, "none")
        )
        for heading in {**before, **now}
        if before.get(heading) != now.get(heading)
    ]


def _called(fact: ShownFact | None) -> str:
    return f"{fact.place} ({fact.id})" if fact else ""


def _text_of(fact: ShownFact | None) -> str:
    return fact.text if fact else "nothing"


def _once(differences: list[Difference]) -> list[Difference]:
    return list(dict.fromkeys(differences))
