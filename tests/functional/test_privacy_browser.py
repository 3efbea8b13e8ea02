"""Taking one's data out and deleting the account in a browser: with script on one database, without on the other."""

import io
import zipfile

import pytest
from playwright.sync_api import expect

from tests.factories.cast import Cast
from tests.functional.browser import LONGEST
from tests.functional.walking import follow, press
from webapp.models import Person
from webapp.services.passwords import hash_password

PASSWORD = "correct horse battery"


@pytest.fixture
def scripted(server) -> bool:
    return server.name == "sqlite"


@pytest.fixture
def page(chromium, live, scripted):
    context = chromium.new_context(base_url=live.url, java_script_enabled=scripted, locale="en-GB")
    context.set_default_timeout(LONGEST)
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_a_copy_is_taken_and_the_account_deleted(live, page, axe, scripted):
    session = live.session()
    cast = Cast.create(session)
    cast.lee.password_hash = hash_password(PASSWORD, live.app.config["MOSAIC"])
    session.commit()
    live.sign_in(cast.lee, page.context)
    page.goto("/me/privacy")
    axe(page, scripted=scripted)
    page.get_by_label("Caring for children or others at home").check()
    press(page, "Save my private facts")
    expect(page.get_by_label("Caring for children or others at home")).to_be_checked()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my data").click()
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    assert b"carer" in archive.read("my-data.json")
    assert b"Lee Lindqvist" in archive.read("my-data.html")
    page.goto("/me/progress/achievements/new")
    axe(page, scripted=scripted)
    page.goto("/me/progress")
    axe(page, scripted=scripted)
    page.goto("/me/privacy")
    follow(page, "See what would happen")
    axe(page, scripted=scripted)
    page.get_by_label("Write: delete my account").fill("delete it")
    page.get_by_label("Your password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Write the three words")
    axe(page, scripted=scripted)
    page.get_by_label("Write: delete my account").fill("delete my account")
    page.get_by_label("Your password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your account is deleted")
    axe(page, scripted=scripted)
    session.expire_all()
    assert session.get(Person, cast.lee.id).name == "Former member"
    page.goto("/me")
    expect(page.locator("h1")).not_to_contain_text("About")
