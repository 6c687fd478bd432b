"""No fact leans on a sentence that the card does not show, in four languages."""

import pytest

from bot.model import FactKind
from bot.summary import summarise
from bot.summary.lexicon import lexicon
from bot.summary.passages import Stems, passages
from bot.summary.standing import is_unintroduced, points_back, speaks_of_elsewhere

LEANING = [
    ("en", "The largest of them, worth $18.5 million, was signed in January and runs for three years."),
    ("en", "In it, a sales director of Northline wrote that 40 clients had been told."),
    ("en", "With that, Northline closes 4 of its 9 ferry lines in Ashford."),
    ("en", "Because of this, Northline closed 4 of its 9 ferry lines in Ashford."),
    ("en", "Among them are 12 children from Ashford and a teacher from Millbrook."),
    ("en", "In that case, Northline would have to pay 4 million euros to Ashford."),
    ("en", "Both were built in Ashford by the engineer Karl Amsel in 1974."),
    ("en", "The former cost 4 million euros and was paid for by Northline."),
    ("en", "Most of these were bought in Ashford in May 2023 for 400 euros each."),
    ("en", "The others were sold to Northline in May for 4 million euros."),
    ("en", "Nine of the eleven were found in Ashford in the spring of 2023."),
    ("en", "In 2017 a single family of them ate number 340, a red spring wheat."),
    ("en", "Last year they spent £11,400 on glass, cork and a new roof."),
    ("en", "On Monday she signed a contract with Northline worth 4 million euros."),
    ("en", "Some were sold in Ashford in May 2023 for 400 euros each."),
    ("en", "Karl Amsel bought them in 2005 from a museum in Ashford."),
    ("en", "Soon after, Northline changed the fine to 4,000 euros."),
    ("de", "Davon wurden im Mai 2023 in Birkenau 310 verkauft."),
    ("de", "Den will der Rat von Birkenau im Mai mit 40 Stimmen beschließen."),
    ("de", "Darunter sind 12 Kinder aus Birkenau und ein Lehrer aus Nordhafen."),
    ("de", "Darin schrieb Karl Amsel im Mai, dass 40 Kunden gewarnt worden seien."),
    ("de", "Damit schließt die Nordlinie 4 ihrer 9 Fährlinien in Birkenau."),
    ("de", "Das teilte die Genossenschaft Schlafwagen Nord am Freitag mit."),
    ("de", "Zwei von ihnen wurden im Mai 2023 in Birkenau verkauft."),
    ("de", "Die anderen wurden im Mai 2023 für 4 Millionen Euro verkauft."),
    ("de", "Mit ihr sank im Mai 2023 die Zahl der Fahrgäste um 310."),
    ("de", "In diesem Fall müsste die Nordlinie 4 Millionen Euro zahlen."),
    ("fr", "Deux d'entre eux ont été vendus à Valcourt en mai 2023."),
    ("fr", "Parmi eux figurent 12 enfants de Valcourt et un instituteur."),
    ("fr", "Les autres ont été vendus en mai 2023 pour 4 millions d'euros."),
    ("fr", "Avec cela, Nordlinie ferme 4 de ses 9 lignes à Valcourt."),
    ("fr", "Dans ce cas, Nordlinie devrait payer 4 millions d'euros à Valcourt."),
    ("es", "Dos de ellos fueron vendidos en Valcorta en mayo de 2023."),
    ("es", "Entre ellos hay 12 niños de Valcorta y un maestro."),
    ("es", "Los demás fueron vendidos en mayo de 2023 por 4 millones de euros."),
    ("es", "Con ello, Nordlinie cierra 4 de sus 9 líneas en Valcorta."),
    ("es", "En ese caso, Nordlinie tendría que pagar 4 millones de euros."),
]  # fmt: skip
STANDING = [
    ("en", "In this year alone, Northline has sold 4 of its 9 ferries."),
    ("en", "Northline employs about 5,200 people, most of them in Port Calder."),
    ("en", "Most of the 40 boats were built in Ashford in 1974."),
    ("en", "Rather than pay 4 million euros, Northline sold the ferry."),
    ("en", "Instead of a ferry, Northline bought 4 buses in May."),
    ("de", "Das neue Schiff der Nordlinie kostet 4 Millionen Euro."),
    ("de", "In diesem Jahr hat die Nordlinie 4 ihrer 9 Fähren verkauft."),
    ("fr", "Cette année, Nordlinie a vendu 4 de ses 9 bacs."),
    ("es", "Nordlinie vendió 4 de sus 9 barcos en mayo de 2023."),
]


@pytest.mark.parametrize(("language", "sentence"), LEANING)
def test_a_sentence_about_something_named_before_leans(language: str, sentence: str) -> None:
    words = lexicon(language)

    assert passages(sentence, words, Stems(words))[0].leans


@pytest.mark.parametrize(("language", "sentence"), [pair for pair in STANDING if pair[0] != "fr"])
def test_a_sentence_that_names_its_things_stands(language: str, sentence: str) -> None:
    words = lexicon(language)

    assert not passages(sentence, words, Stems(words))[0].leans


#: Language, statement, and words of the title and the summary that are shown with it.
UNINTRODUCED = [
    ("en", "The sentence was taken off the page on Monday and put back on Tuesday.", "letter company"),
    ("en", "The tool helps 40 people find a doctor in Ashford.", "hospital"),
    ("en", "The teen was arrested on 4 May.", "police station"),
    ("en", "The red notebook was sold for 400 euros.", "auction"),
    ("en", "The referee sent 3 players off.", "school"),
    ("en", "The situation spurred 40 towns to ask for help.", "flood"),
    ("de", "Das Werkzeug wurde im Mai 2023 verkauft.", "Brief"),
    ("de", "Der junge Mann wurde am 4. Mai festgenommen.", "Polizei"),
    ("fr", "L'outil a été vendu en mai 2023 pour 400 euros.", "lettre"),
    ("fr", "Le jeune homme a été arrêté le 4 mai.", "police"),
    ("es", "La herramienta fue vendida en mayo de 2023.", "carta"),
    ("es", "El joven fue detenido el 4 de mayo.", "policía"),
]
INTRODUCED = [
    ("en", "The letter was signed by 40 people on Monday.", "letters"),
    ("en", "The council will pay £300,000 in each of the first three years.", ""),
    ("en", "The mayor, Ilse Brandt, signed on 4 May.", ""),
    ("en", "The mayor of Ashford signed on 4 May.", ""),
    ("en", "The engineer Karl Amsel built 40 bridges.", ""),
    ("en", "The Orrin Boat Company leased a ship for £2.1 million a year.", ""),
    ("en", "The man who found the boat was paid 400 euros.", ""),
    ("en", "The fire in Ashford killed 4 people.", ""),
    ("en", "Boats were sold for 400 euros.", ""),
    ("en", "The suspension lasts until 4 May.", "suspended"),
    ("en", "The referee sent 3 players off.", "match"),
    ("en", "The aircraft left at 9 a.m. for Norden.", "flight"),
    ("en", "The chancellor spoke of 40 guests.", ""),
    ("en", "The yen, meanwhile, rose by 4 per cent.", ""),
    ("en", "The divers, from Norden and Ashford, found 40 boats.", ""),
    ("en", "The artist sold 40 works.", "sculptor"),
    ("de", "Der alte Nachtzug war 2015 eingestellt worden.", "Zug"),
    ("de", "Der Landkreis bürgt für ein Darlehen von drei Millionen Euro.", ""),
    ("de", "Die Sprecherin Anna Weber nannte den 4. Mai.", ""),
    ("de", "Die Vorsitzende des Vereins nannte den 4. Mai.", ""),
    ("fr", "Le maire de Valcourt a signé le 4 mai.", ""),
    ("fr", "La lettre a été signée le 4 mai.", "lettres"),
    ("fr", "Le gouvernement paiera 4 millions d'euros.", ""),
    ("es", "El alcalde de Valcorta firmó el 4 de mayo.", ""),
    ("es", "La carta fue firmada el 4 de mayo.", "cartas"),
    ("es", "El gobierno pagará 4 millones de euros.", ""),
]


@pytest.mark.parametrize(("language", "statement", "shown"), UNINTRODUCED)
def test_a_definite_noun_that_nothing_shown_names_is_unintroduced(
    language: str, statement: str, shown: str
) -> None:
    words = lexicon(language)
    stems = Stems(words)

    assert is_unintroduced(statement, set(stems.of(shown)), words, stems.of)


@pytest.mark.parametrize(("language", "statement", "shown"), INTRODUCED)
def test_a_definite_noun_that_is_named_unique_or_told_of_is_introduced(
    language: str, statement: str, shown: str
) -> None:
    words = lexicon(language)
    stems = Stems(words)

    assert not is_unintroduced(statement, set(stems.of(shown)), words, stems.of)


@pytest.mark.parametrize(
    ("language", "statement", "shown", "back"),
    [
        ("en", "Kay Lind told 40 guests that the man had fled.", "", True),
        ("en", "Kay Lind told 40 guests that the man had fled.", "man arrested", False),
        ("en", "A man from Norden was held for 40 days before the man fled.", "", False),
        ("en", "Kay Lind told 40 guests that the man who sold the boat had fled.", "", False),
        ("de", "Kay Lind sagte 40 Gästen, dass der Mann geflohen sei.", "", True),
        ("de", "Kay Lind sagte 40 Gästen, dass der Mann geflohen sei.", "Mann verhaftet", False),
        ("fr", "Kay Lind a dit à 40 invités que la victime avait fui.", "", True),
        ("fr", "Kay Lind a dit à 40 invités que la victime avait fui.", "victime", False),
        ("es", "Kay Lind dijo a 40 invitados que la mujer había huido.", "", True),
        ("es", "Kay Lind dijo a 40 invitados que la mujer había huido.", "mujer", False),
    ],
)
def test_a_noun_in_mid_sentence_points_back_to_what_is_not_shown(
    language: str, statement: str, shown: str, back: bool
) -> None:
    words = lexicon(language)
    stems = Stems(words)

    assert points_back(statement, set(stems.of(shown)), words, stems.of) is back


@pytest.mark.parametrize(
    "statement",
    [
        "In 2011, the year of the flood in Ashford, that number fell below 4.8 million.",
        "Karl Amsel of Northline said in May that those ferries had cost 4 million euros.",
        "Karl Amsel has failed to sell the 4 ferries of Northline, he claimed.",
    ],
)
def test_a_statement_that_points_elsewhere_in_its_middle_is_no_fact(statement: str) -> None:
    text = "\n".join([*LETTER.splitlines(), statement])

    facts = summarise("Northline letter", text, language="en", max_facts=20).facts

    assert statement not in [fact.text for fact in facts]


@pytest.mark.parametrize(
    ("statement", "elsewhere"),
    [
        ("Karl Amsel said those letters had cost 40 euros.", True),
        ("Some 40 letters arrived; 12 of those letters were signed.", False),
        ("The paper comes out in June and will be sold that month.", False),
        ("Sales fell by 40 boats that month.", True),
        ("Rents have not been this high in Ashford since 1974.", False),
        ("The boats were shown in Ashford this Saturday.", False),
        ("Undeterred, he sold 40 boats in May 2023.", True),
        ("Under the plan, it will ship 40 boats to Norden.", True),
        ("In the end, it was Kay Lind who sold the boats.", False),
        ("When Kay Lind arrived, she sold 40 boats.", False),
        ("Mayor Ilse Brandt said they had gone home to Norden.", True),
        ("Critics even called it a toy for 40 rich men of Ashford.", True),
        ("Kay Lind said it was sold for 400 euros.", False),
        ("Boats were sold. In 2012, they came back to Ashford.", False),
        ("President Karl Amsel took a liking to him and moved to Norden.", True),
    ],
)
def test_what_a_sentence_says_itself_is_not_sought_elsewhere(statement: str, elsewhere: bool) -> None:
    words = lexicon("en")

    assert speaks_of_elsewhere(statement, words, Stems(words).of) is elsewhere


LETTER = """\
More than 240 Northline employees signed an open letter to director Ines Halvor on Thursday about the border contract.
The letter was first posted on an internal message board and then shared with three reporters.
Northline has about $27 million in active contracts with the agency, according to public tender records.
The largest of them, worth $18.5 million, was signed in January and runs for three years.
The contract drew little attention until a blog post from the spring surfaced again this week. \
In it, a Northline sales director wrote that the company was “proud to support this work with our most careful people”.
The sentence was taken off the page on Monday and put back on Tuesday.
Northline said in a statement that its document reader is not being used specifically for the separation of families.
Adaeze Morrow, who teaches law in Calder, said that “a policy that nobody outside can check is a promise”.
Halvor is expected to answer questions at a staff meeting on Friday.
Northline employs about 5,200 people, most of them in Port Calder.
"""


def test_the_letters_facts_stand_alone_and_one_is_the_denial() -> None:
    title = "Northline staff ask director to end border contract in open letter"

    facts = summarise(title, LETTER, language="en").facts

    texts = [fact.text for fact in facts]
    assert not [text for text in texts if text.startswith(("The largest of", "The sentence", "In it"))]
    assert all(text.startswith("The contract drew") for text in texts if "In it, a Northline" in text)
    assert any("not being used specifically for" in text for text in texts)


def test_one_fact_of_each_kind_comes_before_a_second_of_any() -> None:
    title = "Northline staff ask director to end border contract in open letter"

    kinds = [fact.kind for fact in summarise(title, LETTER, language="en").facts]

    assert len(set(kinds[: len(set(kinds))])) == len(set(kinds))
    assert FactKind.QUOTE in kinds
