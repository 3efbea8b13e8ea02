"""Whether a database holds the demonstration, and whom it lets in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import Config
from webapp.models import AuditEvent, Base, Person
from webapp.services.demo_cast import CAST, COORDINATOR, OPERATOR
from webapp.services.passwords import hash_password
from webapp.services.transaction import transaction

BEGUN, MADE = "demo.begun", "demo.made"

DatabaseState = Literal["empty", "begun", "made", "foreign"]


@dataclass(frozen=True)
class Account:
    role: str
    email: str


ACCOUNTS = (
    Account("coordinator", COORDINATOR[1]),
    *(Account(person.account, person.email) for person in CAST),
    Account("operator", OPERATOR[1]),
)


def state_of(session: Session) -> DatabaseState:
    """Say what the database holds: nothing, the demonstration, half of it, or somebody's real people."""
    marks = set(session.scalars(select(AuditEvent.action).where(AuditEvent.action.in_([BEGUN, MADE]))))
    if MADE in marks:
        return "made"
    if BEGUN in marks:
        return "begun"
    return "foreign" if session.scalar(select(Person.id).limit(1)) else "empty"


def clear_demo(session: Session) -> None:
    """Empty a database in which the demonstration was begun and not finished; it was empty before that.

    The tables are made anew, for the audit log lets no line be deleted.
    """
    with transaction(session):
        connection = session.connection()
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)


def set_passwords(session: Session, passwords: Mapping[str, str], config: Config) -> None:
    """Give the listed accounts these passwords, hashed as everyone's are."""
    hashes = {email: hash_password(password, config) for email, password in passwords.items()}
    with transaction(session):
        for email, password_hash in hashes.items():
            session.execute(update(Person).where(Person.email == email).values(password_hash=password_hash))
