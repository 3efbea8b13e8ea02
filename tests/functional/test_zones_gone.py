"""A zone that the zone data have dropped: rounds, pages and mails go on, and whoever chose it is told."""

import json

import pytest
from sqlalchemy import select, text

from tests.factories.cast import Cast, sign_in
from tests.factories.pools import freeze
from tests.functional.console import send, text_of, work_off
from tests.functional.rounds import publish
from tests.functional.test_console_proofs import check_off
from webapp.engine.snapshots import hash_of
from webapp.mail import deliver_outbox, list_mail
from webapp.models import Offer, Person, Round

GONE = "Mars/Olympus"
ASKED = "is not in use any more"


def drop_zone(session) -> None:
    """Let the zone of everybody and everything be one that no zone data know."""
    for table in ("person", "programme"):
        session.execute(text(f"UPDATE {table} SET zone = :gone"), {"gone": GONE})
    session.commit()
    session.expire_all()


def drop_frozen_zone(session, round_id, *sides: str) -> None:
    row = session.get(Round, round_id)
    plain = json.loads(json.dumps(row.snapshot))
    for side in sides:
        for one in plain[side]:
            one["zone"] = GONE
    row.snapshot, row.snapshot_sha256 = plain, hash_of(plain)
    session.commit()


@pytest.fixture
def base(cast: Cast) -> str:
    return f"/c/{cast.programme.slug}/rounds"


@pytest.fixture
def frozen(session, cast, now):
    round_id = freeze(session, cast.programme, cast.ada, now)
    drop_zone(session)
    drop_frozen_zone(session, round_id, "mentors", "mentees")
    return round_id


def test_round_with_zones_that_are_gone_is_worked_out_checked_and_published(
    app, client, session, cast, frozen, base, config, now
):
    ada = sign_in(client, session, cast.ada)
    here = f"{base}/{frozen}"
    send(ada, f"{here}/solve", page=here, objective="coverage")
    scenario = work_off(session, now)
    assert (scenario.status, scenario.verified) == ("solved", True)
    for path in ("", "/publish", f"/scenarios/{scenario.id}", f"/scenarios/{scenario.id}/proof", "/people"):
        assert ada.get(here + path, follow_redirects=True).status_code == 200, path
    for path in ("", "/people", "/pool", "/settings", "/audit", "/reports"):
        assert ada.get(f"/c/{cast.programme.slug}{path}", follow_redirects=True).status_code == 200, path
    publish(ada, base, scenario, 1)
    offer = session.scalars(select(Offer)).one()
    session.commit()  # a savepoint that reading left open would take the client's changes back with it
    with app.app_context():
        assert deliver_outbox(session, config, now=now) == 2
    for mail in list_mail(config.instance / "mail"):
        assert "times in this mail are by UTC. Choose another: http://localhost/me/hours" in " ".join(mail.text.split())
    for person in (cast.mo, cast.lee):
        sign_in(client, session, person)
        for path in ("/home", "/suggestions", f"/offers/{offer.id}", "/me/time", "/me/privacy"):
            assert client.get(path, follow_redirects=True).status_code == 200, path
        assert "Which clock do you live by?" in text_of(client, "/home")


def test_certificate_from_before_a_zone_was_dropped_fails_with_the_cause(client, session, cast, base, now):
    round_id = freeze(session, cast.programme, cast.ada, now)
    ada = sign_in(client, session, cast.ada)
    here = f"{base}/{round_id}"
    send(ada, f"{here}/solve", page=here, objective="coverage")
    scenario = work_off(session, now)
    drop_frozen_zone(session, round_id, "mentors")
    scenario.rules = {**scenario.rules, "snapshot_sha256": session.get(Round, round_id).snapshot_sha256}
    path = f"{here}/scenarios/{scenario.id}/proof"
    send(ada, path)
    check = check_off(session, now)
    assert check.ok is False
    assert check.faults[0] == "zones: Mars/Olympus in no zone data any more"
    assert "Reopen the round and freeze it anew." in text_of(ada, path)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Paris"])
def test_zone_chosen_anew_is_kept_and_nobody_is_asked_again(client, session, cast, zone):
    drop_zone(session)
    sign_in(client, session, cast.lee)
    assert ASKED in text_of(client, "/home")
    assert send(client, "/me/hours", h=["mo-17:00"], zone=zone).status_code == 302
    assert (
        session.execute(text("SELECT zone FROM person WHERE email = :email"), {"email": cast.lee.email}).scalar()
        == zone
    )
    session.expire_all()
    assert session.get(Person, cast.lee.id).zone == zone
    for path in ("/home", "/me/hours", "/me"):
        assert ASKED not in text_of(client, path)
