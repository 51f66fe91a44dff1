"""How answers reach standard output: text, JSON for other tools, tables."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["print_json", "print_rich", "print_text"]


def print_text(text: str) -> None:
    """Print."""
    print(text, flush=True)


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
