"""Which file a brief becomes, by the end of its name: .pdf a PDF, .docx a Word file, anything else the page."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import PurePath

from detente.base.legible import visible
from detente.brief.context import Context
from detente.case.case import Case
from detente.errors import InputError

__all__ = ["check_kind", "is_installed", "is_paper", "made"]

_NEEDS = {".pdf": ("pdf", ("typst", "cssselect2")), ".docx": ("word", ("docx", "typst", "cssselect2"))}


def _kind(path: str | PurePath) -> str:
    return next((end for end in _NEEDS if str(path).lower().endswith(end)), "")


def is_paper(path: str | PurePath | None) -> bool:
    """Whether a file of this name has sheets, of which those of the annexes may be left out."""
    return path is not None and bool(_kind(path))


def is_installed(ending: str) -> bool:
    """Whether what writes files of this ending is installed."""
    return all(map(find_spec, _NEEDS[ending][1]))


def check_kind(path: str | PurePath | None, case: Case) -> None:
    """That a file of this name can be written about a case, before it is looked into.

    Raises
    ------
    InputError
        If what writes it is not installed, or no font has a letter of the case.
    """
    if path is None or not is_paper(path):
        return
    if not is_installed(_kind(path)):
        extra = _NEEDS[_kind(path)][0]
        raise InputError(f"{path}: the writer of {_kind(path)} files is not installed (pip install 'detente[{extra}]')")
    if _kind(path) == ".pdf":
        import json

        from detente.brief.paper.fonts import fonts_for

        fonts_for(visible(json.dumps(case.to_dict(), ensure_ascii=False)), str(path))


def made(context: Context, path: str | PurePath, *, annexes: bool = False, party: str | None = None) -> str | bytes:
    """What the file of this name holds; annexes, party : as for the page.

    Raises
    ------
    InputError
        If what writes it is not installed, or no font has a letter of it.
    """
    check_kind(path, context.case)
    if not is_paper(path):
        from detente.brief.page import page

        return page(context, annexes=annexes, party=party)
    from detente.brief.paper.document import document

    told = document(context, annexes=annexes, party=party)
    if _kind(path) == ".pdf":
        from detente.brief.paper.pdf import pdf

        return pdf(told, str(path))
    from detente.brief.paper.word import word

    return word(told)
