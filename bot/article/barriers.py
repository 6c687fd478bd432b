"""Why a page does not show its article: paywall, consent wall, scripts, nothing there, or no article at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.article.body import Body
from bot.article.details import opening
from bot.article.document import Document
from bot.article.schema import types_of
from bot.article.walk import Walk
from bot.model import Barrier

_TEASER = 250  #: words; a longer text behind a gate is read as the article
_STUB = 60  #: words; a shorter text may be no article at all
_BRIEF = 120  #: words; a text that is declared closed and shorter is a teaser even where no gate is seen
_GATE_WITHIN = 25  #: text blocks after the article
_LINE = 400  #: characters of a gate's line
_COUNT = re.compile(r"\d{1,9}")  #: of words: other figures, and thousands of them, Python reads as no number
_LABEL = 80  #: characters of a button's words

# Patterns that few pages need are compiled when one does.
_GATE = (
    r"(?i)(?:subscribe|sign in|log in|register|create (?:a|an) (?:free )?account|become a (?:member|subscriber)"
    r"|start your (?:free )?trial)"
    r"\b.{0,60}\b(?:to (?:continue|keep|finish)|read (?:the (?:rest|full)|this|more)|unlock|full (?:article"
    r"|story|access))"
    r"|to (?:continue|keep) reading|this (?:article|story|content) is (?:for|available (?:only )?to"
    r"|reserved for|exclusive to|only for)"
    r" (?:\w+ )?(?:subscribers|members)|(?:exclusive|premium) (?:content|article)? ?for (?:subscribers"
    r"|members)|subscriber-only|members-only"
    r"|already a (?:subscriber|member)\?|unlock this article|you(?:'"
    r"|’)ve reached your (?:free )?(?:article )?limit"
    r"|weiterlesen mit|jetzt weiterlesen|um weiterzulesen|dieser (?:artikel|inhalt"
    r"|beitrag) ist (?:nur )?(?:für|exklusiv)"
    r"|nur für abonnent|sie möchten (?:den artikel )?weiterlesen|mit .{0,20}(?:abo|plus) weiterlesen"
    r"|jetzt (?:abonnieren|abo)"
    r"|(?:article )?réservé (?:à nos|aux) abonnés|la suite est réservée|pour lire la suite"
    r"|il vous reste .{0,20}à (?:lire|découvrir)"
    r"|para (?:seguir|continuar) leyendo|(?:contenido|artículo) exclusivo (?:para|de) (?:suscriptores"
    r"|socios)|solo para suscriptores"
    r"|riservato agli abbonati|per (?:continuare|proseguire) (?:a leggere|la lettura)"
    r"|(?:conteúdo )?exclusivo para assinantes"
    r"|verder lezen\?|alleen voor abonnees|för att (?:läsa vidare|fortsätta läsa)|for å lese (?:videre|saken)"
    r"|この記事は(?:有料)?会員|会員限定記事です|続きを読むには|残り\d+文字"
)
#: A quick look before: every line of a gate has one of these words, and finding none takes a twentieth of the time.
_GATE_WORDS = (
    "subscribe|sign in|log in|register|account|become a|trial|reading|this article is|this story is|this content is"
    "|subscriber|member|unlock|reached your|weiterlesen|weiterzulesen|dieser |abonn|jetzt abo|réserv|la suite"
    "|il vous reste|leyendo|exclusivo|suscriptor|riservato|legge|lettura|verder lezen|läsa|lese |会員"
    "|続きを読むには|残り"
).split("|")
_CONSENT_TITLE = (
    r"(?i)before you continue|bevor sie (?:zu|fortfahren)|avant d(?:'|’)accéder|cookie (?:consent|settings)"
    r"|your privacy|privacy (?:choices|settings)"
    r"|einwilligung|zustimmung|datenschutz-?einstellungen|consent|gestion des cookies|we value your privacy"
)
_CONSENT = (
    r"(?i)cookie|consent|personal(?:ised|ized)? (?:data|ads|information)|our partners|privacy policy"
    r"|einwilligung|zustimm|datenschutz"
    r"|werbung|partner(?:n|s)?\b|traceurs|données personnelles|privacidad"
)
_NEEDS_SCRIPT = r"(?i)javascript|java script|ジャバスクリプト"
_APP_ROOTS = frozenset(("root", "app", "__next", "__nuxt", "___gatsby", "app-root", "react-root", "main-app"))
_CART = (
    r"(?i)add to (?:cart|basket|bag)|buy now|in den (?:warenkorb|einkaufswagen)|ajouter au panier"
    r"|añadir (?:al carrito|a la cesta)"
    r"|aggiungi al carrello|adicionar ao carrinho|in winkelwagen|カートに入れる"
)
_CART_WORDS = "cart|basket|bag|buy now|warenkorb|panier|carrito|cesta|carrello|carrinho|wagen|カート".split(
    "|"
)
_OTHER_TYPES = frozenset(
    "Product ProductGroup ItemList SearchResultsPage CollectionPage ContactPage CheckoutPage ProfilePage".split()
)


def find_barrier(document: Document, walk: Walk, body: Body, words: int) -> Barrier | None:
    """Why the text read is not an article, or not all of it; None where it is. *words* counts the text's."""
    if document.binary:
        return Barrier.NOT_ARTICLE
    shown = sum(map(len, walk.texts))
    declared = bool(document.articles) or document.meta.get("og:type", ("",))[0].lower() == "article"
    if words < _STUB:
        if _is_consent(document, walk, body):
            return Barrier.CONSENT
        if words < 20 and _needs_script(document, shown):
            return Barrier.JAVASCRIPT
        if shown < 20:
            return Barrier.EMPTY
    elif words < _TEASER and _is_consent(document, walk, body):
        return Barrier.CONSENT
    if words < _TEASER and _is_gated(document, walk, body, words):
        return Barrier.PAYWALL
    return Barrier.NOT_ARTICLE if not declared and _is_other(document, body, words) else None


def _is_consent(document: Document, walk: Walk, body: Body) -> bool:
    title = document.title
    host = urlsplit(document.url).hostname or ""
    if not (host.startswith("consent.") or re.search(_CONSENT_TITLE, title)):
        texts = [block.text for block in body.blocks]
        return len(walk.texts) < 40 and len(texts) > 0 and all(re.search(_CONSENT, text) for text in texts)
    about = sum(len(text) for text in walk.texts if re.search(_CONSENT, text))
    return 2 * about > sum(map(len, walk.texts))


def _needs_script(document: Document, shown: int) -> bool:
    """Whether the page says that it needs scripts, or is an empty frame for one."""
    scripts = 0
    for element in document.root.iter_elements(("noscript", "script", "div", "app-root")):
        if element.tag == "noscript":
            if re.search(_NEEDS_SCRIPT, opening(element)):
                return True
        elif element.tag == "script":
            scripts += 1
        elif shown < 200 and (element.attr("id") in _APP_ROOTS or element.tag == "app-root"):
            return True
    return shown < 60 and scripts > 1


def _is_gated(document: Document, walk: Walk, body: Body, words: int) -> bool:
    """Whether the page declares its text closed, or shows a gate, and the text is a teaser."""
    closed = False
    for node in document.nodes:
        if str(node.get("isAccessibleForFree")).lower() == "false":
            closed = True
        count = node.get("wordCount")
        if isinstance(count, int | str) and _COUNT.fullmatch(str(count)) and 0 < int(count) <= 1.3 * words:
            return False  # all the words that the page says the article has
    if closed and words < _BRIEF:
        return True
    near = range(body.start, min(body.end + _GATE_WITHIN, len(walk.texts)))
    return any(
        len(walk.texts[i]) < _LINE
        and walk.linked[i] < 0.9 * len(walk.texts[i])
        and _has_any(_GATE_WORDS, walk.texts[i])
        and re.search(_GATE, walk.texts[i])
        for i in near
    )


def _has_any(words: Iterable[str], text: str) -> bool:
    return any(map(text.lower().__contains__, words))


def _is_other(document: Document, body: Body, words: int) -> bool:
    """Whether a page that does not call itself an article is a shop, an index, a form or a search."""
    if words < 25 or body.linked > 0.6:
        return True
    kind = document.meta.get("og:type", ("",))[0].lower()
    kinds = {kind for node in document.json_ld for kind in types_of(node)}
    if words < _TEASER and (kind.startswith("product") or kinds & _OTHER_TYPES):
        return True
    if words < _TEASER and _sells(document):
        return True
    if words < _STUB and _asks_password(document):
        return True
    return words < 2 * _STUB and body.expected_f1 < 0.5


def _sells(document: Document) -> bool:
    """Whether the page has a button that puts something into a cart."""
    for element in document.root.iter_elements(("button", "input", "a")):
        label = (element.attr("value") or "" if element.tag == "input" else opening(element))[:_LABEL]
        if _has_any(_CART_WORDS, label) and re.search(_CART, label):
            return True
    return False


def _asks_password(document: Document) -> bool:
    return any(
        (field.attr("type") or "").lower() == "password" for field in document.root.iter_elements("input")
    )
