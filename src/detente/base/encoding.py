"""In which encoding a file of text is, by its first bytes."""

from __future__ import annotations

import codecs

__all__ = ["wide"]


def wide(start: bytes) -> str:
    """UTF-32 or UTF-16, by a mark or by the zero beside each of two letters; empty where the bytes begin as neither."""
    if start[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32"
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    there = bytes(map(bool, start[:4]))
    return {b"\1\0\1\0": "utf-16-le", b"\0\1\0\1": "utf-16-be"}.get(there, "")
