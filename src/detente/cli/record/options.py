"""Arguments and options that commands on the relation of two countries share."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["ACountry", "BCountry", "ByOption", "FormatOption"]

ACountry = Annotated[str, typer.Argument(metavar="A", show_default=False, help="A country: its ISO 3166-1 code, or its name.")]
BCountry = Annotated[str, typer.Argument(metavar="B", show_default=False, help="The other country.")]
ByOption = Annotated[str, typer.Option("--by", metavar="PERIOD", help="day, week or month.")]
FormatOption = Annotated[
    list[str] | None,
    typer.Option("--format", metavar="FORMAT", show_default=False, help="Only events of this format; may be repeated."),
]
