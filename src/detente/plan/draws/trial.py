"""A case and a set of draws, ready to try roadmaps on: in which draws does every row hold, and where does it break first?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.case.draws.draw import Draws, spread
from detente.case.instance import Instance
from detente.plan.tables.party_rows import Ints, Layout, layout, rows
from detente.plan.tables.worth import begun_worth

__all__ = ["Trial"]

_BLOCK = 256


@dataclass(frozen=True)
class Trial:
    """An instance and N draws of its uncertain values; P parties.

    trust, red_lines : False leaves these rows out.
    """

    instance: Instance
    draws: Draws
    trust: bool = True
    red_lines: bool = True
    cores: int = 1

    @cached_property
    def layouts(self) -> tuple[Layout, ...]:
        return tuple(layout(self.instance, p.id, self.draws.quantities) for p in self.instance.parties)

    def first(self, entry: Ints) -> Ints:
        """The first phase with a broken row, by draw, party and kind of row: of shape (N, P, 4); T + 1 where none is."""
        every = range(len(self.layouts))
        return np.stack([self.of_party(n, entry) for n in every], axis=1)

    def of_party(self, party: int, entry: Ints, values: NDArray[np.float64] | None = None) -> Ints:
        """The same for one party, of shape (N, 4); `values` in place of the draws, if given."""
        values = self.draws.values if values is None else values

        def block(start: int) -> Ints:
            part = values[start : start + _BLOCK]
            return rows(self.layouts[party], entry, part, trust=self.trust, red_lines=self.red_lines)[0]

        return np.concatenate(spread(block, range(0, len(values), _BLOCK), self.cores))

    def turned(self) -> float:
        """In what share of the draws some act that is one party's own is worth having to it, or worth beginning, where it is
        not at the likely values, or the other way round."""
        found = np.zeros(len(self.draws.values), dtype=bool)
        for p, a in zip(self.instance.parties, self.layouts, strict=True):
            d = self._drawn(a.discount, a.discount_at)
            for n, m in enumerate(self.instance.measures):
                if m.actors == (p.id,):
                    v = self._drawn(a.value[n], a.value_at[n], a.share[n])
                    begun = begun_worth(v, self._drawn(a.once[n], a.once_at[n], a.share[n]), m.takes, d)
                    likely = begun_worth(a.value[n], a.once[n], m.takes, a.discount)
                    found |= (v >= 0) != (a.value[n] >= 0)
                    found |= (a.value[n] >= 0) & (not m.in_force) & ((begun > 0) != (likely > 0))
        return float(found.mean())

    def _drawn(self, likely: float, at: int, share: float = 1.0) -> NDArray[np.float64]:
        """A number in every draw."""
        return np.full(len(self.draws.values), likely) if at < 0 else self.draws.values[:, at] * share

    def share(self, entry: Ints) -> float:
        """In what share of the draws every row holds."""
        count = len(self.draws.values)
        return 1 - self.breaks(entry, range(len(self.instance.parties)), count) / count

    def breaks(self, entry: Ints, order: Sequence[int], most: int) -> int:
        """In how many draws some row is broken; stops counting, above `most`, where the answer no longer matters.

        order : in which order to try the parties.
        """
        broken = np.zeros(len(self.draws.values), dtype=bool)
        for party in order:
            broken |= (self.of_party(party, entry) <= self.instance.phases).any(axis=1)
            if broken.sum() > most:
                break
        return int(broken.sum())
