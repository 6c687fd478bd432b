"""An article is about ready topics and what its own tags say."""

from __future__ import annotations

from bot.model import Article
from bot.services.topics import topics_of


def test_an_article_has_the_names_of_ready_topics_and_its_tags() -> None:
    article = Article(
        url="https://example.org/a",
        title="Ransomware gang leaks hospital records",
        text="The data breach began with a phishing mail, the hospital said.",
        language="en",
        tags=("Hospitals",),
    )

    topics = topics_of(article)

    assert "Computer security" in topics
    assert topics[-1] == "Hospitals"


def test_an_article_about_nothing_in_particular_has_none() -> None:
    article = Article(url="https://example.org/a", title="A walk", text="We went for a walk.", language="en")

    assert topics_of(article) == ()
