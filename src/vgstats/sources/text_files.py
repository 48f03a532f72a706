"""Text and JSON files as they come from a source, refused when they are cut off, broken or a web page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

from vgstats.errors import VgstatsError


def read_text_file(file: Path, encodings: tuple[str, ...] = ("utf-8-sig",)) -> str:
    """Return the text of a file in the first of the encodings that it can be.

    Raises:
        VgstatsError: it is in none of them.
    """
    content = file.read_bytes()
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise VgstatsError(
        f"{file}: the text is not in {' or '.join(encodings)}. Save the file again as UTF-8."
    )


def table_text(file: Path) -> str:
    """Return the text of a CSV file in UTF-8 or Windows-1252.

    Raises:
        VgstatsError: it is a web page, is in another encoding, or mixes two.
    """
    text = read_text_file(file, ("utf-8-sig", "cp1252"))
    if text.lstrip().startswith("<"):
        raise VgstatsError(f"{file}: this is a web page (HTML), not CSV. Download the file again.")
    if any(sign in text for sign in ("\0", "\N{REPLACEMENT CHARACTER}", "Ã", "ÿþ", "þÿ")):
        raise VgstatsError(
            f"{file}: the text is neither UTF-8 nor Windows-1252, or it mixes them. Save it again as "
            "UTF-8."
        )
    return text


def json_answer(file: Path) -> Any:
    """Return what a JSON file holds.

    Raises:
        VgstatsError: it is a web page, is cut off or broken, or has a name twice in one object.
    """
    text = read_text_file(file)
    if text.lstrip().startswith("<"):
        raise VgstatsError(
            f"{file}: this is a web page (HTML), not JSON. The address or the server was wrong when "
            "it was saved; fetch it again."
        )

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = dict(pairs)
        if len(names) < len(pairs):
            raise ValueError("a name stands twice in one object")
        return names

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not a number of JSON")

    try:
        answer = json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
        if re.search(r"\\u[dD][89a-fA-F]", text):
            json.dumps(answer, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise VgstatsError(
            f"{file}: this is not JSON, or it is cut off or broken ({error}). Fetch or save it again."
        ) from None
    return answer
