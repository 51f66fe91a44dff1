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
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.base.parts import Table, Weighted
from detente.errors import printable

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from detente.base.parts import Part

__all__ = ["print_answer", "print_aside", "print_json", "print_rich", "print_text", "show_escapes"]

_RAW = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")  # json escapes the rest
_ISOLATES = re.compile("([\u2068\u2069])")


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
    words: Callable[[], Iterable[Part | RenderableType]],
) -> None:
    """Print an answer, as JSON for other tools or in words; only what is printed is made."""
    if as_json:
        print_json(answer())
    else:
        print_rich(*words())


def print_rich(*parts: Part | RenderableType) -> None:
    """Print sentences and tables, coloured on a terminal, wide enough to read elsewhere."""
    from rich.console import Console

    show_escapes()
    plain = {"highlight": False, "markup": False, "emoji": False}  # what somebody wrote is text, brackets and all
    console = Console(**plain)  # type: ignore[arg-type]
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(**plain, width=120)  # type: ignore[arg-type]
    with console.capture() as captured:
        for part in parts:
            console.print(_Escaped(_drawn(part)))
    print(captured.get().rstrip("\n"), flush=True)


def _drawn(part: Part | RenderableType) -> RenderableType:
    """A part of an answer as rich draws it; what is rich's own already, as it is."""
    from rich.text import Text

    if isinstance(part, str):
        return Text(part, style=part.weight if isinstance(part, Weighted) else "")
    if not isinstance(part, Table):
        return part
    from rich import box
    from rich.console import Group
    from rich.table import Table as Drawn

    drawn = Drawn(box=box.SIMPLE_HEAD, pad_edge=False)
    for n, head in enumerate(part.heads):
        side: Any = "right" if part.numeric(n) else "left"
        drawn.add_column(head, overflow="fold", justify=side, no_wrap=n in part.whole)
    for row in part.rows:
        drawn.add_row(*map(_drawn, row))
    return Group(Text(part.title, style="bold"), drawn) if part.title else drawn  # a table breaks its title at its own width


def show_escapes() -> None:
    """Have rich show what would steer a terminal, where it would drop some of it and let the rest through.

    To be called before any text is made: what is escaped when a text is made has its place in the widths of a table.
    """
    import rich.text

    from detente.base.legible import visible

    rich.text.strip_control_codes = lambda text, *_: visible(text)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class _Escaped:
    """A part once more, its styles kept and every piece of its text escaped: for what rich takes from elsewhere than a text."""

    part: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self.part, options):
            if segment.control:
                yield segment
            else:  # isolates were paired when the text was made, and a line may end between the two
                pieces = _ISOLATES.split(segment.text)
                yield segment._replace(text="".join(p if n % 2 else printable(p) for n, p in enumerate(pieces)))
