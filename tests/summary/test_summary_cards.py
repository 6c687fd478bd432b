"""What every card promises: quoted, in order, within its budget, readable on its own."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import FactKind, Summary
from bot.summary import summarise
from bot.summary.quotes import balanced

TITLE = "Harbour workers ask the port to end its contract with the border agency in open letter to director"
REPOST = """\
The Brightwater port office. (Portside Photo / Kay Lindqvist)
Update: Port director defends agency contract as workers and unions call for it to be cancelled
More than 120 Brightwater port workers signed an open letter addressed to director Samir Nadeem on Tuesday, \
demanding that the port end its contract with the Coastal Border Agency (CBA).
The letter, published on a staff message board, comes after weeks of protest over the agency's practice of \
separating parents from their children at the river crossing.
"We believe that Brightwater must take a stand and put children and families above profits," the workers wrote.
The port has more than $14 million in active storage contracts with the CBA, according to Harbour Weekly, \
including a $9 million deal signed in January.
In a blog post in January, port manager Tom Keller said the port was "proud to support" the agency's work.
The port said on Monday that its warehouses are not being used specifically for the separation of families, \
and that it was dismayed by the practice.
They also asked the port to draft a policy under which it would not work with clients who break human rights law.
Nadeem called the policy "cruel and abusive" in a message to all staff on Tuesday evening.
The river crossing has been the subject of fierce debate since the government announced its new rules in April.
At least 2,000 children have reportedly been held apart from their parents since then, \
the Ministry of the Interior said.
Unions plan to hold a rally in front of the port office on Saturday.
About the Author: admin
Leave a Reply
Your email address will not be published. Required fields are marked *
"""


def quoted(summary: Summary, text: str) -> bool:
    """Whether every sentence is its source, but for deletions that are marked."""
    return all(
        all(part.strip(" []") in text[s.start : s.end] for part in s.text.split("…"))
        for s in summary.sentences
    )


def test_the_reposted_page_gives_its_story_and_not_its_surroundings() -> None:
    summary = summarise(TITLE, REPOST, max_chars=400)

    assert summary.sentences[0].text.startswith(
        "More than 120 Brightwater port workers signed an open letter"
    )
    assert "on Tuesday" in summary.sentences[0].text
    shown = " ".join(one.text for one in (*summary.sentences, *summary.facts))
    for surroundings in ("Kay Lindqvist", "Update:", "admin", "Leave a Reply", "Required fields"):
        assert surroundings not in shown


def test_the_reposted_page_keeps_its_source_and_its_careful_word() -> None:
    summary = summarise(TITLE, REPOST, max_chars=400)

    facts = [*summary.facts, *summary.sentences]
    money = next(fact.text for fact in facts if "$14 million" in fact.text)
    assert "according to Harbour Weekly" in money
    assert any("not being used specifically for the separation" in fact.text for fact in facts)
    assert all("reportedly" in fact.text for fact in facts if "2,000 children" in fact.text)


@pytest.mark.parametrize("budget", [240, 400, 800])
def test_two_or_three_sentences_stand_in_order_within_the_budget(budget: int) -> None:
    summary = summarise(TITLE, REPOST * 2, max_chars=budget)

    assert 1 <= len(summary.sentences) <= 3
    assert sum(len(s.text) + 1 for s in summary.sentences) - 1 <= budget
    assert [s.start for s in summary.sentences] == sorted(s.start for s in summary.sentences)
    assert quoted(summary, REPOST * 2)


def test_facts_add_to_the_summary_and_to_each_other() -> None:
    summary = summarise(TITLE, REPOST)
    texts = [one.text for one in (*summary.sentences, *summary.facts)]

    assert len(summary.facts) >= 3
    assert len(set(texts)) == len(texts)
    assert all(
        REPOST[f.start : f.end].replace("\n", " ").startswith(f.text[:25].lstrip("… ")) for f in summary.facts
    )


def test_money_and_numbers_come_before_a_quotation() -> None:
    kinds = [fact.kind for fact in summarise(TITLE, REPOST).facts]

    assert FactKind.QUOTE not in kinds or kinds.index(FactKind.QUOTE) > 0


def test_a_short_text_is_shown_whole() -> None:
    text = "The pool in Ashford closes on Friday.\nPhoto: Kay Lindqvist\nIt reopens in May after repairs to the roof."

    summary = summarise("Pool closes", text)

    assert summary.whole_text
    assert summary.facts == ()
    assert [s.text for s in summary.sentences] == [
        "The pool in Ashford closes on Friday.",
        "It reopens in May after repairs to the roof.",
    ]


STORY = [
    "The town of Ashford will close its only swimming pool on 4 May, the council decided on Monday.",
    "Repairs to the roof would cost 2.3 million euros, according to an estimate by the architect Jonas Weber.",
    "However, he called the estimate careful.",
    "Mayor Ilse Brandt said the decision “hurts all of us”.",
    "Swimming clubs with 640 members will have to train in Millbrook, 18 kilometres away.",
    "A vote of the citizens on a new building is planned for September.",
    "The pool was opened in 1974 by the engineer Karl Amsel and has been repaired twice since.",
    "Entrance fees have not changed since 2012 and cover a fifth of the running costs.",
    "Parents in the district of Norden collected 3,100 signatures against the closure in March.",
]


@pytest.mark.parametrize(
    "opening",
    [
        "ASHFORD, May 2 (Reuters) - ",
        "ASHFORD — ",
        "(CNN) -- ",
        "Ashford (dpa) – ",
        "ASHFORD, Norden (PortNewsNow) - ",
        "(PORT4) — ",
        "(The Harbour Courier)",
        "Ashford, Norden, Portland (CNN)",
    ],
)
def test_a_dateline_is_not_shown(opening: str) -> None:
    text = opening + "\n".join(STORY)

    first = summarise("Pool", text, language="en").sentences[0]

    assert first.text == STORY[0]
    assert text[first.start : first.end] == STORY[0]


@pytest.mark.parametrize(
    "line",
    [
        "Photo: Kay Lindqvist / Portside Images",
        "The pool in Ashford on a summer day in 2019 (Photo by Kay Lindqvist/Getty Images)",
        "By Mara Lind and Theo Brandt",
        "05:31 EST, 6 June 2023.",
        "Updated: the council has now published its minutes",
        "Read more: all stories about the pool",
        "Sign up for our newsletter",
        "What do you think about the closure? Tell us in the comments.",
        "Left to right: Ilse Brandt, Jonas Weber and Karl Amsel at the pool in Ashford in 2023",
        "Editor's note: this story was first published in April.",
        "According to the lawyer Kay Lind, who works in Norden, Ashford and other towns, .",
    ],
)
def test_a_caption_a_credit_or_a_notice_is_never_shown(line: str) -> None:
    text = "\n".join([line, *STORY])

    summary = summarise("Ashford closes its pool", text, max_chars=400)

    shown = " ".join(s.text for s in (*summary.sentences, *summary.facts))
    assert summary.sentences[0].start >= len(line)
    assert line[:20] not in shown


def test_a_pronoun_comes_with_its_sentence_or_not_at_all() -> None:
    text = "\n".join(STORY)

    for budget in range(120, 800, 40):
        shown = [s.text for s in summarise("Pool", text, max_chars=budget).sentences]
        if STORY[2] in shown:
            assert shown[shown.index(STORY[2]) - 1] == STORY[1]


def test_an_interview_shows_its_questions() -> None:
    asked = [
        "How did you come to build boats?",
        "What is the hardest part of the work?",
        "Why did you leave the big yards?",
        "Where will the workshop be in ten years?",
    ]
    answer = "My father had a yard in Kiel and I was there after school every day. " * 4
    text = "Mara Lind builds wooden boats in Ashford.\n" + "\n".join(f"{q}\n{answer}" for q in asked)

    facts = summarise("“Wood forgives you”", text).facts

    assert [fact.text for fact in facts] == asked
    assert {fact.kind for fact in facts} == {FactKind.QUESTION}


def test_an_interview_in_a_language_that_drops_its_pronouns_shows_its_questions_too() -> None:
    asked = [
        "¿Cuándo empezó a construir barcos?",
        "¿Qué es lo más difícil del oficio?",
        "¿Por qué dejó los grandes astilleros?",
        "¿Dónde estará el taller en diez años?",
    ]
    answer = "Empecé a los quince años y trabajaba en el astillero todas las tardes. " * 4
    text = "Mara Lind construye barcos de madera en Ashford.\n" + "\n".join(f"{q}\n{answer}" for q in asked)

    facts = summarise("«La madera perdona»", text, language="es").facts

    assert [fact.text for fact in facts] == asked


def test_headings_that_ask_make_no_interview() -> None:
    asked = [
        "How long do ferries last?",
        "What do ferries cost?",
        "Who builds ferries?",
        "Where do they rust?",
    ]
    answer = "A yard in Kiel builds 4 ferries of 30 metres a year for 2 million euros each. " * 4
    text = "Ferries are ships of the coast.\n" + "\n".join(f"{q}\n{answer}" for q in asked)

    facts = summarise("All about ferries", text, language="en").facts

    assert not any(fact.text.endswith("?") for fact in facts)


def test_a_list_shows_its_items() -> None:
    items = [
        "1. Check the rudder",
        "2. Oil the winches",
        "3. Air the sails",
        "4. Empty the bilge",
        "5. Lock the cabin",
    ]
    words = "Salt water eats everything that is left alone for a winter, so do it in October. " * 3
    text = "Boats need care in autumn.\n" + "\n".join(f"{item}\n{words}" for item in items)

    facts = summarise("5 things to do before winter", text).facts

    assert [fact.text for fact in facts] == items
    assert {fact.kind for fact in facts} == {FactKind.ITEM}


def test_a_language_without_a_table_gets_a_clean_lead() -> None:
    text = "\n".join(
        f"Рада міста схвалила бюджет на рік номер {n} після довгих суперечок." for n in range(30)
    )

    summary = summarise("Бюджет", text, language="uk", max_chars=400)

    assert [s.start for s in summary.sentences] == [found.start() for found in re.finditer("Рада", text)][:3]
    assert summary.facts == ()


def test_the_same_text_gives_the_same_card() -> None:
    assert summarise(TITLE, REPOST) == summarise(TITLE, REPOST)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *STORY,
                "“No,” she said.",
                "(",
                '"',
                "…",
                "He left.",
                "a. b. c.",
                "東京で会議。",
                "\u2028",
                "1,5 %",
                "But why?",
                "???",
            ]
        ),
        max_size=40,
    ),
    st.sampled_from([" ", "\n", "\n\n", ""]),
    st.integers(0, 900),
    st.sampled_from([None, "en", "de", "ja", "zh", "xx", "fr"]),
)
def test_no_text_breaks_the_contract(parts: list[str], joint: str, budget: int, language: str | None) -> None:
    text = joint.join(parts)

    summary = summarise("Pool", text, language=language, max_chars=budget or None)

    for one in (*summary.sentences, *summary.facts):
        assert 0 <= one.start < one.end <= len(text)
        assert one.text
    assert [s.start for s in summary.sentences] == sorted({s.start for s in summary.sentences})
    if not summary.whole_text:
        assert len(summary.sentences) <= 3
        assert sum(len(s.text) + 1 for s in summary.sentences) <= (budget or 10**6) + 1
        assert sum(len(s.text) for s in summary.sentences) <= 0.3 * len(text) + 1
        assert all(balanced(s.text) for s in summary.sentences)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 100_000,
        "short line here.\n" * 30_000,
        '"a. ' * 100_000,
        "((" * 150_000,
        ". " * 200_000,
        "漢字" * 150_000,
    ],
    ids=["one sentence", "lines", "quotes", "brackets", "stops", "unspaced"],
)
def test_a_hostile_text_is_read_to_its_limit_and_no_further(text: str) -> None:
    summary = summarise("x", text, language="en")

    assert all(s.end <= 250_000 for s in summary.sentences)
    assert all(not re.search(r"\n", s.text) for s in summary.sentences)
