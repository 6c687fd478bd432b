"""No source and no hedge is ever lost: neither in a summary nor in a fact, in four languages."""

import pytest

from bot.summary import summarise
from bot.summary.cutting import without_ending, without_opening
from bot.summary.lexicon import lexicon
from bot.summary.shortening import shortened

#: Language, sentence, and the words without which it would claim more.
CASES = [
    ("en", "Northline holds contracts worth $19 million with the agency, according to Bloomberg.",
     "according to Bloomberg"),
    ("en", "According to Bloomberg, Northline holds contracts worth $19 million with the agency.",
     "According to Bloomberg"),
    ("en", "Northline, which according to Bloomberg lost $4 million in May, will close its Ashford plant.",
     "according to Bloomberg"),
    ("en", "Northline said on Monday that its tools are not used specifically for the separation of families.",
     "specifically"),
    ("en", "Northline reportedly paid $19 million for the harbour in Ashford last year.", "reportedly"),
    ("en", "Northline, which reportedly paid $19 million for the harbour, owns four ferries in Ashford.",
     "reportedly"),
    ("en", "Karl Amsel, who is accused of taking 40,000 euros, allegedly forged the papers of the club.",
     "allegedly"),
    ("en", "The ferry carried about 310 passengers a day in May, Northline said.", "Northline said"),
    ("en", "The ferry from Ashford carried roughly 310 passengers a day in the summer of 2023.", "roughly"),
    ("en", "The suspected arsonist, who may have acted alone, was seen in Ashford on 4 May.", "suspected"),
    ("en", "The mayor, who may resign in June, met 40 fishermen in Ashford on Monday.", "may resign"),
    ("en", "But the ferry might not sail before March 2026, Northline said on Monday.", "might not"),
    ("en", "However, up to 48 of 310 jobs could be lost at Northline in Ashford by March 2026.", "could be lost"),
    ("en", "Police believe that 12 boats were stolen in Ashford in May by the same group.", "believe"),
    ("en", "Northline apparently knew of 12 faults in the ferry in May, a report by Jonas Weber suggests.",
     "suggests"),
    ("en", "The sale of 4 ferries will go ahead in May unless the region objects.", "unless the region objects"),
    ("de", "Die Nordlinie hält laut Bloomberg Verträge über 19 Millionen Euro mit der Behörde.", "laut Bloomberg"),
    ("de", "Laut Hafenamt beförderte die Fähre im Mai 310 Fahrgäste am Tag.", "Laut Hafenamt"),
    ("de", "Die Fähre beförderte angeblich 310 Fahrgäste am Tag im Mai 2023.", "angeblich"),
    ("de", "Der mutmaßliche Täter soll 12 Boote in Birkenau gestohlen haben.", "mutmaßliche"),
    ("de", "Die Nordlinie soll nach Angaben der Gewerkschaft 48 Stellen streichen.", "nach Angaben der Gewerkschaft"),
    ("de", "Die Nordlinie, die angeblich 19 Millionen Euro zahlte, besitzt vier Fähren in Birkenau.", "angeblich"),
    ("de", "Aber die Fähre nach Birkenau könnte im März 2026 wieder fahren, teilte die Nordlinie mit.", "könnte"),
    ("de", "Rund 310 Fahrgäste am Tag nutzten die Fähre im Mai 2023.", "Rund"),
    ("de", "Die Werkzeuge werden nicht gezielt für Trennungen genutzt, sagte die Nordlinie am Montag.", "gezielt"),
    ("de", "Dem Bericht zufolge gab es im Mai 12 Mängel an der Fähre der Nordlinie.", "Dem Bericht zufolge"),
    ("fr", "Selon Bloomberg, Nordlinie détient des contrats de 19 millions d'euros avec l'agence.",
     "Selon Bloomberg"),
    ("fr", "Nordlinie détient des contrats de 19 millions d'euros avec l'agence, selon Bloomberg.",
     "selon Bloomberg"),
    ("fr", "Le bac aurait transporté 310 passagers par jour en mai 2023 à Valcourt.", "aurait"),
    ("fr", "Mais le bac pourrait reprendre la mer en mars 2026, a précisé Nordlinie.", "pourrait"),
    ("fr", "Le voleur présumé aurait pris 12 bateaux à Valcourt au mois de mai.", "présumé"),
    ("fr", "D'après la capitainerie, 48 postes seraient menacés chez Nordlinie en mai.", "seraient"),
    ("fr", "Environ 310 passagers par jour ont pris le bac à Valcourt en mai 2023.", "Environ"),
    ("fr", "Nordlinie, qui aurait payé 19 millions d'euros, possède quatre bacs à Valcourt.", "aurait"),
    ("es", "Según Bloomberg, Nordlinie tiene contratos por 19 millones de euros con la agencia.", "Según Bloomberg"),
    ("es", "Nordlinie tiene contratos por 19 millones de euros con la agencia, según Bloomberg.", "según Bloomberg"),
    ("es", "El barco transportó presuntamente 310 pasajeros al día en mayo de 2023.", "presuntamente"),
    ("es", "El presunto ladrón se llevó 12 barcos de Valcorta en mayo, dijo la policía.", "presunto"),
    ("es", "Pero el barco podría volver al mar en marzo de 2026, informó Nordlinie.", "podría"),
    ("es", "De acuerdo con el sindicato, Nordlinie recortará 48 puestos en marzo.", "De acuerdo con el sindicato"),
    ("es", "Unos 310 pasajeros al día tomaron el barco en mayo de 2023 en Valcorta.", "Unos"),
    ("es", "Nordlinie, que habría pagado 19 millones de euros, posee cuatro barcos en Valcorta.", "habría"),
]  # fmt: skip
FILLER = {
    "en": "The harbour of Ashford has quay number {n} and a shed for nets, ropes and old engines.",
    "de": "Der Hafen von Birkenau hat den Kai Nummer {n} und einen Schuppen für Netze und alte Motoren.",
    "fr": "Le port de Valcourt a un quai numéro {n} et un hangar pour les filets et les vieux moteurs.",
    "es": "El puerto de Valcorta tiene el muelle número {n} y un cobertizo para redes y motores viejos.",
}


@pytest.mark.parametrize(("language", "sentence", "careful"), CASES)
def test_a_hedge_and_a_source_survive_on_the_card(language: str, sentence: str, careful: str) -> None:
    filler = [FILLER[language].format(n=n) for n in range(12)]
    text = "\n".join([*filler[:2], sentence, *filler[2:]])

    summary = summarise(sentence, text, language=language)

    at = text.index(sentence)
    shown = [s.text for s in (*summary.sentences, *summary.facts) if s.start <= at < s.end]
    assert shown
    assert all(careful in one for one in shown)


@pytest.mark.parametrize(("language", "sentence", "careful"), CASES)
def test_no_deletion_drops_a_hedge_or_a_source(language: str, sentence: str, careful: str) -> None:
    words = lexicon(language)

    for shorter in (
        shortened(sentence, words),
        without_ending(sentence, words),
        without_opening(sentence, words),
    ):
        assert careful in shorter or not shorter


def test_a_clause_that_only_adds_leaves_a_mark() -> None:
    words = lexicon("en")

    assert (
        shortened("The survey, which was completed by 147 directors, suggests that budgets fell.", words)
        == "The survey … suggests that budgets fell."
    )
    assert (
        shortened("The mayor opened the bridge, which connects the harbour with the town.", words)
        == "The mayor opened the bridge …"
    )
    assert shortened("Boats that leak sink, and sailors, who drink, and swim.", words).endswith("and swim.")


@pytest.mark.parametrize(
    "sentence",
    [
        # Without the clause there would be no verb, or not what the verb says.
        "Even among the firms that own no boats in Ashford, which are many, Northline is known for its ferries.",
        "The manager of the yard says that the boats were placed in this position, with ropes around the masts.",
        "A video shows Kay Lind, co-owner of the Northline yard in Ashford, jumping over the barrier of the quay.",
    ],
)
def test_a_clause_that_the_sentence_needs_stays(sentence: str) -> None:
    assert shortened(sentence, lexicon("en")) == sentence


def test_an_ending_that_holds_the_verb_stays() -> None:
    sentence = (
        "The banker Jonas Weber of Norden gave 25,000 euros while the shipowner Ilse Brandt, "
        "who sold the last ferry of the town in May, gave 40,000 euros to the club."
    )

    assert without_ending(sentence, lexicon("en")) == sentence


@pytest.mark.parametrize(
    "half",
    [
        "He said that the deal was off, and Northline would pay 4 million euros.",
        "They may lose the case, and Northline would pay 4 million euros.",
        "If it rains, and Northline pays 4 million euros, the ferry stays.",
        "He did not sign, and Northline paid 4 million euros.",
    ],
)
def test_a_half_that_binds_the_other_is_not_left_out(half: str) -> None:
    assert without_opening(half, lexicon("en")) == ""


def test_a_half_that_says_nothing_about_the_other_is_left_out_with_a_mark() -> None:
    shorter = without_opening("He scored twice, but Northline won 4-2 in Ashford on Monday.", lexicon("en"))

    assert shorter == "… Northline won 4-2 in Ashford on Monday."
