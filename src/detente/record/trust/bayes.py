"""Bayes on the record: what each commitment says about the party that owes it.

Party j is sincere (it means what it promises, and keeps to it although it could gain by not) or insincere. Party i gives the
first a probability p; L = log(p / (1 - p)), natural logarithm. Before the record L is the *prior* L0: the trust that the case
states, with its range (where it is one number, with the factor on its odds that the profile gives), or that the profile states
for the pair. Given the type, commitments are kept or broken independently. Then on day D

    L[i,j](D) = L0[i,j] + sum over j's commitments c of  w(c, D) * lambda(c, D)

lambda(c, D) is the log of how many times likelier a sincere party is to stand so on D. With s the score of how far it is
carried out (none 0, minimal 1/3, intermediate 2/3, full 1), K the log ratio of keeping it, and the profile's ratios:

    full                              K
    full since a day after it was due K + log late
    not full, and overdue             log broken + s (K - log broken)      from broken (s = 0) to kept (s = 1)
    not full, and not (yet) due       s K                                  nothing to blame, and part of the credit
    reversed                          log reversed

s is any share, too: 4 of 10 convoys are 0.4. Why in proportion: take a commitment for n equal parts, independent given the
type. All of them together weigh K if kept and log broken if not, so that each weighs K/n or (log broken)/n; with m kept the sum
is s K + (1 - s) log broken for s = m/n, the line above, whatever n is. At s = 0 nothing is kept, at s = 1 all is.

K is the log of the case's `signal` where the case gives one (a costly step: more than 1), else that of the profile's `kept`; an
item with own ratios in the profile has its own. One act, one ratio: a costly step that was also promised is not counted twice.
A commitment counts as it stands, however often it was read.

w(c, D) = 1; in a profile that fades, 2^(-age / half-life), age in days since the day from which the reading holds, or since it
was overdue.

What does not count, so that nothing counts twice:
- A provision where one of the measures that carry it out counts for the party, here or in the planner: the measure is the finer
  evidence.
- The credit of a measure with a signal that is not in force in the case. The planner multiplies the odds by its signal when the
  roadmap has it carried out and seen. Here K = 0 for it, so it can only speak against the party (overdue, late, reversed). A
  measure that *is* in force on the date of the case counts here and never in the planner (there its entry is -1).

Silence: a profile may say how soon a sincere party delivers. Then "not carried out" has the log ratio R(D) of
`record.trust.silence`, before the date and after it, in the place of 0 and of log broken:

    not full                          R(D) + s (K - R(D))

An item with its own `broken` in the profile keeps that and has no curve. Of a costly step whose credit is the planner's, R
takes its signal for K. The planner does not give that back when the step is seen; trust is then rather too low than too high.

Disputed: lambda is a range. It is taken for each version; the low end is the lowest of all, the high end the highest, and what
is likely halfway between the lowest and the highest likely one. If only the dispute is on record, the versions are none and
full.

The interval is exact: in the sum every prior, log ratio and version has a coefficient of at least 0 (kept >= 1 >= late, broken,
reversed; 0 <= s <= 1; w > 0), so p is smallest where all are at their low ends and largest where all are at their high ends. It
holds whatever the figures within their ranges are; it is wider than an interval that holds with 90%, say. But R falls where
`kept` rises: with silence the interval still holds for every figure, and its ends, with `kept` at both of its own, may not be
reached.
What moved it: lambda w itself, and the posterior without that commitment, L - w lambda (a sum has no interactions).

Sources: Kydd 2005, Trust and Mistrust in International Relations, chapters 2 and 7 (types, costly signals); Good 1950,
Probability and the Weighing of Evidence (weight of evidence as log likelihood ratio).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass

from detente.case.case import Case
from detente.record.commitments.entry import Key
from detente.record.commitments.items import Item
from detente.record.commitments.scale import DISPUTED, score_of
from detente.record.commitments.standing import Standing
from detente.record.trust.profile import TrustProfile, log_odds
from detente.record.trust.silence import Allowed, Triple, allowed

__all__ = ["PLANNED", "Silent", "Weight", "kept_ratio", "prior", "silent_by", "weights"]

ZERO: Triple = (0.0, 0.0, 0.0)
COVERED = "counted by its measures"
PLANNED = "the planner counts its signal once the roadmap has it done"
NOT_DUE = "nothing done, and not overdue"
NOTHING = "its ratio is 1"


@dataclass(frozen=True)
class Silent:
    """By what the silence of a commitment is judged: the curve's class, and the time allowed."""

    curve: str
    time: Allowed


@dataclass(frozen=True)
class Weight:
    """What one commitment says on a day.

    logs : w lambda at the low end, as is likely, at the high end.
    kind : "kept", "late", "part" (not due), "silent" (nothing done, not due), "overdue", "reversed" or "disputed".
    silent : by what its silence is judged, where that says anything of its own.
    by : where the ratio of keeping it is from: "signal" (of the case), "profile", "item" (of the profile), or "planner" where
        keeping it is left to the planner.
    """

    standing: Standing
    logs: Triple
    kind: str
    by: str
    silent: Silent | None = None


def prior(case: Case, profile: TrustProfile, party: str, toward: str) -> Triple:
    """The log odds before the record."""
    if (party, toward) in profile.trust:
        return profile.trust[party, toward]
    p = case.parties[party].trust[toward]
    if p.is_range:
        return log_odds(p.low), log_odds(p.likely), log_odds(p.high)
    low, likely, high = (log_odds(p.likely) + t for t in profile.times)
    return low, likely, high


def weights(
    case: Case,
    known: Mapping[str, Item],
    held: Mapping[Key, Standing],
    profile: TrustProfile,
    day: datetime.date,
    before: Mapping[Key, Weight] | None = None,
) -> tuple[dict[Key, Weight], dict[Key, str]]:
    """What each commitment says on a day, and what is left out, with the reason.

    held : how every commitment on record stands, worked out anew on each day on which it changes.
    before : what was said on an earlier day; where a commitment stands as it did and time says nothing, it says the same.
    """
    before = before if before is not None and profile.half_life is None else {}
    said: dict[Key, Weight] = {}
    left: dict[Key, str] = {}
    finer: set[Key] = set()
    for key in sorted(held, key=lambda k: known[k[0]].kind):  # measures before provisions
        s, item, party = held[key], known[key[0]], key[1]
        last = before.get(key)
        same = last is not None and last.standing is s and last.silent is None
        weight = last if last is not None and same else _weight(case, item, s, profile, day)
        if any((m, party) in finer for m in item.measures):
            left[key] = COVERED
        elif any(weight.logs):
            said[key] = weight
            finer.add(key)
        elif weight.by == "planner" and s.high > 0:
            left[key] = PLANNED
            finer.add(key)
        else:
            left[key] = NOT_DUE if s.high == 0 else NOTHING
    return {key: said[key] for key in held if key in said}, left


def _weight(case: Case, item: Item, s: Standing, profile: TrustProfile, day: datetime.date) -> Weight:
    kept, by = kept_ratio(case, s.item, profile)
    silent = silent_by(case, item, s, profile)
    quiet = None
    if silent is not None and profile.delivery is not None:
        share = silent.time.share(day)
        quiet = profile.delivery.says(silent.curve, silent.time, share, kept, profile.log(s.item, "late"))
    credit = ZERO if by == "planner" else kept
    versions: list[tuple[str, datetime.date]] = [(r.state, r.since) for r in s.versions]
    if s.is_open:
        since = max(r.since for r in s.readings if r.state == DISPUTED)
        versions += [("none", since), ("full", since)]
    found = [_version(s, state, since, credit, quiet, profile, day) for state, since in versions]
    lows, likely, highs = zip(*(logs for logs, _ in found), strict=True)
    kind = "disputed" if s.state == DISPUTED else found[0][1]
    speaks = silent if silent is not None and any(state not in ("full", "reversed") for state, _ in versions) else None
    return Weight(s, (min(lows), (min(likely) + max(likely)) / 2, max(highs)), kind, by, speaks)


def silent_by(case: Case, item: Item, s: Standing, profile: TrustProfile) -> Silent | None:
    """By what the silence of a commitment is judged; None: as without a curve."""
    if profile.delivery is None or "broken" in profile.own.get(item.id, {}):
        return None
    curve, time = profile.delivery.curve(item, case), allowed(case, item, s)
    return None if curve is None or time is None else Silent(curve, time)


def kept_ratio(case: Case, item: str, profile: TrustProfile) -> tuple[Triple, str]:
    """K, and where it is from; "planner" where the credit is left to the planner."""
    spec = case.measures.get(item)
    if spec is not None and spec.signal.likely > 1 and not spec.in_force:
        g = math.log(spec.signal.likely)
        return (g, g, g), "planner"
    if "kept" in profile.own.get(item, {}):
        return profile.own[item]["kept"], "item"
    if spec is not None and spec.signal.likely > 1:
        g = math.log(spec.signal.likely)
        return (g, g, g), "signal"
    return profile.logs["kept"], "profile"


def _version(
    s: Standing,
    state: str,
    since: datetime.date,
    kept: Triple,
    quiet: Triple | None,
    profile: TrustProfile,
    day: datetime.date,
) -> tuple[Triple, str]:
    score = float(score_of(state) or 0)
    late, broken, reverse = (profile.log(s.item, kind) for kind in ("late", "broken", "reversed"))
    begins = since
    if state == "reversed":
        logs, kind = reverse, "reversed"
    elif score == 1 and s.due is not None and since > s.due:
        logs, kind = _sum(kept, late), "late"
    elif score == 1:
        logs, kind = kept, "kept"
    elif s.due is not None and s.due < day:
        logs, kind = _sum(_times(broken if quiet is None else quiet, 1 - score), _times(kept, score)), "overdue"
        begins = max(since, s.due)
    elif score == 0 and quiet is not None:
        logs, kind, begins = quiet, "silent", day  # nothing done until today is news of today: it does not fade
    else:
        logs, kind = _sum(_times(quiet or ZERO, 1 - score), _times(kept, score)), "part"
    if profile.half_life is not None:
        logs = _times(logs, 0.5 ** (max((day - begins).days, 0) / profile.half_life))
    return logs, kind


def _sum(a: Triple, b: Triple) -> Triple:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _times(a: Triple, x: float) -> Triple:
    return a[0] * x, a[1] * x, a[2] * x
