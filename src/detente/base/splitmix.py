"""Random numbers by purpose: u depends on seed, play, purpose, a and b alone, not on what was drawn before.

Play n of seed s has the key mix(mix(s) + (n + 1) G); its number for (purpose, a, b) is the point of SplitMix64 at position
c = purpose 2^40 + a 2^20 + b:

    u = mix(key + (c + 1) G) / 2^64, of which the upper 53 bits count,  G = 0x9E3779B97F4A7C15

So two strategies meet the same luck in the same play, and plays can be computed in any order, on any machine. Purposes 0 to 99
are those of a play (`assess.kernel.chance`); from 100 on those of the values that are drawn for it (`case.draws.by_number`).

Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators (mix is its variant 13 by Stafford).
"""

from __future__ import annotations

import numpy as np

from detente.base.uncounted import kernel

__all__ = ["key_of", "u"]

_G = np.uint64(0x9E3779B97F4A7C15)
_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_ONE = np.uint64(1)
_30, _27, _31, _11, _20, _40 = (np.uint64(n) for n in (30, 27, 31, 11, 20, 40))


@kernel(inline="always")
def _mix(z):  # type: ignore[no-untyped-def]
    """SplitMix64's finaliser, of 64 bits to 64 bits."""
    z = (z ^ (z >> _30)) * _A
    z = (z ^ (z >> _27)) * _B
    return z ^ (z >> _31)


@kernel
def key_of(seed, play):  # type: ignore[no-untyped-def]
    """The key of a play."""
    return _mix(_mix(np.uint64(seed)) + (np.uint64(play) + _ONE) * _G)


@kernel
def u(key, purpose, a, b):  # type: ignore[no-untyped-def]
    """A number in [0, 1)."""
    c = (np.uint64(purpose) << _40) + (np.uint64(a) << _20) + np.uint64(b)
    return float(_mix(key + (c + _ONE) * _G) >> _11) * (1.0 / 9007199254740992.0)
