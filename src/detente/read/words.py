"""Lists of words that the rules know, written as text, and the words that say nothing of what an act is."""

from __future__ import annotations

__all__ = ["SMALL", "word_set"]


def word_set(words: str) -> frozenset[str]:
    """The words of a text that are parted by spaces."""
    return frozenset(words.split())


SMALL = word_set(
    "the a an of to in on for and or its their his her that it by with from at as be is are was were has have had will "
    "shall not "
    "no this these those any all which who other"
)
