"""What a source answered, and what its first and last bytes tell before anyone reads it."""

from __future__ import annotations

from dataclasses import dataclass

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Answer:
    """What a source answered: the address that was asked, the bytes, and when they came (UTC)."""

    address: str
    content: bytes
    sha256: str
    retrieved: str
    from_cache: bool


def is_web_page(content: bytes) -> bool:
    """Return whether the bytes begin as HTML does."""
    return _start(content).startswith(b"<")


def is_whole(content: bytes) -> bool:
    """Return whether the bytes begin and end as a JSON list or object does."""
    first, last = _start(content)[:1], content[-256:].rstrip()[-1:]
    return (first, last) in ((b"[", b"]"), (b"{", b"}"))


def is_empty_list(content: bytes) -> bool:
    """Return whether the bytes are a JSON list with nothing in it."""
    return len(content) < 256 and b"".join(content.split()) == b"[]"


def _start(content: bytes) -> bytes:
    return content[:256].removeprefix(_BOM).lstrip()
