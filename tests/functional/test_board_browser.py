"""The review board in a real browser: by keyboard alone, and once without script."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.factories.boards import Board
from tests.functional.walking import press_enter_on as press
from tests.functional.walking import tab_to
from webapp.models import BoardEdit, PairRule


def line_at(page):
    """Return the text of the line to which the focus came back."""
    page.wait_for_function("location.hash.startsWith('#pair-')")
    return page.evaluate("document.activeElement.closest('tr, .board-pair')?.innerText ?? ''")


@pytest.mark.browser
def test_pairs_are_pinned_moved_taken_out_added_and_taken_back_by_keyboard_alone(live, page, axe):
    board = Board.create(live.session(), datetime.now(UTC))
    live.sign_in(board.cast.ada, page.context)
    page.goto(f"/c/{board.cast.programme.slug}/rounds/{board.round_id}?sort=mentee")
    axe(page)

    press(page, "Pin Lee Lindqvist")
    assert "Lee Lindqvist" in line_at(page)
    press(page, "Unpin Lee Lindqvist")
    assert live.session().query(PairRule).count() == 0

    press(page, "Move… Lee Lindqvist")
    tab_to(page, "mentor_q", what="input")
    page.keyboard.type("rosa")
    expect(page.locator("#mentor-found")).to_contain_text("Dr Rosa Prat")  # found while typing
    press(page, "See what it does")
    expect(page.locator("h1")).to_have_text("Move Lee Lindqvist to Dr Rosa Prat?")
    expect(page.locator("main")).to_contain_text("The fits of all pairs together fall by")
    axe(page)
    press(page, "Move", what="button")
    assert "Dr Rosa Prat" in line_at(page)
    assert board.live(live.session()) == {("Rosa", "Lee"), ("Rosa", "Nia")}

    press(page, "Take out… Nia Okafor")
    press(page, "Take it out")
    assert "Nia Okafor" in line_at(page)
    assert board.live(live.session()) == {("Rosa", "Lee")}
    page.goto(page.url.replace("?", "?view=mentees&").partition("#")[0])
    axe(page)
    press(page, "Add a mentor… Nia Okafor")
    tab_to(page, "mentor_q", what="input")
    page.keyboard.type("farahani")
    expect(page.locator("#mentor-found")).to_contain_text("Dr Mo Farahani")
    press(page, "See what it does")
    press(page, "Add the pair")
    assert "Dr Mo Farahani" in line_at(page)
    assert board.live(live.session()) == {("Mo", "Nia"), ("Rosa", "Lee")}

    for _ in range(3):
        press(page, "Undo")
        expect(page.get_by_text("The change is taken back.")).to_be_visible()
    assert board.live(live.session()) == {("Mo", "Lee"), ("Rosa", "Nia")}


@pytest.mark.browser
@pytest.mark.parametrize("page", [False], indirect=True, ids=["no-js"])
def test_a_pair_is_moved_and_moved_back_without_script(live, page, axe):
    board = Board.create(live.session(), datetime.now(UTC))
    live.sign_in(board.cast.ada, page.context)
    page.goto(f"/c/{board.cast.programme.slug}/rounds/{board.round_id}?view=mentors")
    axe(page, scripted=False)
    page.get_by_role("link", name="Move… Dr Mo Farahani with Lee Lindqvist").click()
    page.get_by_label("Name or place").fill("dr")
    page.get_by_role("button", name="Find Mentor").click()
    page.get_by_label("Dr Rosa Prat").check()
    page.get_by_role("button", name="See what it does").click()
    axe(page, scripted=False)
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("The mentee is moved.")).to_be_visible()
    assert live.session().query(BoardEdit).count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The change is taken back.")).to_be_visible()
    assert board.live(live.session()) == {("Mo", "Lee"), ("Rosa", "Nia")}
