"""Write docs/reference/commands.md from the commands themselves, and results.md, what they print: `make docs` runs this.

The page is made from what the functions of `detente.cli` declare (docstring, arguments, options, example), not from the printed
help, whose layout changes with the version of typer.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

PAGE = Path(__file__).parent / "reference" / "commands.md"
HEAD = """\
<!-- Written by docs/commands.py from the commands themselves. Do not edit: run `make docs`. -->

# Commands

Answers go to standard output, messages to standard error. Every command says what stands here under `--help`, too. Exit code 0
is fine, 1 a negative answer (no roadmap, one that does not hold), 2 bad input; [errors](errors.md) tells the others.

Arguments come first, in the order in which they stand, options anywhere. What several commands take is told [once](#shared).
"""

SHARED = "## Shared"
"""The heading of what several commands take."""

JSON = "--json"
"""What nearly every command takes: told for all of them at once."""

Entry = tuple[str, str, bool]
"""Names, meaning, and whether it is an option, of a parameter."""


def page() -> str:
    """The page as it should stand."""
    from detente.cli import app
    from detente.cli.app import ROOMS

    commands = [command for command in app.registered_commands if command.name not in ROOMS]
    takers: dict[Entry, list[str]] = {}
    for command in commands:
        for entry in _parameters(command.callback):
            takers.setdefault(entry, []).append(str(command.name))
    often = {entry: names for entry, names in takers.items() if len(names) > 1}
    names = [str(command.name) for command in app.registered_commands]
    sections = [
        _command(command.name, command.callback, command.epilog, set(often))
        if command in commands
        else _room(command.name, ROOMS[command.name], names)
        for command in app.registered_commands
    ]
    return "\n".join([HEAD, f"{SHARED}\n", *_shared(often, [str(command.name) for command in commands]), "", *sections])


def _shared(often: dict[Entry, list[str]], commands: list[str]) -> Iterator[str]:
    """A line for each name that several commands take: the usual meaning, then others with the commands that have them."""
    for shown in sorted({entry[0] for entry in often}, key=lambda shown: (shown.startswith("-"), shown)):
        meanings = sorted((entry for entry in often if entry[0] == shown), key=lambda entry: -len(often[entry]))
        others = [f"With {', '.join(f'`{name}`' for name in often[entry])}: {entry[1]}" for entry in meanings[1:]]
        line = " ".join([f"- `{shown}`: {meanings[0][1]}", *others])
        line = re.sub(r"( Environment variable: `\w+`\.)(?=.*\1)", "", line)  # once, at the end
        if shown == JSON:
            without = [f"`{name}`" for name in commands if name not in often[meanings[0]]]
            line += f" All commands take it but {', '.join(without[:-1])} and {without[-1]}."
        yield line


def _room(name: str, said: str, names: list[str]) -> str:
    """The section of a name that only stands before others."""
    inner = [f"`{other.removeprefix(name).strip()}`" for other in names if other.startswith(f"{name} ")]
    return "\n".join([f"## `detente {name}`\n", f"{said} Commands: {', '.join(inner)}.\n"])


def _command(name: str, function: Any, epilog: str | None, often: set[Entry]) -> str:
    """The section of a command: its arguments in their order, its own options, and the names of those told at the top."""
    parameters = list(_parameters(function))
    lines = [f"## `detente {name}`\n", f"{_prose(inspect.getdoc(function))}\n"]
    arguments = [entry for entry in parameters if not entry[2]]
    if len(arguments) > 1 and any(entry in often for entry in arguments):
        lines += [f"- {', '.join(f'`{shown}`' for shown, _, _ in arguments)}"]
    lines += [f"- `{entry[0]}`: {entry[1]}" for entry in parameters if entry not in often]
    elsewhere = [entry[0] for entry in parameters if entry in often and (entry[2] or len(arguments) == 1)]
    known = [f"`{shown.split(',')[0].split(' ')[0]}`" for shown in elsewhere if shown != JSON]
    lines += [f"- [Shared](#shared): {', '.join(known)}"] if known else []
    lines += [""] if lines[-1].startswith("-") else []
    example = (epilog or "").removeprefix("Example: ")
    return "\n".join([*lines, *([f"Example: `{example}`\n"] if example not in ("", f"detente {name}") else [])])


def _parameters(function: Any) -> Iterator[Entry]:
    """Names, meaning, and whether it is an option, of every parameter of a command."""
    hints = get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        if not get_args(hints[name]):
            continue  # the context of a group
        kind, info = get_args(hints[name])
        is_option = type(info).__name__ == "OptionInfo"
        # In an annotation, typer keeps the first of an option's names where its default would stand.
        names = [x for x in (info.default, *(info.param_decls or ())) if isinstance(x, str)]
        if is_option:
            value = "" if kind is bool else f" {info.metavar or _metavar(kind)}"
            shown = ", ".join(names or [f"--{name.replace('_', '-')}"]) + value
        else:
            shown = info.metavar or name.upper()
        unsaid = any(parameter.default is x for x in (None, False, "", inspect.Parameter.empty))
        said = "" if unsaid else f" Default: `{parameter.default}`."
        said += f" Environment variable: `{info.envvar}`." if info.envvar else ""
        yield shown, _prose(info.help) + said, is_option


def _prose(text: str | None) -> str:
    """Help text as Markdown: what stands in angle brackets is no tag."""
    return (text or "").replace("<", r"\<")


def _metavar(kind: Any) -> str:
    words = {str: "TEXT", int: "NUMBER", float: "NUMBER", Path: "PATH"}
    return next((words[k] for k in (kind, *get_args(kind)) if k in words), "VALUE")


if __name__ == "__main__":
    import results

    PAGE.write_text(page(), encoding="utf-8")
    results.PAGE.write_text(results.page(), encoding="utf-8")
