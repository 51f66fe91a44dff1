"""Questions: chances against closed forms and by hand, a log that is never half written, scores by hand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.errors import InputError
from detente.forecast.questions.ask import ask
from detente.forecast.questions.days import day_of
from detente.forecast.questions.hazard import chances, past_scores
from detente.forecast.questions.log import FILE, read_log, yes_no
from detente.forecast.questions.sets import import_questions, score_answers
from forecastseries import write

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def test_the_constant_rate_is_its_closed_form() -> None:
    """3 event days in 300, 100 to come: 1 - (300/400)^3.5. The interval holds it."""
    found = chances([10, 20, 200], 300, 100)["rate"]
    assert found.chance == pytest.approx(1 - 0.75**3.5)
    assert found.low < found.chance < found.high


def test_the_base_rate_counts_windows() -> None:
    """Three windows of 100 days back from day 300, two of them with an event: (0.5 + 2) / (1 + 3)."""
    assert chances([10, 20, 200], 300, 100)["base-rate"].chance == pytest.approx(2.5 / 4)
    assert chances([10, 20, 201], 300, 100)["base-rate"].chance == pytest.approx(2.5 / 4)
    assert chances([101, 200], 300, 100)["base-rate"].chance == pytest.approx(1.5 / 4)


def test_the_hazard_is_its_definition() -> None:
    """One event on day 5 of 40, ten days to come: all in the span 31-90 or 8-30, by the formula of the module."""
    found = chances([5], 40, 10)["hazard"]
    # Days 1-4 and the event's day 5 lie in span 1-7 before it, days 6-12 after it; 13-35 in 8-30; 36-40 in 31-90.
    shapes, exposed, ahead = (1 + 1, 1, 1), (5 + 7, 23, 5), (0, 0, 10)
    product = 1.0
    for a, t, d in zip(shapes, exposed, ahead, strict=True):
        product *= ((40 + t) / (40 + t + d)) ** a
    assert found.chance == pytest.approx(1 - product)


def test_clusters_are_seen() -> None:
    """After a burst the hazard is above the rate, after a long silence below it; and both are scored on the past."""
    burst = [100 * k + j for k in range(20) for j in range(5)][1:]
    rate, hazard = (chances(burst, 1905, 7)[m].chance for m in ("rate", "hazard"))
    assert hazard > rate
    assert chances(burst, 1950, 7)["hazard"].chance < chances(burst, 1950, 7)["rate"].chance
    scores, windows = past_scores(burst, 1990, 14)
    assert windows == 1990 // 14 - 3
    assert all(0 <= s <= 1 for s in scores.values())


def test_past_scores_look_back_only() -> None:
    """An event after the window cannot change what was said of it."""
    early, late = [3, 50, 80], [3, 50, 80, 199]
    one, _ = past_scores(early, 160, 40)
    two, _ = past_scores([e for e in late if e <= 160], 160, 40)
    assert one == two


def test_missile_tests_after_the_hanoi_meeting() -> None:
    """As of March 2019 nothing had been tested for 15 months: hazard under rate; the answer names its model and its score."""
    file = DATA / "dprk_missile_tests" / "nagix_missile_tests_1984_2026.csv"
    if not file.is_file():
        pytest.skip(f"MISSILE DATA SKIPPED: {file} is not there")
    found = ask(file, by="2019-06-30", as_of="2019-03-01", since="2000-01-01")
    assert (found.events, found.last) == (57, date(2017, 11, 28))
    assert found.models["hazard"].chance < found.models["rate"].chance
    assert found.past[found.model] == min(found.past.values())
    with pytest.raises(InputError, match="got '1984-09'"):
        ask(file, by="2019-06-30", as_of="2019-03-01")


def events(tmp_path: Path) -> Path:
    rows = [
        (f"2018-{m:02d}-{d:02d}", k)
        for m in range(1, 13)
        for d, k in ((3, "test"), (9, "talks"))
        if (m, k) not in ((5, "test"), (6, "talks"))
    ]
    return write(tmp_path / "events.csv", rows, "date,what")


def test_a_chance_says_what_it_would_be_with_one_event_less(tmp_path: Path) -> None:
    """Events in two of nine past windows: (2 + 1/2) / (9 + 1), and with one of them less 1.5 / 10. In one window both: one less
    changes nothing. Catches a chance from two events that looks as firm as any."""
    for second, chance, other in (("2018-05-03", 0.25, 0.15), ("2016-09-12", 0.15, 0.15)):
        file = write(tmp_path / "two.csv", [("2016-01-01",), ("2016-09-09",), (second,)], "date")
        found = ask(file, by="2019-06-30", as_of="2019-03-01")
        assert (found.model, found.events, found.chance.chance) == ("base-rate", 2, pytest.approx(chance))
        assert found.without_one == (pytest.approx(other), pytest.approx(other))
    assert ask(write(tmp_path / "none.csv", [("2016-01-01",)], "date"), by="2019-06-30", as_of="2019-03-01").without_one is None


def test_bad_questions_are_named(tmp_path: Path) -> None:
    """An unknown indicator, a day in the past, half of a pair, a table without a column."""
    file = events(tmp_path)
    for options, said in (
        ({"indicator": "tests", "column": "what", "by": "2019-03-01"}, "did you mean 'test'"),
        ({"by": "2018-03-01"}, "wanted a day after 2018-12-09"),
        ({"by": "soon"}, "by: got 'soon'"),
        ({"indicator": "test", "by": "2019-03-01"}, "give both"),
        ({"indicator": "test", "column": "kind", "by": "2019-03-01"}, "there is no such column"),
        ({"by": "2019-03-01", "since": "2019-01-01"}, "wanted a day before"),
    ):
        with pytest.raises(InputError, match=said):
            ask(file, **options)  # type: ignore[arg-type]
    never = ask(file, "test", column="what", by="2018-05-30", as_of="2018-01-02", since="2018-01-01")
    assert any("rests on the prior" in n for n in never.notes)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["forecast", *arguments])
    return (2, str(done.exception)) if isinstance(done.exception, InputError) else (done.exit_code, done.output)


def test_questions_without_an_id_get_one_that_is_free_by_then(tmp_path: Path) -> None:
    """Two who have read the same log both land: catches ids that are counted before the lock is held, and the loss of one."""
    day = date(2024, 1, 1)
    first, second = read_log(tmp_path, new=True), read_log(tmp_path, new=True)
    first.asked([yes_no("2", "Given?", day, day, 0.5, {})])
    second.asked([yes_no("", "One?", day, day, 0.5, {}), yes_no("", "Another?", day, day, 0.5, {})])
    found = first.asked([yes_no("", "Last?", day, day, 0.5, {})])
    assert [q.text for q in found.questions] == ["Given?", "One?", "Another?", "Last?"]
    assert len({q.id for q in found.questions}) == 4
    assert [q.id for q in read_log(tmp_path).questions] == [q.id for q in found.questions]


def test_a_question_is_logged_resolved_and_scored(tmp_path: Path) -> None:
    """The running Brier score is that of the answer given; a log is never rewritten."""
    folder = tmp_path / "log"
    asked = (
        "ask",
        "--table",
        str(events(tmp_path)),
        "--column",
        "what",
        "--indicator",
        "test",
        "--by",
        "2019-01-31",
        "--log",
        str(folder),
    )
    assert run(*asked)[0] == 2  # no such folder
    folder.mkdir()
    code, out = run(*asked, "--json")
    assert code == 0, out
    chance = json.loads(out)["chance"]
    code, out = run("resolve", str(folder), "1", "yes")
    assert (code, read_log(folder).brier) == (0, pytest.approx(((1 - chance) ** 2, 1), rel=1e-4))
    before = (folder / FILE).read_bytes()
    for arguments, said in (
        (("resolve", str(folder), "1", "no"), "resolved already"),
        (("resolve", str(folder), "2", "no"), "wanted one of the log"),
        ((*asked, "--id", "1"), "given twice"),
    ):
        code, out = run(*arguments)
        assert code == 2
        assert said in out
    assert (folder / FILE).read_bytes() == before
    (folder / FILE).write_bytes(before + b'{"kind": "resol')
    code, out = run("questions", "list", str(folder))
    assert code == 2
    assert f"{FILE}:3:1" in out


def test_the_questions_of_the_good_judgment_project(tmp_path: Path) -> None:
    """617 questions: 498 closed, 119 voided, months first and years of two digits; nothing lost."""
    if not (DATA / "gjp").is_dir():
        pytest.skip(f"GJP DATA SKIPPED: {DATA / 'gjp'} is not there")
    found = [q for name in ("korea", "other") for q in import_questions(DATA / "gjp" / f"gjp_ifps_{name}.csv.gz")]
    assert (len(found), sum(q.outcome is not None for q in found), sum(q.void for q in found)) == (617, 498, 119)
    six = next(q for q in found if q.id == "1001-0")
    assert (six.start, six.close, six.outcome, six.options) == (
        date(2011, 9, 1),
        date(2012, 1, 2),
        "b",
        {"a": "Yes", "b": "No"},
    )
    log = read_log(tmp_path, new=True).asked(found)
    assert read_log(tmp_path).questions == log.questions


def test_forecasters_are_scored_by_the_day(tmp_path: Path) -> None:
    """Ten days: 0.5 for four, 0.9 for six on what came true. (4 * 0.25 + 6 * 0.01) / 10. Bob says no once: 0.81."""
    head = "id,text,options,start,close,outcome,status"
    rows = [
        ("q", "Will it?", '"(a) Yes, (b) No"', "2019-01-01", "1/10/19", "a", "closed"),
        ("v", "Void?", '"(a) Yes, (b) No"', "2019-01-01", "2019-02-01", "", "voided"),
    ]
    log = read_log(tmp_path, new=True).asked(import_questions(write(tmp_path / "q.csv", rows, head)))
    answers = [
        ("q", "ann", "2018-12-30", "a", 0.5),
        ("q", "ann", "1/5/19", "b", 0.1),
        ("q", "bob", "2019-01-02", "a", 0.1),
        ("q", "bob", "2019-03-02", "a", 0.9),
        ("v", "bob", "2019-01-02", "a", 0.1),
    ]
    found = score_answers(log, write(tmp_path / "a.csv", answers, "question,forecaster,date,option,probability"))
    assert found.forecasters["ann"][0] == pytest.approx((4 * 0.25 + 6 * 0.01) / 10)
    assert found.forecasters["bob"] == pytest.approx((0.81, 1, 0.25))
    assert list(found.forecasters) == ["ann", "bob"]
    assert len(found.notes) == 2


def test_bad_sets_and_answers_are_named_at_once(tmp_path: Path) -> None:
    """Every kind of fault in one reading; nothing is written."""
    head = "id,text,options,start,close,outcome"
    rows = [
        ("q", "?", "yes or no", "2019-01-01", "2019-01-10", "a"),
        ("r", "?", '"(a) Yes, (b) No"', "31/1/19", "2018-01-10", "c"),
    ]
    with pytest.raises(InputError) as err:
        import_questions(write(tmp_path / "q.csv", rows, head))
    for part in ("wanted at least two", "start: got '31/1/19'", "got the outcome 'c'"):
        assert part in str(err.value)
    good = [("q", "?", '"(a) Yes, (b) No, (c) Other"', "2019-01-01", "2019-01-10", "a")]
    log = read_log(tmp_path, new=True).asked(import_questions(write(tmp_path / "q.csv", good, head)))
    bad = [("x", "ann", "2019-01-02", "a", 0.5), ("q", "", "2019-01-02", "d", 2), ("q", "ann", "never", "a", 0.5)]
    with pytest.raises(InputError) as err:
        score_answers(log, write(tmp_path / "a.csv", bad, "question,forecaster,date,option,probability"))
    for part in ("the question 'x'", "no forecaster", "the option 'd'", "the probability '2'", "the date 'never'"):
        assert part in str(err.value)
    short = [("q", "ann", "2019-01-02", "a", 0.5)]
    with pytest.raises(InputError, match=r"1 of 3 options, which add up to 0\.5"):
        score_answers(log, write(tmp_path / "a.csv", short, "question,forecaster,date,option,probability"))


def test_days() -> None:
    """ISO and month first; no guess at anything else."""
    assert day_of("12/30/11 0:00") == date(2011, 12, 30)
    assert day_of("2019-06-30T12:00") == date(2019, 6, 30)
    assert [day_of(t) for t in ("31/12/11", "2019-06", "June", "")] == [None] * 4


SOUND = {
    "kind": "question",
    "id": "1",
    "text": "?",
    "options": {"yes": "Yes", "no": "No"},
    "start": "2019-01-01",
    "close": "2019-02-01",
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "questoin"}, "kind: got 'questoin', wanted question or resolution"),
        ({"kind": ["question"]}, "kind: got a list of 1"),
        ({"options": ["yes", "no"]}, "options: got a list of 2, wanted a mapping"),
        ({"options": {"yes": "Yes"}}, "got 1 options, wanted 2 to 1,000"),
        ({"start": 1546300800}, "start: got 1546300800, wanted a day"),
        ({"close": "9999-12-31"}, "close: got 9999-12-31, wanted a day from 1800-01-01"),
        ({"close": "2018-12-31"}, "it closes on 2018-12-31, before it starts"),
        ({"chance": {"yes": 0.7, "perhaps": 0.3}}, "got a chance of 'perhaps'"),
        ({"chance": {"yes": 7, "no": -6}}, "chance.yes: got 7, wanted a number from 0 to 1"),
        ({"chance": {"yes": 0.9, "no": 0.9}}, "the chances add up to 1.8"),
        ({"chance": {"yes": "0.9", "no": 0.1}}, "chance.yes: got '0.9'"),
        ({"id": 1}, "id: got 1, wanted text"),
        ({"interval": [0, 1, 2]}, "interval"),
        ({"sql": "x"}, "unknown key 'sql'"),
    ],
)
def test_a_log_that_somebody_else_has_made(change: dict[str, object], said: str, tmp_path: Path) -> None:
    """Catches a line that is taken on trust: each is checked, and the fault has its line."""
    (tmp_path / FILE).write_text("\n" + json.dumps({**SOUND, **change}) + "\n")
    with pytest.raises(InputError) as refused:
        read_log(tmp_path)
    assert said in str(refused.value)
    assert f"{FILE}:2:1" in str(refused.value)


@pytest.mark.parametrize(
    "line", ["[" * 50_000, '{"kind": NaN}', "9" * 50_000, '{"kind": "question", "kind": "question"}', "3", "null"]
)
def test_a_line_that_is_no_entry(line: str, tmp_path: Path) -> None:
    """Catches a traceback, and a key that overrules another."""
    (tmp_path / FILE).write_text(json.dumps(SOUND) + "\n" + line + "\n")
    with pytest.raises(InputError, match=f"{FILE}:2:1"):
        read_log(tmp_path)


def test_a_separator_of_lines_within_a_question(tmp_path: Path) -> None:
    """Catches a text with a line separator, or half a character, that makes a log which cannot be read again."""
    from detente.forecast.questions.log import yes_no

    asked = yes_no("1", "One\u2028two \ud800", date(2019, 1, 1), date(2019, 2, 1), 0.3, {"indicator": None})
    read_log(tmp_path, new=True).asked([asked])
    (found,) = read_log(tmp_path).questions
    assert (found.text, found.more) == ("One\u2028two ?", {"indicator": None})


def test_thousands_of_faults_are_counted(tmp_path: Path) -> None:
    """Catches a list of complaints as long as the file, and a time that each of them costs."""
    rows = [(str(n), "?", "none", "x", "y", "z") for n in range(20_000)]
    with pytest.raises(InputError) as refused:
        import_questions(write(tmp_path / "q.csv", rows, "id,text,options,start,close,outcome"))
    assert len(str(refused.value).splitlines()) == 52
    assert len(refused.value.faults) < 1_010
