"""A server on this machine that plays Försäkringskassan, Kolada and SCB, with their traps.

    with Server(fk=fk_rows_from_shared_csv(shared)) as server:
        server.script(Status(429, {"Retry-After": "1"}), Status(500))
        ...  # the first two requests meet these, the third is answered
        server.requests  # what was asked

Forms: Försäkringskassan's statistics API, Kolada's API version 3, SCB's PxWeb API version 2.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import pandas as pd

FK_VALUES = {
    "kon_kod": ["ALL", "K", "M"],
    "manad": [f"{month:02d}" for month in range(1, 13)],
    "man": [f"{month:02d}" for month in range(1, 13)],
    "ar": [str(year) for year in range(1994, 2027)],
}
SCB_MOST_CELLS = 150_000


# --- what the server knows ------------------------------------------------------------------------


@dataclass
class FkTable:
    """One table of FK: `rows` has the dimensions, named as FK names them, and the observations.

    All texts, observations floats (NaN: suppressed). `meta` is where its metadata are, empty: nowhere.
    """

    rows: pd.DataFrame
    observations: list[str]
    meta: str = "meta.json"

    @property
    def dimensions(self) -> list[str]:
        return [column for column in self.rows.columns if column not in self.observations]

    def values(self, dimension: str) -> list[str]:
        found = self.rows[dimension].unique()
        return list(dict.fromkeys([*FK_VALUES.get(dimension, []), *found]))


@dataclass
class ScbTable:
    """One table of SCB: `rows` has a column for each variable, by code, and `value`."""

    rows: pd.DataFrame
    label: str = "Folkmängd"
    can_be_left_out: list[str] = field(default_factory=lambda: ["Civilstand"])

    @property
    def variables(self) -> list[str]:
        return [column for column in self.rows.columns if column != "value"]


def fk_rows_from_shared_csv(shared: Path) -> dict[str, FkTable]:
    """FK's ohälsotal and sjukpenningtal 1.0 for Riket and every county, December 2011-2025."""
    file = shared / "data" / "fk_ohalsotal_sjukpenningtal_lan_2011-2025.csv"
    frame = pd.read_csv(file, dtype=str)
    lan = frame["lan_kod"].replace("00", "ALL")
    rows = pd.DataFrame(
        {
            "ar": frame["ar"],
            "manad": frame["manad"],
            "lan_kod": lan,
            "kommun_kod": "ALL_" + lan,
            "aldersklass_kod": "ALL",
            "kon_kod": frame["kon_kod"],
        }
    )
    tables = {
        "ohm-ohalsotal/SJPohttal": ("ohalsotal", "oht"),
        "ohm-sjptal/SJPsjptal": ("sjukpenningtal_1_0", "spt"),
    }
    return {
        name: FkTable(
            rows[frame["matt"] == measure].assign(**{column: frame["varde"].astype(float)}),
            [column],
        )
        for name, (measure, column) in tables.items()
    }


# --- misbehaviour, each for one request -----------------------------------------------------------


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

    def __enter__(self) -> Server:
        handler = type("Handler", (_Handler,), {"world": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
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
        for base, play in (("/fk/public/v1/", _fk), ("/v3/", _kolada), ("/scb/api/v2/", _scb)):
            if path.startswith(base):
                return play(self, path.removeprefix(base), query)
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
                    time.sleep(step.seconds)
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
        blocks = list(_large_blocks(size))
        self._start(200, sum(number * len(block) for block, number in blocks))
        for block, number in blocks:
            for _ in range(number):
                self.wfile.write(block)


def _large_blocks(size: int) -> Iterator[tuple[bytes, int]]:
    """Yield blocks of an FK answer and how often each is sent; all rows but the last are alike."""
    row = json.dumps(_fk_row(["2024", "12", "14", "ALL"], ["ar", "manad", "lan_kod", "kon_kod"], 1))
    block = (row + ",").encode() * 1000
    yield b"[", 1
    yield block, size // len(block) + 1
    yield row.encode() + b"]", 1


# --- Försäkringskassan ----------------------------------------------------------------------------


def _fk_row(values: list[str], names: list[str], number: int) -> dict[str, object]:
    return {
        "dimensions": {"row_nr": number, **dict(zip(names, values, strict=True))},
        "observations": {"antal": {"rojd": False, "value": 1234.0}},
    }


def _fk(world: Server, path: str, query: dict[str, str]) -> tuple[int, object]:
    for name, table in world.fk_tables.items():
        dataset = name.split("/")[0]
        if path == f"{name}.json":
            return 200, _fk_rows(table, query)
        if table.meta and path == f"{dataset}/{table.meta}":
            return 200, _fk_meta(dataset, table)
    return 404, {"message": f"no {path}"}


def _fk_rows(table: FkTable, query: dict[str, str]) -> list[dict[str, object]]:
    """A wrong or missing parameter, or a wrong value, gives an empty list and no error."""
    if set(query) != set(table.dimensions):
        return []
    asked = {name: text.split(",") for name, text in query.items()}
    if any(set(values) - set(table.values(name)) for name, values in asked.items()):
        return []
    chosen = pd.Series(True, index=table.rows.index)
    pair = [name for name in ("lan_kod", "kommun_kod") if name in asked]
    if len(pair) == 2:
        # Paired and not crossed: the first kommun with the first län.
        if len(asked["lan_kod"]) != len(asked["kommun_kod"]):
            return []
        pairs = set(zip(asked["lan_kod"], asked["kommun_kod"], strict=True))
        chosen &= pd.MultiIndex.from_frame(table.rows[pair]).isin(pairs)
    for name in table.dimensions:
        if name not in pair or len(pair) < 2:
            chosen &= table.rows[name].isin(asked[name])
    return [
        {
            "dimensions": {"row_nr": number, **{name: row[name] for name in table.dimensions}},
            "observations": {
                name: {
                    "rojd": bool(pd.isna(row[name])),
                    "value": 0.0 if pd.isna(row[name]) else row[name],
                }
                for name in table.observations
            },
        }
        for number, row in enumerate(table.rows[chosen].to_dict("records"), start=1)
    ]


def _fk_meta(dataset: str, table: FkTable) -> dict[str, object]:
    def values(name: str) -> list[dict[str, object]]:
        return [{"key": value, "label": f"{name} {value}"} for value in table.values(name)]

    dimensions = []
    for name in table.dimensions:
        entry = {"key": name, "label": name.removesuffix("_kod"), "values": values(name)}
        if name == "lan_kod" and "kommun_kod" in table.dimensions:
            for value in entry["values"]:
                of = table.rows.loc[table.rows["lan_kod"] == value["key"], "kommun_kod"].unique()
                value["subdimension"] = {
                    "key": "kommun_kod",
                    "label": "kommun",
                    "values": [{"key": key, "label": f"kommun {key}"} for key in of],
                }
        if name != "kommun_kod":
            dimensions.append(entry)
    columns = [
        {"key": name, "label": name, "format": "text"}
        for name in [*table.dimensions, *table.observations]
    ]
    return {
        "key": dataset,
        "table": {"columns": columns},
        "filter": {"uppdelning": [], "dimension": dimensions},
    }


# --- Kolada ---------------------------------------------------------------------------------------


def _kolada(world: Server, path: str, query: dict[str, str]) -> tuple[int, object]:
    parts = path.strip("/").split("/")
    if parts[0] != "data" or world.kolada_rows is None:
        return 404, {"detail": "Not Found"}
    asked = dict(zip(parts[1::2], parts[2::2], strict=False))
    # A parameter that Kolada does not know, such as `municipality`, silently finds nothing.
    names = {"kpi_id": "kpi", "municipality_id": "municipality", "year": "year"}
    paging = {"page", "per_page"}
    asked |= {names[name]: value for name, value in query.items() if name in names}
    lost = set(query) - set(names) - paging
    lists = {name: value.split(",") for name, value in asked.items()}
    if any(len(values) > 25 for values in lists.values()):
        return 400, {"detail": "A maximum of 25 ids is allowed"}
    rows = world.kolada_rows
    for name, column in (("kpi", "kpi"), ("municipality", "municipality"), ("year", "period")):
        if name in lists:
            rows = rows[rows[column].astype(str).isin(lists[name])]
    entries = [] if lost or len(lists) < 2 else _kolada_entries(rows)
    return 200, _kolada_page(world, path, query, entries)


def _kolada_entries(rows: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {
            "kpi": kpi,
            "municipality": municipality,
            "period": int(period),
            "values": [
                {
                    "gender": row["gender"],
                    "count": 1,
                    "status": "",
                    "value": None if pd.isna(row["value"]) else row["value"],
                    "isdeleted": False,
                }
                for row in group.to_dict("records")
            ],
        }
        for (kpi, municipality, period), group in rows.groupby(["kpi", "municipality", "period"])
    ]


def _kolada_page(
    world: Server, path: str, query: dict[str, str], entries: list[dict[str, object]]
) -> dict[str, object]:
    page, size = int(query.get("page", 1)), int(query.get("per_page", world.per_page))
    shown = entries[(page - 1) * size : page * size]

    def address(number: int) -> str:
        paging = urlencode({**query, "page": number, "per_page": size})
        return f"{world.next_host or world.address}/v3/{path}?{paging}"

    return {
        "values": shown,
        "count": len(shown),
        "next_url": address(page + 1) if page * size < len(entries) else None,
        "previous_url": address(page - 1) if page > 1 else None,
    }


# --- SCB ------------------------------------------------------------------------------------------


def _problem(status: int, title: str) -> tuple[int, object]:
    return status, {"type": "Parameter error", "title": title, "status": status}


def _scb(world: Server, path: str, query: dict[str, str]) -> tuple[int, object]:
    parts = path.split("/")
    if parts == ["tables"]:
        return 200, _scb_search(world, query)
    if parts[0] != "tables" or len(parts) != 3 or parts[1] not in world.scb_tables:
        return _problem(404, "Non-existent table")
    table = world.scb_tables[parts[1]]
    chosen: dict[str, list[str]] = {}
    for variable in table.variables:
        codes = [code for code in query.get(f"valueCodes[{variable}]", "").split(",") if code]
        if not codes and variable not in table.can_be_left_out:
            return _problem(400, "Missing selection for mandantory variable")
        if set(codes) - set(table.rows[variable]):
            return _problem(400, "Non-existent value")
        if codes:
            chosen[variable] = codes
    cells = 1
    for codes in chosen.values():
        cells *= len(codes)
    if cells > SCB_MOST_CELLS:
        return _problem(403, "Too many cells selected")
    return 200, _json_stat(table, chosen)


def _scb_search(world: Server, query: dict[str, str]) -> dict[str, object]:
    words = query.get("query", "").lower()
    size = int(query.get("pageSize", 20))
    found = [
        {
            "type": "Table",
            "id": name,
            "label": table.label,
            "firstPeriod": min(table.rows["Tid"]),
            "lastPeriod": max(table.rows["Tid"]),
            "variableNames": table.variables,
        }
        for name, table in world.scb_tables.items()
        if words in table.label.lower()
    ]
    page = {"pageNumber": 1, "pageSize": size, "totalElements": len(found), "totalPages": 1}
    return {"language": "sv", "tables": found[:size], "page": page}


def _json_stat(table: ScbTable, chosen: dict[str, list[str]]) -> dict[str, object]:
    names = list(chosen)
    sums = table.rows.groupby(names)["value"].sum(min_count=1)
    index = pd.MultiIndex.from_product(chosen.values(), names=names)
    sums.index = pd.MultiIndex.from_arrays(
        [sums.index.get_level_values(name) for name in names], names=names
    )
    values = sums.reindex(index)
    missing = {str(at): ".." for at, value in enumerate(values) if pd.isna(value)}
    return {
        "version": "2.0",
        "class": "dataset",
        "label": table.label,
        "source": "SCB",
        "id": names,
        "size": [len(codes) for codes in chosen.values()],
        "dimension": {
            name: {
                "label": name.lower(),
                "category": {
                    "index": {code: at for at, code in enumerate(codes)},
                    "label": {code: code for code in codes},
                },
            }
            for name, codes in chosen.items()
        },
        "value": [None if pd.isna(value) else value for value in values],
        **({"status": missing} if missing else {}),
        "role": {
            "time": [name for name in names if name == "Tid"],
            "metric": [name for name in names if name == "ContentsCode"],
        },
    }
