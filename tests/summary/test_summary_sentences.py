"""Sentences end where their language ends them."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.summary.lexicon import LANGUAGES, guess, lexicon
from bot.summary.sentences import split

#: Language and text, "|" between sentences.
CASES = [
    ("en", "Dr. Ito left at 5 p.m. on Monday.| He was tired.| Why?| Nobody knows!"),
    (
        "en",
        "The U.S. team met George W. Bush in Washington, D.C. on Jan. 5.| The U.K. team did not.| It rained.",
    ),
    ("en", "The show airs at 7 p.m. ET on Monday.| It ends at 9 p.m.| The police came."),
    ("en", "It cost $3.5 million.| No. 10 said no.| Inflation fell to 2.1 per cent vs. 2.4 in May."),
    ("en", "She forced then-Gov. Amsel into a run-off.| He lost it."),
    ("en", "“We are done,” he said.| “Are you?” she asked.| “Yes.”| Then they left."),
    (
        "en",
        "Acme Inc. sued Widget Corp. on Friday.| Shares fell.| Sen. Lee and Rep. Cole agreed e.g. on taxes.",
    ),
    ("en", "1. Check the rudder\n| 2. Oil the winches\n| A line without an end\n| Another one."),
    (
        "en",
        "It lasted for years.|A second inquiry began in the area.|Why not?|It is on Harbour.Com and in boat.Js.",
    ),
    (
        "en",
        "It is (on Harbour.Chat today).| He met Pia Lind.|She left.| Use Boat.Format (or Boat.Floor here).|"
        " See www.boats.example/Kay.Lind.Boats for it.| So said Ahoy!Norden on Monday.",
    ),
    (
        "en",
        "Use boats.Ferry objects.| What a boats.Ferry holds is a list.| It lasted for years.|It began in May.",
    ),
    ("cs", "Lodě, člny atd.žádné nejsou."),
    ("en", "Wait...| What?!| He waited … and waited.| (It was late.)| Then it ended"),
    (
        "de",
        "Am 3. Oktober kam Dr. Meier.| Es waren z. B. 3,5 Mio. Euro bzw. mehr.| Er sagte: „Nein.“| Dann ging er.",
    ),
    ("de", "Die Hafenstr. 3 ist gesperrt.| Der 100. Geburtstag war im Mai.| Nach §§ 305 ff. BGB gilt es."),
    ("de", "Prof. Dr. Weber kam um 12 Uhr.| Der 2. Senat hat entschieden.| Die Strafe beträgt ca. 300 Euro."),
    ("ja", "市は船を売った。|EU、米国も買う。|X（旧号）は古い。|iPier は新しい。"),
    ("ko", "항구는 배를 팔았다.|그러나 남은 배도 있다."),
    ("fr", "M. Dupont est là.| Selon lui, « c’est fini. »| Mme Brandt part.| Est-ce vrai ?| Oui !"),
    ("es", "El Sr. Pérez llegó a EE.UU. en mayo.| ¿Por qué?| Nadie lo sabe.| Según la Dra. Ruiz, fue tarde."),
    ("pt", "O Sr. Silva chegou.| A Dra. Costa saiu às 15h.| Por quê?| Ninguém sabe."),
    ("it", "Il sig. Rossi è arrivato.| Il dott. Bianchi no.| Perché?| Nessuno lo sa."),
    ("nl", "Dhr. Jansen kwam.| Mevr. de Vries bijv. niet.| Waarom?| Niemand weet het."),
    ("ja", "彼は「行く。」と述べた。|次の日、雨が降った。|本当か？|「はい。」"),
    ("zh", "市长说：“今天不行。”|他走了。|为什么？|没人知道。"),
    ("hi", "वह घर गया।| फिर बारिश हुई।"),
]


@pytest.mark.parametrize(("language", "marked"), CASES)
def test_a_text_is_split_where_its_language_ends_a_sentence(language: str, marked: str) -> None:
    text = marked.replace("|", "")

    assert [text[start:end] for start, end in split(text, language)] == [
        part.strip() for part in marked.split("|")
    ]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, "en", "de", "ja", "xx"]))
def test_every_character_but_white_space_is_in_one_sentence(text: str, language: str | None) -> None:
    spans = split(text, language)

    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert sum(not c.isspace() for c in text) == sum(
        not c.isspace() for start, end in spans for c in text[start:end]
    )


@pytest.mark.parametrize(
    ("language", "leaning"),
    [
        ("de", "Sie kamen im Mai."),
        ("en", "They came in May."),
        ("es", "Ellos llegaron en mayo."),
        ("fr", "Ils sont venus en mai."),
        ("it", "Loro sono venuti a maggio."),
        ("ja", "彼は五月に来た。"),
        ("nl", "Zij kwamen in mei."),
        ("pt", "Eles vieram em maio."),
        ("zh", "他们五月来了。"),
    ],
)
def test_every_language_has_its_table(language: str, leaning: str) -> None:
    words = lexicon(language)

    assert language in LANGUAGES
    assert words.hedges.pattern
    assert words.leans.match(leaning)
    assert words.speech.pattern


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council of the town voted for the ferry and that was it."),
        ("fr", "Le conseil de la ville a voté pour le bac et les habitants sont contents du prix."),
        ("es", "El consejo de la ciudad votó por el barco y los vecinos se quejan del precio con razón."),
        ("nl", "De raad van de stad stemde voor het veer en dat is een goed plan voor het eiland."),
        ("ja", "町の議会はフェリー会社を買うことを決めた。"),
        ("zh", "市议会决定购买渡轮公司。"),
        ("", "Рада міста схвалила купівлю."),
        ("", ""),
    ],
)
def test_a_language_is_guessed_from_its_small_words(language: str, text: str) -> None:
    assert guess(text) == language
