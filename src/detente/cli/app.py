"""The application that the commands belong to, and the one way in which a command is named.

A name has one word or more: `detente positions` is a command, `detente positions fit` another, and the longest name that fits
what was typed is meant. A name that only stands before others, such as `detente record`, is a room: it lists them.

An option by the name that it had once (`detente.cli.renamed`) is taken as what it is called now, which is said. What every
command has to refuse is refused here: two inputs that both are standard input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from detente.cli.ending import debug
from detente.cli.output import print_aside, print_text
from detente.cli.renamed import ANOTHER, renamed

__all__ = ["ROOMS", "app", "command"]

Function = TypeVar("Function", bound=Callable[..., Any])

ROOMS = {
    "record": "What has happened: events, commitments, and the trust that they have earned.",
    "forecast questions": "A log of questions: list, import, score.",
}
"""Names that only stand before others, with what is found there."""


class _Command(TyperCommand):
    """A command, which lists those whose names go on from its own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        given = list(args)
        for n, word in enumerate(takewhile(lambda word: word != "--", args)):
            name, equals, value = word.partition("=")
            new = renamed(str(self.name), name)
            if not new:
                continue
            said = f"`{name}` of `detente {self.name}` is `{new}` now"
            if new in ANOTHER:  # it takes something else
                ctx.fail(f"{said}.")
            given[n] = f"{new.partition(' ')[0]}{equals}{value}"
            print_aside(f"detente: {said}; it was taken as that")
        return super().parse_args(ctx, given)

    def invoke(self, ctx: Any) -> Any:
        reading = list(self._reading(ctx.params))
        if len(reading) > 1:
            ctx.fail(f"standard input can be read once, and was named {len(reading)} times: {', '.join(reading)}.")
        return super().invoke(ctx)

    def _reading(self, given: dict[str, Any]) -> Iterator[str]:
        """What was given as standard input."""
        for p in self.params:
            value: Any = given.get(str(p.name))
            for x in value if isinstance(value, list | tuple) else [value]:
                if x == "-" and p.metavar != "TEXT":
                    yield p.opts[0] if p.param_type_name == "option" else str(p.metavar).strip("[].")

    def format_options(self, ctx: Any, formatter: Any) -> None:
        super().format_options(ctx, formatter)
        every = getattr(ctx.parent and ctx.parent.command, "commands", {})
        inner = [name for name in every if name.startswith(f"{self.name} ")]
        if inner:
            room = formatter.width - 6 - max(map(len, inner))
            with formatter.section("Commands"):
                formatter.write_dl([(name, every[name].get_short_help_str(room)) for name in inner])


class _Commands(TyperGroup):
    """All commands, by their whole names."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        words = next((n for n in (3, 2) if " ".join(args[:n]) in self.commands), 1)
        name, rest = " ".join(args[:words]), args[words:]
        if name in ROOMS and rest and not rest[0].startswith("-"):
            name, rest = f"{name} {rest[0]}", rest[1:]  # which there is not, so that the closest is named
        return super().resolve_command(ctx, [name, *rest])

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return [name for name in self.commands if not any(name.startswith(f"{room} ") for room in ROOMS)]


app = typer.Typer(
    name="detente",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def command(name: str, example: str = "") -> Callable[[Function], Function]:
    """Make a command of a function. name : of one word or more; before it, the room that its first words name is opened.

    example : what stands after the name in the example that its help shows.
    """
    words = name.split()
    for room in (" ".join(words[:n]) for n in range(1, len(words))):
        if room in ROOMS and room not in (c.name for c in app.registered_commands):
            app.command(room, cls=_Command, help=ROOMS[room], no_args_is_help=True)(lambda: None)
    return app.command(name, cls=_Command, epilog=f"Example: detente {name} {example}".rstrip())


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
