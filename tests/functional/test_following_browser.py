"""Answers come in while the page is open: the figures and one sentence change, and nothing else."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.factories.cast import Cast
from tests.factories.offers import make_offer, make_round
from tests.functional.walking import go


@pytest.mark.browser
def test_an_answer_shows_on_the_open_page(live, page, axe):
    session = live.session()
    cast = Cast.create(session)
    now = datetime.now(UTC)
    published = make_round(session, cast.programme, state="published", published_at=now)
    offer = make_offer(session, published, cast.mentor, cast.mentee, now=now, mentee_answer="yes")
    session.commit()
    live.sign_in(cast.ada, page.context)
    page.goto(f"/c/{cast.programme.slug}/responses/{published.id}")
    news = page.locator("#live")
    expect(news).to_contain_text("1 answer is waited for")
    axe(page)
    look = "document.querySelector('#live').dispatchEvent(new CustomEvent('look'))"  # what the clock does by itself
    with page.expect_response(lambda answer: "/live" in answer.url) as quiet:
        page.evaluate(look)
    assert quiet.value.status == 204
    offer.mentor_answer, offer.state = "yes", "accepted"
    session.commit()
    page.evaluate(look)
    expect(news).to_contain_text("New answers have come. No answer is waited for.")
    expect(page.locator("#figures dd").first).to_contain_text("1")
    expect(page.locator("#figures")).to_have_count(1)
    axe(page)
    go(news.get_by_role("link"))
    expect(page.locator("h1")).to_have_text("Every offer is answered")
