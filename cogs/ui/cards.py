"""Draws an article as a Components V2 card, within Discord's limits whatever the article (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

import discord
from discord import ui

from bot.model import Article, Discussion, Fact, FactKind, Image, Reading, Summary
from cogs.ui import words
from cogs.ui.ids import Press, custom_id
from cogs.ui.locale import Labels

MAX_SHOWN = 4000  #: displayed characters of a message
MAX_BUTTON_URL = 512
MAX_ALT = 1024
MAX_THREAD_NAME = 100

# Of the 4,000 characters, in UTF-16 units with markup. Together they leave room for some facts at least.
_TITLE, _NAME, _GIST, _FACT, _NOTICE, _NOTE, _LONG_ADDRESS = 256, 60, 1200, 260, 200, 300, 1000
_NAMES = 3
_NOTICES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a card hangs and what it may offer there."""

    labels: Labels
    discussion: Discussion | None = None
    threads: bool = False  #: a thread can be opened under this card
    thread_at_once: bool = False  #: it is opened with the card
    plain: bool = False  #: text only
    compact: bool = False  #: one of several links of a message: the gist only
    mentions: tuple[str, ...] = ()  #: of roles and members who are to be pinged
    topics: tuple[str, ...] = ()  #: names of the subscriptions that asked for it
    retold: tuple[Reading, ...] = ()  #: the same story elsewhere


def draw_card(reading: Reading, setting: Setting) -> ui.LayoutView:
    """The card of an article."""
    article, summary, labels = reading.article, reading.summary, setting.labels
    head = heading(article), _meta(article, labels)
    tail = [f"-# {text}" for text in _footers(reading, setting)]
    notices = () if setting.compact else article.notices[:_NOTICES]
    below = [f"-# {' · '.join(map(words.escape, article.particulars))}"] if article.particulars else []
    below += [f"-# {words.shorten_escaped(notice, _NOTICE)}" for notice in notices]
    if article.teaser:
        below.append(f"-# {labels.say('The page could not be read: this is what its feed says.')}")
    if setting.retold:
        below.append(f"-# {_retold(setting.retold, labels)}")
    above = "\n".join(part for part in (" ".join(setting.mentions), _note(setting.discussion)) if part)
    gist = _gist(summary, 1 if setting.compact else None, article.language)
    address = words.link_target(article.url)
    if address and len(address) > MAX_BUTTON_URL and len(address) <= _LONG_ADDRESS:
        below.append(f"[{labels.say('Read original')}]({address})")
    room = MAX_SHOWN - sum(words.size(text) + 1 for text in chain(head, tail, below, [gist, above]))
    facts = "" if setting.compact else _facts(summary.facts, address, labels, room)
    picture = None if setting.plain or setting.compact else _thumbnail(article.image)
    parts: list[ui.Item[ui.LayoutView]] = [
        ui.Section(*head, accessory=picture) if picture else ui.TextDisplay("\n".join(head))
    ]
    parts += (ui.TextDisplay(text) for text in (gist, facts, "\n".join(below)) if text)
    if buttons := _buttons(reading, address, setting):
        parts.append(ui.ActionRow(*buttons))
    if tail:
        parts.append(ui.TextDisplay("\n".join(tail)))
    if setting.plain:
        return finished(*([ui.TextDisplay(above)] if above else []), *parts)
    card: ui.Container[ui.LayoutView] = ui.Container(*parts)
    return finished(ui.TextDisplay(above), card) if above else finished(card)


def draw_waiting(url: str, article: Article | None, labels: Labels) -> ui.LayoutView:
    """What stands in the card's place while a slow page is read, or its summary is written."""
    reading = f"-# {labels.say('Reading …')}"
    if article is not None:
        return finished(
            ui.Container(ui.TextDisplay(f"{heading(article)}\n{_meta(article, labels)}\n{reading}"))
        )
    name = words.shorten_escaped(words.host(url), _TITLE)
    target = words.link_target(url)
    title = f"[{name}]({target})" if target and len(target) <= MAX_BUTTON_URL else name
    return finished(ui.Container(ui.TextDisplay(f"### {title}\n{reading}")))


def draw_line(text: str) -> ui.LayoutView:
    """A small line in the bot's own words."""
    return finished(ui.TextDisplay(f"-# {text}"))


def draw_text(text: str) -> ui.LayoutView:
    """A text in the bot's own words, cut with “…” where it is too long for a message."""
    kept: list[str] = []
    room = MAX_SHOWN - len(words.ELLIPSIS)
    for line in text.splitlines():
        room -= words.size(line) + 1
        if room < 0:
            kept.append(words.ELLIPSIS)
            break
        kept.append(line)
    return finished(ui.TextDisplay("\n".join(kept) or "—"))


def draw_revived(sharer_id: int, labels: Labels) -> ui.LayoutView:
    """The line with which a thread opens again."""
    return draw_line(labels.say("Shared again by {who}", who=f"<@{sharer_id}>"))


def draw_earlier(discussion: Discussion, here: int, labels: Labels) -> ui.LayoutView:
    """The line that stands in place of a second card; *here* is the channel it is shown in."""
    when, who = stamp(discussion.shared_at, "R"), f"<@{discussion.sharer_id}>"
    where = f"<#{discussion.channel_id}>"
    if discussion.channel_id == here and discussion.sharer_id:
        text = labels.say("Shared here {when} by {who}", when=when, who=who)
    elif discussion.channel_id == here:
        text = labels.say("Posted here {when}", when=when)
    elif discussion.sharer_id:
        text = labels.say("Shared in {where} {when} by {who}", where=where, when=when, who=who)
    else:
        text = labels.say("Posted in {where} {when}", where=where, when=when)
    parts = [text]
    if discussion.comments:
        parts.append(comment_count(discussion.comments, labels))
    parts.append(f"[{labels.say('jump')}]({jump_address(discussion)})")
    button: ui.Button[ui.LayoutView] = ui.Button(
        label=labels.say("Post anyway"),
        custom_id=custom_id(Press.ANEW, discussion.article_id),
        style=discord.ButtonStyle.secondary,
    )
    return finished(ui.TextDisplay(f"-# {' · '.join(parts)}"), ui.ActionRow(button))


def thread_name(article: Article) -> str:
    """The headline, as a thread may be called."""
    name = words.shorten(article.title, MAX_THREAD_NAME)
    return name or words.shorten(words.host(article.url), MAX_THREAD_NAME) or "—"


def stamp(when: datetime, style: str) -> str:
    """A time that every reader sees in the own zone; D is a day, R the distance from now."""
    return f"<t:{int(when.timestamp())}:{style}>"


def comment_count(number: int, labels: Labels) -> str:
    """How many comments there are."""
    return labels.plural("{n} comment", "{n} comments", number)


def jump_address(discussion: Discussion) -> str:
    """Where a discussion is read: its thread, else its card."""
    if discussion.thread_id:
        return f"https://discord.com/channels/{discussion.guild_id or '@me'}/{discussion.thread_id}"
    return (
        f"https://discord.com/channels/{discussion.guild_id or '@me'}"
        f"/{discussion.channel_id}/{discussion.message_id}"
    )


def finished(*items: ui.Item[ui.LayoutView]) -> ui.LayoutView:
    """A view of these items."""
    view = ui.LayoutView(timeout=None)
    for item in items:
        view.add_item(item)
    # A drawing: presses are answered by the dynamic items of cogs/ui/desk.py, so none need be kept in memory.
    view.stop()
    return view


def heading(article: Article) -> str:
    """The title, a link where it fits."""
    title = words.shorten_escaped(article.title or words.host(article.url), _TITLE) or "—"
    target = words.link_target(article.url)
    return f"### [{title}]({target})" if target and len(target) <= MAX_BUTTON_URL else f"### {title}"


def _meta(article: Article, labels: Labels) -> str:
    parts = [
        words.shorten_escaped(article.site_name or words.host(article.url), _NAME),
        _authors(article, labels),
        _date(article, labels),
    ]
    if article.updated:
        parts.append(labels.say("updated {when}", when=stamp(article.updated, "D")))
    if article.minutes:
        parts.append(labels.plural("{n} min read", "{n} min read", article.minutes))
    if article.language and article.language != labels.language:
        language = words.escape(labels.language_name(article.language[:3]))
        parts.append(labels.say("in {language}", language=language))
    return f"-# {' · '.join(part for part in parts if part)}"


def _authors(article: Article, labels: Labels) -> str:
    names = article.authors or article.organisations
    if not names:
        return labels.say("author not given")
    shown = ", ".join(words.shorten_escaped(name, _NAME) for name in names[:_NAMES])
    more = len(names) - _NAMES
    return (
        shown
        if more <= 0
        else labels.plural("{names} and {n} more", "{names} and {n} more", more, names=shown)
    )


def _date(article: Article, labels: Labels) -> str:
    published = article.published
    if published is None:
        return labels.say("date unknown")
    when = labels.day(published.date()) if article.published_day_only else stamp(published, "D")
    return labels.say("probably {when}", when=when) if article.published_uncertain else when


def _gist(summary: Summary, most: int | None, language: str | None) -> str:
    kept: list[str] = []
    room = _GIST
    for sentence in summary.sentences[:most]:
        text = words.shorten_escaped(sentence.text, room)
        kept.append(text)
        room -= words.size(text) + 1
        if room < 80:
            break
    return words.gap(language).join(text for text in kept if text)


def _facts(facts: Sequence[Fact], address: str | None, labels: Labels, room: int) -> str:
    """The list of facts; where it grows too long, first the links go, then the facts."""
    title = f"**{_title_of(facts, labels)}**"
    texts = [(words.shorten_escaped(fact.text, _FACT), fact.fragment) for fact in facts]
    plain = [f"- {text}" for text, _ in texts if text]
    while plain and _lines_size([title, *plain]) > room:
        plain.pop()
        texts.pop()
    lines = [title, *plain]
    for index, (text, fragment) in enumerate((text for text in texts if text[0]), start=1):
        target = words.link_target(f"{address}{fragment}") if address and fragment else None
        linked = [*lines[:index], f"- [{text}]({target})", *lines[index + 1 :]]
        if target and _lines_size(linked) <= room:
            lines = linked
    return "\n".join(lines) if plain else ""


def _title_of(facts: Sequence[Fact], labels: Labels) -> str:
    kind = facts[0].kind if facts else None
    if kind is FactKind.QUESTION:
        return labels.say("Questions asked")
    return labels.say("In the list") if kind is FactKind.ITEM else labels.say("Key facts")


def _lines_size(lines: Iterable[str]) -> int:
    return sum(words.size(line) + 1 for line in lines)


def _note(discussion: Discussion | None) -> str:
    """What the sharer had to say, quoted."""
    note = words.shorten_escaped(discussion.note, _NOTE) if discussion and discussion.note else ""
    return f"> {note}\n> — <@{discussion.sharer_id}>" if discussion and note else ""


def _footers(reading: Reading, setting: Setting) -> Iterable[str]:
    labels, discussion, summary = setting.labels, setting.discussion, reading.summary
    parts: list[str] = []
    if discussion and discussion.sharer_id is not None:
        parts.append(labels.say("shared by {who}", who=f"<@{discussion.sharer_id}>"))
    if summary.sentences or summary.facts:
        if summary.model:
            model = words.shorten_escaped(summary.model, _NAME)
            parts.append(
                labels.say("translated by the language model {model}", model=model)
                if summary.translated
                else labels.say("written by the language model {model}", model=model)
            )
        else:
            parts.append(labels.say("sentences are quoted from the article"))
    if topics := setting.topics or reading.article.tags:
        names = ", ".join(words.shorten_escaped(name, _NAME) for name in topics[:_NAMES])
        parts.append(labels.say("topics: {names}", names=names))
    if discussion and discussion.comments:
        parts.append(comment_count(discussion.comments, labels))
    return [" · ".join(parts)] if parts else []


def _retold(readings: Sequence[Reading], labels: Labels) -> str:
    """Where else the story is told, each with a link."""
    shown: list[str] = []
    for reading in readings[:_NAMES]:
        article = reading.article
        name = words.shorten_escaped(article.site_name or words.host(article.url), _NAME)
        target = words.link_target(article.url)
        shown.append(f"[{name}]({target})" if target and len(target) <= MAX_BUTTON_URL // 2 else name)
    return labels.say("also covered by {sites}", sites=", ".join(shown))


def _thumbnail(image: Image | None) -> ui.Thumbnail[ui.LayoutView] | None:
    target = words.link_target(image.url) if image else None
    if not image or not target or len(target) > _LONG_ADDRESS:
        return None
    caption = words.clean(image.caption or image.alt or "")
    credit = words.clean(image.credit or "")
    if credit and credit not in caption:
        caption = f"{caption} ({credit})" if caption else credit
    return ui.Thumbnail(target, description=words.shorten(caption, MAX_ALT) or None)


def _buttons(reading: Reading, address: str | None, setting: Setting) -> list[ui.Button[ui.LayoutView]]:
    labels, discussion = setting.labels, setting.discussion
    buttons: list[ui.Button[ui.LayoutView]] = []
    if address and len(address) <= MAX_BUTTON_URL:
        buttons.append(ui.Button(label=labels.say("Read original"), url=address))
    if discussion and setting.threads:
        opened = setting.thread_at_once or discussion.thread_id is not None
        buttons.append(
            ui.Button(
                label=labels.say("Jump to discussion") if opened else labels.say("Discuss"),
                custom_id=custom_id(Press.DISCUSS, discussion.id),
                style=discord.ButtonStyle.primary,
            )
        )
    if reading.article.blocks:
        buttons.append(ui.Button(label=labels.say("Full text"), custom_id=custom_id(Press.TEXT, reading.id)))
    if discussion and discussion.guild_id:
        follow = custom_id(Press.FOLLOW, reading.id)
        buttons.append(ui.Button(label=labels.say("Follow topic"), custom_id=follow))
    if discussion:
        buttons.append(ui.Button(label=labels.say("More"), custom_id=custom_id(Press.MORE, discussion.id)))
    return buttons
