"""Which file a brief becomes, by the end of its name: .pdf a PDF, .docx a Word file, anything else the page."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import PurePath

from detente.brief.context import Context
from detente.errors import InputError

__all__ = ["check_kind", "is_paper", "made"]

_NEEDS = {".pdf": ("pdf", ("typst", "cssselect2")), ".docx": ("word", ("docx", "typst", "cssselect2"))}


def _kind(path: str | PurePath) -> str:
    return PurePath(path).suffix.lower()


def is_paper(path: str | PurePath | None) -> bool:
    """Whether a file of this name has sheets, of which those of the annexes may be left out."""
    return path is not None and _kind(path) in _NEEDS


def check_kind(path: str | PurePath | None) -> None:
    """That what writes a file of this name is installed.

    Raises
    ------
    InputError
        If it is not.
    """
    if path is None or not is_paper(path):
        return
    extra, packages = _NEEDS[_kind(path)]
    if not all(map(find_spec, packages)):
        raise InputError(f"{path}: the writer of {_kind(path)} files is not installed (pip install 'detente[{extra}]')")


def made(context: Context, path: str | PurePath, *, annexes: bool = False, party: str | None = None) -> str | bytes:
    """What the file of this name holds; annexes, party : as for the page.

    Raises
    ------
    InputError
        If what writes it is not installed.
    """
    check_kind(path)
    if not is_paper(path):
        from detente.brief.page import page

        return page(context, annexes=annexes, party=party)
    from detente.brief.paper.document import document

    told = document(context, annexes=annexes, party=party)
    if _kind(path) == ".pdf":
        from detente.brief.paper.pdf import pdf

        return pdf(told)
    from detente.brief.paper.word import word

    return word(told)
