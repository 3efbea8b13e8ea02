"""Letters by keyboard alone: found, written, answered in each of the ways, kept apart; with script and without."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.factories.cast import Cast, make_mentee, make_mentor, make_person
from tests.factories.letters import PARTS, make_letter, open_box
from tests.functional.keys import Keys
from webapp.models import Message, utc_now


@pytest.mark.browser
@pytest.mark.parametrize(
    ("server", "page"), [("sqlite", True), ("postgresql", False)], indirect=True, ids=["sqlite-js", "postgresql-no-js"]
)
def test_letters_are_written_and_answered_by_keyboard_alone(live, page: Page, axe, request):
    keys = Keys(page, axe, scripted=request.node.callspec.params["page"])
    session = live.session()
    cast = Cast.create(session)
    open_box(session, cast.mentor, a_week=5, about="One question that is worth a call.")
    open_box(session, make_mentor(session, cast.programme, make_person(session, "Dr Uma Rao")))
    for name in ("Nia Obi", "Rea Sol"):
        writer = make_mentee(session, cast.programme, make_person(session, name))
        make_letter(session, cast.mentor, writer, now=utc_now())
    session.commit()

    live.sign_in(cast.lee, page.context)
    page.goto("/mentors")
    keys.write("Find a mentor", "Farahani")
    keys.press("Filter")
    keys.sees("1 mentor fits these filters")
    keys.follow("Dr Mo Farahani")
    keys.sees("Dr Mo Farahani")
    keys.follow("Write a letter")
    keys.press("Look at the letter")
    keys.hears("4 answers need another look")
    keys.sees("A letter to Dr Mo Farahani")
    keys.tab_to("Who I am", ".problems a")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Who I am")).to_be_focused()
    page.keyboard.type(PARTS["who"])
    keys.write("Why you", PARTS["why"])
    keys.write("My one question", PARTS["question"])
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("30 minutes, once")).to_be_checked()
    keys.press("Look at the letter")
    keys.sees("Your letter to Dr Mo Farahani")
    keys.press("Change it")
    expect(page.get_by_label("Who I am")).to_be_focused()
    keys.press("Look at the letter")
    keys.press("Send the letter")
    keys.hears("Your letter is on its way to Dr Mo Farahani.")
    keys.sees("Your letter to Dr Mo Farahani is on its way")

    live.sign_in(cast.mo, page.context)
    page.goto("/letters")
    keys.sees("3 letters wait for you")
    keys.follow("Read and answer: Lee Lindqvist")
    keys.press("Ask")
    keys.hears("One answer needs another look")
    keys.write("Your question", "Which year are you in?")
    keys.press("Ask")
    keys.hears("Your question is on its way.")
    keys.sees("You asked Lee Lindqvist something")
    keys.follow("All letters")
    keys.follow("Read and answer: Nia Obi")
    keys.choose("Reason", "No time now")
    keys.press("Not now")
    keys.hears("Not now. Nobody asks why.")
    keys.sees("Not now, you said")
    keys.follow("All letters")
    keys.follow("Read and answer: Rea Sol")
    keys.choose("Colleague", "Dr Uma Rao")
    keys.press("Suggest")
    keys.hears("Thank you. Your suggestion is on its way.")
    keys.sees("You suggested Dr Uma Rao")
    keys.press("Report")
    keys.hears("The coordinators of the programme read this letter now.")
    keys.press("Keep us apart")
    keys.hears("You and Rea Sol do not find each other here any more.")
    keys.sees("Nothing waits for you")
    keys.press("Undo: Rea Sol")
    keys.hears("Taken back. You and Rea Sol may find each other again.")

    live.sign_in(cast.lee, page.context)
    page.goto("/letters")
    keys.follow("Read and answer: Dr Mo Farahani")
    keys.sees("Dr Mo Farahani asks you something")
    keys.write("Your answer", "The second.")
    keys.press("Send the answer")
    keys.hears("Your answer is on its way.")

    live.sign_in(cast.mo, page.context)
    page.goto("/letters")
    keys.follow("Read and answer: Lee Lindqvist")
    keys.press("Say yes")
    keys.hears("You said yes.")
    keys.sees("You said yes to Lee Lindqvist")

    live.sign_in(cast.lee, page.context)
    page.goto("/letters")
    keys.follow("Read: Dr Mo Farahani")
    keys.follow("Look at the offer")
    keys.press("Say yes")
    keys.hears("You said yes.")
    keys.sees("You and Dr Mo Farahani will talk")
    assert sorted(session.scalars(select(Message.state))) == ["not_now", "suggested", "yes"]
