"""Détente: why parties who do not trust each other are stuck, and which reciprocal steps would hold.

    import detente as dt

    case = dt.load("us-dprk-2019")      a case: by slug, path, open file or plain data
    dt.cases()                          the bundled ones
    dt.diagnose(case)                   why it is stuck
    dt.graph(case)                      which states are stable, for whom, by which foresight
    plan = dt.plan(case)                what to do in which order, with its certificate
    dt.unlock(case, target)             what would make a target reachable
    dt.verify(case, plan.roadmap)       whether a roadmap holds
    dt.prepare(case)                    what to do on the day on which a step is missed
    dt.replan(case, status)             what to do from where things stand
    dt.positions(table)                 where a bargain among many actors is likely to end
    dt.compare(case)                    several roadmaps side by side
    dt.assess(case)                     what is ahead: strategies played out
    dt.brief(case)                      all of it as a page
    dt.forecast(table, unit, ...)       what is ahead of a series, beside the past score
    dt.backtest(table, ...)             how all models forecast it before
    dt.record("korea")                  what has happened: the record in a folder

Nothing heavy is imported before it is used. `plan`, `diagnose`, `compare`, `prepare`, `assess`, `record` and `brief` are
packages as well as verbs: each package can be called, and calls the function of its own name. So `dt.plan(case)` and `from
detente.plan.roadmap import Roadmap` go together, in whatever order things are imported.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import Signature, signature
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.assess.assess import assess
    from detente.assess.forecast.backtest import backtest
    from detente.assess.forecast.forecast import forecast
    from detente.assess.positions.forecast import positions
    from detente.brief.brief import brief
    from detente.case.library import cases
    from detente.case.load import load
    from detente.compare.compare import compare
    from detente.diagnose.graph.solve import graph
    from detente.diagnose.verdict import diagnose
    from detente.plan.solve import plan
    from detente.plan.unlock.unlock import unlock
    from detente.plan.verify import verify
    from detente.prepare.prepare import prepare
    from detente.prepare.replan import replan
    from detente.record.workspace import record

    __version__: str

__all__ = [
    "__version__",
    "assess",
    "backtest",
    "brief",
    "cases",
    "compare",
    "diagnose",
    "forecast",
    "graph",
    "load",
    "plan",
    "positions",
    "prepare",
    "record",
    "replan",
    "unlock",
    "verify",
]

_FUNCTIONS = {
    "backtest": "detente.assess.forecast.backtest",
    "cases": "detente.case.library",
    "forecast": "detente.assess.forecast.forecast",
    "graph": "detente.diagnose.graph.solve",
    "load": "detente.case.load",
    "positions": "detente.assess.positions.forecast",
    "replan": "detente.prepare.replan",
    "unlock": "detente.plan.unlock.unlock",
    "verify": "detente.plan.verify",
}
_VERBS = {
    "detente.assess": "assess",
    "detente.brief": "brief",
    "detente.compare": "compare",
    "detente.diagnose": "verdict",
    "detente.plan": "solve",
    "detente.prepare": "prepare",
    "detente.record": "workspace",
}


class _Verb(ModuleType):
    """A package that answers to its own name: called, it calls its function of that name."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self._function(*args, **options)

    @property
    def __signature__(self) -> Signature:
        return signature(self._function)

    @property
    def _function(self) -> Callable[..., Any]:
        module = import_module(f"{self.__name__}.{_VERBS[self.__name__]}")
        function: Callable[..., Any] = getattr(module, self.__name__.rpartition(".")[2])
        return function


for _name in _VERBS:
    import_module(_name).__class__ = _Verb


def __getattr__(name: str) -> Any:
    if name in _FUNCTIONS:
        return getattr(import_module(_FUNCTIONS[name]), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("detente")
    raise AttributeError(f"module 'detente' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
