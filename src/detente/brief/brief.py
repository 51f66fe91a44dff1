"""The brief: two pages for a principal and the annexes behind them, from a case, its diagnosis and its roadmap.

found = brief(load("us-dprk-2019"))
found.save("us-dprk-2019.html")
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.assess.result import Assessment
from detente.base.steps import step
from detente.brief.context import Context
from detente.brief.misses import misses
from detente.case.case import Case
from detente.case.draws import USUAL_DRAWS
from detente.compare.result import Comparison
from detente.diagnose.result import Diagnosis
from detente.forecast.result import Forecast
from detente.plan.result import Plan
from detente.plan.unlock.first import FirstWay
from detente.positions.result import Positions
from detente.prepare.contingency import Contingency, Preparation
from detente.record.account import Account

if TYPE_CHECKING:
    from detente.base.parts import Part
    from detente.recommend.result import Recommendation
    from detente.record.codes.actors import Actors
    from detente.record.trust.trust import TrustRecord
    from detente.solver.linear import Progress

__all__ = ["Brief", "brief", "check_party"]

_FEW = 200  # draws for each roadmap that stands beside the plan


@dataclass(frozen=True)
class Brief:
    """A case with what was found about it, ready to be read.

    case, plan, diagnosis, preparation, comparison, assessment : what the brief tells. The plan is the recommended roadmap with
        its alternatives, unless another one was asked for. Without a roadmap (`bool(plan)` is False) it tells why there is
        none.
    account : what has happened, if there is a record.
    positions : forecasts of the case's questions of positions; None without any.
    forecasts : of cooperation and conflict, where they were asked for.
    unlocked : a way to what the parties want most and the roadmap does not reach, if one is quickly seen.
    misses : what to do if the steps do not come that are likeliest to be the first, or weigh most (`brief.misses`).
    html : the page, one self-contained file; the same case and findings give the same bytes.
    """

    case: Case = field(repr=False)
    plan: Recommendation | Plan = field(repr=False)
    diagnosis: Diagnosis = field(repr=False)
    preparation: Preparation | None = field(default=None, repr=False)
    comparison: Comparison | None = field(default=None, repr=False)
    unlocked: FirstWay | None = field(default=None, repr=False)
    account: Account | None = field(default=None, repr=False)
    positions: Positions | None = field(default=None, repr=False)
    assessment: Assessment | None = field(default=None, repr=False)
    forecasts: tuple[Forecast, ...] = field(default=(), repr=False)
    misses: tuple[Contingency, ...] = field(default=(), repr=False)

    @property
    def _context(self) -> Context:
        return Context(
            self.case,
            self.plan,
            self.diagnosis,
            self.preparation,
            self.comparison,
            self.unlocked,
            self.account,
            self.positions,
            self.assessment,
            self.forecasts,
            self.misses,
        )

    @cached_property
    def html(self) -> str:
        from detente.brief.page import page

        return page(self._context)

    def summary(self, written: str = "", *, whole: bool = True) -> list[Part]:
        """The short form for a terminal; `written`: where the page went, if it was written; `whole`: with its annexes."""
        from detente.brief.terminal import summary

        return list(summary(self._context, written, whole=whole))

    def save(self, path: str | Path | None = None, *, annexes: bool = False, party: str | None = None) -> Path:
        """Write the page, whole or not at all; without `path` to ``<slug>.html``, or ``<slug>-<party>.html``, here.

        path : one that ends in .pdf becomes a PDF (the extra [pdf]), one in .docx a Word file ([word]): the same text and
        pictures, on sheets of A4, dated as the values are. The same brief gives the same bytes.
        party : the page as this party, by its id, may see it: without the numbers of the others (`brief.hiding`).
        annexes : on paper they are printed too, opened; else the two pages and a list of the annexes. On the screen the page is
        the same.

        Raises
        ------
        InputError
            If the case has no such party, or the extra is not installed.
        OutputError
            If the place cannot be written to.
        """
        from detente.base.atomic import write_atomic

        target = Path(path) if path is not None else Path(f"{self.case.case}{f'-{party}' if party else ''}.html")
        write_atomic(target, self.file(target, annexes=annexes, party=party))
        return target

    def file(self, name: str | Path, *, annexes: bool = False, party: str | None = None) -> str | bytes:
        """What `save` writes under a name. Raises as `save`."""
        from detente.brief.paper.kinds import is_paper, made

        check_party(self.case, party)
        plain = not annexes and party is None and not is_paper(name)
        return self.html if plain else made(self._context, name, annexes=annexes, party=party)

    def page(self, *, annexes: bool = False, party: str | None = None) -> str:
        """The page as `save` writes it. Raises as `save`."""
        return str(self.file("brief.html", annexes=annexes, party=party))

    def to_dict(self) -> dict[str, object]:
        """`case`, `diagnosis`, `plan`, `preparation`, `comparison`, `positions`, `record`, `assessment`, `forecasts`, `misses`:
        JSON.

        case : all of it
        diagnosis : all of it
        plan : the recommended one with its alternatives, or with `--likely` the best at the likely values alone; `plan.holds`
            says how sure it is, unless there were no draws
        preparation : for the events that the page tells; `null` without a roadmap
        comparison : with `--frontier`, of the named roadmaps and the stated orders, with less search
        assessment : without `method`, on the plays on which the named roadmaps were judged (with `--likely`, on fewer of its
            own); `null` without a roadmap → `detente assess`
        """
        return {
            "case": self.case.to_dict(),
            "diagnosis": self.diagnosis.to_dict(),
            "plan": self.plan.to_dict(),
            "preparation": None if self.preparation is None else self.preparation.to_dict(),
            "comparison": None if self.comparison is None else self.comparison.to_dict(),
            "positions": None if self.positions is None else self.positions.to_dict(),
            "record": None if self.account is None else self.account.to_dict(),
            "assessment": None if self.assessment is None else self.assessment.without_time(),
            "forecasts": [found.to_dict() for found in self.forecasts],
            "misses": [c.to_dict(self.plan.roadmap) for c in self.misses],
        }

    def _repr_html_(self) -> str:
        """In a notebook: the page in a frame of its own, which may run the script that sorts its tables, and nothing else."""
        from html import escape

        from detente.base.legible import escaped

        return (
            f'<iframe srcdoc="{escape(self.html)}" title="{escaped(self.case.title)}" sandbox="allow-scripts" '
            'width="100%" height="720"></iframe>'
        )


def check_party(case: Case, party: str | None) -> None:
    """That a case has a party of this id, if one is named.

    Raises
    ------
    InputError
        If it has not.
    """
    from detente.errors import InputError

    if party is not None and party not in case.parties:
        raise InputError(f"party: got {party!r}, wanted one of {', '.join(case.parties)}")


def brief(
    case: Case | str | Path,
    *,
    plan: Plan | None = None,
    likely: bool = False,
    diagnosis: Diagnosis | None = None,
    preparation: Preparation | None = None,
    comparison: Comparison | None = None,
    assessment: Assessment | None = None,
    objective: str = "nash",
    time_limit: float | None = None,
    draws: int = USUAL_DRAWS,
    seed: int = 0,
    workspace: str | Path | None = None,
    forecast_of: tuple[str, str] | None = None,
    actors: Actors | None = None,
    earned: TrustRecord | None = None,
    progress: Progress | None = None,
) -> Brief:
    """Diagnose and plan, where that has not been done, and put the findings together.

    Parameters
    ----------
    plan, diagnosis, preparation, comparison, assessment : findings about the same case, made before; what is missing is
        worked out. A plan of `dt.plan` is told as recommended, any other one as the roadmap that is asked about.
    likely : without a plan, take the best roadmap at the likely values, as if these were certain and all went well.
    objective, time_limit, progress : for a plan that is still to be made.
    draws, seed : count in so many draws of the uncertain values whether the roadmap holds, unless the plan says so already;
        0: leave it out. seed : also of the search for the recommended roadmap, and of the plays.
    workspace : the folder of a record of what has happened; None: the record that comes with the case, if one does.
    forecast_of : two parties of that record, by code: the coming months of what the first does towards the second.
    actors : who the actors of its events are, before the names that the case gives its parties.
    earned : the trust from the record, where the case starts from it.

    Raises
    ------
    InputError
        If one of the findings is about another case, or on a number of draws or a seed that means nothing.
    RecordError
        If the workspace holds no record, or the record cannot be read.
    CaseError
        If comparisons of the case contradict each other, or leave a value without bound, so that none can be drawn; or if a
        question of positions names a profile that there is not.
    """
    from detente.case.load import as_case

    case = as_case(case)
    from detente.errors import InputError

    about = {
        "plan": plan.instance.case if plan is not None else None,
        "diagnosis": diagnosis.case if diagnosis is not None else None,
        "preparation": preparation.instance.case if preparation is not None else None,
        "comparison": comparison.case if comparison is not None else None,
        "assessment": assessment.instance.case if assessment is not None else None,
    }
    for name, found in about.items():
        if found not in (None, case.case):
            raise InputError(f"the {name} is about case {found!r}, not {case.case!r}; give one for the same case")
    told = _account(case, workspace, actors, earned)
    coming = _forecasts(case, workspace, forecast_of, actors, seed)
    if draws:
        from detente.case.draws.draw import check_count, uncertainty

        check_count(draws, seed)
        uncertainty(case)  # a contradiction in the comparisons is told before the search, not after it
    asked = _positions(case)  # a profile that there is not is told before the search too
    from detente.recommend.result import Recommendation

    asked_for: dict[str, Any] = {"objective": objective, "time_limit": time_limit, "progress": progress}
    if plan is None and not likely:
        from detente.recommend.plan import plan as recommended

        plan = recommended(case, draws=draws or None, seed=seed, **asked_for)
    if diagnosis is None:
        from detente.diagnose.verdict import diagnose

        first = plan.at_likely if isinstance(plan, Recommendation) else plan
        step("diagnosing")
        diagnosis = diagnose(case, plan=first, **asked_for)
    plan = diagnosis.plan if plan is None else plan
    if plan is None:
        from detente.plan.solve import plan as make_plan

        plan = make_plan(case, **asked_for)
    if draws and plan.holds is None:
        from detente.plan.draws.robust import held

        step("counting the draws in which it holds")
        plan = held(case, plan, draws=draws, seed=seed)
    with ThreadPoolExecutor(2) as beside:  # solver and plays let the others go on; none of them asks the clock
        way = beside.submit(_unlocked, case, plan)
        played = None if assessment is not None or not plan else beside.submit(_assessed, case, plan, seed, draws)
        if preparation is None and plan:
            from detente.brief.parts.contingencies import EVENTS
            from detente.prepare.prepare import prepare

            step("asking what to do if a step is missed")
            preparation = prepare(case, plan, objective=plan.objective, only=EVENTS)
        if comparison is None:
            from detente.recommend.compare import compare

            few = min(draws, _FEW)
            step("setting roadmaps side by side")
            comparison = compare(case, plan=plan, objective=plan.objective, draws=few, seed=seed, pictures=True, thorough=False)
        step("playing strategies out")
    assessment = assessment if played is None else played.result()
    single = misses(case, plan, preparation, assessment)
    step("writing it down")
    return Brief(case, plan, diagnosis, preparation, comparison, way.result(), told, asked, assessment, coming, single)


def _assessed(case: Case, plan: Plan, seed: int, draws: int) -> Assessment:
    """What is ahead: on the plays on which the roadmap was recommended, if it was."""
    from detente.assess.assess import assess
    from detente.brief.parts.ahead import CROSSINGS, GRID, RUNS
    from detente.recommend.assess import followed, judging

    plays = judging(plan) or {"runs": RUNS, "seed": seed, "likely": not draws}
    return assess(case, crossings=CROSSINGS, grid=GRID, **plays, **followed(plan))


def _account(case: Case, workspace: str | Path | None, actors: Actors | None, earned: TrustRecord | None) -> Account | None:
    """What has happened. A bundled record is left out where the case does not say which party is which country."""
    from detente.record.account import account
    from detente.record.library import records

    named = sum(party.code is not None for party in case.parties.values())
    if workspace is None and (case.case not in records() or named < 2):
        return None
    return account(case, workspace, actors=actors, earned=earned)


def _forecasts(
    case: Case, workspace: str | Path | None, pair: tuple[str, str] | None, actors: Actors | None, seed: int
) -> tuple[Forecast, ...]:
    """Cooperation and conflict of a pair in the coming months, learnt from all pairs among the countries of the case."""
    from detente.errors import InputError

    if pair is None:
        return ()
    if workspace is None:
        raise InputError("forecast: wanted a record to forecast from (name its folder with --workspace)")
    from detente.forecast.forecast import forecast
    from detente.forecast.record import series_table
    from detente.record.codes.actors import Actors, actors_of

    who = (actors or Actors()).then(actors_of(case))
    among = {*pair, *(party.code for party in case.parties.values() if party.code)}
    return tuple(
        forecast(
            series_table(str(workspace), by="month", missing="zero", value=value, among=among, actors=who), pair, seed=seed
        )
        for value in ("cooperation", "conflict")
    )


def _positions(case: Case) -> Positions | None:
    """The forecasts of the case's questions of positions; None without any."""
    if not case.positions:
        return None
    from detente.positions.forecast import positions

    return positions(case)


def _unlocked(case: Case, plan: Plan) -> FirstWay | None:
    """What would unlock the measure that is missed most; None where nothing is missed, or nothing is quickly seen."""
    from detente.plan.unlock.first import first_way
    from detente.plan.unlock.target import Target, most_wanted

    wanted = most_wanted(case, plan.roadmap) if plan else None
    return None if wanted is None else first_way(case, Target.of(case, wanted), (plan.roadmap,))
