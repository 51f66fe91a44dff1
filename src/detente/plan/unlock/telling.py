"""What unlocks a target, as text and tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from detente.base.parts import Part, Table, strong
from detente.base.words import amount, figure, joined, level_percent, number, quoted
from detente.case.case import Case
from detente.case.naming import Naming
from detente.plan.roadmap import Roadmap
from detente.plan.steps import numbered
from detente.plan.telling import dated, how_it_ended
from detente.plan.unlock.result import Changes, Option, Unlocked, acts
from detente.plan.unlock.target import Target

__all__ = ["named", "paid", "show_unlocked"]


def show_unlocked(found: Unlocked, case: Case) -> Iterator[Part]:
    """The answer in a sentence, the minimal sets with their costs, the roadmap of the first, or the smallest change."""
    naming = Naming(case)
    yield strong(_headline(found, naming))
    if found.answer == "supports":
        yield _options(found, naming)
        if len(found.options[0].cost) > 1:
            yield (
                "Costs of different parties are in different units. The list is sorted by their plain sum, which is no "
                "comparison: read it party by party."
            )
    if ended := how_it_ended(found.method):
        yield ended
    for line in _limits(found, naming):
        yield line
    for line in _changes(found.changes, found.target, naming) if found.changes is not None else ():
        yield line
    if found.plan is not None:
        yield _steps(found.plan.roadmap, found, case)
        rows = found.plan.certificate.rows
        yield strong(f"The roadmap holds: {rows} rows checked in exact arithmetic, the target and its phase among them.")


def named(supports: Sequence[str], naming: Naming) -> str:
    """Supports by their titles, inside a sentence."""
    title = {s.id: s.title for s in naming.case.supports}
    return joined([quoted(title[s]) for s in supports])


def paid(cost: Mapping[str, Fraction], naming: Naming) -> str:
    """Who bears what, in a sentence."""
    told = joined([f"{naming.party(i)} {amount(x)} {naming.pace.per}" for i, x in cost.items()])
    return f"It would cost {told} while it runs." if told else "It would cost no party of the case anything."


def _headline(found: Unlocked, naming: Naming) -> str:
    """The answer in a sentence."""
    title, when = found.target.title, f"phase {found.target.by} ({naming.case.phase_date(found.target.by)})"
    first = found.options[0] if found.options else None
    said = {
        "in_force": f"{title}: in force already.",
        "alone": f"{title}: comes by {when} without any deal, for the sake of those whose act it is.",
        "without": f"{title}: reached by {when} without any support"
        + ("" if first is None else f", in phase {first.reached}" if (first.reached or 0) >= 0 else "")
        + ".",
        "change": f"{title}: not reached by {when} with the supports of the case. The smallest change that would do:"
        if found.complete
        else f"{title}: whether the supports of the case suffice by {when} was not settled. A change that would do:",
        "none": f"{title}: not reached by {when}, neither with the supports of the case nor by a change of values or trust.",
        "open": f"{title}: whether it can be reached by {when} was not settled; allow more with --time-limit.",
    }
    if first is not None and found.answer == "supports":
        return f"{title}: reached by {when} with {named(first.supports, naming)}. {paid(first.cost, naming)}"
    return said[found.answer]


def _changes(changes: Changes, target: Target, naming: Naming) -> Iterator[str]:
    """The smallest changes, a sentence each."""
    top = f" On top of {named(changes.supports, naming)}." if changes.supports else ""
    for value in changes.values:
        told = " and ".join(f"{figure(x)} {naming.pace.per} to {naming.party(i)}" for i, x in value.worth.items())
        below = f" (proved impossible below {level_percent(value.bound)} of that; what lies between was not settled)"
        bound = "" if value.bound > 0.98 else below
        yield f"A guarantee or payment worth at least {told} while {target.title} is in force{bound}.{top}"
    if changes.no_value:
        yield f"No payment or guarantee would do, however large (tried up to 100 times a party's largest value).{top}"
    elif not changes.values:
        yield f"Whether a payment or guarantee would do was not settled.{top}"
    if changes.trust is not None:
        trust = changes.trust
        pairs = ", ".join(f"{naming.party(i)} in {naming.party(j)} {number(p)}" for (i, j), p in trust.trust.items())
        yield f"Or trust: all odds {figure(trust.factor)} times what they are ({pairs}).{top}"
    elif changes.no_trust:
        yield f"No trust, however high, would do.{top}"
    else:
        yield f"Whether more trust would do was not settled.{top}"


def _options(found: Unlocked, naming: Naming) -> Part:
    title = "Sets of supports that are enough (minimal: not enough without any part of one)"
    out = Table(title, "", "Supports", "Cost per phase", "Reached", "Minimal")
    for n, option in enumerate(found.options, 1):
        settled = "yes" if option.minimal else "not settled"
        when = _when(option.reached, naming.case)
        out.add(str(n), named(option.supports, naming), _cost(option, naming), when, settled)
    return out


def _cost(option: Option, naming: Naming) -> str:
    told = ", ".join(f"{naming.names[naming.place[i]]} {figure(x)}" for i, x in option.cost.items())
    worse = "" if option.undominated else " (another set costs nobody more, and some less)"
    return f"{told or 'nothing to any party of the case'}{worse}"


def _when(phase: int | None, case: Case) -> str:
    return "" if phase is None else "already" if phase < 0 else f"phase {phase}, {case.phase_date(phase)}"


def _limits(found: Unlocked, naming: Naming) -> Iterator[str]:
    """What was not settled."""
    if found.open and found.answer != "open":
        some = "; ".join(named(s, naming) or "no support" for s in found.open[:5])
        more = f" and {len(found.open) - 5} more" if len(found.open) > 5 else ""
        yield f"Not settled within the time: {some}{more}."
    if not found.complete and found.answer == "supports":
        yield "There may be other minimal sets; allow more with --most and --time-limit."
    if not found.cheapest and found.answer == "supports":
        yield "A set that was not settled may cost less."


def _steps(roadmap: Roadmap, found: Unlocked, case: Case) -> Part:
    assert found.plan is not None
    instance, out = found.plan.instance, Table("The roadmap", "Phase", "From", "By", "Step")
    wanted = set(found.options[0].measures) if found.options else set()
    kept = acts(roadmap)
    for step, *cells in dated((s for s in numbered(instance, roadmap) if s.measures[0] in kept), instance, case):
        out.add(*cells, step.title + (" (target)" if wanted.intersection(step.measures) else ""))
    return out
