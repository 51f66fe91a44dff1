"""How often a person's ranges hold what is known, and by how much they are made wider for it.

Of n questions with known answers (`calibration` in the case) a person's ranges held h, on average meant to do so with the
probability s. With n0 questions that anybody is taken to have answered as surely as stated (`first_questions` of the profile)

    held    q = (h + n0 s) / (n + n0)
    wider   k = z((1 + s)/2) / z((1 + q)/2), at least 1;   z: quantile of the normal distribution

so that ranges k times as wide would have held what was promised, were errors normal. Only the classical part of calibration is
used, hits; weights stay equal (Cooke 1991, Experts in uncertainty, weighs by hits and by how much is said).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist, fmean

from detente.ask.answers import Answer
from detente.ask.questions import Number, Questions
from detente.base.plain import told
from detente.errors import InputError

__all__ = ["Calibrated", "calibrated"]

_MOST_SURE = 0.99  # beyond that no number of hits would be enough
_LEAST_HELD = 0.02


@dataclass(frozen=True)
class Calibrated:
    """Of one person: how many of so many known answers lay within the ranges, how sure these were meant, and the factor."""

    held: int
    asked: int
    sure: float
    wider: float

    def to_dict(self) -> dict[str, object]:
        return told(self, figures=4)


def calibrated(questions: Questions, answers: Iterable[Answer], first: float) -> Mapping[str, Calibrated]:
    """By person, of those who have answered any. first : n0."""
    known = {q.id: c.answer for q, c in zip(questions.calibration(), questions.case.calibration, strict=True)}
    found = dict[str, list[tuple[bool, float]]]()
    for a in answers:
        if a.id in known:
            try:
                said = questions.read(questions.named(a.id), a.answer)
            except InputError:  # told where answers are read
                continue
            if isinstance(said, Number):
                found.setdefault(a.by, []).append((said.low <= known[a.id] <= said.high, float(said.sure)))
    return {by: _of(pairs, first) for by, pairs in found.items()}


def _of(pairs: list[tuple[bool, float]], first: float) -> Calibrated:
    hits, sure = sum(hit for hit, _ in pairs), min(_MOST_SURE, fmean(s for _, s in pairs))
    held = max(_LEAST_HELD, (hits + first * sure) / (len(pairs) + first))
    z = NormalDist().inv_cdf
    return Calibrated(hits, len(pairs), sure, max(1.0, z((1 + sure) / 2) / z((1 + min(held, _MOST_SURE)) / 2)))
