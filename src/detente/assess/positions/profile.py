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
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from detente.case.wording import shown, suggestion
from detente.errors import PositionsError

__all__ = ["COMPONENTS", "NAMES", "Constant", "Profile", "bundled_profiles", "read_profile"]

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
class Constant:
    """What is added to the log weight of an actor, where the columns have the values that `where` names."""

    actor: str
    where: Mapping[str, str] = field(default_factory=dict)
    weight: float = 0.0

    @property
    def name(self) -> str:
        """As the command line writes it: ``com`` or ``com:vote=unanimity``."""
        return self.actor + "".join(f":{column}={value}" for column, value in self.where.items())


@dataclass(frozen=True)
class Profile:
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
        """As the file says it."""
        return {
            "profile": self.name,
            "about": self.about,
            "source": self.source,
            "fitted": dict(self.fitted),
            "weights": dict(self.weights),
            "constants": [asdict(c) for c in self.constants],
            "actors": dict(self.actors),
            "mixture": dict(self.mixture),
            "prior": dict(self.prior),
            "penalty": dict(self.penalty),
            "residuals": {k: list(v) for k, v in self.residuals.items()},
        }

    def save(self, path: str | Path) -> None:
        """Write the file, whole or not at all.

        Raises
        ------
        OutputError
            If the place cannot be written to.
        """
        from detente.case.atomic import write_atomic

        write_atomic(path, json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n")


def bundled_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with Détente."""
    folder = files("detente.assess.positions") / "profiles"
    return tuple(sorted(f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith(".json")))


def read_profile(source: str | Path | Profile) -> Profile:
    """A profile by name, by the path of its file, or as it is.

    Raises
    ------
    PositionsError
        If there is no such profile, or the file says something that a profile does not say.
    """
    if isinstance(source, Profile):
        return source
    name = str(source)
    if name in bundled_profiles():
        text = (files("detente.assess.positions") / "profiles" / f"{name}.json").read_text(encoding="utf-8")
    else:
        try:
            text = Path(source).read_text(encoding="utf-8")
        except FileNotFoundError:
            known = bundled_profiles()
            hint = suggestion(name, known) or "make one with `detente positions fit`"
            message = f"{name}: no such profile; there are {', '.join(known)}, and files ({hint})"
            raise PositionsError(message, source=name) from None
        except (OSError, UnicodeDecodeError, ValueError) as err:
            raise PositionsError(f"{name}: cannot be read as a profile: {err}", source=name) from None
    try:
        data = json.loads(text)
    except json.JSONDecodeError as err:
        message = f"{name}:{err.lineno}:{err.colno}: is no JSON: {err.msg} (make one with `detente positions fit`)"
        raise PositionsError(message, source=name) from None
    return _checked(data, name)


def _checked(data: Any, source: str) -> Profile:
    faults: list[str] = []
    if not isinstance(data, dict):
        raise PositionsError(
            f"{source}: got {shown(data)}, wanted a profile, an object with `weights` and `mixture`", source=source
        )
    known = set(Profile("", {}, {}).to_dict())
    faults += [f"unknown key {k!r} ({suggestion(k, known) or 'take it out'})" for k in data if k not in known]
    weights = _numbers(data.get("weights"), "weights", faults, NAMES)
    mixture = _numbers(data.get("mixture"), "mixture", faults, COMPONENTS)
    actors = _numbers(data.get("actors", {}), "actors", faults)
    constants = []
    for n, c in enumerate(data.get("constants", ()) if isinstance(data.get("constants", []), list) else ()):
        if not isinstance(c, dict) or set(c) != {"actor", "where", "weight"} or not _is_number(c["weight"]):
            faults.append(f"constants[{n}]: got {shown(c)}, wanted an object with actor, where and a number as weight")
        else:
            constants.append(
                Constant(str(c["actor"]), {str(k): str(v) for k, v in dict(c["where"]).items()}, float(c["weight"]))
            )
    residuals: dict[str, tuple[float, ...]] = {}
    for k, v in dict(data.get("residuals", {})).items():
        if k not in BASELINES or not isinstance(v, list) or not all(_is_number(x) for x in v):
            faults.append(f"residuals.{k}: wanted a list of numbers for one of {', '.join(BASELINES)}")
        else:
            residuals[k] = tuple(float(x) for x in v)
    if faults:
        raise PositionsError("\n".join([f"{source}: is no profile that can be used", *faults]), source=source)
    return Profile(
        str(data.get("profile", Path(source).stem)), weights, mixture, tuple(constants), actors, residuals,
        str(data.get("about", "")), str(data.get("source", "")), dict(data.get("fitted", {})),
        dict(data.get("prior", {})), dict(data.get("penalty", {})),
    )  # fmt: skip


def _is_number(x: object) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool) and math.isfinite(x)


def _numbers(given: Any, key: str, faults: list[str], wanted: tuple[str, ...] | None = None) -> dict[str, float]:
    if not isinstance(given, dict):
        faults.append(f"{key}: got {shown(given)}, wanted an object of numbers")
        return {}
    faults += [f"{key}.{k}: got {shown(v)}, wanted a number" for k, v in given.items() if not _is_number(v)]
    if wanted is not None:
        faults += [
            f"{key}.{k}: is missing (a profile states every coefficient; 0 switches one off)" for k in wanted if k not in given
        ]
        faults += [f"{key}.{k}: is unknown ({suggestion(k, wanted) or 'take it out'})" for k in given if k not in wanted]
    return {k: float(v) for k, v in given.items() if _is_number(v)}
