"""Trust as one quantity: all odds of a case multiplied by one factor, and the least factor with which a roadmap holds.

Definitions
-----------
odds of a pair      p / (1 - p), p the trust that the case states
reference pair      the ordered pair with the lowest stated trust (the first in the order of the case among equals)
level q             the case with all stated odds multiplied by the factor that brings the trust of the reference pair to q.
                    Multiplying odds is what evidence does to a belief (Bayes), so a level says: all parties have seen something
                    that makes the others this much likelier to be sincere. The proportions between pairs are kept.
strain of a roadmap the largest share of the odds that any trust or doubt row needs, max over rows of what is at risk over
                    odds times what is lost by not going on: E / (odds (V - W)) and (Y - X) / (odds (V - D)), where E or Y - X
                    is above 0.

E, Y, X, V, W and D do not depend on trust, and the odds of a level are the stated ones times a factor f. So where the other
rows hold (V >= W among them), these hold at a level if and only if f >= strain: a roadmap that holds at one level holds at
every higher one, and its strain is exactly the factor below which it does not. Strain 1: the stated trust is just enough.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from detente.case.instance import Instance, Party
from detente.plan.certificate import Certificate

__all__ = ["at_level", "factor_of", "level_of", "reference", "scaled", "strain"]


def reference(instance: Instance) -> tuple[str, str] | None:
    """The pair (who trusts, whom) whose trust tells the level; None where nobody depends on another that can act."""
    pairs = [(x, (p.id, j)) for p in instance.parties for j, x in p.trust.items() if j in instance.acting]
    return min(pairs, key=lambda pair: pair[0])[1] if pairs else None


def factor_of(instance: Instance, level: Fraction) -> Fraction:
    """The factor of all odds that brings the reference pair's trust to a level, 0 < level < 1."""
    stated = _stated(instance)
    return level / (1 - level) / (stated / (1 - stated))


def level_of(instance: Instance, factor: Fraction) -> Fraction:
    """The trust of the reference pair with all odds multiplied by a factor of at least 0."""
    stated = _stated(instance)
    odds = stated / (1 - stated) * factor
    return odds / (1 + odds)


def at_level(instance: Instance, level: Fraction) -> Instance:
    """The case at a level of trust."""
    return scaled(instance, factor_of(instance, level))


def scaled(instance: Instance, factor: Fraction) -> Instance:
    """The case with all odds multiplied by a factor, more than 0."""

    def trusting(p: Party) -> Party:
        odds = {j: x / (1 - x) * factor for j, x in p.trust.items()}
        return replace(p, trust={j: o / (1 + o) for j, o in odds.items()})

    return replace(instance, parties=tuple(trusting(p) for p in instance.parties))


def strain(certificate: Certificate) -> Fraction | None:
    """The strain of a certified roadmap, 0 where nothing is put at risk; None where no trust, however high, would do."""
    return certificate.strain


def _stated(instance: Instance) -> Fraction:
    pair = reference(instance)
    if pair is None:
        raise ValueError(f"{instance.case}: nobody trusts anybody, so there is no level of trust")
    return instance.party[pair[0]].trust[pair[1]]
