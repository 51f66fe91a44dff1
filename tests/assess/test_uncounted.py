"""Kernels that count no references: that numba was told so and understood, and that nothing is lost by it."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.assess.kernel.play import play
from detente.base.compiled import compiled
from detente.base.uncounted import kernel


class Pair(NamedTuple):
    """Two arrays, as kernels get them."""

    first: NDArray[np.float64]
    second: NDArray[np.float64]


@kernel
def product(pair):  # type: ignore[no-untyped-def]
    """Names both arrays of a tuple in a loop."""
    total = 0.0
    for n in range(len(pair.first)):
        total += pair.first[n] * pair.second[n]
    return total


def counts(function: Any) -> bool:
    """Whether numba will compile a function so that it counts references."""
    from numba.core.compiler import Flags

    flags: Any = Flags()  # type: ignore[no-untyped-call]
    function.targetdescr.options.parse_as_flags(flags, function.targetoptions)
    return bool(flags.nrt)


def test_kernels_count_no_references() -> None:
    """Catches a version of numba that no longer has the option, with which plays would take ten times as long."""
    assert not counts(play)
    assert not counts(product)
    assert counts(compiled(lambda x: x))


def test_arrays_live_as_long_as_before() -> None:
    """Catches a reference that a kernel takes and never gives back, or gives back twice: memory kept, or freed under it."""
    given = Pair(np.arange(4.0), np.ones(4))
    before = sys.getrefcount(given.first)
    for _ in range(50):
        assert product(given) == 6.0
    after = sys.getrefcount(given.first)
    assert after == before
