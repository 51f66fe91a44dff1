"""Assessing with the roadmap that is recommended: planned first, then played beside all the others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.assess.assess import assess as played_out
from detente.base.steps import step

if TYPE_CHECKING:
    from detente.assess.result import Assessment
    from detente.case.case import Case
    from detente.plan.result import Plan

__all__ = ["assess", "followed", "judging"]


def assess(case: Case | str | Path, **options: Any) -> Assessment:
    """Play strategies out, the recommended roadmap first, and say what came of it.

    Parameters are those of `assess.assess`. With `likely`, a `roadmap` of one's own, or strategies that do not ask for it,
    nothing is recommended, and `plan` is the roadmap in question.

    Raises
    ------
    InputError
        As `assess.assess` and `recommend.plan`.
    """
    from detente.assess.assess import checked
    from detente.assess.strategies import PLAN, RECOMMENDED
    from detente.case.load import as_case
    from detente.recommend.plan import plan

    case = as_case(case)
    asked = tuple(options.get("strategies") or ())
    if options.get("likely") or options.get("roadmap") is not None or (asked and not {PLAN, RECOMMENDED} & set(asked)):
        return played_out(case, **options)
    numbers = ("runs", "seed", "cores", "crossings", "sensitivity")
    told = {k: options[k] for k in numbers if k in options}
    checked(case, asked, options.get("between"), recommended=True, **told)
    of_plan = ("objective", "time_limit", "profile", "cores", "widen", "progress")
    made = plan(case, reasons=False, **{k: options[k] for k in of_plan if k in options})
    step("playing strategies out")
    return played_out(case, **{**options, **followed(made)})


def followed(made: Plan) -> dict[str, Any]:
    """What of a plan `assess.assess` plays: the recommended roadmap beside the fastest; of any other plan its roadmap."""
    from detente.recommend.result import Recommendation

    best = made.recommended if isinstance(made, Recommendation) else None
    if not isinstance(made, Recommendation) or best is None:
        return {"roadmap": made.roadmap}
    return {"roadmap": made.fastest or made.roadmap, "recommended": (best.roadmap, best.by_condition)}


def judging(made: Plan) -> dict[str, Any]:
    """The plays on which a recommended roadmap was judged: assessed on these, it has the very figures that it was recommended
    with. Empty for any other plan."""
    from detente.recommend.recommend import fresh_seed
    from detente.recommend.result import FRESH, Recommendation

    terms = made.terms if isinstance(made, Recommendation) and made.recommended is not None else None
    if terms is None:
        return {}
    return {"runs": FRESH, "seed": fresh_seed(terms), "profile": terms.profile, "widen": terms.widen}
