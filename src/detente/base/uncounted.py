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

__all__ = ["kernel"]


def kernel(function: Callable[..., Any] | None = None, /, *, inline: str = "never") -> Any:
    """As `compiled`, for a function that neither makes nor returns an array; a decorator."""
    if function is None:
        return functools.partial(kernel, inline=inline)
    made = compiled(function, inline=inline)
    if _can_go_without():
        made.targetoptions["_nrt"] = False
    return made


@functools.cache
def _can_go_without() -> bool:
    """Whether numba has the option; it is not among the documented ones."""
    from numba.core import options

    known: Any = options
    return hasattr(known.DefaultOptions, "_nrt")
