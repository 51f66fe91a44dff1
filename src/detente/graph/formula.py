"""Statements about options: `accept AND NOT abandon`, `insist IFF NOT modify`, `delay IF modify`.

    statement := side [ (IF | IFF) side ]
    side      := term { OR term }
    term      := part { AND part }
    part      := NOT part | ( statement ) | name of an option

A state is a bit pattern: option n is taken in state s where bit n of s is set. `q IF p` is "q or not p", `q IFF p` is "both or
neither". Option prioritising in the graph model writes preferences in this language (Fang, Hipel, Kilgour and Peng 2003).

The disjunctive normal form is a list of patterns (mask, value): a state s satisfies it where s & mask == value for some
pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["WORDS", "Formula", "FormulaError", "always", "every", "literal", "parse", "patterns", "some", "written"]

WORDS = ("not", "and", "or", "if", "iff")
MOST_PATTERNS = 20_000
_TOKEN = re.compile(r"\s*(?:(\(|\))|([^\s()]+))")

Pattern = tuple[int, int]


class FormulaError(ValueError):
    """A statement that cannot be read; `at`: the place of the character, from 0; `hint`: one next step."""

    def __init__(self, message: str, at: int = 0, hint: str = "") -> None:
        self.message, self.at, self.hint = message, at, hint
        super().__init__(message)


@dataclass(frozen=True)
class Formula:
    """kind: "option", "not", "and", "or", "if", "iff". option: its number, for "option". parts: what the word joins."""

    kind: str
    option: int = -1
    parts: tuple[Formula, ...] = ()

    def holds(self, states: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each state satisfies the statement."""
        if self.kind == "option":
            taken: NDArray[np.bool_] = (states >> self.option) & 1 == 1
            return taken
        if self.kind == "and":
            return np.logical_and.reduce([p.holds(states) for p in self.parts]) if self.parts else np.ones(len(states), bool)
        if self.kind == "or":
            return np.logical_or.reduce([p.holds(states) for p in self.parts]) if self.parts else np.zeros(len(states), bool)
        first: NDArray[np.bool_] = self.parts[0].holds(states)
        if self.kind == "not":
            return ~first
        second = self.parts[1].holds(states)
        return first | ~second if self.kind == "if" else first == second


def literal(option: int, taken: bool = True) -> Formula:
    """An option that is taken, or that is not."""
    plain = Formula("option", option)
    return plain if taken else Formula("not", parts=(plain,))


def every(parts: Iterable[Formula]) -> Formula:
    """All of them hold."""
    listed = tuple(parts)
    return listed[0] if len(listed) == 1 else Formula("and", parts=listed)


def some(parts: Iterable[Formula]) -> Formula:
    """At least one of them holds."""
    listed = tuple(parts)
    return listed[0] if len(listed) == 1 else Formula("or", parts=listed)


def always(taken: Mapping[int, bool]) -> Formula:
    """The pattern in which these options are taken or not, all others being free."""
    return every(literal(n, yes) for n, yes in taken.items())


def patterns(formula: Formula) -> tuple[Pattern, ...]:
    """The disjunctive normal form; patterns that others contain are left out.

    Raises
    ------
    FormulaError
        If it has more than 20,000 patterns.
    """
    return tuple(sorted(_minimal(_expand(formula, True))))


def _expand(formula: Formula, wanted: bool) -> set[Pattern]:
    kind, parts = formula.kind, formula.parts
    if kind == "option":
        bit = 1 << formula.option
        return {(bit, bit if wanted else 0)}
    if kind == "not":
        return _expand(parts[0], not wanted)
    if kind in ("and", "or"):
        found = [_expand(p, wanted) for p in parts]
        if (kind == "and") == wanted:
            return _crossed(found)
        return set().union(*found)
    a, b = parts
    if kind == "if":  # a or not b
        return _expand(Formula("or", parts=(a, Formula("not", parts=(b,)))), wanted)
    same = _crossed([_expand(a, True), _expand(b, wanted)])
    return same | _crossed([_expand(a, False), _expand(b, not wanted)])


def _crossed(sets: Sequence[set[Pattern]]) -> set[Pattern]:
    out: set[Pattern] = {(0, 0)}
    for found in sets:
        made = set()
        for mask, value in out:
            for m, v in found:
                if value & m == v & mask:
                    made.add((mask | m, value | v))
        out = made if len(made) < 64 else _minimal(made)
        if len(out) > MOST_PATTERNS:
            raise FormulaError(f"it stands for more than {MOST_PATTERNS:,} patterns of options", 0, "split it")
    return out


def _minimal(found: set[Pattern]) -> set[Pattern]:
    if len(found) > 2000:  # a pattern too many does no harm, and comparing all pairs would take long
        return found
    kept: list[Pattern] = []
    for mask, value in sorted(found, key=lambda p: p[0].bit_count()):
        if not any(mask & m == m and value & m == v for m, v in kept):
            kept.append((mask, value))
    return set(kept)


def parse(text: str, options: Mapping[str, int]) -> Formula:
    """Read a statement; `options`: the number of each option by its name.

    Raises
    ------
    FormulaError
        With the place at which the reading stopped.
    """
    reader = _Reader(text, options)
    formula = reader.statement()
    if reader.peek:
        raise FormulaError(f"got {reader.peek[:60]!r}, wanted AND, OR, IF, IFF or the end", reader.at, reader.advice())
    return formula


class _Reader:
    def __init__(self, text: str, options: Mapping[str, int]) -> None:
        self.text, self.options = text, options
        self.tokens = [(m.group(1) or m.group(2), m.start(1) if m.group(1) else m.start(2)) for m in _TOKEN.finditer(text)]
        self.n = 0
        self.depth = 0

    @property
    def peek(self) -> str:
        return self.tokens[self.n][0] if self.n < len(self.tokens) else ""

    @property
    def at(self) -> int:
        return self.tokens[self.n][1] if self.n < len(self.tokens) else len(self.text.rstrip())

    def word(self, *wanted: str) -> bool:
        return self.peek.lower() in wanted

    def advice(self) -> str:
        return "use parentheses to say what belongs together" if self.word("if", "iff") else "look at the word before it"

    def statement(self) -> Formula:
        left = self.side()
        if not self.word("if", "iff"):
            return left
        kind = self.peek.lower()
        self.n += 1
        return Formula(kind, parts=(left, self.side()))

    def side(self) -> Formula:
        parts = [self.term()]
        while self.word("or"):
            self.n += 1
            parts.append(self.term())
        return some(parts)

    def term(self) -> Formula:
        parts = [self.part()]
        while self.word("and"):
            self.n += 1
            parts.append(self.part())
        return every(parts)

    def part(self) -> Formula:
        token, at = self.peek, self.at
        if self.depth > 50:
            raise FormulaError("nested more than 50 levels deep", at, "write it flatter")
        if not token:
            raise FormulaError("it ends where an option was wanted", at, "name an option, or take the last word out")
        self.n += 1
        if token.lower() == "not":
            self.depth += 1
            inner = self.part()
            self.depth -= 1
            return Formula("not", parts=(inner,))
        if token == "(":
            self.depth += 1
            inner = self.statement()
            self.depth -= 1
            if self.peek != ")":
                raise FormulaError(f"got {self.peek[:60] or 'the end'!r}, wanted a closing parenthesis", self.at, "close it")
            self.n += 1
            return inner
        if token not in self.options:
            from detente.base.wording import suggestion

            if token.lower() in WORDS or token == ")":
                raise FormulaError(f"got {token!r} where an option was wanted", at, "name an option before and after it")
            known = suggestion(token, self.options) or f"the options are {', '.join(self.options)}"
            raise FormulaError(f"got {token[:60]!r}, wanted an option", at, known)
        return literal(self.options[token])


def written(formula: Formula, options: Sequence[str], *, inside: bool = False) -> str:
    """The statement as text."""
    if formula.kind == "option":
        return options[formula.option]
    if formula.kind == "not":
        return f"NOT {written(formula.parts[0], options, inside=True)}"
    text = f" {formula.kind.upper()} ".join(written(p, options, inside=True) for p in formula.parts)
    return f"({text})" if inside else text
