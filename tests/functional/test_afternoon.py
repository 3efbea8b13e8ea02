"""A coordinator's afternoon in a real browser with a real worker: from a file with faults to a repaired round."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.factories.afternoon import LEE, MO, finish_joining, people_of_file
from tests.functional.afternoon import PASSWORD, Afternoon
from tests.functional.importing import csv_of
from tests.functional.walking import Walker, go
from webapp.models import AuditEvent, Membership, Offer
from webapp.services.offers import answer_offer

FAULTS = {
    3: ("Specialties", "Gen Surgry", "Did you mean General Surgery?"),
    7: ("Hours", "evenings", "Write days and times like Mon 17:00-20:00"),
    12: ("E-mail", MO, "This e-mail stands in row 2 already"),
    41: ("Minutes a month", "two hours", "Write a whole number"),
}


TOLD = {
    "import.done",
    "people.invited",
    "membership.joined",
    "round.create",
    "round.open",
    "round.freeze",
    "scenario.start",
    "pair.pin",
    "round.published",
    "offer.no",
    "offer.yes",
    "repair.apply",
    "export.offers",
}


def _send_file(afternoon: Afternoon, people: list[dict[str, str]], button: str) -> None:
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": csv_of(people)}
    afternoon.page.get_by_label("The file").set_input_files(file)
    afternoon.ada.press(button)


def _import_people(afternoon: Afternoon) -> None:
    """Send a file with faults, read what to change, send it mended, and import it."""
    ada, page = afternoon.ada, afternoon.page
    people = people_of_file()
    faulty = [dict(person) for person in people]
    for row, (column, value, _says) in FAULTS.items():
        faulty[row - 2][column] = value
    page.goto(f"/c/{afternoon.programme.slug}")
    ada.look()
    ada.turn_to("People")
    ada.look()
    ada.follow("Import from a file")
    ada.look()
    _send_file(afternoon, faulty, "Look at the file")
    expect(page.locator("h1")).to_have_text("4 rows need another look")
    letters = dict(zip(dict.fromkeys(key for person in people for key in person), "ABCDEFGHIJKLMNOP", strict=False))
    for row, (column, value, says) in FAULTS.items():
        line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=f"Row {row}", exact=True)).first
        for words in (f"{letters[column]} {column}", value, says):
            expect(line).to_contain_text(words)
    expect(page.get_by_role("button", name=re.compile("^Import"))).to_have_count(0)
    ada.look()
    _send_file(afternoon, people, "Look at the mended file")
    expect(page.locator("h1")).to_have_text("200 people can be invited")
    ada.look()
    ada.press("Import 200 people")
    expect(page.locator("h1")).to_have_text("200 people are here, not yet asked")
    ada.look()
    assert afternoon.count(Membership.programme_id == afternoon.programme.id, Membership.status == "invited") == 200


def _invite_people(afternoon: Afternoon) -> None:
    ada = afternoon.ada
    ada.follow("Invite them")
    expect(afternoon.page.locator("h1")).to_have_text("200 people wait for an invitation")
    ada.look()
    ada.press("Send 200 invitations")
    expect(afternoon.page.get_by_text("200 invitations are on their way")).to_be_visible()
    ada.look()


def _accept(afternoon: Afternoon, email: str) -> Walker:
    """Follow the personal link of the mail in a browser of her own, and make the account."""
    link = re.search(r"http://\S+/invited/\S+", afternoon.mail_to(email, "invite"))[0]
    context = afternoon.page.context.browser.new_context(
        base_url=afternoon.live.url, java_script_enabled=afternoon.ada.scripted, locale="en-GB"
    )
    guest = Walker(context.new_page(), afternoon.ada.axe, afternoon.ada.scripted, afternoon.ada.seen)
    guest.page.goto(link)
    guest.look()
    guest.page.get_by_label("Password").fill(PASSWORD)
    guest.press("Accept and look at my answers")
    guest.look()
    return guest


def _join(guest: Walker) -> None:
    guest.follow("Check your answers and join")
    guest.look()
    guest.page.get_by_role("checkbox").last.check()
    guest.press(re.compile("^Join"))
    guest.page.goto("/home")
    guest.look()


def _people_join(afternoon: Afternoon) -> Walker:
    """Mo says that her numbers are right, Lee finds nothing missing; the others do the same without a browser."""
    mo, lee = _accept(afternoon, MO), _accept(afternoon, LEE)
    mo.follow("Continue")
    expect(mo.page.get_by_text("These answers come from the programme.")).to_be_visible()
    mo.look()
    mo.press("Save and continue")
    mo.page.goto(f"/join/{afternoon.programme.slug}")
    _join(mo)
    _join(lee)
    finish_joining(afternoon.session, afternoon.programme, but=(MO, LEE), now=datetime.now(UTC))
    mo.page.context.close()
    afternoon.ada.turn_to("People")
    expect(afternoon.page.locator("h1")).to_have_text("200 people take part")
    afternoon.ada.look()
    return lee


def _freeze_a_round(afternoon: Afternoon) -> None:
    ada, page = afternoon.ada, afternoon.page
    ada.turn_to("Rounds")
    ada.look()
    ada.follow("Begin a round")
    ada.look()
    page.get_by_label("Name").fill("Spring")
    ada.press("Begin the round")
    ada.look()
    ada.press("Open for joining")
    expect(page.locator("main")).to_contain_text("Everyone has finished joining")
    expect(page.locator("main")).to_contain_text("Everyone has named free hours")
    ada.look()
    ada.press("Freeze the pool")
    ada.look()


def _work_out(afternoon: Afternoon, objective: str, name: str) -> None:
    page = afternoon.page
    page.get_by_label(objective).check()
    afternoon.ada.press("Work out the pairs")
    current = page.locator(".tabs a[aria-current=page]").filter(has_text=name)
    afternoon.ada.wait_for(current)
    expect(page.locator(".proof")).to_contain_text("checked")
    expect(page.locator("#work")).to_have_count(0)


def _try_three_ways(afternoon: Afternoon) -> None:
    ada, page = afternoon.ada, afternoon.page
    _work_out(afternoon, "As many mentees as possible get a mentor", "Coverage first")
    ada.look()
    for objective, name in (("weakest place as good as can be", "Weakest first"), ("best fits in all", "Best fits")):
        ada.follow("+ New scenario")
        ada.look()
        _work_out(afternoon, objective, name)
    ada.follow("All, and compare")
    expect(page.locator("h1")).to_have_text("3 scenarios of Spring")
    ada.look()
    page.get_by_label("Compare", exact=True).select_option(label="Best fits first")
    page.get_by_label("with", exact=True).select_option(label="Coverage first")
    ada.press("Compare")
    ada.look()
    ada.follow("Work on with Coverage first")


def _pin_and_work_out_again(afternoon: Afternoon) -> None:
    ada, page = afternoon.ada, afternoon.page
    pin = page.get_by_role("button", name=re.compile("^Pin ")).first
    pair = " ".join(pin.text_content().split()).removeprefix("Pin ")
    go(pin)
    expect(page.get_by_text("1 ruling is newer than these pairs")).to_be_visible()
    ada.look()
    page.locator("#again").get_by_label("Name").fill("With the pin")
    _work_out(afternoon, "As many mentees as possible get a mentor", "With the pin")
    page.get_by_label("Show").select_option(label="Pinned")
    ada.press("Filter")
    expect(page.get_by_role("button", name=f"Unpin {pair}")).to_be_visible()
    ada.look()


def _publish(afternoon: Afternoon) -> int:
    ada, page = afternoon.ada, afternoon.page
    ada.follow(re.compile("^Publish [0-9]+ offers"))
    number = re.search(r"[0-9]+", page.locator("h1").inner_text())[0]
    ada.look()
    page.get_by_label("Type the number of offers").fill("7")
    ada.press(f"Publish {number} offers")
    expect(page.get_by_text("That is not the number of offers in the heading.").first).to_be_visible()
    page.get_by_label("Type the number of offers").fill(number)
    ada.press(f"Publish {number} offers")
    expect(page.get_by_text(f"{number} offers are published.")).to_be_visible()
    ada.look()
    return int(number)


def _answers_come(afternoon: Afternoon, lee: Walker, offers: int) -> None:
    """One declines by the link in the mail, in a browser that knows nobody; two more decline, and one pair says yes."""
    session, now = afternoon.session, datetime.now(UTC)
    session.rollback()
    by_mail, first, second, third = session.scalars(select(Offer).where(Offer.state == "open").limit(4))
    email = session.get_one(Membership, by_mail.mentee_id).person.email
    session.rollback()
    link = re.search(r"http://\S+/answer/\S+", afternoon.mail_to(email, "meet|mentor|offer"))[0]
    lee.page.context.clear_cookies()
    lee.page.goto(link)
    lee.look()
    lee.press("Decline")
    lee.look()
    lee.page.context.close()
    for offer, member, answer in (
        (first, first.mentee_id, "no"),
        (second, second.mentor_id, "no"),
        (third, third.mentor_id, "yes"),
        (third, third.mentee_id, "yes"),
    ):
        person_id = session.get_one(Membership, member).person_id
        answer_offer(session, offer.id, person_id=person_id, answer=answer, now=now)
    page = afternoon.page
    page.reload()
    expect(page.locator("main")).to_contain_text("Why offers were declined")
    for words in ("Not free (3)", "Both said yes (1)", f"Waits for answers ({offers - 4})"):
        expect(page.get_by_label("State", exact=True)).to_contain_text(words)
    afternoon.ada.look()


def _repair(afternoon: Afternoon) -> None:
    """What the repair would do is seen before it is sent, and nobody has an offer of it before."""
    ada, page = afternoon.ada, afternoon.page
    before = afternoon.count(Offer.state == "open")
    ada.follow("See what can be done")
    ada.look()
    ada.press("Work out the repair")
    ada.wait_for(page.get_by_role("table").filter(has_text="New offers"))
    ada.look()
    new = page.locator("tbody tr").count()
    assert new >= 1
    assert afternoon.count(Offer.state == "open") == before
    ada.press(re.compile("^Send [0-9]+ offer"))
    expect(page.get_by_text(re.compile(f"{new} new offers? (is|are) sent"))).to_be_visible()
    assert afternoon.count(Offer.state == "open") == before + new
    ada.look()


def _take_out(afternoon: Afternoon) -> None:
    """The offers as a file, and the log that tells the whole afternoon."""
    ada, page = afternoon.ada, afternoon.page
    ada.turn_to("Reports")
    ada.look()
    with page.expect_download() as download:
        page.get_by_role("button", name="Offers and answers: CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert len(rows) == afternoon.count(Offer.id.is_not(None))
    assert sum("declined" in row.values() for row in rows) == 3
    ada.follow("Open the audit log")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Took out the offers")
    ada.look()
    page.get_by_label("Kind").select_option(label="Rounds")
    ada.press("Filter")
    for words in ("Began the round Spring", "Froze the pool of Spring", "Published Spring"):
        expect(page.locator("main")).to_contain_text(words)
    afternoon.session.rollback()
    told = set(afternoon.session.scalars(select(AuditEvent.action)))
    assert told >= TOLD, TOLD - told


@pytest.mark.browser
@pytest.mark.timeout(1800)
# A minute and a half each: with script on the one database, without on the other.
@pytest.mark.parametrize(
    ("server", "page"), [("sqlite", True), ("postgresql", False)], indirect=True, ids=["sqlite-js", "postgresql-no-js"]
)
def test_two_hundred_people_are_matched_in_an_afternoon(afternoon):
    _import_people(afternoon)
    _invite_people(afternoon)
    lee = _people_join(afternoon)
    _freeze_a_round(afternoon)
    _try_three_ways(afternoon)
    _pin_and_work_out_again(afternoon)
    offers = _publish(afternoon)
    _answers_come(afternoon, lee, offers)
    _repair(afternoon)
    _take_out(afternoon)
