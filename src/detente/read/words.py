"""Lists of words that the rules know, written as text, and the words that say nothing of what an act is."""

from __future__ import annotations

import re

__all__ = ["SMALL", "stem", "word_set"]


def word_set(words: str) -> frozenset[str]:
    """The words of a text that are parted by spaces."""
    return frozenset(words.split())


SMALL = word_set(
    "the a an of to in on for and or its their his her that it by with from at as be is are was were has have had will "
    "shall not no this these those any all which who other"
)

_ENDING = re.compile(r"(?<=.{4})(?:ements?|ations?|ments?|ings?|ions?|als?|ers|ies|ed|es|s|e)\Z")


def stem(word: str) -> str:
    """A word without its ending, four letters of it at least: what its forms share, near enough to compare clauses."""
    return _ENDING.sub("", word)
