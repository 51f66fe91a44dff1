"""The application that the commands belong to."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from detente.cli.ending import debug
from detente.cli.output import print_text, show_escapes

__all__ = ["app"]


class _Commands(TyperGroup):
    """Commands whose name may be two words: `detente positions fit` before `detente positions`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        two = " ".join(args[:2])
        return super().resolve_command(ctx, [two, *args[2:]] if two in self.commands else args)


app = typer.Typer(
    name="detente",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print_text(f"detente {version('detente')}")
        raise typer.Exit


def _debug(wanted: bool) -> None:
    if wanted:
        debug()


@app.callback(epilog="Example: detente case us-dprk-2019")
def detente(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug", callback=_debug, is_eager=True, help="Show where in the code a fault was (also: DETENTE_DEBUG=1)."
        ),
    ] = False,
) -> None:
    """Roadmaps out of stand-offs: why the parties are stuck, and which reciprocal steps would hold."""
    del version, debug  # seen to already
    show_escapes()  # before any command makes a text
