"""From questions to answers that hold something, and why where one holds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from vgstats.errors import VgstatsError
from vgstats.sources.fetch.metadata import dimensions, known_values, metadata, misfits
from vgstats.sources.fetch.planning import Plan
from vgstats.sources.fetch.questions import Request, halves
from vgstats.sources.http import Answer, Client, RefusalError, is_empty_list, object_with_list

_CORRECT = (
    "Correct the name in a copy of the datasets file ('vgstats fetch --show-datasets' shows it) and "
    "name the copy with '--datasets'."
)


@dataclass(frozen=True)
class Fetched:
    """A question and its answer; a question whose answer has several pages comes several times.

    `why` says what the source did with a question that got no answer, or one to a part of it only.
    """

    request: Request
    answer: Answer | None
    why: str = ""


def fetch(
    plan: Plan,
    clients: Mapping[str, Client],
    on_done: Callable[[Request, Answer | None], None],
) -> Iterator[Fetched]:
    """Yield the answers of a plan in order.

    A question that Försäkringskassan answers with nothing is asked once more without the values that its
    metadata do not have; one that SCB refuses is asked in parts, down to single years or months.

    Args:
        plan: the questions.
        clients: the client of each service that the plan asks.
        on_done: told each question when all of it is answered, and the last answer.

    Raises:
        VgstatsError: a source fails, or no question at all has an answer that holds something; of
            Försäkringskassan the message says which parameter or value its metadata do not have.
    """
    why, held = "", False
    for request in plan.requests:
        found = list(_answered(clients[request.service], request, plan.metadata))
        on_done(request, found[-1].answer)
        held = held or any(fetched.answer for fetched in found)
        why = why or found[0].why
        yield from found
    if why and not held:
        raise VgstatsError(why)


def _spelled_out(client: Client, request: Request, paths: Sequence[str]) -> Request:
    """Return the question with the values that the source's metadata name in place of each `*`.

    Raises:
        VgstatsError: there are no metadata, or they do not have the parameter.
    """
    found = metadata(client, request.path.split("/")[0], paths)
    known = {} if isinstance(found, str) else dimensions(found)
    params = {
        name: ",".join(known.get(name, [])) if text == "*" else text
        for name, text in request.params.items()
    }
    lost = [name for name, text in params.items() if not text]
    if lost:
        why = found if isinstance(found, str) else f"they name {', '.join(known)}"
        raise VgstatsError(
            f"{request.what}: the values of {lost[0]!r} should come from Försäkringskassan's metadata, which "
            f"do not have it ({why}). {_CORRECT} There 'ask' lists the values to ask for."
        )
    return replace(request, params=params)


def _answered(client: Client, request: Request, metadata_at: Sequence[str]) -> Iterator[Fetched]:
    if "*" in request.params.values():
        request = _spelled_out(client, request, metadata_at)
    try:
        first = client.get(request.path, request.params)
    except RefusalError as error:
        parts = halves(request) if request.service == "scb" else ()
        for part in parts:
            yield from _answered(client, part, metadata_at)
        if not parts:
            yield Fetched(request, None, f"{request.what}: {error}")
        return
    if request.service == "fk" and is_empty_list(first.content):
        yield _asked_again(client, request, metadata_at)
    elif request.service == "kolada" and not object_with_list(first, "values")["values"]:
        client.forget(first)
        why = (
            f"Kolada has no values at {first.address}. It answers so when the KPI or "
            "the ids of municipalities are wrong, or when it has no such years."
        )
        yield Fetched(request, None, f"{request.what}: {why} {_CORRECT}")
    else:
        more = _further_pages(client, request, first) if request.service == "kolada" else []
        yield from (Fetched(request, answer) for answer in (first, *more))


def _further_pages(client: Client, request: Request, first: Answer) -> list[Answer]:
    pages, seen, page = [], {first.address}, first
    envelope = object_with_list(first, "values")
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


def _asked_again(client: Client, request: Request, paths: Sequence[str]) -> Fetched:
    """Return what comes without the values that the metadata do not have, or why nothing does.

    One value that is not there, such as a month to come, empties the whole answer.
    """
    found = metadata(client, request.path.split("/")[0], paths)
    if isinstance(found, str):
        why = (
            f"Its metadata cannot be had ({found}). Likeliest is the form in which a kommun is "
            "written (kommun_form), or a month that is not published yet."
        )
    else:
        known = dimensions(found)
        fewer = known_values(request.params, known)
        if fewer:
            answer = client.get(request.path, fewer)
            if not is_empty_list(answer.content):
                misfit = " ".join(misfits(request.params, known))
                return Fetched(request, answer, f"{request.what}: {misfit} {_CORRECT}")
        why = " ".join(misfits(request.params, known)) or (
            "Its metadata have all these names and values, so it has no numbers for the period yet, "
            "or the areas are paired otherwise."
        )
    return Fetched(
        request,
        None,
        f"{request.what}: Försäkringskassan answered with an empty list, as it does when the name or "
        f"the value of a parameter is wrong or one is missing. {why} {_CORRECT}",
    )
