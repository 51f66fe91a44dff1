"""The reference of results lists the keys that `--json` prints, no more and no fewer."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from detente.cli import app
from gifts import uncertain
from publisher import archive, published, says
from smallcases import swap, written, you_first

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "results.md"
CASE = "toy-exchange"
UNLISTED = {"figures", "certificate", "answers"}  # said in words on the page


def answer(*arguments: str) -> Any:
    """What a command prints with --json."""
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert done.exit_code in (0, 1), done.output
    return json.loads(done.stdout)


def keys(x: Any, ids: Collection[str], path: str = "") -> Iterator[str]:
    """The paths of all that an answer holds; a row counts as one entry, and so does what is empty."""
    if isinstance(x, dict) and x and not {"row", "slack"} <= set(x) and path.rpartition(".")[2] not in UNLISTED:
        for key, inner in x.items():
            step = "ID" if key in ids else key
            yield from keys(inner, ids, f"{path}.{step}" if path else step)
    elif isinstance(x, list) and x:
        for inner in x:
            yield from keys(inner, ids, f"{path}[]")
    else:
        yield path


def documented(heading: str) -> set[str]:
    """The keys under a heading of the page."""
    text = PAGE.read_text(encoding="utf-8")
    section = re.split(rf"^## {re.escape(heading)}$", text, flags=re.M)[1].partition("\n## ")[0]
    return set(re.findall(r"^- `([^`]+)`", section, flags=re.M))


@pytest.fixture(scope="module")
def roadmap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A roadmap file of the case."""
    file = tmp_path_factory.mktemp("roadmap") / "roadmap.json"
    file.write_text(json.dumps(answer("plan", CASE, "--likely")), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "command", ["case", "cases", "plan", "unlock", "verify", "diagnose", "concessions", "compare", "prepare", "brief"]
)
def test_the_page_lists_the_keys(command: str, roadmap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a key that was added, renamed or dropped without a word to those who read the JSON."""
    monkeypatch.chdir(roadmap.parent)  # `brief` writes its page here
    small = written(swap(you_first), roadmap.parent)  # for what tries much
    given: dict[str, tuple[str, ...]] = {
        "cases": (),
        "verify": (CASE, str(roadmap)),
        "unlock": (small, "--target", "give-a"),
        "concessions": (small,),
        "compare": (CASE, "--frontier"),
        "plan": (CASE, "--likely"),
    }
    arguments = given.get(command, (CASE,))
    case = answer("case", *(arguments[:1] or (CASE,)))
    blocks = ["parties", "measures", "demands", "agreements", "orders", "risks", "supports", "evidence"]
    ids = {*case["parties"], *case["measures"], *(blocks if command == "cases" else ())}
    found = set(keys(answer(command, *arguments), ids))
    filled = {p for p in found if not any(q.startswith((f"{p}.", f"{p}[")) for q in found)}
    if command == "unlock":  # its plan is told under the command of that name
        filled = {"plan" if p.startswith("plan.") else p for p in filled}
    if command == "brief":  # the page refers to the other commands
        filled = {re.split(r"[.\[]", p)[0] for p in filled}
    assert filled == documented(f"`detente {command}`")


def test_the_page_lists_the_keys_of_the_conflict_graph() -> None:
    """Catches a key of the conflict graph, or of the inverse question, that changed without a word."""
    told = answer("graph", CASE, "--coalitions", "--horizon", "2", "--states", "--why", "4")
    ids = {*told["parties"], *told["options"], *told["equilibria"]}
    found = set(keys(told, ids))
    filled = {p for p in found if not any(q.startswith((f"{p}.", f"{p}[")) for q in found)}
    steps = "paths.equilibria.ID[].steps"  # none in this case
    assert (filled - {steps}) | {f"{steps}[]", "paths.equilibria.ID[]"} == documented("`detente graph`")
    asked = set(keys(answer("graph", CASE, "--inverse", "3"), {*told["parties"]}))
    filled = {p for p in asked if not any(q.startswith((f"{p}.", f"{p}[")) for q in asked)}
    assert filled == documented("`detente graph --inverse`")


def test_the_page_lists_the_keys_of_positions(tmp_path: Path) -> None:
    """Catches a key of a forecast, a profile or a backtest that changed without a word."""
    said = {"profile.fitted", "issues[].spread.noise", "issues[].challenge.variant", "issues[].challenge.rounds[]"}
    whole = {"fitted", "weights", "constants[]", "actors", "mixture", "prior", "penalty", "residuals"}
    models = {"mixture", "weighted_mean", "weighted_median", "mean", "challenge"}

    def paths(told: Any, ids: Collection[str], words: Collection[str]) -> set[str]:
        """The paths of an answer; what is said in words on the page counts as one entry."""
        out = set()
        for p in keys(told, ids):
            named = next((w for w in words if p == w or p.startswith((f"{w}.", f"{w}["))), None)
            out.add(named or p)
        return out

    lines = ["issue,outcome,group,actor,position,salience,capability"]
    for n in range(12):
        lines += [f"i{n},{10 * (n % 5)},g{n},{a},{x},{s},1" for a, x, s in (("a", 0, 50), ("b", 10 * n, 20), ("c", 100, 90))]
    file, profile = tmp_path / "t.csv", tmp_path / "p.json"
    file.write_text("\n".join(lines), encoding="utf-8")
    fitted = answer("positions", "fit", str(file), "-o", str(profile), "--constant", "a", "--effects", "yes")
    assert paths(fitted, (), whole) == documented("`detente positions fit`")
    scored = answer("positions", "backtest", str(file), "--profile", str(profile), "--variant", "paper")
    assert paths(scored, models, ()) == documented("`detente positions backtest`")
    options = ("--issue", "i3", "--profile", str(profile), "--position-noise", "5", "--variant", "paper", "--trace")
    assert paths(answer("positions", str(file), *options), (), said) == documented("`detente positions`")


def test_the_page_lists_the_keys_of_an_assessment() -> None:
    """Catches a key of what is ahead that was added, renamed or dropped without a word."""
    asked = ("--runs", "400", "--crossings", "32", "--sensitivity", "2", "--cores", "1")
    rules = ("--strategy", "pay-first", "--strategy", "tit-for-tat", "--strategy", "maximal-pressure")
    told = answer("assess", "supplier-dispute", "--likely", *rules, *asked)
    some = told["strategies"]["pay-first"]
    ids = {*told["strategies"], *told["profile"]["values"], *told["sincere"], *told["promise"]}
    ids |= {*some["causes"], *some["reach"], *some["entered"], *(m.partition("/")[0] for m in some["entered"])}
    found = set(keys(told, ids))
    filled = {p for p in found if not any(q.startswith((f"{p}.", f"{p}[")) for q in found)}
    assert filled == documented("`detente assess`")


def test_the_page_lists_the_keys_of_a_change(roadmap: Path) -> None:
    """Catches a key of what a change to a roadmap does that was added, renamed or dropped without a word."""
    measures = answer("case", CASE)["measures"]
    told = answer("verify", CASE, str(roadmap), "--forbid", "give-a", "--forbid", "give-b")  # no deal breaks nothing
    found = set(keys(told, {"a", "b", *measures}))
    filled = {p for p in found if not any(q.startswith((f"{p}.", f"{p}[")) for q in found)}
    assert {p.removesuffix("[]") for p in filled} == documented("`detente verify --move`")
    row = answer("verify", CASE, str(roadmap), "--forbid", "give-b")["broken"][0]
    assert set(row) - {"by", "share", "words", "others", "found", "together", "keeping"} <= documented("A row")


def test_the_page_lists_the_keys_of_a_row(roadmap: Path) -> None:
    """Catches a change to the rows, which stand in four of the answers."""
    assert set(answer("verify", CASE, str(roadmap))["smallest_slack"]) == documented("A row")


def test_the_page_lists_the_keys_of_planning_again(tmp_path: Path) -> None:
    """Catches a key that is added to the plan by where it starts from, or dropped, without a word."""
    status = {
        "case": CASE,
        "phase": 1,
        "done": {"give-a/1": 0, "give-b/1": 0},
        "late": {"give-b/2": None},
        "roadmap": {"entry": {"give-a/1": 0, "give-b/1": 0, "give-b/2": 0, "give-a/2": 1}},
    }
    file = tmp_path / "status.json"
    file.write_text(json.dumps(status), encoding="utf-8")
    case = answer("case", CASE)
    found = set(keys(answer("plan", CASE, "--status", str(file)), {*case["parties"], *case["measures"]}))
    filled = {p for p in found if not any(q.startswith((f"{p}.", f"{p}[")) for q in found)}
    assert filled == documented("`detente plan`") | documented("`detente plan --status`")


def test_the_page_lists_the_keys_of_a_recommendation() -> None:
    """Catches a key of the alternatives that other tools read and that was added, renamed or dropped without a word."""
    likely, told = answer("plan", CASE, "--likely"), answer("plan", CASE)
    case = answer("case", CASE)
    ids = {*case["parties"], *case["measures"]}
    own = {key: told[key] for key in told.keys() - likely.keys()} | {"method": {"recommend": told["method"]["recommend"]}}
    named = {"recommended", "fastest", "surest", "without-giving-way"}
    found = {re.sub(rf"alternatives\.(ID|{'|'.join(named)})", "alternatives.NAME", k) for k in keys(own, ids)}
    filled = {p for p in found if not any(q.startswith((f"{p}.", f"{p}[")) for q in found)}
    assert told["unmet"] == told["missed"] == []  # no firm demand, and nothing asked for
    assert filled - {"unmet", "missed"} | {"alternatives", "unmet[]", "missed[]"} == documented("`detente plan --which`")


def test_the_page_lists_the_keys_of_conditions() -> None:
    """Catches a condition that is met without a word of it in the answer."""
    told = answer(
        "plan", "supplier-dispute", "--likely", "--keep-demands", "--require", "weekly-calls", "--forbid", "spot-orders"
    )
    conditions = {f"method.conditions.{key}[]" for key in told["method"]["conditions"]}
    assert conditions == documented("`detente plan --keep-demands`")


def test_the_page_lists_the_keys_of_draws(tmp_path: Path) -> None:
    """Catches a key of how sure it is that was added or dropped without a word; with --draws alone it has no key more."""
    file = tmp_path / "swap.yaml"
    file.write_text(json.dumps(swap(uncertain("a", "b"))), encoding="utf-8")
    ids = {"a", "b", "give-a", "give-b"}
    asked, counted = (answer("plan", str(file), "--likely", *options) for options in (("--holds", "0.9"), ("--draws", "200")))
    found = set(keys(asked["holds"], ids, "holds"))
    assert found == documented("`detente plan --holds`")
    assert set(counted["holds"]) == set(asked["holds"])
    assert counted["holds"]["likely"] is counted["holds"]["search"] is counted["holds"]["asked"] is None
    assert set(asked) == set(answer("plan", CASE, "--likely"))


def test_the_page_lists_the_keys_of_imports(tmp_path: Path) -> None:
    """Catches a key of the record's answers that was added, renamed or dropped without a word."""
    file, record = tmp_path / "events.csv", tmp_path / "record"
    place = ("--workspace", str(record))
    file.write_text(
        "date,source,event,target\n2018-04-27,Iran,Consult,Iraq\n2018-04-27,Front X,Consult,Iraq\nbroken\n", encoding="utf-8"
    )
    again = tmp_path / "again.csv"
    again.write_text("date,source,event,target\n2018-04-28,Iran,Consult,Iraq\n", encoding="utf-8")
    ids = {"the wrong number of columns"}
    imported = set(keys(answer("record", "import", str(file), *place), ids))
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("readme.pdf", "x")
        archive.writestr("x.csv", "date,source,event,target\n4/27/2018,Iran,Consult,Iraq\nbroken\n")
    answered = answer("record", "import", str(tmp_path / "x.zip"), "--workspace", str(tmp_path / "other"))
    imported |= {path.replace("passed_over.x.zip/readme.pdf", "passed_over.FILE") for path in keys(answered, ids)}
    answer("record", "import", str(again), *place)
    retracted = set(keys(answer("record", "retract", "2", "--because", "x", *place), ids))
    for part in (record / "events").glob("*.parquet"):
        part.write_bytes(b"")
    imported |= set(keys(answer("record", "import", str(file), *place), ids))
    imported = {path for path in imported if f"{path}[].name" not in imported}  # an empty list is told by what it can hold
    contents = answer("record", "contents", *place)
    contents["commitments"] = contents["indicators"] = [None]
    for command, told in (
        ("import", imported),
        ("dyad", set(keys(answer("record", "dyad", "IRN", "IRQ", *place), {"icews"}))),
        ("contents", set(keys(contents, ids))),
        ("retract", retracted),
    ):
        found = {re.sub(r"\bID\b", "FORMAT" if command == "dyad" else "REASON", path) for path in told}
        assert found == documented(f"`detente record {command}`"), command


def test_the_page_lists_the_keys_of_heads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for heads, keys, checks, and a record that is brought to the version of today."""
    pytest.importorskip("cryptography", reason="SIGNATURE TESTS SKIPPED: pip install 'detente[sign]'")
    monkeypatch.chdir(tmp_path)
    Path("events.csv").write_text("date,source,event,target\n2018-04-27,Iran,Consult,Iraq\n", encoding="utf-8")
    answer("record", "import", "events.csv")
    found = {"key": set(answer("record", "key", "k.pem")), "check": set(keys(answer("record", "check"), ()))}
    first = answer("record", "head")["head"]
    answer("record", "retract", "1", "--because", "x")
    found["head"] = set(keys(answer("record", "head", "--sign", "k.pem", "--since", first, "-o", "later.json"), ()))
    found["check"] |= set(keys(answer("record", "check", "--against", first), ())) - {"against"}
    assert set(keys(answer("record", "check", "--against", first, "--proof", "later.json"), ())) < found["check"]
    found["migrate"] = set(answer("record", "migrate"))
    for command, told in found.items():
        filled = {p for p in told if not any(q.startswith((f"{p}.", f"{p}[")) for q in told)}
        assert filled == documented(f"`detente record {command}`"), command


def record_answers() -> dict[str, Any]:
    """What the commands of the record print, by the heading of the page."""
    case = "us-dprk-2019"
    return {
        "`detente record commitments`": answer("record", "commitments", case, "--item", "singapore-2018", "--scores"),
        "`detente record trust`": answer("record", "trust", case),
    }


def test_the_page_lists_the_keys_of_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a key of the curves of delivery, or of what they are held against, that changed without a word."""
    monkeypatch.chdir(tmp_path)
    for month in ("10", "12"):
        options = ["--party", "dprk", "--state", "none", "--as-of", f"2018-{month}-01", "--due", "2018-12-01", "--reader", "x"]
        assert CliRunner().invoke(app, ["record", "commit", "us-dprk-2019", "tourism", *options]).exit_code == 0
    found, plain = (
        set(keys(answer("record", "trust", "us-dprk-2019", "--trust-profile", name), ())) for name in ("pam-34", "plain")
    )
    filled = {p for p in found if not any(q.startswith((f"{p}.", f"{p}[")) for q in found)}
    assert filled - plain == documented("`detente record trust`, with curves")


def test_the_page_lists_the_keys_of_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a key of commitments, their scores, or trust from the record that changed without a word."""
    monkeypatch.chdir(tmp_path)
    for heading, told in record_answers().items():
        found = set(keys(told, ()))
        filled = {p for p in found if not any(q.startswith((f"{p}.", f"{p}[")) for q in found)}
        assert {p for p in filled if not p.startswith(("overdue", "due_soon"))} | (
            {"overdue[][]", "due_soon[][]"} if "overdue" in told else set()
        ) == documented(heading), heading
    added = answer("record", "commit", "us-dprk-2019", "tourism", "--state", "none", "--as-of", "2019-01-20", "--reader", "x")
    assert set(added) == documented("`detente record commit`")


def test_the_page_lists_the_keys_of_trust_from_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a key of where trust came from that changed without a word; the plan's own keys are those of `detente plan`."""
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    options = ["--party", "a", "--state", "full", "--as-of", "2018-12-01", "--reader", "x"]
    assert run.invoke(app, ["record", "commit", CASE, "give-a", *options]).exit_code == 0
    told = answer("plan", CASE, "--likely", "--trust", "record")["trust_from"]
    found = set(keys({"trust_from": told}, ()))
    filled = {p for p in found if not any(q.startswith((f"{p}.", f"{p}[")) for q in found)}
    assert filled == documented("`detente plan --trust record`")


def test_the_page_lists_the_keys_of_a_relation(tmp_path: Path) -> None:
    """Catches a key of the record's measures, or of its account, that was added, renamed or dropped without a word."""
    place = ("--workspace", str(tmp_path / "w"))
    asked = {
        "start": ("us-dprk-2019", *place),
        "show": ("us-dprk-2019", *place),
        "unanswered": ("USA", "PRK", *place),
        "contacts": ("USA", "PRK", *place),
        "changes": ("USA", "PRK", *place),
        "reciprocity": ("USA", "PRK", *place),
    }
    ids = {"us", "dprk", "rok", "USA", "PRK", "KOR", "events", "commitments", "indicators"}
    levels = {"leaders", "ministers", "officials", "not recorded"}
    judged = {"shift", "longest", "faintest", "unscaled", "months"}
    for command, arguments in asked.items():
        named = {"start": ids, "contacts": {*ids, *levels} - {"events"}}.get(
            command, ids - {"events", "commitments", "indicators"}
        )
        found = set(keys(answer("record", command, *arguments), {*named, *(judged if command == "show" else ())}))
        filled = {p for p in found if not any(q.startswith((f"{p}.", f"{p}[")) for q in found)}
        if command == "show":  # what other commands print is told there
            filled = {re.sub(r"^(relations\[\]\.(?:ledger|contacts|changes)|commitments|trust)\b.*", r"\1", p) for p in filled}
            filled = {re.sub(r"_(us|dprk|rok)$", "_ID", p) for p in filled}
        if command == "unanswered":
            filled = {re.sub(r"^(steps\[\]\.answer)\b.*", r"\1", p) for p in filled}
        assert filled == documented(f"`detente record {command}`"), command


def test_the_page_lists_the_keys_of_fetching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a key of what was fetched, and of what the record made of it, that changed without a word."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("no_proxy", "*")
    first, empty, dirty, gap, refused = names = [f"2018060{n}.export.CSV.zip" for n in (1, 2, 3, 4, 5)]
    with published() as told:
        told.publish(
            {first: archive(first, Actor1CountryCode=""), empty: archive(empty, count=0), dirty: archive(dirty, EventCode="")}
        )
        del told.files["/events/md5sums"]
        told.will(f"/events/{refused}", says(403))
        asked = ("record", "fetch", "gdelt", "--plain-http", "--base-url", told.url, "--from", "2018-06-01", "--to")
        answer(*asked, "2018-06-01")
        found = answer(*asked, "2018-06-05", "--import")
    assert (found["present"], found["missing"], list(found["failed"])) == ([first], [gap], [refused])
    ids = {*names, *found["lists"], *found["imported"]["rejected"]}
    every = set(keys(found, ids))
    filled = {path for path in every if not any(other.startswith((f"{path}.", f"{path}[")) for other in every)}
    assert filled - {"imported.files[].rejected"} == documented("`detente record fetch`")


def forecast_keys(answered: Any, ids: Collection[str]) -> set[str]:
    found = set(keys(answered, ids))
    return {p for p in found if not any(q.startswith((f"{p}.", f"{p}[")) for q in found)}


def test_the_page_lists_the_keys_of_forecasts(tmp_path: Path) -> None:
    """Catches a key of a backtest or a forecast that was added or dropped without a word."""
    pytest.importorskip("lightgbm", reason="FORECAST TESTS SKIPPED: pip install 'detente[forecast]'")
    from detente.forecast.baselines import BASELINES
    from detente.forecast.models import LEARNED
    from detente.forecast.profile import ENTRIES
    from forecastseries import panel, write

    one = panel(3, 16)
    rows = [(one.label(t), *u, int(one.y[k, t])) for k, u in enumerate(one.units) for t in range(16)]
    table = ("--table", str(write(tmp_path / "t.csv", [*rows, ("2018-01", "a", "b", 1)])), "--unit", "a,b", "--value", "value")
    ids = {*BASELINES, *LEARNED, "mixture", *ENTRIES}
    scored = ("forecast", "--backtest", *table, "--origins", "2018-12:2019-01", "--horizon", "2")
    fixed = documented("`detente forecast --backtest`")
    assert forecast_keys(answer(*scored), ids) == fixed
    detail = answer(*scored, "--detail", "--crisis", "10")
    assert forecast_keys(detail, ids) == fixed | documented("`detente forecast --backtest --detail`") | {"notes[]"}
    losses = {p for p in forecast_keys(answer(*scored, "--losses"), ids) if p.startswith("losses")}
    assert losses == documented("`detente forecast --backtest --losses`")
    broken = write(tmp_path / "b.csv", [*rows, (one.label(16), "a", "b", 1000)])  # so that there is a break to tell
    told = answer("forecast", "--table", str(broken), *table[2:], "--of", "a,b", "--horizon", "2")
    levels = set(told["ahead"][0]["quantiles"])
    assert {"past" if p.startswith("past") else p for p in forecast_keys({**told, "notes": ["."]}, levels)} == documented(
        "`detente forecast`"
    )


def test_the_page_lists_the_keys_of_questions(tmp_path: Path) -> None:
    """The same for questions, their log and the scores of forecasters."""
    from detente.forecast.profile import ENTRIES
    from forecastseries import write

    table = write(tmp_path / "t.csv", [("2018-01-01",), ("2018-02-01",), ("2018-03-01",)], "date")
    asked = answer("forecast", "ask", "--table", str(table), "--by", "2018-04-01", "--log", str(tmp_path))
    assert forecast_keys({**asked, "past": dict.fromkeys(asked["models"], 0.1)}, {*asked["models"], *ENTRIES}) == documented(
        "`detente forecast ask`"
    )
    rows = [("q", "?", '"(yes) Yes, (b) No"'.replace("(yes)", "(a)"), "2018-01-01", "2018-01-05", "a")]
    questions = str(write(tmp_path / "q.csv", rows, "id,text,options,start,close,outcome"))
    folder = str(tmp_path)
    assert set(answer("forecast", "questions", "import", folder, questions)) == documented(
        "`detente forecast questions import`"
    )
    answer("forecast", "resolve", folder, "1", "yes")
    ids = {"yes", "no", "a", "b", "q", "ann"}
    assert forecast_keys(answer("forecast", "questions", "list", folder), ids) - {"questions[].chance"} == documented(
        "`detente forecast questions list`"
    )
    answers = write(tmp_path / "a.csv", [("q", "ann", "2018-01-01", "a", 1)], "question,forecaster,date,option,probability")
    scores = answer("forecast", "questions", "score", folder, str(answers))
    assert forecast_keys({**scores, "notes": ["."]}, ids) == documented("`detente forecast questions score`")
