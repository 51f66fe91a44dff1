"""Assumptions, causes, signs and crossings in words, the same for the terminal and the page."""

from __future__ import annotations

from detente.assess.assumptions import Assumption
from detente.assess.breakeven import Crossing
from detente.assess.warning import Sign
from detente.case.case import Case

__all__ = ["CAUSE", "at_in_words", "cause_in_words", "crossing_in_words", "name_of", "sign_in_words"]

CAUSE = {
    "cheating": "a party withholds for its gain and is found out",
    "spoiling": "a party that wants it to fail withholds",
    "failure": "a step fails though meant and is not made up for",
    "shock": "trust is lost after an act outside the roadmap",
    "distrust": "a party does not dare to go on",
    "government": "another government sees it differently",
    "leaving": "a party is better off without it",
}
_ENTRY = {
    "spoilers": "the share of spoilers among those who would not keep their word",
    "strikes": "the chance per phase that a spoiler strikes",
    "overlooked": "the chance that what is missing stays unseen for another phase",
    "mends": "the chance per phase that a missing step is made up for",
    "patience": "the phases for which the others wait",
    "tolerate": "the misses of a party that are forgiven",
    "initiatives": "the steps that the leader of graduated reciprocation takes without an answer",
}


def cause_in_words(cause: str) -> str:
    return CAUSE[cause]


def name_of(a: Assumption, case: Case) -> str:
    """The assumption as the subject of a sentence."""
    party = {i: spec.name for i, spec in case.parties.items()}
    if a.kind == "trust":
        return f"the trust of {party[a.of]} in {party[a.toward or '']}"
    if a.kind == "values":
        return f"the values of {party[a.of]}"
    if a.kind == "risk":
        return f"the chance of the risk {a.of}"
    return _ENTRY[a.of]


def at_in_words(a: Assumption, x: float) -> str:
    """A value of an assumption, as it is written in the case or profile; of values, how far up their ranges."""
    if a.kind == "values":
        return "low ends" if x == 0 else "likely" if x == 0.5 else "high ends" if x == 1 else f"{100 * x:.0f} % up their ranges"
    if a.whole:
        return f"{x:g}"
    return f"{100 * x:.2g} %"


def crossing_in_words(c: Crossing, first: str, second: str, case: Case) -> str:
    """One sentence: who does better on which side, or that they do not change places."""
    a = c.assumption
    name = name_of(a, case)
    if c.at is None:
        better = first if c.ends[1] >= 0 else second
        low, high = at_in_words(a, a.low), at_in_words(a, a.high)
        return f"“{better}” does better from {low} to {high}: no crossing within the range of {name}."
    below, above = (first, second) if c.first_below else (second, first)
    more = "" if c.times == 1 else f" They change places {c.times} times over the range; this is nearest to what is assumed."
    at, assumed = at_in_words(a, c.at), at_in_words(a, a.likely)
    if a.kind == "values":
        where = f"lie less than {at} (assumed: likely)"
    elif a.whole:
        where = f"are at most {int(c.at)} (assumed: {assumed})"
    else:
        where = f"is under {at} (assumed: {assumed})"
    return f"“{below}” does better than “{above}” while {name} {where}.{more}"


def sign_in_words(s: Sign, case: Case) -> str:
    """The sign as it is seen, without its figures."""
    if s.kind == "seen":
        return f"“{case.measure_title(s.of)}” has been carried out and seen"
    if s.kind == "shock":
        return f"the risk {s.of} has struck"
    return f"{case.parties[s.of].name} has missed or put off a step"
