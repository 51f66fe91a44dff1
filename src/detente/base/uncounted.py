"""The kernels of this folder: compiled functions that take tuples of arrays apart without counting references to them.

Numba counts references to arrays, one atomic addition for each array of a tuple that is named, in every loop. A kernel here
makes no array and returns none; all it works on belongs to who calls `play` and outlives the call. So nothing need be counted,
and a kernel can be handed the `World` and the `State` whole. With counting, plays take about ten times as long.

Where a version of numba cannot be told, references are counted: the same numbers, later. A test says so.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from detente.base.compiled import compiled

__all__ = ["inner", "kernel"]


def kernel(function: Callable[..., Any] | None = None, /, *, inline: str = "never") -> Any:
    """As `compiled`, for a function that neither makes nor returns an array; a decorator."""
    if function is None:
        return functools.partial(kernel, inline=inline)
    return _with(compiled(function, inline=inline), _nrt=False)


def inner(function: Callable[..., Any] | None = None, /, *, inline: str = "never") -> Any:
    """As `kernel`, for a function that compiled code alone calls: nothing is made by which Python could call it, which would
    take as long again as to compile it, for it would have to unpack every array of every tuple."""
    if function is None:
        return functools.partial(inner, inline=inline)
    return _with(compiled(function, inline=inline), _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _with(made: Any, **options: bool) -> Any:
    """A compiled function with options that are not among numba's documented ones, as far as it has them."""
    made.targetoptions.update({name: x for name, x in options.items() if name in _options()})
    return made


@functools.cache
def _options() -> frozenset[str]:
    from numba.core import options

    known: Any = options
    return frozenset(dir(known.DefaultOptions))
