"""Plays compiled beside other work, and schedules played side by side."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest

from detente.assess import compiling
from detente.assess.layout import world_of
from detente.assess.profile import load_profile
from detente.assess.records import Records, played, played_each
from detente.assess.strategies import chosen, names
from detente.base.steps import watching
from detente.case.draws.draw import uncertainty
from detente.case.load import load
from detente.plan.roadmap import Roadmap


def test_what_is_compiled_is_not_compiled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a process that is begun at every plan."""
    begun: list[object] = []
    monkeypatch.setattr(compiling, "is_kept", lambda _: True)
    monkeypatch.setattr(subprocess, "Popen", begun.append)
    with compiling.compiled_beside() as wait:
        wait()
    assert not begun


def test_it_is_waited_for_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches plays that begin while they are still being compiled, and a wait in silence."""
    monkeypatch.setattr(compiling, "is_kept", lambda _: False)
    monkeypatch.setattr(compiling, "_CHILD", "import time; time.sleep(1)")
    heard: list[str] = []
    began = time.monotonic()
    with watching(heard.append), compiling.compiled_beside() as wait:
        assert not heard
        wait()
        assert time.monotonic() - began >= 1
    assert len(heard) == 1
    assert "compiling" in heard[0]


def test_it_does_not_outlive_what_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a process that is left behind when the plan cannot be made."""
    monkeypatch.setattr(compiling, "is_kept", lambda _: False)
    monkeypatch.setattr(compiling, "_CHILD", "import time; time.sleep(600)")
    children: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def begin(*given: object, **options: object) -> subprocess.Popen[bytes]:
        children.append(popen(*given, **options))  # type: ignore[call-overload]
        return children[-1]

    monkeypatch.setattr(subprocess, "Popen", begin)
    with pytest.raises(ValueError, match="no plan"), compiling.compiled_beside():
        raise ValueError("no plan")
    assert children[0].poll() is not None


def test_where_no_process_can_be_begun_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a plan that fails because plays cannot be compiled beside it."""
    monkeypatch.setattr(compiling, "is_kept", lambda _: False)
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    heard: list[str] = []
    with watching(heard.append), compiling.compiled_beside() as wait:
        wait()
    assert not heard


def test_one_compilation_does_for_all_cases() -> None:
    """Catches a kernel that is compiled once more for another case, after the process has compiled it."""
    from detente.assess.kernel.play import play

    compiling.serve()
    before = len(play.overloads)
    assert before == 1
    for name in ("us-dprk-2019", "supplier-dispute"):
        case = load(name)
        known = uncertainty(case)
        for quantities in (known.quantities, ()):
            _records(name, 1, quantities=bool(quantities))
    assert len(play.overloads) == before


def _records(name: str, count: int, *, quantities: bool = True) -> tuple[list[Records], list[Records]]:
    """Plays of all strategies side by side, and one after the other."""
    case, profile = load(name), load_profile()
    known, it = uncertainty(case), case.instance
    world = world_of(case, profile, quantities=known.quantities if quantities else ())
    draws = known.chunk(5, 3, count) if quantities else None
    entry = {m.id: -1 if m.in_force else n % it.phases for n, m in enumerate(it.measures)}
    roadmap = Roadmap(it.case, it.phases, entry)
    scripts = [s.script(it, profile) for s in chosen(case, names(case), roadmap, profile)]
    scripts.append(scripts[0]._replace(by_condition=True))
    scripts.append(scripts[0]._replace(tolerate=scripts[0].tolerate + 1))
    alone = [played(world, s, 5, 3, count, draws) for s in scripts]
    return played_each(world, scripts, 5, 3, count, draws), alone


@pytest.mark.parametrize("quantities", [True, False])
@pytest.mark.parametrize("name", ["us-dprk-2019", "supplier-dispute", "toy-exchange"])
def test_side_by_side_is_one_after_the_other(name: str, quantities: bool) -> None:
    """Catches a play that is changed by the one before it on the same draw: values that a government has left behind, odds, a
    demand that was meant, a step withheld, patience or a pace that is another schedule's."""
    together, alone = _records(name, 40, quantities=quantities)
    assert len(together) == len(alone) > 10
    for a, b in zip(together, alone, strict=True):
        for x, y in zip(a, b, strict=True):
            np.testing.assert_array_equal(x, y)
    assert len({r.value.tobytes() for r in together}) > 5  # they are not all the same play
