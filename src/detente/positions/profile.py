"""Coefficients with where they come from: a named profile.

Nothing here has a hidden default: without a profile there is no distribution. A profile is a JSON file that says

    profile, about     its name, and what it can be used for
    source             where the data come from, with their terms
    fitted             the file, its SHA-256, how many issues, groups and actors, and on which day
    weights            a, b, t, e, f of `weights`, by name
    constants          what is added for a named actor, everywhere or where a column has a named value
    actors             an effect for each actor, where such were fitted
    mixture            the coefficients of `mixture`, by name
    prior, penalty     what the fit started from and how strongly it was held there
    residuals          of each baseline on the fitted issues, in hundredths of the range: outcome less forecast. With them a
                       baseline is dressed as a distribution when it is scored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from detente.base.bounds import name_of
from detente.base.frozen import Frozen
from detente.base.plain import told
from detente.base.wording import fault, shown, suggestion
from detente.case.block import Block, Text
from detente.case.number import Number
from detente.case.profile import bundled
from detente.case.profile import read_profile as read_strictly
from detente.errors import PositionsError

__all__ = ["COMPONENTS", "NAMES", "Constant", "PositionsProfile", "bundled_profiles", "read_profile"]

NAMES = ("capability", "salience", "top", "relative", "losing")
COMPONENTS = (
    "share",
    "distance",
    "end",
    "end_polar",
    "inner",
    "normal_8",
    "normal_16",
    "normal_28",
    "normal_polar",
    "uniform",
    "middle",
    "middle_polar",
)
BASELINES = ("weighted_mean", "weighted_median", "mean")


@dataclass(frozen=True)
class Constant(Frozen):
    """What is added to the log weight of an actor, where the columns have the values that `where` names."""

    actor: str
    where: Mapping[str, str] = field(default_factory=dict)
    weight: float = 0.0

    @property
    def name(self) -> str:
        """As the command line writes it: ``com`` or ``com:vote=unanimity``."""
        return self.actor + "".join(f":{column}={value}" for column, value in self.where.items())

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it.

        actor : the actor
        where : columns of the table and their values
        weight : its share of the weight
        """
        return told(self)


@dataclass(frozen=True)
class PositionsProfile(Frozen):
    """Coefficients and their origin; frozen."""

    name: str
    weights: Mapping[str, float]
    mixture: Mapping[str, float]
    constants: tuple[Constant, ...] = ()
    actors: Mapping[str, float] = field(default_factory=dict)
    residuals: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    about: str = ""
    source: str = ""
    fitted: Mapping[str, Any] = field(default_factory=dict)
    prior: Mapping[str, float] = field(default_factory=dict)
    penalty: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As the file says it.

        profile : its name
        about : what it can be used for
        fitted : `file`, `sha256`, `issues`, `groups`, `actors` and `date`
        weights : the exponents and coefficients of the weights: `capability`, `salience`, `top`, `relative`, `losing`
        constants : actors with a constant weight
        actors : an effect for each actor, if there are such
        mixture : the coefficients of the components' probabilities
        prior : what the weights' coefficients were drawn towards
        penalty : how strongly
        residuals : of each baseline on the fitted issues, in hundredths of the range
        """
        return told(self, "profile=name about source fitted weights constants actors mixture prior penalty residuals")

    def save(self, path: str | Path) -> None:
        """Write the file, whole or not at all.

        Raises
        ------
        OutputError
            If the place cannot be written to.
        """
        from detente.base.atomic import write_atomic

        write_atomic(path, json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n")


def bundled_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with Détente."""
    return bundled("detente.positions")


def read_profile(source: str | Path | PositionsProfile) -> PositionsProfile:
    """A profile by name, by the path of its file, or as it is.

    Raises
    ------
    PositionsError
        If there is no such profile, or the file says something that a profile does not say.
    """
    if isinstance(source, PositionsProfile):
        return source
    file, _ = read_strictly(source, "detente.positions", _ProfileFile, PositionsError)
    constants = tuple(Constant(c.actor, c.where, c.weight) for c in file.constants)
    return PositionsProfile(
        file.profile or Path(name_of(source)).stem, file.weights, file.mixture, constants, file.actors, file.residuals,
        file.about, file.source, file.fitted, file.prior, file.penalty,
    )  # fmt: skip


class _ConstantFile(Block):
    """What is added for an actor."""

    actor: Text = Field(description="Its name.")
    where: Mapping[str, str] = Field(description="Values of columns, by column.")
    weight: Number = Field(description="What is added to its log weight.")


def _of(names: tuple[str, ...], *, every: bool = True) -> AfterValidator:
    """A mapping with these keys only; every : with all of them."""

    def check(given: Mapping[str, Any]) -> Mapping[str, Any]:
        unknown = next((name for name in given if name not in names), None)
        if unknown is not None:
            raise fault(f"got {shown(unknown)}, wanted {', '.join(names)}", suggestion(unknown, names) or "take it out")
        missing = [name for name in names if name not in given]
        if every and missing:
            raise fault(f"without {', '.join(missing)}", "a profile states every coefficient; 0 switches one off")
        return given

    return AfterValidator(check)


class _ProfileFile(Block):
    """The keys of a profile."""

    profile: Text | None = Field(None, description="Its name.")
    about: str = Field("", description="What it can be used for.")
    source: str = Field("", description="Where the data come from.")
    fitted: Mapping[str, str | int | float] = Field(default_factory=dict, description="What it was fitted on.")
    weights: Annotated[Mapping[str, Number], _of(NAMES)] = Field(description="Coefficients of the weights.")
    constants: tuple[_ConstantFile, ...] = Field((), description="What is added for single actors.")
    actors: Mapping[str, Number] = Field(default_factory=dict, description="An effect for each actor.")
    mixture: Annotated[Mapping[str, Number], _of(COMPONENTS)] = Field(description="Coefficients of the mixture.")
    prior: Mapping[str, Number] = Field(default_factory=dict, description="What the fit started from.")
    penalty: Mapping[str, Number] = Field(default_factory=dict, description="How strongly it was held there.")
    residuals: Annotated[Mapping[str, tuple[Number, ...]], _of(BASELINES, every=False)] = Field(
        default_factory=dict, description="Of each baseline, in hundredths of the range."
    )
