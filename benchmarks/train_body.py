#!/usr/bin/env python3
"""Train the block model of bot/article/data and say, cross-validated by site, how good it is.

    pip install lightgbm
    python benchmarks/train_body.py CORPUS [--write] [--out-of-fold predictions.jsonl]

CORPUS holds the sets as README.md describes them. Every figure comes from a model that saw no page of the site it
is asked about (five folds by registered domain). --out-of-fold saves those answers for the scorers; --write trains
on all pages and replaces the shipped files. One core, a few minutes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import re
import sys
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import lightgbm
import numpy as np

from bot.article.body import read_body
from bot.article.classes import Tables, class_words
from bot.article.document import parse
from bot.article.features import NAMES, measure
from bot.article.scorer import Model
from bot.article.walk import Walk, walk
from bot.boosting import Forest

SETS = {"scrapinghub": 1.5, "fundus": 1.3, "trafilatura": 1.0, "wcxb": 1.0}
FOLDS = 5
TREES, LEAVES = 160, 15
PARAMETERS = {
    "objective": "binary", "num_leaves": LEAVES, "learning_rate": 0.12, "min_data_in_leaf": 40,
    "feature_fraction": 0.4, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5, "num_threads": 1,
    "verbose": -1, "max_bin": 63, "seed": 7,
}  # fmt: skip
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+?(?=[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])|\w+"
)
_ARCHIVE = re.compile(r"web\.archive\.org/web/\d+\w*/(.*)")
_SECOND_LEVEL = frozenset("co com org net gov ac edu go or ne gob".split())
_DATA = Path(__file__).parent.parent / "bot/article/data"


@dataclass(slots=True)
class Sample:
    set: str
    id: str
    url: str
    html: bytes
    site: str
    walk: Walk
    title: str
    description: str
    label: np.ndarray  # share of each block that is article, 0 to 1
    weight: np.ndarray  # 0 where the label is not known
    fold: int = 0


def words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def site_of(url: str, fallback: str) -> str:
    """The registered domain, so that no site is on both sides of a fold."""
    if found := _ARCHIVE.search(url):
        url = found[1] if "//" in found[1] else f"http://{found[1]}"
    parts = (urlsplit(url).hostname or "").split(".")
    if len(parts) < 2:
        return fallback
    return ".".join(parts[-3 if len(parts) > 2 and parts[-2] in _SECOND_LEVEL else -2 :])


def label_blocks(texts: list[str], gold: str) -> tuple[np.ndarray, np.ndarray, int]:
    """How much of each block is in the gold text (4-word shingles; short blocks where they continue a neighbour)."""
    gold_words = words(gold)
    shingles = {tuple(gold_words[i : i + 4]) for i in range(max(1, len(gold_words) - 3))}
    gold_line = f" {' '.join(gold_words)} "
    block_words = [words(text) for text in texts]
    counts = np.array([len(block) for block in block_words])
    label = np.zeros(len(texts))
    for i, block in enumerate(block_words):
        if len(block) >= 8:
            own = [tuple(block[k : k + 4]) for k in range(len(block) - 3)]
            label[i] = sum(shingle in shingles for shingle in own) / len(own)
    found = [i for i in range(len(texts)) if label[i] > 0.5]
    lowest, highest = (min(found) - 6, max(found) + 6) if found else (0, len(texts))
    for step in (1, -1):
        neighbour: int | None = None
        for i in range(len(texts))[::step]:
            if not counts[i]:
                continue
            if counts[i] >= 8 or label[i] == 1:
                neighbour = i if label[i] > 0.5 else neighbour if step == 1 and counts[i] < 12 else None
                continue
            if neighbour is None or not lowest <= i <= highest or abs(i - neighbour) > 12:
                continue
            own, other = " ".join(block_words[i]), block_words[neighbour]
            line = f" {' '.join(other[-3:])} {own} " if step == 1 else f" {own} {' '.join(other[:3])} "
            if line in gold_line:
                label[i], neighbour = 1, i
    return label, counts, len(gold_words)


def label_snippets(texts: list[str], wanted: list[str], unwanted: list[str]) -> tuple[np.ndarray, np.ndarray]:
    folded = [" ".join(text.split()) for text in texts]
    label, known = np.zeros(len(texts)), np.zeros(len(texts), bool)
    for snippets, value in ((wanted, 1), (unwanted, 0)):
        for snippet in (" ".join(snippet.split()) for snippet in snippets):
            for i, text in enumerate(folded):
                if snippet in text and not known[i]:
                    label[i], known[i] = value, True
    return label, known


def read(corpus: Path) -> list[Sample]:
    found = []
    for name in SETS:
        for line in (corpus / "body" / f"{name}.jsonl").read_text().splitlines():
            row = json.loads(line)
            html = gzip.decompress((corpus / "pages" / f"{row['page']}.html.gz").read_bytes())
            document = parse(html, row["url"])
            walked = walk(document.root)
            if not walked.texts:
                continue
            title = (document.meta.get("og:title") or (document.title,))[0]
            described = document.meta.get("og:description") or document.meta.get("description") or ("",)
            if row["gold"] is not None:
                label, counts, total = label_blocks(walked.texts, row["gold"])
                weight = np.minimum(counts / max(total, 80), 0.3) ** 0.8 + 0.004
            else:
                label, known = label_snippets(walked.texts, row.get("with") or [], row.get("without") or [])
                counts = np.array([len(words(text)) for text in walked.texts])
                weight = np.where(known, 0.02 + 0.05 * np.minimum(counts, 60) / 60, 0)
            site = site_of(row["url"], f"{name}:{row['id']}")
            found.append(
                Sample(
                    name,
                    row["id"],
                    row["url"],
                    html,
                    site,
                    walked,
                    title,
                    described[0],
                    label,
                    weight * SETS[name],
                )
            )
    sites = sorted({sample.site for sample in found}, key=lambda site: zlib.crc32(site.encode()))
    folds = {site: index % (2 * FOLDS) for index, site in enumerate(sites)}
    for sample in found:
        sample.fold = folds[sample.site]
    return found


def class_votes(samples: list[Sample]) -> list[dict[str, list[tuple[int, str, float]]]]:
    """For each table and word: fold, site and share of article text of every site that uses it."""
    votes = [defaultdict(lambda: defaultdict(lambda: [0.0, 0.0])) for _ in range(2)]
    for sample in samples:
        own, around = chains(sample.walk)
        for i, e in enumerate(sample.walk.owner):
            if not sample.weight[i]:
                continue
            weight = min(len(sample.walk.texts[i]) / 6, 40) + 1
            for table, found in zip(votes, (own[e], around[e]), strict=True):
                for word in found:
                    count = table[word][sample.fold, sample.site]
                    count[1] += weight
                    count[0] += weight * (sample.label[i] > 0.5)
    return [
        {word: [(*key, hit / total) for key, (hit, total) in sites.items()] for word, sites in table.items()}
        for table in votes
    ]


def class_tables(
    votes: list[dict[str, list[tuple[int, str, float]]]], without: Collection[int] = ()
) -> Tables:
    """Log-odds of article text per word, each site one vote; words of few sites are left out."""
    tables = []
    for table, least, prior in zip(votes, (3, 4), (0.45, 0.5), strict=True):
        odds = {}
        for word, sites in table.items():
            shares = [share for fold, _, share in sites if fold not in without]
            if len(shares) >= least:
                share = (sum(shares) + 2 * prior) / (len(shares) + 2)
                odds[word] = round(math.log(share / (1 - share)), 2)
        tables.append(dict(sorted(odds.items())))
    return Tables(*tables)


def chains(walked: Walk) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """Class words of each element with its parent, and of everything further out."""
    words_of = [frozenset(class_words(classes)) for classes in walked.classes]
    around = [frozenset[str]()] * len(words_of)
    for e in range(1, len(words_of)):
        around[e] = around[walked.parent[e]] | words_of[e]
    own = [words_of[e] | words_of[walked.parent[e]] for e in range(len(words_of))]
    return own, [around[walked.parent[walked.parent[e]]] for e in range(len(words_of))]


def train(
    samples: list[Sample], votes: list[dict[str, list[tuple[int, str, float]]]], held: Collection[int] = ()
) -> Model:
    """Class tables are cross-fitted: a page's features never come from a table that saw its site."""
    parts = []
    for fold in sorted({sample.fold for sample in samples}.difference(held)):
        tables = class_tables(votes, {*held, fold})
        for sample in samples:
            if sample.fold == fold:
                features, rows = measure(sample.walk, sample.title, sample.description, tables)
                known = sample.weight[rows] > 0
                parts.append((features[known], sample.label[rows][known] > 0.5, sample.weight[rows][known]))
    features, label, weight = (np.concatenate([part[k] for part in parts]) for k in range(3))
    data = lightgbm.Dataset(features, label, weight=weight, free_raw_data=False)
    booster = lightgbm.train(PARAMETERS, data, TREES)
    return Model(flattened(booster), class_tables(votes, held))


def flattened(booster: lightgbm.Booster) -> Forest:
    trees = booster.dump_model()["tree_info"]
    shape = (LEAVES - 1, len(trees))
    feature, threshold = np.zeros(shape, np.int64), np.full(shape, np.inf, np.float32)
    mask, values = np.full(shape, 0xFFFF, np.uint16), np.zeros((len(trees), 16), np.float32)
    for t, tree in enumerate(trees):
        leaves: list[float] = []
        splits: list[tuple[int, float, int]] = []
        visit(tree["tree_structure"], leaves, splits)
        for s, (column, limit, left) in enumerate(splits):
            feature[s, t], threshold[s, t], mask[s, t] = column, limit, 0xFFFF & ~left
        values[t, : len(leaves)] = leaves
    return Forest(feature, threshold, mask, values)


def visit(node: dict, leaves: list[float], splits: list[tuple[int, float, int]]) -> int:
    """Number the leaves below a node from the left; returns them as bits."""
    if "leaf_value" in node:
        leaves.append(node["leaf_value"])
        return 1 << (len(leaves) - 1)
    left = visit(node["left_child"], leaves, splits)
    splits.append((node["split_feature"], node["threshold"], left))
    return left | visit(node["right_child"], leaves, splits)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("corpus", type=Path)
    options.add_argument("--write", action="store_true")
    options.add_argument("--out-of-fold", type=Path)
    arguments = options.parse_args()
    samples = read(arguments.corpus)
    print(f"{len(samples)} pages of {len({sample.site for sample in samples})} sites, {len(NAMES)} features")
    votes = class_votes(samples)
    if arguments.out_of_fold:
        with arguments.out_of_fold.open("w") as file:
            for fold in range(FOLDS):
                held = {2 * fold, 2 * fold + 1}
                model = train(samples, votes, held)
                for sample in samples:
                    if sample.fold in held:
                        body = read_body(
                            parse(sample.html, sample.url),
                            walk(parse(sample.html, sample.url).root),
                            sample.title,
                            model=model,
                        )
                        file.write(json.dumps({"set": sample.set, "id": sample.id, "text": body.text}) + "\n")
                print(f"fold {fold + 1} of {FOLDS}", file=sys.stderr)
    if arguments.write:
        model = train(samples, votes)
        layout = [(name, part.dtype, part.shape) for name, part in model.forest._asdict().items()]
        np.save(_DATA / "body_trees.npy", np.array(tuple(model.forest), layout))
        (_DATA / "body_classes.json").write_text(
            json.dumps(
                {"own": model.tables.own, "around": model.tables.around},
                separators=(",", ":"),
                ensure_ascii=False,
            )
        )
        print(
            *(f"{path.name}: {path.stat().st_size // 1024} KiB" for path in sorted(_DATA.glob("body_*"))),
            sep="\n",
        )


if __name__ == "__main__":
    main()
