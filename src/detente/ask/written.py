"""The case with the answers put in, comments and layout kept: who judged what, when and why, as evidence.

A number becomes the range [low, likely, high] of its place in the file, a word its grade, a comparison one more of
`comparisons`. Where the case says of its ranges that they hold a number with some probability (`ranges.confidence`), they are
written as such. Of several people's answers the range is that of all of them, with the likely value by which its mean, in the
shape that the case draws, is the mean of theirs. Each answer that counts becomes an entry of `evidence`, whose source is the
person who answered; the measure, party or comparison names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from detente.ask.answers import Answer
from detente.ask.believed import Believed, Range, marginals
from detente.ask.questions import SAME, Question, Questions
from detente.base.plain import FIGURES
from detente.base.text import Path, dotted
from detente.case.draws.quantities import Quantity
from detente.case.draws.widen import Spans, factor, stretched
from detente.case.rough.draft import slug_of
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["written"]

_ABOVE = {"measures": 2, "parties": 2, "risks": 2}  # how much of a path names the block that holds evidence


def written(questions: Questions, spans: Spans, made: Believed) -> Case:
    """The case with what is believed.

    Raises
    ------
    CaseError
        If the answers contradict each other, or what comes out is no case.
    InputError
        If an entry that answers change stands for others, too (an anchor of YAML).
    """
    from detente.case.edit import changed

    case = questions.case
    entries = dict[str, object]()
    for place, ranges in made.spans.items():
        q = questions.quantities[place]
        entries[q.name] = ranges[0].word if len(ranges) == 1 and ranges[0].word else _pooled(q, spans, ranges)
    _add_evidence(questions, made, entries)
    out = changed(case, entries) if entries else case
    _only_these(questions, spans, made, out)
    return out


def _pooled(q: Quantity, spans: Spans, ranges: Sequence[Range]) -> list[int | float]:
    low, high = min(r.low for r in ranges), max(r.high for r in ranges)
    likely = ranges[0].likely
    if len(ranges) > 1:
        mean = marginals(spans.shape, ranges).mean.mean(keepdims=True)
        likely = Fraction(float(marginals(spans.shape, [replace(ranges[0], low=low, high=high)]).with_mean(mean)[0]))
        likely = min(max(likely, low), high)
    if spans.confidence is not None:
        low, high = stretched(q.kind, low, likely, high, 1 / factor(q.kind, low, likely, high, spans.shape, spans.confidence))
    if q.kind == "lag":
        return [int(low), round(likely), -int(-high // 1)]
    return [_rounded(x) for x in (low, likely, high)]


def _rounded(x: Fraction) -> int | float:
    near = float(f"{float(x):.{FIGURES}g}")
    return int(near) if near.is_integer() else near


def _add_evidence(questions: Questions, made: Believed, entries: dict[str, object]) -> None:
    """Who says it: entries of `sources`, `evidence`, and where they are named."""
    case, sources, evidence = questions.case, dict[str, object](), dict[str, object]()
    people = dict[str, str]()  # the source that each of them is
    lists, comparisons = dict[Path, list[str]](), list[dict[str, object]]()
    for n, a in enumerate(made.answered, 1):
        question = questions.named(a.id)
        if a.answer is None or not question.places:
            continue
        if a.by not in people:
            people[a.by] = _free(f"answers-{slug_of(a.by, 'somebody')}", {*case.sources, *sources})
        source = people[a.by]
        sources[source] = {"title": f"Answers of {a.by}", "author": a.by, "date": a.day}
        name = _free(f"asked-{n}", case.evidence)
        evidence[name] = {"source": source, "says": _says(question, a)}
        if question.kind == "comparison":
            upper = _upper(questions, made, question)
            if upper is not None:
                lower = next(x for x in question.options[:2] if x != upper)
                party = question.id.split(".")[1]
                comparisons.append({"by": party, "prefers": upper, "to": lower, "evidence": [name]})
        else:
            path = questions.quantities[question.places[0]].path
            if path[0] in _ABOVE:
                lists.setdefault(path[: _ABOVE[str(path[0])]], []).append(name)
    for block, found in (("sources", sources), ("evidence", evidence)):
        if block in case.model_fields_set:
            entries.update({f"{block}.{name}": entry for name, entry in found.items()})
        elif found:
            entries[block] = found
    for above, names in lists.items():
        _extend(entries, (*above, "evidence"), _there(case, above), names)
    _extend(entries, ("comparisons",), list(case.comparisons) if "comparisons" in case.model_fields_set else None, comparisons)


def _there(case: Case, above: Path) -> Sequence[object] | None:
    """The list of evidence that a block has in the file."""
    block: Any = getattr(case, str(above[0]))[above[1]]
    return list(block.evidence) if "evidence" in block.model_fields_set else None


def _extend(entries: dict[str, object], path: Path, there: Sequence[object] | None, more: Sequence[object]) -> None:
    if there is None:
        if more:
            entries[dotted(path)] = list(more)
        return
    entries.update({dotted((*path, len(there) + k)): entry for k, entry in enumerate(more)})


def _upper(questions: Questions, made: Believed, question: Question) -> str | None:
    """The measure that is preferred, where the answer counts."""
    names = set(question.about)
    for p in made.preferences[len(questions.case.comparisons) :]:
        if {p.upper.name, p.lower.name} == names:
            return p.upper.measure
    return None


def _says(question: Question, a: Answer) -> str:
    if question.kind == "number":
        x = a.answer
        said = f"{x['best']:g}, from {x['low']:g} to {x['high']:g}, {100 * x['sure']:.0f}% sure"
    elif question.kind == "comparison" and a.answer != SAME:
        said = f"{a.answer} rather than {next(x for x in question.options if x != a.answer)}"
    else:
        said = str(a.answer)
    why = f" Why: {a.because}" if a.because else ""
    where = f" Source: {a.source}" if a.source else ""
    return f"Judged by {a.by} on {a.day}: {said}.{why}{where}"


def _free(name: str, taken: Any) -> str:
    """A name that nothing else of the case has."""
    while name in taken:
        name += "-a"
    return name


def _only_these(questions: Questions, spans: Spans, made: Believed, out: Case) -> None:
    """Refuse a file in which an answer has changed what nobody was asked about."""
    from detente.case.draws.quantities import stated

    before = {q.path: (q.low, q.likely, q.high) for q in stated(questions.case, spans)}
    after = {q.path: (q.low, q.likely, q.high) for q in stated(out, spans)}
    meant = {questions.quantities[n].path for n in made.spans}
    others = [dotted(p) for p, x in before.items() if p not in meant and after.get(p) != x]
    if others:
        raise InputError(
            f"{questions.case.source}: an entry of the file stands for several (an anchor of YAML), and answers would change "
            f"{', '.join(others[:5])} too; write it out in each place"
        )
