"""Heads: what the other side can tell from one that was written down before, with the record at hand and without it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from detente.cli import app
from detente.cli.ending import run
from detente.errors import InputError, RecordError
from detente.record.chain import Chain
from detente.record.check import check
from detente.record.head import Given, continues, make_key, proves, read_head, read_proof, signed, with_proof
from detente.record.workspace import Workspace
from eventfiles import add, gdelt, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    workspace = Workspace.create(tmp_path / "record")
    for n in range(1, 4):
        add(workspace, written(tmp_path / f"{n}.CSV", gdelt(n, SQLDATE=f"2018060{n}", GLOBALEVENTID=n)))
    return workspace.path


def grown(folder: Path, n: int) -> None:
    add(Workspace.open(folder), written(folder.parent / f"{n}.CSV", gdelt(1, SQLDATE=f"2018060{n}", GLOBALEVENTID=n)))


def rewrite(folder: Path) -> None:
    """The same record with another second entry, chain and head made anew: whole in itself."""
    old = Chain.read(folder)
    chain = Chain(folder, old.id)
    for entry in old.entries:
        data = entry.model_dump(mode="json", exclude_none=True)
        if entry.number == 2:
            data["about"]["file"] = "another.CSV"
        chain = chain.append({k: v for k, v in data.items() if k not in ("number", "previous", "made")})
    chain.commit()


def test_a_head_of_every_state_is_continued(folder: Path) -> None:
    """Catches a head that a later state of the very same record is said not to continue."""
    heads = [Workspace.open(folder).chain().head]
    for n in range(4, 9):
        grown(folder, n)
        heads.append(Workspace.open(folder).chain().head)
    chain = Workspace.open(folder).chain()
    assert [continues(chain, head) for head in heads] == [""] * 6
    for head in heads:
        assert proves(with_proof(chain, head), head) == ""
    assert proves(with_proof(chain, heads[0]), heads[1])  # the proof is for one head, not for another


def test_a_rewritten_record_shows(folder: Path) -> None:
    """A record whose chain and head were made anew is whole in itself; against an earlier head it is not."""
    before = Workspace.open(folder).chain().head
    rewrite(folder)
    grown(folder, 4)
    done = check(Workspace.open(folder), before)
    assert not done
    assert "rewritten" in done.broken
    assert check(Workspace.open(folder))
    with pytest.raises(RecordError, match="no proof"):
        with_proof(Workspace.open(folder).chain(), before)


def test_a_record_set_back_shows(folder: Path) -> None:
    """An older copy put in the place of the record: nothing in it is broken, and entries are missing."""
    shutil.copytree(folder, folder.parent / "older")
    grown(folder, 4)
    head = Workspace.open(folder).chain().head
    assert "dropped" in check(Workspace.open(folder.parent / "older"), head).broken
    other = Workspace.create(folder.parent / "other")
    assert "another record" in check(other, head).broken


def test_the_commands(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Head, signature and proof on the way from one party to the other; exit code 1 where the answer is no."""
    monkeypatch.setenv("DETENTE_RECORD", str(folder))
    monkeypatch.chdir(folder.parent)

    def said(*words: str) -> tuple[int, str]:
        code = run(app, ["record", *words])
        return code, capsys.readouterr().out.strip()

    assert said("key", "mine.pem")[0] == 0
    assert Path("mine.pem").stat().st_mode & 0o777 == 0o600
    assert said("key", "mine.pem")[0] == 2  # never overwritten
    code, line = said("head")
    assert (code, line.split()[:2], line.split()[3]) == (0, ["detente-head", "1"], "3")
    assert said("head", "--sign", "mine.pem", "-o", "head.json")[0] == 0
    grown(folder, 4)
    for given in (line, "head.json"):
        assert said("check", "--against", given)[0] == 0
    assert said("check", "--against", "head.json", "--key", "mine.pem.pub")[0] == 0
    assert said("check", "--against", line, "--key", "mine.pem.pub")[0] == 2  # not signed
    assert said("head", "--since", "head.json", "-o", "later.json")[0] == 0
    code, text = said("check", "--proof", "later.json", "--against", "head.json", "--json")
    assert (code, json.loads(text)["continues"]) == (0, True)
    rewrite(folder)
    assert said("check", "--against", "head.json")[0] == 1
    assert said("check")[0] == 0
    assert said("head", "--since", "head.json")[0] == 2


def test_a_signature_is_of_this_head_and_this_key(tmp_path: Path) -> None:
    """Catches a signature that is taken for another head's, or another key's."""
    chain = Chain.begin(tmp_path)
    for name in ("a", "b"):
        make_key(tmp_path / name)
    given = signed(Given(chain.head), tmp_path / "a")
    file = tmp_path / "head.json"
    file.write_text(json.dumps(given.to_dict()))
    assert read_head(str(file), tmp_path / "a.pub") == given
    with pytest.raises(RecordError, match="another key"):
        read_head(str(file), tmp_path / "b.pub")
    other = {**given.to_dict(), "head": given.line.replace(" 0 ", " 1 ")}
    file.write_text(json.dumps(other))
    with pytest.raises(RecordError, match="signature is not that of its key"):
        read_head(str(file))
    with pytest.raises(RecordError, match="private key"):
        signed(given, tmp_path / "a.pub")
    assert signed(given, tmp_path / "b").key != given.key


LINE = f"detente-head 1 {'0' * 32} 3 {'a' * 64}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "detente-head 2" + LINE[14:],
        LINE.replace(" 3 ", " 03 "),
        LINE.replace(" 3 ", f" {'9' * 5000} "),
        LINE.upper(),
        LINE + " more",
        json.dumps({"head": LINE, "sql": "1"}),
        json.dumps({"head": LINE, "since": LINE, "proof": ["a" * 64] * 100_000}),
        json.dumps({"head": LINE, "since": LINE, "proof": [1]}),
        json.dumps({"head": LINE, "key": "AA=="}),
        json.dumps({"head": LINE, "key": 1, "signature": []}),
        json.dumps({"head": 3}),
        '{"head":' * 100_000,
        "\0" * 50,
    ],
    ids=range(16),
)
def test_no_head(text: str, tmp_path: Path) -> None:
    """Whatever the other side sends in place of a head ends in a line that says what is wrong."""
    file = tmp_path / "head"
    file.write_text(text)
    with pytest.raises(InputError):
        read_head(str(file))
    with pytest.raises(InputError):
        read_proof(str(file))


def test_a_head_without_a_proof_is_no_proof(tmp_path: Path) -> None:
    """Catches a later head that is believed as it is."""
    file = tmp_path / "head"
    file.write_text(LINE)
    with pytest.raises(RecordError, match="holds no proof"):
        read_proof(str(file))
