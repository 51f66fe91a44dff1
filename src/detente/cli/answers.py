"""Answers as they are typed, piped in, or taken from a file first; and given back if something comes between.

Questions go to standard error. Where nobody sits at a terminal, the answer is printed beside its question, so that what comes
out can be read as a dialogue, and an answer that cannot be used ends the command: the next line would answer another question.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from detente.cli.output import print_aside
from detente.errors import InputError, printable

__all__ = ["Typed"]


class Typed:
    """Answers in their order. given : those so far. question : the last one."""

    def __init__(self, first: Sequence[str] = ()) -> None:
        self.given: list[str] = []
        self.question = ""
        self._first = list(first)

    def ask(self, question: str) -> str:
        """The next answer.

        Raises
        ------
        EOFError
            If there is none.
        """
        self.question = question.strip().rstrip(":")
        typed = not self._first
        if typed:
            print(printable(question), end="", file=sys.stderr, flush=True)
            line = _read()
            if not line:
                raise EOFError
            answer = line.rstrip("\r\n")
        else:
            answer = self._first.pop(0)
        if not (typed and _at_terminal()):
            print_aside(answer if typed else f"{question}{answer}")
        self.given.append(answer)
        return answer

    def say(self, text: str) -> None:
        """Say something beside the questions."""
        print_aside(text)

    def refuse(self, why: str, answers: int = 1) -> None:
        """Say that the last answers cannot be used, and forget them.

        Raises
        ------
        InputError
            If nobody is there to give another.
        """
        if self._first or not _at_terminal():
            number = len(self.given)
            hint = f"nothing was written; mend line {number} of the answers"
            raise InputError(f"answer {number}: {self.question}: {why} ({hint})")
        del self.given[-answers:]
        print_aside(f"  {why}.")

    def give_back(self) -> None:
        """Print the answers of whoever typed them, so that they are not lost."""
        if _at_terminal() and self.given:
            print_aside("\nNothing was written. To go on from here, keep these answers in a file and give it with --answers:")
            print_aside("\n".join(self.given))


def _read() -> str:
    """The next line; empty where there is none, or nothing to read from."""
    try:
        return sys.stdin.readline() if sys.stdin else ""
    except OSError:
        return ""


def _at_terminal() -> bool:
    return bool(sys.stdin) and sys.stdin.isatty()
