"""The chapter of what has happened: there where there is a record, even between the sides, traceable; nothing overlaps."""

from __future__ import annotations

import datetime
import html
import itertools
import re
from dataclasses import replace
from pathlib import Path

import pytest

from briefcases import HARBOUR, HARBOUR_STEPS, HOSTILE, harbour, placed
from detente.brief.brief import brief
from detente.brief.parts.happened import Happened, happened
from detente.brief.recounted import recount
from detente.case.case import Case
from detente.case.load import load
from detente.case.naming import Naming
from detente.cli.output import print_rich
from detente.errors import CaseError, RecordError
from detente.record.account import Account, Fulfilment, TrustPath, TrustPoint, account
from detente.record.library import start
from detente.record.trust.start import start_from
from detente.record.trust.trust import trust
from detente.record.workspace import Workspace

DAY = datetime.date


@pytest.fixture(scope="module")
def korea() -> Case:
    return load("us-dprk-2019")


@pytest.fixture(scope="module")
def told(korea: Case) -> Account:
    return account(korea)


@pytest.fixture(scope="module")
def whole(told: Account) -> Account:
    """The bundled record with commitments and trust made up for the test."""
    made = (
        Fulfilment("Moratorium", "dprk", None, "full", 1, 1, False, False, (("keeper", "full", "no test"),)),
        Fulfilment("Exercises", "us", DAY(2018, 12, 1), "full", 1, 1, False, True, ()),
        Fulfilment(
            "Site", "dprk", DAY(2019, 3, 1), "disputed", 1 / 3, 1, False, False, (("us", "minimal", ""), ("dprk", "full", ""))
        ),
        Fulfilment("Offices", "us", DAY(2018, 6, 30), "none", 0, 0, True, False, ()),
    )
    points = tuple(TrustPoint(DAY(2018, m, 1), 0.05, 0.1 + m / 100, 0.3, f"evidence {m}") for m in (1, 5, 6, 7, 8, 9))
    return replace(told, fulfilments=made, paths=(TrustPath("us", "dprk", points), TrustPath("dprk", "us", points[:2])))


def chapter(case: Case, account: Account) -> Happened:
    found = happened(Naming(case), account)
    assert found is not None
    return found


def page_of(found: Happened, case: Case) -> str:
    from detente.brief.page import _environment

    return _environment().get_template("happened.html.j2").render(happened=found, names=Naming(case).names)


def test_the_sums_are_those_of_the_record(korea: Case, whole: Account) -> None:
    """Catches a sum that does not follow from the events, and a sentence that gives one side another grammar."""
    found = chapter(korea, whole)
    said = " ".join(found.lead)
    assert "91 acts recorded from 12 February 2017 to 19 January 2019." in said
    assert "the United States took 2 material steps and North Korea 4. Of these, 5 were followed by a step" in said
    assert "was followed by none of the United States in 75 days" in said
    assert "Of 4 commitments on record, 1 kept in full, 1 kept late, 1 disputed and 1 not begun. 1 of them is overdue." in said
    assert "the United States in North Korea 11% to 19% (between 5% and 30%)" in said
    assert "North Korea in the United States 11% to 15% (between 5% and 30%)" in said
    assert len({(t.date, t.title) for t in found.told}) == len(found.told) == 91
    assert all(t.source for t in found.told)


def test_every_step_is_numbered_and_says_what_followed(korea: Case, told: Account) -> None:
    """Catches a number that points at the wrong step, and a joint signature that has one signer."""
    steps = chapter(korea, told).numbered
    assert [s.number for s in steps] == list(range(1, len(steps) + 1))
    by_title = {s.title: s for s in steps}
    remains = by_title["North Korea hands over 55 boxes of remains of the war dead"]
    december = by_title["The United States and South Korea call off the December air exercise"]
    assert remains.drew == f"step {december.number} of the United States, 84 days later"
    singapore = by_title["The leaders of the United States and North Korea sign the statement of Singapore"]
    assert (singapore.who, singapore.drew) == ((0, 1), "signed together")
    assert [s.title for s in steps if s.open] == ["North Korea expels a detained American quickly and discreetly"]


def test_commitments_and_trust_are_those_of_the_record(korea: Case, told: Account) -> None:
    """Catches a commitment that is lost between the record and the page, a joint one told twice, trust of another origin."""
    from detente.record.commitments.ledger import commitments
    from detente.record.library import bundled_record

    found = chapter(korea, told)
    with bundled_record("us-dprk-2019") as workspace:
        rows = commitments(korea, workspace.path).rows
        paths = trust(korea, workspace.path).paths
    shown = [p for p in found.promises for _ in p.who]
    left = sum(len(places) * (said.count("; ") + 1) for places, said in found.not_begun)
    assert len(shown) + left == len(rows) == len(told.fulfilments)
    assert [p.title for p in found.promises].count("Suspension of the largest joint exercises") == 1
    assert {(p.party, p.towards): p.points[-1].likely for p in told.paths} == {
        (p.party, p.toward): p.posterior[1] for p in paths if p.path
    }
    assert len({n for n, _ in found.moved}) == len(found.moved) > 0


def test_a_record_that_trust_starts_from_counts_once(korea: Case) -> None:
    """Catches a case that starts from the record whose trust is moved by it again, and a chapter by another profile than the
    roadmap's."""
    record = trust(korea, profile="fading")
    begun = start_from(korea, record).case
    told = account(begun, earned=record)
    wanted = {(p.party, p.toward): (p.prior[1], p.posterior[1]) for p in record.paths if p.path}
    assert {(p.party, p.towards): (p.points[0].likely, p.points[-1].likely) for p in told.paths} == wanted
    assert told.profile == record.profile.title
    assert account(begun).paths == ()  # where the record is not given, what was before it is not known


def test_shifts_are_marked_and_told(korea: Case, told: Account) -> None:
    """Catches a dashed line without a word on what it means, or words without a line."""
    found = chapter(korea, told)
    assert found.months is not None
    assert "cooperation between the United States and North Korea from March 2018 on" in found.shifts
    assert "Noise alone would draw such a line in 5% of series" in found.shifts
    assert found.months["wide"].count('class="shift"') == 4  # two relations, each in both directions


def test_names_stand_in_the_chapter_and_ids_do_not(korea: Case, whole: Account) -> None:
    """Catches an id or a country code that reaches the reader."""
    text = re.sub(r"<[^>]+>", " ", page_of(chapter(korea, whole), korea))
    assert not re.search(r"\b(dprk|rok|PRK|KOR|USA)\b", text)


BOX = re.compile(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="1[56]" rx="[\d.]+"')


@pytest.mark.parametrize("width", ["wide", "medium", "narrow"])
def test_numbers_keep_clear_of_each_other_and_within_the_picture(korea: Case, whole: Account, width: str) -> None:
    """Catches numbers that cover each other where many things happened in one month, at every width."""
    found = chapter(korea, whole)
    assert found.acts is not None
    assert found.trust is not None
    for picture in (found.acts[width], found.trust[width]):
        right = float(re.search(r'viewBox="0 0 ([\d.]+)', picture)[1])  # type: ignore[index]
        boxes = sorted((y, x, w) for x, y, w in (tuple(map(float, m.groups())) for m in BOX.finditer(picture)))
        assert boxes
        for y, x, w in boxes:
            assert x >= -0.5
            assert x + w <= right + 0.5, (y, x)
        for (y1, x1, w1), (y2, x2, _) in itertools.pairwise(boxes):
            assert y1 != y2 or x1 + w1 <= x2 + 0.1, "two numbers overlap"


def test_a_record_cannot_break_out_of_its_place(korea: Case, whole: Account) -> None:
    """Catches a title, a source or a reading that is read as markup."""
    acts = tuple(replace(a, title=HOSTILE, publisher=HOSTILE, source=HOSTILE) for a in whole.acts[:3])
    kept = tuple(replace(f, title=HOSTILE, readings=((HOSTILE, "full", HOSTILE),)) for f in whole.fulfilments)
    page = page_of(chapter(korea, replace(whole, acts=acts, fulfilments=kept)), korea)
    assert "<script" not in page
    assert page.count("</svg>") == page.count("<svg")
    assert html.escape(HOSTILE, quote=False).split()[0] in page


def test_a_link_of_an_event_is_no_script(korea: Case, told: Account) -> None:
    """Catches an address that runs something when it is followed."""
    acts = (replace(told.acts[0], url="javascript:alert(1)"), *told.acts[1:])
    assert "javascript:" not in page_of(chapter(korea, replace(told, acts=acts)), korea)


def test_many_coded_events_make_sums_and_no_list(tmp_path: Path, korea: Case) -> None:
    """Catches a page of a thousand lines, and a time line without words."""
    workspace = Workspace.create(tmp_path / "w")
    days = [DAY(2018, 1, 1) + datetime.timedelta(n) for n in range(200)]
    rows = [
        {"date": d.isoformat(), "source_country": a, "target_country": b, "quad": q, "intensity": x, "scale": "goldstein"}
        for n, d in enumerate(days)
        for a, b, q, x in (("USA", "PRK", 2, 7.0) if n % 3 else ("PRK", "USA", 4, -7.0),)
    ]
    about = {"format": "csv", "ontology": "own", "dates": ["2018-01-01", "2018-12-31"], "ids": None, "file": "own.csv"}
    with workspace.adding():
        workspace.append("events", rows, {**about, "read": len(rows), "rejected": {}})
    found = chapter(korea, account(korea, workspace.path))
    assert found.acts is None
    assert found.told == ()
    assert found.months is not None
    assert len(found.numbered) == 24
    assert "earlier steps are not shown" in found.unshown
    assert "The record holds 200 events." in found.lead[0]


def test_the_chapter_stands_between_the_agreements_and_what_can_go_wrong(told: Account) -> None:
    """Catches a chapter that is lost, misplaced, or there without a record."""
    coded = {
        **HARBOUR,
        "parties": {p: {**s, "code": c} for (p, s), c in zip(HARBOUR["parties"].items(), ("USA", "PRK"), strict=False)},
    }
    case = load(coded)
    without = placed(case, HARBOUR_STEPS)
    assert 'id="happened"' not in without.html
    acts = tuple(replace(a) for a in told.acts)
    ours = replace(
        told,
        acts=acts,
        codes=dict(zip(("USA", "PRK"), case.parties, strict=False)),
        relations=(),
        indicators=(),
        fulfilments=(),
        paths=(),
    )
    found = replace(without, account=ours)
    order = re.findall(r'<h2 id="([a-z]+)"', found.html)
    assert order.index("provisions") + 1 == order.index("happened")
    assert found.html.count('href="#happened"') == 2  # its own, and that of the list
    assert without.to_dict()["record"] is None


def test_the_record_of_a_brief_is_the_bundled_one_or_that_of_the_workspace(tmp_path: Path) -> None:
    """Catches a workspace that is not read, and a case of its own that stumbles over a record."""
    data = {**HARBOUR}
    plan, diagnosis = harbour().plan, harbour().diagnosis
    known = {"plan": plan, "diagnosis": diagnosis, "draws": 0}
    assert brief(load(data), **known).account is None  # type: ignore[arg-type]
    with pytest.raises(RecordError, match="there is no record in this folder"):
        brief(load(data), workspace=tmp_path, **known)  # type: ignore[arg-type]
    start("us-dprk-2019", tmp_path / "w")
    with pytest.raises(RecordError, match="0 of its parties have a `code`, wanted two or more"):
        brief(load(data), workspace=tmp_path / "w", **known)  # type: ignore[arg-type]


def test_a_code_is_three_capital_letters() -> None:
    """Catches a code that no event will ever have."""
    parties = {p: {**s, "code": "Prk"} for p, s in HARBOUR["parties"].items()}
    with pytest.raises(CaseError, match="got 'Prk', wanted a code"):
        load({**HARBOUR, "parties": parties})


def test_the_terminal_tells_the_same(korea: Case, whole: Account, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a table that stops with an error, or a sum that the page has and the terminal lacks."""
    print_rich(*recount(korea, whole, acts=True))
    text = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert "Of 4 commitments on record" in text
    assert "evidence 9" in text
    assert "2018-06" in text
    assert "285 sessions" in text
