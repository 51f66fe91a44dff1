"""What is claimed about the planner's speed, to be run by anyone: python benchmarks/plan.py

Every size is planned with all rows on and the Nash product as the objective, each run in a process of its own, and compared
in the same run with the plain formulation (module `plain`) and with greedy pair-adding (module `plan.walk.pairs`).

    gap     share by which the geometric mean of the gains could at most be larger than the planner's
    short   share by which a method's geometric mean of the gains is smaller than the planner's (negative: it is larger)

Exit code: 0 where every target is met, 1 where one is not, 2 for arguments that mean nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cases import PROFILES
from report import growth, line, tables
from runs import Figures, Job, run

from detente.base.atomic import write_atomic

MEMORY = 4096.0  # megabytes, for every size
_SHARE = 0.9  # of a target's seconds is the time limit of planner and plain formulation: building and certifying take time too


@dataclass(frozen=True)
class Target:
    """What a size is to reach. gap: None asks for a certified roadmap with whatever gap; `asked` is then where it may stop."""

    seconds: float
    gap: float | None
    asked: float = 0.0

    def met(self, figures: Mapping[str, Any]) -> bool:
        gap = figures.get("gap")
        return (
            bool(figures.get("holds"))
            and figures["status"] in ("optimal", "feasible")
            and gap is not None
            and (self.gap is None or gap <= self.gap)
            and figures["seconds"] <= self.seconds
            and figures["memory"] < MEMORY
        )

    def __str__(self) -> str:
        gap = "any gap" if self.gap is None else "proved" if self.gap == 0 else f"{self.gap:.1%}"
        return f"{gap}, {self.seconds:g} s"


TARGETS = {
    (40, 12): Target(5, 0.0),
    (160, 24): Target(30, 0.001, 0.001),
    (600, 40): Target(120, 0.005, 0.005),
    (2000, 60): Target(600, None, 0.005),
}
OTHER_SIZES = Target(60, None)


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    about = {
        "python": platform.python_version(),
        "solver": f"HiGHS {version('highspy')}",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "load_at_start": round(os.getloadavg()[0], 2),
        "seeds": options.seed,
    }
    results: list[dict[str, Any]] = []
    for trust in options.trust:
        for size in options.sizes:
            for parties in options.parties:
                for seed in options.seed:
                    results.append(_case(size, parties, seed, trust, options.greedy_seconds, options.without))
                    print(line(results[-1]), file=sys.stderr, flush=True)
                    if options.out:
                        _write(options.out, about, results)
    print(tables(about, results))
    return 0 if all(r["met"] is not False for r in results) else 1


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="plan.py", description="Time the planner and compare it with plainer ways.")
    sizes = ",".join(f"{m}x{t}" for m, t in TARGETS)
    parser.add_argument("--sizes", type=_list(_size), default=_list(_size)(sizes), help=f"measures x phases; default {sizes}")
    parser.add_argument("--parties", type=_list(_at_least(2)), default=[2, 3], help="default 2,3")
    parser.add_argument("--seed", type=_list(_at_least(0)), default=[1], help="one or several; default 1")
    parser.add_argument("--trust", type=_list(_one_of(PROFILES)), default=["moderate"], help="moderate (default), low, or both")
    parser.add_argument(
        "--without", type=_list(_one_of(("plain", "greedy"))), default=[], help="leave out plain, greedy, or both"
    )
    parser.add_argument(
        "--greedy-seconds", type=_at_least(1), default=300, help="time limit of greedy pair-adding; default 300"
    )
    parser.add_argument("--out", type=Path, help="folder for plan.md, plan.json and growth.svg")
    parser.add_argument("--quick", action="store_true", help="a smoke test: 40x12 with two parties only")
    options = parser.parse_args(argv)
    if options.quick:
        options.sizes, options.parties = [(40, 12)], [2]
    return options


def _list(one: Any) -> Any:
    return lambda text: [one(part.strip()) for part in text.split(",")]


def _size(text: str) -> tuple[int, int]:
    measures, _, phases = text.partition("x")
    if not (measures.isdigit() and phases.isdigit() and int(measures) and int(phases)):
        raise argparse.ArgumentTypeError(f"{text!r}: wanted MEASURESxPHASES, such as 40x12")
    return int(measures), int(phases)


def _at_least(least: int) -> Any:
    def number(text: str) -> int:
        if not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r}: wanted a whole number of {least} or more")
        return int(text)

    return number


def _one_of(names: Sequence[str] | Mapping[str, object]) -> Any:
    def name(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(f"{text!r}: wanted one of {', '.join(names)}")
        return text

    return name


def _case(
    size: tuple[int, int], parties: int, seed: int, trust: str, greedy_seconds: float, without: Sequence[str]
) -> dict[str, Any]:
    """All methods on one case, with the ratios between them."""
    target = TARGETS.get(size, OTHER_SIZES)
    limit = target.seconds * _SHARE
    limits = {"plan": limit, "plain": limit, "greedy": greedy_seconds}
    figures = {
        method: run(Job(method, *size, parties, seed, trust, seconds, target.asked))
        for method, seconds in limits.items()
        if method not in without
    }
    plan = figures["plan"]
    return {
        "measures": size[0],
        "phases": size[1],
        "parties": parties,
        "seed": seed,
        "trust": trust,
        "target": str(target) if size in TARGETS else None,
        "limit": limit,
        "met": "error" not in plan and target.met(plan) if size in TARGETS else None,
        **figures,
        "ratios": {method: _ratios(plan, other, parties) for method, other in figures.items() if method != "plan"},
    }


def _ratios(plan: Mapping[str, Any], other: Mapping[str, Any], parties: int) -> Figures:
    """Another method's figures against the planner's; None where one of the two has none."""

    def ratio(key: str) -> float | None:
        return other[key] / plan[key] if other.get(key) and plan.get(key) else None

    short = None
    if other.get("value") is not None and plan.get("value") is not None:
        short = -math.expm1((other["value"] - plan["value"]) / parties)
    return {"seconds": ratio("seconds"), "nonzeros": ratio("nonzeros"), "short": short}


def _write(folder: Path, about: Mapping[str, object], results: Sequence[Mapping[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / "plan.json", json.dumps({"about": about, "results": results}, indent=1) + "\n")
    write_atomic(folder / "plan.md", tables(about, results) + "\n")
    write_atomic(folder / "growth.svg", growth(results))


if __name__ == "__main__":
    sys.exit(main())
