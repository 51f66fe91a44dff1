"""What cases and results are made of: values that stay as they are, and are equal to their copies.

A certificate is true of one roadmap; so nothing of a result may change after it was made. A class that inherits `Frozen`
freezes its fields at every depth when it is made: mappings become `FrozenDict`s, lists tuples, sets frozensets, arrays
read-only. Two of them are equal if their compared fields are; arrays are compared as wholes, and what is not a number is equal
to itself. So a result equals its copy, its pickle and a second run, and can stand in a set.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any, NoReturn, TypeVar

__all__ = ["Frozen", "FrozenDict", "derived", "frozen", "thawed"]

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")
F = TypeVar("F", bound="Frozen")

_ATOMS = frozenset({int, float, str, bool, type(None), Fraction, bytes})


class FrozenDict(dict[K, V]):
    """A dictionary that refuses to be changed: it reads, prints, copies and compares as any other, and can be hashed."""

    __slots__ = ()

    def __init__(self, given: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        super().__init__({k: v if type(v) in _ATOMS else frozen(v) for k, v in dict(given).items()})

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("cases and results are frozen (copy this mapping with dict(...) and change the copy)")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(_key(self))

    def __reduce__(self) -> tuple[type, tuple[dict[K, V]]]:
        return type(self), (dict(self),)


class Frozen:
    """The base of results; each is a `dataclass(frozen=True)` besides."""

    def __init_subclass__(cls) -> None:
        cls.__eq__ = Frozen.__eq__  # type: ignore[method-assign]  # else the decorator would write its own
        cls.__hash__ = Frozen.__hash__  # type: ignore[method-assign]

    def __post_init__(self) -> None:
        own = self.__dict__
        for name, value in own.items():
            own[name] = frozen(value)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        Frozen.__post_init__(self)  # an array comes out of a pickle as one that can be written to

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self is other or all(map(_same, _compared(self), _compared(other)))

    def __hash__(self) -> int:
        return hash(tuple(_key(x) for x in _compared(self)))


def derived(of: F, make: Callable[[F], T]) -> T:
    """What a function makes of a frozen value, worked out once and kept with it, as its cached properties are."""
    known, name = vars(of), f"_{make.__module__}.{make.__qualname__}"
    if name not in known:
        known[name] = make(of)
    found: T = known[name]
    return found


def frozen(value: Any) -> Any:
    """The same value, so that nothing in it can be changed; what is so already, as it is."""
    kind = type(value)
    if kind in _ATOMS or kind is FrozenDict:
        return value
    if kind is tuple or kind is list:
        kept = tuple(map(frozen, value))
        return value if kind is tuple and all(a is b for a, b in zip(kept, value, strict=True)) else kept
    if hasattr(kind, "__dataclass_fields__"):
        return value
    if isinstance(value, set):
        return frozenset(value)
    if isinstance(value, Mapping):
        return FrozenDict(value)
    if _is_array(value) and value.flags.writeable:
        value = value if value.flags.owndata else value.copy()
        value.setflags(write=False)
    return value


def thawed(value: Any) -> Any:
    """The same in new dictionaries and lists, as JSON wants it."""
    if isinstance(value, Mapping):
        return {k: thawed(v) for k, v in value.items()}
    return [thawed(x) for x in value] if isinstance(value, list | tuple) else value


def _compared(result: Any) -> list[Any]:
    return [getattr(result, f.name) for f in fields(result) if f.compare]


def _same(one: Any, other: Any) -> bool:
    try:
        if one is other or (not _is_array(one) and one == other):
            return True
    except ValueError:  # an array further in, which is true or false of each of its entries only
        pass
    return bool(_key(one) == _key(other))


def _key(value: Any) -> Any:
    """What stands for a value where it is compared or hashed."""
    if isinstance(value, tuple):
        return tuple(map(_key, value))
    if isinstance(value, dict):
        return frozenset((k, _key(v)) for k, v in value.items())
    if _is_array(value):
        return value.shape, value.dtype.str, value.tobytes()
    return "not a number" if isinstance(value, float) and value != value else value


def _is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)
