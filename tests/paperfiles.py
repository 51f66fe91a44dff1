"""What stands in a PDF or a Word file, unpacked."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from pypdf import PdfReader
from pypdf.generic import IndirectObject, StreamObject


def pdf_text(file: bytes) -> str:
    """Its text, sheet after sheet."""
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(file)).pages)


def inside(file: bytes) -> dict[str, bytes]:
    """All that a file holds, unpacked: the streams and objects of a PDF, the members of a Word file.

    What draws a sheet has a name that begins with `drawn`: it is full of coordinates, and its text is that of `text`.
    """
    if file.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    reader = PdfReader(io.BytesIO(file))
    out = {"text": pdf_text(file).encode()}
    sheets = {ref.idnum for sheet in reader.pages for ref in _references(sheet.raw_get("/Contents"))}
    for n in {*(k for given in reader.xref.values() for k in given), *reader.xref_objStm} - {0}:
        found = reader.get_object(n)
        stream = found.get_data() if isinstance(found, StreamObject) else b""
        drawn = n in sheets or (isinstance(found, StreamObject) and found.get("/Subtype") == "/Form")
        out[f"{'drawn ' if drawn else ''}{n}"] = stream
        out[f"object {n}"] = str(found).encode()
    return out


def _references(given: Any) -> list[IndirectObject]:
    return [given] if isinstance(given, IndirectObject) else list(given)
