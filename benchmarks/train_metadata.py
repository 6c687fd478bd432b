#!/usr/bin/env python3
"""Train the rankers of people, titles and dates and say, cross-validated by site, how good they are.

    pip install lightgbm scipy
    python benchmarks/train_metadata.py CORPUS [--only authors] [--write] [--out-of-fold predictions.jsonl]

CORPUS holds the sets as README.md describes them. Every figure comes from models that saw no page of the site they
are asked about (eight folds by registered domain). --out-of-fold saves those answers for a scorer; --write trains on
all pages and replaces the shipped files. One core, a few minutes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from scipy.optimize import minimize
from trees import exported

from bot.article import authors, evidence, headlines, published, titles
from bot.article.bylines import Mention, find_shown, mentions_of
from bot.article.candidates import gather
from bot.article.datelines import DateMention, find_declared_dates
from bot.article.dates import Moment, parse_date
from bot.article.days import describe_days, find_day_candidates
from bot.article.declared import find_declared
from bot.article.details import host_of, registrable
from bot.article.document import Document, parse
from bot.article.language import primary
from bot.article.names import is_nobody, is_organisation, is_personal, name_key, squash
from bot.article.places import Places, find_places
from bot.article.splitting import split_byline
from bot.article.walk import walk
from bot.boosting import forest

SETS = ("fundus", "postlight", "traf", "htmldate")
NAME_SETS = (
    "scrapinghub",
    "trafilatura",
    "wcxb",
)  # body sets: words of names, and pages whose authors are declared and shown
FOLDS = 8
TREES = {
    "authors": {"num_iterations": 400, "learning_rate": 0.025, "num_leaves": 15, "extra_trees": True},
    "dates": {"num_iterations": 100, "learning_rate": 0.06, "num_leaves": 15},
}
COMMON = {
    "objective": "binary", "min_data_in_leaf": 15, "bagging_fraction": 0.8, "bagging_freq": 1, "feature_fraction": 0.4,
    "lambda_l2": 5, "seed": 0, "num_threads": 1, "verbose": -1,
}  # fmt: skip
VARIANT_WEIGHT = 0.3  # of a page whose declarations are dropped, beside the page itself
TITLE_RIDGE = 8.0
LEAST_SITES = 2  # that use a word in a name before the word is shipped
_DATA = Path(__file__).parent.parent / "bot/article/data"


@dataclass(slots=True)
class Choice:
    """The candidates of one page for one field: a row of features, an answer and a verdict each."""

    keys: list[str]
    features: np.ndarray
    right: np.ndarray
    answers: list[Any]


@dataclass(slots=True)
class Page:
    set: str
    id: str
    site: str
    gold: dict[str, Any]
    fold: int = 0
    places: Places | None = None
    fields: dict[str, Choice] = field(default_factory=dict)
    agreed: dict[str, Any] = field(default_factory=dict)  # answers that need no ranker
    variants: list[Choice] = field(default_factory=list)  # of authors, with declarations left out


NAMES: dict[str, tuple[str, ...]] = {}  # the features of each field


# ------------------------------------------------------------------ reading
def rows_of(corpus: Path, folder: str, name: str) -> Iterator[tuple[dict[str, Any], bytes]]:
    for line in (corpus / folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row, gzip.decompress((corpus / "pages" / f"{row['page']}.html.gz").read_bytes())


def site_of(row: dict[str, Any]) -> str:
    host = host_of(row["url"])
    return registrable(host) if host else row.get("key") or row["id"]


def gold_people(values: Iterable[str], places: Places) -> set[str]:
    """The keys of the people among gold authors; organisations and the site itself are nobody."""
    own = places.host | places.site
    found = set()
    for value in values:
        for part in split_byline(value):
            one_word = len(part.key.split()) == 1
            if (
                not is_organisation(part.text)
                and not is_nobody(part.text)
                and not (one_word and squash(part.text) in own)
            ):
                found.add(part.key)
    return found


def gold_days(value: str) -> set[date]:
    """The days an ISO date stands for: as written and in UTC."""
    moment = parse_date(value)
    if moment is None:
        return set()
    days = {moment.day}
    if moment.clock and moment.zone:
        days.add(moment.at(UTC).astimezone(UTC).date())
    return days


def without(mentions: list[Mention], json_ld: bool, meta: bool) -> list[Mention]:
    """Mentions of a page that would declare less."""
    return [
        m
        for m in mentions
        if not (json_ld and m.source.startswith("json-ld")) and not (meta and m.source.startswith("meta"))
    ]


def signed_by_site(mentions: list[Mention], page: Page, document: Document) -> list[Mention]:
    """Mentions of a page that would declare its site as its author, as many do above a byline."""
    site = document.meta.get("og:site_name", ("",))[0] or host_of(document.url).removeprefix("www.")
    sources = (("json-ld",), ("meta:author",), ("json-ld", "meta:author"))[zlib.crc32(page.id.encode()) % 3]
    declared = [m for source in sources for m in mentions_of(source, [site], matches=2)]
    return declared + without(mentions, True, True)


def author_choice(
    mentions: list[Mention], document: Document, places: Places, people: set[str]
) -> Choice | None:
    candidates = gather(mentions, places)
    if not candidates:
        return None
    NAMES["authors"] = evidence.describe(candidates, document, places, {})
    return Choice(
        [c.key for c in candidates],
        np.array([c.features for c in candidates], np.float32),
        np.array([c.key in people for c in candidates], bool),
        candidates,
    )


def title_choice(document: Document, places: Places, gold: str) -> Choice | None:
    candidates = headlines.find_title_candidates(document, places)
    if not candidates:
        return None
    NAMES["titles"] = titles.describe_titles(candidates, document, places)
    wanted = headlines.title_key(gold)
    return Choice(
        [c.key for c in candidates],
        np.array([c.features for c in candidates], np.float32),
        np.array([c.key == wanted for c in candidates], bool),
        [c.text for c in candidates],
    )


def local_moment(moment: Moment, document: Document, places: Places, language: str | None) -> datetime:
    return published.as_shown(published.aware(moment, document, language), moment, document, places)


def date_choice(
    document: Document, places: Places, declared: list[DateMention], gold: str | None
) -> Choice | None:
    candidates = find_day_candidates(document, places, declared)
    if not candidates:
        return None
    NAMES["dates"] = describe_days(candidates, document, places)
    days = gold_days(gold) if gold else set()
    language = primary(document.language or "")
    moments = [local_moment(published.fullest(c).moment, document, places, language) for c in candidates]
    return Choice(
        [c.day.isoformat() for c in candidates],
        np.array([c.features for c in candidates], np.float32),
        np.array(
            [
                bool({c.day, at.date(), at.astimezone(UTC).date()} & days)
                for c, at in zip(candidates, moments, strict=True)
            ],
            bool,
        ),
        list(zip(candidates, moments, strict=True)),
    )


def read(corpus: Path, only: set[str]) -> tuple[list[Page], dict[str, list[set[str]]]]:
    """All pages with their candidates, and for every word the sites that use it in names and elsewhere in bylines."""
    pages: list[Page] = []
    words: dict[str, list[set[str]]] = defaultdict(lambda: [set(), set()])
    for name in SETS:
        for row, html in rows_of(corpus, "meta", name):
            document = parse(html, row["url"])
            places = find_places(document, walk(document.root))
            page = Page(name, row["id"], site_of(row), row["gold"], places=places)
            if "authors" in only:
                read_authors(page, document, places, words)
            if "titles" in only and page.gold.get("title"):
                if headlines.is_agreed(document, places):
                    page.agreed["titles"] = places.headline.line.text
                add(page, "titles", title_choice(document, places, page.gold["title"]))
            if "dates" in only and "date" in page.gold:
                read_dates(page, document, places)
            pages.append(page)
    for name in NAME_SETS if "authors" in only else ():
        for row, html in rows_of(corpus, "body", name):
            document = parse(html, row["url"] or "")
            places = find_places(document, walk(document.root))
            page = Page(name, row["id"], site_of(row), {})
            read_authors(page, document, places, words)
            pages.append(page)
    order = sorted({page.site for page in pages}, key=lambda site: zlib.crc32(site.encode()))
    folds = {site: index % FOLDS for index, site in enumerate(order)}
    for page in pages:
        page.fold = folds[page.site]
    return pages, words


def read_authors(page: Page, document: Document, places: Places, words: dict[str, list[set[str]]]) -> None:
    declared = find_declared(document, places)
    mentions = declared + find_shown(places)
    count_words(mentions, page.site, words)
    agreed = authors.agreed_names(declared, places)
    if "authors" not in page.gold:
        if agreed:  # as good as gold: what is left when nothing or the site is declared is one more page to learn from
            people = set(map(name_key, agreed))
            for left in (without(mentions, True, True), signed_by_site(mentions, page, document)):
                choice = author_choice(left, document, places, people)
                page.variants += [choice] if choice else []
        return
    people = page.gold["people"] = gold_people(page.gold["authors"], places)
    page.agreed["authors"] = (
        agreed or authors.named_reporters(declared, places) or authors.named_together(declared, places)
    )
    add(page, "authors", author_choice(mentions, document, places, people))
    lesser = [without(mentions, *left_out) for left_out in ((True, False), (True, True), (False, True))]
    for left in (*lesser, signed_by_site(mentions, page, document)):
        choice = author_choice(left, document, places, people)
        page.variants += [choice] if choice else []


def read_dates(page: Page, document: Document, places: Places) -> None:
    declared = find_declared_dates(document)
    add(page, "dates", date_choice(document, places, declared, page.gold["date"]))
    day = published.agreed_day(declared)
    if day:
        choice = page.fields["dates"]
        moment = choice.answers[choice.keys.index(day.isoformat())][1]
        page.agreed["dates"] = (published.AGREED, moment.isoformat())


def add(page: Page, name: str, choice: Choice | None) -> None:
    if choice:
        page.fields[name] = choice


# ------------------------------------------------------------------ words of names
def count_words(mentions: list[Mention], site: str, words: dict[str, list[set[str]]]) -> None:
    declared = {
        m.part.key
        for m in mentions
        if m.source in ("json-ld", "json-ld:person", "json-ld:other", "meta:author", "rel=author")
        and 2 <= len(m.part.key.split()) <= 3
        and is_personal(m.part.text)
        and not is_organisation(m.part.text)
        and not is_nobody(m.part.text)
    }
    for key in declared:
        for word in key.split():
            words[word][0].add(site)
    for m in mentions:
        if m.part.key not in declared and m.source in ("byline class", "near byline class", "plain", "line"):
            for word in m.part.key.split():
                words[word][1].add(site)


def odds_of(named: int, other: int) -> float:
    return round(math.log((named + 0.5) / (other + 0.5)), 2)


def with_odds(page: Page, choice: Choice, words: dict[str, list[set[str]]]) -> np.ndarray:
    """The features with the odds of the names as they are without what the page's own site says."""
    table = choice.features.copy()
    column = NAMES["authors"].index("odds")
    for index, key in enumerate(choice.keys):
        model = {}
        for word in key.split():
            named, other = words.get(word, ((), ()))
            counts = len(named) - (page.site in named), len(other) - (page.site in other)
            if sum(counts) >= LEAST_SITES:
                model[word] = odds_of(*counts)
        table[index, column] = evidence.name_odds(key, model)
    return table


# ------------------------------------------------------------------ models
def boosted(name: str, parts: list[tuple[np.ndarray, np.ndarray, float]]) -> dict[str, Any]:
    """Train trees on (features, right, weight) of pages; a page counts by the root of its candidates."""
    features = np.concatenate([part for part, _, _ in parts])
    right = np.concatenate([part for _, part, _ in parts])
    weight = np.concatenate([np.full(len(part), w / math.sqrt(len(part))) for part, _, w in parts])
    booster = lightgbm.train(COMMON | TREES[name], lightgbm.Dataset(features, right, weight=weight))
    return exported(booster, NAMES[name])


def title_table(pages: list[tuple[np.ndarray, np.ndarray]]) -> dict[str, Any]:
    """Conditional logistic regression over bins: one right wording among those of its page."""
    pages = [(features, right) for features, right in pages if right.any()]
    features = np.concatenate([part for part, _ in pages])
    right = np.concatenate([part for _, part in pages])
    group = np.repeat(np.arange(len(pages)), [len(part) for part, _ in pages])
    edges = [bins_of(features[:, column]) for column in range(features.shape[1])]
    columns = [np.searchsorted(edge, features[:, c], side="left") for c, edge in enumerate(edges)]
    starts = np.cumsum([0] + [len(edge) + 1 for edge in edges])
    coded = np.zeros((len(features), starts[-1]))
    for column, start in zip(columns, starts, strict=False):
        coded[np.arange(len(features)), start + column] = 1
    pulled = np.ones(starts[-1])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = coded @ weights
        top = np.full(len(pages), -np.inf)
        np.maximum.at(top, group, score)
        share = np.exp(score - top[group])
        total = np.bincount(group, share, len(pages))
        hit = np.bincount(group, share * right, len(pages))
        gradient = (
            coded.T @ (share / total[group] - share * right / hit[group]) + TITLE_RIDGE * pulled * weights
        )
        return float(np.log(total / hit).sum() + TITLE_RIDGE / 2 * weights @ weights), gradient

    found = minimize(loss, np.zeros(starts[-1]), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return {
        "features": list(NAMES["titles"]),
        "edges": [[float(f"{e:.6g}") for e in edge] for edge in edges],
        "weights": [[round(float(w), 3) for w in found[a:b]] for a, b in pairwise(starts)],
    }


def bins_of(values: np.ndarray) -> np.ndarray:
    unique = np.unique(values)
    if len(unique) <= 27:
        return (unique[:-1] + unique[1:]) / 2
    return np.unique(np.quantile(values, np.linspace(0.1, 0.9, 9)))


# ------------------------------------------------------------------ training and answers
class Trainer:
    """Trains a field on some pages and answers for others."""

    def __init__(self, pages: list[Page], words: dict[str, list[set[str]]]) -> None:
        self.pages, self.words = pages, words

    def train(self, name: str, pages: list[Page]) -> dict[str, Any]:
        if name == "authors":
            parts = [
                (with_odds(page, c, self.words), c.right, w) for page in pages for c, w in author_parts(page)
            ]
            return boosted(name, parts)
        pages = [page for page in pages if name in page.fields]
        if name == "titles":
            return title_table([(page.fields[name].features, page.fields[name].right) for page in pages])
        return boosted(name, [(page.fields[name].features, page.fields[name].right, 1.0) for page in pages])

    def answer(self, name: str, model: dict[str, Any], page: Page) -> Any:
        if page.agreed.get(name):
            return page.agreed[name]
        choice = page.fields[name]
        if name == "titles":
            scores = [titles.table_score(row, model) for row in choice.features.tolist()]
            return choice.answers[int(np.argmax(scores))]
        if name == "dates":
            chances = forest(model).chances(choice.features).tolist()
            chosen = published.choose_day([c for c, _ in choice.answers], chances)
            return (chosen[0], choice.answers[chosen[1]][1].isoformat()) if chosen else None
        chances = forest(model).chances(with_odds(page, choice, self.words)).tolist()
        return [candidate.name for _, candidate in authors.choose(choice.answers, chances, page.places)]

    def out_of_fold(self, name: str) -> dict[str, Any]:
        """{page id: answer} by models that never saw the page's site."""
        answers = {}
        for fold in range(FOLDS):
            model = self.train(name, [page for page in self.pages if page.fold != fold])
            for page in self.pages:
                if page.fold == fold and name in page.fields:
                    answers[page.id] = self.answer(name, model, page)
        return answers


def author_parts(page: Page) -> Iterator[tuple[Choice, float]]:
    if "authors" in page.fields:
        yield page.fields["authors"], 1.0
    for variant in page.variants:
        yield variant, VARIANT_WEIGHT


# ------------------------------------------------------------------ figures
def report(name: str, pages: list[Page], answers: dict[str, Any]) -> None:
    for set_ in SETS:
        counts: Counter[str] = Counter()
        for page in pages:
            if page.set == set_:
                counts.update(judged(name, page, answers))
        if counts["gold"]:
            print(
                f"{name:<8} {set_:<10} n={counts['gold']} right={counts['right'] / counts['gold']:.3f} "
                f"reachable={counts['reachable'] / counts['gold']:.3f}"
                + (
                    f" none={counts['none']} false={counts['false'] / counts['none']:.3f}"
                    if counts["none"]
                    else ""
                )
            )


def judged(name: str, page: Page, answers: dict[str, Any]) -> list[str]:
    """What one page adds to the figures."""
    choice, answer = page.fields.get(name), answers.get(page.id)
    if name == "authors":
        if "people" not in page.gold:
            return []
        people, given = page.gold["people"], {name_key(name) for name in answer or ()}
        if not people:
            return ["none"] + ["false"] * bool(given)
        known = (
            {key for key, right in zip(choice.keys, choice.right, strict=True) if right} if choice else set()
        )
        return ["gold"] + ["right"] * (people == given) + ["reachable"] * (people <= known)
    if name == "titles":
        if not page.gold.get("title"):
            return []
        right = answer is not None and headlines.title_key(answer) == headlines.title_key(page.gold["title"])
        return ["gold"] + ["right"] * right + ["reachable"] * bool(choice and choice.right.any())
    if "date" not in page.gold:
        return []
    chance, given = answer or (None, None)
    if not page.gold["date"]:
        return ["none"] + ["false"] * bool(given and chance >= published.SURE)
    days = gold_days(page.gold["date"])
    at = datetime.fromisoformat(given) if given else None
    right = at is not None and bool({at.date(), at.astimezone(UTC).date()} & days)
    return ["gold"] + ["right"] * right + ["reachable"] * bool(choice and choice.right.any())


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("corpus", type=Path)
    options.add_argument(
        "--only", nargs="+", choices=("authors", "titles", "dates"), default=["authors", "titles", "dates"]
    )
    options.add_argument(
        "--write", action="store_true", help="train on all pages and replace the shipped files"
    )
    options.add_argument("--out-of-fold", type=Path, help="save the cross-validated answers here")
    options.add_argument("--no-figures", action="store_true", help="skip the cross-validation")
    arguments = options.parse_args()
    pages, words = read(arguments.corpus, set(arguments.only))
    print(f"{len(pages)} pages of {len({page.site for page in pages})} sites")
    trainer = Trainer(pages, words)
    saved: dict[str, dict[str, Any]] = defaultdict(dict)
    for name in arguments.only:
        if not arguments.no_figures:
            answers = trainer.out_of_fold(name)
            report(name, pages, answers)
            save(name, answers, saved)
        if arguments.write:
            write(name, trainer.train(name, pages))
    if arguments.out_of_fold:
        lines = (
            json.dumps({"id": page.id, **saved[page.id]}, ensure_ascii=False) for page in pages if page.gold
        )
        arguments.out_of_fold.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if arguments.write and "authors" in arguments.only:
        counts = {word: (len(named), len(other)) for word, (named, other) in sorted(words.items())}
        write("name_tokens", {word: odds_of(*n) for word, n in counts.items() if sum(n) >= LEAST_SITES})


def save(name: str, answers: dict[str, Any], saved: dict[str, dict[str, Any]]) -> None:
    for page, answer in answers.items():
        if name == "titles":
            saved[page]["title"] = answer
        elif name == "dates":
            saved[page]["date"] = answer[1] if answer else None
            saved[page]["date_chance"] = answer[0] if answer else None
        else:
            saved[page]["authors"] = list(answer)


def write(name: str, data: dict[str, Any]) -> None:
    path = _DATA / f"{name}.json"
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
