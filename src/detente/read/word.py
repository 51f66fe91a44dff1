"""Word files: their paragraphs and tables as text, with the numbers of lists, and the footnotes at the end.

Word keeps the numbers of a list apart from its paragraphs. Here a paragraph of a list begins with the number that a reader
sees, counted for each list and level, and with "-" where the list has marks; a cell that spans columns or rows stands in the
first of them. Cells of a row are parted by tabs.
Footnotes and endnotes follow the text, each as "[n] ...".
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from detente.base.bounds import within
from detente.errors import InputError

__all__ = ["word_text"]

_ROMAN = (
    (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
    (4, "iv"), (1, "i"),
)  # fmt: skip


def word_text(content: bytes, called: str) -> str:
    """The text of a Word file, a blank line between paragraphs.

    Raises
    ------
    InputError
        If the extra is not installed, or the file cannot be read.
    """
    try:
        import docx
        from docx.opc.exceptions import OpcError
        from docx.table import Table
    except ImportError:
        raise InputError(
            f"{called}: a Word file, which needs the extra [text] (pip install 'detente[text]')", source=called
        ) from None
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            within("fetched-bytes", sum(member.file_size for member in archive.infolist()), called)
        document = docx.Document(io.BytesIO(content))
        parts: list[str] = []
        lists = _Lists(document)
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                parts += _rows(block)
            else:
                parts.append(lists.mark(block) + block.text)
        parts += _notes(document)
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as err:  # what lxml cannot read is the last
        raise InputError(
            f"{called}: cannot be read as a Word file: {err} (save it as .docx or as text)", source=called
        ) from None
    return "\n\n".join(parts) + "\n"


def _rows(table: Any) -> Iterator[str]:
    seen = set[Any]()
    for row in table.rows:
        words = list[str]()
        for cell in row.cells:
            words.append("" if cell._tc in seen else " ".join(cell.text.split()))
            seen.add(cell._tc)
        yield "\t".join(words)


class _Lists:
    """The numbers of lists, counted on from paragraph to paragraph."""

    def __init__(self, document: Any) -> None:
        self.counts: dict[str, dict[int, int]] = {}
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        related = [rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")]
        root = related[0].element if related else None
        kinds = {} if root is None else {_val(a, "abstractNumId"): a for a in root.iterchildren(_w("abstractNum"))}
        for num in [] if root is None else root.iterchildren(_w("num")):
            kind = kinds.get(_val(num.find(_w("abstractNumId")), "val"))
            for level in [] if kind is None else kind.iterchildren(_w("lvl")):
                form, text, start = (_val(level.find(_w(n)), "val") for n in ("numFmt", "lvlText", "start"))
                depth = int(_val(level, "ilvl") or 0)
                self.levels.setdefault(_val(num, "numId"), {})[depth] = (form, text, int(start or 1))

    def mark(self, paragraph: Any) -> str:
        """What stands before a paragraph of a list; "" if it is of none."""
        number = _numbered(paragraph._p.pPr)
        style = paragraph.style
        while number is None and style is not None:
            number, style = _numbered(style.element.pPr), style.base_style
        if number is None:
            return ""
        name, depth = number
        levels = self.levels.get(name, {})
        if depth not in levels:
            return ""
        counts = self.counts.setdefault(name, {})
        for deeper in [n for n in counts if n > depth]:
            del counts[deeper]
        counts[depth] = counts.get(depth, levels[depth][2] - 1) + 1
        form, text, _ = levels[depth]
        if form in ("bullet", "none"):
            return "- " if form == "bullet" else ""
        for n in range(depth + 1):
            if n in levels:
                text = text.replace(f"%{n + 1}", _counted(counts.get(n, levels[n][2]), levels[n][0]))
        return f"{text} " if text else ""


def _numbered(properties: Any) -> tuple[str, int] | None:
    found = None if properties is None else properties.numPr
    if found is None or found.numId is None or not found.numId.val:
        return None
    return str(found.numId.val), found.ilvl.val if found.ilvl is not None else 0


def _counted(n: int, form: str) -> str:
    if n < 1 or n > 999:  # no list is so long, and letters would be without end
        return str(n)
    if form.endswith("Letter"):
        said = chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)
    elif form.endswith("Roman"):
        said = ""
        for value, letters in _ROMAN:
            said, n = said + letters * (n // value), n % value
    else:
        return str(n)
    return said.upper() if form.startswith("upper") else said


def _notes(document: Any) -> Iterator[str]:
    from docx.oxml import parse_xml

    for rel in document.part.rels.values():
        if not rel.reltype.endswith(("/footnotes", "/endnotes")):
            continue
        for note in parse_xml(rel.target_part.blob):
            words = "".join(node.text or "" for node in note.iter(_w("t")))
            if words.strip() and note.get(_w("type")) is None:
                yield f"[{note.get(_w('id'))}] {words.strip()}"


def _w(name: str) -> str:
    return "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}" + name


def _val(node: Any | None, name: str) -> str:
    return "" if node is None else node.get(_w(name)) or ""
