"""Docstrings as the pages show them.

A module docstring is set out by hand (formulas, trees, tables): it is shown as it stands. In any other docstring, a paragraph
of lines `name : what it is`, as dataclasses and functions of this project have them, becomes a list.
"""

from __future__ import annotations

import re
from itertools import groupby

from sphinx.application import Sphinx

_ITEM = re.compile(r"^(?P<names>[\w*.\[\]-]+(, [\w*.\[\]-]+)*) ?: (?P<text>\S.*)$")


def as_it_stands(lines: list[str]) -> list[str]:
    """The lines as a literal block, the summary line before it as prose."""
    if not any(line.strip() for line in lines[1:]):
        return lines  # one line is prose, and an empty literal block would be an error
    return [*lines[:1], "", "::", "", *(f"    {line}" for line in lines[1:])]


def listed(lines: list[str]) -> list[str]:
    """The lines with every paragraph of `name : what it is` turned into a field list; sections of numpydoc stay."""
    out: list[str] = []
    for filled, group in groupby(lines, key=lambda line: bool(line.strip())):
        paragraph = list(group)
        out += _fields(paragraph) if filled and _is_list(paragraph) else paragraph
    return out


def _is_list(paragraph: list[str]) -> bool:
    return bool(_ITEM.match(paragraph[0])) and all(_ITEM.match(line) or line.startswith(" ") for line in paragraph)


def _fields(paragraph: list[str]) -> list[str]:
    out = []
    for line in paragraph:
        item = _ITEM.match(line)
        out.append(f":{item['names']}: {item['text']}" if item else line)
    return out


def _process(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:  # noqa: ARG001
    lines[:] = as_it_stands(lines) if what == "module" else listed(lines)


def setup(app: Sphinx) -> dict[str, bool]:
    # Before napoleon (500), which turns the sections into fields.
    app.connect("autodoc-process-docstring", _process, priority=400)
    return {"parallel_read_safe": True}
