"""A case with some of its entries changed, in the file itself, so that comments and layout stay."""

from __future__ import annotations

import io
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from detente.case.case import Case, steps_of
from detente.case.load import read_case
from detente.case.value import Value, plain
from detente.errors import CaseError

__all__ = ["changed", "document_of", "rewritten", "written"]


def changed(case: Case, entries: Mapping[str, object]) -> Case:
    """The case with other entries, checked again as a whole.

    Parameters
    ----------
    entries : mapping of path to plain data
        ``{"parties.us.trust.dprk": 0.3, "demands[0].firm": "low"}``. A key that the path ends in may be new, and so may the
        place after the last of a list; everything above it must stand in the file.

    Raises
    ------
    CaseError
        If a path leads nowhere, or if what comes out is no case.
    """
    return read_case(rewritten(case.text, entries, case.source)[1], case.source)


def rewritten(text: str, entries: Mapping[str, object], source: str) -> tuple[str, str]:
    """The text of a case written anew, as it is and with other entries, not checked; both have lost the same line breaks.

    Raises
    ------
    CaseError
        If a path leads nowhere.
    """
    document = document_of(text)
    before = written(document)
    for path, entry in entries.items():
        _set(document, path, entry, source)
    return before, written(document)


def document_of(text: str) -> Any:
    """A YAML text as what can be changed and written again with its comments and layout."""
    return _yaml().load(text)


def written(document: Any) -> str:
    """The text of a changed document."""
    stream = io.StringIO()
    _yaml().dump(document, stream)
    return stream.getvalue()


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096  # never break a line that the analyst did not break
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _set(document: Any, path: str, entry: object, source: str) -> None:
    block = document
    try:
        *above, last = steps_of(path)
        for step in above:
            block = block[step]
        if isinstance(block, list) and last == len(block):
            block.append(_plain(entry))
        else:
            block[last] = _plain(entry)
    except (KeyError, IndexError, TypeError, ValueError):
        raise CaseError(f"{source}: the path {path!r} leads nowhere in this case", source=source) from None


def _plain(entry: object) -> object:
    if isinstance(entry, Value):
        return entry.to_plain()
    return plain(entry) if isinstance(entry, Fraction) else entry
