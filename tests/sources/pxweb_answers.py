"""PxWeb's answers as tests write them, and what is read in them."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

from vgstats.sources.pxweb import read_csv, read_json_stat
from vgstats.sources.reading import ROW_COLUMNS, Reading

AGES = [str(age) for age in range(16, 65)]


def category(codes: dict[str, str]) -> dict[str, Any]:
    index = {code: place for place, code in enumerate(codes)}
    return {"label": "x", "category": {"index": index, "label": codes}}


def cube(value: Any = None, **dimensions: dict[str, str]) -> dict[str, Any]:
    """A population answer; each cell is its ordinal, unless values are given."""
    codes = {
        "Region": {"14": "Västra Götalands län"},
        "Kon": {"1": "män", "2": "kvinnor"},
        "ContentsCode": {"BE0101N1": "Folkmängd"},
        "Tid": {"2008": "2008"},
    } | dimensions
    codes = {name: of for name, of in codes.items() if of}
    count = len(list(product(*codes.values())))
    return {
        "version": "2.0",
        "class": "dataset",
        "id": list(codes),
        "size": [len(of) for of in codes.values()],
        "dimension": {name: category(of) for name, of in codes.items()},
        "value": list(range(1, count + 1)) if value is None else value,
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
    }


def ages(*codes: str) -> dict[str, str]:
    return {code: f"{code} år" for code in codes}


def read(folder: Path, content: Any) -> Reading:
    file = folder / "answer.json"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content)
        file.write_text(text, encoding="utf-8")
    return read_json_stat(file)


def read_lines(folder: Path, *lines: str, encoding: str = "utf-8") -> Reading:
    file = folder / "answer.csv"
    file.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
    return read_csv(file)


def cells(reading: Reading) -> dict[tuple[str, str, str], tuple[float, str]]:
    rows = reading.rows
    assert list(rows) == ROW_COLUMNS
    keys = zip(rows["area"], rows["sex"], rows["group"], strict=True)
    return dict(zip(keys, zip(rows["value"], rows["status"], strict=True), strict=True))
