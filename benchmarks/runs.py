"""One run of one method on one case, in a process of its own, so that the peak of memory is that run's alone.

    python runs.py '{"method": "plan", "measures": 40, "phases": 12, ...}'     prints the figures as one line of JSON

Figures (all methods): seconds (wall clock; building included, drawing the case and starting Python not), cpu_seconds (fewer on
a busy machine), value (sum of logs of the gains, from exact values; null: no roadmap), holds (what the exact certificate says),
entered (measures that enter), memory (peak, in megabytes). By method also gap, status, nonzeros and the certificate's figures.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from cases import draw

from detente.case.instance import Instance
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import shortfall, welfare

__all__ = ["Job", "run"]

_BUILDABLE = 5_000_000  # non-zeros of the plain formulation beyond which it is not built
_PATIENCE = 3  # times the time limit, and a minute, until a run is given up

Figures = dict[str, object]


@dataclass(frozen=True)
class Job:
    """method: "plan", "plain" or "greedy". seconds: time limit. gap: share of the geometric mean at which it may stop."""

    method: str
    measures: int
    phases: int
    parties: int
    seed: int
    trust: str
    seconds: float
    gap: float


def run(job: Job) -> Figures:
    """The figures of a job, run in a fresh process; `error` in place of them where the process failed."""
    command = [sys.executable, str(Path(__file__).resolve()), json.dumps(asdict(job))]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE * job.seconds + 60)
    except subprocess.TimeoutExpired as late:
        return {"error": f"did not stop within {late.timeout:.0f} s"}
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]}
    figures: Figures = json.loads(done.stdout)
    return figures


def _work(job: Job) -> Figures:
    instance = draw(job.measures, job.phases, job.parties, job.seed, job.trust)
    figures = {"plan": _plan, "plain": _plain, "greedy": _greedy}[job.method](instance, job)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**figures, "memory": round(peak / (1024**2 if sys.platform == "darwin" else 1024))}


def _plan(instance: Instance, job: Job) -> Figures:
    from detente.plan.search.rows import Rows
    from detente.plan.solve import plan

    began = _clocks()
    result = plan(instance, time_limit=job.seconds, gap=job.gap, reasons=False)
    return {
        **_spent(began),
        "status": result.status,
        "nothing_because": result.nothing_because,
        "gap": result.gap,
        **_judged(instance, result.roadmap),
        "nonzeros": Rows(instance).programme.nonzeros,
    }


def _plain(instance: Instance, job: Job) -> Figures:
    from plain import Plain, dense_nonzeros

    from detente.plan.tables.effects import Effects

    nonzeros = dense_nonzeros(Effects(instance))
    if nonzeros > _BUILDABLE:
        return {"status": "not built", "nonzeros": nonzeros}
    began = _clocks()
    programme = Plain(instance)
    solved = programme.solve(job.seconds - (time.monotonic() - began[0]), job.gap)
    figures: Figures = {**_spent(began), "nonzeros": solved.nonzeros, "bound": _finite(solved.bound)}
    if solved.roadmap is None:
        return {**figures, "status": "none found", "gap": None, "value": None}
    gap = shortfall("nash", solved.value, solved.bound, len(instance.touched))
    status = "optimal" if gap <= max(job.gap, 1e-6) else "feasible"
    return {**figures, "status": status, "gap": _finite(gap), **_judged(instance, solved.roadmap)}


def _greedy(instance: Instance, job: Job) -> Figures:
    from detente.plan.walk.pairs import grow

    began = _clocks()
    grown = grow(instance, seconds=job.seconds)
    spent = _spent(began)
    status = "finished" if grown.finished else "out of time"
    return {**spent, "status": status, "additions": grown.additions, **_judged(instance, grown.roadmap)}


def _clocks() -> tuple[float, float]:
    return time.monotonic(), time.process_time()


def _spent(began: tuple[float, float]) -> Figures:
    wall, cpu = _clocks()
    return {"seconds": wall - began[0], "cpu_seconds": cpu - began[1]}


def _judged(instance: Instance, roadmap: Roadmap) -> Figures:
    """What the exact certificate says of a roadmap, and how long it took to say it."""
    began = time.monotonic()
    certificate = certify(instance, roadmap)
    seconds = time.monotonic() - began
    gaining, value = welfare("nash", certificate, instance)
    return {
        "value": value if gaining == len(instance.touched) else None,
        "holds": certificate.holds,
        "certificate_rows": certificate.rows,
        "certificate_seconds": seconds,
        "entered": sum(t is not None for t in roadmap.entry.values()),
    }


def _finite(x: float) -> float | None:
    return x if math.isfinite(x) else None


if __name__ == "__main__":
    print(json.dumps(_work(Job(**json.loads(sys.argv[1])))))
