"""Of a site that asks for no copy, the card is shown and the text is not kept."""

from __future__ import annotations

import hostile
import pytest

from bot.model import Page, Reading
from bot.services.reading import read_page
from cogs.ui.cards import Setting, draw_card
from cogs.ui.locale import labels


@pytest.mark.parametrize("no_archive", [True, False])
def test_a_text_that_is_not_to_be_kept_does_not_leave_the_child(no_archive: bool) -> None:
    page = Page(
        url="https://example.org/a",
        requested_url="",
        status=200,
        body=hostile.page(),
        content_type="text/html",
        no_archive=no_archive,
    )

    article, summary = read_page(page, 400, 5)

    assert article.title == hostile.TITLE
    assert summary.sentences
    assert (article.text == "" and article.blocks == ()) is no_archive
    view = draw_card(Reading(id=1, article=article, summary=summary), Setting(labels=labels("en")))
    assert ("Full text" in str(view.to_components())) is not no_archive
