"""From questions to answers that hold something, and why where one holds nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from vgstats.errors import VgstatsError
from vgstats.sources.answer import Answer, is_empty_list
from vgstats.sources.fetch.metadata import dimensions, metadata, misfits
from vgstats.sources.fetch.planning import Plan
from vgstats.sources.fetch.questions import Request
from vgstats.sources.http import Client

_CORRECT = (
    "Correct the name in a copy of the datasets file ('vgstats fetch --show-datasets' shows it) and "
    "name the copy with '--datasets'."
)


@dataclass(frozen=True)
class Fetched:
    """A question and its answer; a question whose answer has several pages comes several times."""

    request: Request
    answer: Answer


def fetch(
    plan: Plan, clients: Mapping[str, Client], on_done: Callable[[Request, Answer], None]
) -> Iterator[Fetched]:
    """Yield the answers of a plan in order.

    Args:
        plan: the questions.
        clients: the client of each service that the plan asks.
        on_done: told each question when all of it is answered, and the last answer.

    Raises:
        VgstatsError: a source fails, or answers with nothing; of Försäkringskassan the message says
            which parameter or value its metadata do not have.
    """
    for request in plan.requests:
        client = clients[request.service]
        answers = [client.get(request.path, request.params)]
        if request.service == "fk" and is_empty_list(answers[0].content):
            raise VgstatsError(_why_empty(client, request, plan.metadata))
        if request.service == "kolada":
            answers += _further_pages(client, request, answers[0])
        on_done(request, answers[-1])
        yield from (Fetched(request, answer) for answer in answers)


def object_with_list(answer: Answer, key: str) -> dict[str, Any]:
    """Return the JSON object of an answer, which must have a list under `key`.

    Raises:
        VgstatsError: it is something else.
    """
    try:
        content = json.loads(answer.content)
    except ValueError as error:
        raise VgstatsError(f"{answer.address}: the answer is broken JSON: {error}.") from None
    if not isinstance(content, dict) or not isinstance(content.get(key), list):
        raise VgstatsError(
            f"{answer.address}: the answer has no list {key!r}. The source has changed its form; "
            "check the address with '--show-datasets'."
        )
    return content


def _further_pages(client: Client, request: Request, first: Answer) -> list[Answer]:
    envelope = object_with_list(first, "values")
    if not envelope["values"]:
        client.forget(first)
        raise VgstatsError(
            f"{request.what}: Kolada has no values at {first.address}. It answers so when the KPI or "
            f"the ids of municipalities are wrong, or when it has no such years. {_CORRECT}"
        )
    pages, seen, page = [], {first.address}, first
    while envelope.get("next_url"):
        page = client.get(urljoin(page.address, str(envelope["next_url"])))
        if page.address in seen:
            raise VgstatsError(
                f"{request.what}: Kolada names {page.address} as its next page a second time. Run "
                "the command again with '--refresh'."
            )
        seen.add(page.address)
        pages.append(page)
        envelope = object_with_list(page, "values")
    return pages


def _why_empty(client: Client, request: Request, paths: Sequence[str]) -> str:
    found = metadata(client, request.path.split("/")[0], paths)
    if isinstance(found, str):
        why = (
            f"Its metadata cannot be had ({found}). Likeliest is the form in which a kommun is "
            "written (kommun_form), or a month that is not published yet."
        )
    else:
        why = " ".join(misfits(request.params, dimensions(found))) or (
            "Its metadata have all these names and values, so it has no numbers for the period yet, "
            "or the areas are paired otherwise."
        )
    return (
        f"{request.what}: Försäkringskassan answered with an empty list, as it does when the name or "
        f"the value of a parameter is wrong or one is missing. {why} {_CORRECT}"
    )
