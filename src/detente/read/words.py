"""Lists of words that the rules know, written as text, and the words that say nothing of what an act is."""

from __future__ import annotations

import re

__all__ = ["ACTS", "PEOPLE", "SMALL", "TIMES", "stem", "word_set"]


def word_set(words: str) -> frozenset[str]:
    """The words of a text that are parted by spaces."""
    return frozenset(words.split())


SMALL = word_set(
    "the a an of to in on for and or its their his her that it by with from at as be is are was were has have had will "
    "shall not no this these those any all which who other"
)

PEOPLE = word_set(
    "government minister president army troops police rebels rebel people civilian protester official court group party "
    "worker leader journalist militant soldier refugee citizen authority opposition prisoner parliament company council "
    "ambassador counterpart victim student activist migrant farmer bank"
)
"""Nouns for who may act."""
ACTS = word_set(
    "investigation probe inquiry lawsuit suit complaint sanction report attack statement resolution call rejection "
    "condemnation support letter sentence charge aid assistance package information exercise talk meeting deal agreement "
    "appeal visit pact request proposal demand measure step access restriction audit series number part end use right role "
    "concern relation war strike ceasefire protest rally campaign tariff ban"
)
"""Nouns for what is done, behind which stands whom it is done to."""
TIMES = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december today yesterday tomorrow week month year day"
)

_ENDING = re.compile(r"(?<=.{4})(?:ements?|ations?|ments?|ings?|ions?|als?|ers|ies|ed|es|s|e)\Z")


def stem(word: str) -> str:
    """A word without its ending, four letters of it at least: what its forms share, near enough to compare clauses."""
    return _ENDING.sub("", word)
