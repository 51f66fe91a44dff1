"""What is claimed about the speed of a brief, to be run by anyone: python benchmarks/brief.py

Three briefs of a case with all annexes, each in a process of its own and with an empty cache folder at first: in the first one
everything is worked out, the second one finds what the first has kept (`base.cache`), the third is made without the cache
(`DETENTE_CACHE=off`). Of each: the seconds on the clock and those of the processor, its stages, and whether all three have the
same bytes. Seconds of the processor hold on a busy machine, too.

Exit code: 0 where the second brief is made in the target and all are alike, 1 where not, 2 for arguments that mean nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from spent import timed

import detente as dt
from detente.base.steps import watching
from detente.errors import DetenteError

WARM = 15.0  # seconds on the clock, of the second brief, on two cores


@dataclass(frozen=True)
class Made:
    """Seconds of a brief, on the clock and of the processor, all of its process, and its stages; a hash of the page."""

    wall: float
    cpu: float
    stages: list[tuple[str, float, float]]
    page: str


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case", nargs="?", default="us-dprk-2019", help="a bundled case, or the path of a case file")
    parser.add_argument("--one", action="store_true", help="make one brief here, and write its figures as JSON")
    options = parser.parse_args(argv)
    try:
        dt.load(options.case)
    except DetenteError as err:
        parser.error(str(err))
    if options.one:
        print(json.dumps(stages(options.case)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        made = {name: _made(options.case, folder, name == "without") for name in ("first", "second", "without")}
    print(
        f"{options.case}: Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end"
    )
    for name, one in made.items():
        target = f"   target {WARM:g} s" if name == "second" else ""
        print(f"{name:10} {one.wall:7.1f} s, {one.cpu:6.1f} s of the processor{target}")
        for what, wall, cpu in one.stages:
            print(f"    {what:46} {wall:7.1f} {cpu:7.1f}")
    alike = len({one.page for one in made.values()}) == 1
    print("the same bytes" if alike else "NOT the same bytes")
    return 0 if alike and made["second"].wall < WARM else 1


def stages(case: str) -> dict[str, object]:
    """One brief: what each step took, and a hash of the page. Steps that go on side by side share the processor's seconds."""
    told = [("loading", time.monotonic(), time.process_time())]
    with watching(lambda what: told.append((what, time.monotonic(), time.process_time()))):
        found = dt.brief(case)
        told.append(("writing the page", time.monotonic(), time.process_time()))
        page = found.html
    told.append(("", time.monotonic(), time.process_time()))
    return {
        "stages": [(what, after[1] - wall, after[2] - cpu) for (what, wall, cpu), after in pairwise(told)],
        "page": hashlib.sha256(page.encode()).hexdigest(),
    }


def _made(case: str, folder: str, off: bool) -> Made:
    """A brief in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), case, "--one"]
    caching = {"XDG_CACHE_HOME": folder, "DETENTE_CACHE": "off" if off else ""}
    cpu, wall, done = timed(command, env={**os.environ, **caching})
    sys.stderr.write(done.stderr)
    done.check_returncode()
    return Made(wall, cpu, **json.loads(done.stdout))


if __name__ == "__main__":
    sys.exit(main())
