"""Work on the roadmap: moves, undo, what is taken away; two versions of a case; answers to questions."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from benches import Open
from detente.case.load import load
from detente.export.roadmap import ENDINGS, exported
from detente.plan.roadmap import Roadmap, roadmap_of_data
from detente.serve.store.versions import OutdatedError

CASE = "toy-exchange"
HALVES = {f"give-{party}/{n}": int(n > 5) for party in "ab" for n in range(1, 11)}


@pytest.fixture
def client(workbench: Open) -> TestClient:
    """A browser in a workbench with a case and a draft of its roadmap."""
    made = workbench.inside()
    assert made.post(f"/api/cases/{CASE}/begin").status_code == 201
    workbench.bench.drafts.save(CASE, roadmap().entry, base=0, author="ana", reason="halves")
    return made


def roadmap() -> Roadmap:
    return roadmap_of_data({"entry": HALVES}, load(CASE).instance)


def drafted(workbench: Open) -> dict[str, Any]:
    """The phases of the draft as it stands."""
    found = workbench.bench.drafts.newest(CASE)
    assert found is not None
    return dict(json.loads(found.content or ""))


def test_a_move_is_checked_and_kept(workbench: Open, client: TestClient) -> None:
    """Catches a move that is kept unchecked, another verdict than the certificate's, one whose price is not told, and more
    moved than was asked."""
    from detente.plan.whatif import whatif

    moved = [f"give-b/{n}" for n in range(6, 11)]
    answer = client.post(f"/cases/{CASE}/draft/move", json={"measures": moved, "phase": 2})
    found = whatif(load(CASE), roadmap(), move=dict.fromkeys(moved, 2))
    assert answer.status_code == 200
    told = answer.json()
    assert (told["verdict"], len(told["broken"])) == (found.verdict, len(found.broken))
    assert "Party A −0.8, Party B +0.4" in told["words"]  # half of what costs 1 and brings 2, a phase later, times 0.8
    assert drafted(workbench) == {**roadmap().entry, **dict.fromkeys(moved, 2)}
    assert client.get(f"/cases/{CASE}/draft").text.count("conditions checked") == 1
    never = client.post(f"/cases/{CASE}/draft/move", json={"measures": moved, "phase": None})
    assert never.status_code == 200
    assert drafted(workbench)["give-b/6"] is None


@pytest.mark.parametrize(
    "given",
    [
        {"measures": ["give-b/1"], "phase": 3},  # its later slices stand in phase 0
        {"measures": ["give-b/6"], "phase": 400},
        {"measures": ["nothing"], "phase": 1},
        {"measures": [], "phase": 1},
        {"measures": ["give-b/6"], "phase": -1},
        {"measures": ["give-b/6"]},
        {"measures": ["give-b/6"], "phase": 1, "more": 1},
    ],
)
def test_a_move_that_cannot_be_changes_nothing(workbench: Open, client: TestClient, given: dict[str, Any]) -> None:
    """Catches a place that is impossible and taken all the same, and a move that ends in a fault of ours."""
    answer = client.post(f"/cases/{CASE}/draft/move", json=given)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert drafted(workbench) == dict(roadmap().entry)


def test_two_who_move_at_once_lose_nothing(workbench: Open, client: TestClient) -> None:
    """Catches a move that overwrites another one which it has not seen."""
    codes = list[int]()

    def move(measure: str) -> None:
        given = {"measures": [f"{measure}/{n}" for n in range(6, 11)], "phase": 3}
        codes.append(client.post(f"/cases/{CASE}/draft/move", json=given).status_code)

    threads = [threading.Thread(target=move, args=(m,)) for m in ("give-a", "give-b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200, 200]
    assert all(drafted(workbench)[f"{m}/6"] == 3 for m in ("give-a", "give-b"))
    base = len(workbench.bench.drafts.history(CASE))
    workbench.bench.drafts.save(CASE, {}, base=base, author="ana", reason="x")
    with pytest.raises(OutdatedError):
        workbench.bench.drafts.save(CASE, {}, base=base, author="ben", reason="x")


def test_moves_are_undone_and_done_again(workbench: Open, client: TestClient) -> None:
    """Catches an undo that goes back too far, and a redo that brings back something else."""
    states = [drafted(workbench)]
    for phase in (2, 3):
        client.post(f"/cases/{CASE}/draft/move", json={"measures": [f"give-b/{n}" for n in range(6, 11)], "phase": phase})
        states.append(drafted(workbench))
    for kind, state in (("undo", 1), ("undo", 0), ("redo", 1), ("redo", 2)):
        base = len(workbench.bench.drafts.history(CASE))
        assert client.post(f"/cases/{CASE}/draft/step", data={"kind": kind, "base": base}).status_code == 303
        assert drafted(workbench) == states[state]
    stale = client.post(f"/cases/{CASE}/draft/step", data={"kind": "undo", "base": 1})
    assert stale.status_code == 409
    assert drafted(workbench) == states[2]
    assert client.post(f"/cases/{CASE}/draft/step", data={"kind": "redo", "base": 7}).status_code == 409


def test_places_are_those_of_the_certificate(client: TestClient) -> None:
    """Catches a table of places that says another verdict than moving there would."""
    from detente.plan.whatif import places

    moved = [f"give-b/{n}" for n in range(6, 11)]
    told = client.get(f"/cases/{CASE}/draft/places", params={"measure": moved}).json()
    assert told == [place.in_short(t) for t, place in enumerate(places(load(CASE), roadmap(), moved))]
    assert len(told) == load(CASE).phases.count + 1


def test_a_draft_begins_from_what_was_found(workbench: Open, client: TestClient) -> None:
    """Catches a draft that begins from another roadmap than it says, or from one that does not fit the case of today."""
    entries = {name: {**HALVES, "give-b/10": n + 2} for n, name in enumerate(("recommended", "surest"))}
    plan = {"entry": entries["recommended"], "alternatives": {name: {"entry": entry} for name, entry in entries.items()}}
    workbench.finished(CASE, "brief", {"case": CASE, "title": "x", "party": None, "html": "", "plan": plan})
    assert client.post(f"/cases/{CASE}/draft", data={"start": "surest"}).status_code == 303
    assert drafted(workbench)["give-b/10"] == 3
    assert client.post(f"/cases/{CASE}/draft", data={"start": "best"}).status_code == 422
    planned = workbench.finished(CASE, "plan", {"entry": {**HALVES, "give-b/10": 5}})
    assert client.post(f"/cases/{CASE}/draft", data={"job": planned.id}).status_code == 303
    assert drafted(workbench)["give-b/10"] == 5


def test_a_draft_outlives_a_change_of_the_case(workbench: Open, client: TestClient) -> None:
    """Catches a page that fails where the case no longer has what the draft names."""
    text = workbench.bench.case(CASE).content or ""
    version = workbench.bench.case(CASE)
    workbench.bench.versions.save(version.path, text.replace("give-b", "gift-b"), base=1, author="ana", reason="")
    page = client.get(f"/cases/{CASE}/draft")
    assert page.status_code == 200
    assert 'role="alert"' in page.text
    assert client.post(f"/cases/{CASE}/draft/move", json={"measures": ["give-b/6"], "phase": 2}).status_code == 422


def test_what_is_taken_away_is_what_stands(client: TestClient) -> None:
    """Catches a file with another roadmap, a wrong name, or a format that is not there."""
    for ending in ENDINGS:
        answer = client.get(f"/cases/{CASE}/draft/roadmap{ending}")
        assert answer.text == exported(load(CASE), roadmap(), ending)
        assert f'filename="{CASE}-roadmap{ending}"' in answer.headers["content-disposition"]
    assert client.get(f"/cases/{CASE}/draft/roadmap.json").json()["entry"] == dict(roadmap().entry)
    assert client.get(f"/cases/{CASE}/draft/roadmap.exe").status_code == 404


def test_planning_again_keeps_what_is_pinned(workbench: Open, client: TestClient) -> None:
    """Catches a plan that is asked without its pins, and ticks that are dropped without a word."""
    for wrong in ({"pin": ["give-a/1", "unknown"]}, {"forbid": ["<b>"]}, {"pin": ["give-a/1"], "forbid": ["give-a/1"]}):
        assert client.post(f"/cases/{CASE}/draft/plan", data=wrong).status_code == 422
    assert workbench.bench.jobs.jobs(CASE) == []
    given = {"pin": ["give-a/1"], "forbid": ["give-b/1"]}
    answer = client.post(f"/cases/{CASE}/draft/plan", data=given)
    assert answer.status_code == 303
    job = workbench.bench.jobs.jobs(CASE, count=1)[0]
    assert dict(job.options["pin"]) == {"give-a/1": 0}
    assert list(job.options["forbid"]) == ["give-b/1"]
    workbench.bench.jobs.cancel(job.id)


def test_the_best_so_far_is_taken_while_the_search_goes_on(workbench: Open, client: TestClient) -> None:
    """Catches a roadmap that is shown and cannot be taken before the end, a search that ends when it is taken, one that is lost
    when the search is stopped, and one taken where none has been found."""
    jobs = workbench.bench.jobs
    job = workbench.running(CASE, "plan", likely=True)
    assert client.post(f"/cases/{CASE}/draft", data={"job": job.id}).status_code == 422
    for phase, state in ((3, "running"), (5, "cancelled")):
        entry = {**HALVES, "give-b/10": phase}
        jobs._news(replace(jobs.job(job.id), progress={"text": "", "found": {"entry": entry, "words": f"until {phase}"}}))
        if state == "cancelled":
            assert client.post(f"/jobs/{job.id}/cancel").headers["location"].startswith(f"/cases/{CASE}/draft")
        assert f"until {phase}" in client.get(f"/cases/{CASE}/draft").text
        assert client.post(f"/cases/{CASE}/draft", data={"job": job.id}).status_code == 303
        assert drafted(workbench)["give-b/10"] == phase
        assert jobs.job(job.id).state == state


def test_two_versions_stand_side_by_side(workbench: Open, client: TestClient) -> None:
    """Catches a change that is not told, or a roadmap that is judged under the wrong version."""
    workbench.finished(CASE, "plan", {"entry": HALVES})
    assert client.patch(f"/api/cases/{CASE}", json={"entries": {"measures.give-b.value.a": 0.1}, "base": 1}).status_code == 200
    page = client.get(f"/cases/{CASE}/versions").text
    assert "2 -&gt; 0.1" in page or "2 → 0.1" in page
    assert "the old, in the new version" in page
    assert page.count("does not hold") >= 1
    assert "one and the same version" in client.get(f"/cases/{CASE}/versions?old=2&new=2").text
    assert client.get(f"/cases/{CASE}/versions?old=9").status_code == 404
    broken = workbench.bench.folder.root / f"{CASE}.yaml"
    broken.write_text("case: toy-exchange\n", encoding="utf-8")
    assert client.get(f"/cases/{CASE}/versions").status_code == 200


def test_an_answer_in_numbers_is_read_or_refused(workbench: Open, client: TestClient) -> None:
    """Catches an answer that is taken half, and one that is lost where a part of it is wrong."""
    question = {"id": "measures.give-b.value.a", "kind": "number", "text": "How much?", "about": []}
    result = {"question": question, "in_doubt": 0.02, "asked": 0, "options": [], "answers": [], "written": None}
    last = workbench.finished(CASE, "ask", result, who="local")
    parts = {"low": "1,5", "high": "2.5", "best": "two", "sure": "80 %"}
    about = {"id": question["id"], "turn": last.id, "because": "minutes"}
    wrong = client.post(f"/cases/{CASE}/ask/answer", data={**about, **parts})
    assert wrong.status_code == 422
    assert 'value="1,5"' in wrong.text
    assert "wanted a number" in wrong.text
    assert workbench.bench.jobs.jobs(CASE, count=1)[0].id == last.id
    assert client.post(f"/cases/{CASE}/ask/answer", data={**about, **parts, "best": "2"}).status_code == 303
    job = workbench.bench.jobs.jobs(CASE, count=1)[0]
    workbench.bench.jobs.cancel(job.id)
    assert json.loads(job.options["answer"]) == {
        **{"id": question["id"], "because": "minutes"},
        "answer": {"low": 1.5, "high": 2.5, "best": 2.0, "sure": 0.8},
    }
    assert client.post(f"/cases/{CASE}/ask/take", data={"job": last.id}).status_code == 422


def test_answers_are_taken_into_the_case_of_which_they_were_given(workbench: Open, client: TestClient) -> None:
    """Catches answers that overwrite what was changed in the case meanwhile."""
    text = (workbench.bench.case(CASE).content or "").replace("as_of: ", "as_of:  ")
    result = {"question": None, "in_doubt": 0.0, "asked": 1, "options": [], "answers": [], "written": text}
    last = workbench.finished(CASE, "ask", result, who="local")
    assert client.patch(f"/api/cases/{CASE}", json={"entries": {"title": "Another"}, "base": 1}).status_code == 200
    assert client.post(f"/cases/{CASE}/ask/take", data={"job": last.id}).status_code == 422
    assert load(str(workbench.bench.folder.root / f"{CASE}.yaml")).title == "Another"
    again = workbench.finished(CASE, "ask", {**result, "written": workbench.bench.case(CASE).content}, who="local", turn="2")
    assert client.post(f"/cases/{CASE}/ask/take", data={"job": again.id}).status_code == 303


def test_who_may_only_read_moves_nothing(team: Open) -> None:
    """Catches a draft that a reader can move, undo, replan or begin."""
    ana = team.account("ana", "edit")
    assert ana.post(f"/api/cases/{CASE}/begin").status_code == 201
    team.bench.drafts.save(CASE, roadmap().entry, base=0, author="ana", reason="halves")
    reader = team.account("rita", "read")
    page = reader.get(f"/cases/{CASE}/draft")
    assert page.status_code == 200
    assert "data-move" not in page.text
    assert reader.post(f"/cases/{CASE}/draft/move", json={"measures": ["give-b/6"], "phase": 2}).status_code == 403
    for place in ("draft", "draft/step", "draft/plan", "ask", "ask/answer", "ask/take"):
        assert reader.post(f"/cases/{CASE}/{place}", data={"kind": "undo", "base": 1}).status_code == 403
    assert drafted(team) == dict(roadmap().entry)


def test_an_answer_that_was_not_taken_is_not_lost(workbench: Open, client: TestClient) -> None:
    """Catches a failed search that hides what was typed, leaves no way on, or is found again in place of a new one."""
    question = {"id": "parties.a.trust.b", "kind": "number", "text": "How much?", "options": None}
    told = {"question": question, "asked": 0, "in_doubt": 0.1, "options": [], "answers": [], "written": None}
    who = workbench.bench.access.local_name
    first = workbench.finished(CASE, "ask", told, who=who)
    said = {"id": question["id"], "answer": {"low": 0.1, "high": 0.5, "best": 0.3, "sure": 0.8}, "because": 'my "reason"'}
    asked = workbench.bench.start("ask", CASE, {"answer": json.dumps(said), "turn": first.id}, author=who)
    workbench.bench.jobs.cancel(asked.id)
    page = client.get(f"/cases/{CASE}/ask").text
    assert "How much?" in page
    for shown in (
        'name="low" inputmode="decimal" autocomplete="off" value="0.1"',
        'value="80"',
        "my &#34;reason&#34;",
        "Ask anew",
    ):
        assert shown in page, shown
    again = client.post(f"/cases/{CASE}/ask")
    assert again.status_code == 303
    newest = workbench.bench.jobs.jobs(CASE, count=1)[0]
    assert newest.id not in (first.id, asked.id)
    workbench.bench.jobs.cancel(newest.id)


def test_answers_of_another_case_are_not_taken(workbench: Open, client: TestClient) -> None:
    """Catches a job of another case, or of another kind, whose text or roadmap comes into this one."""
    other = "us-dprk-2019"
    assert client.post(f"/api/cases/{other}/begin").status_code == 201
    before = workbench.bench.case(other).revision
    for job in (
        workbench.finished(CASE, "ask", {"written": "case: x"}, who="ana"),
        workbench.finished(CASE, "plan", {"entry": HALVES}),
    ):
        assert client.post(f"/cases/{other}/ask/take", data={"job": job.id}).status_code == 422
        assert client.post(f"/cases/{other}/draft", data={"job": job.id}).status_code == 422
    assert workbench.bench.case(other).revision == before
    assert workbench.bench.drafts.newest(other) is None
