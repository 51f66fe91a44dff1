"""What is done with the text of a case file: looked at, changed, merged. Texts in, texts out, for another process to do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePath

from detente.case.case import Case
from detente.case.load import read_case
from detente.serve.store.merge import merged, reading_of, remember

__all__ = ["case_of", "change", "check", "merge"]

merge = merged


@lru_cache(maxsize=64)
def case_of(path: str, text: str) -> Case:
    """The case that a text is, of a file of this name; each text is read once while it is in use. Raises as `read_case`."""
    return read_case(text, path, slug=PurePath(path).stem, reading=reading_of(text, path))


def check(path: str, text: str) -> str:
    """The title of a case.

    Raises
    ------
    CaseError
        With every fault, if it is none.
    """
    return case_of(path, text).title


def change(path: str, text: str, entries: Mapping[str, object]) -> str:
    """The text of a case with other entries by their paths, comments and layout kept.

    Raises
    ------
    CaseError
        If a path leads nowhere, or if the text or what comes out is no case.
    """
    from detente.case.edit import rewritten

    made, reading = rewritten(case_of(path, text), entries)
    remember(made, path, reading)
    return case_of(path, made).text
