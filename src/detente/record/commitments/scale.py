"""How far a commitment is carried out: six states, four of them on a scale.

    none          0      nothing is done
    minimal       1/3    begun; what is done is small against what was promised
    intermediate  2/3    much is done; whether it will be completed is open
    full          1      done as promised, or as good as done
    reversed      0      was done, at least in part, and has been taken back
    disputed      -      both versions count: a range from the lowest to the highest reading

The four are those of the Peace Accords Matrix of the Kroc Institute (none, minimum, intermediate, full, coded 0 to 3); scores
as shares of the highest code, and their mean over the stipulations, are its aggregate score divided by 100. `reversed` and
`disputed` are ours: the matrix codes each year anew and gives one reading.

Source: Joshi, Quinn and Regan 2015, Annualized implementation data on comprehensive intrastate peace accords, 1989-2012,
Journal of Peace Research 52 (4), 551-562.
"""

from __future__ import annotations

from fractions import Fraction

__all__ = ["DISPUTED", "SCORES", "STATES"]

DISPUTED = "disputed"
SCORES = {
    "none": Fraction(0),
    "minimal": Fraction(1, 3),
    "intermediate": Fraction(2, 3),
    "full": Fraction(1),
    "reversed": Fraction(0),
}
STATES = (*SCORES, DISPUTED)
