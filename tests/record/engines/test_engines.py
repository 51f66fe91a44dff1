"""One suite for both engines: what duckdb answers by its own SQL, ibis answers over duckdb and over a real Spark session."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.errors import RecordError
from detente.record.dyad import PERIODS, dyad
from detente.record.engines import ENGINES, SUPPORT
from detente.record.engines.backend import backend, wanted
from detente.record.importing.importing import import_files
from detente.record.workspace import Workspace

pytestmark = [
    pytest.mark.xdist_group("spark"),  # one session for all
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),  # between ibis, pandas and duckdb
]

LINES = [
    "2018-01-01,United States,Make statement,North Korea",
    "2018-01-31,North Korea,Threaten with military force,United States",
    "2018-02-04,United States,Express intent to meet or negotiate,North Korea",
    "2018-02-05,Donald Trump,Host a visit,Kim Jong-Un",
    "2018-02-05,South Korea,Consult,North Korea",
    "2020-12-31,North Korea,Make a visit,United States",
    "2021-01-01,North Korea,Use conventional military force,United States",
    "2021-01-03,Boko Haram,Use conventional military force,Nigeria",
]
POLECAT = [
    '{"date": "2018-02-06", "source": [{"code": "USA"}], "target": [{"code": "PRK"}], "event": "AID", "id": "p1"}',
    '{"date": "2018-02-07", "source": [{"code": "PRK"}], "target": [{"code": "USA"}], "event": "REJECT", "intensity": -4}',
]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("record")
    first, second = folder / "events.csv", folder / "events.jsonl"
    first.write_text("\n".join(["date,source,event,target", *LINES, ""]), encoding="utf-8")
    second.write_text("\n".join([*POLECAT, ""]), encoding="utf-8")
    workspace = Workspace.create(folder / "record [ab] {c,d} *")  # a name that, read as a pattern, is not its own
    assert import_files(workspace, [first, second]).added == len(LINES) + len(POLECAT)
    return workspace


@pytest.fixture(scope="module", autouse=True)
def _lean() -> Iterator[None]:
    """A Java that compiles no more than it must and collects with one thread: half the work, for a session of seconds."""
    with pytest.MonkeyPatch.context() as patch:
        options = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
        patch.setenv("PYSPARK_SUBMIT_ARGS", f"--driver-java-options '{options}' pyspark-shell")
        yield


@pytest.fixture(scope="module", params=ENGINES)
def opened(request: pytest.FixtureRequest) -> Iterator[tuple[str, Any]]:
    if request.param == "spark" and not shutil.which("java"):
        pytest.skip("there is no Java on this machine: Spark cannot be tried")
    with backend(request.param, "local[2]") as found:
        yield request.param, found


@pytest.mark.parametrize("by", PERIODS)
@pytest.mark.parametrize("directed", [False, True])
def test_a_dyad_by_period(record: Workspace, opened: tuple[str, Any], by: str, directed: bool) -> None:
    """Catches an engine that counts, truncates or averages otherwise: weeks over a change of year, scales, both directions."""
    from detente.record.engines import queries

    plain = dyad(record, "USA", "PRK", by=by, directed=directed)
    asked = queries.dyad(queries.events(opened[1], record.events()), "USA", "PRK", by=by, directed=directed)
    rows = opened[1].to_pyarrow(asked).to_pylist()
    expected = [p for p in plain.series if p.events]
    assert [(r["start"], r["events"], r["cooperation"], r["conflict"]) for r in rows] == [
        (p.start, p.events, p.cooperation, p.conflict) for p in expected
    ]
    for row, period in zip(rows, expected, strict=True):
        assert row["intensity"] == (None if period.intensity is None else pytest.approx(period.intensity, abs=1e-5))


def test_formats_and_pairs(record: Workspace, opened: tuple[str, Any]) -> None:
    """Catches an engine that loses the format of a part, or orders pairs otherwise."""
    from detente.record.engines import queries

    table = queries.events(opened[1], record.events())
    shares = opened[1].to_pyarrow(queries.formats(table, "USA", "PRK")).to_pylist()
    assert [(row["format"], row["events"]) for row in shares] == [("icews", 6), ("plover", 2)]
    found = opened[1].to_pyarrow(queries.pairs(table, 3)).to_pylist()
    assert [tuple(row.values()) for row in found] == [("PRK", "USA", 4), ("USA", "PRK", 4), ("KOR", "PRK", 1)]


def test_a_record_without_events(tmp_path: Path, opened: tuple[str, Any]) -> None:
    """Nothing is an answer of no rows, from either."""
    from detente.record.engines import queries

    table = queries.events(opened[1], Workspace.create(tmp_path / "record").events())
    assert opened[1].to_pyarrow(queries.dyad(table, "USA", "PRK", by="month")).to_pylist() == []


def test_the_same_from_the_command_line(record: Workspace) -> None:
    """Catches a command that falls back to the other engine, prints something else, or leaves Spark's answer to an interrupt
    behind, which fails in a process that goes on."""
    if not shutil.which("java"):
        pytest.skip("there is no Java on this machine: Spark cannot be tried")
    asked = ["record", "dyad", "USA", "PRK", "--json", "--workspace", str(record.path)]
    plain = CliRunner().invoke(app, asked)
    answer = signal.getsignal(signal.SIGINT)
    spark = CliRunner().invoke(app, [*asked, "--engine", "spark", "--master", "local[1]"])
    assert signal.getsignal(signal.SIGINT) is answer
    assert spark.exit_code == plain.exit_code == 0
    assert spark.stdout == plain.stdout


def test_what_is_missing_is_said() -> None:
    """Catches a question that an engine does not answer and that is answered by another in silence."""
    assert all(set(engines) <= set(ENGINES) and "duckdb" in engines for engines in SUPPORT.values())
    wanted("dyad", "spark")
    with pytest.raises(RecordError, match="does not answer contacts"):
        wanted("contacts", "spark")
    with pytest.raises(RecordError, match="no such engine"):
        wanted("dyad", "sparc")
