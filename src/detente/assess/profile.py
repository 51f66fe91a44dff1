"""The judgements that plays need and a case has not: a named profile, bundled or a file.

No entry has a default in the code, and a file must give every one, with its reason. Every result names the profile and its
values.

Some entries act only where a case says why a step is not carried out (`case.unsaid`), each on some keys of it:

    firm_low, .._medium, .._high    demands of that firmness: the chance that `before` is held back while `first` is not seen
    unfirm          the same for demands of which no firmness is stated
    contested       `reading`: the chance that what is read in two ways is read the narrower way
    holds_back      any of them: the chance that a party answers a missed step by holding back, where no answer is stated
    lapses          any of them: the chance per year that what is in force lapses of itself
    late_CLASS      `class`: the share of such steps that are not delivered one year after they were due
    catches_up      `class`: the chance per year, after the first, that what is late is delivered

For any other case they are neither assumptions nor shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from detente.case.case import Case
from detente.case.causes import Class
from detente.case.profile import Bounds, Judgements, judgements
from detente.case.unsaid import says_why
from detente.errors import ProfileError

__all__ = ["ENTRIES", "PlayProfile", "acting", "load_profile"]

PlayProfile = Judgements

_OF_CAUSES = (
    *("firm_low", "firm_medium", "firm_high", "unfirm", "contested", "holds_back", "lapses", "catches_up"),
    *(f"late_{c}" for c in get_args(Class)),
)

ENTRIES: Mapping[str, Bounds] = {
    "spoilers": Bounds(0, 1, ranged=True),
    "strikes": Bounds(0, 1, ranged=True),
    "overlooked": Bounds(0, 0.95, ranged=True),
    "mends": Bounds(0, 1, ranged=True),
    "patience": Bounds(0, 100, whole=True, ranged=True),
    "tolerate": Bounds(0, 100, whole=True, ranged=True),
    "initiatives": Bounds(1, 100, whole=True, ranged=True),
    "odds": Bounds(1, 100, ranged=True),
    "warning": Bounds(1, 1000, whole=True, ranged=True),
    **dict.fromkeys(_OF_CAUSES, Bounds(0, 1, ranged=True)),
}


def load_profile(given: str | Path | Mapping[str, Any] | PlayProfile = "plain") -> PlayProfile:
    """A bundled profile by name, a file by its path, or plain data.

    Raises
    ------
    ProfileError
        With every fault at once: no such profile, no YAML, an entry that is missing, unknown or out of range.
    """
    return judgements(given, "detente.assess", ENTRIES, ProfileError)


def acting(profile: PlayProfile, case: Case, *, drawn: bool) -> PlayProfile:
    """The profile without the entries that act on nothing in the case. drawn : whether plays draw values."""
    on = set()
    if drawn or says_why(case):
        on = {"holds_back", "lapses", *(f"firm_{d.firm}" if d.firm else "unfirm" for d in case.demands)}
    if any(d.reading for d in case.demands):
        on.add("contested")
    classes = {spec.class_ for spec in case.measures.values() if not spec.in_force} - {None}
    if classes:
        on |= {"catches_up", *(f"late_{c}" for c in classes)}
    return replace(profile, values={k: e for k, e in profile.values.items() if k in on or k not in _OF_CAUSES})
