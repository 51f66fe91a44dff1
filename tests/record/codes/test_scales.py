"""The tables of intensities and quad classes against the published ones."""

from __future__ import annotations

import csv

import duckdb
import pytest

from detente.record.codes import PLOVER, cameo, cameo_quad, icews_digest, icews_events, weis, weis_quad
from eventfiles import data


def test_the_cameo_intensities_are_those_that_gdelt_publishes() -> None:
    """Every code of GDELT's table, with its value: catches a typing error, and a code that lost its leading zero."""
    rows = csv.DictReader(
        data("gdelt_schema/CAMEO.goldsteinscale.txt").read_text(encoding="utf-8").splitlines(), delimiter="\t"
    )
    published = {row["CAMEOEVENTCODE"]: float(row["GOLDSTEINSCALE"]) for row in rows}
    assert len(published) > 300
    assert {code: cameo().get(code) for code in published} == published


def test_what_goes_beyond_gdelt_is_schrodts() -> None:
    """The codes that only the older table has carry its values, and the two differ where the docstring says so."""
    rows = csv.DictReader(data("keds/cameo_scale.csv").read_text(encoding="utf-8").splitlines())
    older = {row["code"]: float(row["scale"]) for row in rows}
    table = data("gdelt_schema/CAMEO.goldsteinscale.txt").read_text(encoding="utf-8").splitlines()[1:]
    published = {line.split("\t")[0] for line in table}
    beyond = set(cameo()) - published
    assert beyond == {"0357", "1213", "1641", "1642", "1643"}
    assert {code: cameo()[code] for code in beyond} == {code: older[code] for code in beyond}
    differ = {code for code, value in older.items() if code in published and cameo()[code] != value}
    assert differ == {"016", "022", "124", "163", "165", "166"}


def test_the_weis_intensities_are_goldsteins() -> None:
    """All 109 codes."""
    rows = csv.DictReader(data("keds/weis_goldstein_scale.csv").read_text(encoding="utf-8").splitlines())
    assert weis() == {row["code"]: float(row["goldstein"]) for row in rows}


@pytest.mark.parametrize(
    ("code", "quad"),
    [
        *[(f"{root:02d}", 1 + (root > 5) + (root > 9) + (root > 14)) for root in range(1, 21)],
        ("010", 1), ("057", 1), ("0231", 1), ("060", 2), ("0874", 2), ("10", 3), ("1014", 3), ("145", 3), ("150", 4),
        ("2042", 4), ("1", None), ("00", None), ("21", None), ("99999", None), ("", None), ("0x1", None), ("-01", None),
    ],
)  # fmt: skip
def test_the_quad_class_of_a_cameo_code(code: str, quad: int | None) -> None:
    """Roots 01-05, 06-09, 10-14, 15-20 (Schrodt 2012). Catches a boundary that is off by one, and 10 taken for 010."""
    assert duckdb.execute(f"select {cameo_quad('$1')}", [code]).fetchall() == [(quad,)]


@pytest.mark.parametrize(
    ("code", "quad"),
    [("010", 2), ("021", 1), ("051", 1), ("061", 2), ("072", 2), ("081", 1), ("102", 1), ("111", 3), ("173", 3), ("181", 4),
     ("223", 4), ("00", None), ("23", None), ("500", None)],
)  # fmt: skip
def test_the_quad_class_of_a_weis_code(code: str, quad: int | None) -> None:
    """WEIS orders its roots otherwise than CAMEO: 01 is to yield, 08 to agree, 11 to reject, 18 to demonstrate."""
    assert duckdb.execute(f"select {weis_quad('$1')}", [code]).fetchall() == [(quad,)]


def test_the_signs_of_the_scale_agree_with_the_classes() -> None:
    """Material conflict is never a cooperative act on Goldstein's scale, nor material cooperation a hostile one.

    Root 09, to investigate, is the exception: GDELT counts it as material cooperation and Goldstein's scale as hostile.
    """
    found = duckdb.execute(f"select code, {cameo_quad('code')} from (select unnest(?) as code)", [list(cameo())]).fetchall()
    assert [code for code, quad in found if quad is None] == []
    assert [code for code, quad in found if quad in (3, 4) and cameo()[code] > 0] == []
    assert [code for code, quad in found if quad == 2 and cameo()[code] < 0 and code[:2] != "09"] == []
    assert min(cameo().values()) == -10
    assert max(cameo().values()) <= 10


def test_every_event_of_plover_has_one_class() -> None:
    """PLOVER names sixteen events (2021) and older names; none may be in two classes or outside 1 to 4."""
    new = "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE"
    assert {*new.split(), "COERCE", "ASSAULT"} <= set(PLOVER)
    assert set(PLOVER.values()) == {1, 2, 3, 4}


def test_the_wording_of_icews_is_recognised_by_its_digest() -> None:
    """All event names of the extract have a code. Catches a digest that is computed in two ways."""
    rows = list(csv.reader(data("icews18/relation2id.csv").read_text(encoding="utf-8").splitlines()))
    names = [cell for row in rows[1:] for cell in row if not cell.strip().isdigit()]
    digests = duckdb.execute(f"select name, {icews_digest('name')} from (select unnest(?) as name)", [names]).fetchall()
    assert len(digests) == 256
    assert [name for name, digest in digests if digest not in icews_events()] == []
    known = dict(digests)
    assert icews_events()[known["Make statement"]] == "010"
    assert icews_events()[known["Use conventional military force"]] == "190"
    assert set(icews_events().values()) <= set(cameo())
