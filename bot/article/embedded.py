"""An article's text where it stands in JSON: pages drawn by scripts, live blogs, recipes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import turbohtml

from bot.article.blocks import is_caption, lined, unescaped
from bot.article.document import Document, read_json
from bot.article.flight import read_flight
from bot.article.schema import strings, types_of
from bot.article.walk import walk
from bot.article.wording import fold
from bot.model import Block, BlockKind

LIVE_BLOG_LENGTH = 12_000  #: characters; a live blog goes on for days, and readers come for its end
_MAX_SCRIPT = 3_000_000  # characters
_MAX_VALUES = 60_000
_MAX_DEPTH = 60
_PROSE = 60  #: characters of a text that may be a paragraph
_ARTICLE = 400  #: characters; less is no article
_JSON_TYPES = frozenset(("application/json", "application/ld+json"))
_FLIGHT = re.compile(r"\s*self\.__next_f\.push\(")
_MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|ul|ol|figure|section)\b", re.IGNORECASE)
_NOT_TEXT = re.compile(r"\s*(?:https?://|data:|[{\[<#.@])|function\s*\(|[{};]\s*\n")
_ELSEWHERE = re.compile(
    r"related|recommend|latest|popular|trending|teaser|comment|footer|navigation|menu|cookie|consent|privacy|seo|promo"
    r"|translation|config|bio\b|newsletter",
    re.IGNORECASE,
)
#: What a script fills in later.
_PLACEHOLDER = re.compile(r"(?:\$\$|##|%%|\{\{|\[\[)[\w .:-]{1,40}(?:\$\$|##|%%|\}\}|\]\])")
_BODY = re.compile(r"articlebody|body|content|paragraph|text|html|story", re.IGNORECASE)


def read_scripts(document: Document) -> tuple[Block, ...]:
    """The article's blocks as they stand in a page's JSON (Next.js and its like, JSON-LD's articleBody).

    Texts are grouped by their path, list indices aside: an article's paragraphs stand at one path. The group with
    most prose is the article. Empty where none is long enough.
    """
    groups: dict[str, dict[str, None]] = defaultdict(dict)  # of each path its texts, each once, in order
    for value in _values(document):
        for path, found in _texts(value):
            groups[path][found] = None
    best = max(groups.items(), key=_likelihood, default=("", {}))[1]
    blocks = tuple(block for text in best for block in _blocks(text))
    return blocks if sum(len(block.text) for block in blocks) >= _ARTICLE else ()


def _values(document: Document) -> Iterator[Any]:
    """The JSON values in a page's scripts, those that React's server components send too."""
    sent: list[str] = []
    for script in document.root.iter_elements("script"):
        text = script.text
        if not text or len(text) > _MAX_SCRIPT:
            continue
        kind = (script.attr("type") or "").lower().split(";")[0].strip()
        if kind in _JSON_TYPES or script.attr("id") == "__NEXT_DATA__":
            yield from read_json(text)
        elif pushed := _FLIGHT.match(text):
            sent += [value[1] for value in read_json(text[pushed.end() :]) if _is_sent(value)]
    yield from read_flight("".join(sent)[:_MAX_SCRIPT])


def _is_sent(pushed: Any) -> bool:
    """Whether what a script pushes is a stretch of the stream: [1, "…"]."""
    return isinstance(pushed, list) and len(pushed) == 2 and pushed[0] == 1 and isinstance(pushed[1], str)


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """The prose in a JSON value with its path, in order."""
    stack: list[tuple[str, Any, int]] = [("", value, 0)]
    for _ in range(_MAX_VALUES):
        if not stack:
            return
        path, at, depth = stack.pop()
        if isinstance(at, str):
            if len(at) > _PROSE and at.count(" ") * 25 > len(at) - at.count("\n") * 80 and _is_text(at):
                yield path, at
        elif depth < _MAX_DEPTH:
            if isinstance(at, dict):
                stack += [(f"{path}.{key}", item, depth + 1) for key, item in reversed(at.items())]
            elif isinstance(at, list):
                stack += [(path, item, depth + 1) for item in reversed(at)]


def _is_text(text: str) -> bool:
    return _MARKUP.match(text.lstrip()) is not None or _NOT_TEXT.match(text) is None


def _likelihood(group: tuple[str, dict[str, None]]) -> float:
    path, texts = group
    weight = 0.2 if _ELSEWHERE.search(path) else 1.0
    return sum(map(len, texts)) * weight * (1.5 if _BODY.search(path.rsplit(".", 1)[-1]) else 1.0)


def _blocks(text: str) -> Iterator[Block]:
    """A text of the page's JSON as blocks, whether it is plain or markup."""
    if _MARKUP.search(text):
        tree = turbohtml.parse(text, positions=False).root
        if tree:
            walked = walk(tree)
            for index, line in enumerate(walked.texts):
                if _PLACEHOLDER.fullmatch(line):
                    continue
                name = walked.nodes[walked.owner[index]].tag
                heading = len(name) == 2 and name[0] == "h" and name[1].isdigit()
                kind = BlockKind.HEADING if heading else _PLAIN_KINDS.get(name, BlockKind.PARAGRAPH)
                if is_caption(walked, index):
                    kind = BlockKind.CAPTION
                yield Block(kind=kind, text=lined(walked, index, kind), level=int(name[1]) if heading else 0)
        return
    for line in text.split("\n"):
        if folded := " ".join(unescaped(line).split()):
            yield Block(kind=BlockKind.PARAGRAPH, text=folded)


_PLAIN_KINDS = {"li": BlockKind.LIST_ITEM, "blockquote": BlockKind.QUOTE, "pre": BlockKind.CODE}


def is_live_blog(document: Document) -> bool:
    """Whether the page says that it is a live blog."""
    return any("LiveBlogPosting" in types_of(node) for node in document.json_ld)


def read_live_blog(document: Document) -> tuple[Block, ...]:
    """The updates of a live blog, newest first; empty where the page does not list them."""
    found: list[tuple[str, Mapping[str, Any]]] = []
    for node in document.json_ld:
        updates = node.get("liveBlogUpdate") if "LiveBlogPosting" in types_of(node) else None
        found += [
            (str(update.get("datePublished") or ""), update)
            for update in (updates if isinstance(updates, list) else ())
            if isinstance(update, dict) and isinstance(update.get("articleBody"), str)
        ]
    if len(found) < 3:
        return ()
    found.sort(key=lambda pair: pair[0], reverse=True)
    blocks: list[Block] = []
    for _, update in found:
        headline = update.get("headline")
        if isinstance(headline, str) and headline.strip():
            blocks.append(Block(kind=BlockKind.HEADING, text=" ".join(unescaped(headline).split()), level=2))
        blocks += _blocks(update["articleBody"])
    return cut(tuple(blocks), LIVE_BLOG_LENGTH)


def cut(blocks: tuple[Block, ...], length: int) -> tuple[Block, ...]:
    """The first blocks that hold about *length* characters."""
    total = 0
    for index, block in enumerate(blocks):
        total += len(block.text)
        if total > length:
            return blocks[: index + 1]
    return blocks


def read_recipe(document: Document, text: str) -> tuple[Block, ...]:
    """Ingredients and steps of a recipe that its JSON-LD lists and *text* lacks."""
    lines: list[str] = []
    for node in document.nodes:
        if "Recipe" in types_of(node):
            lines += strings(node.get("recipeIngredient"))
            lines += _steps(node.get("recipeInstructions"))
            break
    if not lines:
        return ()
    shown = f" {fold(text)} "
    lines = [" ".join(unescaped(line).split()) for line in lines]
    missing = [line for line in lines if fold(line) and f" {fold(line)} " not in shown]
    if 2 * len(missing) <= len(lines):
        return ()
    return tuple(Block(kind=BlockKind.LIST_ITEM, text=line) for line in missing)


def _steps(value: Any, depth: int = 0) -> Iterator[str]:
    if depth > 4:
        return
    if isinstance(value, str):
        yield from value.split("\n")
    elif isinstance(value, list):
        for item in value:
            yield from _steps(item, depth + 1)
    elif isinstance(value, dict):
        yield from _steps(value.get("text") or value.get("itemListElement"), depth + 1)
