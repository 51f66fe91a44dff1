"""What is claimed about the size of a record, to be run by anyone: python benchmarks/record.py

Made-up events are written to a CSV file. Then, each time in a process of its own and in turn:

- duckdb alone turns the file into parquet, its columns read with the types that the record keeps them in;
- `detente record import` adds the file to a new record, which also hashes it, counts its lines, puts broken rows aside, tells
  quad class and countries, and looks whether a number comes twice;
- `detente record dyad` counts the months of a pair of countries: for the first time, when it hashes the record and keeps the
  hash; then with the hash that is kept;
- duckdb alone answers the same query, and holds nothing against the chain.

The ratios are those of the shortest times. Both use two threads. Exit code: 0 where every target is met, 1 where one is not,
2 for arguments that mean nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

RATIO, SECONDS, MEGABYTES, HASHES = 0.7, 1.0, 2048.0, 1.2
MAP = """name: made
ontology: cameo
scale: goldstein
columns: {date: date, source: source, target: target, code: code, intensity: goldstein, mentions: mentions, tone: tone,
  place: place, url: url, id: id}
"""
TYPES = {
    "date": "DATE",
    "source": "VARCHAR",
    "target": "VARCHAR",
    "code": "VARCHAR",
    "goldstein": "FLOAT",
    "mentions": "INTEGER",
    "tone": "FLOAT",
    "place": "VARCHAR",
    "url": "VARCHAR",
    "id": "VARCHAR",
}
COUNTRIES = "['USA', 'PRK', 'KOR', 'CHN', 'RUS', 'JPN', 'IRN', 'ISR', 'AFR', 'GBR', 'FRA', 'DEU', 'IND', 'PAK', 'UKR', 'SYR']"
CODES = "['010', '020', '036', '042', '051', '112', '190', '0311']"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20_000_000, help="how many events (20,000,000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed (3)")
    parser.add_argument("--folder", help="where the files go, some 2.5 GB for 20 million events (a temporary folder)")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.one:
        print(json.dumps(_one(options.one[0], Path(options.one[1]))))
        return 0
    if options.events < 1 or options.rounds < 1:
        parser.error("wanted at least one event and one round")
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        return _compare(Path(name), options.events, options.rounds)


def _compare(folder: Path, events: int, rounds: int) -> int:
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", end="; ")
    print(f"Python {platform.python_version()}, duckdb {version('duckdb')}", flush=True)
    _write(folder / "events.csv", events)
    print(f"{events:,} events, {(folder / 'events.csv').stat().st_size / 1e6:,.0f} MB", flush=True)
    found: dict[str, list[tuple[float, float]]] = {}
    for _ in range(rounds):
        for what in ("duckdb", "import", "first", "dyad", "query"):
            done = subprocess.run(
                [sys.executable, __file__, "--one", what, str(folder)],
                check=True,
                capture_output=True,
                text=True,
                env=os.environ | {"XDG_CACHE_HOME": str(folder / "kept")},
            )
            seconds, megabytes = json.loads(done.stdout)
            found.setdefault(what, []).append((seconds, megabytes))
            print(f"  {what:8} {seconds:7.2f} s {megabytes:7.0f} MB", flush=True)
    best = {what: min(seconds for seconds, _ in times) for what, times in found.items()}
    ratio = best["duckdb"] / best["import"]
    hashes = best["dyad"] / best["query"]
    memory = max(megabytes for what in ("import", "first", "dyad") for _, megabytes in found[what])
    print(f"import at {ratio:.2f} of duckdb's speed (wanted: {RATIO} or more)")
    print(f"a dyad by month in {best['dyad']:.2f} s (wanted: under {SECONDS:.0f} s for 20,000,000 events)")
    print(f"that is {hashes:.2f} times the query alone (wanted: {HASHES} or less); for the first time {best['first']:.2f} s")
    print(f"at most {memory:,.0f} MB (wanted: under {MEGABYTES:,.0f} MB)")
    return 0 if ratio >= RATIO and best["dyad"] < SECONDS and hashes <= HASHES and memory < MEGABYTES else 1


def _write(path: Path, events: int) -> None:
    import duckdb

    def one_of(values: str, factor: int) -> str:
        return f"{values}[1 + (hash(i * {factor}) % len({values}))::int]"

    query = (
        f"select (date '2000-01-01' + (i * 8000 // {max(events, 8000)})::int)::date as date,"
        f" {one_of(COUNTRIES, 7)} as source, {one_of(COUNTRIES, 11)} as target, {one_of(CODES, 13)} as code,"
        " round((hash(i * 17) % 200) / 10.0 - 10, 1) as goldstein, (1 + hash(i * 19) % 20)::int as mentions,"
        " round((hash(i * 23) % 2000) / 100.0 - 10, 2) as tone, 'Place ' || (hash(i * 29) % 5000) as place,"
        f" 'https://example.org/' || i as url, 1000000 + i as id from range({events}) t(i)"
    )
    with duckdb.connect() as connection:
        connection.execute(f"set enable_progress_bar = false; copy ({query}) to '{path}' (header)")


def _one(what: str, folder: Path) -> tuple[float, float]:
    """Seconds and megabytes of one of them. The modules are loaded before the clock starts."""
    import duckdb

    from detente.record.dyad import _COUNTS, _where, dyad
    from detente.record.formats.mapped import read_map
    from detente.record.importing.importing import import_files
    from detente.record.schema import EVENTS
    from detente.record.views import rows_of
    from detente.record.workspace import Workspace, database

    file, record = folder / "events.csv", folder / "record"
    columns = read_map(MAP, "map")
    if what == "import":
        shutil.rmtree(record, ignore_errors=True)
    if what == "first":
        shutil.rmtree(folder / "kept", ignore_errors=True)
    parts = Workspace.open(record).parts("events") if what == "query" else ()
    where, values = _where("USA", "PRK", False, None, None)
    began = time.perf_counter()
    if what == "duckdb":
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
        source = f"read_csv('{file}', header = true, delim = ',', quote = '\"', columns = {{{types}}})"
        with duckdb.connect() as connection:
            connection.execute("set memory_limit = '1GB'; set enable_progress_bar = false; set threads = 2")
            connection.execute(f"copy (select * from {source}) to '{folder / 'plain.parquet'}' (format parquet)")
    elif what == "import":
        done = import_files(Workspace.create(record), [file], column_map=columns)
        assert done.added == done.read
    elif what == "query":
        query = f"select date_trunc(?, date)::date, count(*), {_COUNTS} from events where {where} group by 1 order by 1"
        with database(record) as base:
            base.execute(f"create view events as {rows_of(base, EVENTS, parts)}")
            assert base.execute(query, ["month", *values]).fetchall()
    else:
        assert dyad(Workspace.open(record), "USA", "PRK")
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
