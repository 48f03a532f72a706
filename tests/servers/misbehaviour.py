"""What a server can do wrong, each for one request."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Normal:
    """Answers as it should."""


@dataclass
class Status:
    code: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"message": "no"}'


@dataclass
class Html:
    body: bytes = b"<!DOCTYPE html><html><body>Vi har st\xc3\xa4ngt</body></html>"


@dataclass
class Raw:
    """Answers 200 with just these bytes."""

    body: bytes


@dataclass
class CutHalfway:
    """Announces the whole answer, sends half of it and closes the connection."""


@dataclass
class Hangup:
    """Closes the connection without a word."""


@dataclass
class Redirect:
    """Sends on; an empty `to` is the same address with `moved=1` added."""

    to: str = ""


@dataclass
class Slow:
    seconds: float


@dataclass
class Announced:
    """Announces an answer of so many bytes and sends one."""

    size: int


@dataclass
class Large:
    """Streams FK rows until the answer has at least so many megabytes."""

    megabytes: int = 135


Step = Normal | Status | Html | Raw | CutHalfway | Hangup | Redirect | Slow | Announced | Large
