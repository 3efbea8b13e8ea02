"""The choice of a mentor for each need, in a real browser: there for whom it can mean something, without script."""

import pytest
from playwright.sync_api import expect

from tests.factories.places import make_people


@pytest.mark.browser
@pytest.mark.parametrize("page", [False], indirect=True, ids=["without script"])
def test_the_choice_is_offered_from_two_mentors_and_two_needs_on(live, page):
    people = make_people(live.session())
    live.sign_in(people.cast.lee, page.context)
    page.goto(f"/me/request/{people.cast.programme.slug}")
    choice = page.get_by_label("One mentor for each of my needs")
    expect(choice).to_be_checked()
    page.get_by_label("How many mentors would you like?").select_option("1")
    expect(choice).to_be_hidden()
    page.get_by_label("How many mentors would you like?").select_option("3")
    expect(choice).to_be_visible()
    page.get_by_label("Second need").select_option("")
    expect(choice).to_be_hidden()
    page.get_by_label("Third need").select_option("burnout")
    expect(choice).to_be_visible()
