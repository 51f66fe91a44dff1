"""The same bytes on a dask cluster of real worker processes, also when one of them is killed while it plays."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from detente.assess.layout import world_of
from detente.assess.profile import load_profile
from detente.assess.records import CHUNK
from detente.assess.run import connected, run
from detente.assess.strategies import chosen
from detente.assess.tally import Frame
from detente.case.load import load
from detente.errors import InputError

distributed = pytest.importorskip("distributed", reason="the extra [dask] is not installed")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
    client = distributed.Client(cluster)
    yield client
    client.close()
    cluster.close()


def test_a_worker_that_is_killed_changes_nothing(client: Any) -> None:
    """Catches sums in the order in which workers answer, a chunk lost with its worker, and one that is counted twice."""
    case, profile = load("toy-exchange"), load_profile()
    world = world_of(case, profile)
    it = case.instance
    scripts = [s.script(it, profile) for s in chosen(case, ["two-steps", "tit-for-tat"], None, profile)]
    frame = Frame(np.ones(2), ())
    runs = 48 * CHUNK + 7
    pids = set(client.run(os.getpid).values())
    killed: list[int] = []

    def kill_when_busy() -> None:
        for _ in range(1000):
            busy = [k for k, tasks in client.processing().items() if tasks]
            if busy:
                time.sleep(0.3)
                killed.append(client.run(os.getpid, workers=busy[:1])[busy[0]])
                os.kill(killed[0], signal.SIGKILL)
                return
            time.sleep(0.02)

    watcher = threading.Thread(target=kill_when_busy)
    watcher.start()
    there = run(world, scripts, frame, runs, 5, client=client)
    watcher.join()
    here = run(world, scripts, frame, runs, 5, cores=2)
    assert killed
    assert killed[0] in pids
    assert set(here) == set(there)
    for key, x in here.items():
        assert x.tobytes() == there[key].tobytes(), key
    assert here["count"] == runs


def test_an_address_where_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a trace in place of a sentence, and a wait without end."""
    monkeypatch.setattr("distributed.Client", refused)
    with pytest.raises(InputError, match="no cluster answers there"):
        connected("tcp://127.0.0.1:9")


def refused(*_: Any, **__: Any) -> None:
    raise OSError("Timed out trying to connect")
