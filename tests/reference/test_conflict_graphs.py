"""Textbook conflicts, with the answers that their sources print.

A concept that is subtly another one than the field's would still pass a test written by the same hand; these answers were
published.
"""

from __future__ import annotations

import pytest

from detente.diagnose.graph.read import read_conflict
from detente.diagnose.graph.solve import graph

PRISONERS = """
conflict: prisoners-dilemma
title: Prisoner's dilemma
source: Fang, Hipel and Kilgour 1993, section 1.2
parties:
  one: {name: One, options: {cooperate-1: Cooperate}, ranking: [3, 4, 1, 2]}
  two: {name: Two, options: {cooperate-2: Cooperate}, ranking: [2, 4, 1, 3]}
status_quo: []
"""

CHICKEN = """
conflict: chicken
title: Chicken
source: Fang, Hipel and Kilgour 1993, section 1.2
parties:
  one: {name: One, options: {swerve-1: Swerve}, ranking: [3, 4, 2, 1]}
  two: {name: Two, options: {swerve-2: Swerve}, ranking: [2, 4, 3, 1]}
"""

# Fraser and Hipel 1984, chapter 1: outcomes are numbered by their bits, air strike 1, blockade 2, withdraw 4, escalate 8; the
# preference vectors are theirs.
CUBA = """
conflict: cuban-missile-crisis
title: Cuban missile crisis
parties:
  us:
    name: United States
    options: {air-strike: Air strike, blockade: Blockade}
    ranking: [NNYN, NYYN, YNYN, YYYN, NYNN, YNNN, YYNN, NNNN, YYNY, YNNY, NYNY, NNNY]
  ussr:
    name: Soviet Union
    options: {withdraw: Withdraw the missiles, escalate: Escalate}
    ranking: [NNNN, NNYN, NYYN, NYNN, YNYN, YNNN, YYYN, YYNN, YYNY, YNNY, NYNY, NNNY]
infeasible: [withdraw AND escalate]
"""

# Hipel, Fang, Kilgour and Haight 1993; Kilgour, Hipel, Fang and Peng 2001. Their nine states and preferences; state 9, in which
# Uniroyal abandons its plant whatever the others do, is four states in option form.
ELMIRA = """
conflict: elmira
title: Elmira groundwater contamination
parties:
  moe: {name: Ministry of the Environment, options: {modify: {title: Modify, direction: forward}}, ranking: RANK-M}
  uniroyal:
    name: Uniroyal
    options:
      delay: {title: Delay, direction: back}
      accept: {title: Accept, direction: both}
      abandon: {title: Abandon, direction: forward}
    ranking: RANK-U
  local: {name: Local government, options: {insist: Insist}, ranking: RANK-L}
infeasible:
  - delay AND accept OR delay AND abandon OR accept AND abandon
  - NOT (delay OR accept OR abandon)
status_quo: [delay]
"""
NINE = {"NYNNN": 1, "YYNNN": 2, "NNYNN": 3, "YNYNN": 4, "NYNNY": 5, "YYNNY": 6, "NNYNY": 7, "YNYNY": 8}
RANKINGS = {"RANK-M": (7, 3, 4, 8, 5, 1, 2, 6, 9), "RANK-U": (1, 4, 8, 5, 9, 3, 7, 2, 6), "RANK-L": (7, 3, 5, 1, 8, 6, 4, 2, 9)}


def elmira() -> str:
    text = ELMIRA
    pattern = {n: p for p, n in NINE.items()}
    for key, ranking in RANKINGS.items():
        told = [pattern[n] if n != 9 else "[NNNYN, YNNYN, NNNYY, YNNYY]" for n in ranking]
        text = text.replace(key, f"[{', '.join(told)}]")
    return text


def test_prisoners_dilemma() -> None:
    """Only mutual defection is Nash; mutual cooperation is held by every concept that looks one answer further."""
    found = graph(read_conflict(PRISONERS))
    assert found.equilibria("nash") == [1]
    assert all(found.equilibria(c) == [1, 4] for c in ("gmr", "smr", "seq", "sim"))


def test_chicken() -> None:
    """The two Nash equilibria, and with foresight the compromise; never the crash."""
    found = graph(read_conflict(CHICKEN))
    assert found.equilibria("nash") == [2, 3]
    assert all(found.equilibria(c) == [2, 3, 4] for c in ("gmr", "smr", "sim"))
    assert found.equilibria("seq") == [2, 3]


def test_cuban_missile_crisis() -> None:
    """Fraser and Hipel's equilibria: the Soviet Union withdraws, with a blockade (what happened) or without one."""
    found = graph(read_conflict(CUBA))
    assert found.count == 12
    assert [found.pattern(n) for n in found.equilibria("seq")] == ["NNYN", "NYYN"]
    assert found.equilibria("nash") == []
    assert found.number("NYYN") in found.equilibria("gmr")


@pytest.mark.parametrize(
    ("concept", "equilibria"),
    [("nash", {5, 8, 9}), ("seq", {5, 8, 9}), ("gmr", {1, 4, 5, 8, 9}), ("smr", {1, 4, 5, 8, 9})],
)
def test_elmira(concept: str, equilibria: set[int]) -> None:
    """Nash and SEQ {5, 8, 9}, GMR and SMR {1, 4, 5, 8, 9} in the numbering of the nine states."""
    found = graph(read_conflict(elmira()))
    assert {NINE.get(found.pattern(n), 9) for n in found.equilibria(concept)} == equilibria


def test_elmira_by_coalition() -> None:
    """Kilgour, Hipel, Fang and Peng 2001: from 5 the Ministry and Uniroyal together move to 8, better for both; 8 withstands
    every coalition. The historical course went from 1 by 5 to 8."""
    found = graph(read_conflict(elmira()))
    together = {NINE.get(found.pattern(n), 9) for n in found.coalitional("nash")}
    assert 5 not in together
    assert 8 in together
    ways = found.paths
    assert ways is not None
    assert [(p, NINE[found.pattern(s)]) for p, s in ways.to(found.number("NYNNY") or 0)] == [(2, 5)]
