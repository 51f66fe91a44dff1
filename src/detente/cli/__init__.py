"""The command line: every command parses, calls one function, prints. One module a question, as in the library.

Exit codes: 0 fine, 1 a negative answer, 2 bad input (141: nobody reads the output any more, 130: interrupted).
"""

from __future__ import annotations

import io
import sys

# isort: off
# in the order in which `detente --help` lists them
from detente.cli import case, plan, unlock, diagnose, graph, compare, prepare  # noqa: F401
from detente.cli import assess, forecast, questions, positions, record, brief  # noqa: F401

# isort: on
from detente.cli.app import app
from detente.errors import DetenteError

__all__ = ["app", "main"]

BAD_INPUT = 2


def main() -> None:
    """Run the command line; what Détente raises on purpose becomes a message and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # half a character is no reason to fall silent
    try:
        app()
    except DetenteError as err:
        print(f"detente: {err}", file=sys.stderr)
        sys.exit(BAD_INPUT)
