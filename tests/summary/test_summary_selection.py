"""Which sentences a summary is made of, and what is left out of them."""

import pytest
from story import STORY

from bot.summary import summarise
from bot.summary.cutting import without_opening
from bot.summary.lexicon import lexicon
from bot.summary.passages import passages, shared_stems
from bot.summary.ranking import rank, shipped_model, subsets
from bot.summary.shortening import shortened

MATCH = """\
Ashford missed the chance to leave the last place of the league when they were held to a draw by Norden.
The hosts had the better of the first half, in which Jo Amsel sent two shots over the bar from close range.
Norden, who had won their last four games, came no nearer than a header by Kay Lind that hit the post.
Manager Ilse Brandt said the point was worth more than the table shows and praised her young defenders.
"""
EVENTS = """\
Second half ends, Ashford 0, Norden 0.
Foul by Jo Amsel (Ashford).
Kay Lind (Norden) wins a free kick in the attacking half.
Attempt missed by Jonas Weber (Ashford) with a right footed shot from the left side of the box.
Corner, won by Tom Keller (Norden) after a long ball into the box by Kay Lind.
"""
SAILORS = ("Jo Amsel", "Kay Lind", "Tom Keller", "Jonas Weber", "Ilse Brandt")
TOWNS = ("Ashford", "Norden", "Millbrook", "Eastmere")


def test_a_list_of_events_after_a_story_is_not_quoted() -> None:
    text = MATCH + EVENTS * 6

    summary = summarise("Ashford 0-0 Norden", text, language="en")

    assert summary.sentences
    assert all(one.end <= len(MATCH) for one in (*summary.sentences, *summary.facts))


def test_an_entry_of_a_list_of_dates_is_not_quoted() -> None:
    entry = "21 February - Ilse Brandt, on a tour of Norden, asks Ashford for 40 young defenders."
    text = f"{entry}\n{MATCH}{entry}\n" + MATCH.replace("Ashford", "Millbrook")

    summary = summarise("Ashford and Norden", text, language="en")

    assert entry not in [one.text for one in (*summary.sentences, *summary.facts)]


def test_a_story_that_is_told_from_its_start_again_is_told_once() -> None:
    first = "The council of Norden has sold its old ferry to a museum of sailing boats in Millbrook for 40,000 euros."
    again = (
        "Ilse Brandt said the museum in Millbrook paid the council of Norden 40,000 euros for the leaking ferry "
        "after a long dispute with rowers, divers and a film studio."
    )

    summary = summarise("", "\n".join([first, *STORY, again]), language="en", max_facts=20)

    told = {one.text for one in (*summary.sentences, *summary.facts)}
    assert first in told
    assert again not in told


def test_a_story_begins_with_its_first_sentence_where_that_stands_alone() -> None:
    text = MATCH + "\n".join(
        f"The town of Ashford has {n} quays and {n} sheds for old nets." for n in range(9)
    )

    assert summarise("Ashford 0-0 Norden", text, language="en").sentences[0].start == 0


@pytest.mark.parametrize(
    ("sentence", "shorter"),
    [
        (
            "The raids had resumed by Wednesday, with heavy fighting in the north of the port.",
            "The raids had resumed by Wednesday …",
        ),
        (
            "The bill for the stay came to 44 euros, helping the island to win the first place.",
            "The bill for the stay came to 44 euros …",
        ),
        # A source, a hedge, a negation or a condition stays, and so does what is no clause.
        (
            "The raids had resumed by Wednesday, with fighting reported by the ministry.",
            "The raids had resumed by Wednesday, with fighting reported by the ministry.",
        ),
        (
            "The raids had resumed by Wednesday, according to the people of the northern port.",
            "The raids had resumed by Wednesday, according to the people of the northern port.",
        ),
        (
            "The raids had ended by Wednesday, leaving the port without any water for days.",
            "The raids had ended by Wednesday, leaving the port without any water for days.",
        ),
        (
            "The school teaches swimming, sailing and rowing to the children of the port.",
            "The school teaches swimming, sailing and rowing to the children of the port.",
        ),
    ],
)
def test_a_last_clause_that_only_adds_is_left_out_with_a_mark(sentence: str, shorter: str) -> None:
    assert shortened(sentence, lexicon("en")) == shorter


@pytest.mark.parametrize(
    "line",
    [
        "But what does Norden need most after 40 games in the league of Ashford?",
        "Kay Lind of Norden asked in May: “What can Jo Amsel do for us?”",
        "Scroll on to learn everything about the 40 games of Norden in one listing.",
        "See the Games of the North for all that is known of the 40 games of Norden.",
        "Norden | 40 games | 12 won | 9 drawn | 19 lost by the side of Ashford.",
        "Lind, Kay 2001: The Games of Norden and Ashford in the years after 1974.",
        "Kay Lind of Norden had said.",
        "Read Games of the North for more information about the 40 games of Norden.",
        "[2] Lind, Kay, und Jo Amsel, The Games of Norden and Ashford.",
        "2016. The rise of Norden and Ashford, the games that nobody saw.",
    ],
)
def test_a_question_a_source_or_a_hint_for_readers_is_not_quoted(line: str) -> None:
    text = f"{line}\n{MATCH}{line}\n" + MATCH.replace("Ashford", "Millbrook").replace(
        "Jo Amsel", "Ilse Brandt"
    )

    summary = summarise("Norden: 40 games", text, language="en")

    assert line not in [one.text for one in (*summary.sentences, *summary.facts)]


@pytest.mark.parametrize(
    ("language", "sentence", "kept"),
    [
        ("de", "Aber die Fähre fährt im Mai 2026 wieder.", "… die Fähre fährt im Mai 2026 wieder."),
        # Without the joint the verb would stand first.
        ("de", "Außerdem hat Karl Amsel im Mai 2026 vier Fähren gekauft.", ""),
        ("es", "Después de Valcorta, Nordlinie irá en mayo a Puerto Norte.", ""),
        ("en", "However, Northline bought 4 ferries in May.", "… Northline bought 4 ferries in May."),
        ("en", "The ferry was late, but the port of Ashford paid.", "… the port of Ashford paid."),
        # An item of a list is no half.
        ("en", "The flag is red, white, and the blue of Ashford.", ""),
    ],
)  # fmt: skip
def test_a_joint_is_left_out_where_the_rest_keeps_its_order(language: str, sentence: str, kept: str) -> None:
    assert without_opening(sentence, lexicon(language)) == kept


def test_what_half_tells_the_first_sentence_again_yields_to_what_is_new() -> None:
    first = "Norden has sold its old ferry to a museum of sailing boats in Millbrook for 40,000 euros."
    again = "The museum of sailing boats bought the ferry, Mayor Ilse Brandt of Norden told the council on Tuesday."

    summary = summarise("Norden and its ferry", "\n".join([first, again, *STORY]), language="en")

    told = [one.text for one in summary.sentences]
    assert first in told
    assert STORY[0] in told
    assert again not in told


def test_a_sentence_that_leans_comes_with_the_one_before_where_facts_are_few() -> None:
    pair = (
        "An island in the north of Norden has no doctor. "
        "Its 40 people voted on Tuesday to hire one for 90,000 euros a year."
    )
    text = MATCH + "It rained all day and nobody was seen on the quay of the old town.\n" * 9 + pair

    facts = summarise("Ashford 0-0 Norden", text, language="en").facts

    found = next(fact for fact in facts if "90,000" in fact.text)
    assert found.text == pair
    assert text[found.start : found.end] == pair


def test_only_lines_that_count_on_are_items() -> None:
    lines = [
        "1. Oil the winches",
        "19.8 knots at most",
        "2 Easy knots for a start",
        "2. Air the sails",
        "12 feet of water",
        "3. Lock the cabin",
    ]
    words = "Salt water eats everything that is left alone for a winter, so do it in October. " * 3
    text = "Boats need care in autumn.\n" + "\n".join(
        f"{one}\n{words}" for one in [*lines, "4. Empty the bilge"]
    )

    facts = summarise("Boats in autumn", text, language="en").facts

    assert [fact.text[0] for fact in facts] == ["1", "2", "3", "4"]


def test_a_table_of_results_below_a_story_is_no_list() -> None:
    results = "\n".join(f"{place}. {name} (Norden) 35.5{place} (0)" for place, name in enumerate(SAILORS, 1))

    facts = summarise(
        "Amsel wins in Ashford", f"{MATCH}{MATCH.replace('Ashford', 'Millbrook')}{results}"
    ).facts

    assert facts
    assert all(not fact.text[0].isdigit() for fact in facts)


def test_rows_of_a_table_are_no_items() -> None:
    rows = "\n".join(
        f"{week} | Rest | Row easy for 30 minutes | Row hard for {week} minutes" for week in range(1, 9)
    )

    facts = summarise(
        "8 weeks to the Ashford regatta", f"{MATCH}{MATCH.replace('Ashford', 'Millbrook')}{rows}"
    ).facts

    assert all(" | " not in fact.text for fact in facts)


@pytest.mark.parametrize(
    ("sentence", "leans"),
    [
        ("The council of Ashford has to pay for these 40 boats until May.", True),
        ("Boats with 40 seats are dear, and Ashford has two of those boats.", False),
        ("Kay Lind of Ashford was the first to encode this possibility in a plan of 40 pages.", True),
        ("The council of Ashford votes on 40 new boats this month.", False),
        # What somebody points at who speaks, they know.
        ("“Ashford has waited for these boats,” said Kay Lind of the harbour board.", False),
        ("The council of Ashford sold 40 boats, too.", True),
        ("Additional boats can be had in Ashford for 40 crowns.", True),
    ],
)
def test_what_points_at_another_sentence_leans(sentence: str, leans: bool) -> None:
    assert passages(sentence, lexicon("en"), shared_stems("en"))[0].leans is leans


def test_a_sheet_of_results_is_not_quoted() -> None:
    results = "\n".join(
        f"{town} (1-{n}): Lind {n} points. Amsel {n} points. Keller 1 goal." for n, town in enumerate(TOWNS)
    )

    summary = summarise("Ashford 0-0 Norden", f"{MATCH}{MATCH.replace('Ashford', 'Millbrook')}{results}")

    assert all("points" not in one.text for one in (*summary.sentences, *summary.facts))


def test_a_story_in_short_sentences_is_no_list() -> None:
    told = (
        "The wind blew hard from Norden. My father sang an old song. We ate cold fish. Kay Lind slept below."
    )

    assert all(one.shown for one in passages(told, lexicon("en"), shared_stems("en")))


def test_a_set_of_sentences_counts_all_that_each_tells_of_the_others() -> None:
    lines = [
        "Norden has sold its ferry to a museum of sailing boats in Millbrook.",
        "The museum in Millbrook paid 40,000 euros for the ferry, more than three rowers had offered.",
        "Millbrook builds a quay of 90 metres for the ferry and the museum behind the old fish market.",
        *STORY,
    ]
    words, stems = lexicon("en"), shared_stems("en")
    ranked = rank(passages("\n".join(lines), words, stems), frozenset(), words, stems, shipped_model())
    retold = {chosen: sums[-1] for chosen, sums in subsets(ranked, 3, 400)}
    first, second, third = (
        next(i for i, p in enumerate(ranked.pool) if p.text == line) for line in lines[:3]
    )
    pairs = [retold[first, second], retold[first, third], retold[second, third]]

    assert max(pairs) > 0
    assert retold[first, second, third] == pytest.approx(sum(pairs))


def test_a_sentence_of_thirty_thousand_words_is_weighed() -> None:
    endless = " and ".join(f"word{n}" for n in range(30_000))

    summary = summarise("Boats", "\n".join([*STORY, endless]), language="en")

    assert STORY[0] in [one.text for one in summary.sentences]


def test_a_character_that_no_address_can_hold_is_replaced_in_the_link() -> None:
    lines = [STORY[0].replace("Ashford", "Ash\ud800ford"), *STORY[1:]]

    summary = summarise("Boats", "\n".join(lines), language="en")

    assert any("Ash%3Fford" in one.fragment for one in summary.sentences)
