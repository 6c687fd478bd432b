"""Which sentences a summary is made of, and what is left out of them."""

import pytest

from bot.summary import summarise
from bot.summary.lexicon import lexicon
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
