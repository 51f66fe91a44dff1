"""Records of both versions, heads and proofs, and what somebody does to them who may know the format as well as its makers.

Clumsy changes leave the hashes as they were, so that most of them are noticed there. Forged ones make every hash anew, chain
and head as well: then only the strict form of the entries, and of the parts, stands between the file and the computation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from detente.case.load import load
from detente.cli import app
from detente.cli.ending import run
from detente.record.commitments.commit import commit
from detente.record.merkle import leaf_hash, root
from detente.record.workspace import Workspace
from eventfiles import GDELT2, add, gdelt_row, table, written
from fuzz.mutations import mangled, mangled_tree, token

__all__ = ["HEADS", "READING", "forged", "make_records", "tampered"]

READING = (
    "record contents", "record check", "record dyad USA PRK", "record dyad USA PRK --json", "record unanswered USA PRK",
    "record contacts USA PRK", "record changes USA PRK --period day", "record head",
    "record reciprocity USA PRK --period day --lags 1",
    "record commitments toy-exchange --as-of 2018-12-01 --json", "record trust toy-exchange --as-of 2018-12-01 --course",
    "record show us-dprk-2019", "record retract 1 --because x", "record import more.csv",
    "record commit toy-exchange give-b --state full --as-of 2018-07-01 --reader x",
    "plan toy-exchange --likely --trust record --time-limit 1",
    "forecast --workspace {record} --value events --of USA,PRK --period day --horizon 1",
)  # fmt: skip
HEADS = ("record check --against {}", "record check --proof {} --against head.json",
"record check --against {} --key key.pub --json",
         "record head --since {}", "record head --sign {}", "record check --against head.json --key {}")  # fmt: skip
"""Commands that read a file of heads, proofs or keys."""


def make_records(folder: Path) -> None:
    """In a folder: `record` (version 2), `old` (version 1), and `head.json`, `later.json`, `key`, `key.pub` of the record."""
    workspace = Workspace.create(folder / "record")
    both = ({}, {"Actor1CountryCode": "USA", "Actor2CountryCode": "PRK"})
    for n in (1, 2):
        rows = [
            gdelt_row(100 * n + k, SQLDATE=f"2018{n:02d}{1 + k:02d}", **both[k % 2], QuadClass=1 + k % 4) for k in range(20)
        ]
        add(workspace, written(folder / f"{n}.CSV", table(GDELT2, rows, header=False) + "broken\n"))
    more = [gdelt_row(900 + k, SQLDATE=f"2018050{k}") for k in range(1, 4)]
    written(folder / "more.csv", table(GDELT2, more, header=False))
    at = f"--workspace {folder / 'record'}"
    done = [run(app, f"record key {folder / 'key'}".split())]
    done.append(run(app, f"record head {at} --sign {folder / 'key'} -o {folder / 'head.json'}".split()))
    for state in ("none", "full"):
        commit(load("toy-exchange"), "give-a", state=state, as_of="2018-06-01", by="keeper", workspace=workspace.path)
    done.append(run(app, f"record head {at} --since {folder / 'head.json'} -o {folder / 'later.json'}".split()))
    assert done == [0, 0, 0]
    _version_1(workspace, folder / "old")


def _version_1(workspace: Workspace, old: Path) -> None:
    """The same record as version 1 had it: a description beside each part, and no chain."""
    old.mkdir()
    for entry in workspace.chain().entries:
        (old / entry.table).mkdir(exist_ok=True)
        source = workspace.path / entry.table / entry.file
        (old / entry.table / f"{entry.key}.parquet").write_bytes(source.with_suffix(".parquet").read_bytes())
        about = entry.about.model_dump(mode="json", exclude_unset=True)
        (old / entry.table / f"{entry.key}.json").write_text(json.dumps(about))
    (old / "record.json").write_text('{"version": 1}\n')


def tampered(luck: Random, folder: Path) -> str:
    """One file of a record changed, exchanged for another, or gone; what was done."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    path = luck.choice(files)
    content = path.read_bytes()
    match luck.randrange(10):
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(luck.choice(files).read_bytes())
        case 2:
            path.rename(
                path.with_name(luck.choice(("x", path.name.upper(), "a b'c.parquet", "*.parquet", "[x].json", path.stem)))
            )
        case _:
            kind = {".json": "json", ".jsonl": "lines", ".csv": "table"}.get(path.suffix, "bytes")
            path.write_bytes(mangled(luck, content, kind))
    return path.name


def forged(luck: Random, folder: Path) -> str:
    """An entry or a part of a record changed by somebody who makes all hashes anew; what was done."""
    entries = [json.loads(line) for line in (folder / "chain.jsonl").read_bytes().splitlines()]
    at = luck.randrange(len(entries))
    raw: dict[str, str] = {}
    if luck.random() < 0.5:
        said = "an entry"
        entries[at] = mangled_tree(luck, entries[at], raw)
        if luck.random() < 0.3:
            entries.insert(
                at, {"kind": "retracted", "of": [luck.choice(("1", "1.3", "99", "2.99", "4"))], "because": token(luck) or "x"}
            )
    else:
        entry = entries[at]
        path = folder / entry["table"] / f"{entry['file']}.parquet"
        said = _other_part(luck, path)
        entry["sha256"], entry["bytes"] = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size
        if luck.random() < 0.5:
            entry["about"]["constants"] = {}
    _chained(folder, entries, raw)
    return said


def _chained(folder: Path, entries: list[Any], raw: dict[str, str]) -> None:
    mark = json.loads((folder / "record.json").read_bytes())
    before = hashlib.sha256(f"detente record {mark['id']}".encode()).hexdigest()
    lines: list[bytes] = []
    for n, entry in enumerate(entries, 1):
        whole = {**entry, "number": n, "previous": before} if isinstance(entry, dict) else entry
        text = json.dumps(whole, default=str)
        for key, put in raw.items():
            text = text.replace(f'"{key}"', put)
        lines.append(text.encode("utf-8", errors="surrogatepass"))
        before = leaf_hash(lines[-1]).hex()
    (folder / "chain.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    mark |= {
        "entries": len(lines),
        "bytes": sum(len(line) + 1 for line in lines),
        "root": root([leaf_hash(x) for x in lines]).hex(),
    }
    (folder / "record.json").write_text(json.dumps(mark))


OTHER = (
    "null", "1e308::double", "'nan'::double", "'infinity'::date", "'-infinity'::timestamp", "date '9999-12-31'",
    "date '0001-01-01'",
    "[1, 2]", "{'a': 1}", "'\x1b[2J\u202e'", "170141183460469231731687303715884105727::hugeint", "true",
    "repeat('x', 200000)", "''",
    "'\\x00'::blob", "interval 1 day", "uuid()", "time '12:00'", "map {'a': 1}", "-1", "99", "'none'",
    "'2018-02-30'", "1.5::decimal(4, 1)",
    "'a''; copy (select 1) to ''../outside/planted''; --'", "timestamptz '2018-01-01 00:00:00+00'", "'1'::bit",
    "'a'::enum('a')",
)  # fmt: skip


def _other_part(luck: Random, path: Path) -> str:
    """A part with another column, one less, one more, no row or ten thousand times as many; what was done."""
    import duckdb

    with duckdb.connect() as base:
        base.execute("create table t as select * from read_parquet(?)", [str(path)])
        names = [row[0] for row in base.execute("describe t").fetchall()]
        name, put = luck.choice(names), luck.choice(OTHER)
        ways: tuple[Callable[[], str], ...] = (
            lambda: f'select * replace ({put} as "{name}") from t',
            lambda: f'select * replace (case when random() < 0.2 then {put} else "{name}" end as "{name}") from t',
            lambda: f'select * exclude ("{name}") from t',
            lambda: (
                f'select *, {put} as "{luck.choice(("x", "line", "rowid", "filename", "file_row_number", "date"))}2" from t'
            ),
            lambda: "select * from t where false",
            lambda: f'select "{name}" from t',
            lambda: "select t.* from t, range(10000)",
        )
        while True:
            query = luck.choice(ways)()
            try:
                base.execute("select setseed(0.5)")
                base.execute(f"copy ({query}) to ? (format parquet)", [str(path)])
            except duckdb.Error:
                continue  # such a part cannot be made
            return query[:200]
