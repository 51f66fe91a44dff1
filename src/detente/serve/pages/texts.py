"""Texts read for a case: what each claims, and what it says of the measures and provisions, to be accepted or struck.

What is accepted goes where it belongs: a claim becomes evidence in the case file, in the words of the text and with its place;
a passage that says how far something is done becomes a reading in the record. Nothing goes anywhere by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from detente.base.bounds import within
from detente.errors import InputError
from detente.serve.api.listed import SHOWN
from detente.serve.bench import NotThereError, Workbench
from detente.serve.jobs.jobs import Job
from detente.serve.pages.questions import found_about
from detente.serve.pages.record import begun
from detente.serve.pages.render import render
from detente.serve.pages.upload import uploaded
from detente.serve.routes import Bench, Who
from detente.serve.store.texts import DECISIONS, Kept

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_AROUND = 120  # characters shown on either side of a claim


@dataclass(frozen=True)
class Found:
    """A claim or passage as the page shows it. key : its kind and place; entry : what the record would hold, of a passage;
    lost : it was accepted, and does not stand in the case any more."""

    key: str
    kind: str
    about: str
    before: str
    quote: str
    after: str
    start: int
    end: int
    decision: str
    lost: bool
    entry: dict[str, str] | None
    takes: bool


@router.get("/cases/{slug}/texts")
def show_texts(request: Request, slug: str, bench: Bench, before: str | None = None) -> Response:
    """The texts of a case; before : those that came before this one."""
    return _list(request, bench, slug, before=before)


@router.post("/cases/{slug}/texts")
def take_text(request: Request, slug: str, bench: Bench, who: Who, file: UploadFile) -> Response:
    """Take a text and have it read."""
    from detente.read.text import read_source

    bench.case(slug)
    try:
        with uploaded(file) as path:
            _unpacks(path)
            content = read_source(path).text
    except InputError as err:
        return _list(request, bench, slug, status=422, said=str(err))
    kept = bench.texts.keep(slug, path.name, content, author=who.name)
    bench.audit.note(who.name, "text", f"{slug} {path.name}")
    _read(bench, kept, author=who.name)
    return RedirectResponse(f"/cases/{slug}/texts/{kept.id}", 303)


@router.post("/cases/{slug}/texts/{id}/read")
def read_again(slug: str, id: str, bench: Bench, who: Who) -> Response:
    """Have a text read that has not been: the reading failed, or was ended."""
    _read(bench, _text(bench, slug, id), author=who.name)
    return RedirectResponse(f"/cases/{slug}/texts/{id}", 303)


@router.get("/cases/{slug}/texts/{id}")
def show_text(request: Request, slug: str, id: str, bench: Bench) -> Response:
    """A text with its claims."""
    return _show(request, bench, _text(bench, slug, id))


@router.post("/cases/{slug}/texts/{id}/decide")
def decide(
    request: Request, slug: str, id: str, bench: Bench, who: Who, claim: str = Form(), decision: str = Form("")
) -> Response:
    """Accept or strike one claim; what is accepted goes into the case or the record."""
    kept = _text(bench, slug, id)
    found = next((f for f in _found(bench, kept, _reading(bench, kept)) if f.key == claim), None)
    if found is None:
        raise NotThereError(f"{kept.name}: there is no such claim in this text")
    if decision and decision not in DECISIONS:
        raise InputError(f"decision: got {decision[:20]!r}, wanted {' or '.join(DECISIONS)}")
    if decision == "accepted" and (found.lost or found.decision != "accepted"):
        try:
            _accept(bench, kept, found, who.name)
        except InputError as err:
            return _show(request, bench, kept, status=422, said=str(err))
    bench.texts.decide(id, claim, decision, author=who.name)
    bench.audit.note(who.name, decision or "undecide", f"{slug} {kept.name} {claim}")
    return RedirectResponse(f"/cases/{slug}/texts/{id}#{claim}", 303)


def _accept(bench: Workbench, kept: Kept, found: Found, author: str) -> None:
    if found.entry is not None:
        from detente.record.commitments.commit import commit

        e = found.entry
        commit(
            bench.read(kept.slug), e["item"], state=e["state"], as_of=e["as_of"], by=e["reader"], party=e["party"] or None,
            due=e["due"] or None, evidence=e["evidence"], note=e["note"], workspace=begun(bench, kept.slug),
        )  # fmt: skip
        return
    version = bench.case(kept.slug)
    case = bench.read(kept.slug)
    source, evidence = f"text-{kept.id[:8]}", _evidence_of(kept, found.start, found.end)
    written = case.written()
    entries: dict[str, Any] = {}
    if source not in case.sources:
        _put(entries, written, "sources", source, {"title": kept.name[:200]})
    if evidence not in case.evidence:
        said = {"source": source, "at": f"characters {found.start} to {found.end}", "says": " ".join(found.quote.split())}
        _put(entries, written, "evidence", evidence, said)
    if entries:
        bench.versions.change(version, entries, author=author, reason=f"accepted a claim of {kept.name}")


def _put(entries: dict[str, Any], written: Any, block: str, key: str, value: dict[str, str]) -> None:
    """An entry of a block of the file, which may not stand in it yet."""
    if written.get(block):
        entries[f"{block}.{key}"] = value
    else:
        entries[block] = {key: value}


def _unpacks(path: Path) -> None:
    """That the words of a packed file (Word) are no longer than those of a plain one may be: it is unpacked in memory."""
    from zipfile import BadZipFile, ZipFile, is_zipfile

    if is_zipfile(path):
        with suppress(BadZipFile), ZipFile(path) as archive:
            within(
                "bytes", sum(one.file_size for one in archive.infolist() if one.filename.endswith((".xml", ".rels"))), path.name
            )


def _evidence_of(kept: Kept, start: int, end: int) -> str:
    """Under which id a claim stands in the case."""
    return f"text-{kept.id[:8]}-{start}-{end}"


def _found(bench: Workbench, kept: Kept, job: Job | None) -> Iterator[Found]:
    """What was found in a text: passages that speak of the case, then claims; not those that only name a party."""
    if job is None or not job.result:
        return
    from detente.record.commitments.items import items

    told, decided, standing, titles = job.result, bench.texts.decisions(kept.id), None, dict[str, str]()
    with suppress(InputError):  # what is no case has no evidence
        case = bench.read(kept.slug)
        standing, titles = case.evidence, {id_: item.title for id_, item in items(case).items()}
    names = told["names"]
    for passage in told["passages"]:
        entry = passage["entry"]
        said = f"{passage['said'] or 'not said how far'}{', ' + passage['date'] if passage['date'] else ''}"
        key = f"passage-{passage['item']}-{passage['start']}-{passage['end']}"
        about = f"{titles.get(passage['item'], passage['item'])}: {said}"
        yield _one(kept, "passage", about, passage, entry, key=key, decided=decided, takes=entry is not None, lost=False)
    for claim in told["claims"]:
        if claim["type"] != "party":
            acting = " → ".join(names.get(x, x) for x in (claim.get("by"), claim.get("to")) if x)
            whose = f", says {names.get(claim['reported_by'], claim['reported_by'])}" if claim.get("reported_by") else ""
            denied = ", denied" if claim["negated"] else ""
            key = f"{claim['type']}-{claim['start']}-{claim['end']}"
            lost = standing is not None and _evidence_of(kept, claim["start"], claim["end"]) not in standing
            about = f"{acting}{denied}{whose}"
            yield _one(kept, claim["type"], about, claim, None, key=key, decided=decided, takes=True, lost=lost)


def _one(
    kept: Kept, kind: str, about: str, at: dict[str, Any], entry: dict[str, str] | None, *, key: str, decided: dict[str, str],
    takes: bool, lost: bool,
) -> Found:  # fmt: skip
    start, end, text, decision = at["start"], at["end"], kept.content, decided.get(key, "")
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if start > _AROUND:  # not from within a word
        before = f"… {before.partition(' ')[2]}"
    if end + _AROUND < len(text):
        after = f"{after.rpartition(' ')[0]} …"
    lost = lost and decision == "accepted"
    return Found(key, kind, about, before, text[start:end], after, start, end, decision, lost, entry, takes)


def _reading(bench: Workbench, kept: Kept) -> Job | None:
    """The reading of a text, of whatever version of the case; None: it was never begun."""
    return bench.jobs.newest("read", kept.slug, {"name": kept.name, "content": kept.content})


def _read(bench: Workbench, kept: Kept, *, author: str) -> None:
    """Begin the reading of a text, unless it is done; a later change of the case does not begin it anew."""
    reading = _reading(bench, kept)
    if reading is None or (reading.has_ended and not reading.result):
        bench.start("read", kept.slug, {"name": kept.name, "content": kept.content}, author=author)


def _text(bench: Workbench, slug: str, id: str) -> Kept:
    kept = bench.texts.text(slug, id)
    if kept is None:
        raise NotThereError(f"{slug[:100]}: there is no such text")
    return kept


def _list(
    request: Request, bench: Workbench, slug: str, *, status: int = 200, said: str = "", before: str | None = None
) -> Response:
    told, texts = found_about(bench, slug), bench.texts.of(slug, count=SHOWN + 1, before=before)
    return render(
        request, "texts.html.j2", status=status, **told, page="texts", title="Texts", texts=texts[:SHOWN],
        more=len(texts) > SHOWN, said=said,
    )  # fmt: skip


def _show(request: Request, bench: Workbench, kept: Kept, *, status: int = 200, said: str = "") -> Response:
    told = found_about(bench, kept.slug)
    job = _reading(bench, kept)
    found = list(_found(bench, kept, job))
    found.sort(key=lambda one: (not one.takes, one.kind != "passage"))  # what can be accepted first
    return render(
        request, "text.html.j2", status=status, **told, page="texts", title=kept.name, kept=kept, reading=job, found=found,
        said=said, notes=job.result["notes"] if job is not None and job.result else (),
    )  # fmt: skip
