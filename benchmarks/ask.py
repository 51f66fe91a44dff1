"""What asking in our order is worth, to be run by anyone: python benchmarks/ask.py [CASE ..] [--generated N] --out FOLDER

Experts are simulated. A hidden true world is drawn from ranges `TRUE_WIDER` times as wide as those of the case. The expert sees
every quantity with an error of its own, normal, with a standard deviation of `ERROR` of the half of the range; it states ranges
of 80 % that are `OVERCONFIDENT` times too narrow, and compares by what it sees, errors and all. Asked is

    ours       the question that saves most per minute, comparisons and words too, and on when nothing has to be asked
    random     a number at random
    widest     the number whose range is the widest, as a share of its likely value

Of each hidden world, after 0, 1, 2, 5, 10 and 20 answers, and after a number for every quantity (full elicitation):

    regret     the decision is the best candidate in `--judged` plays of each in the worlds that are believed in. It is then
               played in the true world, `--plays` plays of each candidate on the same luck. What a candidate brings there is
               averaged over the parties, each in shares of what the best candidate of that world brings it; where some party
               loses it counts as nothing at best, and as -1 at worst, as next to nothing makes a share of no bound. The regret
               is what the decision brings less than the best
    loss       what the decision brings less than the decision after full elicitation, in the same shares
    verdict    (p - y)^2: p the share of believed worlds in which every row of the decision holds, y whether it does in the true
               one (Brier); only where the decision is a roadmap
    minutes    of the answers, by the profile

The candidates stay the same throughout. A case is met if by 20 answers its mean loss over true worlds is at most 2 %. With each
difference between two orders goes its standard error over cases, and over true worlds in each case. Generated cases are in
words (`worded.py`), as a first case is; those in which no roadmap is found are passed over and counted.

`--by-fit` takes the fit for the truth and for the decision under answers: nothing is played, so that many more true worlds can
be tried. It tells the order of questions apart from how good the fit is.

`--next CASE` measures something else: what it takes until the next question stands there, once an answer was given. That is a
process of its own (`detente ask CASE --json`), so that all which is not kept is in it, held against one that reads the case and
tells of it (`detente case CASE --json`): CPU seconds of both, the median of `NEXT` runs, and their ratio, which hangs less on
the machine and on what else it does. The seconds by the wall are told with the load.

Each case is a task of its own, in one of `--jobs` processes; its figures are written to FOLDER/ask-cases and not worked out
again. No case is begun later than `--seconds` after the start: begin again with the same arguments for the rest.

Exit code: 0 where the median case is met, 1 where it is not or cases are left, 2 for arguments that mean nothing; with `--next`
0 where the next question takes at most `NEXT_SECONDS` by the wall, else 1.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spent import timed
from worded import vague_case

from detente.ask.answers import Answer
from detente.ask.candidates import gains_in
from detente.ask.doubt import decision_of, weights_of, willing
from detente.ask.profile import load_profile
from detente.ask.questions import Question
from detente.ask.session import Session, State
from detente.base.atomic import write_atomic
from detente.case.case import Case
from detente.case.draws.draw import uncertainty
from detente.case.draws.widen import stretched
from detente.case.library import slugs
from detente.case.load import load
from detente.errors import InputError

GENERATED, TRUTHS, PLAYS, JUDGED, WORLDS, FITTED = 20, 8, 1024, 512, 1024, 16384
AFTER = (0, 1, 2, 5, 10, 20)
TRUE_WIDER, ERROR, OVERCONFIDENT = 1.5, 0.3, 1.3
MET = 0.02
NEXT, NEXT_SECONDS = 3, 2.0
ORDERS = ("ours", "random", "widest")
FIGURES = ("regret", "loss", "verdict", "minutes")
_SEED = 20_261_128

Floats = NDArray[np.float64]


def main(argv: Sequence[str] | None = None) -> int:
    os.environ["DETENTE_CACHE"] = "off"  # what was found before is no measure of how long it takes to find it
    options = _options(argv)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        out = options.out or Path(folder)
        if options.next:
            return next_question(options.next, out / "ask-next")
        (out / "ask-cases").mkdir(parents=True, exist_ok=True)
        counts = {name: getattr(options, name) for name in ("truths", "plays", "judged", "worlds", "fitted")}
        if options.by_fit:
            counts |= {"plays": 0, "judged": 0}
        tasks, passed = _tasks(options.cases, options.generated, options.seed)
        found = _measured(tasks, out / "ask-cases", counts, options.jobs, began + options.seconds)
        told = table(found, passed, len(tasks), counts)
        print(told)
        if options.out:
            machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
            about = {
                "python": platform.python_version(),
                "machine": machine,
                "error": ERROR,
                "true_wider": TRUE_WIDER,
                **counts,
            }
            write_atomic(out / "ask.json", json.dumps({"about": about, "cases": found}, indent=1) + "\n")
            write_atomic(out / "ask.md", told + "\n")
    met = len(found) == len(tasks) and float(np.median([_mean(x, "loss", "ours")[-1] for x in found])) <= MET
    return 0 if met else 1


def next_question(name: str, folder: Path) -> int:
    """What it takes until the next question about a case stands there; the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    ask = ("ask", name, "--folder", str(folder), "--json")
    first, _, said = _timed(*ask)  # all is worked out and kept
    question = json.loads(said)["question"]
    if question is not None:
        (folder / "answer.json").write_text(
            json.dumps({"id": question["id"], "answer": None, "by": "anybody"}), encoding="utf-8"
        )
        _timed(*ask, "--answer", str(folder / "answer.json"))
    asked, read = ([_timed(*words) for _ in range(NEXT)] for words in (ask, ("case", name, "--json")))
    (cpu, wall), (other, _) = (np.median([x[:2] for x in runs], axis=0) for runs in (asked, read))
    load = os.getloadavg()[0]
    print(
        f"{name}: the next question after {cpu:.2f} s of CPU, {cpu / other:.1f} times what it takes to read the case and tell "
        f"of it ({other:.2f} s); {wall:.1f} s by the wall at a load of {load:.1f} on {os.cpu_count()} cores. The first took "
        f"{first:.1f} s of CPU, or less where it was there already."
    )
    return 0 if wall <= NEXT_SECONDS else 1


def _timed(*words: str) -> tuple[float, float, str]:
    """CPU seconds and seconds of a command, and what it printed."""
    cpu, wall, done = timed([sys.executable, "-c", "from detente.cli import main; main()", *words], check=True)
    return cpu, wall, done.stdout


def _measured(tasks: Sequence[str], folder: Path, counts: dict[str, int], jobs: int, until: float) -> list[dict[str, Any]]:
    """The figures of the cases, those that are there already from their files."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        waiting = [pool.submit(_one, name, str(folder), counts, until) for name in tasks]
        return [x for x in (w.result() for w in waiting) if x is not None]


def _one(name: str, folder: str, counts: dict[str, int], until: float) -> dict[str, Any] | None:
    """The figures of one case; None: it was not begun in time."""
    kept = Path(folder) / f"{name}.json"
    if kept.is_file() and (there := json.loads(kept.read_text(encoding="utf-8")))["counts"] == counts:
        return dict(there)
    if time.monotonic() > until:
        return None
    began = time.monotonic()
    found = {**measure(_case(name), Path(folder), counts), "counts": counts}
    write_atomic(kept, json.dumps(found) + "\n")
    print(_line(found), f"{time.monotonic() - began:.0f} s", flush=True)
    return found


def measure(case: Case, folder: Path, counts: dict[str, int]) -> dict[str, Any]:
    """The figures of one case, by true world and number of answers."""
    truths, worlds = counts["truths"], counts["worlds"]
    profile = load_profile().changed(plays=counts["fitted"], worlds=worlds, least_worlds=max(10, worlds // 10))
    session = Session(case, folder, profile=profile, cores=1)
    first = session.state([])
    truth, seen = _hidden(case, session, truths)
    figures = {f: {o: np.full((truths, len(AFTER)), np.nan) for o in ORDERS} for f in FIGURES}
    stops, full_regret = np.zeros((truths, 3)), np.zeros(truths)

    def decision(state: State) -> int:
        if not counts["judged"]:
            return state.doubt.decision
        return session.played_again(state, counts["judged"])[0]

    at_first = decision(first)
    for k in range(truths):
        expert = _Expert(session, seen[k])
        worth = _true_worth(session, truth[k], counts["plays"], k)
        every = [expert.answer(session.questions.number(n), n) for n in range(len(session.quantities))]
        full = decision(session.state(every, weigh=False))
        full_regret[k] = worth.max() - worth[full]
        for order in ORDERS:
            course = _asked(session, expert, order, k)
            for n, at in ((n, AFTER.index(n)) for n in AFTER):
                state, answers = course[n]
                c = at_first if not answers else decision(state)
                figures["regret"][order][k, at] = worth.max() - worth[c]
                figures["loss"][order][k, at] = worth[full] - worth[c]
                figures["minutes"][order][k, at] = _minutes(session, answers)
                believed, true = session.held(c, state.worlds), session.held(c, truth[k : k + 1])
                if believed is not None and true is not None:
                    figures["verdict"][order][k, at] = (believed.mean() - true[0]) ** 2
            if order == "ours":
                n, (state, answers) = next(((n, x) for n, x in course.items() if session.settled(x[0])), [*course.items()][-1])
                stops[k] = n, worth.max() - worth[decision(state)], _minutes(session, answers)
    return {
        "case": case.case,
        "quantities": len(session.quantities),
        "candidates": len(session.candidates),
        "in_doubt": first.doubt.regret,
        "holds": next((v.share for v in first.verdicts if v.name == "holds"), None),
        **{f: {o: _listed(x) for o, x in by.items()} for f, by in figures.items()},
        "full_regret": full_regret.tolist(),
        "stops": stops.tolist(),
    }


def _listed(x: Floats) -> list[list[float | None]]:
    return [[None if np.isnan(v) else float(f"{v:.6g}") for v in row] for row in x]


def _minutes(session: Session, answers: Sequence[Answer]) -> float:
    return float(sum(session.profile[f"minutes_{session.questions.named(a.id).kind}"] for a in answers))


def _asked(session: Session, expert: _Expert, order: str, k: int) -> dict[int, tuple[State, list[Answer]]]:
    """The state and the answers by how many they are: of ours all, of the others those that are told. Where there are fewer
    questions the last state stands for the rest."""
    course, answers, ours = dict[int, tuple[State, list[Answer]]](), list[Answer](), order == "ours"
    for n in range(max(AFTER) + 1):
        if ours or n in AFTER:
            state = session.state(answers, weigh=ours)
            course[n] = state, list(answers)
        question = _next(session, state, order, answers, k)
        if question is not None and n < max(AFTER):
            answers.append(expert.answer(question, len(answers)))
    return course


class _Expert:
    """Somebody who sees the true world with errors. seen : (Q,)."""

    def __init__(self, session: Session, seen: Floats) -> None:
        self.session, self.seen = session, seen

    def answer(self, question: Question, n: int = 0) -> Answer:
        session, x = self.session, self.seen
        if question.kind == "comparison":
            a, b = question.places
            return self._said(question, question.options[0 if x[a] >= x[b] else 1], n)
        place = question.places[0]
        if question.kind == "choice":
            word = session._words(question, x[place : place + 1])[0]
            return self._said(question, question.options[word], n)
        q = session.quantities[place]
        low, high = float(q.low or 0), float(q.high or 0)
        half = 1.2816 * ERROR * (high - low) / 2 / OVERCONFIDENT
        best = Fraction(f"{x[place]:.9g}")
        ends = stretched(q.kind, best - Fraction(half), best, best + Fraction(half), Fraction(1))
        least, most = _limits(q.kind)
        low, best_, high = (min(max(float(v), least), most) for v in (ends[0], best, ends[1]))
        if q.kind == "lag":
            low, best_, high = float(int(low)), float(round(best_)), float(-int(-high // 1))
        return self._said(question, {"low": low, "high": high, "best": best_, "sure": 0.8}, n)

    @staticmethod
    def _said(question: Question, answer: Any, n: int) -> Answer:
        if isinstance(answer, dict):
            answer = {k: float(f"{v:.9g}") for k, v in answer.items()}
        return Answer(question.id, answer, "expert", at=f"{n:06d}", line=n + 2)


def _limits(kind: str) -> tuple[float, float]:
    if kind in ("trust", "discount"):
        return 1e-6, 1 - 1e-6
    if kind in ("irreversible", "chance", "fails", "undoes"):
        return 0.0, 1.0
    return {"breakdown": (0.0, np.inf), "signal": (1.0, np.inf), "lag": (1.0, 1000.0)}.get(kind, (-np.inf, np.inf))


def _hidden(case: Case, session: Session, truths: int) -> tuple[Floats, Floats]:
    """True worlds, and what the expert sees of them, of shape (truths, Q)."""
    known = uncertainty(case, TRUE_WIDER)
    values = known.draw(truths, _SEED).values
    at = {q.name: n for n, q in enumerate(known.quantities)}
    true = values[:, [at[q.name] for q in session.quantities]]
    half = np.array([float((q.high or 0) - (q.low or 0)) / 2 for q in session.quantities])
    seen = true + np.random.default_rng(_SEED).normal(size=true.shape) * ERROR * half
    limits = np.array([_limits(q.kind) for q in session.quantities]).reshape(-1, 2)
    return true, np.clip(seen, limits[:, 0], limits[:, 1])


def _true_worth(session: Session, world: Floats, plays: int, k: int) -> Floats:
    """What each candidate brings in the true world, (C,), in shares of the best, from -1; without plays by the fit."""
    case, at = session.case, {q.name: n for n, q in enumerate(session.quantities)}
    if plays:
        values = np.tile(world[[at[q.name] for q in uncertainty(case).quantities]], (plays, 1))
        means = gains_in(case, session.candidates, values, session.plays, seed=_SEED + k).mean(axis=0)
    else:
        means = session.kept.played.surrogate.gains(world[None])[0]
    best = decision_of(case.instance, session.objective, means)
    worth = means @ weights_of(case.instance, session.objective, means, best)
    worth = np.where(willing(case.instance, means), worth, np.minimum(worth, 0.0))  # by which somebody loses: nothing at best
    return np.maximum(worth, -1.0)


def _next(session: Session, state: Any, order: str, answers: list[Answer], k: int) -> Question | None:
    if order == "ours":
        return state.scored[0].question if state.scored else None
    done = {a.id for a in answers}
    left = [n for n, q in enumerate(session.quantities) if q.name not in done]
    if not left:
        return None
    if order == "random":
        return session.questions.number(int(np.random.default_rng([_SEED, k, len(answers)]).choice(left)))

    def width(n: int) -> float:
        q = session.quantities[n]
        return float((q.high or 0) - (q.low or 0)) / max(1e-9, abs(float(q.likely)))

    return session.questions.number(max(left, key=width))


def _tasks(named: Sequence[str], generated: int, seed: int) -> tuple[list[str], int]:
    """The names of the cases, and how many generated ones were passed over because no roadmap is found. seed : the first."""
    from detente.recommend.plan import plan

    out, passed = list[str](), 0
    while len(out) < generated:
        if plan(load(vague_case(seed)), likely=True, reasons=False):
            out.append(f"vague-{seed}")
        else:
            passed += 1
        seed += 1
    return [*out, *named], passed


def _case(name: str) -> Case:
    return load(vague_case(int(name.removeprefix("vague-"))) if name.startswith("vague-") else name)


def _mean(x: dict[str, Any], figure: str, order: str) -> Floats:
    """Over true worlds, by number of answers."""
    values = np.array(x[figure][order], dtype=np.float64)
    known = ~np.isnan(values)
    return np.asarray(np.where(known, values, 0).sum(axis=0) / np.maximum(1, known.sum(axis=0)))


def _error(x: Floats) -> float:
    return float(x.std(ddof=1) / np.sqrt(len(x))) if len(x) > 1 else float("nan")


def _line(x: dict[str, Any]) -> str:
    told = [f"{o} {' '.join(f'{100 * v:.2f}' for v in _mean(x, 'regret', o))};" for o in ORDERS]
    verdict = [f"{o} {' '.join(f'{v:.3f}' for v in _mean(x, 'verdict', o))};" for o in ORDERS]
    stop = np.array(x["stops"]).mean(axis=0)
    return (
        f"{x['case']}: {x['quantities']} quantities, in doubt {100 * x['in_doubt']:.2f} %; regret {' '.join(told)} all "
        f"{100 * np.mean(x['full_regret']):.2f}; verdict {' '.join(verdict)} stops after {stop[0]:.1f} with {100 * stop[1]:.2f}"
    )


def table(found: Sequence[dict[str, Any]], passed: int, wanted: int, counts: dict[str, int]) -> str:
    """What was found, in Markdown: by case, and the differences between orders with their noise."""
    told = ", ".join(f"{value:,} {name}" for name, value in counts.items())
    lines = [f"{len(found)} of {wanted} cases ({told}); {passed} generated ones without a roadmap were passed over."]
    if not found:
        return lines[0]
    after = [f"after {n}" for n in AFTER]
    lines += ["", _row("case", "quantities", "in doubt", "holds in", "order", *after, "all", "loss after 20", "stops (regret)")]
    lines.append("|---" * (len(AFTER) + 8) + "|")
    for x in found:
        stop = np.array(x["stops"]).mean(axis=0)
        for o in ORDERS:
            holds = "" if x["holds"] is None else f"{100 * x['holds']:.0f} %"
            about = (x["case"], x["quantities"], f"{100 * x['in_doubt']:.1f}", holds) if o == "ours" else ("",) * 4
            cells = [f"{100 * v:.2f}" for v in _mean(x, "regret", o)]
            every = f"{100 * np.mean(x['full_regret']):.2f}" if o == "ours" else ""
            stops = f"{stop[0]:.1f} ({100 * stop[1]:.2f})" if o == "ours" else ""
            lines.append(_row(*about, o, *cells, every, f"{100 * _mean(x, 'loss', o)[-1]:.2f}", stops))
    for figure, unit in (("regret", 100.0), ("verdict", 1.0), ("minutes", 1.0)):
        lines += ["", _row(figure, *after), "|---" * (len(AFTER) + 1) + "|"]
        means = {o: np.array([_mean(x, figure, o) for x in found]) for o in ORDERS}
        digits = 2 if figure == "regret" else 3 if figure == "verdict" else 0
        for o in ORDERS:
            lines.append(_row(f"{o}, mean", *(f"{unit * v:.{digits}f}" for v in means[o].mean(axis=0))))
            lines.append(_row(f"{o}, median case", *(f"{unit * v:.{digits}f}" for v in np.median(means[o], axis=0))))
        for o in ORDERS[1:]:
            gap = means[o] - means["ours"]
            cells = [f"{unit * g.mean():.{digits}f} ± {unit * _error(g):.{digits}f}" for g in gap.T]
            lines.append(_row(f"{o} less ours, over cases", *cells))
    lines.append("")
    for o in ORDERS:
        at = [_mean(x, "loss", o)[-1] for x in found]
        lines.append(
            f"- {o}: after 20 answers the median case loses {100 * float(np.median(at)):.2f} % against full elicitation, "
            f"{sum(v > MET for v in at)} of {len(at)} cases lose more than {100 * MET:.0f} %"
        )
    for o in ORDERS[1:]:
        gap = np.array([_mean(x, "regret", o)[-1] - _mean(x, "regret", "ours")[-1] for x in found])
        lines.append(
            f"- after 20 answers ours is better than {o} in {(gap > 0).sum()} cases and worse in {(gap < 0).sum()}; the median "
            f"case differs by {100 * np.median(gap):.1f} %"
        )
    answers, regret, minutes = np.mean([np.mean(x["stops"], axis=0) for x in found], axis=0)
    lines.append(
        f"- ours stops after {answers:.0f} answers and {minutes:.0f} minutes, with a mean regret of {100 * regret:.0f} %"
    )
    lines.append(f"- after a number for everything the mean regret is {100 * np.mean([x['full_regret'] for x in found]):.0f} %")
    return "\n".join(lines)


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What asking in our order is worth.")
    parser.add_argument("cases", nargs="*", default=slugs())
    parser.add_argument("--generated", type=int, default=GENERATED)
    parser.add_argument("--seed", type=int, default=0, help="of the first generated case")
    parser.add_argument("--by-fit", action="store_true", help="take the fit for the truth: no plays")
    parser.add_argument("--truths", type=int, default=TRUTHS)
    parser.add_argument("--plays", type=int, default=PLAYS, help="of a candidate in a true world")
    parser.add_argument("--judged", type=int, default=JUDGED, help="plays of a candidate under answers")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="that are believed in")
    parser.add_argument("--fitted", type=int, default=FITTED, help="plays from which worth in a world is fitted")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="after which no case is begun")
    parser.add_argument("--next", metavar="CASE", help="how long the next question about this case takes, and nothing else")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(argv)
    if (
        min(options.truths, options.plays, options.jobs, options.judged, options.fitted) < 1
        or options.worlds < 100
        or min(options.generated, options.seed) < 0
    ):
        parser.error("wanted at least one truth, play and process, 100 worlds, and no fewer than 0 generated cases and seeds")
    try:
        for name in (*options.cases, *([options.next] if options.next else ())):
            load(name)
    except InputError as err:
        parser.error(str(err))
    return options


if __name__ == "__main__":
    sys.exit(main())
