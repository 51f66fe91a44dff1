"""What a table for words has: its entries, their bounds and units.

    irreversible_C, lag_C, signal_C, takes_C    of a measure of class C: share; months; ratio; months
    worth_W         a value per phase, in units of a medium measure, of which 1 is the yardstick
    trust_W         a probability
    foresight_W     what a year from now weighs against now
    breakdown_W     what a medium measure is worth in so many years

A word W stands in a case as it is: `trust: {north: little}`, `discount: fair`, `value: {south: -large}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from detente.case.causes import Class
from detente.case.value import Exact

__all__ = ["CLASSES", "ENTRIES", "FOLLOWING", "WORDS", "entry_of"]

CLASSES: tuple[str, ...] = get_args(Class)

FOLLOWING = ("irreversible", "lag", "signal", "takes")
"""The keys of a measure that follow from its class."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "worth": ("slight", "small", "medium", "large", "vital", "unclear"),
    "trust": ("none", "little", "some", "good", "full"),
    "foresight": ("short", "fair", "long"),
    "breakdown": ("light", "heavy", "ruinous"),
}
"""The words of a table, by what they are said of."""

_BOUNDS = {
    "irreversible": Exact(ge=0, le=1),
    "lag": Exact(ge=0, le=1000),
    "signal": Exact(ge=1, le=1000),
    "takes": Exact(ge=0, le=1000),
    "worth": Exact(ge=-1000, le=1000),
    "trust": Exact(gt=0, lt=1),
    "foresight": Exact(gt=0, lt=1),
    "breakdown": Exact(ge=0, le=1000),
}

ENTRIES: Mapping[str, Exact] = {
    **{f"{key}_{of}": _BOUNDS[key] for key in FOLLOWING for of in CLASSES},
    **{f"{key}_{word}": _BOUNDS[key] for key, words in WORDS.items() for word in words},
}
"""Every entry with its bounds."""

_SAID_OF = {"value": "worth", "once": "worth", "stalemate": "worth", "discount": "foresight"}


def entry_of(kind: str, word: str) -> str:
    """The entry that a word stands for. kind : of the quantity, such as "discount"; word : as it is written, ``-large`` too."""
    return f"{_SAID_OF.get(kind, kind)}_{word.removeprefix('-')}"
