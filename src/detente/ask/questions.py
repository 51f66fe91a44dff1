"""What can be asked about a case, in words, and what an answer must look like.

    number       every uncertain quantity of the case (`case.draws.quantities`), in four parts in the order of the IDEA
                 protocol: lowest, highest, best, how sure (Hemming and others 2018)
    comparison   which of two measures is worth more to a party per phase: what the case takes as `comparisons`
    choice       which word fits, where the ranges of at least two overlap that of the quantity: a grade of the case for a
                 value, or where the case is in words (`rough`), a word of its table
    number       a question of the case's `calibration`, whose answer is known

Ids do not change while the case keeps its ids: ``measures.relief.value.north``, ``compare.north.relief.office``,
``word.measures.relief.value.north``, ``calibration[0]``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

from detente.base.frozen import Frozen
from detente.base.wording import shown, suggestion
from detente.base.words import isolated, joined, quoted
from detente.case.draws.quantities import Quantity
from detente.case.naming import Naming
from detente.case.value import Value, plain
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["COMPARE", "LEAST_SURE", "SAME", "WORD", "Number", "Question", "Questions"]

SAME = "same"
COMPARE, WORD = "compare.", "word."
"""How the ids of comparisons and of choices begin."""
LEAST_SURE = 0.5
_PARTS = ("low", "high", "best", "sure")


@dataclass(frozen=True)
class Question(Frozen):
    """Something to ask. about : the paths of the case file that it is about. options : the answers of a comparison or a choice;
    places : of the quantities among those of the case."""

    id: str
    kind: str
    text: str
    about: tuple[str, ...]
    options: tuple[str, ...] = ()
    places: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, object]:
        return {"id": self.id, "kind": self.kind, "text": self.text, "about": list(self.about)}


@dataclass(frozen=True)
class Number:
    """A number in four parts: with probability `sure` it lies from low to high."""

    low: Fraction
    best: Fraction
    high: Fraction
    sure: Fraction


class Questions:
    """The questions of a case. quantities : what is uncertain in it, without any answer."""

    def __init__(self, case: Case, quantities: Sequence[Quantity]) -> None:
        self.case, self.quantities = case, tuple(quantities)
        self._scales = dict[str, Mapping[str, Value]]()
        self.place = {q.name: n for n, q in enumerate(self.quantities)}
        order = {m: n for n, m in enumerate(case.measures)}
        self._values = sorted(
            (n for n, q in enumerate(self.quantities) if q.kind == "value"),
            key=lambda n: order[str(self.quantities[n].measure)],
        )

    def number(self, place: int) -> Question:
        q = self.quantities[place]
        span = f" The case has {_said(q.likely)}, from {_said(q.low)} to {_said(q.high)}." if q.low is not None else ""
        return Question(q.name, "number", f"{_asked(self.case, q)}{span}", (q.name,), places=(place,))

    def choice(self, place: int) -> Question | None:
        """None: the ranges of fewer than two words overlap its range."""
        q = self.quantities[place]
        if q.low is None or q.high is None:
            return None
        inside = {word: v for word, v in self.scale(q.kind).items() if v.low < q.high and v.high > q.low}
        options = tuple(sorted(inside, key=lambda word: inside[word].likely))
        if len(options) < 2:
            return None
        text = f"{_asked(self.case, q)} Which word fits: {', '.join(options)}?"
        return Question(f"{WORD}{q.name}", "choice", text, (q.name,), options, (place,))

    def scale(self, kind: str) -> Mapping[str, Value]:
        """The words for a kind of quantity, costs too, with what they stand for; none of what may be either gain or cost."""
        if kind not in self._scales:
            self._scales[kind] = _scale(self.case, kind)
        return self._scales[kind]

    def pairs(self, places: Sequence[int]) -> list[Question]:
        """The comparisons of these values with all others of the same party."""
        wanted, out = set(places), dict[str, Question]()
        for k, n in enumerate(self._values):
            for m in self._values[k + 1 :]:
                if self.quantities[n].party == self.quantities[m].party and wanted & {n, m}:
                    found = self._comparison(n, m)
                    out[found.id] = found
        return list(out.values())

    def calibration(self) -> list[Question]:
        return [
            Question(f"calibration[{n}]", "number", c.text, (f"calibration[{n}]",)) for n, c in enumerate(self.case.calibration)
        ]

    def named(self, name: str) -> Question:
        """The question of an id.

        Raises
        ------
        InputError
            If there is none.
        """
        found = self._named(name)
        if found is None:
            party, *two = name.removeprefix(COMPARE).split(".")
            other = f"{COMPARE}{'.'.join([party, *two[::-1]])}"  # the two in their other order
            close = f"did you mean {other!r}?" if self._named(other) else suggestion(name, list(self.place))
            wanted = f"wanted the id of a question about {self.case.case}"
            raise InputError(f"id: got {shown(name)}, {wanted}" + (f"; {close}" if close else ""))
        return found

    def _named(self, name: str) -> Question | None:
        if name in self.place:
            return self.number(self.place[name])
        if name.startswith(WORD) and name.removeprefix(WORD) in self.place:
            return self.choice(self.place[name.removeprefix(WORD)])
        if name.startswith("calibration["):
            return next((q for q in self.calibration() if q.id == name), None)
        if name.startswith(COMPARE) and name.count(".") == 3:
            _, party, *two = name.split(".")
            at = [self.place.get(f"measures.{m}.value.{party}") for m in two]
            if at[0] in self._values and at[1] in self._values and self._values.index(at[0]) < self._values.index(at[1]):
                return self._comparison(at[0], at[1])
        return None

    def _comparison(self, n: int, m: int) -> Question:
        one, other = self.quantities[n], self.quantities[m]
        case, party, a, b = self.case, str(one.party), str(one.measure), str(other.measure)
        name = Naming(case)
        it = name.agreeing(party, "it", "them")
        verb = f"costs {it} less" if max(float(x.high or 0) for x in (one, other)) <= 0 else f"is worth more to {it}"
        text = (
            f"{isolated(case.parties[party].name)}: which of the two {verb} {_each(case)}, while in force: "
            f"{case.measures[a].title} ({a}), or {case.measures[b].title} ({b})?"
        )
        return Question(f"{COMPARE}{party}.{a}.{b}", "comparison", text, (one.name, other.name), (a, b, SAME), (n, m))

    # -- answers -----------------------------------------------------------------------------------------------------------

    def read(self, question: Question, answer: Any) -> Number | str | None:
        """What an answer says: a number in four parts, an option, or None, that it cannot be said.

        Raises
        ------
        InputError
            If it is no answer to the question.
        """
        if answer is None:
            return None
        if question.kind != "number":
            if answer not in question.options:
                wanted = ", ".join(question.options)
                raise InputError(f"{question.id}: got {shown(answer)}, wanted one of {wanted}, or null: cannot be said")
            return str(answer)
        number = _number(question, answer)
        if question.places:
            _check(self.quantities[question.places[0]], number)
        return number


def _scale(case: Case, kind: str) -> Mapping[str, Value]:
    from detente.case.rough.entries import WORDS, entry_of
    from detente.case.rough.table import table

    words, key = dict[str, Value](), entry_of(kind, "").removesuffix("_")
    if case.rough is not None and key in WORDS:
        words = table(case.rough.table, case.phases.length, case.rough.changes).words(key)
    if kind in ("value", "once"):
        words |= case.grades
    known = {word: v for word, v in words.items() if v.likely != 0}
    costs = {f"-{word}": -v for word, v in known.items()} if kind in ("value", "once", "stalemate") else {}
    return {**known, **costs}


def _number(question: Question, answer: Any) -> Number:
    wrong = []
    if not isinstance(answer, Mapping) or set(answer) != set(_PARTS):
        keys = set(answer) if isinstance(answer, Mapping) else None
        if keys is None:
            got = shown(answer)
        elif lacking := [part for part in _PARTS if part not in keys]:
            got = f"nothing under {joined(lacking)}"
        else:
            got = f"the unknown keys {joined(sorted(map(shown, keys - set(_PARTS))))}"
        raise InputError(f"{question.id}: got {got}, wanted an object with low, high, best and sure, or null")
    found = dict[str, Fraction]()
    for part in _PARTS:
        try:
            found[part] = Value.of(answer[part]).likely if not isinstance(answer[part], str | list) else _none()
        except (ValueError, TypeError):
            wrong.append(f"{part}: got {shown(answer[part])}, wanted a number")
    if not wrong and not LEAST_SURE <= found["sure"] <= 1:
        wrong.append(
            f"sure: got {shown(answer['sure'])}, wanted a probability from 0.5 to 1: who is less sure widens the range"
        )
    if not wrong and not found["low"] <= found["best"] <= found["high"]:
        got = ", ".join(f"{part} {shown(answer[part])}" for part in ("low", "best", "high"))
        wrong.append(f"got {got}, wanted low <= best <= high")
    if wrong:
        raise InputError(f"{question.id}: {'; '.join(wrong)}")
    return Number(found["low"], found["best"], found["high"], found["sure"])


def _none() -> Fraction:
    raise ValueError


def _check(q: Quantity, number: Number) -> None:
    """Refuse what the quantity cannot be, as the case file would."""
    from pydantic import TypeAdapter, ValidationError

    from detente.case.block import Belief, Chance, Loss
    from detente.case.model import MeasureSpec

    kinds: dict[str, Any] = {"trust": Belief, "discount": Belief, "breakdown": Loss}
    kinds |= dict.fromkeys(("irreversible", "chance", "fails", "undoes"), Chance)
    if q.kind in ("lag", "signal"):
        field = MeasureSpec.model_fields[q.kind]
        kinds[q.kind] = Annotated[(field.annotation, *field.metadata)]
    if q.kind not in kinds:
        return
    try:
        TypeAdapter(kinds[q.kind]).validate_python([plain(x) for x in (number.low, number.best, number.high)])
    except ValidationError as err:
        said = err.errors(include_url=False)[0]["msg"]
        raise InputError(f"{q.name}: {said}") from None


def _said(x: Fraction | None) -> str:
    return f"{float(x or 0):.4g}"


def _each(case: Case) -> str:
    """How a phase is said in a question."""
    phase = case.phases.length.removeprefix("1 ")
    return f"per {phase}" if phase != case.phases.length else f"per phase of {phase}"


def _asked(case: Case, q: Quantity) -> str:
    """The question of a quantity."""
    each, name = _each(case), Naming(case)
    if q.kind == "trust" and q.party and q.toward:
        keeps = name.agreeing(q.toward, "keeps its word although it", "keep their word although they")
        return (
            f"How likely is it, to {name.party(q.party)}, that {name.party(q.toward)} {keeps} could gain by not (from 0 to 1)?"
        )
    party = f"{isolated(case.parties[q.party].name)}:" if q.party else ""
    own = f"in the units of {name.party(q.party)}" if q.party else ""
    it, does_it = name.agreeing(q.party, "it", "them"), name.agreeing(q.party, "does it", "do they")
    title = quoted(case.measures[q.measure].title) if q.measure else ""
    texts = {
        "value": f"{party} what is {title} worth to {it} {each}, while in force, {own} (a cost is below 0)?",
        "once": f"{party} what is {title} worth to {it} once, when it enters, {own} (a cost is below 0)?",
        "stalemate": f"{party} what is no deal worth to {it} {each}, {own} (below 0: it drifts for the worse)?",
        "breakdown": f"{party} what {does_it} lose once when the process collapses, {own} (at least 0)?",
        "discount": f"{party} how much does the next phase weigh for {it} against this one (from 0 to 1)?",
        "irreversible": f"If {title} is broken off, what share of its effect stays for good (from 0 to 1)?",
        "lag": f"After how many phases do the others know that {title} is not carried out (at least 1)?",
        "signal": f"How many times likelier does a sincere party take {title} than an insincere one (at least 1)?",
    }
    return texts[q.kind] if q.kind in texts else _chance(case, q, each)


def _chance(case: Case, q: Quantity, each: str) -> str:
    block, key, kind = str(q.path[0]), q.path[1], q.kind
    name = Naming(case)
    if block == "parties":
        party = isolated(case.parties[str(key)].name)
        if kind == "undoes":
            return f"{party}: how likely is it, {each}, that a government which opposes the agreement ends what is in force?"
        return f"{party}: how likely is it, at each change, that a government comes which opposes the agreement?"
    if block == "measures":
        need = case.measures[str(key)].needs[int(q.path[3])]
        return f"How likely is it that {need.by} agrees to {quoted(case.measures[str(key)].title)} when it is asked?"
    if block == "answers":
        said = case.answers[int(key)]
        held, missed = joined([quoted(name.title(m)) for m in said.holds]), quoted(name.title(said.if_))
        holds = name.agreeing(said.by, "holds", "hold")
        return f"How likely is it that {name.party(said.by)} {holds} back {held} when {missed} is missed?"
    risk = case.risks[int(key)]
    if kind == "fails":
        steps = [quoted(name.title(m)) for m in getattr(risk, "of", ())]
        are = "is" if len(steps) == 1 else "are each"
        return f"Risk {risk.id}: how likely is it that {joined(steps)} {are} meant and yet not carried out?"
    when = each if risk.kind == "shock" else "at all"
    return f"Risk {risk.id}: how likely is it, {when}?"
