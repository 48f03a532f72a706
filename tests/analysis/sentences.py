"""What every sentence of a result must keep to."""

from __future__ import annotations

CAUSAL = ("effekt", "berodde", "ledde till", "tack vare", "orsak")


def plain(result) -> str:
    text = result.sentence().plain().replace("\N{NO-BREAK SPACE}", " ")
    assert "nan" not in text.lower() and not any(word in text.lower() for word in CAUSAL)
    return text
