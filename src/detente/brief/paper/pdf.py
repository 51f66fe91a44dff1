"""The brief as a PDF: sheets of A4, set by typst from `templates/brief.typ`.

The two pages are set as large as they can be and still are two: of the sizes in `_SIZES` the first at which the front ends on
the second sheet, or else the last. Text goes to typst as data, never as markup. Only the fonts that typst brings are used, as
far as they have the letters, and the date of the file is that of the values, so that the same brief gives the same bytes. The
file is one that can be read aloud (PDF/UA-1), with a text for every picture.
"""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import fields, is_dataclass, replace
from importlib.resources import files
from typing import Any

from detente.brief.paper.document import Document
from detente.brief.paper.fonts import fonts_for

__all__ = ["pdf"]

_SIZES = (10.0, 9.6, 9.2, 8.8, 8.4)  # points
_SHEETS = 2
_LONG = re.compile(r"[^\s\u2068\u2069]{28}(?=[^\s\u2068\u2069])")
_BREAK = "\u200b"


def pdf(document: Document, path: str = "a PDF") -> bytes:
    """The file. path : how a message names it.

    Raises
    ------
    InputError
        If no font has a letter of it.
    """
    import typst

    source = (files("detente.brief") / "templates" / "brief.typ").read_bytes()
    whole, front = (json.dumps(_plain(d), ensure_ascii=False) for d in (document, replace(document, annexes=())))
    fonts = fonts_for(whole, path)
    for size in map(str, _SIZES):
        two = typst.Compiler(source, font_paths=fonts, sys_inputs={"told": front, "size": size})
        if int(two.query("<front>", field="value", one=True)) <= _SHEETS:
            break
    moment = datetime.datetime(*document.date, tzinfo=datetime.UTC)
    all_ = typst.Compiler(source, font_paths=fonts, sys_inputs={"told": whole, "size": size})
    made: Any = all_.compile(format="pdf", timestamp=moment, pdf_standards="ua-1")
    return bytes(made)


def _plain(given: object) -> Any:
    """A block as typst gets it: a record that says what it is."""
    if is_dataclass(given):
        return {"is": type(given).__name__, **{f.name: _plain(getattr(given, f.name)) for f in fields(given)}}
    if isinstance(given, tuple):
        return [_plain(x) for x in given]
    return _LONG.sub(lambda m: m[0] + _BREAK, given) if isinstance(given, str) and not given.startswith("<svg") else given
