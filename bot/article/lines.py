"""Lines that are no sentences of an article: credits, bylines, share lines, pointers, notices, tails of forms."""

from __future__ import annotations

import re

_CREDIT = re.compile(
    r"[(\[]?\s*(?:(?:photo|image|picture|photograph|video|illustration|graphic|cover|featured? image"
    r"|header image|screenshot"
    r"|foto|bild|titelbild|beitragsbild|aufmacherbild|grafik|image|crédit photo|crédits?|imagen"
    r"|fotografía|fotografia|immagine|beeld)s?"
    r"(?:\s+(?:credits?|courtesy|source|by|from|via|von|par|de|di|door|av))?\s*(?:[:/|©]|\b(?:by"
    r"|courtesy(?: of)?|von|via)\b)"
    r"|(?:credits?|bildquelle|bildnachweis|quelle|©|\(c\))\s*[:©]?\s*(?=\S)"
    r"|写真[:：]|画像[:：]|撮影[:：])",
    re.IGNORECASE,
)
_CREDIT_ALONE = re.compile(
    r"[(\[]?(?:[\w.'’ -]{2,40}\s*/\s*)?(?:getty images?|reuters|associated press|ap photo|afp|shutterstock"
    r"|istock(?:photo)?"
    r"|unsplash|pixabay|pexels|wikimedia commons|picture alliance|imago(?: images)?)"
    r"(?:\s*(?:/|via)[\w .'’/-]{0,40})?[)\]]?\.?$",
    re.IGNORECASE,
)
# Compiled when a line first stands between the headline and the text: more than half of the pages have none.
_NAME = r"(?:[A-ZÀ-ÞŁŚŽ][\w.'’-]*+|and|und|et|y|e|en|och|og|de|van|von|der|del|la|le)"
_BYLINE = (
    r"(?i:by|posted by|written by|story by|reported by|von|ein artikel von|par|por|di|door|av|af|auteur"
    r"|autor|author)"
    rf"(?:\s*:\s*|\s+){_NAME}(?:[\s,&]++{_NAME}){{0,9}}\s*+(?:[|•·–-].{{0,60}})?$"
)
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin|juil|août|déc"
    r"|ene|abr|ago|dic"
    r"|gen|mag|giu|lug|set|ott|maj)[a-zéûä]*\.?"
)
_DATELINE = (
    r"(?i)(?:(?:published|posted|updated|last (?:updated|modified)|created|date|on|veröffentlicht|aktualisiert"
    r"|stand|publié|mis à"
    r" jour|publicado|actualizado|pubblicato|gepubliceerd|publicerad)?\s*(?:on|at|am|le|el|il|op)?\s*:?\s*)?"
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-zä]*\.?,?\s+)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.|º)?\s*(?:de\s+)?{_MONTHS},?\s*(?:de\s+)?\d{{4}}"
    rf"|{_MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    r"|\d{1,2}([./-])\d{1,2}\1\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日)"
    r"(?:\s*[,|•·–-]?\s*(?:at|um|à|a las|alle|om|kl\.?)?\s*\d{1,2}[:.h時]\d{0,2}(?::\d\d)?分?"
    r"\s*(?:[ap]\.?m\.?|uhr|h)?\s*[A-Z]{0,4})?\.?$"
)
_LINE = re.compile(
    r"(?:about the author\b.{0,60}|(?:leave|post|write) a (?:reply|comment)\b.{0,60}|cancel reply"
    r"|your email address will not be published\b.*|required fields are marked\b.*|save my name, email\b.*"
    r"|notify me of (?:new|follow-?up)\b.*|this site uses akismet\b.*"
    r"|you must be logged in to post a comment\b.*"
    r"|share (?:this|on|via|to)\b(?: (?:article|story|post|page|facebook|twitter|x|linkedin|whatsapp|reddit"
    r"|email))?:?.{0,30}"
    r"|click to (?:share|email|print)\b.*|(?:tweet|pin it|print|email|share|like this:?|like|loading\.*"
    r"|copy link|facebook"
    r"|twitter|linkedin|whatsapp)(?:\s+(?:tweet|pin it|print|email|share|like|loading\.*|facebook|twitter"
    r"|linkedin|whatsapp))*"
    r"|advertisement|anzeige|werbung|publicité|publicidad|pubblicità|advertentie"
    r"|story continues below(?: advertisement)?"
    r"|article continues (?:below|after)\b.{0,40}|skip to (?:content|main)\b.*"
    r"|kommentar(?:e)? (?:schreiben|verfassen|hinterlassen)|laisser un commentaire|deja (?:un comentario"
    r"|una respuesta)"
    r"|lascia un commento|deixe um comentário|コメントを残す|シェアする|ツイート"
    r"|(?:you (?:may|might) also (?:like|enjoy)|(?:das|dies(?:es thema)?|das thema)"
    r" (?:könnte|dürfte) (?:sie|dich|euch|ihnen|dir) auch (?:interessieren|gefallen)|schon gelesen"
    r"|mehr (?:themen|artikel)|meist-?gelesen|meist-?diskutiert"
    r"|(?:cela|ceci|ça) peut vous intéresser|vous aimerez aussi|(?:también )?(?:te|le|les) puede interesar"
    r"|lo más leído|potrebbe interessarti(?: anche)?|você pode gostar(?: também)?|meest gelezen"
    r"|dit vind je misschien ook leuk)[\s:.!?…]*"
    r"|(?:auch interessant|(?:learn|read|find out|see) more|view all|(?:book|buy|shop) now|get (?:a quote|started)"
    r"|table of contents|inhaltsverzeichnis|mehr erfahren|weiterlesen|jetzt (?:kaufen|bestellen|buchen|lesen)"
    r"|en savoir plus|lire la suite|más información|leer más|scopri di più|leggi tutto|lees meer)[\s:.!»›>…]*"
    r"|(?:got|have|do you have) a (?:story|news tip|tip)\b.{0,30}\?.*"
    r"|get in touch with our (?:news|web) ?(?:team|desk)\b.*|for more (?:stories|news|videos) like this\b.*"
    r"|(?:please )?(?:sign up|subscribe) (?:for|to) our\b.*newsletters?\b.*"
    r"|for the latest\b.*\b(?:sign up|subscribe|newsletters?|follow us)\b.*"
    r"|this (?:article|post|page|story|site) (?:may )?contains? affiliate links\b.*"
    r"|follow (?:us|the [\w ]{2,30}|(?-i:[A-Z])[\w.&]*(?: [\w.&]+){0,2}) on (?:twitter|facebook|instagram|x"
    r"|whatsapp|telegram|tiktok)\b.*"
    r"|pictured(?:,| (?:from|right|left|above|below|at the|is|are|with|here))\b.*"
    r"|\(?(?:noch keine bewertungen|no ratings yet)\b.{0,30}|(?:e-?mail|name) \((?:required|wird benötigt).{0,60})",
    re.IGNORECASE,
)
#: Before a colon; the first group is sure whether the line is a link or not.
_POINTER = re.compile(
    r"(?:(read (?:more|next|also)|also read|see also|lesen sie (?:auch|mehr)|mehr zum thema"
    r"|auch interessant|à lire aussi"
    r"|lire aussi|lea también|lee también|te puede interesar|leggi anche|leia também|lees ook|läs också"
    r"|läs mer|les også|læs også"
    r"|関連記事|siehe auch|schon gelesen|(?:te|le|les) puede interesar|también puedes? leer|ver también"
    r"|potrebbe interessarti|veja também|czytaj (?:też|także|więcej)|zobacz (?:też|także)|читайте также)"
    r"|(?:read|see|watch|listen)(?: (?:on|to))?|more|related(?: articles?| stories)?|recommended"
    r"|don['’]?t miss"
    r"|mehr dazu|lesetipp|leia mais|le[ae](?: más)?|mir[ae]|saiba mais|guarda anche|bekijk ook)\s*[?!]?\s*[:：»>|–-]",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"[*_(\[【]?\s*(?:(?:this (?:article|story|post|piece) (?:was|has been) (?:updated|corrected|amended))\b"
    r"|(?:updated?|corrections?|clarifications?|editor[’']?s[’']? note|note to readers"
    r"|correction and clarification"
    r"|aktualisiert(?:e fassung)?|aktualisierung|korrektur|berichtigung|richtigstellung"
    r"|anmerkung der redaktion|hinweis der redaktion"
    r"|mise à jour|correction|rectificatif|précision|note de la rédaction|actualización|corrección"
    r"|fe de errores|nota del editor"
    r"|nota de la redacción|aggiornamento|rettifica|errata corrige|nota della redazione|atualização"
    r"|correção|nota da redação"
    r"|correctie|rectificatie|naschrift|uppdatering|rättelse|rettelse|opdatering|oppdatering|aktualizacja"
    r"|sprostowanie)"
    r"(?:\s*[(\[][^)\]]{1,60}[)\]]|\s+(?:\d|at\b|on\b|um\b|vom\b|am\b|le\b|del?\b|"
    + _MONTHS
    + r")[^:：]{0,50})?\s*[:：—]"
    r"|(?:追記|訂正|更新|お詫びと訂正|编者注|更正)\s*[】:：(（])",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:about the authors?|about the writer|author bio|über (?:den autor|die autorin|die autoren)"
    r"|zur person des autors"
    r"|à propos de l[’']auteur|sobre (?:el autor|la autora|o autor|a autora)|l[’']autore|over de auteur)\b\s*:?",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"(?:leave|post|write) a (?:reply|comment)\b|your email address will not be published"
    r"|kommentar (?:schreiben|verfassen|hinterlassen)"
    r"|laisser un commentaire|deja (?:un comentario|una respuesta)|lascia un commento"
    r"|deixe um comentário|コメントを残す",
    re.IGNORECASE,
)
_SHORT = 200  #: characters; no longer line is taken for a credit, byline or share line
_NOTICE_LENGTH = 400
#: A quick look before the patterns, which most lines of an article fail: the marks with which one may begin, and the
#: first three letters. What begins in other letters than ASCII's is looked at.
_MARKS = frozenset("([*_【©")
_STARTS = frozenset(
    """
    abo act adv afp agg akt als anm anz art ass atu auc auf aut bee bei bek ber bil boo buy can cec cel cla cli
    cop cor cov cre czy das dei dej die dit don e-m edi ema err fac fea fin fol for fot get got gra gua hav hea
    hin ill ima imm inh ist jet kom kor l'a lai las lea lee leg lei les lik lin lir lis loa mee meh mei mir mis
    mor nam nas noc not opd opp ove pex pho pic pin pix ple pos pot pri pub que rea rec rel req ret reu ric sai
    sav sch sco scr see sha sho shu sie sig ski sob spr sto sub tab tam thi tit twe twi uns upd upp vej ver vid
    vie voc vou wat wei wer wha wik wri you zob zur
    """.split()
) | {"ap ", "do ", "en ", "fe ", "le ", "lo ", "no ", "te "}
_CREDITED = 45  #: characters within which a name that an agency follows ends


def is_telling(text: str) -> bool:
    """Whether a line begins as those do that `is_junk`, `is_pointer`, `is_notice` and the openings of tails tell.

    >>> is_telling("Photo: Ada Fielding"), is_telling("The ferry left at dawn.")
    (True, False)
    """
    first = text[:1]
    if first.isalpha():
        start = text[:3]
        begins = start.lower() in _STARTS or not start.isascii()
    else:
        begins = first in _MARKS
    return begins or "/" in text[:_CREDITED]


def is_junk(text: str) -> bool:
    """Whether a line is a credit, a share bar or a form label: never a sentence of the article.

    >>> is_junk("(Photo by Ada Fielding / Harbour Wire)"), is_junk("Click to share on Twitter (Opens in new window)")
    (True, True)
    >>> is_junk("Photos by the hundred lay on the floor.")
    False
    """
    return len(text) <= _SHORT and (is_credit(text) or _LINE.fullmatch(text) is not None)


def is_head_line(text: str) -> bool:
    """Whether a line above or below an article says only who wrote it or when.

    >>> is_head_line("By Ada Fielding and Jo Marsh"), is_head_line("March 3, 2024 at 10:15 am")
    (True, True)
    >>> is_head_line("By Tuesday the water had gone down."), is_head_line("7.4/10")
    (False, False)
    """
    return len(text) <= _SHORT and bool(re.match(_BYLINE, text) or re.match(_DATELINE, text))


def is_credit(text: str) -> bool:
    """Whether a line says only who made a picture."""
    if len(text) > _SHORT:
        return False
    return bool((_CREDIT.match(text) and not _is_sentence(text)) or _CREDIT_ALONE.match(text))


def _is_sentence(text: str) -> bool:
    """Whether a line that opens like a credit goes on like prose."""
    return len(text.split()) > 6 and text.endswith((".", "!", "?", "”", '"')) and ":" not in text[:40]


def is_pointer(text: str, linked: float) -> bool:
    """Whether a line sends the reader to another article; *linked* is its share of link text."""
    found = _POINTER.match(text) if len(text) <= _SHORT else None
    return found is not None and (found[1] is not None or linked > 0.4)


def is_notice(text: str) -> bool:
    """Whether a line says that the article was updated or corrected.

    >>> is_notice("Update (3 p.m.): The ferry runs again."), is_notice("Correction: It was Monday.")
    (True, True)
    >>> is_notice("Updates came.")
    False
    """
    return len(text) <= _NOTICE_LENGTH and _NOTICE.match(text) is not None


def opens_author_box(text: str) -> bool:
    """Whether a line heads what a site says about the writer."""
    return len(text) < 80 and _ABOUT.match(text) is not None


def opens_comment_form(text: str) -> bool:
    """Whether a line heads the form under an article."""
    return len(text) < 120 and _FORM.match(text) is not None
