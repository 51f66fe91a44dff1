"""How much each actor counts: weights that are log-linear in a few features.

    log w_i = log share_i + a ln c_i + b ln(S_i / 50) + t top_i + e rel_i + f los_i + constants_i + alpha_i ,   sum_i w_i = 1

c_i     capability; an actor with none has no weight
S_i     max(salience, 5): who cares little still has some say
top_i   1 if nobody on the issue has a higher salience, all of several; else 0
rel_i   where a proposal has several issues: ln(S_i / mean of the actor's S over its issues in the proposal); else 0
los_i   where a proposal has several issues: 5 (v_i - mean of v over the actors), where v_i is the mean over the actor's *other*
        issues in the proposal of (s_i/100) (|x_i - m| / 100), m being the mean position with weights sqrt(c) s: who stands to
        lose on one issue is given way to on another; 0 where there are none
constants_i    what a profile says of a named actor, everywhere or where a column has a named value
alpha_i        what a profile says of a named actor beyond this; 0 for an actor that it does not know

x is in hundredths of the range, s in hundredths of its scale. Every feature is the same when the scale is mirrored. A part of
an actor (`name/1`) has its share of the actor's weight, so that cutting an actor in parts changes nothing; with a < 1 two
actors weigh more than one with the capability of both, which is what a < 1 says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.positions.panel import Panel, sums_by
from detente.positions.profile import NAMES, Constant, PositionsProfile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from detente.positions.panel import Floats

__all__ = ["FLOOR", "Features", "actor_effects", "features", "log_weights", "normalised", "weights"]

FLOOR = 5.0
LOSS_UNIT = 5.0


@dataclass(frozen=True)
class Features:
    """What weights are made of.

    values : ndarray(float, ndim=2) of shape (N, 5 + constants): c (its logarithm), salience, top, rel, los, constants
    base : (N,): ln share, minus infinity for no capability
    usual : (N,): the mean of the actor's S over its issues in the proposal; NaN where the proposal has one issue
    held : (N,): the number of these issues
    """

    values: Floats
    base: Floats
    usual: Floats
    held: Floats


def features(panel: Panel, constants: Sequence[Constant] = ()) -> Features:
    """What the weights are made of, one row an entry."""
    has = (panel.c > 0) & (panel.share > 0)
    S = np.maximum(panel.s, FLOOR)
    top = panel.s >= panel.tops(panel.s)[panel.issue] - 1e-9
    usual, los, held = _across(panel, S)
    columns = [
        np.log(np.where(has, panel.c, 1.0)),
        np.log(S / 50.0),
        top.astype(float),
        np.where(np.isnan(usual), 0.0, np.log(S / np.where(np.isnan(usual), S, usual))),
        los,
    ]
    columns += [_applies(panel, constant).astype(float) for constant in constants]
    base = np.where(has, np.log(np.where(panel.share > 0, panel.share, 1.0)), -np.inf)
    return Features(np.column_stack(columns), base, usual, held)


def _applies(panel: Panel, constant: Constant) -> NDArray[np.bool_]:
    named = np.array([name == constant.actor for name in panel.names], dtype=bool)[panel.actor]
    for n in np.flatnonzero(named) if constant.where else ():
        named[n] = all(panel.others[n].get(column) == value for column, value in constant.where.items())
    return named


def _across(panel: Panel, S: Floats) -> tuple[Floats, Floats, Floats]:
    """usual, los and held: what an actor's other issues in the same proposal say."""
    proposal = panel.proposal[panel.issue]
    issues = np.bincount(panel.proposal)
    several = issues[proposal] > 1
    usual, los = np.full(len(S), np.nan), np.zeros(len(S))
    if not several.any():
        return usual, los, np.ones(len(S))
    _, pair = np.unique(proposal * len(panel.names) + panel.actor, return_inverse=True)
    held = sums_by(pair, panel.share)  # issues of the proposal on which the actor has a position
    usual = np.where(several, (sums_by(pair, panel.share * S) / held)[pair], np.nan)
    pull = np.sqrt(panel.c) * panel.share * panel.s
    nobody = panel.sums(pull) <= 0
    pull = np.where(nobody[panel.issue], panel.share, pull)
    m = panel.sums(pull * panel.x) / panel.sums(pull)
    stake = panel.share * (panel.s / 100.0) * np.abs(panel.x - m[panel.issue]) / 100.0
    _, own = np.unique(panel.issue * len(panel.names) + panel.actor, return_inverse=True)
    others = held[pair] - 1.0
    lost = sums_by(pair, stake)[pair] - sums_by(own, stake)[own]
    some = several & (others > 0.5)
    v = np.where(some, lost / np.where(some, others, 1.0), 0.0)
    counted = panel.sums(panel.share * some)
    mean = panel.sums(panel.share * v * some) / np.where(counted > 0, counted, 1.0)
    return usual, np.where(some, LOSS_UNIT * (v - mean[panel.issue]), 0.0), held[pair]


def actor_effects(panel: Panel, profile: PositionsProfile) -> Floats:
    """alpha_i of each entry, 0 for actors that the profile does not know."""
    found: Floats = np.array([profile.actors.get(name, 0.0) for name in panel.names], dtype=float)[panel.actor]
    return found


def log_weights(panel: Panel, found: Features, profile: PositionsProfile) -> Floats:
    """log w of shape (N,), up to a constant within each issue."""
    theta = np.array([*(profile.weights[n] for n in NAMES), *(c.weight for c in profile.constants)])
    logs: Floats = found.base + found.values @ theta + actor_effects(panel, profile)
    return logs


def weights(panel: Panel, found: Features, profile: PositionsProfile) -> Floats:
    """w of shape (N,), its sum 1 within each issue."""
    return normalised(panel, log_weights(panel, found, profile))


def normalised(panel: Panel, logs: Floats) -> Floats:
    """exp of the logarithms over its sum within each issue."""
    raw = np.exp(logs - panel.tops(logs)[panel.issue])
    return raw / panel.sums(raw)[panel.issue]
