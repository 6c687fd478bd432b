"""Everything that can go wrong, as one tree; str(error) is fit to be shown in a channel.

ThreadlineError
├── LinkError                     no usable link where one was needed
├── UrlError                      about one page; names its host, never its full address
│   ├── FetchError                the page could not be fetched
│   │   ├── BlockedAddressError   the address is not on the public web, or the owner blocks it
│   │   ├── ResolveError          the host name does not exist
│   │   ├── UnreachableError      no connection, or it broke
│   │   ├── FetchTimeoutError     too slow
│   │   ├── TooLargeError         more bytes than we read
│   │   ├── RedirectError         too many hops, or one that leads nowhere
│   │   ├── ContentTypeError      neither HTML nor PDF
│   │   ├── EncodingError         broken or unknown compression or charset
│   │   ├── RobotsError           the site asks robots to stay away
│   │   └── StatusError           any other HTTP status than success
│   │       ├── GoneError         404 and 410
│   │       ├── RefusedError      401, 403, 429 and 451
│   │       └── ServerError       5xx
│   ├── ReadError                 the page was fetched, but holds no article we can show
│   │   ├── EmptyPageError
│   │   ├── NotArticleError
│   │   ├── PaywallError
│   │   ├── ConsentWallError
│   │   ├── JavaScriptOnlyError
│   │   ├── HostileDocumentError  made to exhaust a parser
│   │   ├── PdfError              a PDF that is damaged, encrypted or without text
│   │   ├── PdfExtraError         a PDF, but pypdf is not installed
│   │   └── ExtractionKilledError the extraction child overstepped time or memory
│   ├── SiteBlockedError          the server's moderators do not want this site read
│   └── FeedError                 no feed, or one that cannot be parsed
├── QueryError                    a topic query that does not parse
├── OpmlError                     a file that is no list of feeds
├── UnknownSubscriptionError      no feed or topic of that name, or none that will do
├── TopicCrowdedError             a topic that mentions as many members as it may
├── TooFewRatingsError            a topic that cannot learn yet
├── LearnExtraError               scikit-learn is not installed
├── ZoneError                     a name that is no time zone
├── SettingsError                 a setting that is unknown or wrong
├── StoreError                    the database cannot be used
│   └── SchemaTooNewError         written by a newer version
├── CardGoneError                 a button of a card that is not kept any more
├── ArticleGoneError              an article that is not kept any more
├── NoModelError                  the owner set no language model
├── NoDiscussionError             a command about a discussion, given elsewhere
├── NotOptedInError               a channel where nothing may be posted
├── TokenRefusedError             Discord does not take the bot's token any more
└── PostError                     Discord did not take a message
    ├── MissingPermissionError
    ├── TooManyThreadsError
    ├── MessageGoneError
    └── ChannelGoneError
"""

from __future__ import annotations

from urllib.parse import urlsplit


class ThreadlineError(Exception):
    """Root of every error the bot raises on purpose."""


class LinkError(ThreadlineError):
    """No usable link where one was needed."""

    def __init__(self, why: str = "There is no web link in that.") -> None:
        super().__init__(why)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "that address"
    except ValueError:
        return "that address"


class UrlError(ThreadlineError):
    """An error about one page; the sentence names its host, never its full address."""

    sentence = "{host} could not be read."

    def __init__(self, url: str, why: str = "") -> None:
        self.url = url
        self.why = why  #: for the log
        super().__init__(self.sentence.format(host=_host(url), why=why))

    def __reduce__(self) -> tuple[object, ...]:
        # Raised in the extraction child and unpickled in the parent.
        return type(self), (self.url, self.why)


class FetchError(UrlError):
    """The page could not be fetched."""

    sentence = "{host} could not be fetched."


class BlockedAddressError(FetchError):
    """The address is not on the public web, or the owner blocks it."""

    sentence = "{host} is not an address I may open."


class ResolveError(FetchError):
    """The host name does not exist."""

    sentence = "There is no site called {host}."


class UnreachableError(FetchError):
    """No connection, or it broke."""

    sentence = "{host} could not be reached."


class FetchTimeoutError(FetchError):
    """Connection or body took too long."""

    sentence = "{host} took too long to answer."


class TooLargeError(FetchError):
    """More bytes than we read."""

    sentence = "The page at {host} is too large to read."


class RedirectError(FetchError):
    """Too many hops, or one that leads nowhere."""

    sentence = "{host} keeps redirecting."


class ContentTypeError(FetchError):
    """Neither HTML nor PDF; *why* is the content type."""

    sentence = "That link on {host} is not a web page."


class EncodingError(FetchError):
    """Broken or unknown compression or charset."""

    sentence = "{host} sent a page that cannot be decoded."


class RobotsError(FetchError):
    """The site asks robots to stay away."""

    sentence = "{host} asks robots not to read this."


class StatusError(FetchError):
    """An HTTP status that is not success."""

    sentence = "{host} answered with an error."

    def __init__(self, url: str, status: int, retry_after: int | None = None) -> None:
        self.status = status
        self.retry_after = retry_after  #: seconds
        super().__init__(url, str(status))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.url, self.status, self.retry_after)


class GoneError(StatusError):
    """404 and 410."""

    sentence = "{host} says this page does not exist ({why})."


class RefusedError(StatusError):
    """401, 403, 429 and 451."""

    sentence = "{host} does not let me read this page ({why})."


class ServerError(StatusError):
    """5xx."""

    sentence = "{host} is having trouble ({why}); try again later."


class ReadError(UrlError):
    """The page was fetched, but holds no article we can show."""

    sentence = "No article could be read at {host}."


class EmptyPageError(ReadError):
    """Nothing on the page."""

    sentence = "The page at {host} is empty."


class NotArticleError(ReadError):
    """A shop, an index, a form: a page, but no article."""

    sentence = "The page at {host} does not look like an article."


class PaywallError(ReadError):
    """Only a teaser is shown to readers without a subscription."""

    sentence = "The article at {host} is behind a paywall: only its opening can be read."


class ConsentWallError(ReadError):
    """A consent dialogue stands where the article should be."""

    sentence = "{host} shows a consent page instead of the article."


class JavaScriptOnlyError(ReadError):
    """The page's text only exists after scripts have run."""

    sentence = "The page at {host} needs JavaScript to show its text."


class HostileDocumentError(ReadError):
    """A document made to exhaust a parser."""

    sentence = "The page at {host} is built in a way that cannot be read safely."


class PdfError(ReadError):
    """A PDF that is damaged, encrypted or without text; *why* says which."""

    sentence = "The PDF at {host} holds no text that I can read."


class PdfExtraError(ReadError):
    """A PDF, but what reads them is not installed."""

    sentence = "{host} sent a PDF; to have those read, whoever runs this bot installs threadline[pdf]."


class ExtractionKilledError(ReadError):
    """The extraction child overstepped its time or memory."""

    sentence = "The page at {host} took too much work to read."


class QueryError(ThreadlineError):
    """A topic query that does not parse; *values* fill in the fields of *sentence*."""

    def __init__(self, sentence: str, position: int, **values: str | int) -> None:
        self.sentence = sentence
        self.position = position  #: index of the offending character
        self.values = values
        super().__init__(sentence.format(**values))


class OpmlError(ThreadlineError):
    """A file that is no list of feeds."""

    def __init__(self) -> None:
        super().__init__("That file is no list of feeds (OPML) that I can read.")

    def __reduce__(self) -> tuple[object, ...]:
        # Raised in the extraction child and unpickled in the parent.
        return type(self), ()


class SiteBlockedError(UrlError):
    """The server's moderators do not want this site read."""

    sentence = "{host} is blocked on this server."


class FeedError(UrlError):
    """No feed, or one that cannot be parsed."""

    sentence = "There is no feed I can read at {host}."


class SettingsError(ThreadlineError):
    """A setting that is unknown or wrong; the text names file and line."""


class StoreError(ThreadlineError):
    """The database cannot be used."""


class SchemaTooNewError(StoreError):
    """The database was written by a newer version."""


class CardGoneError(ThreadlineError):
    """A button of a card that is not kept any more."""

    def __init__(self) -> None:
        super().__init__("I do not remember this card; paste the link again.")


class ArticleGoneError(ThreadlineError):
    """An article that is not kept any more."""

    def __init__(self) -> None:
        super().__init__("I do not have this article any more; paste the link again.")


class NoModelError(ThreadlineError):
    """The owner set no language model."""

    def __init__(self) -> None:
        super().__init__("Whoever runs this bot has set up no language model: summaries stay quoted.")


class NoDiscussionError(ThreadlineError):
    """A command about a discussion, given where there is none."""

    def __init__(self) -> None:
        super().__init__("There is no discussion of an article here; ask in its thread.")


class NotOptedInError(ThreadlineError):
    """A channel where nothing may be posted, or not for this member."""

    def __init__(self, channel_id: int) -> None:
        self.channel_id = channel_id
        super().__init__(f"I am not set up to post in <#{channel_id}>.")


class PostError(ThreadlineError):
    """Discord did not take a message."""


class MissingPermissionError(PostError):
    """The bot lacks permissions in a channel."""

    def __init__(self, channel_id: int, permissions: tuple[str, ...]) -> None:
        self.channel_id = channel_id
        self.permissions = permissions  #: as Discord's settings name them
        super().__init__(f"I need the permission “{', '.join(permissions)}” in <#{channel_id}>.")


class TooManyThreadsError(PostError):
    """The server has as many open threads as Discord allows."""

    def __init__(self) -> None:
        super().__init__("This server has as many open threads as Discord allows; close one first.")


class ChannelGoneError(PostError):
    """The channel does not exist any more."""

    def __init__(self, channel_id: int) -> None:
        self.channel_id = channel_id
        super().__init__("That channel does not exist any more.")


class MessageGoneError(PostError):
    """The message that was to be changed does not exist any more."""

    def __init__(self) -> None:
        super().__init__("That message does not exist any more.")


class TokenRefusedError(ThreadlineError):
    """Discord does not take the bot's token any more: nothing can be sent."""

    def __init__(self) -> None:
        super().__init__("Discord does not accept the token any more; set a new one and start again.")


class ZoneError(ThreadlineError):
    """A name that is no time zone."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        super().__init__("There is no time zone of that name; write one like “Europe/Berlin”.")


class UnknownSubscriptionError(ThreadlineError):
    """No feed or topic of that name, or none that will do."""

    def __init__(self) -> None:
        super().__init__("There is nothing of that name here; choose from the list that appears as you type.")


class TopicCrowdedError(ThreadlineError):
    """A topic that mentions as many members as it may."""

    def __init__(self) -> None:
        super().__init__(
            "This topic mentions as many members as it may; follow it by direct message instead."
        )


class TooFewRatingsError(ThreadlineError):
    """A topic that cannot learn yet."""

    def __init__(self) -> None:
        super().__init__(
            "It can learn from 100 rated articles on, of which 10 fit and 10 do not; "
            "members rate them with the More button of its cards."
        )


class LearnExtraError(ThreadlineError):
    """A topic is to learn, but scikit-learn is not installed."""

    def __init__(self) -> None:
        super().__init__("Whoever runs this bot has not installed what learning takes: threadline[learn].")
