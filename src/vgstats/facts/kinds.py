"""What the areas compared are called, in the plural, and the other forms of that word."""

from __future__ import annotations

_FORMS = {
    "län": ("länen", "länet", "det här länet"),
    "kommuner": ("kommunerna", "kommunen", "den här kommunen"),
    "områden": ("områdena", "området", "det här området"),
}


def definite(kind: str) -> str:
    """Return `länen` for `län`; a plural that is not known is returned as it is."""
    return _FORMS.get(kind, (kind, ""))[0]


def one_of(kind: str) -> str:
    """Return `kommun` for `kommuner`; `område` for a plural that is not known."""
    return {"län": "län", "kommuner": "kommun"}.get(kind, "område")


def the_one(kind: str) -> str:
    """Return `länet` for `län`; `området` for a plural that is not known."""
    return _FORMS.get(kind, _FORMS["områden"])[1]


def this_one(kind: str) -> str:
    """Return `det här länet` for `län`; `det här området` for a plural that is not known."""
    return _FORMS.get(kind, _FORMS["områden"])[2]
