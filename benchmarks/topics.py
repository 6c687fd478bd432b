"""CPU time of matching one article against 10,000 topic queries.

    python benchmarks/topics.py [ARTICLES.jsonl.gz] [--queries 10000]
    python benchmarks/topics.py ARTICLES.jsonl.gz --learn

Without a file (one JSON object with title and text a line) the articles are made up: 800 words whose
frequencies follow Zipf's law. Queries are built from the words of the articles: one to three words,
phrases, alternatives and exclusions.

--learn: F1, the mean over the file's labels, of classifiers that learned from 100 articles, 50 of the label and 50 of
others; of the rest a part is known without its labels, and the figures are of what is left.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import time
from collections.abc import Iterator
from itertools import accumulate
from math import log2
from pathlib import Path

from bot.feeds.classifier import fits
from bot.feeds.matching import QueryIndex
from bot.feeds.topics import Query, analyse
from bot.feeds.training import Example, train

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


def learn(path: Path, draws: int = 4, unrated: int = 400) -> Iterator[float]:
    """The mean F1 of each draw."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    articles = [(analyse(each["title"], each["text"]), each["label"]) for each in documents]
    for draw in range(draws):
        scores = []
        for label in sorted({label for _, label in articles}):
            shuffled = random.Random(draw).sample(articles, len(articles))
            fitting = [each for each in shuffled if each[1] == label]
            others = [each for each in shuffled if each[1] != label]
            rated = [
                Example(article=a, fits=of == label, found=False) for a, of in fitting[:50] + others[:50]
            ]
            rest = fitting[50:] + others[50:]
            random.Random(draw).shuffle(rest)
            classifier = train(rated, [article for article, _ in rest[:unrated]]).classifier
            asked = [(of == label, fits(classifier, article)) for article, of in rest[unrated:]]
            right = sum(wanted and found for wanted, found in asked)
            scores.append(2 * right / (sum(wanted for wanted, _ in asked) + sum(found for _, found in asked)))
        yield statistics.fmean(scores)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", nargs="?", type=Path)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--learn", action="store_true")
    args = parser.parse_args()
    if args.learn:
        figures = list(learn(args.articles))
        print(f"F1 {statistics.fmean(figures):.3f} ({', '.join(f'{each:.3f}' for each in figures)})")
        return
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
