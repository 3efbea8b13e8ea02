"""The review board in a real browser: by keyboard alone, and once without script."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.factories.boards import Board
from tests.functional.walking import follow, go, press, press_enter_on, tab_to
from webapp.models import BoardEdit, PairRule


def expect_line(page, words):
    """The focus came back to the line that says this."""
    expect(page).to_have_url(re.compile("#pair-"))
    expect(page.locator("tr:focus-within, .board-pair:focus-within").last).to_contain_text(words)


@pytest.mark.browser
def test_pairs_are_pinned_moved_taken_out_added_and_taken_back_by_keyboard_alone(live, page, axe):
    board = Board.create(live.session(), datetime.now(UTC))
    live.sign_in(board.cast.ada, page.context)
    page.goto(f"/c/{board.cast.programme.slug}/rounds/{board.round_id}?sort=mentee")
    axe(page)

    press_enter_on(page, "Pin Lee Lindqvist")
    expect_line(page, "Lee Lindqvist")
    press_enter_on(page, "Unpin Lee Lindqvist")
    assert live.session().query(PairRule).count() == 0

    press_enter_on(page, "Move… Lee Lindqvist")
    tab_to(page, "mentor_q", what="input")
    page.keyboard.type("rosa")
    expect(page.locator("#mentor-found")).to_contain_text("Dr Rosa Prat")  # found while typing
    press_enter_on(page, "See what it does")
    expect(page.locator("h1")).to_have_text("Move Lee Lindqvist to Dr Rosa Prat?")
    expect(page.locator("main")).to_contain_text("The fits of all pairs together fall by")
    axe(page)
    press_enter_on(page, "Move", what="button")
    expect_line(page, "Dr Rosa Prat")
    assert board.live(live.session()) == {("Rosa", "Lee"), ("Rosa", "Nia")}

    press_enter_on(page, "Take out… Nia Okafor")
    press_enter_on(page, "Take it out")
    expect_line(page, "Nia Okafor")
    assert board.live(live.session()) == {("Rosa", "Lee")}
    page.goto(page.url.replace("?", "?view=mentees&").partition("#")[0])
    axe(page)
    press_enter_on(page, "Add a mentor… Nia Okafor")
    tab_to(page, "mentor_q", what="input")
    page.keyboard.type("farahani")
    expect(page.locator("#mentor-found")).to_contain_text("Dr Mo Farahani")
    press_enter_on(page, "See what it does")
    press_enter_on(page, "Add the pair")
    expect_line(page, "Dr Mo Farahani")
    assert board.live(live.session()) == {("Mo", "Nia"), ("Rosa", "Lee")}

    for _ in range(3):
        press_enter_on(page, "Undo")
        expect(page.get_by_text("The change is taken back.")).to_be_visible()
    assert board.live(live.session()) == {("Mo", "Lee"), ("Rosa", "Nia")}


@pytest.mark.browser
@pytest.mark.parametrize("page", [False], indirect=True, ids=["no-js"])
def test_a_pair_is_moved_and_moved_back_without_script(live, page, axe):
    board = Board.create(live.session(), datetime.now(UTC))
    live.sign_in(board.cast.ada, page.context)
    page.goto(f"/c/{board.cast.programme.slug}/rounds/{board.round_id}?view=mentors")
    axe(page, scripted=False)
    follow(page, "Move… Dr Mo Farahani with Lee Lindqvist")
    page.get_by_label("Name or place").fill("dr")
    press(page, "Find Mentor")
    page.get_by_label("Dr Rosa Prat").check()
    press(page, "See what it does")
    axe(page, scripted=False)
    go(page.get_by_role("button", name="Move", exact=True))
    expect(page.get_by_text("The mentee is moved.")).to_be_visible()
    assert live.session().query(BoardEdit).count() == 1
    press(page, "Undo")
    expect(page.get_by_text("The change is taken back.")).to_be_visible()
    assert board.live(live.session()) == {("Mo", "Lee"), ("Rosa", "Nia")}
