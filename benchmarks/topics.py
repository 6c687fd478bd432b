"""CPU time of matching one article against 10,000 topic queries.

    python benchmarks/topics.py [ARTICLES.jsonl.gz] [--queries 10000]

Without a file (one JSON object with title and text a line) the articles are made up: 800 words whose
frequencies follow Zipf's law. Queries are built from the words of the articles: one to three words,
phrases, alternatives and exclusions.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import time
from itertools import accumulate
from math import log2
from pathlib import Path

from bot.feeds.matching import QueryIndex
from bot.feeds.topics import Query, analyse

SYLLABLES = [a + b for a in "bcdfghjklmnprstvz" for b in "aeiou"]


def made_up_articles(rng: random.Random, count: int, length: int = 800) -> list[tuple[str, str]]:
    """Articles over 20,000 words; the more frequent a word, the shorter."""
    words = [
        "".join(rng.choices(SYLLABLES, k=max(1, round(log2(rank + 1) / 4)))) + rng.choice("aeiounrst")
        for rank in range(1, 20_001)
    ]
    weights = list(accumulate(1 / rank for rank in range(1, 20_001)))
    texts = [rng.choices(words, cum_weights=weights, k=length) for _ in range(count)]
    return [(" ".join(text[:10]), " ".join(text[10:])) for text in texts]


def read_articles(path: Path) -> list[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [(article["title"], article["text"]) for article in map(json.loads, lines)]


def made_up_query(rng: random.Random, vocabulary: list[str]) -> Query:
    def word() -> str:
        return f'"{rng.choice(vocabulary)}"'

    def term() -> str:
        return rng.choice(
            (word, word, word, lambda: f'"{rng.choice(vocabulary)} {rng.choice(vocabulary)}"')
        )()

    shape = rng.choice(
        (
            "{0}",
            "{0} {1}",
            "{0} OR {1} OR {2}",
            "{0} ({1} OR {2})",
            "{0} {1} -{2}",
            "({0} OR {1}) ({2} OR {3})",
        )
    )
    return Query.parse(shape.format(term(), term(), term(), term()))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", nargs="?", type=Path)
    parser.add_argument("--queries", type=int, default=10_000)
    args = parser.parse_args()
    rng = random.Random(1)
    articles = read_articles(args.articles)[:200] if args.articles else made_up_articles(rng, 200)
    # Words drawn from the vocabulary, not from the running text: people subscribe to "graphene", not "the".
    vocabulary = sorted({w for title, text in articles for w in f"{title} {text}".split() if w.isalnum()})

    index: QueryIndex[int] = QueryIndex()
    for number in range(args.queries):
        index.add(number, made_up_query(rng, vocabulary))
    started = time.process_time()
    index.matching(analyse("", ""))
    filing = time.process_time() - started

    analysing, matching, found = [], [], []
    for title, text in articles:
        started = time.process_time()
        article = analyse(title, text)
        analysed = time.process_time()
        found.append(len(index.matching(article)))
        analysing.append((analysed - started) * 1000)
        matching.append((time.process_time() - analysed) * 1000)

    words = statistics.fmean(len(text.split()) for _, text in articles)
    print(f"{args.queries} queries filed in {filing * 1000:.0f} ms (once a language)")
    print(f"{len(articles)} articles of {words:.0f} words, {statistics.fmean(found):.1f} queries match")
    for name, values in (("analyse", analysing), ("match", matching)):
        middle, mean, worst = statistics.median(values), statistics.fmean(values), max(values)
        print(f"{name:<8} median {middle:.2f} ms, mean {mean:.2f}, worst {worst:.2f}")


if __name__ == "__main__":
    main()
