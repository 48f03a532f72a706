"""XLSX files that are broken, locked or made to hurt are refused at once, before they are unpacked."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from intake import put, snapshot, stored, take
from vgstats import VgstatsError
from vgstats.store.store import Store

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def genuine(shared: Path) -> bytes:
    """A genuine export."""
    return (shared / "data" / "fk_export_ohalsotal_2024_11_06.xlsx").read_bytes()


def repacked(
    content: bytes,
    change: Callable[[str, bytes], tuple[str, bytes]] = lambda name, part: (name, part),
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """The workbook with each part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", method) as new:
        for part in old.infolist():
            new.writestr(*change(part.filename, old.read(part)))
    return out.getvalue()


def in_sheet(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with its sheet's XML changed."""
    return repacked(content, lambda n, part: (n, change(part) if n == SHEET else part))


def with_part(content: bytes, name: str, part: bytes, *, announced: int | None = None) -> bytes:
    """The workbook with one more part, which may announce a smaller size than it has."""
    out = io.BytesIO(repacked(content))
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeezed.compress(part) + squeezed.flush()
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.file_size = len(part) if announced is None else announced
        info.CRC, info.compress_size = zlib.crc32(part[: info.file_size]), len(packed)
        info.header_offset = archive.start_dir
        archive.fp.seek(archive.start_dir)
        archive.fp.write(info.FileHeader() + packed)
        archive.start_dir = archive.fp.tell()
        archive.filelist.append(info)
        archive.NameToInfo[name] = info
        archive._didModify = True
    return out.getvalue()


def far(cell: bytes) -> Callable[[bytes], bytes]:
    """A change that puts one more cell at the end of a sheet."""
    end = b'<row r="200"><c ' + cell + b"><v>1</v></c></row></sheetData>"
    return lambda part: part.replace(b"</sheetData>", end)


def moved(name: str, part: bytes) -> tuple[str, bytes]:
    """A change that lays the sheet, with a cell far out, elsewhere in the workbook."""
    if name == SHEET:
        return "xl/other/s.xml", far(b'r="XFD1048576"')(part)
    return name, part.replace(b"worksheets/sheet1.xml", b"other/s.xml")


def hidden(name: str, part: bytes) -> tuple[str, bytes]:
    """A change that lays the sheet in a part that is not called XML."""
    name, part = moved(name, part)
    return name.replace("s.xml", "s.bin"), part.replace(b"other/s.xml", b"other/s.bin")


def refusal(tmp_path: Path, content: bytes) -> str:
    store = Store(tmp_path / "store")
    before = snapshot(store)
    tracemalloc.start()
    with pytest.raises(VgstatsError) as error:
        take(put(tmp_path, content, "bad.xlsx"), store)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 64 * 1024**2
    assert snapshot(store) == before
    assert "bad.xlsx" in str(error.value)
    return str(error.value)


def test_the_genuine_file_and_its_repacked_copy_are_read(tmp_path, genuine):
    for number, content in enumerate((genuine, repacked(genuine), repacked(genuine, method=0))):
        store = Store(tmp_path / str(number))
        assert take(put(tmp_path, content, "good.xlsx"), store).added.new == 108
        assert len(stored(store)) == 108


@pytest.mark.parametrize("name", ["good.ods", "good.xls", "good.xlsb", "good.json", "good"])
def test_a_workbook_is_known_by_what_it_holds(tmp_path, genuine, name):
    assert take(put(tmp_path, genuine, name), Store(tmp_path / "store")).added.new == 108


@pytest.mark.parametrize("zeros", [10, 100])
def test_a_zip_bomb_is_refused_without_being_unpacked(tmp_path, genuine, zeros):
    bomb = b"\0" * (zeros * 1024**2)
    out = io.BytesIO(genuine)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(100 // zeros):
            archive.writestr(f"xl/media/{number}.bin", bomb)
    assert "unpack to over" in refusal(tmp_path, out.getvalue())


def test_a_bomb_in_the_sheet_itself_is_refused(tmp_path, genuine):
    content = in_sheet(genuine, lambda part: part.replace(b"<sheetData>", b" " * 10**8 + b"<x/>"))
    assert "unpack to over" in refusal(tmp_path, content)


def test_a_part_that_announces_less_than_it_holds_is_refused(tmp_path, genuine):
    bomb = with_part(genuine, "xl/worksheets/sheet2.xml", b" " * 10**8, announced=100)
    assert "unpack to over" in refusal(tmp_path, bomb)
    small = with_part(
        genuine, "xl/worksheets/sheet2.xml", b"<a>" + b" " * 500 + b"</a>", announced=9
    )
    assert "broken" in refusal(tmp_path, small)


@pytest.mark.parametrize(
    "cell",
    [
        b'r="XFD1048576"',
        b"r='XFD1048576'",
        b'r="xfd1048576"',
        b's="1" r = "XFD1048576" t="n"',
        b'r="G999999999"',
        b'r="G99999999999999999999"',
        b'r="ZZZZZ200"',
    ],
)
def test_a_cell_far_out_is_refused_however_it_is_written(tmp_path, genuine, cell):
    assert "stray cells far out" in refusal(tmp_path, in_sheet(genuine, far(cell)))


def test_a_row_far_down_and_then_one_far_out_are_refused(tmp_path, genuine):
    row = b'<row r="400000000"><c><v>1</v></c></row></sheetData>'
    content = in_sheet(genuine, lambda part: part.replace(b"</sheetData>", row))
    assert "stray cells far out" in refusal(tmp_path, content)


@pytest.mark.parametrize("change", [moved, hidden])
def test_a_sheet_that_lies_elsewhere_is_followed_too(tmp_path, genuine, change):
    assert "refused: xl/other/s" in refusal(tmp_path, repacked(genuine, change))


def test_a_formula_that_failed_is_no_missing_number(tmp_path, genuine):
    failed = in_sheet(
        genuine, lambda part: part.replace(b'r="G2"><v>22.3', b'r="G2" t="e"><v>#DIV/0!')
    )
    assert "cell G2" in refusal(tmp_path, failed)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c[: len(c) // 2], "cut off"),
        (lambda c: c[:-30], "cut off"),
        (lambda c: c[: len(c) // 2] + b"\0\0\0\0" + c[len(c) // 2 + 4 :], "broken"),
        (lambda c: b"PK\3\4", "cut off"),
        (lambda c: repacked(c, method=zipfile.ZIP_BZIP2), "packed in a way"),
        (lambda c: repacked(c, method=zipfile.ZIP_LZMA), "packed in a way"),
        (lambda c: in_sheet(c, lambda part: part[:-200]), "broken"),
        (lambda c: in_sheet(c, lambda part: part.replace(b"</row>", b"</rov>", 1)), "broken"),
        (lambda c: repacked(c, lambda n, p: (n.replace("workbook.xml", "x.xml"), p)), "no XLSX"),
        (lambda c: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "before 2007"),
        (lambda c: b"<html>", "web page"),
    ],
)
def test_a_broken_workbook_is_refused_in_words(tmp_path, genuine, change, message):
    with pytest.raises(VgstatsError, match=message):
        take(put(tmp_path, change(genuine), "bad.xlsx"), Store(tmp_path / "store"))


def test_a_locked_part_is_refused(tmp_path, genuine):
    content = bytearray(repacked(genuine))
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(mark, at + 4)
    assert "locked" in refusal(tmp_path, bytes(content))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"<v>22.3</v>", b"<v>22.3</v><v>99.9</v>", "two values in one cell of row 2"),
        (b'<c r="G2"><v>22.3</v></c>', b'<c r="G2"><v>22.3</v></c><c r="G2"><v>9</v></c>', "G2"),
        (b'<c r="G3">', b'<c r="G2">', "twice or out of order: G2"),
    ],
)
def test_a_cell_that_says_two_things_is_refused(tmp_path, genuine, old, new, message):
    content = in_sheet(genuine, lambda part: part.replace(old, new, 1))
    assert message in refusal(tmp_path, content)


def test_a_document_type_with_entities_is_refused(tmp_path, genuine):
    entities = b'?>\r\n<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    content = in_sheet(genuine, lambda part: part.replace(b"?>", entities, 1))
    assert "document type" in refusal(tmp_path, content)
