"""Commitments: what is entered is kept for ever, readers stand side by side, and the scores are what they are said to be."""

from __future__ import annotations

import contextlib
import datetime
import json
import random
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from accords import accord
from detente.case.load import load
from detente.cli import app
from detente.errors import RecordError
from detente.record.commitments.commit import bundled, commit, commit_file, history
from detente.record.commitments.entry import Entry
from detente.record.commitments.implementation import implementation
from detente.record.commitments.ledger import commitments
from detente.record.commitments.scale import SCORES, STATES
from detente.record.commitments.standing import by_commitment, standing
from detente.record.workspace import Workspace

DAY = datetime.date.fromisoformat
HEAD = "item,party,due,as_of,state,reader,evidence,note\n"


def entry(
    state: str, as_of: str, reader: str = "keeper", *, due: str | None = None, item: str = "a", party: str = "north"
) -> Entry:
    return Entry(item, party, DAY(as_of), state, reader, DAY(due) if due else None)


# -- what an entry does --------------------------------------------------------------------------------------------------------


def test_a_correction_is_added_and_the_old_entry_stays(tmp_path: Path) -> None:
    """Catches an entry that overwrites another, or a correction that is not heard."""
    case, record = accord(), tmp_path / "record"
    for n, state in enumerate(("full", "minimal")):
        made = commit(case, "a", state=state, as_of="2020-03-01", by="keeper", workspace=record, now=_time(n))
        assert (made.read, made.added, made.known) == (1, 1, 0)
    assert [e.state for e in history(case, record).entries] == ["full", "minimal"]
    (row,) = commitments(case, record).rows
    assert row.standing.state == "minimal"
    assert [e.state for e in commitments(case, record, item="a").entries] == ["full", "minimal"]


def test_a_correction_can_be_undone_and_a_repetition_is_not_added(tmp_path: Path) -> None:
    """Catches a record that takes the undoing of a correction for something known, or grows by being told the same twice."""
    case, record = accord(), tmp_path / "record"
    added = [
        commit(case, "a", state=state, as_of="2020-03-01", by="keeper", workspace=record, now=_time(n)).added
        for n, state in enumerate(("full", "full", "none", "full"))
    ]
    assert added == [1, 0, 1, 1]
    assert commitments(case, record).rows[0].standing.state == "full"


def test_the_same_file_twice_adds_nothing_even_after_a_correction(tmp_path: Path) -> None:
    """Catches a second import that doubles the record, or that quietly takes a correction back."""
    case, record, file = accord(), tmp_path / "record", tmp_path / "deal.csv"
    file.write_text(HEAD + "a,,,2020-03-01,full,keeper,,\nb,,2020-05-01,2020-03-01,none,keeper,,\n", encoding="utf-8")
    assert commit_file(case, file, workspace=record, now=_time(0)).to_dict() == {
        "workspace": str(record), "read": 2, "added": 2, "known": 0,
    }  # fmt: skip
    commit(case, "a", state="none", as_of="2020-03-01", by="keeper", workspace=record, now=_time(1))
    again = commit_file(case, file, workspace=record, now=_time(2))
    assert (again.added, again.known) == (0, 2)
    assert {c.standing.item: c.standing.state for c in commitments(case, record).rows} == {"a": "none", "b": "none"}


def test_every_entry_of_a_file_knows_its_line(tmp_path: Path) -> None:
    """Catches line numbers that go wrong behind a cell of several lines, a blank line, or entries that were known already."""
    case, record, file = accord(), tmp_path / "record", tmp_path / "deal.csv"
    file.write_text(HEAD + 'a,,,2020-03-01,full,keeper,"two\nlines",\n\nb,,,2020-03-01,none,keeper,,\n', encoding="utf-8")
    commit_file(case, file, workspace=record, now=_time(0))
    with file.open("a", encoding="utf-8") as out:
        out.write("deal/s3,south,,2020-03-01,none,keeper,,\n")
    commit_file(case, file, workspace=record, now=_time(1))
    assert {e.item: (e.line, e.file) for e in history(case, record).entries} == {
        "a": (2, str(file)), "b": (5, str(file)), "deal/s3": (6, str(file)),
    }  # fmt: skip
    with Workspace.open(record).connect() as connection:
        held = dict(connection.execute("select item, line from commitments_sourced where item = 'deal/s3'").fetchall())
    assert held == {"deal/s3": 6}


def test_both_versions_of_a_dispute_are_kept() -> None:
    """Catches a reading that overrules another party's, and a dispute that nobody sees."""
    s = standing([entry("full", "2020-02-01", "north"), entry("none", "2020-03-01", "south")], DAY("2020-06-30"))
    assert s is not None
    assert (s.state, s.low, s.high) == ("disputed", 0, 1)
    assert [(r.reader, r.state) for r in s.readings] == [("north", "full"), ("south", "none")]


def test_a_dispute_of_which_one_version_is_on_record_is_open() -> None:
    """Catches a range of one point where one side has only said that it disagrees."""
    s = standing([entry("full", "2020-02-01", "north"), entry("disputed", "2020-03-01", "keeper")], DAY("2020-06-30"))
    assert s is not None
    assert (s.state, s.low, s.high) == ("disputed", 0, 1)
    between = [entry("minimal", "2020-02-01", "north"), entry("intermediate", "2020-02-01", "south"),
               entry("disputed", "2020-03-01", "keeper")]  # fmt: skip
    s = standing(between, DAY("2020-06-30"))
    assert s is not None
    assert (s.low, s.high) == (Fraction(1, 3), Fraction(2, 3))


@pytest.mark.parametrize(
    ("readings", "overdue", "late", "soon"),
    [
        ([("none", "2020-03-01")], True, False, False),
        ([("intermediate", "2020-06-15")], True, False, False),
        ([("full", "2020-06-15")], False, False, False),
        ([("full", "2020-06-20")], False, False, False),  # on the day itself
        ([("none", "2020-06-15"), ("full", "2020-06-25")], False, True, False),
        ([("full", "2020-06-15"), ("reversed", "2020-06-25")], True, False, False),
        ([("full", "2020-06-01"), ("full", "2020-06-25")], False, False, False),  # full since before it was due
    ],
)
def test_overdue_and_late(readings: list[tuple[str, str]], overdue: bool, late: bool, soon: bool) -> None:
    """Catches a day too early or too late, and a repeated reading that makes what was done in time look late."""
    s = standing([entry(state, day, due="2020-06-20") for state, day in readings], DAY("2020-06-30"))
    assert s is not None
    assert (s.overdue, s.late, s.due_within(30)) == (overdue, late, soon)


def test_due_soon_counts_days_from_today_on() -> None:
    """Catches an item due today, or on the last day asked for, that is not on the list."""
    for due, within in (("2020-06-30", True), ("2020-07-30", True), ("2020-07-31", False), ("2020-06-29", False)):
        s = standing([entry("none", "2020-03-01", due=due)], DAY("2020-06-30"))
        assert s is not None
        assert s.due_within(30) is within, due


def test_a_later_day_does_not_count_before_it_comes(tmp_path: Path) -> None:
    """Catches a record that knows the future, and one that hides that it left something out."""
    case, record = accord(), tmp_path / "record"
    commit(case, "a", state="none", as_of="2020-03-01", by="keeper", workspace=record, now=_time(0))
    commit(case, "a", state="full", as_of="2020-08-01", by="keeper", workspace=record, now=_time(1))
    found = commitments(case, record)
    assert (found.rows[0].standing.state, found.later) == ("none", 1)
    assert commitments(case, record, as_of=DAY("2020-08-01")).rows[0].standing.state == "full"


# -- the standing against the definition ---------------------------------------------------------------------------------------

ENTRIES = st.lists(
    st.tuples(st.sampled_from(STATES), st.integers(0, 5), st.sampled_from("xyz"), st.sampled_from([None, 1, 3])),
    min_size=1,
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(ENTRIES, st.integers(0, 6))
def test_the_standing_is_what_the_definition_says(made: list[tuple[str, int, str, int | None]], today: int) -> None:
    """Compares with a reading of the definition from scratch, entry by entry, in the order in which they were made."""
    first = DAY("2020-01-01")

    def day(n: int) -> datetime.date:
        return first + datetime.timedelta(days=n)

    entries = [Entry("a", "north", day(d), s, r, None if due is None else day(due)) for s, d, r, due in made]
    s = standing(by_commitment(entries)[("a", "north")], day(today))
    said = {(r, d): state for state, d, r, _ in made if d <= today}  # the last one made for a reader and a day stands
    if not said:
        assert s is None
        return
    assert s is not None
    last = {r: max(d for q, d in said if q == r) for r, _ in said}
    versions = {r: said[r, d] for r, d in last.items()}
    assert {r.reader: r.state for r in s.readings} == versions
    scores = [SCORES[v] for v in versions.values() if v != "disputed"]
    definite = {v for v in versions.values() if v != "disputed"}
    open_ = "disputed" in versions.values() and len(definite) < 2
    assert (s.low, s.high) == ((0, 1) if open_ else (min(scores), max(scores)))
    assert s.state == (versions.popitem()[1] if len(set(versions.values())) == 1 else "disputed")
    for reading in s.readings:
        days = sorted(d for r, d in said if r == reading.reader)
        run = []
        for d in reversed(days):
            if said[reading.reader, d] != reading.state:
                break
            run.append(d)
        assert reading.since == day(run[-1])


# -- scores --------------------------------------------------------------------------------------------------------------------


def test_scores_by_hand(tmp_path: Path) -> None:
    """Two parties, three measures, two provisions: each mean worked out by hand; a dispute is a range, nothing counts twice."""
    case, record = accord(), tmp_path / "record"
    for n, (item, party, state, day, by) in enumerate((
        ("a", "north", "full", "2020-02-01", "keeper"),
        ("c", "north", "minimal", "2020-03-01", "keeper"),
        ("c", "south", "full", "2020-03-01", "south"),
        ("c", "south", "none", "2020-04-01", "north"),
        ("deal/s1", "north", "intermediate", "2020-04-01", "keeper"),  # its measures are read: does not count for the party
        ("deal/s2", "south", "intermediate", "2020-05-01", "keeper"),  # its measure is not read: counts
    )):  # fmt: skip
        commit(case, item, party=party, state=state, as_of=day, by=by, workspace=record, now=_time(n))
    found = implementation(case, record)

    def score(provision: str | None, party: str | None) -> tuple[Fraction, Fraction, int]:
        s = found.of(provision, party)
        assert s is not None
        return s.low, s.high, s.read

    third = Fraction(1, 3)
    assert score(None, "north") == ((1 + third) / 2, (1 + third) / 2, 2)
    assert score(None, "south") == ((0 + 2 * third) / 2, (1 + 2 * third) / 2, 2)
    assert score("deal/s1", "north") == (2 * third, 2 * third, 1)
    assert score("deal/s1", "south") == (0, 1, 1)
    assert score("deal/s2", "south") == (2 * third, 2 * third, 1)
    assert score(None, None) == ((1 + third + 0 + 2 * third) / 4, (1 + third + 1 + 2 * third) / 4, 4)
    assert found.of("deal/s2", "north") is None
    assert [p.date.isoformat() for p in found.path] == ["2020-02-01", "2020-03-01", "2020-04-01", "2020-05-01"]
    start = found.path[0].of()
    assert start is not None
    assert (start.low, start.high, start.read) == (1, 1, 1)
    assert {i.id for i in found.unread} == {"b", "deal/s3"}


# -- many at once --------------------------------------------------------------------------------------------------------------


def test_hundreds_of_stipulations_in_one_file(tmp_path: Path) -> None:
    """An accord of 600 stipulations, each read by three readers: all are taken, listed, filtered and sorted."""
    case, record, file = accord(600), tmp_path / "record", tmp_path / "deal.csv"
    rng = random.Random(0)
    lines = [
        f"deal/s{n},{rng.choice(['north', 'south'])},2020-0{rng.randint(1, 9)}-15,2020-06-{day:02},{rng.choice(STATES)},{by},,"
        for n in range(1, 601)
        for day, by in ((1, "north"), (10, "south"), (20, "keeper"))
    ]
    file.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    assert commit_file(case, file, workspace=record, now=_time(0)).added == 1800
    found = commitments(case, record, sort="due")
    assert found.of == len(found.rows) >= 600
    dues = [c.standing.due for c in found.rows]
    assert dues == sorted(dues)  # type: ignore[type-var]
    late = commitments(case, record, party="north", only="overdue")
    assert late.rows
    assert all(c.standing.party == "north" and c.overdue for c in late.rows)
    assert {(c.item.id, c.standing.party) for c in late.rows} == {
        (c.item.id, c.standing.party) for c in found.rows if c.overdue and c.standing.party == "north"
    }
    assert implementation(case, record).of() is not None


def test_every_fault_of_a_file_at_once_and_nothing_taken(tmp_path: Path) -> None:
    """Catches a file that is given up at its first fault, a fault without its line, and a half-taken file."""
    case, file = accord(), tmp_path / "deal.csv"
    file.write_text(
        HEAD
        + "a,,,2020-03-01,full,keeper,,\n"
        + "deal/s11,north,,2020-03-01,full,keeper,,\n"
        + "c,,,2020-03-01,full,keeper,,\n"
        + "a,south,,2020-03-01,fulll,keeper,,\n"
        + "b,,2020-02-30,20200301,none,,,\n"
        + "b,,,2020-03-01,none,keeper,,,extra\n"
        + "b,suoth,,2030-01-01,none,keeper,,\n"
        + "a,,,2020-03-01,none,keeper,,\n"
        + "deal/s1,north,,2019-12-31,none,keeper,,\n"
        + "c/1,north,,2020-03-01,none,keeper,,\n",
        encoding="utf-8",
    )
    with pytest.raises(RecordError) as err:
        commit_file(case, file, workspace=tmp_path / "record", now=_time(0))
    said = str(err.value)
    for line, part in (
        (3, "got 'deal/s11', wanted a measure of the case or AGREEMENT/PROVISION (did you mean 'deal/s1'?)"),
        (4, "got nothing, wanted who owes it: north or south"),
        (5, "south does not carry out a: north would"),
        (
            5,
            f"got 'fulll', wanted {', '.join(STATES)}, or a share such as 40% or 4/10 (did you mean 'full'?)",
        ),
        (6, "due: got '2020-02-30', wanted a date such as 2019-01-30"),
        (6, "as_of: got '20200301', wanted a date such as 2019-01-30"),
        (6, "reader: got nothing"),
        (7, "got 9 cells, wanted 8"),
        (8, "got 'suoth', wanted a party of the case: north, south (did you mean 'south'?)"),
        (8, "got 2030-01-01, a day to come"),
        (9, "keeper reads a on 2020-03-01 otherwise than in line 2"),
        (10, "before the agreement was signed on 2020-01-01"),
        (11, "write c; a part that is done is `minimal` or `intermediate`"),
    ):
        assert any(x.startswith(f"{file}:{line}:") and part in x for x in said.splitlines()), (line, part, said)
    assert "nothing was taken" in said.splitlines()[0]
    assert not (tmp_path / "record").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the column item, as_of, state, reader is missing"),
        (b"item,as_of,state,reader\n", "no entry in it"),
        (b"item;as_of;state;raeder\na;2020-03-01;full;x\n", "unknown column 'raeder' (did you mean 'reader'?)"),
        (b"item,as_of,state,reader,item\n", "the column 'item' is given twice"),
        (b'item,as_of,state,reader\na,2020-03-01,full,"x\n', "not a table"),
        (b"item,as_of,state,reader\na,2020-03-01,full,\xff\n", ":2:19: not UTF-8: the byte 0xff"),
    ],
)
def test_files_that_are_no_table(content: bytes, said: str, tmp_path: Path) -> None:
    """Catches a traceback, or a quiet success, on what is not a table of entries."""
    file = tmp_path / "deal.csv"
    file.write_bytes(content)
    with pytest.raises(RecordError) as err:
        commit_file(accord(), file, workspace=tmp_path / "record")
    assert said in str(err.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_byte_order_mark_and_optional_columns(separator: str, tmp_path: Path) -> None:
    """Catches a table from a spreadsheet that cannot be read as it comes."""
    file = tmp_path / "deal.csv"
    file.write_bytes("\ufeffState,item,reader,as_of\r\nfull,a,x,2020-03-01\r\n".replace(",", separator).encode())
    assert commit_file(accord(), file, workspace=tmp_path / "record").added == 1


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=120), st.booleans())
def test_no_bytes_crash_it(content: bytes, headed: bool) -> None:
    """Catches any end but a list of entries or a RecordError, on arbitrary bytes."""
    from tempfile import TemporaryDirectory

    from detente.record.commitments.file import read_table

    with TemporaryDirectory() as folder:
        file = Path(folder) / "x.csv"
        file.write_bytes((b"item,as_of,state,reader\n" if headed else b"") + content)
        with contextlib.suppress(RecordError):
            assert read_table(file, CASE)


CASE = accord()


def test_what_somebody_wrote_is_text(tmp_path: Path) -> None:
    """Catches brackets that are taken for markup: they would be swallowed, or end the command."""
    record = tmp_path / "record"
    commit(
        load("us-dprk-2019"), "tourism", state="none", as_of="2019-01-20", by="[/b] x", note="[red]n :smile:", workspace=record
    )
    asked = ["record", "commitments", "us-dprk-2019", "--item", "tourism", "--workspace", str(record)]
    done = CliRunner().invoke(app, asked, env={"COLUMNS": "160"})
    assert done.exit_code == 0
    assert "[/b] x: none" in done.stdout
    assert "[red]n :smile:" in done.stdout


def test_a_record_of_another_case_is_no_answer(tmp_path: Path) -> None:
    """Catches an empty list where the record holds nothing of this case, and entries of one case that are read as another's."""
    record = tmp_path / "record"
    commit(CASE, "a", state="none", as_of="2020-02-01", by="x", workspace=record)
    with pytest.raises(RecordError, match="no commitment of case us-dprk-2019 in this record"):
        commitments(load("us-dprk-2019"), record)


# -- the bundled record and the command line -----------------------------------------------------------------------------------


def test_the_bundled_record_holds_nothing_later_than_the_case_and_gives_every_source() -> None:
    """Catches hindsight, a line without its source, and a party that is never read."""
    case = load("us-dprk-2019")
    kept = history(case)
    assert kept.source == "bundled"
    assert len(kept.entries) > 60
    for e in kept.entries:
        assert e.as_of <= case.as_of, e
        assert "2019" not in e.evidence.replace("January 2019", ""), e
        assert e.evidence, e
    assert {e.party for e in kept.entries} == set(case.parties)
    disputed = [c for c in commitments(case).rows if c.standing.state == "disputed"]
    assert all(len({r.reader for r in c.standing.readings}) > 1 for c in disputed)
    assert {c.standing.party for c in disputed} >= {"us", "dprk"}


def test_without_a_record_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an empty success where there is nothing on record."""
    monkeypatch.chdir(tmp_path)
    assert bundled("toy-exchange") is None
    with pytest.raises(RecordError, match="begin one with `detente record commit`"):
        history(load("toy-exchange"))
    with pytest.raises(RecordError, match="there is no record in this folder"):
        history(load("us-dprk-2019"), tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--party", "dprkk"], "did you mean 'dprk'?"),
        (["--state", "ful"], "did you mean 'full'?"),
        (["--item", "singapore"], "did you mean 'singapore-2018'?"),
        (["--only", "late"], "wanted a list: overdue, soon"),
        (["--sort", "dues"], "did you mean 'due'?"),
        (["--soon", "-1"], "wanted 0 or more days"),
        (["--as-of", "2019"], "wanted a date such as 2019-01-30"),
    ],
)
def test_filters_that_name_nothing_are_refused(options: list[str], said: str) -> None:
    """Catches an empty list where a word was mistyped."""
    done = CliRunner().invoke(app, ["record", "commitments", "us-dprk-2019", *options])
    assert done.exit_code != 0
    assert said in (done.output + str(done.exception))


def test_the_commands_from_end_to_end(tmp_path: Path) -> None:
    """Catches options that are dropped on their way: what is entered is what is listed, in JSON and in words."""
    run, record = CliRunner(env={"COLUMNS": "160"}), str(tmp_path / "record")
    said = {
        "party": "dprk",
        "state": "minimal",
        "as-of": "2019-01-20",
        "due": "2019-01-25",
        "reader": "us",
        "evidence": "report",
    }
    options = [x for name, text in {**said, "note": "spring", "workspace": record}.items() for x in (f"--{name}", text)]
    done = run.invoke(app, ["record", "commit", "us-dprk-2019", "remains-recovery", *options, "--json"])
    assert (done.exit_code, json.loads(done.stdout)["added"]) == (0, 1)
    told = json.loads(
        run.invoke(app, ["record", "commitments", "us-dprk-2019", "--workspace", record, "--scores", "--json"]).stdout
    )
    (row,) = told["commitments"]
    assert (row["item"], row["party"], row["due"], row["state"], row["overdue"]) == (
        "remains-recovery", "dprk", "2019-01-25", "minimal", True,
    )  # fmt: skip
    (reading,) = row["readings"]
    assert (reading["reader"], reading["evidence"], reading["note"]) == ("us", "report", "spring")
    assert told["overdue"] == [["remains-recovery", "dprk"]]
    words = run.invoke(app, ["record", "commitments", "us-dprk-2019", "--workspace", record, "--scores", "--unread"]).stdout
    assert "Overdue: 1" in words
    assert "0.33 (1)" in words
    assert "tourism" in words
    for options in (["--file", "x.csv", "--state", "full"], ["tourism"]):
        done = run.invoke(app, ["record", "commit", "us-dprk-2019", *options, "--workspace", record])
        assert done.exit_code == 2


def _time(n: int) -> datetime.datetime:
    return datetime.datetime(2021, 1, 1) + datetime.timedelta(seconds=n)
