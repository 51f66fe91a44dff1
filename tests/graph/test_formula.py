"""Statements: read, evaluated, and turned into patterns, against plain loops over all states."""

from __future__ import annotations

import random

import numpy as np
import pytest

from conflictcases import random_formula
from detente.graph.formula import Formula, FormulaError, parse, patterns, written

OPTIONS = {"a": 0, "b": 1, "c": 2, "re-open": 3}
NAMES = list(OPTIONS)


def truth(formula: Formula, state: int) -> bool:
    """The meaning of a statement, case by case."""
    parts = [truth(p, state) for p in formula.parts]
    match formula.kind:
        case "option":
            return bool(state >> formula.option & 1)
        case "not":
            return not parts[0]
        case "and":
            return all(parts)
        case "or":
            return any(parts)
        case "if":
            return parts[0] if parts[1] else True
        case _:
            return parts[0] is parts[1]


def test_statements_mean_what_they_say() -> None:
    """Catches IF read backwards, a negation that is lost in the patterns, and text that reads back as something else."""
    rng = random.Random(5)
    states = np.arange(16, dtype=np.int64)
    for _ in range(400):
        formula = random_formula(rng, 4)
        told = [truth(formula, s) for s in range(16)]
        assert formula.holds(states).tolist() == told
        assert [any(s & m == v for m, v in patterns(formula)) for s in range(16)] == told
        again = parse(written(formula, NAMES), OPTIONS)
        assert again.holds(states).tolist() == told


@pytest.mark.parametrize(
    ("text", "true_in"),
    [
        ("a", {0b0001, 0b0011, 0b0101, 0b0111}),
        ("a AND b or c", {0b0011, 0b0100, 0b0101, 0b0110, 0b0111}),
        ("NOT a AND NOT (b OR c)", {0b0000}),
        ("b IF a", {0b000, 0b010, 0b011, 0b100, 0b110, 0b111}),
        ("b IFF a", {0b000, 0b011, 0b100, 0b111}),
        ("not not c", {0b100, 0b101, 0b110, 0b111}),
    ],
)
def test_precedence(text: str, true_in: set[int]) -> None:
    """NOT binds before AND, AND before OR, OR before IF and IFF."""
    assert set(np.flatnonzero(parse(text, OPTIONS).holds(np.arange(8, dtype=np.int64))).tolist()) == true_in


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("", 0, "it ends where an option was wanted"),
        ("a AND", 5, "it ends"),
        ("a b", 2, "wanted AND, OR, IF, IFF or the end"),
        ("a IF b IF c", 7, "wanted AND, OR, IF, IFF or the end"),
        ("(a OR b", 7, "closing parenthesis"),
        ("AND a", 0, "where an option was wanted"),
        ("a AND reopen", 6, "'reopen', wanted an option"),
        ("NOT " * 60 + "a", 200, "nested"),
    ],
)
def test_what_cannot_be_read(text: str, at: int, said: str) -> None:
    """Catches a slip that is read as something else, and a message that points at the wrong place."""
    with pytest.raises(FormulaError, match=said) as err:
        parse(text, OPTIONS)
    assert abs(err.value.at - at) <= 4


def test_patterns_are_limited() -> None:
    """A statement that stands for a million patterns is refused, not expanded."""
    pairs = tuple(Formula("iff", parts=(Formula("option", 2 * n), Formula("option", 2 * n + 1))) for n in range(18))
    with pytest.raises(FormulaError, match="more than 20,000 patterns"):
        patterns(Formula("and", parts=pairs))
