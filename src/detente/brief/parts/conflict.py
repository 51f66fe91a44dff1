"""What each side could do by itself: which outcomes would hold, and what holds them.

The conflict graph of the case (`graph`): the measures that the demands are about, with what they require, as choices
that each side can make and unmake. Two outcomes are shown beside today: of those that every side ranks above today, the one
that the least satisfied side ranks highest among the outcomes that hold by foresight (SEQ), and the same among those that hold
without any (Nash).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from detente.base.words import count, joined, quoted, sentence
from detente.brief.charts.conflict import Move, Spot, conflict_chart
from detente.brief.context import Context
from detente.errors import GraphError
from detente.graph.from_case import from_case
from detente.graph.outlook import better_for_all
from detente.graph.result import Graph
from detente.graph.sentences import improvements, witness
from detente.graph.solve import graph
from detente.graph.stability import for_all
from detente.graph.telling import Choice, choices

__all__ = ["Conflict", "conflict"]

MEDIUM, NARROW = 680.0, 340.0
MOST_COLUMNS = 3
MOST_STATES = 1 << 16  # beyond that the chapter would take longer than the rest of the page


@dataclass(frozen=True)
class Conflict:
    """The section.

    lead : paragraphs. heads : names of the outcomes. rows : the options. holds : for each outcome, how far it holds. medium,
    narrow : the picture; steps : its numbered sentences. caption : how it is read.
    """

    lead: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[Choice, ...]
    holds: tuple[str, ...]
    medium: Markup
    narrow: Markup
    steps: tuple[str, ...]
    caption: str
    note: str


def conflict(context: Context) -> Conflict | None:
    """The section; None where there are no choices to speak of, too many, or nothing that anybody would leave today for."""
    case = context.case
    try:
        found = graph(from_case(case))
    except GraphError:
        return None
    today = found.status_quo
    if not today or found.count > MOST_STATES or len(found.conflict.parties) < 2:
        return None
    return _Writer(context, found, today - 1).section()


class _Writer:
    def __init__(self, context: Context, found: Graph, today: int) -> None:
        self.context, self.found, self.today = context, found, today
        self.level = np.array([x.level for x in found.levels])
        self.names = [p.id for p in found.conflict.parties]
        self.places = [context.place[p] for p in self.names]
        self.concept = "seq"  # by which the second outcome holds

    def section(self) -> Conflict | None:
        better = np.isin(np.arange(self.found.count), better_for_all(self.found, self.today))
        movers = [i for i in range(len(self.names)) if not self.found.stable["nash"][i, self.today]]
        if not better.any() and not movers:
            return None
        held = {c: better & for_all(self.found.stable[c]) for c in ("seq", "gmr")}
        self.concept = "seq" if held["seq"].any() or not held["gmr"].any() else "gmr"
        foresight = self._best(held[self.concept])
        unaided = self._best(better & for_all(self.found.stable["nash"]))
        columns = [self.today, *(s for s in dict.fromkeys((unaided, foresight)) if s is not None)]
        heads = ["Today", *("Outcome A", "Outcome B")[: len(columns) - 1]]
        if len(columns) == 2:
            heads[1] = "The outcome"
        names = dict(zip(columns, heads, strict=True))
        start = self.today if movers or foresight is None else foresight
        chains = self._chains(start, names)
        drawn = self._picture(start, chains, names)
        return Conflict(
            tuple(self._lead(better, movers, names, unaided, foresight)),
            tuple(heads),
            tuple(replace(c, place=self.places[c.place]) for c in choices(self.found, [s + 1 for s in columns])),
            tuple(self._holds(s) for s in columns),
            *drawn,
            steps=tuple(text for chain in chains for _, _, text in chain),
            caption=self._caption(start, names),
            note=self._note(),
        )

    # Words

    def _lead(
        self,
        better: NDArray[np.bool_],
        movers: Sequence[int],
        names: dict[int, str],
        unaided: int | None,
        foresight: int | None,
    ) -> Iterator[str]:
        what = (
            "the measures that the demands are about, with what these require," if self.context.case.demands else "all measures"
        )
        yield (
            f"Here {what} are choices that each side can make, and unmake, by itself. They allow "
            f"{count(self.found.count, 'combination')}; each side ranks them by what they would be worth to it if they were "
            "kept for ever. Trust, delay and the order of steps play no part in this chapter."
        )
        if movers:
            who, own = self.context.parties([self.names[i] for i in movers]), "their"
            own = self.context.agreeing(self.names[movers[0]], "its", "their") if len(movers) == 1 else own
            yield f"Today's state does not hold by itself: {who} would gain by changing {own} own part of it."
        else:
            yield "Nobody gains by moving first: no side improves its lot by changing only its own part of today's state."
        many = int(better.sum())
        if not many:
            yield "No combination would be better for every side than today."
            return
        counts = {c: int((better & for_all(self.found.stable[c])).sum()) for c in ("nash", "seq", "gmr")}
        told = [
            f"Yet {'one combination' if many == 1 else count(many, 'combination')} would be better for every side than today."
        ]
        told.append(f"{_subject(counts['nash'], many)} hold of {'its' if many == 1 else 'their'} own accord.")
        if counts["seq"]:
            told.append(
                f"{_subject(counts['seq'], many)} hold if each side expected the others to answer where they gain by it: "
                "whoever took back its part would end no better off."
            )
        elif counts["gmr"]:
            told.append(
                f"{_subject(counts['gmr'], many)} hold only if each side feared answers that might hurt "
                "those who give them as well."
            )
        yield " ".join(told)
        chosen = [s for s in dict.fromkeys((unaided, foresight)) if s is not None]
        ranked = "that the least satisfied side ranks highest"
        parts = []
        if len(chosen) == 2:
            parts.append(f"{names[chosen[0]]} is the one of the former, {names[chosen[1]]} of the latter {ranked}.")
        elif chosen and many > 1:
            parts.append(f"{sentence(names[chosen[0]])} shown here is the one of these {ranked}.")
        if foresight is not None and foresight != unaided and not movers:
            parts.append(
                f"The picture shows what would tempt each side to leave {_inside(names[foresight])}, and the answer that makes "
                "leaving not worth while."
            )
        if parts:
            yield " ".join(parts)

    def _holds(self, state: int) -> str:
        for concept, how in (("nash", "by itself"), ("seq", "by the answers"), ("gmr", "by threats")):
            if self.found.stable[concept][:, state].all():
                return how
        return "no"

    def _caption(self, start: int, names: dict[int, str]) -> str:
        arrows = "every arrow is a move by which its mover gains"
        if self.concept == "gmr":
            arrows = "the first arrow is a move by which its mover gains, the next ones are answers that others could give"
        return (
            f"From {_inside(names[start])} downwards: {arrows}. A row of squares is a side's choices in the order of the "
            "table, full where it is taken; a ring marks what has just changed."
        )

    def _note(self) -> str:
        joint = any("@" in o.id for o in self.found.conflict.options)
        text = "Ranks follow the likely values of the case."
        if joint:
            text += " A joint measure is a choice of each of its parties, and is in force while all of them take part."
        silent = [spec.name for p, spec in self.context.case.parties.items() if p not in self.names]
        return text + (f" {joined(silent)} {'has' if len(silent) == 1 else 'have'} no choice here." if silent else "")

    def _told(self, party: int, before: int, after: int, *, bare: bool = False) -> str:
        """What a party changes by a move: "took back X"; `bare`: "take back X"."""
        back, ahead = ("take back", "go ahead with") if bare else ("took back", "went ahead with")
        done: list[str] = []
        undone: list[str] = []
        for o in self.found.conflict.parties[party].options:
            a, b = (bool(self.found.states[s] >> o & 1) for s in (before, after))
            if a != b:
                (done if b else undone).append(quoted(self._measure(o)))
        parts = [f"{back} {_few(undone)}"] if undone else []
        parts += [f"{ahead} {_few(done)}"] if done else []
        return " and ".join(parts)

    def _measure(self, option: int) -> str:
        measure = self.found.conflict.options[option].id.partition("@")[0]
        return self.context.case.measures[measure].title

    # What is shown

    def _best(self, among: NDArray[np.bool_]) -> int | None:
        """Of these states the one that the least satisfied party ranks highest, by the share of the states it ranks below."""
        chosen = np.flatnonzero(among)
        if not len(chosen):
            return None
        least = np.min([level[chosen] / max(1, int(level.max())) for level in self.level], axis=0)
        total = np.sum([level[chosen] / max(1, int(level.max())) for level in self.level], axis=0)
        return int(chosen[np.lexsort((-total, -least))[0]])

    def _chains(self, start: int, names: dict[int, str]) -> list[list[tuple[int, int, str]]]:
        """For each party that would leave the start: its best move and what the others answer, each with its sentence."""
        out: list[list[tuple[int, int, str]]] = []
        for i in range(len(self.names)):
            moves = improvements(self.found, i, start, False)
            if not moves or len(out) == MOST_COLUMNS:
                continue
            answer = witness(self.found, start, i, self.concept, moves[0])
            who = self.context.party(self.names[i])
            text = f"{sentence(who)} would gain most if {self._it(i)} {self._told(i, start, moves[0])}"
            chain = [(i, moves[0], text + ("." if answer else "; no answer of the others would undo that."))]
            before = moves[0]
            for k, (j, q) in enumerate(answer.steps if answer else ()):
                other = self.context.party(self.names[j])
                gain = self.concept == "seq"
                would = f"would gain if {self._it(j)}" if gain else "could"
                text = f"{'Then' if k == 0 else 'And then'} {other} {would} {self._told(j, before, q, bare=not gain)}"
                if answer and k == len(answer.steps) - 1:
                    same = self.level[i, q] == self.level[i, start]
                    lot = "no better off than before" if same else f"worse off than in {_inside(names[start])}"
                    text += f", and {who} would be {lot}"
                chain.append((j, q, f"{text}."))
                before = q
            out.append(chain)
        return out

    def _it(self, party: int) -> str:
        return self.context.agreeing(self.names[party], "it", "they")

    def _picture(
        self, start: int, chains: Sequence[Sequence[tuple[int, int, str]]], names: dict[int, str]
    ) -> tuple[Markup, Markup]:
        columns, number = [], 0
        for chain in chains:
            column, before = [], start
            for party, state, _ in chain:
                number += 1
                column.append(Move(number, self.places[party], self._spot(state, before, names)))
                before = state
            columns.append(column)
        title = f"Who would leave {_inside(names[start])}, and the answers"
        said = " ".join(text for chain in chains for _, _, text in chain) or "Nobody would."
        first = self._spot(start, start, names)
        made = [
            conflict_chart(f"conflict-{size}", first, columns, self.places, width, title=title, description=said)
            for size, width in (("medium", min(MEDIUM, 240.0 * max(2, len(columns)))), ("narrow", NARROW))
        ]
        return made[0], made[1]

    def _spot(self, state: int, before: int, names: dict[int, str]) -> Spot:
        value, old = int(self.found.states[state]), int(self.found.states[before])
        parties = self.found.conflict.parties
        taken = tuple(tuple(bool(value >> o & 1) for o in p.options) for p in parties)
        changed = tuple(tuple(bool((value ^ old) >> o & 1) for o in p.options) for p in parties)
        told = []
        for place, p in zip(self.places, parties, strict=True):
            titles = [self.found.conflict.options[o].title for o in p.options if value >> o & 1]
            told.append(f"{self.context.names[place]}: {', '.join(titles) or 'nothing'}")
        return Spot(names.get(state, ""), taken, changed, "; ".join(told))


def _subject(n: int, of: int) -> str:
    """Who would (not) hold: the number, the only one, all or none."""
    if of == 1:
        return "It would" if n else "It would not"
    return "None of them would" if not n else "All of them would" if n == of else f"{n:,} of them would"


def _few(titles: Sequence[str], most: int = 3) -> str:
    more = len(titles) - most
    return joined([*titles[:most], count(more, "other")] if more > 0 else list(titles))


def _inside(name: str) -> str:
    return name[0].lower() + name[1:] if name in ("Today", "The outcome") else name
