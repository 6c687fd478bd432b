"""What a sentence's middle leaves open, by the grammar of each language."""

import pytest

from bot.summary import summarise
from bot.summary.leaning import has_unbound, is_reported, lacks_verb
from bot.summary.lexicon import lexicon
from bot.summary.passages import Stems, passages

LEANING = [
    # A pronoun in the first clause, which names nothing that it could mean.
    ("de", "Im Schlussquartal war sie um 4 Prozent gewachsen."),
    ("de", "Die Zeitung aus Birkenau nannte ihn im Mai 2023 einen Helden."),
    ("de", "Am Montag, dem 4. Mai, kaufte er eine Fähre in Birkenau."),
    ("de", "Karl Amsel, Ilse Brandt und Jonas Weber haben ihnen 40 Boote geschenkt."),
    ("de", "Der Rat von Birkenau stimmte am Montag mit 40 Stimmen dafür."),
    ("de", "Ilse Brandt lebt dort seit 1974 mit 12 Katzen."),
    ("de", "In Birkenau lässt sich das gut beobachten, meint Karl Amsel."),
    ("de", "Der Rat von Birkenau hat deshalb 40 Boote verkauft."),
    ("fr", "En février, elle prévoyait 4 millions d'euros pour Valcourt."),
    ("fr", "Le conseil de Valcourt a donc vendu 4 bacs en mai."),
    ("es", "En Valcorta, ellos compraron 40 barcos en mayo."),
    ("it", "A Valcorta lei ha comprato 40 barche nel 2019."),
    ("pt", "Em Valcorta, ela comprou 40 barcos em maio."),
    ("nl", "In mei kocht ze in Valkoort 40 boten."),
    # A noun that is pointed to and stands nowhere.
    ("de", "In Birkenau kosten diese Boote 400 Euro."),
    ("de", "Meist liegt diese bei 400 Euro im Monat."),
    ("fr", "La ville de Valcourt a vendu ces bateaux pour 400 euros."),
    ("es", "La ciudad de Valcorta vendió dichos barcos por 400 euros."),
    ("it", "La città di Valcorta ha venduto queste barche per 400 euro."),
    ("pt", "A cidade de Valcorta vendeu esses barcos por 400 euros."),
    ("nl", "De stad Valkoort verkocht deze boten voor 400 euro."),
    # A verb without a subject goes on with the one before.
    ("es", "Vendió 40 barcos en Valcorta por 400 euros."),
    ("es", "Es una ciudad de 40 mil habitantes."),
    ("it", "Venderà 40 barche a Valcorta per 400 euro."),
    ("pt", "Vendeu 40 barcos em Valcorta por 400 euros."),
    # A noun that the sentence before has named, unless what follows tells which.
    ("de", "Die Regelung wirkt seit dem 4. Mai in Birkenau."),
    ("fr", "La décision a été prise à Valcourt en mai 2023."),
    ("es", "La propuesta fue aprobada en Valcorta en mayo."),
    ("it", "La proposta è stata approvata a Valcorta in maggio."),
    ("pt", "A proposta foi aprovada em Valcorta em maio."),
    ("nl", "Het voorstel werd in mei in Valkoort aangenomen."),
    # An opening that goes on.
    ("de", "Zwar fahren in Birkenau noch 40 Boote."),
    ("de", "Bei dem Boot handelt es sich um eine Fähre aus Birkenau."),
    ("de", "So fahren in Birkenau heute 40 Boote."),
    ("fr", "Condamné à 4 mois de prison à Valcourt, il a fait appel."),
    ("fr", "Les photographes de Valcourt l'ont vu le 4 mai."),
    ("es", "Agregando que la ciudad de Valcorta venderá 40 barcos."),
    ("ja", "たとえば芦辺市は四十隻の船を売った。"),
    ("zh", "后来芦边市卖了四十艘船给邻近的北野市。"),
    # No verb, or none but in a clause that tells of a noun.
    ("de", "So etwa 2019 in Birkenau bei den Vereinen am Hafen."),
    ("de", "Jeden Morgen ab 7 Uhr mit unseren neuen Redakteuren."),
    ("de", "Eine Fähre, die im Mai 40 Boote zog."),
    ("de", "Warum man aus Birkenau nach Norden gezogen ist."),
    ("fr", "Une demande que le maire de Valcourt avait déjà formulée."),
    ("es", "Una decisión que tomó el consejo de Valcorta en mayo."),
    ("es", "En algunos barcos con 40 personas y en otros con dudas."),
    # What somebody says who is named in the sentence before.
    ("de", "Das Boot aus Birkenau sei „alles andere als fertig“."),
    ("de", "Für 40 Boote gebe es im Hafen keinen Platz."),
    ("de", "Die Stadt wolle die Boote verkaufen und so 400 Euro verdienen."),
]
STANDING = [
    ("de", "Ilse Brandt sagte am Montag, sie habe 40 Boote verkauft."),
    ("de", "Als Karl Amsel nach Birkenau kam, kaufte er 40 Boote."),
    ("de", "Weil sie krank ist, sagt Ilse Brandt die Reise nach Norden ab."),
    ("de", "Die Stadt Birkenau setzt sich dafür ein, dass 40 Boote fahren."),
    ("de", "Die Stadt Birkenau kaufte 40 Boote und bezahlte dafür 400 Euro."),
    ("de", "Seit Jahren bieten Sie in Birkenau 40 Boote an."),
    ("de", "Im Mai schloss die Stadt Birkenau das über 40 Jahre alte Bad."),
    ("de", "In diesem Jahr verkauft die Stadt Birkenau 40 Boote."),
    ("de", "Die Stadt Birkenau kaufte 40 Boote und gab diese Boote Vereinen."),
    ("de", "Das Boot sei alt, sagte Ilse Brandt am Montag in Birkenau."),
    ("de", "Das Boot sei alt, so die Sprecherin der Stadt Birkenau."),
    ("de", "Ilse Brandt ist sicher, dass das Boot 400 Euro wert sei."),
    ("de", "Heute liegen 40 neue Boote im Hafen von Birkenau."),
    ("de", "Wenn Karl Amsel kommt, fahren 40 Boote."),
    ("de", "Boote vom Amt, der Stadt und dem Hafen haben 40 Plätze."),
    ("fr", "En mai, il y avait 40 bateaux à Valcourt."),
    ("fr", "La maire Anne Brandt dit qu'elle a vendu 40 bateaux."),
    ("fr", "La ville de Valcourt vend 40 bateaux cette semaine."),
    ("fr", "La maire Anne Brandt a vu Jean Morel pour lui donner 40 bateaux."),
    ("fr", "Une femme qui vit à Valcourt a vendu 40 bateaux."),
    ("es", "Murieron 40 personas en Valcorta en mayo de 2023."),
    ("es", "Una mujer que vive en Valcorta vendió 40 barcos."),
    ("es", "La ciudad de Valcorta vende 40 barcos este lunes."),
    ("it", "La città di Valcorta vende 40 barche quest'anno."),
    ("pt", "A cidade de Valcorta vende 40 barcos nesta semana."),
    ("nl", "De stad Valkoort verkoopt dit jaar 40 boten."),
    ("de", "Die Regelung der Stadt Birkenau wirkt seit dem 4. Mai."),
    ("de", "Zwar fahren in Birkenau 40 Boote, aber keines am Abend."),
    ("de", "So viele Boote wie im Mai 2023 hatte Birkenau nie."),
    ("fr", "La décision du conseil de Valcourt a été prise en mai 2023."),
    ("es", "La propuesta de Ana Brandt fue aprobada en Valcorta."),
    ("es", "Ganó Ana Brandt con 40 votos en Valcorta."),
    ("it", "La proposta di Anna Brandt è stata approvata a Valcorta."),
    ("pt", "A proposta de Ana Brandt foi aprovada em Valcorta."),
    ("nl", "Het voorstel van Anna Brandt werd in mei aangenomen."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence"), LEANING)
def test_what_needs_the_sentence_before_leans(language: str, sentence: str) -> None:
    words = lexicon(language)

    assert passages(sentence, words, Stems(words))[0].leans


@pytest.mark.parametrize(("language", "sentence"), STANDING)
def test_what_names_its_things_stands(language: str, sentence: str) -> None:
    words = lexicon(language)

    assert not passages(sentence, words, Stems(words))[0].leans


@pytest.mark.parametrize(
    ("statement", "unbound", "reported", "verbless"),
    [
        ("Im Mai kaufte sie 40 Boote.", True, False, False),
        ("Das Boot sei 400 Euro wert.", False, True, False),
        ("Viele neue Boote aus Birkenau, die im Mai fahren.", False, False, True),
        ("Zu sehen sind 40 Boote, die im Mai fahren.", False, False, False),
    ],
)
def test_each_rule_judges_alone(statement: str, unbound: bool, reported: bool, verbless: bool) -> None:
    words = lexicon("de")

    assert has_unbound(statement, words) is unbound
    assert is_reported(statement, words) is reported
    assert lacks_verb(statement, words) is verbless


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Mehr über die 40 Boote lesen Sie hier: Hafen Birkenau."),
        ("de", "Wir zeigen euch hier 40 Boote aus Birkenau."),
        ("de", "Dieser Artikel erklärt, was 40 Boote kosten."),
        ("de", "Mit dem Gutscheincode Hafen kosten 40 Boote nur 4 Euro."),
        ("de", "Mit Informationen der Hafenkorrespondentin Kay Lind, AFP und Reuters."),
        ("es", "Con información de la agencia EFE sobre los barcos."),
        ("fr", "Découvrez les 40 bateaux de Valcourt dans notre dossier."),
        ("es", "Te recomendamos los 40 barcos de Valcorta."),
        ("it", "In questo articolo si parla di 40 barche di Valcorta."),
        ("pt", "Entre em contato conosco para ver os 40 barcos de Valcorta."),
        ("nl", "Lees hier meer over de 40 boten van Valkoort."),
        ("ja", "芦辺港の四十隻の船については次のとおり。"),
    ],
)
def test_calls_to_the_reader_are_on_no_card(language: str, line: str) -> None:
    words = lexicon(language)

    assert not passages(line, words, Stems(words))[0].shown


def test_soft_hyphens_hide_no_word() -> None:
    words = lexicon("de")

    passage = passages("Die­se Boo­te kos­ten in Bir­ken­au 400 Eu­ro.", words, Stems(words))[0]

    assert passage.text == "Diese Boote kosten in Birkenau 400 Euro."
    assert passage.leans


def test_soft_hyphens_alone_are_no_sentence() -> None:
    words = lexicon("de")

    found = passages("Die Boote fahren.\n\u00ad \u00ad\nDie Boote kosten 400 Euro.", words, Stems(words))

    assert [one.text for one in found] == ["Die Boote fahren.", "Die Boote kosten 400 Euro."]


def test_a_line_in_other_letters_is_on_no_card_of_a_text_without_spaces() -> None:
    words = lexicon("ja")

    assert not passages("Winners of the 40 boats, 2020.", words, Stems(words))[0].shown


def test_many_letters_without_a_space_are_no_list_of_names() -> None:
    words = lexicon("ja")
    line = "芦辺市は市民プールを閉鎖すると市議会が決定し修理には費用がかかる見通しだと建築家は述べた;"

    assert passages(line, words, Stems(words))[0].shown


def test_a_joint_is_not_left_out_before_what_leans_by_itself() -> None:
    story = [
        "Die Stadt Birkenau schließt ihr Bad am 4. Mai, das hat der Rat am Montag beschlossen.",
        *(
            f"Der Hafen von Birkenau hat den Kai Nummer {n} und einen Schuppen für Netze."
            for n in range(3, 15)
        ),
        "Aber im Mai 2026 fährt sie wieder mit 40 Gästen.",
        "Und hat im Mai 2026 einen neuen Motor für 400 Euro.",
    ]

    facts = summarise("", "\n".join(story), language="de", max_facts=20).facts

    assert not [fact.text for fact in facts if "fährt sie" in fact.text or "hat im Mai" in fact.text]
