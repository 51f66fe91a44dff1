"""Method and limits: how the roadmap was found and checked, and how far to trust the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version

from detente.base.words import as_written, count, full_date, number, percent
from detente.brief.context import Context
from detente.brief.parts.sure import share_held
from detente.case.rough.footing import roughness
from detente.recommend.telling import of_plays

__all__ = ["Method", "method"]

_OBJECTIVES = {
    "nash": "the product of the parties’ gains over no deal (the Nash product), which does not depend on their units",
    "sum": "the sum of the parties’ values, which takes their units to be comparable",
    "min": "the smallest of the parties’ gains over no deal, which takes their units to be comparable",
}
_EXPECTED = {
    "nash": "the product of what the parties may expect to gain over no deal, over everything that may come (the Nash product "
    "of the expected gains), which does not depend on their units",
    "sum": "the sum of what the parties may expect, over everything that may come, which takes their units to be comparable",
    "min": "the smallest of the gains over no deal that the parties may expect, over everything that may come, which takes "
    "their units to be comparable",
}

_RISKS = ("not part of this computation", "part of the plays, but of no condition")


@dataclass(frozen=True)
class Method:
    """Sentences for the page. `status`: how good the roadmap is known to be; `gains`: what it is worth, party by party."""

    chosen: str
    status: str
    checked: str
    gains: tuple[str, ...]
    horizon: str
    solver: str
    version: str
    as_of: str
    risks: str
    drawn: str


def method(context: Context) -> Method:
    """The section."""
    plan, certificate = context.plan, context.plan.certificate
    failing = len(certificate.broken)
    rows = context.of(f"{certificate.rows:,}", "plan.certificate.rows")
    checked = (
        f"{rows} conditions were recomputed for the roadmap from the decimals of the case, in exact "
        "arithmetic and by code that shares nothing with the search: "
        f"{'every one holds' if not failing else f'{failing:,} of them do not hold'}."
    )
    facts = plan.method or {}
    solver = str(facts.get("solver", ""))
    if facts.get("odds") == "rounded down to a grid":
        solver += ", trust rounded down to steps during the search, so that nothing is found that needs more of it"
    risks, pace = context.case.risks, context.pace
    return Method(
        chosen=(_OBJECTIVES if context.recommended is None else _EXPECTED).get(plan.objective, plan.objective),
        status=_status(context),
        checked=checked,
        gains=tuple(_gains(context)) if plan else (),
        horizon=f"{pace.span(context.instance.phases)} from {full_date(context.case.as_of)}, in phases of {pace.span(1)}",
        solver=solver,
        version=version("detente"),
        as_of=full_date(context.case.as_of),
        risks=f"The case names {count(len(risks), 'risk')} that no party plans; {'it is' if len(risks) == 1 else 'they are'} "
        f"{_RISKS[context.recommended is not None]}." if risks else "",
        drawn=" ".join(filter(None, (_drawn(context), roughness(context.case)))),
    )  # fmt: skip


def _drawn(context: Context) -> str:
    if share_held(context) is not None:
        return ""
    if context.plan and context.plan.holds is not None:
        return "No value of the case is given as a range, so there was nothing to draw."
    return "Only the likely values were used here: how often the result holds across the ranges has not been computed."


def _status(context: Context) -> str:
    plan = context.plan
    if context.recommended is not None:
        work = (plan.method or {})["recommend"]
        assert isinstance(work, Mapping)
        tried, plays = (context.of(f"{work[x]:,}", "plan.method.recommend", x) for x in ("tried", "plays"))
        return (
            f"It was found by search, in which {tried} roadmaps were played {plays} times in all, and judged on "
            f"{of_plays()} that the search had not seen. That none is better is not proved."
        )
    match plan.status:
        case "optimal":
            return "It is proved that no other roadmap does better by this measure."
        case "feasible" if plan.gap is not None:
            return f"The search ended before it was proved the best; another could do better by {percent(plan.gap)} at most."
        case "feasible":
            return "The search ended before it could be said how much better another could do."
        case _:
            return "No roadmap came out of the search."


def _gains(context: Context) -> list[str]:
    out, well = [], "" if context.recommended is None else " if all goes well"
    for i in context.case.parties:
        with_ = context.of(number(context.plan.value[i]), "plan.value", i)
        without = context.of(number(context.plan.no_deal[i]), "plan.no_deal", i)
        d = as_written(context.case.parties[i].discount.likely)
        out.append(
            f"{context.party(i)}: {with_} units with the roadmap{well} against {without} with no deal, all "
            f"later phases counted, each at {d} of the one before"
        )
    return out
