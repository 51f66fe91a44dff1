"""Fit the bundled profile `eu-council` again from the data that it was fitted on.

    python benchmarks/fit_eu_council.py PATH/deu3_development.csv [-o src/detente/positions/profiles/eu-council.json]

The data are about 60 % of the proposals of DEU III (Arregui and Perarnaud 2021, doi 10.34810/data53, CC BY 4.0), one line an
actor and issue, with capability in trillions of gross domestic product and the Commission and the Parliament as the largest
member. They are not part of this repository. Without -o the coefficients are compared with the bundled ones, and the exit
code is 1 if any differs by more than 0.001.
"""

from __future__ import annotations

import argparse
import sys

from detente.positions.backtest import fit
from detente.positions.profile import PositionsProfile, read_profile

CONSTANTS = ("com", "ep", "ep:procedure=COD", "com:council_vote=Unan")
ABOUT = (
    "Bargains of many actors on one scale within one institution: decisions of the European Union, proposals of 1995 to 2018. "
    "Positions were placed by experts, often after the decision, so that one may stand where the decision fell because it "
    "fell there. Elsewhere it is an assumption, to be tried on decided issues of that place first."
)
SOURCE = (
    "DEU III, Decision-making in the European Union (Arregui and Perarnaud 2021, doi 10.34810/data53, CC BY 4.0): a part of "
    "about 60 % of the proposals, with gross domestic product in trillions as capability"
)
DATE = "2026-11-25"
TOLERANCE = 1e-3


def fitted(path: str, effects: bool | None = None) -> PositionsProfile:
    """The profile, from the file at `path`; effects : of actors, None: as cross-validation says, which takes longest."""
    return fit(
        path,
        outcome="outcome",
        group="proposal",
        span=(0.0, 100.0),
        constants=CONSTANTS,
        effects=effects,
        name="eu-council",
        about=ABOUT,
        origin=SOURCE,
        date=DATE,
    )


def largest_difference(one: PositionsProfile, other: PositionsProfile) -> float:
    """The largest difference between coefficients of two profiles."""
    pairs = [(one.weights[k], other.weights[k]) for k in one.weights]
    pairs += [(one.mixture[k], other.mixture[k]) for k in one.mixture]
    pairs += [(a.weight, b.weight) for a, b in zip(one.constants, other.constants, strict=True)]
    pairs += [(one.actors.get(k, 0.0), other.actors.get(k, 0.0)) for k in {*one.actors, *other.actors}]
    return max(abs(a - b) for a, b in pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the bundled profile eu-council again.")
    parser.add_argument("data")
    parser.add_argument("-o", "--output")
    asked = parser.parse_args()
    found = fitted(asked.data)
    if asked.output:
        found.save(asked.output)
        print(f"written to {asked.output}")
        return
    apart = largest_difference(found, read_profile("eu-council"))
    print(f"largest difference from the bundled coefficients: {apart:.6f}")
    sys.exit(int(apart > TOLERANCE))


if __name__ == "__main__":
    main()
