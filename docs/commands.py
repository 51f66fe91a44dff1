"""Write docs/reference/commands.md from the commands themselves, and results.md, what they print: `make docs` runs this.

The page is made from what the functions of `detente.cli` declare (docstring, arguments, options, example), not from the printed
help, whose layout changes with the version of typer.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

PAGE = Path(__file__).parent / "reference" / "commands.md"
HEAD = """\
<!-- Written by docs/commands.py from the commands themselves. Do not edit: run `make docs`. -->

# Commands

Answers go to standard output, messages to standard error. Every command says what stands here, too, under `--help`.

| Exit code | Meaning |
|---|---|
| 0 | fine |
| 1 | a negative answer (no roadmap, a roadmap that does not hold) |
| 2 | input that cannot be used, a place that cannot be written to, a search that was cut short |
| 3 | a fault of ours, in a line; `detente --debug COMMAND ...`, or `DETENTE_DEBUG=1` in the environment, shows where |
| 130 | interrupted (143: told to end; 141: nobody reads the output any more) |

Arguments come first, in the order in which they stand, options anywhere. What several commands take is told
[once](#shared).
"""

SHARED = "## Shared"
"""The heading of what several commands take."""


def page() -> str:
    """The page as it should stand."""
    from detente.cli import app
    from detente.cli.app import ROOMS

    commands = [command for command in app.registered_commands if command.name not in ROOMS]
    told = Counter(entry for command in commands for entry in _parameters(command.callback))
    most = {entry[0]: entry for entry, times in reversed(told.most_common()) if times > 1}  # of two meanings, the usual one
    often = sorted(most.values())
    names = [command.name for command in app.registered_commands]
    sections = [
        _command(command.name, command.callback, command.epilog, set(often))
        if command in commands
        else _room(command.name, ROOMS[command.name], names)
        for command in app.registered_commands
    ]
    shared = [f"- `{shown}`: {meaning}" for shown, meaning, _ in sorted(often, key=lambda entry: entry[2])]
    return "\n".join([HEAD, f"{SHARED}\n", *shared, "", *sections])


def _room(name: str, said: str, names: list[str]) -> str:
    """The section of a name that only stands before others."""
    inner = [f"- `detente {other}`" for other in names if other.startswith(f"{name} ")]
    return "\n".join([f"## `detente {name}`\n", f"{said}\n", *inner, ""])


def _command(name: str, function: Any, epilog: str | None, often: set[tuple[str, str, bool]]) -> str:
    """The section of a command: its arguments in their order, its own options, and the names of those told at the top."""
    parameters = list(_parameters(function))
    lines = [f"## `detente {name}`\n", f"{_prose(inspect.getdoc(function))}\n"]
    arguments = [entry for entry in parameters if not entry[2]]
    if any(entry in often for entry in arguments):
        lines += [f"- {', '.join(f'`{shown}`' for shown, _, _ in arguments)}"]
    lines += [f"- `{entry[0]}`: {entry[1]}" for entry in parameters if entry not in often]
    elsewhere = [f"`{shown}`" for shown, meaning, option in parameters if option and (shown, meaning, option) in often]
    lines += [f"- [As elsewhere](#shared): {', '.join(elsewhere)}"] if elsewhere else []
    return "\n".join([*lines, "", *([f"Example: `{epilog.removeprefix('Example: ')}`\n"] if epilog else [])])


def _parameters(function: Any) -> Iterator[tuple[str, str, bool]]:
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
