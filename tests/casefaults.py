"""A case file with one fault: where it stands, and what is said of it."""

from __future__ import annotations

import pytest

from detente.case.load import read_case
from detente.errors import CaseError, Fault

__all__ = ["faults", "names_it", "place"]


def faults(text: str) -> tuple[Fault, ...]:
    """What is wrong with a case file."""
    with pytest.raises(CaseError) as err:
        read_case(text)
    return err.value.faults


def place(text: str, fragment: str) -> tuple[int, int]:
    """Line and column of a fragment that stands in the text once."""
    assert text.count(fragment) == 1, fragment
    before = text[: text.index(fragment)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def names_it(good: str, old: str, new: str, at: str, key: str, message: str, hint: str) -> tuple[Fault, ...]:
    """Hold that the fault by which `new` stands for `old` is named once, where `at` stands, with its key, message and hint;
    return all that is wrong then."""
    text = good.replace(old, new, 1)
    assert text != good
    every = faults(text)
    found = [f for f in every if f.key == key and message in f.message]
    assert len(found) == 1, every
    assert (found[0].line, found[0].column) == place(text, at)
    assert hint in found[0].hint
    return every
