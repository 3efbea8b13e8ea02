"""Which mails somebody gets: every kind but the needed ones is switched off on a page, or by one click in a mail."""

from email import message_from_bytes
from email.policy import default

import pytest

from config import ROOT
from tests.factories.cast import sign_in
from tests.factories.offers import make_offer, make_round
from tests.functional.console import send, text_of
from tests.functional.privacy import PAGE, history
from webapp.mail import KINDS, SWITCHABLE, deliver_outbox
from webapp.models import MailChoice, OutboxMessage
from webapp.services import outbox
from webapp.services.mail_links import make_stop_token
from webapp.services.nudges import nudge_letter


def test_every_mail_is_of_one_kind():
    templates = {path.name.split(".")[0] for path in (ROOT / "webapp/templates/email").glob("[a-z]*.html")}
    listed = [template for kind in KINDS.values() for template in kind.templates]
    assert sorted(listed) == sorted(templates)
    assert {"reminders", "hints"} == SWITCHABLE


@pytest.fixture
def nudge(session, cast, now, app, config):
    """Write a reminder of an offer to Lee, and return what delivers it as a message; None when none went out."""
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now)
    letter = nudge_letter("3", round_.id, now, cast.lee.id, offers=[str(offer.id)], now=now)
    session.flush()
    outbox.write_all(session, [letter])
    session.commit()

    def deliver():
        with app.app_context():
            deliver_outbox(session, config, now=now)
        files = list((config.instance / "mail").glob("*.eml"))
        return message_from_bytes(files[0].read_bytes(), policy=default) if files else None

    return deliver


def test_one_click_in_a_mail_ends_its_kind_without_signing_in(client, session, cast, app, nudge):
    message = nudge()
    url = message["List-Unsubscribe"].strip("<>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in message.get_body(("plain",)).get_content().replace("=\n", "")
    path = url.removeprefix("http://localhost")
    assert "Reminders" in text_of(client, path)
    assert session.query(MailChoice).count() == 0, "opening a link changes nothing"
    app.config["WTF_CSRF_ENABLED"] = True
    for _twice in range(2):
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "You get no more of these mails" in answer.get_data(as_text=True)
    assert [(row.person_id, row.kind) for row in session.query(MailChoice)] == [(cast.lee.id, "reminders")]
    assert history(session, cast.lee) == [("mail", "reminders", "off")]


def test_a_choice_holds_for_mails_that_wait(client, session, cast, nudge):
    sign_in(client, session, cast.lee)
    send(client, f"{PAGE}/mail", page=PAGE, kind="hints")
    assert nudge() is None
    assert session.query(OutboxMessage).one().state == "sent"
    send(client, f"{PAGE}/mail", page=PAGE, kind=["hints", "reminders"])
    assert session.query(MailChoice).count() == 0


def test_a_needed_kind_cannot_be_switched_off(client, session, cast, app, config, now):
    sign_in(client, session, cast.lee)
    send(client, f"{PAGE}/mail", page=PAGE, kind=[])
    assert {row.kind for row in session.query(MailChoice)} == SWITCHABLE
    token = make_stop_token(app.config["SECRET_KEY"], cast.lee.id, "offers")
    for bad in (token, f"{token}x", "x"):
        assert client.get(f"/mail/stop/{bad}").status_code == 404
        assert client.post(f"/mail/stop/{bad}").status_code == 404
    outbox.write(session, template="password_changed", person_id=cast.lee.id, params={}, unique_key="k")
    session.commit()
    with app.app_context():
        assert deliver_outbox(session, config, now=now) == 1
    message = next((config.instance / "mail").glob("*.eml")).read_text()
    assert "List-Unsubscribe" not in message
