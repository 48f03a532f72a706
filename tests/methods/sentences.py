"""What every sentence of a result must keep to."""

from __future__ import annotations

from support import plain as ordinary

CAUSAL = ("effekt", "berodde", "ledde till", "tack vare", "orsak")


def plain(result) -> str:
    text = ordinary(result.sentence().plain())
    assert "nan" not in text.lower() and not any(word in text.lower() for word in CAUSAL)
    return text
