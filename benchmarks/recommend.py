"""What recommending in plays is worth, to be run by anyone: python benchmarks/recommend.py [CASE ..]

Without arguments: the bundled cases and three invented stand-offs beside this file, on which no setting was chosen.
For each case, in one run: the recommended roadmap, the plan at the likely values and the one that holds in 90 % of draws
(`--holds 0.9`), all on the same fresh plays, which no search has seen. Told are the scores, the differences of the recommended
one to each with their intervals (95 %, play by play), the same of what it is chosen by (the Nash product of expected gains, as
a logarithm), the counted work and the seconds of each. Where it is behind another in that, on fresh plays, by more than two
standard errors, that is a failure.

Exit code: 0 where it is nowhere behind, 1 where it is, 2 for arguments that mean nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from detente.assess.profile import load_profile
from detente.base.atomic import write_atomic
from detente.case.draws.draw import uncertainty
from detente.case.load import load
from detente.plan.solve import plan as at_likely_values
from detente.recommend.aim import Aim, error
from detente.recommend.plan import plan
from detente.recommend.plays import Plays

OWN = Path(__file__).parent / "standoffs"
CASES = (
    "us-dprk-2019",
    "supplier-dispute",
    "toy-exchange",
    *(str(OWN / f"{c}.yaml") for c in ("ceasefire", "river", "strike")),
)
PLAYS, FRESH_SEED = 65_536, 20_260_101

T = TypeVar("T")


def main(argv: Sequence[str] | None = None) -> int:
    os.environ["DETENTE_CACHE"] = "off"  # what was found before is no measure of how long it takes to find it
    options = _options(argv)
    found = [measure(case, options.plays, options.cores) for case in options.cases]
    about = {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "load_at_start": round(os.getloadavg()[0], 2),
    }
    print(table(found))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        write_atomic(options.out / "recommend.json", json.dumps({"about": about, "cases": found}, indent=1) + "\n")
        write_atomic(options.out / "recommend.md", table(found) + "\n")
    return 0 if all(x["met"] for x in found) else 1


def measure(name: str, plays: int, cores: int) -> dict[str, Any]:
    """The figures of one case."""
    case = load(name)
    likely, likely_seconds = _timed(lambda: at_likely_values(case, reasons=False))
    sure, sure_seconds = _timed(lambda: at_likely_values(case, reasons=False, holds=0.9))
    made, seconds = _timed(lambda: plan(case, reasons=False, cores=cores))
    roadmaps = [made.roadmap, likely.roadmap, sure.roadmap]
    known = uncertainty(case)
    fresh = Plays(case, load_profile("plain"), FRESH_SEED, known if known.quantities else None, cores=cores)
    paced = [made.alternatives["recommended"].by_condition, False, False]
    told = fresh.told(roadmaps, paced, likely.roadmap, plays)
    scores, aim, ahead = [t.score for t in told], Aim.of("nash", case.instance), {}
    for than, other in zip(("likely", "holds 0.9"), told[1:], strict=True):
        gap, z = told[0].score - other.score, aim.z(told[0].gain) - aim.z(other.gain)
        mean, reach = float(gap.mean()), 1.96 * error(gap)
        ahead[than] = {"score": mean, "interval": [mean - reach, mean + reach]}
        mean, reach = aim.rank(told[0].gain)[1] - aim.rank(other.gain)[1], 1.96 * error(z)
        ahead[than] |= {"objective": mean, "objective_interval": [mean - reach, mean + reach]}
    return {
        "case": case.case,
        "plays": plays,
        "scores": dict(zip(("recommended", "likely", "holds 0.9"), [float(s.mean()) for s in scores], strict=True)),
        "ahead": ahead,
        "seconds": {"recommended": seconds, "likely": likely_seconds, "holds 0.9": sure_seconds},
        "work": (made.method or {}).get("recommend"),
        "met": all(x["objective_interval"][1] > -1e-12 for x in ahead.values()),
    }


def _timed(do: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    return do(), time.perf_counter() - began


def table(found: Sequence[dict[str, Any]]) -> str:
    heads = ("case", "recommended", "likely", "holds 0.9", "ahead of likely", "ahead of holds 0.9", "plays searched", "seconds")
    lines = [f"| {' | '.join(heads)} | times likely |", f"|{' --- |' * (len(heads) + 1)}"]
    for x in found:
        s, seconds = x["scores"], x["seconds"]
        ahead = [
            f"{a['score']:+.3f} ({a['interval'][0]:+.3f} to {a['interval'][1]:+.3f}), product {a['objective']:+.2f}"
            for a in x["ahead"].values()
        ]
        figures = " | ".join(f"{s[k]:.3f}" for k in ("recommended", "likely", "holds 0.9"))
        times = seconds["recommended"] / seconds["likely"]
        work = f"{x['work']['plays']:,} | {seconds['recommended']:.1f} | {times:.1f}"
        lines.append(f"| {x['case']} | {figures} | {' | '.join(ahead)} | {work} |")
    return "\n".join(lines)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Recommended, likely and sure roadmaps on the same fresh plays.")
    parser.add_argument("cases", nargs="*", default=list(CASES), help="bundled cases or files")
    parser.add_argument("--plays", type=int, default=PLAYS, help="fresh plays")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="threads")
    parser.add_argument("--out", type=Path, help="a folder for recommend.json and recommend.md")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
