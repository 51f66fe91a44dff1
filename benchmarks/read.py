"""What `detente read` finds, beside what plainer methods find on the same texts.

    python benchmarks/read.py [--data FOLDER] [--article FILE] [--only PART[,PART]]

    orders      demands and conditions: F1 of sentences, on the texts in `benchmarks/texts` (of our own writing; those in -held
                were written before the rules were run on them, and their single errors were never looked at) and on the
                article, of which `article.json` holds places and labels only; beside a bag of words learnt on the texts that
                were looked at
    provisions  clauses and deadlines of the agreements in FOLDER/agreement_texts; `provisions.json` holds the numbers and days,
                by hand
    actors      source and target as the coder finds them, on the sentences that are held out (seed 18),
                which neither the rules nor the weights saw (benchmarks/train_read.py)
    classes     root and quad class with the actors given and end to end, models trained without the held-out sentences
                (benchmarks/train_read.py)
    reports     passages to provisions on 125 pairs, all that the tracker of the PeaceRep project has, judged by hand before
                this was run (`pairs.json`: ids and 0 or 1), beside the tracker's own score
    drafts      what the draft case of the article holds
    speed       words a minute after loading

FOLDER and the article are not part of this repository; what needs them is left out, and that is said.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from detente.read.read import read
from detente.read.text import Text, read_source

HERE = Path(__file__).parent / "texts"
KINDS = {"D": "demand", "C": "condition"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--article", type=Path)
    parser.add_argument("--only", default=",".join(PARTS))
    given = parser.parse_args()
    names = given.only.split(",")
    if unknown := set(names) - set(PARTS):
        parser.error(f"--only: got {', '.join(sorted(unknown))}, wanted some of {', '.join(PARTS)}")
    for name in names:
        print(f"\n{name}")
        for line in PARTS[name](given.data, given.article):
            print(f"  {line}", flush=True)


def own_texts(which: str) -> Iterator[tuple[str, Text, list[tuple[int, int, str]], list[tuple[str, str]]]]:
    """The texts of a half: name, text, labelled spans, and the sentences with their labels."""
    for path in sorted(HERE.glob(f"*-{which}.tsv")):
        rows = [(line.partition("\t")[0], line.partition("\t")[2]) for line in path.read_text(encoding="utf-8").splitlines()]
        text, spans = "", list[tuple[int, int, str]]()
        for label, sentence in rows:
            if label in KINDS:
                spans.append((len(text), len(text) + len(sentence), KINDS[label]))
            text += sentence + ("\n" if "agreement" in path.name else " ")
        yield path.stem, Text(path.stem, text), spans, rows


def scored(gold: Sequence[tuple[int, int, str]], found: Sequence[tuple[int, int, str]]) -> Counter[str]:
    """Counts of labelled spans and of found ones that meet one of either kind, and of the same kind."""
    out: Counter[str] = Counter(gold=len(gold), found=len(found))
    for a, b, kind in gold:
        met = [k for x, y, k in found if x < b and a < y]
        out["met"] += bool(met)
        out["same"] += kind in met
    for x, y, kind in found:
        met = [k for a, b, k in gold if x < b and a < y]
        out["right"] += bool(met)
        out["right same"] += kind in met
    return out


def f1(counts: Counter[str], met: str, right: str) -> float:
    recall, precision = counts[met] / max(counts["gold"], 1), counts[right] / max(counts["found"], 1)
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def told(counts: Counter[str]) -> str:
    either, same = f1(counts, "met", "right"), f1(counts, "same", "right same")
    return f"either kind F1 {either:.3f}, the same kind {same:.3f} ({counts['gold']} labelled)"


def orders(_: Path | None, article: Path | None) -> Iterator[str]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    for which in ("dev", "held"):
        total: Counter[str] = Counter()
        for _name, text, spans, _rows in own_texts(which):
            total += found_in(text, spans)
        yield f"{which:8} {told(total)}"
    learnt = [row for *_, rows in own_texts("dev") for row in rows]
    held = [row for *_, rows in own_texts("held") for row in rows]
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = LinearSVC().fit(vectors.fit_transform([s for _, s in learnt]), [label for label, _ in learnt])
    guessed = model.predict(vectors.transform([s for _, s in held]))
    both = sum(t != "-" and label != "-" for t, (label, _) in zip(guessed, held, strict=True))
    bag = 2 * both / (sum(t != "-" for t in guessed) + sum(label != "-" for label, _ in held))
    yield f"held     a bag of words learnt on the other half: either kind F1 {bag:.3f}"
    if article is None:
        yield "article  left out: --article is not given"
        return
    text = read_source(article)
    gold = [(a, b, k) for a, b, k in json.loads((HERE / "article.json").read_text())]
    counts = found_in(text, gold)
    yield f"article  {told(counts)}, looked at"


def found_in(text: Text, gold: Sequence[tuple[int, int, str]]) -> Counter[str]:
    claims = read(text).claims
    found = [(c.start, c.end, c.type) for c in claims if c.type in KINDS.values()]
    return scored(gold, found)


def provisions(data: Path | None, _: Path | None) -> Iterator[str]:
    from detente.read.provisions import provisions as clauses_of

    if data is None:
        yield "left out: --data is not given"
        return
    clauses, days, of, of_days = 0, 0, 0, 0
    for name, gold in json.loads((HERE / "provisions.json").read_text()).items():
        found = list(clauses_of(read_source(data / f"agreement_texts/agreements/{name}.html"), 0))
        wanted = Counter(gold["clauses"])
        met = sum(
            min(n, len({c.start for c in found if (c.clause or "-").rpartition(".")[2] == label}))
            for label, n in wanted.items()
        )
        dues = [(c.due or "").lower() for c in found]
        met_days = sum(any(day.lower() in due for due in dues) for day in gold["days"])
        yield f"{name}: clauses {met} of {sum(wanted.values())}, deadlines {met_days} of {len(gold['days'])}"
        clauses, of, days, of_days = clauses + met, of + sum(wanted.values()), days + met_days, of_days + len(gold["days"])
    yield f"all: clauses {clauses / of:.3f}, deadlines {days / of_days:.3f} (looked at while the rules were made)"


def rows_held(data: Path) -> list[dict[str, str]]:
    from train_read import held_out, sentences_of

    return [r for r in sentences_of(data) if held_out(r["sentence"])]


def actors(data: Path | None, _: Path | None) -> Iterator[str]:
    from train_read import alike

    from detente.read.actors import gazetteer
    from detente.read.coding import found_actors, parsed

    if data is None:
        yield "left out: --data is not given"
        return
    rows = rows_held(data)
    known = gazetteer()
    texts = [r["sentence"] for r in rows]
    for name, docs in (("with grammar", parsed(texts)), ("by names alone", iter([None] * len(texts)))):
        right = found = 0
        for row, doc in zip(rows, docs, strict=True):
            for wanted, got in zip((row["source"], row["target"]), found_actors(row["sentence"], doc, known), strict=True):
                found += got is not None
                right += got is not None and alike(wanted, got)
        precision, recall = right / max(found, 1), right / (2 * len(rows))
        both = 2 * precision * recall / (precision + recall)
        yield f"{name}: F1 {both:.3f} (half of the words in common, {len(rows)} sentences)"
    first = [(s.split()[0], s.split()[-1].strip(".")) for s in texts]
    right = sum(alike(r["source"], a) + alike(r["target"], b) for r, (a, b) in zip(rows, first, strict=True))
    yield f"first and last word: F1 {right / (2 * len(rows)):.3f}"


def classes(data: Path | None, _: Path | None) -> Iterator[str]:
    if data is None:
        yield "left out: --data is not given"
        return
    from train_read import held_figures

    yield from held_figures(data)


def reports(data: Path | None, _: Path | None) -> Iterator[str]:
    from sklearn.metrics import average_precision_score, roc_auc_score

    from detente.read.reports import Likeness

    if data is None:
        yield "left out: --data is not given"
        return
    held: dict[tuple[str, ...], tuple[str, str, float]] = {}
    for country in json.loads((data / "agreement_texts/ukraine_provision_matches.json").read_text(encoding="utf-8"))[
        "countries"
    ]:
        for topic in country["topics"]:
            for a in topic["agreements"]:
                for p in a["provisions"]:
                    for r in p["reports"]:
                        for s in r["segments"]:
                            held[a["id"], p["number"], r["id"], s["number"]] = (p["text"], s["text"], s["score"])
    pairs = json.loads((HERE / "pairs.json").read_text())
    like = Likeness({f"{a}/{n}": text for (a, n, *_rest), (text, *_more) in held.items()})
    truth = [pair[4] for pair in pairs]
    theirs = [held[tuple(pair[:4])][2] for pair in pairs]
    ours = [like.of(held[tuple(pair[:4])][1])[f"{pair[0]}/{pair[1]}"] for pair in pairs]
    for name, scores in (("ours", ours), ("the tracker's similarity", theirs)):
        yield f"{name}: AUC {roc_auc_score(truth, scores):.3f}, average precision {average_precision_score(truth, scores):.3f}"
    yield f"{sum(truth)} of {len(truth)} pairs hold"


def drafts(_: Path | None, article: Path | None) -> Iterator[str]:
    from detente.read.draft import draft

    if article is None:
        yield "left out: --article is not given"
        return
    found = read(article)
    yield f"{len(found.texts[0].text.split()):,} words"
    yield from draft(found, "article").said[:2]


def speed(_: Path | None, article: Path | None) -> Iterator[str]:
    texts = [read_source(article)] if article else [text for which in ("dev", "held") for _, text, *_ in own_texts(which)]
    read(*texts)
    whole = Text("all", "\n\n".join(t.text for t in texts) * (20 if article else 30))
    words = len(whole.text.split())
    begin, used = time.monotonic(), time.process_time()
    read(whole)
    wall, cpu = time.monotonic() - begin, time.process_time() - used
    yield f"{words:,} words: {words / wall * 60:,.0f} a minute, {words / cpu * 60:,.0f} a minute of CPU"


PARTS = {f.__name__: f for f in (orders, provisions, actors, classes, reports, drafts, speed)}

if __name__ == "__main__":
    main()
