"""What tests of deleted accounts share: somebody whose name stands wherever a name can, and where it is looked for."""

import pytest
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Session

from tests.factories.cast import Cast, make_coordinator, make_mentee, make_mentor, make_person
from tests.factories.letters import make_letter
from tests.factories.offers import make_offer, make_round, make_scenario
from webapp.mail import forget_mail
from webapp.models import (
    Achievement,
    Base,
    BoardNote,
    Consent,
    EditOnBehalf,
    Goal,
    ImportBatch,
    ImportContent,
    LetterBox,
    LoginSession,
    MailChoice,
    Membership,
    Mentorship,
    OfferAsk,
    OfferMessage,
    PairRule,
    Person,
    Token,
    Trait,
)
from webapp.services.accounts import Visitor
from webapp.services.forgetting import forget_person
from webapp.services.passwords import hash_password

PASSWORD = "correct horse battery"
NAME, EMAIL = "Dr Zoë Quistgaard", "zoe.quistgaard@example.org"
YES = {"state": "accepted", "mentor_answer": "yes", "mentee_answer": "yes"}
VISITOR = Visitor("127.0.0.1", "Firefox")


@pytest.fixture
def zoe(session: Session, cast: Cast, config, now) -> Person:
    """Somebody with everything: she mentors Lee, waits for an answer, is mentored by Mo, and coordinated too."""
    zoe = make_person(session, NAME, email=EMAIL, password_hash=hash_password(PASSWORD, config), pronouns="she/her")
    zoe.profile.bio, zoe.profile.institution = f"{NAME} writes of herself.", "Quistgaard Hospital"
    mentor = make_mentor(session, cast.programme, zoe, about=f"Write to {EMAIL}")
    make_mentee(session, cast.programme, zoe, goal="To be told of by Zoë Quistgaard")
    make_coordinator(session, cast.programme, zoe)
    round_ = make_round(session, cast.programme, state="published", snapshot={"mentors": [{"key": str(mentor.id)}]})
    other = make_mentee(session, cast.programme, make_person(session, "Ines Achterberg"))
    make_scenario(session, round_, [(mentor, cast.mentee)])
    pair = make_offer(session, round_, mentor, cast.mentee, now=now, **YES)
    session.add(
        Mentorship(
            offer_id=pair.id,
            mentor_id=mentor.id,
            mentee_id=cast.mentee.id,
            cadence="monthly",
            meeting_minutes=60,
            agreement="Zoë Quistgaard and Lee meet at noon",
        )
    )
    waiting = make_offer(session, round_, mentor, other, now=now)
    session.add_all(
        [
            OfferMessage(offer_id=waiting.id, number=1, side="mentor", text=f"I am {NAME}"),
            OfferMessage(offer_id=waiting.id, number=2, side="mentee", text="Thank you, Zoë Quistgaard"),
            OfferAsk(offer_id=waiting.id, kind="call", side="mentor", choices=[], place=f"Ring {NAME}"),
        ]
    )
    to_her = make_letter(session, mentor, other, now=now)
    to_her.asked_back = f"{NAME} asks"
    make_letter(session, cast.mentor, mentor, now=now).who = f"I am {NAME}"
    session.add(LetterBox(membership_id=mentor.id, is_open=True, about=f"Tell {NAME} who you are"))
    make_offer(session, round_, cast.mentor, mentor, now=now)
    sides = {"round_id": round_.id, "mentor_id": mentor.id, "mentee_id": cast.mentee.id}
    session.add_all(
        [
            Trait(person_id=zoe.id, facts=["carer"]),
            MailChoice(person_id=zoe.id, kind="hints"),
            Consent(person_id=zoe.id, programme_id=cast.programme.id, kind="terms", value="1"),
            Goal(person_id=zoe.id, text="Zoë Quistgaard's goal"),
            Achievement(person_id=zoe.id, kind="paper", text="Quistgaard Z, 2026", achieved_on=now.date()),
            LoginSession(
                person_id=zoe.id, token_hash="z" * 64, seen_at=now, expires_at=now, agent="Zoë Quistgaard's phone"
            ),
            Token(person_id=zoe.id, purpose="reset", token_hash="y" * 64, expires_at=now),
            EditOnBehalf(membership_id=mentor.id, by_person_id=cast.ada.id, fields=["name"]),
            BoardNote(
                round_id=round_.id, mentor_id=mentor.id, text=f"Ask {NAME}", by_person_id=cast.ada.id, written_at=now
            ),
            BoardNote(
                round_id=round_.id, mentor_id=cast.mentor.id, text="Dr. zoë  QUISTGAARD knows him", written_at=now
            ),
            PairRule(**sides, kind="pin", why="Zoë Quistgaard asked for it", by_person_id=cast.ada.id),
            _imported(cast, mentor, now),
        ]
    )
    cast.lee.profile.bio = f"I work with {NAME} ({EMAIL})."
    cast.programme.contact = EMAIL
    _upload(session, cast, now)
    session.commit()
    return zoe


def _imported(cast: Cast, member: Membership, now) -> ImportBatch:
    undo = {
        "people": [str(member.person_id)],
        "made": [],
        "marks": {str(member.id): ["known", "x"], "other": ["new", "y"]},
        "former": {str(member.id): {"person": {"name": NAME}}},
    }
    return ImportBatch(
        programme_id=cast.programme.id,
        by_person_id=cast.ada.id,
        file_name="zoë-quistgaard.csv",
        sha256="0" * 64,
        state="imported",
        undo=undo,
        imported_at=now,
    )


def _upload(session: Session, cast: Cast, now) -> None:
    batch = ImportBatch(programme_id=cast.programme.id, by_person_id=cast.ada.id, file_name="list.csv", sha256="1" * 64)
    session.add(batch)
    session.flush()
    findings = {"rows": [{"name": NAME}]}
    session.add(
        ImportContent(batch_id=batch.id, header=["name", "email"], rows=[[2, NAME, EMAIL.upper()]], findings=findings)
    )


def traces(session: Session, *words: str) -> list[tuple[str, str]]:
    """Every column of every table, the text of JSON as well, that holds one of these words."""
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, String | JSON):
                continue
            for value in session.scalars(select(column)):
                text = str(value).casefold()
                found += [(table.name, column.name) for word in words if word.casefold() in text]
    return found


def forgetting(person_id, config, now, password=PASSWORD):
    def call(session):
        forget_person(
            session,
            person_id,
            password=password,
            visitor=VISITOR,
            config=config,
            forget_files=lambda gone: forget_mail(config.instance / "mail", [gone.name, gone.email]),
            now=now,
        )
        return "gone"

    return call


def forget(session, person, config, now):
    forgetting(person.id, config, now)(session)
