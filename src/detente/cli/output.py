"""How answers reach a terminal: text, JSON for other tools, tables, and what is said beside the answer.

Names and titles come from files that others wrote. Whatever in them would steer a terminal (escape sequences, carriage
returns, marks that turn the direction of writing) is shown as an escape such as ``\\x1b``, here and nowhere else; in JSON it is
written as JSON escapes it, so that it can be read back.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from detente.base.legible import visible
from detente.base.parts import Weighted, strong
from detente.errors import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

    from detente.base.parts import Part, Table

__all__ = ["print_answer", "print_aside", "print_json", "print_rich", "print_text"]

_WORTH = 1.5  # times as many lines that a table may take, for names that stay whole
_RAW = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")  # json escapes the rest


def print_text(text: str) -> None:
    """Print."""
    print(printable(text), flush=True)


def print_aside(text: str) -> None:
    """Say something beside the answer, on standard error."""
    print(printable(text), file=sys.stderr, flush=True)


def print_json(data: Mapping[str, object] | Sequence[object]) -> None:
    """Print JSON for other tools."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    print_text(_RAW.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def print_answer(
    as_json: bool,
    answer: Callable[[], Mapping[str, object] | Sequence[object]],
    words: Callable[[], Iterable[Part]],
    widest: int | None = None,
) -> None:
    """Print an answer, as JSON for other tools or in words; only what is printed is made. widest : as for `print_rich`."""
    if as_json:
        print_json(answer())
    else:
        print_rich(*words(), widest=widest)


def print_rich(*parts: Part, widest: int | None = None) -> None:
    """Print sentences and tables, coloured on a terminal, wide enough to read elsewhere.

    widest : characters of a line, where a terminal has more.
    """
    from rich.console import Console

    plain = {"highlight": False, "markup": False, "emoji": False}  # what somebody wrote is text, brackets and all
    console = Console(**plain)  # type: ignore[arg-type]
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(**plain, width=120)  # type: ignore[arg-type]
    console.width = min(console.width, widest or console.width)
    with console.capture() as captured:
        for part in parts:
            console.print(_drawn(part, console.width))
    print(captured.get().rstrip("\n"), flush=True)


def _drawn(part: Part, width: int) -> RenderableType:
    """A part of an answer as rich draws it. It is escaped as a whole, before rich breaks it into lines."""
    from rich.text import Text

    if isinstance(part, str):
        return Text(visible(part), style=part.weight if isinstance(part, Weighted) else "")
    from rich import box
    from rich.console import Group
    from rich.table import Table as Drawn

    widths, gap = _widths(part, width)
    drawn = Drawn(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap - 2, 0, 1))
    for n, head in enumerate(part.heads):
        side: Any = "right" if part.numeric(n) else "left"
        drawn.add_column(
            _drawn(head, width), overflow="fold", justify=side, no_wrap=n in part.whole and not widths[n], width=widths[n]
        )
    for row in part.rows:
        drawn.add_row(*(_drawn(cell, width) for cell in row))
    return Group(_drawn(strong(part.title), width), drawn) if part.title else drawn  # a table breaks its title at its own width


def _widths(table: Table, width: int) -> tuple[Sequence[int | None], int]:
    """How wide each column is, None: as wide as its text, and the gap between two of them, 3, or 2 where words need it.

    A table that does not fit has no word broken where that can be. What is left over the longest words goes to the narrowest
    columns first; where that takes many more lines, to those whose longest cell has the most of them.
    """
    from rich.cells import cell_len

    columns = [[visible(row[n]) for row in (table.heads, *table.rows)] for n in range(len(table.heads))]
    long = [[max(map(cell_len, cell.split("\n"))) for cell in cells] for cells in columns]
    most = [max(cells) for cells in long]
    least = [
        most[n] if n in table.whole else max((cell_len(word) for cell in cells for word in cell.split()), default=0)
        for n, cells in enumerate(columns)
    ]
    gap = next((gap for gap in (3, 2) if sum(least) <= width - 2 - gap * (len(most) - 1)), 2)
    room = width - 2 - gap * (len(most) - 1)
    if sum(most) <= room:
        return [None] * len(most), gap
    if sum(least) > room:
        least = [min(1, x) for x in least]

    def spread(wants: Callable[[int, int], float]) -> list[int]:
        found = list(least)
        for _ in range(room - sum(least)):
            n = max((n for n in range(len(most)) if found[n] < most[n]), key=lambda n: wants(most[n], found[n]))
            found[n] += 1
        return found

    def lines(found: list[int]) -> int:
        return sum(max(-(-x // max(1, w)) for x, w in zip(row, found, strict=True)) for row in zip(*long, strict=True))

    even, long_first = spread(lambda _, w: -w), spread(lambda x, w: x / (w + 1))
    return even if lines(even) <= _WORTH * lines(long_first) else long_first, gap
