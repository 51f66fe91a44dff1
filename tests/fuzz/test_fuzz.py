"""Whatever a file holds, a command that reads it ends: with 0, 1 or 2, in time, in memory, and leaves nothing elsewhere.

`make test` tries 300 changed files, the same ones each time. 10,000 are for the night, and further ones when asked for:

    pytest -m nightly tests/fuzz
    DETENTE_FUZZ_FROM=10000 pytest -m nightly tests/fuzz -k cases

What fails is printed with its file, so that it can be made a test of its own. An input is told by its family and number.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from detente.cli import app, ending
from detente.errors import DetenteError, printable
from fuzz.mutations import mangled, spliced
from fuzz.records import HEADS, READING, forged, make_records, tampered
from fuzz.seeds import BESIDE, Seed, seeds

SHARES = {
    "cases": 15, "roadmaps": 6, "statuses": 6, "maps": 7, "events": 12, "actors": 3, "positions": 6, "series": 7,
    "commitments": 4,
    "questions": 6, "conflicts": 7, "profiles": 6, "archives": 8, "records": 12, "old records": 3, "heads": 6,
    "texts": 5,
}  # fmt: skip
"""Of how many inputs in all, by family, in relation to each other."""
DAY, NIGHT, PARTS = 300, 10_000, 5
SECONDS = 20.0
"""Of a processor; twelve times as long by the clock, and the process is ended with its stack on standard error."""
BYTES = 1_000_000_000
"""So much more memory than before may one input take; and from so many times `ROOM` on it gets none."""
ROOM = 6


@dataclass(frozen=True)
class Case:
    """What was tried: the commands, the file that was changed, and what it holds now."""

    commands: tuple[str, ...]
    file: str
    content: bytes
    said: str = ""


@dataclass(frozen=True)
class Ended:
    code: int
    seconds: float
    grown: int
    out: str
    err: str
    raised: BaseException | None


class OutOfTimeError(BaseException):
    """No error that a command may take for its own."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seeds of records, and the families of the others."""
    folder = tmp_path_factory.mktemp("seeds")
    make_records(folder)
    for words in ("assess toy-exchange --runs 50 --crossings 0 --cores 1", "graph chicken --coalitions --horizon 3"):
        assert ending.run(app, words.split()) == 0  # what is compiled once, and takes long, is compiled now
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to work in, with one beside it in which nothing may change, and a bound on all memory."""
    for name in ("work", "outside", "temporary"):
        (tmp_path / name).mkdir()
    (tmp_path / "outside" / "sentinel").write_text("as it was")
    (tmp_path / "work" / "now").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setenv("COLUMNS", "200")
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = (
        int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        if Path("/proc/self/statm").exists()
        else 0
    )
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM * BYTES, before[1]))
    yield tmp_path / "work" / "now"
    resource.setrlimit(resource.RLIMIT_AS, before)


def prepared(family: str, number: int, made: Path, folder: Path) -> Case:
    """Lay out the files of one input; the same number gives the same ones everywhere."""
    luck = Random(f"{family} {number}")
    _lay(made, folder)
    if family in ("records", "old records"):
        change = tampered
        if family == "old records":
            shutil.rmtree(folder / "record")
            shutil.copytree(made / "old", folder / "record")
            reading = "record migrate --workspace record && record check"
        else:
            change = forged if luck.random() < 0.6 else tampered
            reading = luck.choice(READING)
        return Case(_commands(reading, "record"), "record", b"", change(luck, folder / "record"))
    if family == "heads":
        name = luck.choice(("head.json", "later.json", "later.json", "key", "key.pub"))
        kind = "json" if name.endswith("json") else "lines"
        seed = Seed("given", (made / name).read_bytes(), kind, HEADS)
    else:
        seed = luck.choice(_SEEDS[family])
    others = [other.content for other in _SEEDS.get(family, []) if other.kind == seed.kind and other is not seed]
    if others and luck.random() < 0.08:
        content = spliced(luck, seed.content, luck.choice(others))
    else:
        content = mangled(luck, seed.content, seed.kind)
    (folder / seed.file).write_bytes(content)
    return Case(_commands(luck.choice(seed.commands), seed.file), seed.file, content)


_SEEDS = seeds()


def _lay(made: Path, folder: Path) -> None:
    """The files that commands name beside the one that is changed."""
    for name, content in BESIDE.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    shutil.copytree(made / "record", folder / "record")
    for name in ("head.json", "later.json", "key", "key.pub", "more.csv"):
        shutil.copy(made / name, folder)


def _commands(words: str, file: str) -> tuple[str, ...]:
    return tuple(words.replace("{record}", "record").replace("{}", file).split(" && "))


def tried(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> Ended:
    """Run a command, within a time."""
    raised: list[BaseException] = []
    told = ending._report

    def kept(err: BaseException, name: str) -> int:
        raised.append(err)
        return told(err, name)

    def late(*_: object) -> None:
        raise OutOfTimeError

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    before, peak = time.process_time(), _peak()
    with monkeypatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr(ending, "_report", kept)
        old = signal.signal(signal.SIGPROF, late)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        faulthandler.dump_traceback_later(12 * SECONDS, exit=True, file=sys.__stderr__)
        try:
            code = ending.run(app, arguments)
        except BaseException as error:
            raised.append(error)
            code = -1
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, old)
            faulthandler.cancel_dump_traceback_later()
        out.flush()
        err.flush()
    said = [stream.buffer.getvalue().decode("utf-8", errors="surrogateescape") for stream in (out, err)]  # type: ignore[attr-defined]
    return Ended(code, time.process_time() - before, _peak() - peak, said[0], said[1], raised[0] if raised else None)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def wrong(ended: Ended, arguments: list[str]) -> str:
    """What of an ending nobody was promised; empty: nothing."""
    if ended.code not in (0, 1, 2):
        return f"exit code {ended.code}"
    if isinstance(ended.raised, Exception) and not isinstance(ended.raised, DetenteError) and not hasattr(ended.raised, "show"):
        return f"an error that is none of ours: {type(ended.raised).__name__}"
    if "Traceback" in ended.err + ended.out:
        return "a traceback"
    if ended.seconds > SECONDS:
        return f"{ended.seconds:.1f} s"
    if ended.grown > BYTES:
        return f"{ended.grown:,} bytes more"
    if ended.code == 2 and not ended.err.strip():
        return "no word of what is wrong"
    if len(ended.err) > 100_000:
        return f"a message of {len(ended.err):,} characters"
    if ended.code == 1 and ended.raised is not None:
        return "an error that passes for a negative answer"
    if (shown := ended.out + ended.err) != printable(shown):
        return "a character that steers a terminal"
    if "--json" in arguments and ended.code in (0, 1):
        try:
            json.loads(ended.out, parse_constant=lambda name: pytest.fail(name))
        except (ValueError, pytest.fail.Exception) as err:
            return f"JSON that is none: {err}"
    return ""


def elsewhere(root: Path) -> list[str]:
    """What there is now outside the folder in which all happens."""
    found = [str(path.relative_to(root)) for path in root.rglob("*") if root / "work" / "now" not in (path, *path.parents)]
    expected = {"work", "outside", "temporary", "outside/sentinel"}
    changed = ["outside/sentinel"] if (root / "outside" / "sentinel").read_text() != "as it was" else []
    return sorted(set(found) ^ expected) + changed


def place(ended: Ended) -> str:
    """Where an error was raised, so that one fault is not told a hundred times."""
    frames = traceback.extract_tb(ended.raised.__traceback__) if ended.raised else []
    ours = [f for f in frames if "/detente/" in f.filename]
    return f"{type(ended.raised).__name__} {ours[-1].filename}:{ours[-1].lineno}" if ours else ""


def fuzzed(family: str, numbers: range, made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Try inputs of a family, and fail with those that went wrong, one of a kind."""
    failures: dict[str, str] = {}
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("DETENTE_RECORD", "record")
    for number in numbers:
        case = prepared(family, number, made, folder)
        os.chdir(folder)
        for command in case.commands:
            arguments = command.split()
            ended = tried(arguments, monkeypatch)
            fault = wrong(ended, arguments) or ", ".join(elsewhere(folder.parents[1]))
            if fault:
                kind = place(ended) or fault
                if kind not in failures:
                    failures[kind] = _report(family, number, case, command, fault, ended)
                    print(failures[kind], file=sys.__stderr__, flush=True)
                break
            if ended.code == 2:
                break
        os.chdir(folder.parent)
        shutil.rmtree(folder)
        folder.mkdir()
        for left in (folder.parents[1] / "temporary", folder.parents[1] / "outside"):
            for path in left.iterdir():
                if path.name != "sentinel":
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert not failures, "\n\n".join(failures.values())


def _report(family: str, number: int, case: Case, command: str, fault: str, ended: Ended) -> str:
    trace = "".join(traceback.format_exception(ended.raised)[-8:]) if ended.raised else ""
    return printable(
        f"{family} {number}: detente {command}\n{fault}\n{case.said}\n{case.file}: {case.content[:3000]!r}"
        f"{'...' if len(case.content) > 3000 else ''}\n{trace[-3000:]}\n{ended.err[:500]}"
    )


def _count(family: str, total: int) -> int:
    """How many of all are of a family; together they are `total`."""
    names = list(SHARES)
    ends = [round(total * sum(list(SHARES.values())[: n + 1]) / sum(SHARES.values())) for n in range(len(names))]
    at = names.index(family)
    return ends[at] - (ends[at - 1] if at else 0)


@pytest.mark.parametrize("most", [1, pytest.param(99, marks=pytest.mark.nightly)])
def test_the_seeds_are_valid(most: int, made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a seed that is refused as it is: then nothing behind the first check would ever be tried."""
    refused = []
    for seed in (seed for found in _SEEDS.values() for seed in dict.fromkeys(found)):
        for words in list(dict.fromkeys(seed.commands))[:most]:
            _lay(made, folder)
            (folder / seed.file).write_bytes(seed.content)
            monkeypatch.chdir(folder)
            for command in _commands(words, seed.file):
                ended = tried(command.split(), monkeypatch)
                if ended.code not in (0, 1):
                    refused.append((command, ended.err[:300]))
            monkeypatch.chdir(folder.parent)
            shutil.rmtree(folder)
            folder.mkdir()
    assert not refused, refused


def test_the_oracle_can_say_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a judge that lets everything pass."""
    fine = Ended(0, 0.1, 0, "{}", "", None)
    assert wrong(fine, ["--json"]) == ""
    for worse in (
        replace(fine, code=3), replace(fine, code=-1), replace(fine, raised=ValueError("x")), replace(fine,
        err="Traceback (most"),
        replace(fine, seconds=21), replace(fine, grown=2 * BYTES), replace(fine, code=2), replace(fine, out='"\x1b"'),
        replace(fine, out="NaN"), replace(fine, code=1, raised=DetenteError("x")),
    ):  # fmt: skip
        assert wrong(worse, ["--json"])

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("detente.case.load.slugs", broken)
    assert wrong(tried(["cases"], monkeypatch), ["cases"])


@pytest.mark.parametrize("family", SHARES)
def test_changed_files(family: str, made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an error that is none of ours, an endless run, a full memory, a file written elsewhere, raw escapes."""
    fuzzed(family, range(_count(family, DAY)), made, folder, monkeypatch)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("family", SHARES)
def test_many_changed_files(
    family: str, part: int, made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The same, thirty times as many."""
    count = _count(family, NIGHT)
    first = int(os.environ.get("DETENTE_FUZZ_FROM", "0"))
    with capfd.disabled():
        fuzzed(family, range(first + count * part // PARTS, first + count * (part + 1) // PARTS), made, folder, monkeypatch)
