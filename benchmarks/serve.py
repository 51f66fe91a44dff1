"""A team at the workbench, to be run by anyone: python benchmarks/serve.py [--seconds S] [--readers N] [--editors N]

A workbench is begun on this machine (127.0.0.1, any free port), over a new folder with the case `us-dprk-2019`; nothing else
is ever asked. Readers open one page after the other, with `PAUSE` seconds between them on average. Each editor changes the
title of a measure of its own, from the revision that it saw last, which others have gone past by then, so that most saves are
merges; the last two share one measure, so that some of theirs conflict. Both pause as people do, by random numbers from `SEED`.

Told are the seconds that a page took (median, 95th of a hundred, slowest), those of a save, and what went wrong. At the end
every change that was confirmed must be in the history, every conflict kept aside, the last title of each editor in the file,
and the file the newest version. It stops by itself, after so many seconds or `MOST` requests.

Exit code: 0 where there was no error, nothing is lost and 95 of 100 pages came within `WITHIN` seconds; 1 where not; 2 for
arguments that mean nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from detente.case.load import load

CASE = "us-dprk-2019"
PAGES = ("/", f"/cases/{CASE}", f"/api/cases/{CASE}", "/api/cases", f"/api/cases/{CASE}/versions", "/static/style.css")
SEED, PAUSE, PAUSE_OF_EDITORS, WITHIN, MOST = 1, 1.0, 15.0, 0.5, 50_000


@dataclass
class Seen:
    """What happened. reads, saves : seconds; confirmed : titles by measure, in order; asides : titles that conflicted."""

    reads: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    confirmed: dict[str, list[str]] = field(default_factory=dict)
    asides: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return len(self.reads) + len(self.saves)


async def read(client: httpx.AsyncClient, seen: Seen, rng: random.Random, until: float) -> None:
    """A reader."""
    await asyncio.sleep(rng.uniform(0, PAUSE))
    while time.monotonic() < until and seen.requests < MOST:
        page, began = rng.choice(PAGES), time.monotonic()
        with told(seen, page):
            answer = await client.get(page)
            if answer.status_code != 200:
                seen.errors.append(f"{page}: {answer.status_code}")
        seen.reads.append(time.monotonic() - began)
        await asyncio.sleep(rng.uniform(0.5, 1.5) * PAUSE)


async def edit(client: httpx.AsyncClient, seen: Seen, rng: random.Random, until: float, name: str, measure: str) -> None:
    """An editor, who begins from the revision that it made or saw last."""
    base, n = 1, 0
    while time.monotonic() < until and seen.requests < MOST:
        await asyncio.sleep(rng.uniform(0.5, 1.5) * PAUSE_OF_EDITORS)
        n += 1
        title, began = f"{name} {n}", time.monotonic()
        with told(seen, f"a save of {name}"):
            sent = {"entries": {f"measures.{measure}.title": title}, "base": base, "reason": title}
            answer = await client.patch(f"/api/cases/{CASE}", json=sent)
            seen.saves.append(time.monotonic() - began)
            if answer.status_code == 200:
                seen.confirmed.setdefault(measure, []).append(title)
                base = answer.json()["revision"]
            elif answer.status_code == 409:
                seen.asides.append(title)
                base = answer.json()["head"]["revision"]
            else:
                seen.errors.append(f"a save of {name}: {answer.status_code} {answer.text[:200]}")


@contextlib.contextmanager
def told(seen: Seen, what: str):  # type: ignore[no-untyped-def]
    """An error of the connection is an error like any other."""
    try:
        yield
    except httpx.HTTPError as err:
        seen.errors.append(f"{what}: {type(err).__name__}")


async def run(address: str, seconds: float, readers: int, editors: int) -> tuple[Seen, list[str]]:
    """Everybody at once; what was seen, and what is lost."""
    seen, rng, origin = Seen(), random.Random(SEED), address.split("/?")[0]
    limits = httpx.Limits(max_connections=readers + editors)
    async with httpx.AsyncClient(base_url=origin, timeout=60, limits=limits, follow_redirects=True) as client:
        await client.get(address)
        client.headers["x-csrf-token"] = (await client.get("/api/session")).json()["csrf"]
        (await client.post(f"/api/cases/{CASE}/begin")).raise_for_status()
        measures = list(load(CASE).measures)
        theirs = [measures[min(n, editors - 2)] for n in range(editors)] if editors > 1 else measures[:editors]
        until = time.monotonic() + seconds
        people = [read(client, seen, random.Random(rng.random()), until) for _ in range(readers)]
        people += [
            edit(client, seen, random.Random(rng.random()), until, f"editor {n}", measure) for n, measure in enumerate(theirs)
        ]
        await asyncio.gather(*people)
        return seen, await lost(client, seen)


async def lost(client: httpx.AsyncClient, seen: Seen) -> list[str]:
    """What was confirmed and is not there."""
    case = (await client.get(f"/api/cases/{CASE}")).json()
    history, page = set(), f"/api/cases/{CASE}/versions"
    while page:
        answer = await client.get(page)
        history |= {version["reason"] for version in answer.json()}
        page = answer.links.get("next", {}).get("url", "")
    missing = [f"{title}: not in the history" for titles in seen.confirmed.values() for title in titles if title not in history]
    kept = {aside["reason"] for aside in case["asides"]}
    missing += [f"{title}: not kept aside" for title in seen.asides if title not in kept]
    missing += [f"{titles[-1]}: not in the file" for titles in seen.confirmed.values() if titles[-1] not in case["content"]]
    return missing


def within(times: list[float], share: float) -> float:
    """The time within which this share of them was done."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))] if times else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--editors", type=int, default=10)
    given = parser.parse_args()
    if not (0 < given.seconds <= 600 and 0 <= given.readers <= 200 and 0 <= given.editors <= 40):
        parser.error("wanted up to 600 seconds, 200 readers and 40 editors")
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", "from detente.cli import main; main()", "serve", folder, "--port", "0", "--no-open"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), "the workbench did not begin"
            seen, missing = asyncio.run(run(address, given.seconds, given.readers, given.editors))
            server.terminate()
            code = server.wait(10)
            if code:
                seen.errors.append(f"the server ended with {code}")
        finally:
            server.kill()
            server.wait()
        text = (Path(folder) / f"{CASE}.yaml").read_text(encoding="utf-8")
    missing += [f"{titles[-1]}: not on disk" for titles in seen.confirmed.values() if titles[-1] not in text]
    for name, times in (("pages", seen.reads), ("saves", seen.saves)):
        middle = statistics.median(times) if times else 0.0
        told_of = f"median {middle:.3f} s, 95 % within {within(times, 0.95):.3f} s, slowest {max(times, default=0.0):.3f} s"
        print(f"{name}: {len(times)}, {told_of}")
    print(f"conflicts kept aside: {len(seen.asides)}; errors: {len(seen.errors)}; lost: {len(missing)}")
    for line in (*seen.errors[:10], *missing[:10]):
        print(f"  {line}")
    return int(bool(seen.errors or missing or within(seen.reads, 0.95) > WITHIN))


if __name__ == "__main__":
    sys.exit(main())
