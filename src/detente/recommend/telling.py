"""A recommendation in sentences and tables: the roadmap itself, then the others, when to prefer them and at what price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.base.parts import Part, Table, quiet
from detente.base.wording import some
from detente.base.words import amount, count, figure, joined, percent, quoted
from detente.case.case import Case
from detente.case.naming import Naming
from detente.compare.telling import expected_gains
from detente.plan.telling import show_plan
from detente.recommend.late import LateStep
from detente.recommend.result import FRESH, RECOMMENDED, Alternative, Recommendation
from detente.recommend.wording import BY_CONDITION, certain

__all__ = [
    *("cost", "how_to_read", "late_step", "of_plays", "prices", "show_recommendation", "side_by_side"),
    "why",
]

_MISSED = {
    "reach": "No roadmap was found that carries out as many provisions as --reach asks for; this one comes closest.",
    "slack": "No roadmap was found in which every party can bear a late step as --slack asks; this one comes closest.",
}
PRICES_READ = (
    "The recommended one: the gain over no deal on average over plays, in each party’s own units, with its 95% interval. The "
    "others: so much more (+) or less (\u2212) than that, play by play on the same luck."
)


def show_recommendation(made: Recommendation, case: Case) -> Iterator[Part]:
    """What is recommended and why, its steps, reasons, values and certificate; then the alternatives."""
    chosen = made.alternatives.get(made.which) or made.alternatives.get(RECOMMENDED)
    if chosen is None:
        yield from show_plan(made, case)
        return
    naming, named = Naming(case), tuple(made.alternatives.values())
    yield from show_plan(made, case, headline=_headline(made, chosen), played=made.recommended is not None)
    if chosen.name == RECOMMENDED:
        yield why(chosen, naming)
    if chosen.late is not None:
        yield late_step(chosen.late, naming)
    yield side_by_side(named, naming, made.terms.draws if made.terms else 0)
    yield quiet(f"{how_to_read(case)} Demands: by their numbers in `detente diagnose {case.case}`.")
    yield prices(named, naming, made.instance.touched)
    yield quiet(PRICES_READ)
    for a in named:
        yield " ".join(filter(None, [f"{a.title} (--which {a.name}).", a.prefer, cost(a, naming, made.instance.touched)]))
    for asked in made.missed:
        yield _MISSED[asked]
    if made.unmet:
        yield f"The recommended roadmap does not meet the firm demand {some(made.unmet)}."


def _headline(made: Recommendation, chosen: Alternative) -> str:
    pace = f", {BY_CONDITION}" if chosen.by_condition else ""
    return f"{chosen.title}: {count(chosen.roadmap.length, 'step')}{pace}. Objective: {made.objective}."


def of_plays() -> str:
    """What the figures in plays are shares of."""
    return count(FRESH, "play")


def why(best: Alternative, naming: Naming) -> str:
    """Why the recommended one is recommended."""
    score = naming.of(_promised(best), "plan.alternatives", best.name, "score")
    collapse = naming.of(percent(best.collapse[0]), "plan.alternatives", best.name, "collapse.mean")
    return (
        f"Of all certified roadmaps found it does best: in {count(FRESH, 'simulated play')}, each with other luck and values, "
        f"it brings {score} of what was promised, on average, and collapses in {collapse}."
    )


def late_step(late: LateStep, naming: Naming) -> str:
    """What the single late step costs that costs most."""
    party, gain = naming.party(late.party), amount(late.gain)
    gains, ends = (naming.agreeing(late.party, *forms) for forms in (("gains", "gain"), ("ends", "end")))
    ends = f"still {gains} {gain}" if late.gain >= 0 else f"{ends} below no deal, by {gain}"
    what = f"{quoted(naming.title(late.measure))} by {naming.pace.span(late.phases)}"
    return f"If one step comes late, {what} costs most: {party} {ends}, if all else goes well."


def side_by_side(named: Sequence[Alternative], naming: Naming, draws: int) -> Table:
    """What may come of each; demands go by their place in the case, from 1. draws : in how many it was tried."""
    number_of = {d.id: str(n) for n, d in enumerate(naming.case.demands, start=1)}
    wider = next((figure(a.widened.by) for a in named if a.widened is not None and not certain(a)), "")
    drawn = (f"Holds, of {count(draws, 'draw')}", f"Ranges × {wider}") if wider else ()
    out = Table(
        "The roadmaps side by side",
        *("Roadmap", "Steps", "Of what was promised", "Collapses", *drawn, "Carried out", "Demands not met"),
    )
    for a in named:

        def of(shown: str, key: str, name: str = a.name) -> str:
            return naming.of(shown, "plan.alternatives", name, key)

        shares = ["", ""] if certain(a) or a.widened is None else [
            of(percent(a.holds), "holds"), of(percent(a.widened.share), "widened.holds")
        ]  # fmt: skip
        out.add(
            a.title,
            of(str(a.roadmap.length), "steps"),
            of(_promised(a), "score"),
            of(percent(a.collapse[0]), "collapse.mean"),
            *(shares if wider else ()),
            of(percent(a.reach), "reach"),
            joined([number_of[d] for d in a.given_up]) or "none",
        )
    return out


def _promised(a: Alternative) -> str:
    return percent(max(0.0, a.score[0]))


def how_to_read(case: Case) -> str:
    """What the columns of `side_by_side` say."""
    return (
        "Of what was promised: the mean over the parties, and over plays, of what a party gains, as a share of the most that "
        "any strategy would bring it if all were sincere and nothing went wrong. Collapses: share of plays. Holds: share of "
        "draws of the values in which every condition holds; beside it the same if every range is so many times as wide. "
        "Carried out: "
        f"{'signed provisions' if case.agreements else 'measures'}, on average over plays."
    )


def prices(named: Sequence[Alternative], naming: Naming, parties: Sequence[str]) -> Table:
    """What each of some parties may expect, and what another roadmap costs it."""
    rows = [
        (a.title, a.gain, True, ("plan.alternatives", a.name, "gain"))
        if a.name == RECOMMENDED
        else (a.title, a.gain_behind, False, ("plan.alternatives", a.name, "behind.gain"))
        for a in named
    ]
    return expected_gains(rows, naming, parties)


def cost(a: Alternative, naming: Naming, parties: Sequence[str]) -> str:
    """Who may expect less, and who more, than by the recommended roadmap, as far as the plays can tell."""
    if a.name == RECOMMENDED:
        return ""
    sure = {i: x for i, (x, se) in a.gain_behind.items() if abs(x) > 1.96 * se and i in parties}
    less = [f"{naming.party(i)} {amount(x)}" for i, x in sure.items() if x < 0]
    more = [f"{naming.party(i)} {amount(x)} more" for i, x in sure.items() if x > 0]
    parts = ([f"it costs {joined(less)}"] if less else []) + ([f"brings {joined(more)}"] if more and less else [])
    parts += [f"it brings {joined(more)}"] if more and not less else []
    told = joined(parts) or "it costs nobody anything that the plays could tell"
    return f"Against the recommended one {told}."
