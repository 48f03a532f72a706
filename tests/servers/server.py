"""The server itself: what it was asked, and who of those it plays answers."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import pandas as pd

from servers.fk import FkTable, fk_answer, large_blocks
from servers.kolada import Paging, kolada_answer
from servers.misbehaviour import (
    Announced,
    CutHalfway,
    Hangup,
    Html,
    Large,
    Normal,
    Raw,
    Redirect,
    Slow,
    Status,
    Step,
)
from servers.scb import ScbTable, scb_answer


@dataclass(frozen=True)
class Asked:
    """One request as it came: `at` is seconds of a steady clock."""

    at: float
    path: str
    query: dict[str, str]
    agent: str
    headers: dict[str, str]


class Server:
    """The server; `address` is its own, `fk`, `kolada` and `scb` the base addresses it plays."""

    def __init__(
        self,
        fk: dict[str, FkTable] | None = None,
        kolada: pd.DataFrame | None = None,
        scb: dict[str, ScbTable] | None = None,
        per_page: int = 5000,
    ) -> None:
        """Take what the sources know.

        Args:
            fk: tables by `dataset/Table`.
            kolada: `kpi`, `municipality`, `period` (number), `gender`, `value` (NaN: null).
            scb: tables by id.
            per_page: how many of Kolada's entries come on a page when none is asked for.
        """
        self.fk_tables = fk or {}
        self.kolada_rows = kolada
        self.scb_tables = scb or {}
        self.per_page = per_page
        self.next_host = ""  # when set, Kolada's next_url names this address instead of its own
        self.requests: list[Asked] = []
        self._steps: list[Step] = []
        self._lock = Lock()
        self.closing = Event()

    def __enter__(self) -> Server:
        handler = type("Handler", (_Handler,), {"world": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def fk(self) -> str:
        return f"{self.address}/fk/public/v1"

    @property
    def kolada(self) -> str:
        return f"{self.address}/v3"

    @property
    def scb(self) -> str:
        return f"{self.address}/scb/api/v2"

    def script(self, *steps: Step) -> None:
        """Let the coming requests meet these, one each; after them all is normal."""
        with self._lock:
            self._steps += steps

    def next_step(self, asked: Asked) -> Step:
        with self._lock:
            self.requests.append(asked)
            return self._steps.pop(0) if self._steps else Normal()

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, object]:
        """Return the status and the JSON of a normal answer."""
        service, _, rest = path.removeprefix("/").partition("/")
        if service == "fk":
            return fk_answer(self.fk_tables, rest.removeprefix("public/v1/"), query)
        if service == "v3":
            paging = Paging(self.per_page, self.next_host or self.address)
            return kolada_answer(self.kolada_rows, rest, query, paging)
        if service == "scb":
            return scb_answer(self.scb_tables, rest.removeprefix("api/v2/"), query)
        return 404, {"message": "there is nothing here"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world: Server

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        agent = self.headers.get("User-Agent", "")
        step = self.world.next_step(
            Asked(time.monotonic(), parts.path, query, agent, dict(self.headers))
        )
        try:
            self._play(step, parts.path, query)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _play(self, step: Step, path: str, query: dict[str, str]) -> None:
        match step:
            case Status():
                self._send(step.code, step.body, step.headers)
            case Html():
                self._send(200, step.body, {"Content-Type": "text/html"})
            case Raw():
                self._send(200, step.body)
            case Redirect():
                again = f"{path}?{urlencode({**query, 'moved': '1'})}"
                self._send(302, b"", {"Location": step.to or again})
            case Hangup():
                self.close_connection = True
            case Announced():
                self._start(200, step.size)
                self.wfile.write(b"[")
                self.close_connection = True
            case Large():
                self._large(step.megabytes * 1_000_000)
            case CutHalfway():
                body = self._normal(path, query)[1]
                self._start(200, len(body))
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
            case _:
                if isinstance(step, Slow):
                    self.world.closing.wait(step.seconds)
                self._send(*self._normal(path, query))

    def _normal(self, path: str, query: dict[str, str]) -> tuple[int, bytes]:
        query = {name: value for name, value in query.items() if name != "moved"}
        status, content = self.world.answer(path, query)
        return status, json.dumps(content, ensure_ascii=False).encode()

    def _start(self, status: int, length: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        sent = {
            "Content-Type": "application/json",
            **(headers or {}),
            "Content-Length": str(length),
        }
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self._start(status, len(body), headers)
        self.wfile.write(body)

    def _large(self, size: int) -> None:
        blocks = list(large_blocks(size))
        self._start(200, sum(number * len(block) for block, number in blocks))
        for block, number in blocks:
            for _ in range(number):
                self.wfile.write(block)
