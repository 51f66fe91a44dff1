"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["CaseArgument", "DrawsOption", "JsonOption", "ObjectiveOption", "SeedOption", "TimeOption"]

CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        show_default=False,
        help="A bundled case (see `detente cases`), the path of a case file, or - for standard input.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
ObjectiveOption = Annotated[str, typer.Option("--objective", help="What a roadmap is chosen for: nash, sum or min.")]
TimeOption = Annotated[
    float, typer.Option("--time-limit", metavar="SECONDS", help="End the search after this time; the gap is reported.")
]
DrawsOption = Annotated[
    int, typer.Option("--draws", metavar="N", help="Draws of the uncertain values in which each roadmap is tried; 0: none.")
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Where the draws start.")]
