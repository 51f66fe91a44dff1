"""Functions compiled by numba, and kept compiled from one run to the next where there is a place for it.

Numba keeps them in ``__pycache__`` beside the source, else in a folder for the user, or where ``NUMBA_CACHE_DIR`` says. What it
keeps is a pickle: whoever can write it can run code. So it is never read from a folder that is named relative to the current
one, which may be somebody else's, nor from one that a file with settings in the current folder names. Without any place, or
with one that is full or damaged, all is compiled anew and works.
"""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["compiled", "is_kept"]


def compiled(function: Callable[..., Any] | None = None, /, *, inline: str = "never") -> Any:
    """Compile a function when it is first called, without the lock of the interpreter; a decorator.

    inline : "never", or "always": its body takes the place of each call.
    """
    if function is None:
        return functools.partial(compiled, inline=inline)
    compiler = _numba()
    made = compiler.njit(nogil=True, inline=inline)(function)
    kept = _place(function)
    if kept is None:
        _warn_once()
    else:
        made._cache = _Kept(kept)
    return made


def is_kept(function: Any) -> bool:
    """Whether a compiled function need not be compiled any more, or could not be kept if it were."""
    if function.overloads or not isinstance(function._cache, _Kept):
        return True
    return function._cache.is_filled()


def _numba() -> Any:
    """Numba, without the settings in ``.numba_config.yaml`` of the current folder, which it reads if it finds a YAML reader."""
    if "numba" in sys.modules:
        return sys.modules["numba"]
    warnings.filterwarnings("ignore", message="A Numba config file is found")  # which it says at every call
    kept = sys.modules.get("yaml")
    sys.modules["yaml"] = None  # type: ignore[assignment]  # what is None cannot be imported
    try:
        return import_module("numba")
    finally:
        if kept is None:
            del sys.modules["yaml"]
        else:
            sys.modules["yaml"] = kept


def _place(function: Callable[..., Any]) -> Any:
    """Where numba keeps it; None: nowhere."""
    from numba.core import caching, config

    keeping: Any = caching
    given: str = getattr(config, "CACHE_DIR", "")
    if given and not Path(given).is_absolute():
        return None
    try:
        kept = keeping.FunctionCache(function)
    except (RuntimeError, OSError, ValueError):  # "no locator available": nothing can be written
        return None
    return kept if Path(kept.cache_path).is_absolute() else None


@functools.cache
def _warn_once() -> None:
    """Say once that it takes longer than it needs to."""
    warnings.warn(
        "no writable folder for compiled code, so that it is compiled anew each time; set NUMBA_CACHE_DIR to a folder of yours,"
        " by its full path",
        RuntimeWarning,
        stacklevel=2,
    )


class _Kept:
    """Numba's cache of a function, whose failures are no reason to stop: what cannot be read or kept is compiled anew."""

    def __init__(self, kept: Any) -> None:
        self._kept = kept

    def load_overload(self, signature: Any, target: Any) -> Any:
        try:
            return self._kept.load_overload(signature, target)
        except Exception:  # a pickle that is cut short can raise anything
            return None

    def save_overload(self, signature: Any, made: Any) -> None:
        try:
            self._kept.save_overload(signature, made)
        except Exception:  # a full disk, or a folder that is no longer there
            return

    def is_filled(self) -> bool:
        """Whether something is kept of the function as it is now."""
        try:
            return bool(self._kept._cache_file._load_index())
        except Exception:  # another version of numba: it is compiled when it is called
            return True

    def flush(self) -> None:
        self._kept.flush()

    @property
    def cache_path(self) -> str:
        return str(self._kept.cache_path)
