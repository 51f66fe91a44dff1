"""Détente: why parties who do not trust each other are stuck, and which reciprocal steps would hold.

    import detente as dt

    case = dt.load("us-dprk-2019")      a case: by slug, path, open file or plain data
    dt.cases()                          the bundled ones
    dt.read("article.txt")              what a text says: claims with their place in it
    dt.diagnose(case)                   why it is stuck
    dt.concessions(case)                what is possible without giving way, what giving way would add
    dt.graph(case)                      which states are stable, for whom, by which foresight
    plan = dt.plan(case)                what to do in which order: recommended, with its certificate and the alternatives
    dt.plan(case, likely=True)          what would be best if all went well
    dt.unlock(case, target)             what would make a target reachable
    dt.verify(case, plan.roadmap)       whether a roadmap holds
    dt.whatif(case, plan.roadmap, ...)  which rows a change to it would break, or why it cannot be
    dt.prepare(case)                    what to do on the day on which a step is missed
    dt.replan(case, status)             what to do from where things stand
    dt.positions(table)                 where a bargain among many actors is likely to end
    dt.compare(case)                    several roadmaps side by side
    dt.assess(case)                     what is ahead: strategies played out
    dt.ask(case, folder)                which question would most lessen the doubt, what answers change
    dt.brief(case)                      all of it as a page
    dt.forecast(table, unit, ...)       what is ahead of a series, beside the past score
    dt.backtest(table, ...)             how all models forecast it before
    dt.record("korea")                  what has happened: the record in a folder

Nothing heavy is imported before it is used. Some of these functions share their name with the package they live in: as an
attribute of `detente` such a name is always the function, and what the package holds is an attribute of it. So `dt.plan(case)`,
`from detente.plan.roadmap import Roadmap` and `detente.plan.roadmap.Roadmap` go together, in any order of imports.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.ask.session import ask
    from detente.assess.assess import assess
    from detente.brief.brief import brief
    from detente.case.load import cases, load
    from detente.diagnose.concessions import concessions
    from detente.diagnose.verdict import diagnose
    from detente.forecast.backtest import backtest
    from detente.forecast.forecast import forecast
    from detente.graph.solve import graph
    from detente.plan.unlock.unlock import unlock
    from detente.plan.verify import verify
    from detente.plan.whatif import whatif
    from detente.positions.forecast import positions
    from detente.prepare.replan import replan
    from detente.read.read import read
    from detente.recommend.compare import compare
    from detente.recommend.plan import plan
    from detente.recommend.prepare import prepare
    from detente.record.workspace import record

    __version__: str

__all__ = [
    "__version__",
    "ask",
    "assess",
    "backtest",
    "brief",
    "cases",
    "compare",
    "concessions",
    "diagnose",
    "forecast",
    "graph",
    "load",
    "plan",
    "positions",
    "prepare",
    "read",
    "record",
    "replan",
    "unlock",
    "verify",
    "whatif",
]

_FUNCTIONS = {
    "ask": "detente.ask.session",
    "assess": "detente.recommend.assess",
    "backtest": "detente.forecast.backtest",
    "brief": "detente.brief.brief",
    "cases": "detente.case.load",
    "compare": "detente.recommend.compare",
    "concessions": "detente.diagnose.concessions",
    "diagnose": "detente.diagnose.verdict",
    "forecast": "detente.forecast.forecast",
    "graph": "detente.graph.solve",
    "load": "detente.case.load",
    "plan": "detente.recommend.plan",
    "positions": "detente.positions.forecast",
    "prepare": "detente.recommend.prepare",
    "read": "detente.read.read",
    "record": "detente.record.workspace",
    "replan": "detente.prepare.replan",
    "unlock": "detente.plan.unlock.unlock",
    "verify": "detente.plan.verify",
    "whatif": "detente.plan.whatif",
}


class _Function:
    """A name of the face: its function, whatever has been imported."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, face: ModuleType | None, owner: type) -> Any:
        if face is None:
            return self
        if self.name in vars(face):  # put there by somebody, a test perhaps
            return vars(face)[self.name]
        function = getattr(import_module(_FUNCTIONS[self.name]), self.name)
        package = sys.modules.get(f"detente.{self.name}")
        if package is not None and isinstance(function, FunctionType):
            function.__dict__ = vars(package)
        return function

    def __set__(self, face: ModuleType, value: Any) -> None:
        if value is not sys.modules.get(f"detente.{self.name}"):  # importing anything of a package sets it here
            vars(face)[self.name] = value

    def __delete__(self, face: ModuleType) -> None:
        del vars(face)[self.name]


sys.modules[__name__].__class__ = type("Face", (ModuleType,), {name: _Function(name) for name in _FUNCTIONS})


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("detente")
    raise AttributeError(f"module 'detente' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
