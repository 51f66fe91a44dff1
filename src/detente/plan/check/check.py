"""Does this roadmap hold? A check that either side can read, run and change, and that needs nothing but Python 3.9.

    python3 check.py roadmap.json

A roadmap says which measure enters into force in which phase. It holds if in no phase anybody gains by stopping, openly or
unnoticed, alone or with others, and nobody has to risk more than its trust allows. The file states the numbers, the schedule
and a list of rows, each with its two sides. This program believes none of the rows: it works every one out again from the
numbers and the schedule, in exact fractions, and says `holds`, or which rows break, or where the file is wrong. It shares no
code with the software that made the file. Whether the numbers themselves are right is for people to say.

A file for one party has its numbers and rows only, and states as facts what it needs of the others: which acts they keep up for
their own sake (`kept`), from when they begin them without a deal (`ready`; stated to all where supports are in place), who has
something to do (`giving`). These are not checked here, but the same for all if the fingerprint is. What cannot be is named.

The words
    phase t         0 .. T-1; T is the steady state after the last. e: the phase in which a measure enters (-1: in force today)
    v, k            what a measure is worth to a party per phase while in force, and once, on entry; d: weight of the next phase
    r, lag          share of the effect that stays for ever after a stop; phases until the others know
    takes           phases of work from the start to e, 0 if it is not said; `requires` and the window are told of e. What is a
                    cost to an actor counts for it from the start; a stop before e ends the work, and nothing is left of it
    s, B            what the stand-off adds per phase unless a process suspends it; what is lost when the process collapses
    kept            its only actor has v >= 0: once in force, it keeps it up for its own sake
    left            what a measure in force is worth per phase once all is over: v if kept, else r v
    begins alone    kept, not in force, and its actor gains by beginning it, k + v/(1-d) > 0 (or does not care, v = k = 0, and
                    it harms nobody): without a deal it begins as soon as its window and prerequisites allow, from `ready` on,
                    or goes on, once started; of two that exclude each other the one their actor likes better, or neither
    has to          perform what is due and does not begin alone; keep up what is in force and is not kept (r < 1); refrain
                    from what it would begin alone and the roadmap has enter later or never
    process         a roadmap with a new step that does not begin alone; any other is no deal, and has no rows of value
What a party has from phase t on
    V               all keep to the roadmap
    W = D[0]        all is over at t: `left` of what is in force, what begins alone, s/(1-d), less B
    D[L]            it cheats and is found out at t+L, when all is over: each own measure as it likes from t+L-lag on
    X[j,M]          j stops at t, which is known at t+M, when all is over.   E = W - X: what is at risk
    Y[j,M,L]        it cheats while j stops: all is over at t+min(L,M)
    odds[j]         p/(1-p), times the signals of j's measures seen by then: entered by t - lag
The rows of a party that has anything to do; those toward j for each lag M of what j has to do in t that matters to it
    incentive       V >= W, V >= D[L] for every L up to its largest lag
    trust           E <= odds (V - W)
    doubt           Y - X <= odds (V - D[L]) for every L up to its largest lag + M - 1: nor does cheating pay in doubt
    red_line        E <= the cap that it has set
    coalition       of more than two, no two or three all gain by stepping out together and keeping up some of what is theirs
and of the schedule: prerequisite, exclusion, window, in_force.
"""

# ruff: noqa: N802, B905, PTH123 (names are those above; no part of Python later than 3.9)
from __future__ import annotations

import hashlib
import itertools
import json
import sys
from fractions import Fraction
from functools import lru_cache
from typing import Any

DEFINITIONS = 1
STRUCTURE = ("prerequisite", "exclusion", "window", "in_force")
ZERO = Fraction(0)
MOST = 500  # choices of a coalition that are followed at once
LONG, LARGE = 400, 5000  # characters of a number, or its power of ten; phases: more would take for ever to work out


def number(given: Any) -> Fraction:
    text = str(given)
    if len(text) > LONG or abs(int(text.lower().partition("e")[2] or 0)) > LONG:
        raise ValueError(f"a number that is too long to reckon with, {text[:20]}.., wanted at most {LONG} digits")
    return Fraction(text)


class Measure:
    def __init__(self, data: Any, here: list[str]) -> None:
        self.id, self.actors, self.entry, self.takes = data["id"], data["actors"], data["entry"], data.get("takes", 0)
        self.v, self.k = ({i: number(x) for i, x in data[of].items() if i in here} for of in ("value", "once"))
        self.r, self.lag, self.signal = number(data["irreversible"]), data["lag"], number(data["signal"])
        self.requires = [(q["any"], q["after"]) for q in data["requires"]]
        self.excludes, self.not_before, self.not_after = data["excludes"], data["not_before"], data["not_after"]
        self.in_force, self.unseen, self.due, self.facts = data["in_force"], data["unseen"], data["due"], data.get("facts")

    def touches(self, i: str) -> bool:
        return bool(self.v.get(i) or self.k.get(i))

    def harms(self, i: str) -> bool:
        return self.v.get(i, 0) < 0 or self.k.get(i, 0) < 0


class Check:
    def __init__(self, data: Any) -> None:
        self.data, self.T, self.names, self.one = data, data["phases"], list(data["parties"]), data["party"]
        self.here = [self.one] if self.one is not None else self.names  # the parties whose numbers are here
        self.measures = [Measure({**m, "entry": data["entry"].get(m["id"])}, self.here) for m in data["measures"]]
        self.by_id = {m.id: m for m in self.measures}
        self.terms: dict[str, Any] = {}
        for i, given in ((i, data["parties"][i]) for i in self.here):
            self.terms[i] = {key: x if x is None else number(x) for key, x in given.items() if key != "trust"}
            self.terms[i]["trust"] = {j: number(p) for j, p in given["trust"].items()}
        self.refuse()
        self.drift = {i: terms["stalemate"] / (1 - terms["discount"]) for i, terms in self.terms.items()}
        self.kept = {
            m.id: m.facts["kept"] if self.one else len(m.actors) == 1 and m.v.get(m.actors[0], 0) >= 0 for m in self.measures
        }
        self.ready = {m.id: m.facts["ready"] for m in self.measures} if self.one or data.get("supports") else self._ready()
        new = [m for m in self.measures if m.entry is not None and m.entry >= 0 and self.ready[m.id] is None]
        self.process = bool(data["under_way"] or new)
        self.giving = [i for i in self.names if self.gives(i)] if self.one is None else data["giving"]
        for name in ("S", "whole", "run", "own", "V", "D", "X", "Y"):  # remember what has been worked out
            setattr(self, name, lru_cache(maxsize=None)(getattr(self, name)))

    def refuse(self) -> None:
        """Numbers with which the rows would mean nothing."""
        if self.data.get("definitions") != DEFINITIONS or len(self.by_id) != len(self.measures):
            raise ValueError(f"wanted `definitions: {DEFINITIONS}`, as `detente plan CASE -o FILE` writes it, and each id once")
        for i, terms in self.terms.items():
            if not all(0 < x < 1 for x in (terms["discount"], *terms["trust"].values())) or terms["breakdown"] < 0:
                raise ValueError(f"{i}: a discount or a trust is not between 0 and 1, or a breakdown below 0")
        for m in self.measures:
            phases = [self.T, m.lag, m.unseen, m.takes, m.not_before, m.not_after, m.entry or 0, *(x for _, x in m.requires)]
            whole = all(type(x) is int and x <= LARGE for x in phases) and 0 <= m.takes <= m.not_before
            known = set(m.actors) <= set(self.names) and {n for ids, _ in m.requires for n in ids} <= set(self.by_id)
            if not (whole and known and m.lag > 0 <= m.r <= 1 and m.signal > 0 and -1 <= (m.entry or 0) < self.T):
                raise ValueError(f"{m.id}: a number that cannot be, or an unknown name")

    def wanted(self, m: Measure) -> bool:
        a = m.actors[0] if self.kept[m.id] and not m.in_force else ""
        return a != "" and (self.whole(a, m, m.takes) > 0 or not (m.touches(a) or any(m.harms(i) for i in self.names)))

    def open(self, m: Measure, t: int) -> bool:
        return bool(m.not_before <= t and (t <= m.not_after or m.not_after >= self.T - 1))

    def _ready(self) -> dict[str, int | None]:
        """Walk through the phases without a deal, again whenever something that others exclude has been struck out: first what
        is beaten by what beats all its rivals; where nothing is so clear, all that have rivals."""
        struck, acts = set[str](), [m for m in self.measures if self.wanted(m)]
        end = self.T + sum(m.takes + sum(after + 1 for _, after in m.requires) for m in self.measures) + 1
        while True:
            since = {m.id: -1 for m in self.measures if m.in_force and self.kept[m.id]}
            for t in range(end):
                for m in acts * len(acts):  # one that begins may let another begin in the same phase
                    met = all(any(n in since and since[n] + after <= t for n in ids) for ids, after in m.requires)
                    if met and m.id not in since and m.id not in struck and self.open(m, t):
                        since[m.id] = t
            rivals = {m.id: [n for n in m.excludes if n in since] for m in acts if m.id in since}
            clear = {n for n in since if all(self.beats(n, m, since) for m in rivals.get(n, ()))}
            out = {m for m in rivals if any(n in clear and self.beats(n, m, since) for n in rivals[m])}
            out = out or {m for m in rivals if rivals[m]}
            if not out:
                return {m.id: None if m.in_force else since.get(m.id) for m in self.measures}
            struck |= out

    def beats(self, n: str, m: str, since: dict[str, int]) -> bool:
        """Whether of two that exclude each other n stays: it stands already, or the actor of both likes it better."""
        if -1 in (since[n], since[m]) or self.by_id[n].actors != self.by_id[m].actors:
            return since[n] == -1
        i = self.by_id[n].actors[0]
        likes = [self.whole(i, self.by_id[x], since[x]) for x in (n, m)]
        return bool(likes[0] > likes[1])

    def begins(self, m: Measure, t: int) -> int | None:
        """The phase in which it begins alone if all is over from t on; None: never."""
        u = max(t + m.takes, self.ready[m.id] or 0)
        return u if self.ready[m.id] is not None and self.open(m, u) else None

    def S(self, i: str, m: Measure, t: int) -> Any:
        """What that is worth to i, in phase t."""
        return self.whole(i, m, self.begins(m, t), t)

    def whole(self, i: str, m: Measure, e: int | None, t: int = 0) -> Any:
        """What a measure that enters in e and lasts is worth to i from phase t on."""
        return self.stopped(i, m, e, t, max(0, (e or 0) - t) + 1, Fraction(1))

    def for_ever(self, i: str, m: Measure) -> Any:
        return m.v.get(i, ZERO) / (1 - self.terms[i]["discount"])

    def over(self, i: str, n: int) -> Any:
        return self.terms[i]["discount"] ** n * (self.drift[i] - self.terms[i]["breakdown"])

    def no_deal(self, i: str) -> Any:
        return self.drift[i] + sum((self.run(i, m, 0, 0) if m.in_force else self.S(i, m, 0) for m in self.measures), ZERO)

    def stopped(self, i: str, m: Measure, e: int | None, t: int, n: int, share: Fraction) -> Any:
        """Measure m, which enters in e, runs in phases t .. t+n-1, and then falls to a share of its effect for ever."""
        if e is None:
            return ZERO
        d, v, k = self.terms[i]["discount"], m.v.get(i, ZERO), m.k.get(i, ZERO)
        flows, paid = (e - m.takes if x < 0 <= e and i in m.actors else e for x in (v, k))
        worth = d ** (paid - t) * k if t <= paid < t + n else ZERO
        worth += sum((d ** (u - t) * v for u in range(max(t, flows), t + n)), ZERO)
        return worth + d**n * share * v / (1 - d) if e < t + n else worth

    def goes_on(self, m: Measure, t: int) -> bool:
        """Whether it comes into force as scheduled if all is over from t on: it has, or begins alone and has started."""
        return m.entry is not None and m.entry - (m.takes if self.ready[m.id] is not None else 0) < t

    def run(self, i: str, m: Measure, t: int, n: int) -> Any:
        """Measure m goes on as scheduled until all is over at t+n."""
        if self.kept[m.id] and self.goes_on(m, t + n):
            return self.whole(i, m, m.entry, t)
        return self.stopped(i, m, m.entry, t, n, m.r) + self.terms[i]["discount"] ** n * self.S(i, m, t + n)

    def own(self, i: str, m: Measure, t: int, free: int, n: int) -> Any:
        """The best that i can make of its own measure if it may do as it likes from t+free on and all is over at t+n."""
        if not self.kept[m.id]:
            return max(self.stopped(i, m, m.entry, t, s, m.r) for s in range(free, n + 1))
        if self.goes_on(m, t + free):
            return self.whole(i, m, m.entry, t)
        instead = self.stopped(i, m, m.entry, t, free, ZERO) + self.terms[i]["discount"] ** free * self.S(i, m, t + free)
        return max(instead, self.whole(i, m, m.entry, t)) if self.goes_on(m, t + n) else instead

    def V(self, i: str, t: int) -> Any:
        return sum((self.whole(i, m, m.entry, t) for m in self.measures), ZERO)

    def D(self, i: str, t: int, L: int) -> Any:
        return self.Y(i, None, t, L, L)

    def X(self, i: str, j: str, t: int, M: int) -> Any:
        return self.over(i, M) + sum(self.run(i, m, t, 0 if j in m.actors else M) for m in self.measures)

    def Y(self, i: str, j: str | None, t: int, M: int, L: int) -> Any:
        n, total = min(L, M), self.over(i, min(L, M))
        for m in self.measures:
            free, mine = min(max(0, L - m.lag), n), i in m.actors and j not in m.actors
            total += self.own(i, m, t, free, n) if mine else self.run(i, m, t, 0 if j in m.actors else n)
        return total

    def odds(self, i: str, j: str, t: int) -> Fraction:
        seen: Fraction = 1 / (1 / self.terms[i]["trust"][j] - 1)
        for m in self.measures:
            if j in m.actors and m.entry is not None and 0 < (m.entry + m.lag if m.entry >= 0 else m.unseen) <= t:
                seen *= m.signal
        return seen

    def duty(self, m: Measure, t: int) -> str | None:
        """What its actors have to do with it in phase t."""
        if self.ready[m.id] is not None:
            begins = self.begins(m, t)
            return "refrain" if begins is not None and (m.entry is None or m.entry > begins) else None
        if m.entry is not None and m.entry >= t:
            return "perform"
        return "keep up" if m.entry is not None and not self.kept[m.id] and m.r < 1 else None

    def matters(self, m: Measure, t: int, i: str) -> bool:
        """Whether what has to be done with it in phase t matters to i."""
        return {"perform": m.touches(i), "keep up": bool(m.v.get(i)), "refrain": m.harms(i)}.get(self.duty(m, t) or "", False)

    def gives(self, i: str) -> bool:
        """Whether i has anything to do in any phase, or has had in a roadmap that is under way."""
        for m, t in ((m, t) for m in self.measures if i in m.actors for t in range(self.T + 1)):
            if self.duty(m, t) == "perform" or any(self.matters(m, t, p) for p in self.names if p != i or not self.kept[m.id]):
                return True
        return i in self.data["under_way"]

    def rows(self) -> Any:
        """(name, left, right) of every row with two sides; incentive: left >= right; the others: left <= right."""
        for i in self.here if self.process else ():
            longest = max((m.lag for m in self.measures if i in m.actors), default=0)
            for t in range(self.T + 1) if i in self.giving else ():
                V, W, cap = self.V(i, t), self.D(i, t, 0), self.terms[i]["red_line"]
                for L in range(longest + 1):
                    yield ("incentive", i, None, t, L, None), V, self.D(i, t, L)
                for j in self.names:
                    for M in {m.lag for m in self.measures if j in m.actors and self.matters(m, t, i)} if j != i else ():
                        X, odds = self.X(i, j, t, M), self.odds(i, j, t)
                        yield ("trust", i, j, t, M, None), W - X, odds * (V - W)
                        if cap is not None:
                            yield ("red_line", i, j, t, M, None), W - X, cap
                        for L in range(1, longest + M):
                            yield ("doubt", i, j, t, M, L), self.Y(i, j, t, M, L) - X, odds * (V - self.D(i, t, L))

    def leaves(self, C: tuple[str, ...], t: int) -> tuple[str, ...] | None:
        """What all of C (whose numbers are here) would keep up, and gain, if they stepped out together in phase t, or None. A
        choice that no further measure can mend, or that is worse for all than another, is dropped."""
        here = [i for i in C if i in self.here]
        theirs = [m for m in self.measures if m.actors and set(m.actors) <= set(C) and self.duty(m, t) == "keep up"]
        adds = [[(1 - m.r) * self.for_ever(i, m) for i in here] for m in theirs]
        reached: dict[Any, tuple[str, ...]] = {tuple(self.D(i, t, 0) - self.V(i, t) for i in here): ()}
        for n, m in enumerate(theirs):
            reached = {**{tuple(map(sum, zip(g, adds[n]))): (*K, m.id) for g, K in reached.items()}, **reached}
            most = [sum((max(x[k], ZERO) for x in adds[n + 1 :]), ZERO) for k in range(len(here))]
            reached = {g: K for g, K in reached.items() if all(x + y > 0 for x, y in zip(g, most))}
            worse = [g for g in reached if any(h != g and all(x >= y for x, y in zip(h, g)) for h in reached)]
            reached = {g: K for g, K in reached.items() if g not in worse}
            if len(reached) > MOST:
                return ("too many choices to go through",)
        return next((K for g, K in reached.items() if min(g) > 0), None)

    def stepping_out(self, row: Any) -> tuple[Fraction, Fraction]:
        """The sides of a coalition's row: V of a member, and what it has of stepping out and keeping up what the row says."""
        i, kept = row["party"], [self.by_id[n] for n in row["keeping"]]
        more = sum(((1 - m.r) * self.for_ever(i, m) for m in kept), ZERO)
        return self.V(i, row["phase"]), self.D(i, row["phase"], 0) + more

    def stands(self, m: Measure) -> bool:
        """Whether the facts stated of a measure of one's own can be true by one's own numbers."""
        if self.one is None or m.actors != [self.one]:
            return True
        kept, begins = m.v.get(self.one, ZERO) >= 0, self.ready[m.id] is not None
        return bool(self.kept[m.id] == kept and (not begins or (kept and self.whole(self.one, m, m.takes) >= 0)))

    def structure(self) -> Any:
        """(kind, measure) of everything in which the schedule itself breaks."""
        for m in self.measures:
            e = m.entry
            if m.in_force or e == -1:
                yield from [("in_force", m.id)] if m.in_force != (e == -1) else []
                continue
            if (m.due is not None and (e is None or e > m.due)) or (e is not None and not m.not_before <= e <= m.not_after):
                yield "window", m.id
            for ids, after in m.requires if e is not None else ():
                if not any(self.by_id[n].entry is not None and self.by_id[n].entry + after <= e for n in ids):
                    yield "prerequisite", m.id
            if e is not None and any(self.by_id[n].entry is not None for n in m.excludes):
                yield "exclusion", m.id

    def gains(self) -> dict[str, tuple[Fraction, Fraction]]:
        """By party: its gain over no deal, and the same with the drift of the stand-off aside; 0 without a process."""
        gain = {i: self.V(i, 0) - self.no_deal(i) if self.process else ZERO for i in self.here}
        return {i: (g, g + self.drift[i] if self.process else g) for i, g in gain.items()}

    def helps(self) -> bool:
        """Nobody whom the roadmap touches loses, and somebody gains; only where all numbers are here."""
        changed = [m for m in self.measures if (not self.kept[m.id] if m.entry == -1 else m.entry != self.ready[m.id])]
        touched = {i: both for i, both in self.gains().items() if any(m.touches(i) for m in changed)}
        lost = any(g < 0 or (h < 0 and i in self.giving) for i, (g, h) in touched.items())
        return self.process and not lost and any(g > 0 and h > 0 for g, h in touched.values())

    def fingerprint(self) -> str:
        """Of all that the files of both sides share: a short number that differs if anything in it does."""
        shared = [{k: x for k, x in m.items() if k not in ("value", "once", "facts")} for m in self.data["measures"]]
        facts = [[self.kept[m.id], self.ready[m.id], m.entry] for m in self.measures]
        whole = [DEFINITIONS, self.data["case"], self.T, self.names, shared, facts, self.giving, list(self.data["under_way"])]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def told(row: Any, left: Fraction, right: Fraction) -> str:
    kind, i, j, t, lag, found = row
    name = f"{kind} of {i}" + (f" toward {j}" if j else "") + f", phase {t}, lag {lag}" + (f", found {found}" if found else "")
    sign = ">=" if kind == "incentive" else "<="
    return f"{name}: {float(left):.6g} {sign} {float(right):.6g}, {float(abs(left - right)):.3g} apart"


def check(data: Any) -> tuple[list[str], list[str], list[str], Check]:
    """The rows that break; where the file is wrong; what one side cannot check alone."""
    found, wrong, broken, left_open = Check(data), list[str](), list[str](), list[str]()
    rows = [r for r in data["rows"] if r["row"] not in (*STRUCTURE, "coalition")]
    names = ("row", "party", "toward", "phase", "lag", "found")
    stated = {tuple(r[x] for x in names): (r["left"], r["right"]) for r in rows}
    for key, left, right in found.rows():
        if left < right if key[0] == "incentive" else left > right:
            broken.append(told(key, left, right))
        if stated.pop(key, None) != (str(left), str(right)):  # as text: what is not so need not be worked out
            wrong.append(f"not stated so: {told(key, left, right)}")
    wrong += [f"there is no such row: {', '.join(str(x) for x in key if x is not None)}" for key in stated]
    faults = set(found.structure())
    broken += [f"{kind} of {m}" for kind, m in sorted(faults)]
    if faults != {(r["row"], r["measure"]) for r in data["rows"] if r["row"] in STRUCTURE and r["slack"][:1] == "-"}:
        wrong.append("other faults of the schedule are stated")
    together = {(tuple(r["together"]), r["phase"]): r for r in data["rows"] if r["row"] == "coalition"}
    sizes = [n for n in (2, 3) if n < len(found.names) and found.process]
    for C in (C for n in sizes for C in itertools.combinations(found.giving, n)):
        mine = found.one in (None, *C)
        leaving = {t: K for t in range(found.T + 1) for K in [found.leaves(C, t)] if K is not None} if mine else {}
        if not mine or (leaving and found.one is not None):
            left_open.append(f"whether {', '.join(C)} would all gain by stepping out together: needs the numbers of the others")
            continue
        broken += [f"coalition of {', '.join(C)}, phase {t}: all gain; kept up: {', '.join(K)}" for t, K in leaving.items()]
        for t in range(found.T + 1) if found.one is None else ():
            row = together.pop((C, t), None)
            if row is None or list(map(str, found.stepping_out(row))) != [row["left"], row["right"]]:
                wrong.append(f"not stated so: coalition of {', '.join(C)}, phase {t}")
    wrong += [f"there is no such row: coalition of {', '.join(C)}, phase {t}" for C, t in together]
    wrong += [f"{m.id}: what is said of it is not what its numbers say" for m in found.measures if not found.stands(m)]
    if found.one is not None and found.gives(found.one) and found.one not in found.giving:
        wrong.append(f"{found.one} has something to do, and is not under `giving`")
    so = {"holds": not broken, "fingerprint": found.fingerprint(), "helps": found.helps() if found.one is None else None}
    wrong += [f"{said}: {data[said]}, wanted {x}" for said, x in so.items() if data[said] != x]
    return broken, wrong, left_open, found


def main(path: str) -> int:
    try:
        with open(path, encoding="utf-8") as file:
            broken, wrong, left_open, found = check(json.load(file))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        print(f"{path} cannot be checked: {error!r}\nusage: python3 check.py roadmap.json")
        return 2
    said = [f"{found.data['case']}: {sum(1 for _ in found.rows())} rows of value worked out again, definitions {DEFINITIONS}"]
    if not found.process:
        said.append("no process: it has no new step that its actor would not take alone, and so no rows of value")
    for i, (gain, steps) in found.gains().items():
        said.append(f"  {i}: gains {float(gain):.6g} over no deal, {float(steps):.6g} of it by the steps themselves")
    for what, lines in (("breaks", broken), ("wrong in the file", wrong), ("not checkable by one side alone", left_open)):
        said += [f"{what}: {line}" for line in lines]
    held = "DOES NOT HOLD" if broken else "THE FILE IS WRONG" if wrong else "holds"
    said += [f"fingerprint: {found.fingerprint()[:16]}", f"{held} as far as {found.one} can tell" if found.one else held]
    print("\n".join("".join(c if c.isprintable() else "?" for c in line) for line in said))  # names are somebody else's
    return 1 if broken or wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[-1]))
