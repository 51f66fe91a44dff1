"""Tables of actors for the tests of positions: drawn ones, a written one, and the model once more, slowly, by definition."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import strategies as st

from detente.positions.profile import PositionsProfile
from detente.positions.table import Issue, Row, Table, read_table

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "positions"
INVENTED = [
    ("North", 4, 80, 1.0), ("East", 4, 60, 3.0), ("Hills", 5, 50, 0.5), ("Midland", 7, 70, 1.0),
    ("Harbour", 7, 30, 0.5), ("West", 10, 90, 3.0), ("South", 10, 60, 2.0),
]  # fmt: skip


def data(name: str) -> Path:
    """A file of the data that lie beside the project, or a loud skip."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"POSITIONS DATA ABSENT: {name} is not in shared/data/positions beside the clone")
    return path


Rows = Sequence[tuple[str, float, float | None, float]]


def emission() -> Rows:
    """Ten actors on the delay of emission standards (Scholz, Calbert and Smith 2011, table 1), in the order of the file."""
    found = read_table(data("emission_1994.csv")).issues[0].rows
    return [(r.actor, r.position, r.salience, r.capability) for r in found]


def issue(rows: Rows, low: float = 0.0, high: float = 100.0, **more: object) -> Issue:
    """An issue from (actor, position, salience, capability)."""
    name = str(more.pop("id", "one"))
    given = {"proposal": name, "group": name, **more}
    return Issue(name, tuple(Row(*row) for row in rows), low, high, **given)  # type: ignore[arg-type]


def table(*issues: Issue) -> Table:
    return Table(issues, "drawn")


@st.composite
def rows(draw: st.DrawFn, least: int = 1, most: int = 8) -> list[tuple[str, float, float | None, float]]:
    """Actors on a scale from 0 to 100, with the odd ones: equal positions, both ends, no salience, unknown salience."""
    count = draw(st.integers(least, most))
    place = st.one_of(st.sampled_from([0.0, 100.0, 50.0]), st.integers(0, 100).map(float))
    care = st.one_of(st.none(), st.sampled_from([0.0, 100.0]), st.integers(0, 100).map(float))
    might = st.sampled_from([0.1, 0.5, 1.0, 2.0, 4.0])
    return [(f"a{n}", draw(place), draw(care), draw(might)) for n in range(count)]


PROFILE = PositionsProfile(
    "tried",
    {"capability": 0.42, "salience": 0.93, "top": 0.44, "relative": 0.32, "losing": 0.38},
    {
        "share": 0.21, "distance": 0.67, "end": 1.04, "end_polar": 0.98, "inner": 1.74,
        "normal_8": -0.27, "normal_16": -0.17, "normal_28": -0.19, "normal_polar": -0.44,
        "uniform": -0.37, "middle": -0.71, "middle_polar": -0.35,
    },
)  # fmt: skip  # the coefficients that the reference prints, without constants


def slow_weights(issues: Sequence[Issue], which: int, profile: PositionsProfile = PROFILE) -> list[float]:
    """The weights of one issue among those of its proposal, one actor after the other, from the definition."""
    here = issues[which]
    k = profile.weights

    def filled(one: Issue) -> dict[str, float]:
        known = [r.salience for r in one.rows if r.salience is not None]
        mean = sum(known) / len(known) if known else 50.0
        return {r.actor: mean if r.salience is None else r.salience for r in one.rows}

    together = [one for one in issues if one.proposal == here.proposal]
    losses: dict[str, float] = {}
    for r in here.rows:
        lost = []
        for one in together:
            if one is here:
                continue
            s = filled(one)
            pull = {q.actor: math.sqrt(q.capability) * s[q.actor] for q in one.rows}
            if not sum(pull.values()):
                pull = dict.fromkeys(pull, 1.0)
            m = sum(pull[q.actor] * q.position for q in one.rows) / sum(pull.values())
            lost += [s[q.actor] / 100 * abs(q.position - m) / 100 for q in one.rows if q.actor == r.actor]
        if lost:
            losses[r.actor] = sum(lost) / len(lost)
    mean_loss = sum(losses.values()) / len(losses) if losses else 0.0
    s = filled(here)
    raw = []
    for r in here.rows:
        S = max(s[r.actor], 5.0)
        value = k["capability"] * math.log(r.capability) + k["salience"] * math.log(S / 50)
        value += k["top"] * (s[r.actor] >= max(s.values()))
        if len(together) > 1:
            mine = [max(filled(one)[r.actor], 5.0) for one in together if r.actor in filled(one)]
            value += k["relative"] * math.log(S / (sum(mine) / len(mine)))
            value += k["losing"] * 5 * (losses[r.actor] - mean_loss) if r.actor in losses else 0.0
        raw.append(math.exp(value))
    return [v / sum(raw) for v in raw]


def slow_distribution(given: Rows, w: Sequence[float], h: Mapping[str, float] = PROFILE.mixture) -> list[float]:
    """P on 0..100 from positions and weights, component after component, from the definition."""
    grid = range(101)
    held = sorted({x for _, x, _, _ in given})
    low, high = held[0], held[-1]
    polar = all(p in (0, 100) for p in held)
    mu = sum(v * x for v, (_, x, _, _) in zip(w, given, strict=True))
    rounded = [1.0 if g % 10 == 0 else 0.6 if g % 5 == 0 else 0.12 for g in grid]
    parts: list[tuple[float, list[float]]] = []
    for p in held:
        share = sum(v for v, (_, x, _, _) in zip(w, given, strict=True) if x == p)
        far = sum(v * abs(x - p) for v, (_, x, _, _) in zip(w, given, strict=True))
        z = h["share"] * math.log(share + 0.03) - h["distance"] * far / 25
        z += (h["end"] + h["end_polar"] * polar) * (p in (0, 100)) + h["inner"] * (low < p < high)
        parts.append((z, [math.exp(-abs(g - p)) for g in grid]))
    for sd in (8, 16, 28):
        z = h[f"normal_{sd}"] + h["normal_polar"] * polar
        parts.append((z, [math.exp(-((g - mu) ** 2) / (2 * sd * sd)) * rounded[g] for g in grid]))
    parts.append((h["uniform"], [rounded[g] if low <= g <= high else 0.0 for g in grid]))
    middle = (low + high) / 2
    if middle not in held:
        parts.append((h["middle"] + h["middle_polar"] * polar, [math.exp(-abs(g - middle)) for g in grid]))
    total = sum(math.exp(z) for z, _ in parts)
    out = [0.0] * 101
    for z, f in parts:
        for g in grid:
            out[g] += math.exp(z) / total * f[g] / sum(f)
    return out


def as_csv(given: Rows) -> str:
    """The table as a file."""
    lines = ["actor,position,salience,capability"]
    lines += [f"{a},{x:g},{'' if s is None else f'{s:g}'},{c:g}" for a, x, s, c in given]
    return "\n".join(lines) + "\n"
