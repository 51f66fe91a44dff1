"""Reading texts: `read(text, ...)` gives the claims of each in the order of their places.

A text is read once: typography evened out, names found, sentences parted, and of each sentence the claims by rules (`rules`,
`provisions`) and, of what was done, the class by the linear models (`events`). A text that is an agreement is read for its
provisions, and within these for what waits for what; its other sentences are read like any text. No claim stands whose
quotation is not the text at its span.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from detente.base.frozen import Frozen
from detente.case.case import Case
from detente.case.load import as_case
from detente.errors import InputError
from detente.read.actors import Gazetteer, Mention, gazetteer, mentions, party_of
from detente.read.claim import Claim, quoted
from detente.read.events import events
from detente.read.grammar import grammar
from detente.read.provisions import provisions
from detente.read.rules import CONFIDENCE, GOVERNS, Sentence, claims_of, figures
from detente.read.sentences import LONGEST, sentences, unended
from detente.read.text import Text, read_source, spacy_absent

__all__ = ["Reading", "read", "verified"]

_BINDS = re.compile(
    r"(?: (?!and\b|or\b)\w+){0,2} (?:shall|must|will|may not|undertakes?|commits? itself|agrees?|is to|are to)\b"
)


@dataclass(frozen=True)
class Reading(Frozen):
    """What texts say. claims : by text and place. names : how a party is shown. notes : what a reader should know of it."""

    texts: tuple[Text, ...]
    claims: tuple[Claim, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """texts: source and characters of each; claims: as `Claim.to_dict`."""
        return {"texts": [t.to_dict() for t in self.texts], "claims": [c.to_dict() for c in self.claims]}


def read(
    *sources: str | Path | Any,
    case: Case | str | Path | Mapping[str, Any] | None = None,
    actors: str | Path | None = None,
    encoding: str | None = None,
    llm: str | None = None,
    model: str | None = None,
) -> Reading:
    """Read texts.

    Parameters
    ----------
    sources : paths, ``-`` for standard input, open files, or `Text`.
    case : a case whose parties are looked for by all their names; claims then name them by id.
    actors : a table of names, with the columns `name`, and `also` (other names, parted by ``|``) or `code`.
    encoding : of plain texts and pages that are not UTF-8.
    llm : the address of an endpoint that speaks as OpenAI's does, asked for claims as well; None: nothing leaves the machine.
    model : the name of the model that is asked there.

    Raises
    ------
    InputError
        If a source cannot be read, with every one that cannot; or if the endpoint gives no answer.
    """
    if not sources:
        raise InputError("got no text, wanted at least one (name a file, or - for standard input)")
    known = gazetteer(None if case is None else as_case(case), actors)
    texts, problems = list[Text](), list[str]()
    for source in sources:
        try:
            texts.append(source if isinstance(source, Text) else read_source(source, encoding=encoding))
        except InputError as err:
            problems.append(str(err))
    if problems:
        raise InputError("\n".join(problems))
    notes = [note for text in texts for note in text.notes]
    if grammar() is None:
        notes.append(spacy_absent())
    claims = [claim for n, text in enumerate(texts) for claim in _claims(text, n, known, notes)]
    if llm is not None:
        from detente.read.llm import asked

        for n, text in enumerate(texts):
            more, said = asked(text, n, llm, model)
            claims += [_known(c, known) for c in more if not any(_same(c, other) for other in claims)]
            notes += said
    claims.sort(key=lambda c: (c.text, c.start, c.end, c.type))
    named = {c.by for c in claims} | {c.to for c in claims} | {c.reported_by for c in claims}
    names = {i: known.titles.get(i, i) for i in sorted(filter(None, named))}
    return Reading(tuple(texts), verified(texts, claims), names, tuple(notes))


def verified(texts: Sequence[Text], claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims whose quotation is the text at their span, none twice."""
    right = (c for c in claims if 0 <= c.start < c.end and c.quote == texts[c.text].text[c.start : c.end])
    return tuple(dict.fromkeys(right))


def _known(claim: Claim, known: Gazetteer) -> Claim:
    """A claim of somebody else with the parties by their ids."""
    by, to, who = (None if x is None else party_of(x, known) for x in (claim.by, claim.to, claim.reported_by))
    return replace(claim, by=by, to=to, reported_by=who)


def _same(one: Claim, other: Claim) -> bool:
    return one.text == other.text and one.type == other.type and one.start < other.end and other.start < one.end


def _claims(text: Text, number: int, known: Gazetteer, notes: list[str]) -> Iterator[Claim]:
    view = text.view.text
    named = mentions(view, known)
    clauses = [_bound(text, c, named) for c in provisions(text, number)]
    yield from clauses
    within = list[tuple[int, int]]()  # the places of provisions, none within another
    for a, b in sorted((c.start, c.end) for c in clauses):
        if not within or b > within[-1][1]:
            within.append((a, b))
    begins = [a for a, _ in within]

    def bound(at: int) -> bool:
        n = bisect_right(begins, at) - 1
        return n >= 0 and at < within[n][1]

    parts = list(_parted(view, named))
    if long := unended(view, [(s.start, s.end) for s in parts]):
        notes.append(
            f"{text.source}: {long} times a sentence runs on for more than {LONGEST:,} characters; it was parted at a comma or "
            "space"
        )
    places = text.view.place
    free = {s.start for s in parts if not (bound(places[s.start]) or bound(places[s.end - 1]))}
    told = list[Sentence]()
    for sentence in parts:
        yield from figures(text, number, sentence.start, sentence.end)
        found = list(claims_of(text, number, sentence))
        if sentence.start in free:
            yield from found
            told += [] if found else [sentence]
        else:
            yield from (c for c in found if c.first is not None)
    yield from events(text, number, told)
    yield from _parties(text, number, named, known)


def _bound(text: Text, clause: Claim, named: Sequence[Mention]) -> Claim:
    """A provision with the party that it binds, if it says so of one alone: "X shall"."""
    view, place = text.view.text, text.view.place
    begin, end = (
        bisect_left(named, clause.start, key=lambda m: place[m.start]),
        bisect_left(named, clause.end, key=lambda m: place[m.start]),
    )
    bound = {
        m.party for m in named[begin:end] if _BINDS.match(view, m.end) and not GOVERNS.search(view[m.start - 40 : m.start])
    }
    joined = any(re.match(r"(?:,| and) (?:the )?$", view[m.end : n.start]) for m, n in pairwise(named[begin:end]))
    return replace(clause, by=bound.pop()) if len(bound) == 1 and not joined else clause


def _parted(view: str, named: Sequence[Mention]) -> Iterator[Sentence]:
    """The sentences with their names, and the one party that the sentence before spoke of."""
    n, earlier = 0, None
    ours = len(re.findall(r"\b(?:[Ww]e|[Oo]ur)\b", view)) >= 3
    own = next((m.party for m in named if m.end < 300), None) if ours else None
    for start, end in sentences(view):
        while n < len(named) and named[n].end <= start:
            n += 1
        last = n
        while last < len(named) and named[last].start < end:
            last += 1
        here = named[n:last]
        yield Sentence(start, end, here, earlier, own)
        those = {m.party for m in here if m.kind != "other"} or {m.party for m in here}
        if len(those) == 1:
            earlier = those.pop()
        elif those:
            earlier = here[0].party if here[0].start - start < 12 else None


def _parties(text: Text, number: int, named: Sequence[Mention], known: Gazetteer) -> Iterator[Claim]:
    often = Counter(m.party for m in named)
    for m in named:
        if m.kind == "other" and often[m.party] < 2:
            continue
        brought = m.party in known.titles and m.kind != "role" and known.brought
        sure = CONFIDENCE["brought"] if brought else CONFIDENCE.get(m.kind, CONFIDENCE["name"])
        yield quoted(text, number, m.start, m.end, "party", by=m.party, confidence=sure)
