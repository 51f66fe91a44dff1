"""How far a commitment is carried out: six states, four of them on a scale.

    none          0      nothing is done
    minimal       1/3    begun; what is done is small against what was promised
    intermediate  2/3    much is done; whether it will be completed is open
    full          1      done as promised, or as good as done
    reversed      0      was done, at least in part, and has been taken back
    disputed      -      both versions count: a range from the lowest to the highest reading

Or the share that is delivered, where it can be counted: 40%, 0.4, 2/5 or 4 of 10 are one and the same, written as 40% (or as a
fraction in lowest terms, where per cent with two decimals would not be exact). 0% is `none` and 100% is `full`.

The four are those of the Peace Accords Matrix of the Kroc Institute (none, minimum, intermediate, full, coded 0 to 3); scores
as shares of the highest code, and their mean over the stipulations, are its aggregate score divided by 100. `reversed` and
`disputed` are ours: the matrix codes each year anew and gives one reading.

Source: Joshi, Quinn and Regan 2015, Annualized implementation data on comprehensive intrastate peace accords, 1989-2012,
Journal of Peace Research 52 (4), 551-562.
"""

from __future__ import annotations

import re
from fractions import Fraction

__all__ = ["DISPUTED", "SCORES", "STATES", "WANTED", "place_of", "score_of", "state_of"]

DISPUTED = "disputed"
SCORES = {
    "none": Fraction(0),
    "minimal": Fraction(1, 3),
    "intermediate": Fraction(2, 3),
    "full": Fraction(1),
    "reversed": Fraction(0),
}
STATES = (*SCORES, DISPUTED)
WANTED = f"{', '.join(STATES)}, or a share such as 40% or 4/10"
_SHARE = re.compile(r"(?a)(\d{1,3}(?:\.\d{1,4})?) ?%|(\d?\.\d{1,6})|(\d{1,9}) ?(?:/|of) ?(\d{1,9})")


def state_of(text: str) -> str | None:
    """A state as it is kept: one of STATES, or a share in its one form; None where it is neither."""
    if text in STATES:
        return text
    found = _SHARE.fullmatch(text)
    if found is None:
        return None
    percent, decimal, part, whole = found.groups()
    if whole is not None and int(whole) == 0:
        return None
    share = Fraction(percent) / 100 if percent else Fraction(decimal) if decimal else Fraction(int(part), int(whole))
    if not 0 < share < 1:
        return {0: "none", 1: "full"}.get(share)  # type: ignore[call-overload, no-any-return]
    hundredths = share * 10_000
    return f"{float(share * 100):.10g}%" if hundredths.denominator == 1 else f"{share.numerator}/{share.denominator}"


def score_of(state: str) -> Fraction | None:
    """From 0 to 1; None for a state that has no place on the scale."""
    if state in SCORES:
        return SCORES[state]
    if state == DISPUTED:
        return None
    return Fraction(state[:-1]) / 100 if state.endswith("%") else Fraction(state)


def place_of(state: str) -> float:
    """Where a state stands when they are sorted: by score, then what was taken back, then what is disputed."""
    return float(STATES.index(state)) if state in STATES else float(3 * (score_of(state) or 0))
