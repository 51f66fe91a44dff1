"""How answers reach standard output: text, JSON for other tools, tables."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["print_json", "print_rich", "print_text"]

NOBODY_READS = 141


def print_text(text: str) -> None:
    """Print, and stop quietly where nobody reads on."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
        raise typer.Exit(NOBODY_READS) from None


def print_json(data: Mapping[str, object] | Sequence[object]) -> None:
    """Print JSON for other tools."""
    print_text(json.dumps(data, ensure_ascii=False, indent=2))


def print_rich(*parts: RenderableType) -> None:
    """Print tables and the like, coloured on a terminal, wide enough to read elsewhere."""
    from rich.console import Console

    plain = {"highlight": False, "markup": False, "emoji": False}  # what somebody wrote is text, brackets and all
    console = Console(**plain)  # type: ignore[arg-type]
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(**plain, width=120)  # type: ignore[arg-type]
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    print_text(captured.get().rstrip("\n"))
