"""What a missed step says about the party that missed it, and how much loss of trust an answer bears.

Bayes on a miss. A step's signal g says how many times likelier a sincere party takes it than an insincere one. Let f be the
chance that it fails although it was meant. Then

    P(done | sincere) = 1 - f,    P(done | insincere) = (1 - f) / g,
    a miss multiplies the odds by    f / (1 - (1 - f) / g).

With g = 1 the step says nothing when it is taken, and nothing when it is missed: the factor is 1 whatever f is. With g > 1 and
f = 0 the factor is 0: a sincere party would not fail. f is the case's `performance` risk on the measure (`fails`); several
risks on it, each by itself: 1 - prod(1 - f). Where the case states none the rate is *not known*: the factor 0 would only be
the absence of an entry. Then no factor is applied, and the break-even says how far the odds may fall. Misses of several steps
multiply; the slices of a divisible measure that fail together are one miss, with the signals of the slices multiplied.

Shocks and new governments. A shock multiplies the odds of all others in its party by its `ratio`. A change of government sets
the party's trust anew.

Break-even. Multiply all odds in party j, as they were before the news, by one factor: a trust row E <= odds (V - W) still holds
if the factor is at least E / (odds (V - W)), a doubt row likewise. The largest such quotient over all rows toward j is the
smallest factor at which the answer stands: 0 if nothing is at risk, none where a row could hold at no factor.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from detente.case.case import Case
from detente.case.instance import Instance
from detente.plan.certificate import Certificate
from detente.plan.risks import miss_factor, rate

__all__ = ["break_even", "miss_factor", "miss_of", "rate"]

ONE = Fraction(1)


def miss_of(case: Case, instance: Instance, missed: Iterable[str], party: str) -> tuple[Fraction, tuple[str, ...]]:
    """The factor on the odds in a party from what it missed, as far as known, and the measures whose rate is not known."""
    signals: dict[str, Fraction] = {}
    for m in missed:
        measure = instance.measure[m]
        if party in measure.actors:
            signals[measure.whole] = signals.get(measure.whole, ONE) * measure.signal
    factor, unknown = ONE, []
    for whole, signal in signals.items():
        one = miss_factor(signal, rate(case, whole))
        if one is None:
            unknown.append(whole)
        else:
            factor *= one
    return factor, tuple(unknown)


def break_even(certificate: Certificate, party: str) -> Fraction | None:
    """The smallest factor on all odds in a party, as the certificate has them, at which the rows of trust and doubt toward it
    hold; None: at none."""
    most = Fraction(0)
    for (_, other), pair in certificate.pairs.items():
        if other != party:
            continue
        for needed, odds in zip(pair.needed, pair.odds, strict=True):
            if needed is None:
                return None
            most = max(most, needed / odds)
    return most
