"""Many at once: one-time links, throttling, the same sign-up twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories.cast import make_person
from webapp.models import LoginAttempt, LoginSession, OutboxMessage, Person, Token
from webapp.services import accounts, throttle, tokens
from webapp.services.accounts import Visitor
from webapp.services.errors import ThrottledError
from webapp.services.logins import hash_token
from webapp.services.passwords import hash_password
from webapp.services.transaction import transaction

NOW = datetime(2027, 2, 15, 18, 0, tzinfo=UTC)
HERE = Visitor("192.0.2.7", "test")
PASSWORD = "three quiet owls"


def at_once(engine, count, action):
    """Run `action(session)` in so many threads that start together; returns what each gave or raised."""
    barrier = Barrier(count)

    def run(_n):
        with Session(engine, expire_on_commit=False) as session:
            barrier.wait(timeout=120)
            session.execute(select(1))  # as a request does, before the action
            try:
                return action(session)
            except Exception as error:  # noqa: BLE001 - the test looks at it
                return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.fixture
def lee(committed_engine, config):
    with Session(committed_engine, expire_on_commit=False) as session:
        person = make_person(session, "Lee Lindqvist", password_hash=hash_password(PASSWORD, config))
        session.commit()
        return person


def issue(engine, person, purpose):
    with Session(engine) as session, transaction(session):
        return tokens.issue(session, person.id, purpose, now=NOW)


def test_of_twenty_uses_of_a_confirmation_link_one_wins(committed_engine, config, lee):
    secret = issue(committed_engine, lee, "verify")
    results = at_once(
        committed_engine,
        20,
        lambda session: accounts.confirm_address(session, secret, visitor=HERE, config=config, now=NOW),
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert sum(result is not None for result in results) == 1
    with Session(committed_engine) as session:
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 1


def test_of_twenty_uses_of_a_reset_link_one_wins(committed_engine, config, lee):
    secret = issue(committed_engine, lee, "reset")
    results = at_once(
        committed_engine,
        20,
        lambda session: accounts.set_password(
            session, secret, "reset", password="a whole new sentence", visitor=HERE, config=config, now=NOW
        ),
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert sum(result is not None for result in results) == 1


def test_twenty_guesses_at_once_are_counted_one_by_one(committed_engine, config, lee):
    results = at_once(
        committed_engine,
        20,
        lambda session: accounts.sign_in(
            session, email=lee.email, password="wrong", next_path="/", visitor=HERE, config=config, now=NOW
        ),
    )
    refused = [result for result in results if isinstance(result, ThrottledError)]
    assert len(refused) == 20 - config.login_attempts
    assert all(isinstance(result, accounts.SignInResult) for result in results if result not in refused)


def test_the_same_sign_up_sent_five_times_at_once_makes_one_account(committed_engine, config):
    results = at_once(
        committed_engine,
        5,
        lambda session: accounts.sign_up(
            session,
            name="Noor Aziz",
            email="noor@example.org",
            password=PASSWORD,
            zone="UTC",
            next_path="/home",
            visitor=HERE,
            config=config,
            now=NOW,
        ),
    )
    assert results == [None] * 5
    with Session(committed_engine) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 5


def test_of_sign_ups_at_once_with_several_passwords_none_can_be_confirmed_by_a_link_alone(committed_engine, config):
    """Whoever is first may not own the mailbox; its owner, who follows the link, must not get that one's password."""
    passwords = iter([f"three quiet owls and {n}" for n in range(4)])
    results = at_once(
        committed_engine,
        4,
        lambda session: accounts.sign_up(
            session,
            name="Noor Aziz",
            email="noor@example.org",
            password=next(passwords),
            zone="UTC",
            next_path="/home",
            visitor=HERE,
            config=config,
            now=NOW,
        ),
    )
    assert results == [None] * 4
    with Session(committed_engine) as session:
        assert set(session.scalars(select(Token.purpose))) == {"reset"}


def test_only_hashes_of_links_are_kept(session, cast):
    with transaction(session):
        secret = tokens.issue(session, cast.lee.id, "reset", now=NOW)
    row = session.scalars(select(Token)).one()
    assert row.token_hash == hash_token(secret) != secret


def test_links_long_out_of_date_are_removed(session, cast):
    for moment in (NOW, NOW + timedelta(days=9)):
        with transaction(session):
            tokens.issue(session, cast.lee.id, "reset", now=moment)
    assert session.scalar(select(func.count()).select_from(Token)) == 1


def test_old_tries_are_removed_and_success_clears_those_of_the_account(session, config):
    limits = throttle.login_limits("lee@example.org", "2001:db8::1", config)
    for moment in (NOW - timedelta(days=2), NOW - timedelta(minutes=1), NOW):
        with transaction(session):
            throttle.count_try(session, limits, now=moment)
    assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 4
    with transaction(session):
        throttle.forgive(session, limits, now=NOW)
    left = session.scalars(select(LoginAttempt)).all()
    assert [(row.key_hash, row.created_at) for row in left] == [(limits[1].key_hash, NOW - timedelta(minutes=1))]


def test_neither_mail_nor_address_can_be_read_from_a_try(config):
    account, address = throttle.login_limits("lee@example.org", "192.0.2.7", config)
    assert hash_token("lee@example.org") != account.key_hash
    assert hash_token("192.0.2.7") != address.key_hash


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.7", "192.0.2.8", False),
        ("", "unknown", True),
    ],
)
def test_addresses_of_one_household_count_together(config, one, other, same):
    keys = [throttle.login_limits("lee@example.org", address, config)[1].key_hash for address in (one, other)]
    assert (keys[0] == keys[1]) is same


def test_sign_in_fails_when_the_password_changes_meanwhile(session, config, cast, monkeypatch):
    cast.lee.password_hash = hash_password(PASSWORD, config)
    session.commit()
    real = accounts.verify_password

    def verify_then_change(kept, password, config):
        result = real(kept, password, config)
        with transaction(session):
            session.get_one(Person, cast.lee.id).password_hash = hash_password("a newer password", config)
        return result

    monkeypatch.setattr(accounts, "verify_password", verify_then_change)
    result = accounts.sign_in(
        session, email=cast.lee.email, password=PASSWORD, next_path="/", visitor=HERE, config=config, now=NOW
    )
    assert result == accounts.SignInResult()


def test_unknown_address_costs_a_hash_too(session, config, monkeypatch):
    checked = []
    real = accounts.verify_password

    def verify(kept, password, config):
        checked.append(kept)
        return real(kept, password, config)

    monkeypatch.setattr(accounts, "verify_password", verify)
    accounts.sign_in(
        session, email="nobody@example.org", password="wrong", next_path="/", visitor=HERE, config=config, now=NOW
    )
    assert checked == [None]
