"""Reading a case that is wrong: every kind of fault at its line and column, all of them at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casefaults import faults, names_it
from detente.case.load import load, read_case
from detente.errors import CaseError

DATA = Path(__file__).parent / "data"
FARMS = (DATA / "two-farms.yaml").read_text()


# what stands in the file, what it becomes, where the fault is (a fragment of the changed file), key, message, hint
ONE_FAULT = [
    ("title: Two farms at one well", "titel: Two farms", "case: two-farms", "", "'title' is missing", "add it: Title"),
    ("as_of: 2020-01-31", "as_of: 2020-01-32", "2020-01-32", "as_of", "got '2020-01-32', wanted a date", ""),
    ("length: 1 month", "length: one month", "one month", "phases.length", "got 'one month', wanted a length such as", ""),
    ("count: 6}", "count: 0}", "0}\ngrades", "phases.count", "got 0, wanted at least 1", ""),
    ("count: 6}", "count: 6.5}", "6.5", "phases.count", "got 6.5, wanted a whole number", ""),
    ("count: 6}", "cuont: 6}", "cuont", "phases.cuont", "unknown key 'cuont'", "did you mean 'count'?"),
    ("small: [0.1, 0.3, 0.5]", "small: [0.3, 0.1, 0.5]", "[0.3, 0.1, 0.5]", "grades.small", "out of order", "[0.1, 0.3, 0.5]"),
    ("small: [0.1, 0.3, 0.5]", "small: [0.1, large, 0.5]", "[0.1, large", "grades.small", "got 'large', wanted a number", ""),
    ("name: Eastern farm", "name: 7", "7\n    discount", "parties.east.name", "got 7, wanted text", "put it in quotes"),
    ("discount: 0.90", "discount: 1", "1\n    stalemate", "parties.east.discount", "a number above 0 and below 1", ""),
    ("discount: 0.90", "discount: 0.1234567890123456", "0.123", "parties.east.discount", "16 significant digits", "round"),
    ("discount: 0.90", "discount: true", "true\n    stale", "parties.east.discount", "got true, wanted a number", ""),
    ("discount: 0.90", "discount: .nan", ".nan", "parties.east.discount", "wanted a finite number", ""),
    (
        "stalemate: [-0.3, -0.1, 0]",
        "stalemate: smal",
        "smal\n",
        "parties.east.stalemate",
        "got 'smal'",
        "did you mean 'small'?",
    ),
    ("breakdown: large", "breakdown: -large", "-large", "parties.east.breakdown", "wanted at least 0", "minus sign"),
    ("breakdown: large", "breakdown: 1e400", "1e400", "parties.east.breakdown", "wanted 0 or a size", "another unit"),
    ("red_line: 30", "red_line: -1", "-1\n  west", "parties.east.red_line", "got -1, wanted a number of at least 0", ""),
    ("trust: {west: 0.15}", "trust: {west: 0}", "0}\n    red", "parties.east.trust.west", "above 0 and below 1", ""),
    ("trust: {west: 0.15}", "trust: {}", "{}", "parties.east.trust", "trust in west, who can act, is missing", "add west:"),
    ("trust: {west: 0.15}", "trust: {west: 0.1, east: 0.1}", "0.1}\n    red", "parties.east.trust.east", "trust in itself", ""),
    ("trust: {west: 0.15}", "trust: {west: 0.1, wets: 0.1}", "wets", "parties.east.trust.wets", "got 'wets'", "mean 'west'"),
    ("  west:\n", "  West:\n", "West:", "parties.West", "got 'West', wanted an id of small letters", ""),
    ("    by: east\n", "    by: [east, eats]\n", "eats", "measures.open-gate.by[1]", "wanted a party", "did you mean 'east'?"),
    ("    by: east\n", "    by: [east, east]\n", "[east, east]", "measures.open-gate.by", "east given twice", ""),
    ("    by: east\n", "    by: []\n", "[]\n    kind", "measures.open-gate.by", "wanted at least one entry", ""),
    ("    kind: contact\n", "    kind: contacts\n", "contacts", "measures.open-gate.kind", "got 'contacts'", "mean 'contact'?"),
    ("west: [0.2, 0.35, 0.6]", "wets: 1", "wets", "measures.open-gate.value.wets", "wanted a party", "did you mean 'west'?"),
    ("west: [0.2, 0.35, 0.6]", "west: {a: 1}", "{a: 1}", "measures.open-gate.value.west", "got a mapping, wanted a num", ""),
    ("    signal: 2\n", "    signal: 0.5\n", "0.5\n    evi", "measures.open-gate.signal", "got 0.5, wanted a number of at", ""),
    (
        "    evidence: [d1]\n",
        "    evidence: [d11]\n",
        "d11",
        "measures.open-gate.evidence[0]",
        "wanted a piece of evidence",
        "'d1'",
    ),
    ("irreversible: 0.25", "irreversible: 1.5", "1.5", "measures.share-water.irreversible", "of at most 1", ""),
    (
        "irreversible: 0.25",
        "irreversible: [0.1, 0.25, 2]",
        "[0.1, 0.25",
        "measures.share-water.irreversible",
        "all of the range",
        "",
    ),
    (
        "irreversible: 0.25",
        "irreversible: large",
        "large\n    lag",
        "measures.share-water.irreversible",
        "got large, wanted",
        "",
    ),
    (
        "    lag: 2\n",
        "    lag: 0\n",
        "0\n    signal",
        "measures.share-water.lag",
        "got 0, wanted a whole number of at least 1",
        "",
    ),
    ("    lag: 2\n", "    lag: [1, 2, 2.5]\n", "[1, 2, 2.5]", "measures.share-water.lag", "whole number", ""),
    (
        "    lag: 2\n",
        '    lag: "2"\n',
        '"2"',
        "measures.share-water.lag",
        "got '2', wanted a number, [low, likely, high]",
        "",
    ),
    (
        "requires: [open-gate,",
        "requires: [opengate,",
        "opengate",
        "measures.share-water.requires[0]",
        "wanted a measure",
        "open-gate",
    ),
    ("requires: [open-gate,", "requires: [open-gate/1,", "open-gate/1", "measures.share-water.requires[0]", "no slices", ""),
    ("any: [measure-flow, meet]", "any: []", "[], after", "measures.share-water.requires[1].any", "at least one entry", ""),
    ("after: 2}", "after: -2}", "-2}", "measures.share-water.requires[1].after", "got -2, wanted at least 0", ""),
    ("after: 2}", "aftr: 2}", "aftr", "measures.share-water.requires[1].aftr", "unknown key 'aftr'", "did you mean 'after'?"),
    (
        "excludes: [sell-water]",
        "excludes: [sell-wine]",
        "sell-wine",
        "measures.share-water.excludes[0]",
        "measure",
        "sell-water",
    ),
    (
        "excludes: [sell-water]",
        "excludes: [share-water]",
        "[share-water]\n    w",
        "measures.share-water.excludes",
        "itself",
        "",
    ),
    (
        "excludes: [sell-water]",
        "excludes: [open-gate]",
        "open-gate, {",
        "measures.share-water.requires[0]",
        "excludes it as",
        "",
    ),
    (
        "not_before: 1, not_after: 40",
        "not_before: 9, not_after: 8",
        "{not_before",
        "measures.share-water.window",
        "closes",
        "swap",
    ),
    ("not_before: 1, not_after: 40", "not_before: 6", "{not_before", "measures.share-water.window", "last phase of the r", ""),
    (
        "not_before: 1, not_after: 40",
        "not_before: 0, not_after: 0",
        "[open-gate, {any: [m",
        "measures.share-water.requires",
        "never enter",
        "",
    ),
    ("in_force: true", "in_force: yes", "yes", "measures.meet.in_force", "got 'yes', wanted true or false", "without quotes"),
    ("once: {east: 0.1}", "once: {east: 0}", "{title: Meet", "measures.meet", "nobody values it", "give its worth"),
    ("first: [open-gate], before", "first: [], before", "[], before", "demands[0].first", "at least one entry", ""),
    (
        "before: [share-water], firm",
        "before: [share-water/5], firm",
        "share-water/5",
        "demands[0].before[0]",
        "a slice from",
        "",
    ),
    ("before: [share-water], firm", "before: [open-gate], firm", "{id: gate-first", "demands[0]", "demanded before itself", ""),
    ("firm: high", "firm: hihg", "hihg", "demands[0].firm", "got 'hihg', wanted 'low', 'medium' or 'high'", "mean 'high'?"),
    ("date: 2019-06-12", "date: 2019-06", "2019-06\n", "agreements.well-2019.date", "wanted a date such as", ""),
    (
        "[share-water, measure-flow]}",
        "[share-wine]}",
        "share-wine",
        "agreements.well-2019.provisions[0].measures[0]",
        "got",
        "water",
    ),
    ("[open-gate], [],", "[open-gate], [], [], [], [],", "[[open-gate", "orders[0].steps", "got 7 steps, wanted at most 6", ""),
    ("[measure-flow]]", "[open-gate]]", "[[open-gate", "orders[0].steps", "open-gate given twice", ""),
    ("to: meet,", "to: meat,", "meat", "comparisons[0].to", "got 'meat', wanted a measure", "did you mean 'meet'?"),
    ("to: meet,", "to: share-water,", "{by: east, pre", "comparisons[0]", "compared with itself", ""),
    ("kind: shock", "kind: shok", "shok", "risks[1].kind", "got 'shok', wanted 'government', 'shock'", "did you mean 'shock'?"),
    ("kind: shock, ", "", "{id: theft", "risks[1]", "'kind' is missing", ""),
    ("at: 5", "at: 6", "6, chance", "risks[0].at", "got phase 6, wanted 0 to 5", ""),
    ("chance: 0.45", "chance: 45", "45, value", "risks[0].chance", "of at most 1", ""),
    ("value: {share-water: -4}, trust: {east: 0.05}", "value: {}", "{id: heirs", "risks[0]", "it changes nothing", ""),
    ("ratio: 0.5", "ratio: 0", "0}\n  - {id: drought", "risks[1].ratio", "got 0, wanted a number above 0", ""),
    ("late: [0, 2, 6]", "late: [-1, 2, 6]", "[-1, 2, 6]", "risks[2].late", "wanted at least 0", ""),
    ("fails: 0.3, late: [0, 2, 6]", "fails: 0", "{id: drought", "risks[2]", "neither fails nor comes late", ""),
    (
        "of: [share-water], lag: 1,",
        "of: [share-water],",
        "{id: surveyor",
        "supports[0]",
        "half of a support",
        "both of the pair",
    ),
    ("party: west, breakdown: 3,", "", "{id: deposit", "supports[1]", "it supports nothing", ""),
    ("id: deposit", "id: surveyor", "surveyor, title: A dep", "supports[1].id", "the id 'surveyor' is given twice", "rename"),
    ("publisher: The village, date: 2019-01", "date: 2019-13", "2019-13", "sources.diary.date", "wanted a date such as", ""),
    ("publisher: The village", "url: village", "village, date", "sources.diary.url", "wanted an address that begins", ""),
    ("source: diary", "source: dairy", "dairy", "evidence.d1.source", "wanted a source", "did you mean 'diary'?"),
    ("at: page 3", "at: 3", "3, says", "evidence.d1.at", "got 3, wanted text", "put it in quotes"),
    ("risks:\n", "risks: &r\n  - 3\n", "3\n  - {id: heirs", "risks[0]", "", ""),
    (
        "comparisons:\n",
        "comparisons: 3\nsupport:\n",
        "support:",
        "support",
        "unknown key 'support'",
        "did you mean 'supports'?",
    ),
    ("orders:\n", "orders: {}\nxyzzy:\n", "{}\nxyzzy", "orders", "got a mapping, wanted a list", ""),
    ("as_of: 2020-01-31", "as_of: 9999-12-01", "case: two-farms", "", "end after the year 9999", "shorten"),
]


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "message", "hint"), ONE_FAULT, ids=[f"{c[3]}-{n}" for n, c in enumerate(ONE_FAULT)]
)
def test_each_fault_is_named_where_it_stands(old: str, new: str, at: str, key: str, message: str, hint: str) -> None:
    """A fault that is missed, or named at another place, or without its next step, fails here."""
    names_it(FARMS, old, new, at, key, message, hint)


def test_one_slip_makes_one_fault() -> None:
    """A faulty measure is still defined: the references to it are right, and it asks for no more trust."""
    text = FARMS.replace("    lag: 2\n", "    lag: 0\n")
    assert [f.key for f in faults(text)] == ["measures.share-water.lag"]
    text = FARMS.replace("small: [0.1, 0.3, 0.5]", "small: [9, 3, 5]")
    assert [f.key for f in faults(text)] == ["grades.small"]
    text = FARMS.replace("measures:\n  open-gate", "measures: 3\nspare:\n  open-gate")
    assert {f.key for f in faults(text)} == {"measures", "spare"}


def test_all_faults_at_once() -> None:
    """One of each kind in one file: keys, types, bounds, references, trust, cycles, doubles, in the order of the file."""
    text = (DATA / "many-faults.txt").read_text()
    wanted = [(n, m[1]) for n, line in enumerate(text.splitlines(), 1) for m in re.finditer(r"# fault: (.*?)(?=$| # )", line)]
    found = faults(text)
    assert [(f.line, f.message) for f in found] == wanted
    assert list(found) == sorted(found)


def test_the_message_names_the_file_line_and_column() -> None:
    """What an editor needs in order to jump there."""
    with pytest.raises(CaseError) as err:
        read_case(FARMS.replace("    lag: 2\n", "    lag: 0\n"), "farms.yaml")
    assert (
        str(err.value) == "farms.yaml: 1 fault in this case\n"
        "farms.yaml:37:10: measures.share-water.lag: got 0, wanted a whole number of at least 1 and of at most 1000"
    )


def test_a_file_is_named_like_its_case(tmp_path: Path) -> None:
    """A copy under another name would answer to two slugs; standard input and text have no name to compare."""
    copy = tmp_path / "three-farms.yaml"
    copy.write_text(FARMS)
    with pytest.raises(CaseError, match=r"three-farms\.yaml:2:7: case: got 'two-farms' in a file named 'three-farms'"):
        load(copy)
    assert read_case(FARMS).case == "two-farms"


class TestPrerequisites:
    """Which schedules are impossible, and that possible ones are let through."""

    HEAD = (
        "case: c\ntitle: C\nas_of: 2020-01-01\nphases: {length: 1 month, count: 5}\n"
        "parties:\n  i: {name: I, discount: 0.9, stalemate: 0, breakdown: 0, trust: {}}\nmeasures:\n"
    )

    def case(self, **measures: str) -> str:
        lines = (f"  {m}: {{title: M, by: i, kind: other, value: {{i: 1}}{rest}}}" for m, rest in measures.items())
        return self.HEAD + "\n".join(lines) + "\n"

    def test_a_cycle_is_told_once_with_its_members(self) -> None:
        """Those that merely wait for the cycle are not listed beside it."""
        text = self.case(z=", requires: [a]", a=", requires: [b]", b=", requires: [{any: c, after: 0}]", c=", requires: [a]")
        (fault,) = faults(text)
        assert (fault.line, fault.key) == (9, "measures.a.requires")
        assert fault.message == "a cycle of prerequisites: a requires b requires c requires a"

    def test_a_cycle_without_phases_between_is_entered_together(self) -> None:
        """Two that name each other with `after: 0` are a package, not a contradiction."""
        case = read_case(self.case(a=", requires: [{any: b, after: 0}]", b=", requires: [{any: a, after: 0}]"))
        assert set(case.instance.measure) == {"a", "b"}

    def test_one_way_out_of_a_cycle_is_enough(self) -> None:
        """`any` needs one alternative only."""
        read_case(self.case(a=", requires: [{any: [b, c]}]", b=", requires: [a]", c=""))

    def test_a_measure_in_force_breaks_the_cycle(self) -> None:
        """What is so already asks for nothing more."""
        read_case(self.case(a=", requires: [b]", b=", requires: [a], in_force: true"))

    def test_in_force_counts_from_phase_minus_one(self) -> None:
        """Entry -1 and five phases after: phase 4, the last one; six after is one too late."""
        read_case(self.case(a=", requires: [{any: b, after: 5}]", b=", in_force: true"))
        (fault,) = faults(self.case(a=", requires: [{any: b, after: 6}]", b=", in_force: true"))
        assert "b is there in phase -1 at the earliest, so this can follow in phase 5, but its last phase is 4" in fault.message

    def test_a_chain_longer_than_the_roadmap(self) -> None:
        """Five steps fit into five phases, six do not; only the first that is too late is named."""
        chain = {"a": "", **{m: f", requires: [{n}]" for n, m in zip("abcde", "bcdef", strict=True)}}
        assert [f.key for f in faults(self.case(**chain, g=", requires: [f]"))] == ["measures.f.requires"]
        chain.pop("f")
        read_case(self.case(**chain))

    def test_slices_follow_each_other_in_one_phase(self) -> None:
        """A hundred slices are no chain of a hundred phases; what needs the whole needs its last slice."""
        case = read_case(self.case(a=", slices: 100", b=", requires: [{any: a, after: 4}]"))
        assert case.instance.measure["b"].requires[0].any == ("a/100",)

    def test_a_cycle_through_the_whole_and_its_slice(self) -> None:
        """b waits for all of a, the first slice of a waits for b."""
        (fault,) = faults(self.case(a=", slices: 2, requires: [b]", b=", requires: [a]"))
        assert fault.message == "a cycle of prerequisites: a/1 requires b requires a/2 requires a/1"
