"""What is wrong with the keys and values of a parameter file, a cell or a call, in words that are the same for all."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError

from vgstats.catalogue import areas
from vgstats.entries import Entry, Fault, all_faults
from vgstats.errors import VgstatsError, most_like, nearest

EXPECTED = {
    "own": "the name of a YAML file or a workbook (.xlsx) beside this one, or a list of such names",
    "words": "the name of a Markdown file beside this one, which ends in .md",
    "notebook": "the name of a notebook beside this file or in the folder of notebooks, which ends in .ipynb",
    "lan": "a list of county codes such as ['14'], or alla (in a notebook one code, as text)",
    "kommun": "a list of kommun codes such as ['1480'], or alla (in a notebook one code, as text)",
    "enhet": "a list of ids of units such as ['alby'], or alla (in a notebook one id, as text)",
    "snapshot": "a day in quotation marks, such as '2025-10-01'",
    "earlier": "a day in quotation marks, such as '2024-10-01'",
    "snapshots": "a list of one or two days such as ['2024-10-01', '2025-10-01']",
    "measures": "a list of measures such as ['sjukpenningtal']",
    "periods": "measures, each with a list of two periods",
    "disclosure": "the keys mode, threshold, width and zeros",
    "mode": "'suppress' or 'off', in quotation marks",
    "threshold": "a whole number in quotation marks, at least 3",
    "width": "a whole number in quotation marks, at least 1",
    "zeros": "'shown' or 'hidden'",
}

# What a key may be called by who does not remember it.
_CALLED = {
    "county": "lan",
    "counties": "lan",
    "region": "lan",
    "regions": "lan",
    "municipality": "kommun",
}
_CALLED |= {"municipalities": "kommun", "from": "before", "to": "after", "indicators": "measures"}

_CURVED = ' The quotation marks there are curved. Write straight ones: ".'

Model = TypeVar("Model", bound=Entry)


def checked(model: type[Model], values: dict[str, Any], *, apart: bool = False) -> Model:
    """Return the parameters of a report, of whatever kind.

    Args:
        model: the parameters of the kind.
        values: the keys and values.
        apart: whether only what is wrong with each value alone is told, not whether they go together.

    Raises:
        VgstatsError: a key is unknown or missing, or a value will not do; it names each, and what is expected.
    """
    try:
        return model(**values)
    except ValidationError as error:
        found = [one for one in all_faults(error) if one.path or not apart]
        raise VgstatsError(*(_said(fault, model) for fault in found)) from None


def _said(fault: Fault, model: type[Entry]) -> str:
    path = [str(part) for part in fault.path] or [""]
    key, last = path[0], path[-1]
    if fault.kind == "extra_forbidden":
        part = model.model_fields[key].annotation if path[1:] else model
        return unknown_key(last, list(getattr(part, "model_fields", {})))
    if fault.kind == "missing":
        return missing_key(key)
    if fault.kind == "value_error":
        inside = [part for part in fault.path[1:] if isinstance(part, str) and part != "[key]"]
        place = "".join(f"{part}: " for part in (key, *inside) if part)
        said = fault.words if fault.words.startswith(place[:-2]) else f"{place}{fault.words}"
        return said + (
            _CURVED if isinstance(fault.given, str) and set(fault.given) & set("“”„") else ""
        )
    return will_not_do(last if last in EXPECTED else key, fault.given)


def missing_key(key: str) -> str:
    """Return what to say of a key that a file or a call must have."""
    return f"the key {key!r} is missing. Add it."


def unknown_key(key: object, known: list[str]) -> str:
    """Return what to say of a key that a file or a call does not have."""
    meant = meant_key(key, known)
    return (
        f"unknown key {key!r}.{f' Did you mean {meant!r}?' if meant else ''} Known keys: {', '.join(known)}. "
        "Correct the key or remove it."
    )


def meant_key(key: object, known: list[str], *, cutoff: float = 0.5) -> str:
    """Return the known key that an unknown one may be meant for, empty for none as like as `cutoff`."""
    called = _CALLED.get(str(key).lower(), "")
    return called if called in known else most_like(str(key), known, cutoff)


def will_not_do(key: str, value: object) -> str:
    """Return what to say of a value of the wrong kind."""
    expected = EXPECTED.get(key, "one text in quotation marks")
    shown = "nothing" if value is None else repr(value)
    number = isinstance(value, int | float | bool)
    hint = f" With papermill write -r {key} ..., since -p makes a number of it." if number else ""
    return f"{key}: {shown} will not do. Expected {expected}.{hint}"


def listed(key: str, given: object) -> list[str] | None:
    """Return the codes that a parameter file lists under a key, None for all of them.

    Raises:
        VgstatsError: it is no list and not `alla`, it is empty, or a code stands twice.
    """
    if given == "alla":
        return None
    if not isinstance(given, list):
        raise VgstatsError(will_not_do(key, given) + _as_a_list(key, given))
    if not given:
        raise VgstatsError(f"{key}: the list is empty. Name one, or write alla.")
    twice = [code for code in given if given.count(code) > 1]
    if twice:
        raise VgstatsError(
            *(f"{key}: {code!r} stands twice. Keep one of them." for code in dict.fromkeys(twice))
        )
    return given


def _as_a_list(key: str, given: object) -> str:
    """Return how to write a code or a name that stands where a list should."""
    try:
        before = "-" if key == areas.UNIT else ":"  # as in enhet:14-alby and kommun:1480
        codes = [areas.find(one, key).partition(before)[2] for one in str(given).split(",")]
    except VgstatsError:
        return nearest(str(given).lower(), ["alla"])
    return f" Write {key}: {codes}."
