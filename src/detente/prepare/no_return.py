"""The point of no return of each party: from when on the others' stopping leaves it worse off than no deal at all.

While the roadmap is followed, suppose that in phase t the others stop just when party i performs; whichever other party would
hurt it most, found out as late as its lags allow. The best that i can then still do is to step out when it finds out. That
secures

    S[i,t] = W[i,t] - max(0, max over j and L of E[i,j,t,L])

(V, W, E of model.md: W[i,t] is stepping out before performing phase t, and E what performing it adds to the loss, where the
other has something to do that matters to i). No deal, N[i], is what i has alone from phase 0 on (`case.alone`). The point of no
return of i is the first phase t with

    S[i,u] < N[i]    for u = t, t+1, .. T,

T being the steady state: before it there is still a phase in which i can be let down and be no worse off than without any deal;
from it on there is none. None where S[i,T] >= N[i].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from detente.plan.certificate import Certificate

__all__ = ["NoReturn", "points_of_no_return"]


@dataclass(frozen=True)
class NoReturn:
    """From `phase` on the party can secure less than no deal.

    secured : S[i, phase]. toward : who would hurt it most in that phase; None: nobody beyond what stepping out costs.
    last : S[i,T], what it can secure for good. no_deal : N[i].
    """

    phase: int
    secured: Fraction
    toward: str | None
    last: Fraction
    no_deal: Fraction

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        phase : the point of no return
        secured : what it can secure there
        no_deal : what no deal is worth
        """
        return {
            "phase": self.phase,
            "secured": float(self.secured),
            "toward": self.toward,
            "last": float(self.last),
            "no_deal": float(self.no_deal),
        }


def points_of_no_return(certificate: Certificate) -> dict[str, NoReturn | None]:
    """By party, from the figures of a roadmap's certificate."""
    return {i: _point(certificate, i) for i in certificate.courses}


def _point(certificate: Certificate, party: str) -> NoReturn | None:
    out = certificate.courses[party].stepping_out
    pairs: Mapping[str, tuple[Fraction, ...]] = {j: pair.exposure for (i, j), pair in certificate.pairs.items() if i == party}
    secured = [w - max([Fraction(0), *(e[t] for e in pairs.values())]) for t, w in enumerate(out)]
    no_deal = certificate.no_deal[party]
    if secured[-1] >= no_deal:
        return None
    phase = next((t + 1 for t in reversed(range(len(secured))) if secured[t] >= no_deal), 0)
    worst = max(pairs, key=lambda j: pairs[j][phase], default=None)
    if worst is not None and pairs[worst][phase] <= 0:
        worst = None
    return NoReturn(phase, secured[phase], worst, secured[-1], no_deal)
