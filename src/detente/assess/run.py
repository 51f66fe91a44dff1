"""Who computes: one core, several threads, or a dask cluster. The chunks and the order in which they are added are always the
same.

So the same seed gives the same bytes wherever it ran, also when a worker dies and its chunks are computed again elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from detente.assess.layout import Script, World
from detente.assess.records import CHUNK
from detente.assess.tally import Frame, Sums, added, tally
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.case.draws.draw import Uncertainty

__all__ = ["connected", "run"]

_TASK = 16  # chunks sent to a worker at a time


def run(
    world: World,
    scripts: Sequence[Script],
    frame: Frame,
    runs: int,
    seed: int,
    *,
    uncertain: Uncertainty | None = None,
    cores: int = 1,
    client: Any = None,
) -> Sums:
    """Play every script `runs` times and add up.

    uncertain : what is drawn once a play. client : a dask client; without it, `cores` threads.
    """
    chunks = [(first, min(CHUNK, runs - first)) for first in range(0, runs, CHUNK)]
    work = partial(tally, world, tuple(scripts), frame, seed, uncertain)
    if client is not None:
        return added(_on_cluster(client, work, chunks))
    if cores <= 1 or len(chunks) == 1:
        return added(work(first, count) for first, count in chunks)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(cores) as pool:
        return added(pool.map(work, *zip(*chunks, strict=True)))


def _several(work: Callable[[int, int], Sums], chunks: Sequence[tuple[int, int]]) -> list[Sums]:
    return [work(first, count) for first, count in chunks]


def _on_cluster(client: Any, work: Callable[[int, int], Sums], chunks: Sequence[tuple[int, int]]) -> Iterator[Sums]:
    tasks = [chunks[k : k + _TASK] for k in range(0, len(chunks), _TASK)]
    for future in [client.submit(_several, work, task, pure=False, retries=5) for task in tasks]:
        yield from future.result()


def connected(address: str) -> Any:
    """A client of the dask cluster at an address; "local" starts one on this machine.

    Raises
    ------
    InputError
        If the extra is missing, or nobody answers there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError("--dask needs dask, which is not installed; pip install 'detente[dask]'") from None
    try:
        client: Any = Client
        return client() if address == "local" else client(address, timeout="10s")
    except (OSError, ValueError) as err:
        reason = str(err).splitlines()[0] if str(err) else type(err).__name__
        raise InputError(
            f"--dask {address}: no cluster answers there ({reason}); wanted an address such as tcp://host:8786"
        ) from None
