"""GDELT 2.0: a list that only grows, kept beside the files; quarters of an hour, some of which are not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from detente.record.fetching.fetch import fetch
from detente.record.fetching.patience import Patience
from detente.record.fetching.result import Fetched
from publisher import Publisher, archive, cut, page, published, says, truncated

LIST = "masterfilelist.txt"
DAY = date(2015, 2, 18)
QUARTERS = [f"20150218{at}.export.CSV.zip" for at in ("230000", "231500", "233000", "234500")]
LATER = [f"201502{at}.export.CSV.zip" for at in ("19000000", "20000000")]
CONTENTS = {name: archive(name, version=2) for name in [*QUARTERS, *LATER]}


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("no_proxy", "*")
    with published() as told:
        told.publish(CONTENTS, version=2)
        yield told


def run(publisher: Publisher, folder: Path, day: date = DAY) -> Fetched:
    patience = Patience(3, 1.0, lambda _: None, lambda: datetime(2015, 2, 20, 0, 0, tzinfo=UTC))
    return fetch(day, day, folder, version=2, base_url=publisher.url, plain_http=True, patience=patience, timeout=5)


def test_a_list_that_reaches_far_enough_is_not_asked_for_again(publisher: Publisher, tmp_path: Path) -> None:
    """The list has more than 100 MB. Catches a run that downloads it again for ten more minutes of events."""
    assert run(publisher, tmp_path)
    again = run(publisher, tmp_path)
    assert list(again.present) == QUARTERS
    assert (publisher.times(LIST), again.unlisted) == (1, ())


def test_a_list_that_has_grown_is_continued(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a list that is fetched anew, and new entries that are not seen."""
    publisher.publish({name: CONTENTS[name] for name in QUARTERS}, version=2)
    assert run(publisher, tmp_path)
    size = len(publisher.files[f"/gdeltv2/{LIST}"])
    publisher.publish(CONTENTS, version=2)
    assert list(run(publisher, tmp_path, date(2015, 2, 20)).fetched) == LATER[1:]
    assert [range for path, range in publisher.asked if path.endswith(LIST)] == ["", f"bytes={size}-"]


def test_a_list_that_has_not_grown_is_known_to_be_whole(publisher: Publisher, tmp_path: Path) -> None:
    """416 on a list that is here as a whole is no fault."""
    publisher.publish({name: CONTENTS[name] for name in QUARTERS}, version=2)
    assert run(publisher, tmp_path)
    again = run(publisher, tmp_path)
    assert again
    assert again.lists == {}


def test_a_list_is_resumed_and_is_no_web_page(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a login page that is kept as the list, and a list that is begun anew after every fault."""
    publisher.will(f"/gdeltv2/{LIST}", page, cut(200))
    found = run(publisher, tmp_path)
    assert found
    assert (found.lists, found.unlisted) == ({}, ())
    assert [range for path, range in publisher.asked if path.endswith(LIST)] == ["", "", "bytes=200-"]


def test_a_list_that_breaks_off_serves_for_what_it_has_and_is_continued(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a hundred megabytes that are thrown away, and half an address that is taken for a file."""
    line = publisher.files[f"/gdeltv2/{LIST}"].index(QUARTERS[2].encode())
    publisher.will(f"/gdeltv2/{LIST}", truncated(line + 8), says(503), says(503))
    found = run(publisher, tmp_path)
    assert (list(found.fetched), list(found.unlisted)) == (QUARTERS, QUARTERS[2:])
    assert found.lists == {LIST: "the server answered 503 Service Unavailable"}
    publisher.asked.clear()
    again = run(publisher, tmp_path)
    assert again
    assert (again.unlisted, again.lists) == ((), {})
    assert publisher.asked[0] == (f"/gdeltv2/{LIST}", f"bytes={line + 8}-")


def test_gaps_are_named_and_what_stands_between_the_quarters_is_fetched(publisher: Publisher, tmp_path: Path) -> None:
    """The list decides, not the clock alone: catches a file that is off the quarter of an hour, and a gap that is an error."""
    odd = "20150218233100.export.CSV.zip"
    names = {name: CONTENTS[name] for name in QUARTERS if name != QUARTERS[1]} | {odd: archive(odd, version=2)}
    publisher.files.clear()
    publisher.publish(names, version=2)
    found = run(publisher, tmp_path)
    assert not found
    assert list(found.fetched) == sorted(names)
    assert (found.missing, found.failed) == ((QUARTERS[1],), {})
