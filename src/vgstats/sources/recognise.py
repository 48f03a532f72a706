"""A file or an answer is recognised by what it holds, and read by the adapter that knows it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vgstats.catalogue.areas import all_areas
from vgstats.entries import why_unread
from vgstats.errors import VgstatsError
from vgstats.sources import (
    fk_json,
    fk_older,
    fk_xlsx,
    intygsstatistik,
    kolada,
    labels,
    own_table,
    pxweb,
    reading,
)
from vgstats.sources.datasets import fk_dataset
from vgstats.sources.fetch.questions import Request
from vgstats.sources.reading import NotThisFormat, Reading

if TYPE_CHECKING:
    from vgstats.sources.http import Answer

_OTHER_FORMATS = {
    b"<": "this is a web page (HTML), not figures. Download the file itself.",
    b"\xd0\xcf\x11\xe0": "this is a spreadsheet of the format before 2007. Save it as XLSX.",
    b"\x1f\x8b": "the file is packed (gzip). Unpack it first.",
}
_UNKNOWN = (
    "the format is not known. vgstats reads Försäkringskassan's XLSX, JSON and older CSV, Kolada's "
    "JSON, SCB's json-stat2, JSON and CSV, Intygsstatistik's CSV and XLSX, its own Parquet, and measures and "
    f"texts of your own (YAML with measures:, agreements: and the like). {own_table.NEEDS}."
)


@dataclass(frozen=True)
class Piece:
    """One file or answer: what was read in it, where it came from, when, and its hash."""

    reading: Reading
    address: str
    retrieved: str
    sha256: str


def read_file(file: Path, *, dataset: str = "", area: str = "", source: str = "") -> Reading:
    """Recognise a file by what it holds, not by its name, and return its rows.

    Args:
        file: XLSX, Parquet, JSON or CSV of one of the sources in the README.
        dataset: Försäkringskassan's dataset, where a file of theirs does not tell.
        area: the area of a file from Intygsstatistik that does not say that it is national.
        source: the source of a table of a region's own that does not tell.

    Raises:
        VgstatsError: no adapter knows the format, or the one that does finds it broken.
    """
    try:
        with file.open("rb") as stream:
            start = stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        raise VgstatsError(
            f"{file}: cannot be read ({why_unread(file, error)}). Name a file."
        ) from None
    if not start:
        raise VgstatsError(f"{file}: the file is empty. Save or download it again.")
    if dataset:
        fk_dataset(dataset, file)
    if area:
        area = _area(area)
    for adapter in _adapters(start, dataset, area, source):
        try:
            return adapter(file)
        except NotThisFormat:
            continue
        except MemoryError:
            raise VgstatsError(
                f"{file}: the file is too large for this machine's memory."
            ) from None
    known = (why for sign, why in _OTHER_FORMATS.items() if start.startswith(sign))
    raise VgstatsError(f"{file}: {next(known, _UNKNOWN)}")


def _adapters(
    start: bytes, dataset: str, area: str, source: str
) -> list[Callable[[Path], Reading]]:
    if start.startswith(b"PK"):
        return [
            lambda file: own_table.read_xlsx(file, source),
            lambda file: fk_xlsx.read(file, dataset),
            lambda file: intygsstatistik.read_xlsx(file, area),
        ]
    if start.startswith(b"PAR1"):
        return [reading.read_parquet]
    if start.startswith(b"["):
        return [lambda file: fk_json.read(file, dataset)]
    if start.startswith(b"{"):
        return [
            lambda file: fk_older.read_json(file, dataset),
            kolada.read_json,
            pxweb.read_version_1,
            pxweb.read_json_stat,
        ]
    if start.startswith(tuple(_OTHER_FORMATS)):
        return []
    return [
        lambda file: own_table.read_csv(file, source),
        lambda file: fk_older.read_csv(file, dataset),
        lambda file: intygsstatistik.read_csv(file, area),
        pxweb.read_csv,
    ]


def _area(text: str) -> str:
    area = labels.area_of_label(text.partition(":")[2] or text)
    if area not in all_areas().index:
        raise VgstatsError(
            f"--area: {text!r} is not a known area. Write a code, a name or both: 14, 1480, Göteborg, 14 Västra "
            "Götalands län, riket."
        )
    return area


def piece_of_file(file: Path, reading: Reading, retrieved: str = "") -> Piece:
    """Return a file's reading with its hash and its date: the one given, else when it was saved."""
    saved = dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Piece(reading, file.name, retrieved or f"{saved:%Y-%m-%dT%H:%M:%SZ}", digest)


def piece_of_answer(request: Request, answer: Answer, folder: Path) -> Piece:
    """Return the reading of one answer.

    Args:
        request: the question.
        answer: what the source answered.
        folder: where the answer is laid while it is read.
    """
    file = folder / f"{answer.sha256[:16]}.json"
    file.write_bytes(answer.content)
    try:
        if request.service == "fk":
            reading = fk_json.read(file, request.source)
        elif request.service == "kolada":
            reading = kolada.read_json(file, one_of_several=True)
        else:
            reading = pxweb.read_json_stat(file)
    except NotThisFormat:
        raise VgstatsError(
            f"{answer.address}: the answer has another form than this source had. See what it "
            "holds, and correct the datasets file (vgstats fetch --show-datasets)."
        ) from None
    except VgstatsError as error:
        raise VgstatsError(str(error).replace(str(file), answer.address)) from None
    finally:
        file.unlink()
    return Piece(reading, answer.address, answer.retrieved, answer.sha256)
