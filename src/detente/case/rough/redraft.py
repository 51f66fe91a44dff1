"""The draft of a case in words, to be filled into a workbook again: the way back from the file that a draft makes.

A workbook holds less than a file. So the draft is written out and read again, and what comes out must be the case: every entry
that would be lost or would come back otherwise is a fault. Ids are such entries, since a workbook knows names alone. Comments
are no part of a case, and stay in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from detente.case.case import Case
from detente.case.diff import changes
from detente.case.load import read_case
from detente.case.rough.draft import WORTHS, Draft, DraftDemand, DraftMeasure, DraftParty, written
from detente.case.rough.entries import CLASSES, WORDS
from detente.errors import CaseError, Fault

__all__ = ["redrafted"]

_PHRASES = {word or "0": phrase for phrase, word in WORTHS.items()}
_HINT = "keep it in the file, or put a word there"


def redrafted(case: Case) -> Draft:
    """The draft from which a case comes out again.

    Raises
    ------
    CaseError
        With everything that a workbook cannot hold.
    """
    faults = list(_wordless(case))
    if not faults:
        draft = _draft(case)
        again = read_case(written(draft), case.source)
        faults = [_fault(case, c.path, f"by way of a workbook, {c.words}") for c in changes(case, again)]
        if not faults:
            return draft
    raise CaseError(f"{case.source}: a workbook cannot hold this case", source=case.source, faults=faults)


def _fault(case: Case, path: str, message: str) -> Fault:
    return Fault(*case.where(path), path, message, _HINT)


def _wordless(case: Case) -> Iterator[Fault]:
    """Numbers and sorts for which a workbook has no word."""
    for i, spec in case.parties.items():
        terms = {
            "discount": (spec.discount.text, WORDS["foresight"]),
            "stalemate": (spec.stalemate.text, tuple(_PHRASES)),
            "breakdown": (spec.breakdown.text, WORDS["breakdown"]),
            **{f"trust.{j}": (p.text, WORDS["trust"]) for j, p in spec.trust.items()},
        }
        yield from _outside(case, f"parties.{i}", terms)
    for m, measure in case.measures.items():
        terms = {f"value.{i}": (value.text, tuple(_PHRASES)) for i, value in measure.value.items()}
        yield from _outside(case, f"measures.{m}", terms | {"class": (measure.class_ or "no class", CLASSES)})


def _outside(case: Case, path: str, terms: Mapping[str, tuple[str, Sequence[str]]]) -> Iterator[Fault]:
    for key, (text, words) in terms.items():
        if text not in words:
            yield _fault(case, f"{path}.{key}", f"got {text}, wanted one of {', '.join(words)}")


def _draft(case: Case) -> Draft:
    name = {i: f"the {spec.name}" if spec.article == "the" else spec.name for i, spec in case.parties.items()}
    title = {m: spec.title for m, spec in case.measures.items()}
    parties = tuple(
        DraftParty(
            name[i],
            spec.discount.text,
            _PHRASES[spec.stalemate.text],
            spec.breakdown.text,
            {name[j]: p.text for j, p in spec.trust.items()},
        )
        for i, spec in case.parties.items()
    )
    measures = tuple(
        DraftMeasure(
            spec.title,
            tuple(name[i] for i in spec.by)[:3],
            spec.class_ or "",
            {name[i]: _PHRASES[value.text] for i, value in spec.value.items()},
            spec.in_force,
            tuple(title[q.any[0]] for q in spec.requires if q.any[0] in title)[:2],
        )
        for spec in case.measures.values()
    )
    demands = tuple(
        DraftDemand(name[d.by], title[d.first[0]], title[d.before[0]], d.firm or "")
        for d in case.demands
        if d.first[0] in title and d.before[0] in title
    )
    length, count = case.phases.length, case.phases.count
    return Draft(case.case, case.title, case.as_of.isoformat(), length, count, parties, measures, demands)
