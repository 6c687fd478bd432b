"""What readers of cards found wrong, each as a sentence of our own after the structure that broke."""

import pytest
from story import STORY

from bot.model import FactKind
from bot.summary import clarity, clutter, summarise
from bot.summary.cutting import without_opening
from bot.summary.kinds import kind_of
from bot.summary.lexicon import lexicon
from bot.summary.passages import passages, shared_stems
from bot.summary.quotes import balanced
from bot.summary.sentences import split

ENGLISH = lexicon("en")


@pytest.mark.parametrize(
    "sentence",
    [
        # Captions: who stands where, who is seen doing what, what only a picture explains.
        "Kay Lind rides Grey Heron (front) as the horse jumps the last fence in Ashford.",
        "Grey Heron wins the Ashford Cup at Millbrook last year.",
        "Ashford captain Kay Lind celebrates the goal in the game against Norden.",
        "Ashford players celebrate during the victory over Norden.",
        "Jo Amsel of Ashford is tackled by Tom Keller of Norden in Millbrook.",
        "The child with the hood in this photo was born in 1988 in Ashford.",
        "The colours of 26 letters (upper row), the colours that readers chose (middle row).",
        "Red bars show the share of the 640 readers who chose Ashford.",
        "Late night fight: 20-year-old Jo Amsel fell in Millbrook.",
        "Jo Amsel limbers up ahead of the first game in Ashford.",
        "The Ashford News approached the office of Kay Lind for comment in May.",
        "Feeling excited: when the boat left Ashford, she waved to 40 friends.",
        "Moose Boats' 2014 Builder of the Year: Kay Lind with a crown and a cape.",
        "The only Lind:\u00a0Kay and the boys went to Norden in May.",
        "Green, the Ashford goalkeeper, celebrates the goal from Amsel.",
        "Lions No 1 Kay Lind celebrates after the goal in Norden.",
        "Kay Lind plays a backhand against Jo Amsel in the final at Ashford.",
        "Sgt Kay Lind marshals the crowd at a march in Ashford last month.",
        "Kay Lind, left, was fined 400 euros while Jo Amsel, right, was let go in Norden.",
        "Kay R Lind, ferry passenger.",
        "Kay Lind, of the Norden Police.",
        "Navy image of boats off the coast of Norden in October this year.",
        "This graphic shows the catch of 640 boats in Ashford.",
        "Lind talks to Amsel during the last training of the week in Norden.",
        "Jo van Amsel flexes her arms before her fight with Keller in Millbrook.",
        "Keller laughs as he ties his boots beside the quay of Norden.",
        "Ashford rowers (L-R) Kay Lind, Jo Amsel and Tom Keller head to the boats.",
        "Amsel is tackled by Norden captain Tom Keller.",
        # Without a verb.
        "Grey Heron, time for another ferry to Norden.",
        "Lind, Amsel, Keller and now Weber of Norden.",
        # Recipes, staff credits, invitations.
        "150g frozen chopped onions: £1.50.",
        "Four teaspoons of chopped garlic: £1.25.",
        "Bake in the oven for 40 minutes.",
        "Follow @@KayLind.",
        "Follow latest updates on the second day of the Ashford Games on Sunday, 31 May.",
        "Kay Lind reported from Norden and Jo Amsel wrote this story in Ashford.",
        "Reporter Kay Lind reported from Norden, and Jo Amsel wrote in Ashford.",
        "Journalist Kay Lind in Norden and Jo Amsel from Ashford.",
        "Chicken thighs: £2.50 for 1lb.",
        "Chocolate egg (291g): 150g sugar; 1,400 calories.",
        "Friday, April 3.",
        "4. What town has 409 bridges and is slowly sinking?",
        "Hear why the harbour of Ashford was sold in May.",
        "To help Kay Lind of Ashford, please visit her page.",
        # Tells that something is asked, and not what.
        "District Attorney Kay Lind asked Amsel.",
        # Calls to the reader, pointers to what stands below.
        "Kay Lind can be found on Facebook, Twitter and Instagram.",
        "Leave your questions about the 40 boats in the comments below.",
        "Below are all the 40 boats that sail in May.",
        "A full list of the 40 boats is below.",
        "To help you choose, we’ve rounded up 15 boats from Ashford.",
        "Let’s take a closer look at the 40 boats of Ashford.",
        "Get help with the sale of your boat in Ashford.",
        "Book your free consultation in Ashford in May.",
        "Welcome to Ashford Afloat, where the owners of 40 boats meet.",
        "Get the Ashford Boat Calendar for an overview of the 40 best days.",
        "Get Ashford Afloat delivered through your letterbox every month.",
        "Below, we look at the 40 boats of Ashford.",
        "For charts of all 40 boats, please go to the page of Ashford.",
        "This is a developing story about the 40 boats of Ashford.",
        # Asides, sources, and what the page cuts off.
        "(The second of the 40 boats sails in May.)",
        "Northline & Lind (2008): “The boats are ours.”",
        "The council of Ashford asked for the names of the 40 owners who...",
        "The council of Ashford asked for the names of 40 owners […].",
    ],
)
def test_what_belongs_to_the_page_is_clutter(sentence: str) -> None:
    assert clutter.is_clutter(sentence, ENGLISH)


@pytest.mark.parametrize(
    "sentence",
    [
        "Northline won the contract for 40 boats in Ashford last year.",
        "Kay Lind, who leads Northline, looks for a buyer of the 4 ferries.",
        "Northline (in Ashford since 1974) sold 40 boats.",
        "The 640 members of the club celebrated in Norden.",
        "One thing is clear: the 640 boats stay in Ashford.",
        "The verdict: guilty of the theft of 40 boats.",
        "Kay Lind, who was left behind in Norden, sold 40 boats last year.",
        "A picture of the harbour, which hangs in Ashford, shows 40 boats.",
        "Northline told the council that 48 jobs would go.",
        "About 150 grams of gold were found in Ashford in May.",
        "Police found him at the harbour of Ashford.",
        "Northline (2008 to 2015) built 40 boats.",
        "Kay Lind posted the names of the 40 boats on Facebook and Instagram in May.",
        "The 40 boats … will be sold in Ashford.",
        "I’m happy with the new boat in Ashford.",
        "We’re proud of Ashford.",
        "Fog crept over the harbour of Ashford at noon.",
        "Did the plane land on the beach of Ashford?",
        "“Being here is a win for Ashford,” said Kay Lind of Norden.",
        "In the letter read on Monday in Ashford, Lind asks for 40 boats.",
    ],
)
def test_what_tells_the_story_is_no_clutter(sentence: str) -> None:
    assert not clutter.is_clutter(sentence, ENGLISH)


@pytest.mark.parametrize(
    "sentence",
    [
        "During 19 seasons at Ashford he won 15 cups.",
        "In July, its director and six others left the yard.",
        "Described by agents as lively, it has 40 hotels.",
        "Early in the night they were sure of 40 seats.",
        "Authorities there have arrested 9 people.",
        "Over time, they opened 40 homes to Kay Lind.",
        "Looking at Norden, he saw 40 new boats.",
        "Incredibly, she sailed 640 miles in May.",
        "Perhaps this complaint shows why Ashford needs 40 boats.",
        "Similar concerns apply to the 40 boats of Norden.",
        "One example is Northline, which sold 40 boats.",
        "One, Kay Lind, stayed in Ashford for 40 years.",
        "At least that is what Northline promises for May.",
        "For Ashford, that means 40 boats less.",
        "Nor should it be used for 40 boats.",
        "Experts say it can sink in 40 seconds.",
        "A police spokesman told the Ashford News it was one of 40 halls in use.",
        "Mr Lind said they were sold for 400 euros.",
        "A report says he was seen in Norden on 4 May.",
        "One bookmaker has them at 14 to 1.",
        "The Australian crossed the line in second place in Ashford.",
        "First, they hit a bank in Millbrook and then one in Norden.",
        "At the same hearing, Judge Ilse Brandt dismissed three other claims.",
        "A few days later, Northline gave control of the yard to the town.",
        "Many left the country after the flood of 1979.",
        "Some piled off the buses and hugged each other in Ashford.",
        "Which is exactly what happened when Kay Lind asked Jo Amsel in May.",
        "Even if they were fined for 40 seconds of delay.",
        "More than a decade before them, Karl Amsel chose Ashford for 4 films.",
        "All this came amid claims that Ilse Brandt would leave in May.",
        "No, Kay Lind said 40 boats.",
        "After shooting onto the stage in Ashford, he stood still for 90 seconds.",
        "“My family is more than 40 medals,” said the 25-year-old swimmer from Ashford.",
    ],
)
def test_what_another_sentence_explains_leans(sentence: str) -> None:
    assert passages(sentence, ENGLISH, shared_stems("en"))[0].leans


@pytest.mark.parametrize(
    "sentence",
    [
        "Earlier this month, Northline sold 4 of its 9 ferries.",
        "Later in May, Northline sold 4 of its 9 ferries.",
        "“Night Boats” host Kay Lind moved to Ashford in 2011.",
        "The Australian government sold 40 boats in May.",
        "In the Ashford of 1974, Karl Amsel built 40 boats.",
        "In response to the flood, Northline sold 40 boats.",
        "In addition to 40 boats, Northline owns a yard.",
        "Police said it was too early to say how many of the 40 boats had sunk.",
        "A man told police that his boat was stolen on 4 May.",
        "Now the 40 boats of Ashford are sold.",
    ],
)
def test_what_explains_itself_stands(sentence: str) -> None:
    assert not passages(sentence, ENGLISH, shared_stems("en"))[0].leans


@pytest.mark.parametrize(
    "sentence",
    [
        "Karl Amsel was 22 at the time and lived in Ashford with 4 brothers.",
        "Northline of Ashford could adapt 40 ferries to help this.",
        "Ashford wants to tackle this by selling 40 ferries.",
        "Campaigners in Ashford warned of 40 effects of this provision.",
        "Jonas Weber of Norden said the 40 talks do not qualify as such talks.",
        "Jo Amsel started there in May against Norden with 40 others.",
        "Karl Amsel told the Ashford News that had no effect on 40 boats.",
        "Karl Amsel took that a little too literally in May 1974 in Ashford.",
        "Northline of Ashford will not go down the same route.",
        "Tom Keller of Norden said in May that I sold 40 boats.",
        "Jonas Weber says one was built by Karl Amsel in 1974.",
        "Fisherman Tom Keller of Ashford, who fishes in Norden, said: 'All 40 ferries are a danger.",
        'Ilse Brandt of Norden said: "I had a letter from Ashford. "Tom Keller wants 40 ferries.',
    ],
)
def test_what_is_left_open_or_half_quoted_is_no_fact(sentence: str) -> None:
    facts = summarise("Ashford pool", "\n".join([*STORY, sentence]), language="en", max_facts=20).facts

    assert facts
    assert sentence not in [fact.text for fact in facts]


@pytest.fixture
def doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has every sentence doubted a little: where one is clear, the rules for definite nouns are not asked."""
    monkeypatch.setattr(clarity.Setting, "doubts", lambda _, shown: [0.2] * len(shown))


@pytest.mark.usefixtures("doubtful")
def test_a_definite_noun_within_a_clause_is_no_fact_unless_it_is_clear() -> None:
    sentence = "Jo Amsel of Norden told 40 fishermen on 4 May that the suspect had fled."

    facts = summarise("Ashford pool", "\n".join([*STORY, sentence]), language="en", max_facts=20).facts

    assert facts
    assert sentence not in [fact.text for fact in facts]


def test_a_half_without_a_verb_is_no_fact() -> None:
    assert (
        without_opening("His partners are Northline (40%), and Norden's Keller Boats (30%).", ENGLISH) == ""
    )


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("The drivers' union called it 'a shame'.", True),
        ("The band of the '90s plays in Ashford.", True),
        ("Weber said: 'The roof isn't safe.'", True),
        ("Weber said: 'The roof isn't safe.", False),
        ('"The roof is old. "The walls are not.', False),
    ],
)
def test_marks_of_one_stroke_are_balanced_too(sentence: str, whole: bool) -> None:
    assert balanced(sentence) is whole


def test_a_rank_before_a_name_ends_no_sentence() -> None:
    text = "The bridge is safe, said Lt. Gen. Karl Amsel, who leads the engineers."

    assert split(text, "en") == [(0, len(text))]


def test_the_first_sentences_of_a_long_text_are_enough() -> None:
    text = "A. " * 400_000

    assert len(split(text, "en", 7)) == 7
    assert len(passages(text, ENGLISH, shared_stems("en"))) <= 5_000


def test_a_text_whose_sentences_all_lean_still_has_a_card() -> None:
    text = "\n".join(
        f"It is no secret that Northline sold {n} boats to the town of Ashford in the spring."
        for n in range(2, 20)
    )

    assert summarise("Boats", text, language="en").sentences


def test_a_fact_comes_with_the_sentence_that_names_what_it_speaks_of() -> None:
    pair = "Engineers of the town found a strange lamp. The lamp was sold in Norden for 400 euros."

    facts = summarise("Ashford pool", "\n".join([*STORY, pair]), language="en", max_facts=20).facts

    texts = [fact.text for fact in facts]
    assert pair in texts
    assert not [text for text in texts if text.startswith("The lamp")]


def test_a_caption_tells_its_fact_without_its_label() -> None:
    caption = "Under fire: Karl Amsel was fined 400 euros by a court in Birkenau for a stolen boat."

    facts = summarise("Ashford pool", "\n".join([*STORY, caption]), language="en", max_facts=20).facts

    assert "… Karl Amsel was fined 400 euros by a court in Birkenau for a stolen boat." in [
        fact.text for fact in facts
    ]


@pytest.mark.parametrize(
    "caption",
    [
        "Under fire: Karl Amsel speaks to 40 guests in the old pool of Ashford.",
        "Under fire: Karl Amsel, left, was fined 400 euros by a court in Birkenau for a stolen boat.",
        "Under fire: He was fined 400 euros by a court in Birkenau for a stolen boat.",
        "Night Boats: The Return was shown in Ashford 40 times in May.",
        "The doors opened at 9:30 and were closed by Karl Amsel in Ashford.",
    ],
)
def test_what_a_picture_shows_is_no_fact_without_its_label_either(caption: str) -> None:
    facts = summarise("Ashford pool", "\n".join([*STORY, caption]), language="en", max_facts=20).facts

    assert not [fact.text for fact in facts if fact.text.startswith("…")]


def test_a_caption_that_tells_what_the_text_tells_is_not_told_again() -> None:
    caption = "Out of time: The swimming pool of Ashford was opened in 1974 and will close on 4 May."

    facts = summarise("Ashford pool", "\n".join([*STORY, caption]), language="en", max_facts=20).facts

    assert not [fact.text for fact in facts if fact.text.startswith("…")]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("The ferry came back to Norden in May of that year.", FactKind.DATE),
        ("The ferry to Norden may sail again.", None),
        ("The ferry was sold by men who may not return.", None),
    ],
)
def test_may_is_a_month_behind_what_stands_before_months(statement: str, kind: FactKind | None) -> None:
    assert kind_of(statement, ENGLISH) is kind


def test_two_sentences_are_no_fact_where_the_first_is_told_already() -> None:
    told = "The pool of Ashford was opened in 1974."
    second = "It has 300 lockers, 12 showers and a kiosk for 40 guests."

    facts = summarise(
        "Ashford pool", "\n".join([*STORY, f"{told} {second}"]), language="en", max_facts=20
    ).facts

    assert not [fact.text for fact in facts if second in fact.text]


@pytest.mark.parametrize(
    "line",
    [
        "Keller, Amsel, Lind, Weber, Brandt (Morrow 67), Halvor, Ito (Moral 73).",
        "Left wing - Karl Amsel (Norden Rovers).",
        "Repairs and new boats for Norden: 2.6 million euros.",
        "On 4 May the mayor and the Duke of.",
    ],
)
def test_a_line_without_a_verb_is_no_fact(line: str) -> None:
    facts = summarise("Ashford pool", "\n".join([*STORY, line]), language="en", max_facts=20).facts

    assert line not in [fact.text for fact in facts]


@pytest.mark.parametrize(
    "sentence",
    [
        "Norden imports 70 per cent of its oil.",
        "Police deny it.",
        "The town isn't rich.",
        "It's 40 years old.",
    ],
)
def test_verbs_are_known_by_their_forms_or_by_name(sentence: str) -> None:
    assert ENGLISH.verbal.search(sentence)


def test_what_the_first_of_two_sentences_tells_the_second_may_mean() -> None:
    pair = (
        "Norden rents rooms to divers from 12 towns. These rooms cost 400 euros a year and have no windows."
    )

    facts = summarise(
        "Ashford pool", "\n".join([*STORY[:3], pair, *STORY[3:]]), language="en", max_facts=20
    ).facts

    assert [fact.text for fact in facts if pair in fact.text or fact.text in pair]
    assert not [fact.text for fact in facts if fact.text.startswith("These")]


@pytest.mark.parametrize(
    "hint",
    [
        "Anyone with information about the 40 boats is asked to call the police in Ashford.",
        "Share your views on the 40 boats with Kay Lind in Ashford.",
    ],
)
def test_what_readers_are_asked_for_is_no_fact(hint: str) -> None:
    assert not passages(hint, ENGLISH, shared_stems("en"))[0].shown


def test_who_has_a_full_name_comes_before_the_same_by_surname() -> None:
    named = "Swimmer Jo Keller of Norden has trained in the pool since 1974."
    short = "Keller bought 400 tickets for 2,000 euros on 3 May."

    facts = summarise(
        "Ashford pool", "\n".join([*STORY[:4], short, named, *STORY[4:]]), language="en", max_facts=20
    ).facts

    texts = [fact.text for fact in facts]
    assert texts.index(named) < texts.index(short)


@pytest.mark.usefixtures("doubtful")
def test_a_noun_that_another_fact_names_may_come_behind_it() -> None:
    named = "Norden sent 12 divers with a robot to the pool in May."
    leaning = "The robot weighs 400 kilograms and costs 2,000 euros a day."

    facts = summarise(
        "Ashford pool", "\n".join([*STORY[:2], leaning, named, *STORY[2:]]), language="en", max_facts=20
    ).facts

    texts = [fact.text for fact in facts]
    assert texts.index(named) < texts.index(leaning)


def test_a_short_fact_is_not_told_again_in_a_longer_one() -> None:
    short = "Keller will be sentenced on 27 June."
    longer = (
        "Judge Ilse Amsel said Keller will be sentenced in Norden on 27 June after reports on his health."
    )

    facts = summarise("Ashford pool", "\n".join([*STORY, short, longer]), language="en", max_facts=20).facts

    assert len({short, longer} & {fact.text for fact in facts}) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Northline shares rose 1 per cent to 57 euros in early trading.",
        "Norden's ground holds 32,000 people after a rebuilding in 1974.",
        "Ashford is seen as the last town on the coast with 40 ferries.",
        "Ashford faces a vote on 40 ferries ahead of the summer.",
        "Marine engineers at Ashford Harbour are repairing 40 ferries.",
        "Reef divers rest in 40 hotels outside the harbour.",
        "It's the first of 40 new ferries for Ashford.",
        "A wave of strikes by rowers has cost Ashford 40 ferries.",
    ],
)
def test_what_a_noun_means_is_not_taken_for_what_a_picture_shows(sentence: str) -> None:
    assert passages(sentence, ENGLISH, shared_stems("en"))[0].shown


@pytest.mark.parametrize(
    ("language", "sentence", "shown"),
    [
        ("de", "3. Oktober ist seit 1990 ein Feiertag in ganz Birkenau.", True),
        ("de", "2. Liga oder Abstieg, das ist die Frage in Birkenau.", True),
        ("de", "3. Trinken Sie am Morgen zwei Gläser Wasser.", False),
        ("en", "3. Drink two glasses of water in the morning.", False),
        ("en", "(2) The strength test is done on a rowing machine.", False),
        ("en", "(40 boats) were sold in Ashford in the same year.", True),
    ],
)
def test_a_number_before_a_month_makes_no_list(language: str, sentence: str, shown: bool) -> None:
    assert passages(sentence, lexicon(language), shared_stems(language))[0].shown is shown


def test_an_item_of_a_list_that_goes_on_in_small_letters_is_no_sentence_of_a_card() -> None:
    text = (
        "Der Hafenrat hat die Regeln für Boote am Montag geändert. Sie gelten in drei Stufen.\n"
        "ab 1. Januar 2027 für Fähren und Frachter mit mehr als 20 Metern Länge,\n"
        "ab 1. Januar 2028 für Ausflugsboote im Hafen von Norden und\n"
        "ab 1. Januar 2029 für Segelboote.\n"
        "Die Hafenmeisterei erwartet davon 40.000 Euro im Jahr, wie ihr Leiter Karl Amsel sagte. "
        "Der Stadtrat hatte den Regeln im Mai zugestimmt. Die Reeder wollen klagen, weil ihnen die Gebühr zu hoch ist. "
        "Das Gericht in Norden soll im Herbst entscheiden. Die Ruderer haben im Winter 200 Unterschriften gesammelt."
    )

    shown = summarise("Neue Regeln für Boote", text, language="de")

    assert shown.sentences
    assert not [s for s in (*shown.sentences, *shown.facts) if s.text.startswith("ab ")]


def test_a_name_and_a_text_without_capitals_may_begin_in_small_letters() -> None:
    assert not clutter.goes_on("de Blasio said", ENGLISH)
    assert not clutter.goes_on("iPhone sales fell", ENGLISH)
    assert clutter.goes_on("and the ferry", ENGLISH)
    assert summarise("the ferry", "the ferry sails again on 3 May. kay lind said so in norden.").sentences
