"""The outbox, a real SMTP server on loopback, and the folder that stands in for one."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from tests.integration.letters import NOW, SECRET, deliver, free_port, rows, write
from webapp.mail import facts_for, list_mail, read_mail, rendering
from webapp.services import outbox


def test_mail_goes_out_once_as_text_and_html(app, session, config, cast, smtp, mailbox):
    config = replace(config, smtp_url=f"smtp://{smtp}", base_url="https://mosaic.example.org/at")
    write(session, cast.lee)
    assert deliver(app, session, config) == 1
    assert deliver(app, session, config) == 0
    (message,) = mailbox.messages
    assert message["To"] == f"Lee Lindqvist <{cast.lee.email}>"
    assert message["Subject"] == "Confirm your address for Mosaic"
    assert message["From"] == config.mail_from
    row = rows(session)[0]
    assert message["Message-ID"] == f"<{row.id}@mosaic.example.org>"
    assert message["Date"].datetime.replace(microsecond=0) == NOW
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    address = f"https://mosaic.example.org/at/verify/{SECRET}?next=/home"
    assert "Hello Lee Lindqvist," in text
    assert address in text
    assert f'href="{address}"' in html
    assert (row.state, row.sent_at.replace(microsecond=0), row.error) == ("sent", NOW, "")


def test_one_time_links_cannot_be_read_after_sending(app, session, config, cast):
    write(session, cast.lee)
    deliver(app, session, config)
    assert rows(session)[0].params == {"round_id": "7"}


def test_a_mail_written_twice_under_one_key_is_sent_once(app, session, config, cast):
    write(session, cast.lee)
    write(session, cast.lee)
    assert deliver(app, session, config) == 1


def test_a_mail_for_later_waits(app, session, config, cast):
    write(session, cast.lee, not_before=NOW + timedelta(hours=1))
    assert deliver(app, session, config) == 0
    assert deliver(app, session, config, NOW + timedelta(hours=1)) == 1


def test_refused_recipient_is_tried_later_and_holds_up_nobody(app, session, config, cast, smtp, mailbox):
    config = replace(config, smtp_url=f"smtp://{smtp}")
    mailbox.refused.add(cast.lee.email)
    write(session, cast.lee, key="a")
    write(session, cast.mo, key="b")
    assert deliver(app, session, config) == 1
    refused, sent = rows(session)
    assert (refused.state, refused.attempts, sent.state) == ("waiting", 1, "sent")
    assert refused.error == "refused: 450 mailbox busy"
    assert refused.params["token"] == SECRET
    assert deliver(app, session, config, NOW + timedelta(minutes=1)) == 0
    mailbox.refused.clear()
    assert deliver(app, session, config, NOW + timedelta(minutes=3)) == 1
    assert mailbox.connections == 2  # one a delivery, not one a mail; none when nothing is due


def test_recipient_refused_for_good_is_given_up_at_once(app, session, config, cast, smtp, mailbox):
    config = replace(config, smtp_url=f"smtp://{smtp}")
    mailbox.refused.add(cast.lee.email)
    mailbox.answer = "550 no such person here"
    write(session, cast.lee, key="a")
    write(session, cast.mo, key="b")
    assert deliver(app, session, config) == 1
    refused, sent = rows(session)
    assert (refused.state, refused.attempts, sent.state) == ("failed", 1, "sent")
    assert refused.error == "refused: 550 no such person here"
    assert "token" not in refused.params
    assert deliver(app, session, config, NOW + timedelta(days=1)) == 0


def test_mail_that_never_gets_through_fails_with_the_reason_and_without_its_link(
    app, session, config, cast, smtp, mailbox
):
    config = replace(config, smtp_url=f"smtp://{smtp}")
    mailbox.refused.add(cast.lee.email)
    write(session, cast.lee)
    moment, tries = NOW, 0
    while rows(session)[0].state == "waiting":
        assert deliver(app, session, config, moment) == 0
        tries += 1
        moment += outbox.LONGEST_WAIT + timedelta(minutes=1)
    row = rows(session)[0]
    assert (row.state, row.attempts, tries) == ("failed", outbox.MOST_ATTEMPTS, outbox.MOST_ATTEMPTS)
    assert row.error == "refused: 450 mailbox busy"
    assert row.params == {"round_id": "7"}


def test_dead_server_leaves_every_mail_for_later(app, session, config, cast):
    config = replace(config, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    write(session, cast.lee, key="a")
    write(session, cast.mo, key="b")
    assert deliver(app, session, config) == 0
    assert [(row.state, row.attempts) for row in rows(session)] == [("waiting", 1)] * 2
    assert "refused" in rows(session)[0].error.lower()


def test_address_of_the_server_that_makes_no_sense_is_named(app, session, config, cast):
    write(session, cast.lee)
    assert deliver(app, session, replace(config, smtp_url="http://example.org")) == 0
    assert rows(session)[0].error.startswith("SMTP_URL must read")


def test_password_for_the_server_is_used(app, session, config, cast, smtp, mailbox):
    write(session, cast.lee)
    assert deliver(app, session, replace(config, smtp_url=f"smtp://mosaic:p%40ss@{smtp}")) == 1
    assert mailbox.logins == [(b"mosaic", b"p@ss")]


def test_password_is_not_sent_in_the_clear_to_another_machine(app, session, config, cast, smtp, mailbox, monkeypatch):
    monkeypatch.setattr("webapp.mail.sending.LOOPBACK", set())  # as if the server stood elsewhere
    write(session, cast.lee)
    assert deliver(app, session, replace(config, smtp_url=f"smtp://mosaic:pass@{smtp}")) == 0
    assert "no encryption" in rows(session)[0].error
    assert mailbox.logins == []


def test_two_workers_never_claim_the_same_mail(session, cast):
    for n in range(3):
        write(session, cast.lee, key=str(n))
    first = outbox.claim(session, now=NOW, most=2)
    second = outbox.claim(session, now=NOW, most=2)
    assert (len(first), len(second)) == (2, 1)
    assert {c.id for c in first}.isdisjoint(c.id for c in second)


def test_mail_of_a_worker_that_died_is_sent_by_the_next(app, session, config, cast):
    write(session, cast.lee)
    (lost,) = outbox.claim(session, now=NOW)
    assert deliver(app, session, config, NOW + outbox.LEASE - timedelta(minutes=1)) == 0
    assert deliver(app, session, config, NOW + outbox.LEASE + timedelta(minutes=1)) == 1
    outbox.mark_failed(session, lost, "too late", now=NOW)  # the dead one comes back
    assert rows(session)[0].state == "sent"


def test_template_that_breaks_is_noted_and_holds_up_nobody(app, session, config, cast):
    write(session, cast.lee, template="no_such_template", key="a")
    write(session, cast.mo, key="b")
    assert deliver(app, session, config) == 1
    assert rows(session)[0].error == "could not be written: TemplateNotFound"
    assert SECRET not in rows(session)[0].error


def test_mail_that_is_not_due_any_more_is_dropped(app, session, config, cast, monkeypatch):
    monkeypatch.setitem(rendering._facts, "verify", lambda _session, _claimed: None)
    write(session, cast.lee)
    assert deliver(app, session, config) == 0
    assert rows(session)[0].state == "sent"
    assert list_mail(config.instance / "mail") == []


def test_facts_reach_the_template_in_the_readers_zone(app, session, config, cast, monkeypatch):
    from flask_babel import format_datetime

    seen = []
    monkeypatch.setattr(rendering, "_facts", {})

    @facts_for("verify")
    def facts(_session, claimed):
        seen.append((claimed.name, format_datetime(NOW, "EEEE HH:mm")))
        return {}

    write(session, cast.lee, key="a")
    write(session, cast.mo, key="b")
    deliver(app, session, config)
    assert sorted(seen) == [("Dr Mo Farahani", "Monday 13:00"), ("Lee Lindqvist", "Monday 12:00")]


@pytest.mark.parametrize("template", ["verify", "already_here", "choose_password", "reset", "password_changed"])
def test_every_mail_of_an_account_is_whole(app, session, config, cast, template):
    cast.lee.name = 'Lee <script>alert("x")</script> Åström, "Dr"'
    session.commit()
    write(session, cast.lee, template=template)
    assert deliver(app, session, config) == 1
    (path,) = (config.instance / "mail").glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=default)
    html = message.get_body(("html",)).get_content()
    text = message.get_body(("plain",)).get_content()
    assert "<script>" not in html
    assert "http://localhost/" in text
    assert "http://localhost/" in html
    assert "<img" not in html
    assert message["Subject"]


def test_mailbox_page_shows_mails_with_their_links(app, client, session, config, cast):
    assert "No mail was sent yet" in client.get("/dev/mail").text
    write(session, cast.lee)
    deliver(app, session, config)
    assert "Confirm your address for Mosaic" in client.get("/dev/mail").text
    name = list_mail(config.instance / "mail")[0].name
    page = client.get(f"/dev/mail/{name}").text
    assert f'<a href="http://localhost/verify/{SECRET}?next=/home">' in page


def test_mailbox_page_reads_nothing_outside_its_folder(client, config):
    (config.instance / "mail").mkdir(parents=True)
    (config.instance / "secret.eml").write_text("Subject: secret\n\nsecret")
    for name in ("..%2Fsecret", "../secret", "unknown"):
        assert client.get(f"/dev/mail/{name}").status_code == 404
    assert read_mail(config.instance / "mail", "../secret") is None


def test_mailbox_page_is_gone_where_mail_goes_out_for_real(app, client, config):
    app.config["MOSAIC"] = replace(config, smtp_url="smtp://127.0.0.1")
    assert client.get("/dev/mail").status_code == 404
    app.config["MOSAIC"] = replace(config, testing=False)
    assert client.get("/dev/mail").status_code == 404
