"""One play in plain Python, written from the definition in `detente.assess.process` and from model.md, sharing no code with
the kernel.

Sets, dictionaries and sums over measures; V, D, W and E by direct summation, D by trying every withholding time of every own
measure.
"""

from __future__ import annotations

import math
from typing import Any

from detente.case.alone import alone

MASK = 2**64 - 1
FAR = 30000
TYPE, GOVERNMENT, SHOCK, NOTICE, MEND, STRIKE, FAILS, LATE = range(8)
WORK, CLASS, CONSENT, DEMAND, READING, OPPOSE, FALL, ANSWER = range(8, 16)


def mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def u(seed: int, play: int, purpose: int, a: int, b: int) -> float:
    g = 0x9E3779B97F4A7C15
    key = mix((mix(seed) + (play + 1) * g) & MASK)
    c = (purpose << 40) + (a << 20) + b
    return (mix((key + (c + 1) * g) & MASK) >> 11) / 2**53


class Ended(Exception):  # noqa: N818
    pass


class Play:
    """A play of `case` under a profile; `entry`: the public schedule; `ladder`, `credit`: of a rule."""

    def __init__(
        self, case: Any, profile: Any, entry: Any, tolerate: int, ladder: Any, credit: Any, seed: int, play: int,
        ahead: bool = False, by_condition: bool = False,
    ) -> None:  # fmt: skip
        self.case, self.profile, self.it = case, profile, case.instance
        self.T = self.it.phases
        self.ms = {m.id: m for m in self.it.measures}
        self.place = {m: n for n, m in enumerate(self.ms)}
        self.ps = [p.id for p in self.it.parties]
        self.tolerate, self.ladder, self.credit = tolerate, ladder, credit
        self.seed, self.play = seed, play
        self.alone = alone(self.it)
        self.keeps = {m: self.alone.kept[n] for m, n in self.place.items()}
        self.ready = {m: self.alone.ready[n] for m, n in self.place.items() if self.alone.ready[n] is not None}
        self.acts = {i for m in self.ms.values() for i in m.actors}
        self.value = {i: {m.id: float(m.value.get(i, 0)) for m in self.ms.values()} for i in self.ps}
        self.d = {p.id: float(p.discount) for p in self.it.parties}
        self.after = {p.id: float(p.stalemate) / (1 - self.d[p.id]) - float(p.breakdown) for p in self.it.parties}
        self.early: set[str] = set()
        self.odds = {(p.id, j): float(x / (1 - x)) for p in self.it.parties for j, x in p.trust.items()}
        self.e: dict[str, int | None] = dict(entry)
        self.public = {m for m in self.ms if self.ms[m].in_force}
        self.up, self.was = set(self.public), set(self.public)
        self.since = dict.fromkeys(self.public, -1)
        self.missing: dict[str, int] = {}
        self.noticed: dict[str, int] = {}
        self.by: dict[str, str | None] = {}
        self.why: dict[str, str] = {}
        self.hold: dict[str, tuple[int, str, str]] = {}
        self.dropped: set[str] = set()
        self.late: dict[str, int] = {}
        self.back: set[str] = set()
        self.tried: set[str] = set()
        self.seen: set[str] = set()
        self.paused: set[str] = set()
        self.tolerated: dict[str, bool] = {}
        self.misses = dict.fromkeys(self.ps, 0)
        self.holding: set[str] = set()
        self.changed: set[str] = set()
        self.shocked: set[str] = set()
        self.entered = dict.fromkeys(self.public, -1)
        self.broken: dict[str, int] = {}
        self.first_missed: dict[str, tuple[str | None, str, int]] = {}
        self.first_late: dict[str, str] = {}
        self.late_for: dict[str, str] = {}
        self.late_in: int | None = None
        self.missed_in: int | None = None
        self.collapse: tuple[int, str] | None = None
        self.stop: tuple[int, str] | None = None
        self.kind = {i: self.drawn(i, 0) for i in self.ps}
        self.total = dict.fromkeys(self.ps, 0.0)
        self.stall: list[int] = []
        longest = {m.id: 0 if m.in_force else int(case.measures[m.whole].takes.high) for m in self.ms.values()}
        self.takes_time = {m for m, high in longest.items() if high}
        reckoned = set(self.ms) if ahead or ladder is not None else set(self.ready)
        self.lead = {m: x if m in reckoned else int(case.measures[self.ms[m].whole].takes.likely) for m, x in longest.items()}
        self.begun: dict[str, int] = {}
        self.works: set[str] = set()
        self.spent = dict.fromkeys(self.ps, 0.0)
        self.withheld_work: set[str] = set()
        self.t = 0
        self.way = self.under_way(self.e)
        self.given = {i for i in self.ps if self.gives(i, self.e)}
        self.ahead, self.by_condition = ahead, by_condition
        self.why_not = WhyNot(self)

    def u(self, purpose: int, a: int, b: int) -> float:
        return u(self.seed, self.play, purpose, a, b)

    def drawn(self, i: str, again: int) -> str:
        trust = [float(p.trust[i]) for p in self.it.parties if i in p.trust]
        mean = sum(math.log(p / (1 - p)) for p in trust) / len(trust) if trust else 0.0
        q, x = 1 / (1 + math.exp(-mean)), self.u(TYPE, self.ps.index(i), again)
        if x < q:
            return "sincere"
        return "opportunist" if x < q + (1 - q) * (1 - self.profile["spoilers"]) else "spoiler"

    # -- model.md, section 2, for a public schedule ---------------------------------------------------------------------------

    def entry_of(self, m: str, e: dict[str, int | None]) -> int | None:
        at = e[m]
        return None if at is None or at > self.ms[m].not_after else at

    def left(self, i: str, m: str) -> float:
        return self.value[i][m] if self.keeps[m] else self.share(i, m)

    def cost(self, i: str, m: str, x: float) -> bool:
        """Whether x is borne from the start of the work at m on."""
        return x < 0 and m in self.takes_time and i in self.ms[m].actors

    def start(self, m: str, e: int) -> int:
        """When the work at m, due in e, began, or will as things stand."""
        return self.begun.get(m, max(e - self.lead[m], min(self.t, e)))

    def worth(self, i: str, m: str) -> float:
        return float(self.ms[m].once.get(i, 0)) + self.value[i][m] / (1 - self.d[i])

    def started(self, i: str, m: str, t: int) -> float:
        """S: an act begun alone from t on; 0 for what is not taken alone."""
        u = self.alone.begun(self.place[m], t)
        return 0.0 if u is None else self.for_ever(i, m, u, u - self.lead[m], t)

    def for_ever(self, i: str, m: str, e: int, start: int, t: int) -> float:
        """Worth at t of a measure that enters in e and stays, its work since `start`."""
        return self.run(i, m, e, t, max(e, t) + 1, self.value[i][m], start)

    def share(self, i: str, m: str) -> float:
        return float(self.ms[m].irreversible) * self.value[i][m]

    def run(self, i: str, m: str, e: int, t: int, until: int, rest: float, start: int | None = None) -> float:
        """Worth at t of a measure that runs in t .. until - 1 and then falls to `rest` per phase; start : of its work."""
        d, v, k = self.d[i], self.value[i][m], float(self.ms[m].once.get(i, 0))
        begun = start if start is not None else e if m in self.public else self.start(m, e)
        flows, paid = (begun if self.cost(i, m, x) else e for x in (v, k))
        worth = sum(d ** (s - t) * (v * (s >= flows) + k * (s == paid and e >= 0)) for s in range(t, until))
        return worth + (d ** (until - t) / (1 - d) * rest if e < until else 0.0)

    def run_out(self, i: str, m: str, e: int | None, t: int, until: int) -> float:
        """The same of what runs until all is over, or begins alone after that."""
        if e is not None and m in self.ready and self.start(m, e) < until <= e:
            return self.for_ever(i, m, e, self.start(m, e), t)
        if e is not None and (e < until or m not in self.ready):
            return self.run(i, m, e, t, until, self.left(i, m))
        return self.d[i] ** (until - t) * self.started(i, m, until)

    def going_on(self, i: str, e: dict[str, int | None], t: int) -> float:
        far = self.T + 1
        return sum(self.run(i, m, x, t, far, self.value[i][m]) for m in self.ms if (x := self.entry_of(m, e)) is not None)

    def stepping_out(self, i: str, e: dict[str, int | None], t: int) -> float:
        return sum(self.run_out(i, m, self.entry_of(m, e), t, t) for m in self.ms) + self.after[i]

    def cheating(self, i: str, e: dict[str, int | None], t: int) -> tuple[float, int]:
        best: tuple[float, int] | None = None
        for length in range(1, max(self.it.lags(i), default=0) + 1):
            worth = self.d[i] ** length * self.after[i]
            for m, spec in self.ms.items():
                x, end = self.entry_of(m, e), t + length
                if i not in spec.actors:
                    worth += self.run_out(i, m, x, t, end)
                    continue
                start = t + max(0, length - spec.lag)
                if m in self.ready:
                    if x is not None and x < t:
                        worth += self.value[i][m] / (1 - self.d[i])
                        continue
                    starts = self.start(m, x) if x is not None else math.inf
                    begins = [(x, starts)] if x is not None and starts < end else []
                    if starts >= start:
                        begins += [(u, u - self.lead[m]) for u in [self.alone.begun(self.place[m], start)] if u is not None]
                    worth += self.for_ever(i, m, *min(begins), t) if begins else 0.0
                elif x is None:
                    continue
                elif self.keeps[m]:
                    kept = self.run(i, m, x, t, end, self.value[i][m])
                    worth += max(self.run(i, m, x, t, start, 0.0), kept) if start <= x else kept
                else:
                    worth += max(self.run(i, m, x, t, s, self.share(i, m)) for s in range(start, end + 1))
            if best is None or worth > best[0] + 1e-9:
                best = (worth, length)
        return best or (-math.inf, 0)

    def exposure(self, i: str, j: str, e: dict[str, int | None], t: int) -> float:
        worst = -math.inf
        for lag in {self.ms[m].lag for m, to in self.duties(j, e, t) if i in to}:
            left = self.d[i] ** lag * self.after[i]
            for m, spec in self.ms.items():
                left += self.run_out(i, m, self.entry_of(m, e), t, t if j in spec.actors else t + lag)
            worst = max(worst, self.stepping_out(i, e, t) - left)
        return worst

    def duties(self, j: str, e: dict[str, int | None], t: int) -> list[tuple[str, set[str]]]:
        """What j has to do in t, and to whom it matters."""
        out = []
        for m, spec in self.ms.items():
            if j not in spec.actors:
                continue
            x, once = self.entry_of(m, e), {i: float(spec.once.get(i, 0)) for i in self.ps}
            felt = {i for i in self.ps if float(self.it.measure[m].value.get(i, 0))}
            if m in self.ready:
                last = self.alone.last[self.place[m]]
                if (x is None or (x > self.ready[m] and t < self.start(m, x))) and t <= last - self.lead[m]:
                    base = self.it.measure[m].value
                    out.append((m, {i for i in self.ps if float(base.get(i, 0)) < 0 or once[i] < 0}))
                continue
            if x is not None and x >= 0 and t <= x:
                out.append((m, felt | {i for i in self.ps if once[i]}))
            if x is not None and x < t and not self.keeps[m] and spec.irreversible < 1 and felt:
                out.append((m, felt))
        return out

    def gives(self, i: str, e: dict[str, int | None]) -> bool:
        duties = [d for t in range(self.T + 1) for d in self.duties(i, e, t)]
        return any(m not in self.ready or to - {i} for m, to in duties)

    def under_way(self, e: dict[str, int | None]) -> bool:
        new = [m for m in self.ms if not self.it.measure[m].in_force and m not in self.ready]
        return any(m in self.was or e[m] is not None for m in new)

    def does_not_dare(self, i: str, e: dict[str, int | None], t: int) -> str | None:
        gain = self.going_on(i, e, t) - self.stepping_out(i, e, t)
        for j in self.ps:
            if j != i and j in self.acts and self.exposure(i, j, e, t) > self.odds[i, j] * gain + 1e-6:
                return j
        return None

    # -- the phase -------------------------------------------------------------------------------------------------------------

    def miss(self, ms: Any, t: int, whose: str | None, reason: str, of: int = -1) -> None:
        for m in ms:
            if self.missed_in in (None, t):
                self.missed_in = t
                self.first_missed.setdefault(m, (whose, reason, of))

    def falls(self, m: str, t: int) -> None:
        self.up.discard(m)
        self.broken.setdefault(m, t)

    def cut_off(self) -> None:
        again = True
        while again:
            again = False
            for m, spec in self.ms.items():
                if m in self.public or self.e[m] is None or m in self.noticed:
                    continue
                possible = all(
                    any(
                        n in self.public or self.e[n] is not None or n in self.noticed or self.why_not.may_return(n)
                        for n in q.any
                    )
                    for q in spec.requires
                )
                if not possible or self.e[m] > spec.not_after:  # type: ignore[operator]
                    self.e[m], again = None, True

    def blamed(self, m: str) -> list[str]:
        by = self.by[m]
        return [by] if by is not None else list(self.ms[m].actors)

    def possible(self, m: str, t: int, ready: set[str], *, excludes: bool = True, ahead: int = 0) -> bool:
        """Whether m can enter, so many phases after t."""
        spec = self.ms[m]
        for q in spec.requires:
            if not any(
                ((n in self.public or (ahead and (self.e[n] or 0) > t)) and self.e[n] + q.after <= t + ahead)  # type: ignore[operator]
                or (n in ready and q.after == 0)
                for n in q.any
            ):
                return False
        barred = any(n in self.public or (n in ready and self.place[n] < self.place[m]) for n in spec.excludes)
        return not (excludes and barred)

    def costly(self, i: str, m: str) -> bool:
        v = self.value[i][m]
        return v < 0 or (v == 0 and self.ms[m].once.get(i, 0) <= 0)

    def withhold(self, i: str, m: str, t: int, why: str) -> None:
        if m not in self.hold or t < self.hold[m][0]:
            self.hold[m] = (t, i, why)

    def withheld_from(self, i: str, m: str, t: int, length: int) -> list[int]:
        """From when on a cheat that is found out after so many phases withholds a measure; empty: it does not."""
        x = -1 if m in self.public else self.entry_of(m, self.e)
        first, end = t + max(0, length - self.ms[m].lag), t + length
        left = self.value[i][m] if self.keeps[m] else self.share(i, m)
        until = lambda s: self.run(i, m, x or 0, t, s, left)  # noqa: E731
        ahead = x is not None and first <= x
        if self.costly(i, m) and not self.keeps[m]:
            premium = ahead and (x or 0) < end and float(self.ms[m].once.get(i, 0)) > 0
            return [(x or 0) + 1] if premium and until((x or 0) + 1) > until(first) else [first]
        return [first] if ahead and until(end) < until(first) else []

    def begin_early(self, i: str, m: str, t: int, why: str) -> None:
        u, due = self.alone.begun(self.place[m], t), self.entry_of(m, self.e)
        touched = m in self.up | self.public | self.dropped | self.works or m in self.missing
        if u is not None and not touched and (due is None or (u < due and t <= due)):
            self.hold[m] = (u, i, why)
            self.early.add(m)

    def release(self, i: str) -> None:
        self.holding.discard(i)
        for m in [m for m, h in self.hold.items() if h[1] == i and m not in self.missing]:
            del self.hold[m]
            self.early.discard(m)

    def risks(self, t: int) -> bool:
        governments = [r for r in self.case.risks if r.kind == "government"]
        for g, r in enumerate(governments):
            if r.at == t and self.u(GOVERNMENT, g, 0) < float(r.chance.likely):
                for m, x in r.value.items():
                    for part in self.it.slices.get(m, (m,)):
                        self.value[r.party][part] = float(x.likely) / len(self.it.slices.get(m, (m,)))
                for j, p in r.trust.items():
                    self.odds[r.party, j] = float(p / (1 - p))
                self.changed.add(r.party)
                self.kind[r.party] = self.drawn(r.party, 1 + g)
                if self.kind[r.party] == "sincere":
                    self.release(r.party)
        struck = False
        for s, r in enumerate([r for r in self.case.risks if r.kind == "shock"]):
            if self.u(SHOCK, s, t) < float(r.chance.likely):
                struck = True
                self.shocked.add(r.by)
                for i in self.ps:
                    if (i, r.by) in self.odds:
                        self.odds[i, r.by] *= float(r.ratio)
        return struck

    def bayes(self, m: str) -> float:
        whole, g = self.ms[m].whole, float(self.ms[m].signal)
        held = 1.0
        for r in self.case.risks:
            if r.kind == "performance" and any(n.partition("/")[0] == whole for n in r.of):
                held *= 1 - float(r.fails.likely)
        f = 1 - held
        return 1.0 if f == 0 or g == 1 else f / (1 - (1 - f) / g)

    def times(self, j: str, factor: float) -> None:
        for i in self.ps:
            if (i, j) in self.odds:
                self.odds[i, j] *= factor

    def notice(self, t: int) -> None:
        new = []
        for m, g in self.missing.items():
            known = m in self.noticed or m in self.dropped or t < g + self.ms[m].lag
            if not known and self.u(NOTICE, self.place[m], t) >= self.profile["overlooked"]:
                new.append(m)
        for m in new:
            self.noticed[m] = t
            self.begun.pop(m, None)
            self.withheld_work.discard(m)
            if m in self.early:
                self.public.add(m)
                self.e[m] = self.missing[m]
                continue
            self.public.discard(m)
            self.e[m] = None
            for j in self.blamed(m):
                self.times(j, self.bayes(m))
            if m in self.seen:
                self.seen.discard(m)
                for j in self.ms[m].actors:
                    self.times(j, 1 / float(self.ms[m].signal))
        for j in {j for m in new for j in self.blamed(m)}:
            self.misses[j] += 1
        for m in sorted(new, key=self.place.__getitem__):
            whose = self.blamed(m)
            self.tolerated[m] = all(self.misses[j] <= self.tolerate for j in whose)
            if self.tolerated[m]:
                continue
            for n in list(self.up):
                spec = self.ms[n]
                costs = any(self.value[i][n] < 0 for i in spec.actors)
                pays = any(self.value[j][n] > 0 for j in whose)
                if (
                    self.since[n] >= self.missing[m]
                    and costs
                    and pays
                    and not set(spec.actors) & set(whose)
                    and spec.irreversible < 1
                ):
                    self.paused.add(n)
                    self.falls(n, t)

    def mend(self, t: int) -> None:
        for m in [m for m in self.ms if m in self.noticed and m not in self.dropped and self.noticed[m] < t]:
            by = self.by[m]
            if m in self.early:
                continue
            if (by is not None and self.kind[by] == "spoiler") or self.u(MEND, self.place[m], t) >= self.profile["mends"]:
                continue
            del self.noticed[m], self.missing[m]
            self.back.add(m)
            self.tried.add(m)
            self.e[m] = min(t, self.ms[m].not_after)
            if by is not None:
                self.release(by)
            if m in self.why_not.over or (t > self.ms[m].not_after and self.ms[m].not_after < self.T - 1):
                self.e[m] = None
                self.dropped.add(m)

    def patience(self, t: int) -> None:
        for m in [m for m in self.ms if m in self.noticed and m not in self.dropped]:
            if t >= self.noticed[m] + self.profile["patience"]:
                if self.tolerated[m]:
                    if m in self.early:
                        del self.missing[m]
                    else:
                        self.dropped.add(m)
                    del self.noticed[m]
                elif self.collapse is None:
                    over = any(j in self.changed for j in self.blamed(m))
                    self.collapse = (t, "government" if over else self.why[m])

    def pick(self, t: int) -> None:
        balance = {
            i: sum(
                self.value[i][m]
                for m in self.public
                if self.e[m] >= 0  # type: ignore[operator]
                and (i in self.ms[m].actors or (m in self.up and self.since[m] + self.ms[m].lag <= t))
            )
            + sum(self.value[i][m] for m in self.begun if self.cost(i, m, self.value[i][m]))
            for i in self.ps
        }
        asked: set[str] = set()
        for m in self.ladder:
            spec = self.ms[m]
            whose = spec.actors[0] if len(spec.actors) == 1 else "joint"
            if m in self.public or m in self.missing or m in self.dropped or self.e[m] is not None:
                continue
            at = t + self.lead[m]
            possible = spec.not_before <= at <= spec.not_after and self.possible(m, t, set(), ahead=self.lead[m])
            if whose in asked or not possible:
                continue
            asked.add(whose)
            if all(self.value[i][m] >= 0 or balance[i] + self.value[i][m] >= -self.credit[i] - 1e-12 for i in spec.actors):
                self.e[m] = at
                for i in spec.actors:
                    balance[i] += self.value[i][m]

    def decide(self, t: int) -> str | None:
        """The reason for which the phase is held back, if it is."""
        at = min(t, self.T)
        for m in self.ms:
            if m not in self.public and self.e[m] is not None and self.e[m] < t:  # type: ignore[operator]
                self.e[m] = min(t, self.ms[m].not_after) if m in self.back else t
        if self.ladder is None:
            self.cut_off()
        more = any(m not in self.public and self.e[m] is not None for m in self.ms)
        due = {
            m for m in self.ms if m not in self.public and m not in self.missing and self.e[m] is not None and self.e[m] <= t
        }  # type: ignore[operator]
        e, still = dict(self.e), {m: self.e[m] if m in self.public else None for m in self.ms}
        held: str | None = None
        self.way = self.under_way(e)
        if self.under_way(e):
            self.given |= {i for i in self.ps if self.gives(i, e)}
        for i in self.ps:
            if not self.under_way(e) or i not in self.given or i in self.holding:
                continue
            if self.kind[i] == "opportunist":
                v, out = self.going_on(i, e, at), self.stepping_out(i, e, at)
                worth, length = self.cheating(i, e, at)
                if max(worth, out) > v + 1e-6:
                    if worth >= out - 1e-6:
                        self.holding.add(i)
                        for m, spec in self.ms.items():
                            if i in spec.actors and m in self.ready:
                                self.begin_early(i, m, t + max(0, length - spec.lag), "cheating")
                            elif i in spec.actors:
                                for s in self.withheld_from(i, m, t, length):
                                    self.withhold(i, m, s, "cheating")
                    elif self.collapse is None:
                        self.collapse = (t, "government" if i in self.changed else "leaving")
                        self.miss([m for m in due if i in self.ms[m].actors], t, i, self.collapse[1])
                    continue
            if self.kind[i] == "spoiler":
                continue
            j = self.does_not_dare(i, e, at)
            if j is None:
                continue
            reason = "government" if {i, j} & self.changed else "shock" if j in self.shocked else "distrust"
            if self.under_way(still) and self.does_not_dare(i, still, at) is not None:
                if self.collapse is None:
                    self.collapse = (t, reason)
            elif self.ladder is not None:
                for m in [m for m in self.ms if self.to_come(m) and e[m] is not None]:
                    picked = e[m] - self.lead[m] == t and m not in self.begun  # type: ignore[operator]
                    if i in self.ms[m].actors and picked and m not in self.late and m not in self.back:
                        self.e[m] = None
                continue
            elif more and held is None:
                held = reason
            self.miss([m for m in due if i in self.ms[m].actors], t, i, reason)
        return held

    def enter(self, t: int, waiting: bool) -> None:
        ready = {
            m
            for m, spec in self.ms.items()
            if self.to_come(m) and self.e[m] is not None
            and self.e[m] <= t and spec.not_before <= t  # type: ignore[operator]
            and (t <= spec.not_after or m in self.back) and (t < self.T or m in self.back)
            and (not waiting or m in self.back or m in self.late) and not self.why_not.holds_back(m, t)
        }  # fmt: skip
        self.public |= {m for m in self.early & self.up if self.e[m] is not None and self.e[m] <= t}  # type: ignore[operator]
        again = True
        while again:
            again = False
            for m in self.ms:
                if m in ready and not self.possible(m, t, ready):
                    ready.discard(m)
                    again = True
        if not self.why_not.active:
            for m in [m for m in self.ms if m in ready]:
                self.perform(m, t)
        put_off: set[str] = set()
        while self.why_not.active and ready:  # first what waits for nothing that has still to enter
            first = [m for m in self.ms if m in ready and self.possible(m, t, put_off, excludes=False)]
            m = first[0] if first else next(m for m in self.ms if m in ready)
            self.perform(m, t)
            ready.discard(m)
            put_off |= {m} if self.late.get(m) == t and self.late_for[m] == "risk" else set()
            while lost := {m for m in ready if not self.possible(m, t, ready | put_off, excludes=False)}:
                ready -= lost
        if self.ladder is not None:
            for m in self.ms:
                if self.to_come(m) and m not in self.ready and (self.e[m] or 0) <= t:
                    self.e[m] = None

    def perform(self, m: str, t: int) -> None:
        """Step m is ready."""
        spec, performance = self.ms[m], [r for r in self.case.risks if r.kind == "performance"]
        whole = list(self.it.slices).index(spec.whole)
        failed, withheld = False, m in self.hold and self.hold[m][0] <= t and m not in self.early
        if not withheld and m not in self.tried:
            by = 0
            for q, r in enumerate(performance):
                if spec.whole in r.of or m in r.of:
                    if self.u(FAILS, q, whole) < float(r.fails.likely):
                        failed = True
                    elif r.late is not None:
                        by = max(by, self.rounded(r.late, self.u(LATE, q, whole)))
            if m in self.takes_time - self.was and not failed and m not in self.early and m not in self.begun:
                self.begun[m] = t
                self.set_to_work(m, t)
            work = 0 if failed else self.why_not.work(m, t)
            if not failed and max(by, work) > 0:
                self.tried.add(m)
                self.e[m], self.late[m] = min(t + max(by, work), FAR - 1), t
                self.late_for[m] = "work" if work > by else "risk"
                if self.late_in in (None, t):
                    self.late_in = t
                    self.first_late.setdefault(m, self.late_for[m])
                return
        if not withheld and self.why_not.refuses(m, t):
            return
        self.tried.add(m)
        self.public.add(m)
        self.e[m] = min(t, spec.not_after)
        self.why_not.comes(m)
        self.begun.pop(m, None)
        if m in self.withheld_work:
            self.withheld_work.discard(m)
            return
        if withheld or failed:
            self.works.discard(m)
            self.missing[m] = t
            self.by[m], self.why[m] = self.hold[m][1:] if withheld else (None, "failure")
            self.miss([m], t, self.by[m], self.why[m])
            return
        self.up.add(m)
        self.back.discard(m)
        self.late.pop(m, None)
        self.early.discard(m)
        self.comes(m, t)

    def comes(self, m: str, t: int) -> None:
        self.since[m] = t
        if m not in self.was:
            self.was.add(m)
            for i in self.ps:
                k = float(self.ms[m].once.get(i, 0))
                self.total[i] += 0.0 if m in self.works and self.cost(i, m, k) else self.d[i] ** t * k
        self.works.discard(m)
        self.entered.setdefault(m, t)

    def to_come(self, m: str) -> bool:
        """Whether m, as far as is known, has still to enter."""
        return m not in self.public | self.dropped and (m not in self.missing or m in self.withheld_work)

    def set_to_work(self, m: str, t: int) -> None:
        self.works.add(m)
        for i in self.ms[m].actors:
            self.total[i] += (paid := self.d[i] ** t * min(0.0, float(self.ms[m].once.get(i, 0))))
            self.spent[i] += 0.0 if m in self.ready else paid

    def withhold_work(self, m: str, t: int) -> None:
        self.works.discard(m)
        self.withheld_work.add(m)
        self.missing[m], self.by[m], self.why[m] = t, *self.hold[m][1:]
        self.miss([m], t, self.by[m], self.why[m])

    def work(self, t: int, stands: bool) -> None:
        """Work stops and begins. stands : the others wait, or do not dare."""
        for m in [m for m in self.ms if m in self.takes_time]:
            here = m not in self.missing and m not in self.dropped and m not in self.was
            withheld = m in self.hold and m not in self.early and self.hold[m][0] <= t
            if m in self.early and here and self.hold[m][0] - self.lead[m] <= t and m not in self.works:
                self.set_to_work(m, t)
            if m in self.works and withheld:
                self.withhold_work(m, t)
                continue
            e = self.e[m]
            if m in self.public:
                continue
            if e is None or t >= self.T:
                self.begun.pop(m, None)
                self.works -= {m} - self.early
                continue
            stays = m in self.begun or m in self.noticed or m in self.dropped or m in self.back
            if stays or stands or not self.lead[m] or e - self.lead[m] > t or self.why_not.holds_back(m, t):
                continue
            if self.possible(m, t, set(), excludes=False, ahead=self.lead[m]):
                self.begun[m] = t
                if here and withheld:
                    self.withhold_work(m, t)
                elif here and m not in self.works:
                    self.set_to_work(m, t)

    @staticmethod
    def rounded(late: Any, x: float) -> int:
        a, c, b = float(late.low), float(late.likely), float(late.high)
        if a == b:
            return math.floor(c + 0.5)
        rising = x < (c - a) / (b - a)
        y = a + math.sqrt(x * (b - a) * (c - a)) if rising else b - math.sqrt((1 - x) * (b - a) * (b - c))
        return math.floor(y + 0.5)

    def phase(self, t: int) -> None:
        """`way`: whether the process was under way when last decisions were taken."""
        self.t = t
        struck = self.risks(t) if t < self.T else False
        if self.why_not.active and t < self.T:
            self.why_not.governments(t)
            self.why_not.fall(t)
        self.notice(t)
        self.mend(t)
        self.patience(t)
        self.why_not.answer(t)
        self.why_not.come_back(t)
        self.why_not.give_up(t)
        open_now = [m for m in self.noticed if m not in self.dropped]
        if self.ladder is None:
            self.cut_off()
        if not any(not self.tolerated[m] for m in open_now):
            self.up |= self.paused
            self.paused.clear()
        for m in self.ms:
            if m in self.up and m not in self.seen | self.early and 0 <= self.since[m] <= t - self.ms[m].lag:
                self.seen.add(m)
                for j in self.ms[m].actors:
                    self.times(j, float(self.ms[m].signal))
        waiting = bool(open_now) or any(
            m not in self.public
            and self.e[m] is not None
            and self.e[m] > t  # type: ignore[operator]
            and (self.by_condition or t <= at + self.profile["patience"])
            for m, at in self.late.items()
            if self.to_come(m)
        )
        held = None
        if self.collapse is None and t <= self.T:
            for i in self.ps if self.way else ():
                waits = self.kind[i] == "spoiler" and i in self.acts and i not in self.holding
                if waits and self.u(STRIKE, self.ps.index(i), t) < self.profile["strikes"]:
                    self.holding.add(i)
                    for m in self.ms:
                        spec, base = self.ms[m], self.it.measure[m].value
                        harms = any(float(base.get(j, 0)) < 0 or spec.once.get(j, 0) < 0 for j in self.ps if j != i)
                        if i in spec.actors and m in self.ready and harms:
                            self.begin_early(i, m, t, "spoiling")
                        if i in spec.actors and self.costly(i, m) and not (self.keeps[m] and m in self.up):
                            self.withhold(i, m, t, "spoiling")
            if not waiting:
                if self.ladder is not None and not struck and t < self.T:
                    self.pick(t)
                held = self.decide(t)
        if self.collapse is not None:
            for i in self.ps:
                rest = sum(self.left(i, m) if m in self.up else self.share(i, m) for m in self.was)
                begun = 0.0
                for m in [m for m in self.ready if m not in self.was]:
                    goes_on = self.hold[m][0] if m in self.early else self.e[m]
                    if m not in self.works or goes_on is None:
                        begun += self.started(i, m, t)
                    elif goes_on <= self.alone.last[self.place[m]]:
                        begun += self.for_ever(i, m, goes_on, -1, t)
                self.total[i] += self.d[i] ** t * (rest / (1 - self.d[i]) + begun + self.after[i])
            for m in list(self.up):
                self.falls(m, t)
            raise Ended
        if held is not None:
            self.stall.append(t)
            if len(self.stall) > self.profile["patience"] and not self.by_condition:
                self.stop = (self.stall[0], held)
                for m in self.ms:
                    if self.to_come(m):
                        self.e[m] = None
                self.stall = []
        elif not waiting:
            self.stall = []
        if waiting or held is not None:
            for m in self.ms:
                if self.to_come(m) and self.e[m] is not None and m not in self.late and m not in self.back:
                    self.e[m] = max(self.e[m], t) + 1  # type: ignore[type-var, operator]
        if held is None:
            self.enter(t, waiting)
        for m, (at, by, why) in self.hold.items():
            if at <= t and m in self.early:
                if m not in self.up and m not in self.public and m not in self.missing and m not in self.dropped:
                    self.comes(m, t)
                    self.up.add(m)
                    self.missing[m], self.by[m], self.why[m] = t, by, why
            elif at <= t and m in self.up:
                self.falls(m, t)
                self.missing[m], self.by[m], self.why[m] = t, by, why
                self.miss([m], t, by, why)
        self.work(t, waiting or held is not None)
        for i in self.ps:
            now = sum(self.value[i][m] if m in self.up else self.share(i, m) for m in self.was)
            costs = {m: self.value[i][m] for m in self.works if self.cost(i, m, self.value[i][m])}
            now += sum(costs.values())
            self.spent[i] += self.d[i] ** t * sum(x for m, x in costs.items() if m not in self.ready)
            self.total[i] += self.d[i] ** t * now

    def played(self) -> Play:
        end, t = self.T + max(m.lag for m in self.ms.values()), 0
        try:
            while t < end or set(self.missing) - self.dropped:
                self.phase(t)
                t += 1
        except Ended:
            return self
        for i in self.ps:
            if not any(m in self.was and not self.it.measure[m].in_force and m not in self.ready for m in self.ms):
                self.total[i] = float(self.alone.no_deal[i]) + self.spent[i]
                continue
            now = sum(self.value[i][m] if m in self.up else self.share(i, m) for m in self.was)
            self.total[i] += self.d[i] ** t / (1 - self.d[i]) * now
        return self


class WhyNot:
    """ "Why a step is not carried out", and what follows from it, beside a play."""

    def __init__(self, play: Play) -> None:
        self.p, self.case, self.profile = play, play.case, play.profile
        it, specs = play.it, [play.case.measures[m.whole] for m in play.ms.values()]
        self.spec = dict(zip(play.ms, specs, strict=True))
        self.parts = lambda ids: {m for x in ids for m in it.slices.get(x, (x,))}
        self.active = (
            any(s.takes.high or s.class_ or s.needs for s in specs)
            or any(p.governments for p in self.case.parties.values())
            or bool(self.case.answers)
            or any(d.standing or d.reading for d in self.case.demands)
        )
        number = [(m, k) for m, s in self.spec.items() for k in range(len(s.needs))]
        self.consent = {x: n for n, x in enumerate(number)}
        self.phi = [float(self.profile[f"firm_{d.firm}" if d.firm else "unfirm"]) for d in self.case.demands]
        self.meant = [play.u(DEMAND, q, 0) < phi for q, phi in enumerate(self.phi)]
        reads = [[self.parts(d.reading.get(i, d.first)) for i in play.ps] for d in self.case.demands]
        self.first = [r[play.ps.index(d.by)] for d, r in zip(self.case.demands, reads, strict=True)]
        apart = [any(x != r[0] for x in r) for r in reads]
        narrow = [a and play.u(READING, q, 0) < self.profile["contested"] for q, a in enumerate(apart)]
        self.kept_for = [set().union(*r) if n else f for r, n, f in zip(reads, narrow, self.first, strict=True)]
        self.own = {i: dict(v) for i, v in play.value.items()}
        self.lasting = {
            m for m, x in play.ms.items() if not play.keeps[m] and x.irreversible < 1 and any(x.value.values())
        }  # fmt: skip
        self.opposes: set[str] = set()
        self.open: dict[str, tuple[int, str, int]] = {}
        self.unanswered: set[str] = set()
        self.given = dict.fromkeys(play.ms, 0)
        self.again: dict[str, int] = {}
        self.because: dict[str, set[str]] = {m: set() for m in play.ms}
        self.ever_held: set[str] = set()
        self.rests: set[str] = set()
        self.over: set[str] = set()

    def seen(self, ms: Any, t: int) -> bool:
        p = self.p
        return all(m in p.up and (p.since[m] < 0 or p.since[m] + p.ms[m].lag <= t) for m in ms)

    def may_return(self, m: str) -> bool:
        return m in self.open and m in self.p.was and m not in self.p.dropped

    def governments(self, t: int) -> None:
        p = self.p
        for i in p.ps:
            g = self.case.parties[i].governments
            first = None if g is None else g.every if g.first is None else g.first
            if first is None or t < first or (t - first) % g.every:
                continue
            comes = p.u(OPPOSE, p.ps.index(i), t) < float(g.chance.likely)
            if comes:
                self.opposes.add(i)
                for name, x in g.value.items():
                    for m in (parts := p.it.slices.get(name, (name,))):
                        p.value[i][m] = float(x.likely) / len(parts)
                for j, x in g.trust.items():
                    p.odds[i, j] = float(x.likely / (1 - x.likely))
            elif i in self.opposes:
                self.opposes.discard(i)
                p.value[i] = dict(self.own[i])
            else:
                continue
            p.changed.add(i)
            p.kind[i] = p.drawn(i, 1 + sum(r.kind == "government" for r in self.case.risks) + t)
            if p.kind[i] == "sincere":
                p.release(i)

    def fall(self, t: int) -> None:
        p, M, P = self.p, len(self.p.ms), len(self.p.ps)
        falls: dict[str, tuple[str | None, str, int]] = {}
        for m in [m for m in p.ms if m in self.lasting & p.up & p.public and m not in p.missing]:
            spec, n = p.ms[m], p.place[m]
            left = 1 - float(spec.irreversible)
            for i in spec.actors:
                own = [-p.value[i][k] for k in p.up if i in p.ms[k].actors]
                share = max(0.0, -p.value[i][m]) / max(own) if max(own) > 0 else 0.0
                k = p.ps.index(i)
                undoes = float(g.undoes.likely) if (g := self.case.parties[i].governments) else 0.0
                if i in self.opposes and p.u(FALL, M * (1 + k) + n, t) < undoes * left * share:
                    falls.setdefault(m, (i, "undone", -1))
            for q, d in enumerate(self.case.demands):
                kept = (
                    not d.standing or d.by not in spec.actors or m not in self.parts(d.before) or self.seen(self.kept_for[q], t)
                )
                if not kept and p.u(FALL, M * (1 + P + q) + n, t) < self.phi[q] * left:
                    falls.setdefault(m, (d.by, "demand", q))
            if p.u(FALL, n, t) < 1 - (1 - float(self.profile["lapses"])) ** (1 / 12):
                falls.setdefault(m, (None, "lapse", -1))
        for m, (whose, reason, of) in falls.items():
            p.falls(m, t)
            p.miss([m], t, whose, reason, of)
            p.public.discard(m)
            p.e[m] = None
            self.open[m] = (t, reason, of)
            self.unanswered.add(m)

    def answer(self, t: int) -> None:
        p, A, P = self.p, len(self.case.answers), len(self.p.ps)
        for m in [m for m in p.ms if m in self.unanswered]:
            self.unanswered.discard(m)
            for i in [i for i in p.ps if i not in p.ms[m].actors]:
                stated = [(n, a) for n, a in enumerate(self.case.answers) if a.by == i and m in self.parts([a.if_])]
                for n, a in stated:
                    if p.u(ANSWER, n, t) < float(a.chance.likely):
                        self.hold_back(m, self.parts(a.holds), i, t)
                if stated or not (p.value[i][m] > 0 or p.ms[m].once.get(i, 0) > 0):
                    continue
                if p.u(ANSWER, A + p.place[m] * P + p.ps.index(i), t) < self.profile["holds_back"]:
                    demands = [q for q, d in enumerate(self.case.demands) if d.by == i and m in self.first[q]]
                    if demands:
                        withheld = [self.parts(self.case.demands[q].before) for q in demands]
                        self.hold_back(m, set().union(*withheld), i, t)
                    elif (near := self.nearest(m, i)) is not None:
                        self.hold_back(m, {near}, i, t)

    def nearest(self, m: str, i: str) -> str | None:
        p = self.p
        loss = p.worth(i, m) / self.scale(i)
        worths = {}
        for n in [n for n in p.ms if n in self.lasting & p.up and i in p.ms[n].actors]:
            others = [j for j in p.ms[m].actors if j not in p.ms[n].actors]
            worth = max((p.value[j][n] / (1 - p.d[j]) / self.scale(j) for j in others), default=0.0)
            if worth > 0:
                worths[n] = abs(worth - loss)
        return min(worths, key=lambda n: worths[n], default=None)

    def scale(self, i: str) -> float:
        p, party = self.p, self.p.it.party[i]
        worth = sum(abs(self.own[i][m]) + abs(float(x.once.get(i, 0))) for m, x in p.ms.items())
        return (worth + abs(float(party.stalemate))) / (1 - p.d[i]) + float(party.breakdown)

    def hold_back(self, m: str, ns: set[str], i: str, t: int) -> None:
        p = self.p
        for n in [n for n in ns if i in p.ms[n].actors and m not in self.because[n]]:
            stays = n in p.public - self.rests and (n not in p.up or p.ms[n].irreversible == 1)
            if stays or n == m:
                continue
            self.because[n].add(m)
            self.ever_held.add(n)
            if n in p.up:
                p.falls(n, t)
                self.rests.add(n)

    def come_back(self, t: int) -> None:
        p = self.p
        for m, (since, reason, of) in self.open.items():
            if since >= t or m not in p.was or m in p.up | p.public | p.dropped | p.back or m in p.missing:
                continue
            if reason == "demand":
                gone = self.seen(self.kept_for[of], t)
            elif reason == "undone":
                gone = not self.opposes & set(p.ms[m].actors)
            else:
                gone = p.u(MEND, p.place[m], t) < self.profile["mends"]
            if gone:
                p.back.add(m)
                p.tried.add(m)
                p.e[m] = min(t, p.ms[m].not_after)

    def give_up(self, t: int) -> None:
        p = self.p
        for m in [m for m in p.ms if m in self.open]:
            since = self.open[m][0]
            waits = self.by_condition(m) or (self.again.get(m, -1) > since and p.e[m] is not None)
            if t < since + self.profile["patience"] or (waits and m not in p.dropped):
                continue
            self.never(m)
            del self.open[m]
            for n in [n for n in p.ms if m in self.because[n]]:
                if n in p.missing:
                    self.over.add(n)
                elif n not in p.dropped:
                    if n in self.rests:
                        p.public.discard(n)
                    self.never(n)

    def by_condition(self, m: str) -> bool:
        return self.p.by_condition and m not in self.p.was

    def never(self, m: str) -> None:
        if m not in self.p.public:
            self.p.e[m] = None
            self.p.back.discard(m)
            if m not in self.p.missing:
                self.p.dropped.add(m)

    def holds_back(self, m: str, t: int) -> bool:
        return bool(self.because[m]) or t < self.again.get(m, t)

    def work(self, m: str, t: int) -> int:
        """By how much the work at m, due in t, and its class make it late."""
        p, spec, late = self.p, self.spec[m], 0
        if not self.active or m in p.early:
            return 0
        whole = list(p.it.slices).index(p.ms[m].whole)
        if spec.takes.high and not p.ms[m].in_force:
            late = max(0, p.begun[m] + p.rounded(spec.takes, p.u(WORK, whole, 0)) - t)
        share = float(self.profile[f"late_{spec.class_}"]) if spec.class_ else 0.0
        x, catches_up = p.u(CLASS, whole, 0), float(self.profile["catches_up"])
        if x < share and catches_up == 0:
            return FAR
        if share > 0:
            not_there = lambda y: share**y if y <= 1 else share * (1 - catches_up) ** (y - 1)  # noqa: E731
            k = 0
            while k < FAR and not_there((k + 1) / 12) > x:  # there is no k + 1 phases after as long as this holds
                k += 1
            late += k
        return late

    def refuses(self, m: str, t: int) -> bool:
        """Whether m, ready, is refused in the open."""
        p = self.p
        if not self.active or m in p.early:
            return False
        for q, d in enumerate(self.case.demands):
            if self.meant[q] and d.by in p.ms[m].actors and m in self.parts(d.before) and not self.seen(self.first[q], t):
                self.refused(m, t, d.by, "demand", q)
                return True
        needs = self.spec[m].needs
        while m not in p.was and self.given[m] < len(needs):
            k = self.given[m]
            n = self.consent[m, k]
            if p.u(CONSENT, n, t) >= float(needs[k].chance.likely):
                self.refused(m, t, None, "consent", n)
                self.open[m] = (t, *self.open[m][1:])
                if needs[k].again:
                    p.e[m] = self.again[m] = t + needs[k].again
                else:
                    p.e[m] = None
                    p.dropped.add(m)
                return True
            self.given[m] += 1
        return False

    def refused(self, m: str, t: int, whose: str | None, reason: str, of: int) -> None:
        self.p.miss([m], t, whose, reason, of)
        self.p.late.pop(m, None)
        if m not in self.open:
            self.open[m] = (t, reason, of)
            self.unanswered.add(m)

    def comes(self, m: str) -> None:
        """Publicly; what was held back because of it goes on."""
        if self.open.pop(m, None) is None:
            return
        for n, of in self.because.items():
            of.discard(m)
            if not of and n in self.rests:
                self.rests.discard(n)
                self.p.up.add(n)
