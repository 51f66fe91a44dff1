"""What an answer is told in, before it has a face: sentences and tables. The terminal (`detente.cli.output`) and the notebook
(`notebook`, here) are faces of the same parts, so that they can differ in looks only.

A part is a sentence, which may be `strong` (the answer) or `quiet` (what goes with it), or a `Table`. A column in which there
are only numbers stands to the right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from detente.base.keyed import unkeyed

__all__ = ["Part", "Table", "Weighted", "notebook", "quiet", "strong"]

_NUMBER = re.compile(r"[+\u2212]?(\d[\d,]*(\.\d+)?%?)( \u00b1 \d[\d,]*(\.\d+)?%?)?|-|")


class Weighted(str):
    """A sentence that is more, or less, than the others. weight : "bold" or "dim"."""

    weight: str
    __slots__ = ("weight",)


def strong(text: str) -> Weighted:
    """The answer, or a heading."""
    return _weighted(text, "bold")


def quiet(text: str) -> Weighted:
    """What has to be said beside the answer: notes, sources, how to read a table."""
    return _weighted(text, "dim")


def _weighted(text: str, weight: str) -> Weighted:
    made = Weighted(text)
    made.weight = weight
    return made


class Table:
    """A table under a title. whole : columns (from 0) whose cells are never broken over lines."""

    def __init__(self, title: str, *heads: str, whole: Iterable[int] = ()) -> None:
        self.title, self.heads, self.whole = title, heads, frozenset(whole)
        self.rows: list[tuple[str, ...]] = []

    @classmethod
    def of(cls, title: str, heads: Iterable[str], rows: Iterable[Iterable[str]], *, whole: Iterable[int] = ()) -> Table:
        """A table with its rows."""
        made = cls(title, *heads, whole=whole)
        for row in rows:
            made.add(*row)
        return made

    def add(self, *cells: str) -> None:
        """A row; cells that are missing at its end are empty."""
        self.rows.append((*cells, *[""] * (len(self.heads) - len(cells))))

    def numeric(self, column: int) -> bool:
        """Whether there are only numbers in a column."""
        cells = [unkeyed(row[column]) for row in self.rows]
        return any(cells) and all(_NUMBER.fullmatch(cell) for cell in cells)


Part: TypeAlias = str | Table


def notebook(*parts: Part) -> str:
    """Parts as HTML for a notebook."""
    return "".join(map(_html, parts))


def _html(part: Part) -> str:
    if isinstance(part, str):
        text = _lines(part.strip("\n"))
        weight = part.weight if isinstance(part, Weighted) else ""
        return f"<p>{f'<strong>{text}</strong>' if weight == 'bold' else f'<small>{text}</small>' if weight else text}</p>"
    right = [' style="text-align: right"' if part.numeric(n) else ' style="text-align: left"' for n in range(len(part.heads))]
    heads = "".join(f"<th{r}>{_lines(head)}</th>" for r, head in zip(right, part.heads, strict=True))
    rows = "".join(
        "<tr>" + "".join(f"<td{r}>{_lines(cell)}</td>" for r, cell in zip(right, row, strict=True)) + "</tr>"
        for row in part.rows
    )
    caption = f'<caption style="text-align: left"><strong>{_lines(part.title)}</strong></caption>' if part.title else ""
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _lines(text: str) -> str:
    from detente.base.legible import escaped

    return escaped(text).replace("\n", "<br>")
