"""What is to be reached, and by when: a measure, a slice of one, or a provision of an agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from detente.base.wording import shown, suggestion
from detente.case.alone import alone
from detente.case.case import Case
from detente.case.instance import Instance
from detente.errors import InputError
from detente.plan.roadmap import Roadmap
from detente.plan.unlock.supported import parts_of

__all__ = ["Target", "most_wanted", "with_target"]


@dataclass(frozen=True)
class Target:
    """What is to be in force.

    id : as it was given: ``relief``, ``relief/2`` or ``agreement/provision``. kind : "measure" or "provision".
    title : as it is shown. names : ids of the case, bare for a whole measure. by : the phase by which all of it is in force.
    """

    id: str
    kind: str
    title: str
    names: tuple[str, ...]
    by: int

    @classmethod
    def of(cls, case: Case, given: str, by: int | None = None) -> Target:
        """The target that a name means; without `by` the last phase.

        A name that is a measure is that measure; otherwise ``agreement/provision``, or a provision that only one agreement has.

        Raises
        ------
        InputError
            If nothing, or more than one thing, has this name; if no measure carries the provision out; if there is no such
            phase.
        """
        last = case.phases.count - 1
        if by is not None and (isinstance(by, bool) or not isinstance(by, int) or not 0 <= by <= last):
            raise InputError(f"got the phase {shown(by)}, wanted 0 to {last}: the roadmap has {last + 1} phases")
        when = last if by is None else by
        whole, _, number = given.partition("/")
        if whole in case.measures and (not number or _is_slice(case, whole, number)):
            return cls(given, "measure", _title(case, whole, number), (given,), when)
        provisions = _provisions(case)
        found = [key for key in provisions if given in (key, key.partition("/")[2])]
        if len(found) > 1:
            raise InputError(f"the provision {shown(given)} stands in several agreements; wanted one of {', '.join(found)}")
        if not found:
            raise InputError(_unknown(case, given, whole, number, list(provisions)))
        title, names = provisions[found[0]]
        if not names:
            raise InputError(
                f"the provision {found[0]} names no measures that carry it out; name a measure, or add `measures` to it"
            )
        return cls(found[0], "provision", title, names, when)

    def measures(self, case: Case, instance: Instance) -> tuple[str, ...]:
        """The measures of a problem that have to be in force; what is not there at all is missing."""
        return tuple(dict.fromkeys(m for name in self.names for m in parts_of(case, instance, name)))

    def is_there(self, instance: Instance) -> bool:
        """Whether everything that the target needs exists in a problem: measures that a support opens may not."""
        return all(name.partition("/")[0] in instance.slices for name in self.names)

    def in_force(self, case: Case) -> bool:
        """Whether it is so already."""
        return all(case.measures[name.partition("/")[0]].in_force for name in self.names)

    def comes_alone(self, case: Case) -> bool:
        """Whether it comes in time, and stays, without any deal."""
        instance = case.instance
        if not self.is_there(instance):
            return False
        wanted, world = set(self.measures(case, instance)), alone(instance)
        stands = {m.id: kept if m.in_force else False for m, kept in zip(instance.measures, world.kept, strict=True)}
        comes = {m.id: ready is not None and ready <= self.by for m, ready in zip(instance.measures, world.ready, strict=True)}
        return all(stands[m] or comes[m] for m in wanted)


def with_target(instance: Instance, measures: Sequence[str], by: int) -> Instance:
    """The problem with these measures demanded by a phase."""
    wanted = set(measures)
    return replace(
        instance,
        measures=tuple(replace(m, due=by) if m.id in wanted and not m.in_force else m for m in instance.measures),
    )


def most_wanted(case: Case, roadmap: Roadmap) -> str | None:
    """Of the measures that a roadmap does not reach in full, the one that agreements and demands name most; ties: the first.

    None where none of them is named.
    """
    named = [m for a in case.agreements.values() for p in a.provisions for m in p.measures]
    named += [m for d in case.demands for m in (*d.first, *d.before)]
    wholes = [m.partition("/")[0] for m in named]
    missed = [m for m, ids in case.instance.slices.items() if m in wholes and any(roadmap.entry[s] is None for s in ids)]
    return max(missed, key=wholes.count, default=None)


def _is_slice(case: Case, whole: str, number: str) -> bool:
    count = case.measures[whole].slices
    return count > 1 and number in map(str, range(1, count + 1))


def _title(case: Case, whole: str, number: str) -> str:
    spec = case.measures[whole]
    return f"{spec.title} ({number} of {spec.slices})" if number else spec.title


def _provisions(case: Case) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Title and measures of every provision, by ``agreement/provision``."""
    return {f"{name}/{p.id}": (p.title, p.measures) for name, a in case.agreements.items() for p in a.provisions}


def _unknown(case: Case, given: str, whole: str, number: str, provisions: Sequence[str]) -> str:
    if number and whole in case.measures:
        count = case.measures[whole].slices
        wanted = f"a slice from {whole}/1 to {whole}/{count}" if count > 1 else f"{whole}, which has no slices"
        return f"got the target {shown(given)}, wanted {wanted}"
    close = suggestion(given, [*case.measures, *provisions, *(key.partition("/")[2] for key in provisions)])
    hint = close or f"`detente case {case.case}` lists them"
    return f"got the target {shown(given)}, wanted a measure or a provision of the case ({hint})"
