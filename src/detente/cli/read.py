"""`detente read`: articles, agreements and reports as claims, as a draft case, as a page to review."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import command
from detente.cli.options import JsonOption, argument, option
from detente.cli.output import print_aside, print_json, print_rich, print_text


@command("read", "article.txt -o draft.yaml --page claims.html")
def read_texts(
    texts: Annotated[list[str] | None, argument("[TEXT]...", "Texts, pages, PDF or Word files; - for standard input.")] = None,
    output: Annotated[
        str | None, option("--output -o", "FILE", "Write a draft case there, in words where a number is wanted.")
    ] = None,
    case: Annotated[
        str | None, option("--case", "CASE", "Also say which measure or provision of this case each passage speaks of.")
    ] = None,
    entries: Annotated[
        str | None, option("--entries", "FILE", "With --case: write what was said there, for `detente record commit --file`.")
    ] = None,
    page: Annotated[str | None, option("--page", "FILE", "Write a page on which the claims are accepted or struck.")] = None,
    reviewed: Annotated[
        str | None, option("--reviewed", "FILE", "What the page exported: only claims accepted there go into the draft.")
    ] = None,
    actors: Annotated[
        str | None, option("--actors", "FILE", "A table of names: name, also (other names, parted by |), code as in a record.")
    ] = None,
    sentences: Annotated[
        str | None,
        option("--sentences", "FILE", "Class a table of sentences instead: sentence, source, target, parted by tabs."),
    ] = None,
    encoding: Annotated[
        str | None, option("--encoding", "NAME", "The encoding of texts that are not UTF-8, such as cp1252.")
    ] = None,
    llm: Annotated[
        str | None, option("--llm", "URL", "Also ask this endpoint, which speaks as OpenAI's does. Sends it the texts.")
    ] = None,
    model: Annotated[str | None, option("--model", "NAME", "With --llm: the model that is asked.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Read texts: who demands, promises, proposes and did what, on what condition, with the passage that says so.

    Every claim carries its place and a quotation. With -o the claims become a draft case that loads; what no text can say
    stands there as assumed. Nothing leaves the machine unless --llm is given.
    """
    if sentences is not None:
        if any((texts, output, case, entries, page, reviewed, actors, encoding, llm, model)):
            raise typer.BadParameter("it takes no texts and no option but --json beside it", param_hint="--sentences")
        _sentences(sentences, as_json)
        return
    if not texts:
        raise typer.BadParameter("name at least one text, or - for standard input", param_hint="TEXT")
    for name, given, other, needed in (
        ("--entries", entries, "--case", case), ("--reviewed", reviewed, "-o", output), ("--model", model, "--llm", llm),
    ):  # fmt: skip
        if given is not None and needed is None:
            raise typer.BadParameter(f"it goes with {other}", param_hint=name)
    from detente.read.read import read
    from detente.read.telling import show

    found = read(*texts, case=case, actors=actors, encoding=encoding, llm=llm, model=model)
    reports = None
    if case is not None:
        from detente.read.reports import reported, write_entries

        reports = reported(found, case)
        if entries is not None and not reports.entries:
            print_aside(f"detente: {entries}: not written, since no passage makes a complete entry")
        elif entries is not None:
            write_entries(reports, entries)
            print_aside(
                f"detente: {entries}: {len(reports.entries)} entries (look at them, then `detente record commit {case} "
                f"--file {entries}`)"
            )
    if page is not None:
        from detente.read.page import write_page

        write_page(found, page)
        print_aside(f"detente: {page}: the page to review")
    if output is not None:
        from detente.read.draft import write_draft

        made = write_draft(found, output, reviewed=reviewed)
        for line in made.said:
            print_aside(f"detente: {line}")
    for note in found.notes:
        print_aside(f"detente: {note}")
    if as_json:
        print_json(found.to_dict() if reports is None else found.to_dict() | reports.to_dict())
        return
    print_rich(*show(found, reports))


def _sentences(file: str, as_json: bool) -> None:
    from detente.read.coding import code_sentences
    from detente.read.grammar import grammar
    from detente.read.sentences import LONGEST
    from detente.read.text import spacy_absent

    coded = code_sentences(file)
    if grammar() is None:
        print_aside(f"detente: {spacy_absent()}")
    if cut := [n for n, c in enumerate(coded, 1) if c.cut]:
        which = ", ".join(map(str, cut[:8])) + (", ..." if len(cut) > 8 else "")
        print_aside(
            f"detente: {file}: of {len(cut)} sentences longer than {LONGEST:,} characters one part was read, cut at a clause: "
            f"{which}"
        )
    if as_json:
        print_json([c.to_dict() for c in coded])
        return
    for c in coded:
        print_text(f"{c.root:10} {c.penta}  {c.source_found or '-'} > {c.target_found or '-'}")
