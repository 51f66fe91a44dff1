"""Assumptions, causes, signs and crossings in words, the same for the terminal and the page."""

from __future__ import annotations

from typing import get_args

from detente.assess.assumptions import Assumption
from detente.assess.breakeven import Crossing
from detente.assess.first import Event
from detente.assess.warning import Sign
from detente.base.words import as_written, level_percent, percent, sentence
from detente.case.causes import Class
from detente.case.naming import Naming
from detente.case.risk import Risk

__all__ = [
    "CAUSE",
    "at_in_words",
    "crossing_in_words",
    "entry_in_words",
    "event_in_words",
    "name_of",
    "sign_in_words",
]

CAUSE = {
    "cheating": "withheld for gain, and found out",
    "spoiling": "withheld by a party that wants it to fail",
    "failure": "a step failed though meant, and was not made up for",
    "shock": "trust was lost after an act outside the roadmap",
    "distrust": "a party did not dare to go on",
    "government": "another government saw it differently",
    "leaving": "a party was better off without it",
}
_ENTRY = {
    "spoilers": "the share of spoilers among those who would not keep their word",
    "strikes": "the chance per phase that a spoiler strikes",
    "overlooked": "the chance that what is missing stays unseen for another phase",
    "mends": "the chance per phase that a missing step is made up for",
    "patience": "the phases for which the others wait",
    "tolerate": "the misses of a party that are forgiven",
    "odds": "by how much the odds of trust may be off, either way",
    "warning": "the phase at whose beginning early signs are read",
    "initiatives": "the steps that the leader of graduated reciprocation takes without an answer",
    "firm_low": "the chance that a demand of low firmness holds back what it withholds",
    "firm_medium": "the chance that a demand of medium firmness holds back what it withholds",
    "firm_high": "the chance that a firm demand holds back what it withholds",
    "unfirm": "the chance that a demand whose firmness is not known holds back what it withholds",
    "contested": "the chance that what is read in two ways is read the narrower way",
    "holds_back": "the chance that a party answers a missed step by holding back",
    "lapses": "the chance per year that what is in force lapses of itself",
    "catches_up": "the chance per year, after the first, that what is late is delivered",
    **{f"late_{c}": f"the share of steps of the class {c} that are late by a year" for c in get_args(Class)},
}


_REASON = {
    "cheating": ("withholds for gain", "withhold for gain"),
    "spoiling": ("withholds, since it wants the process to fail", "withhold, since they want the process to fail"),
    "failure": ("means it and fails", "mean it and fail"),
    "shock": ("does not dare, after an act outside the roadmap", "do not dare, after an act outside the roadmap"),
    "distrust": ("does not dare to go on", "do not dare to go on"),
    "government": ("has another government, which sees it differently", "have another government, which sees it differently"),
    "leaving": ("is better off without it, and leaves", "are better off without it, and leave"),
    "undone": ("has a government that undoes it", "have a government that undoes it"),
    "lapse": ("lets it lapse", "let it lapse"),
    "work": ("needs more time for it", "need more time for it"),
    "risk": ("is late with it", "are late with it"),
}
"""Why a step is not carried out, after the name of one and of a party in the plural."""


def event_in_words(e: Event, naming: Naming) -> str:
    """Who does not carry out a step, or is late with it, and why."""
    case, who = naming.case, "More than one party" if e.party is None else sentence(naming.party(e.party))
    if e.cause == "consent" and e.of is not None:
        _, measure, _, need = e.of.split(".")
        by = next(n.by for n in case.measures[measure].needs if n.id == need)
        return f"{who} {naming.agreeing(e.party, 'lacks', 'lack')} a consent: {by}"
    if e.cause == "demand" and e.of is not None:
        demand = next(d for d in case.demands if d.id == e.of.removeprefix("demands."))
        first = naming.title(demand.first[0])
        more = f" and {len(demand.first) - 1} more" if len(demand.first) > 1 else ""
        return f"{who} {naming.agreeing(e.party, 'wants', 'want')} to see first: {first}{more}"
    return f"{who} {naming.agreeing(e.party, *_REASON[e.cause])}"


def entry_in_words(key: str) -> str:
    """An entry of a profile."""
    return _ENTRY[key]


def name_of(a: Assumption, naming: Naming) -> str:
    """The assumption as the subject of a sentence."""
    if a.kind == "trust":
        return f"the trust of {naming.party(a.of)} in {naming.party(a.toward or '')}"
    if a.kind == "values":
        return f"the values of {naming.party(a.of)}"
    if a.kind == "risk":
        return _risk(next(r for r in naming.case.risks if r.id == a.of), naming)
    return _ENTRY[a.of]


def _risk(r: Risk, naming: Naming) -> str:
    if r.kind == "government":
        return f"the chance of another government in {naming.party(r.party)}"
    if r.kind == "shock":
        return f"the chance per phase of an act by {naming.party(r.by)} that costs trust"
    more = "" if len(r.of) == 1 else f" and {len(r.of) - 1} more"
    return f"the chance that “{naming.title(r.of[0])}”{more} fails though meant"


def at_in_words(a: Assumption, x: float) -> str:
    """A value of an assumption, as it is written in the case or profile; of values, how far up their ranges."""
    if a.kind == "values":
        return (
            "low ends"
            if x == 0
            else "likely"
            if x == 0.5
            else "high ends"
            if x == 1
            else f"{percent(x)} of the way up their ranges"
        )
    if a.whole:
        return as_written(x)
    return level_percent(x)


def crossing_in_words(c: Crossing, first: str, second: str, naming: Naming) -> str:
    """One sentence: who does better on which side, or that they do not change places."""
    a = c.assumption
    name = name_of(a, naming)
    if c.at is None:
        better = first if c.ends[1] >= 0 else second
        low, high = at_in_words(a, a.low), at_in_words(a, a.high)
        return f"“{better}” does better from {low} to {high}: no crossing within the range of {name}."
    below, above = (first, second) if c.first_below else (second, first)
    more = "" if c.times == 1 else f" They change places {c.times} times over the range; this is nearest to what is assumed."
    at, assumed = at_in_words(a, c.at), at_in_words(a, a.likely)
    if a.whole:
        where = f"are at most {int(c.at)} (assumed: {assumed})"
    else:
        low, high = (at_in_words(a, x) for x in c.spread or (c.at, c.at))
        error = "" if low == high else f"by the error of the plays between {low} and {high}; "
        verb = "lie less than" if a.kind == "values" else "is under"
        where = f"{verb} {at} ({error}assumed: {assumed})"
    return f"“{below}” does better than “{above}” while {name} {where}.{more}"


def sign_in_words(s: Sign, naming: Naming) -> str:
    """The sign as it is seen, without its figures."""
    if s.kind == "seen":
        return f"“{naming.title(s.of)}” has been carried out and seen"
    if s.kind == "shock":
        by = next(r.by for r in naming.case.risks if r.id == s.of and r.kind == "shock")
        return f"an act by {naming.party(by)} that costs trust has come"
    return f"{naming.party(s.of)} {naming.agreeing(s.of, 'has', 'have')} missed or put off a step"
