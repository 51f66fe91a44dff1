"""Cells that name several actors: how a row becomes the pairs of those on either side.

The actors of a side are those that two cells name, of actors and of countries, parted by a mark: the n-th name with the n-th
country; a single name or country with each of the others; where their numbers do not fit, the countries alone. An actor without
a name is called by its country; "None" is nobody; an actor named twice is one. Each source meets each target, but none meets
itself; where there is no target, several sources act towards each other. A row without a source makes one pair of nobody, so
that it is not lost.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Joint"]


@dataclass(frozen=True)
class Joint:
    """Both sides of a row, as SQL expressions over the raw row `r`: the names and the countries of each.

    mark : what parts the actors in a cell, a regular expression.
    """

    sources: str
    source_countries: str
    targets: str
    target_countries: str
    mark: str

    def pairs(self, rows: str, column: str) -> str:
        """The rows of a relation `rows`, each as often as it has pairs, one of them in a new column: a struct of `source`,
        `source_key`, `target` and `target_key`, where the keys are the countries as written."""
        cells = {"n1": self.sources, "c1": self.source_countries, "n2": self.targets, "c2": self.target_countries}

        def at(name: str) -> str:
            return f'r."{column}{name}"'

        steps = (
            {name: self._words(cell) for name, cell in cells.items()},
            {f"a{k}": _actors(at(f"n{k}"), at(f"c{k}")) for k in (1, 2)},
            {f"s{k}": _once(at(f"a{k}")) for k in (1, 2)},
            {"m": _met(at("s1"), at("s2"))},
            {"": f"unnest({_pairs(at('s1'), at('m'))})"},
        )
        # one after the other, since an expression within another is worked out as often as it stands there
        for step in steps:
            added = ", ".join(f'{expression} as "{column}{name}"' for name, expression in step.items())
            rows = f"(select r.*, {added} from {rows} r)"
        return rows

    def _words(self, cell: str) -> str:
        split = f"string_split_regex(coalesce({cell}, ''), '{self.mark}')"
        return f"list_transform({split}, lambda detente_x: nullif(nullif(trim(detente_x), ''), 'None'))"


def _actors(n: str, c: str) -> str:
    country = f"{c}[case when len({c}) = 1 then 1 else detente_i end]"
    name = f"case when len({n}) = len({c}) or len({c}) = 1 then {n}[detente_i] when len({n}) = 1 then {n}[1] end"
    each = f"lambda detente_i: struct_pack(name := coalesce({name}, {country}), country := {country})"
    count = f"case when len({c}) = 1 then len({n}) else len({c}) end"
    return f"list_filter(list_transform(range(1, 1 + {count}), {each}), lambda detente_s: detente_s.name is not null)"


def _once(actors: str) -> str:
    return f"list_filter({actors}, lambda detente_x, detente_i: list_position({actors}, detente_x) = detente_i)"


def _met(s: str, t: str) -> str:
    return f"case when len({t}) > 0 then {t} when len({s}) > 1 then {s} else [null] end"


def _pairs(s: str, m: str) -> str:
    names = ("source", "source_key", "target", "target_key")
    nobody = ", ".join(f"{name} := null::varchar" for name in names)
    cells = ("detente_a.name", "detente_a.country", "detente_b.name", "detente_b.country")
    pair = ", ".join(f"{name} := {cell}" for name, cell in zip(names, cells, strict=True))
    each = f"lambda detente_a: list_transform({m}, lambda detente_b: struct_pack({pair}))"
    unlike = " or ".join(f"detente_p.source{end} is distinct from detente_p.target{end}" for end in ("", "_key"))
    found = f"list_filter(flatten(list_transform({s}, {each})), lambda detente_p: len({s}) * len({m}) = 1 or {unlike})"
    return f"case when len({s}) = 0 then [struct_pack({nobody})] else {found} end"
