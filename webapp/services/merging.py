"""Two entries of one person made one: what would happen, and doing it.

Only an account that was never confirmed disappears, so nobody loses a sign-in without having been asked. Such an
account has never joined: it has no pairs and holds no minutes. Where the one that stays has joined already, what she
said herself stands: a file adds no role to her and raises no limit.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from webapp.models import AvailabilityWindow, Membership, Person, Profile
from webapp.services import offer_steps as steps
from webapp.services.errors import NotFoundError, WrongStateError
from webapp.services.ledger import lock_time
from webapp.services.member_edits import OF_PROFILE, mark
from webapp.services.members import keeps_private, load_member
from webapp.services.merging_people import add_own_words, copy_days_away, move_own_rows, says_more
from webapp.services.merging_rows import has_history, move_rows
from webapp.services.transaction import transaction


@dataclass(frozen=True)
class MergePlan:
    """What making two entries one would do; `refused` says why it cannot be, or nothing."""

    keep_id: uuid.UUID
    gone_id: uuid.UUID
    keep_name: str
    keep_email: str
    gone_email: str
    refused: str
    filled: tuple[str, ...]  # facts that only the one that disappears has
    hours: bool  # its hours are taken over
    more: tuple[str, ...]  # "away", "progress": its days away go along, its goals and achievements
    roles: tuple[str, ...]  # what is added
    dropped: tuple[str, ...]  # roles that are not, because the one that stays has joined without them
    lowered: tuple[str, ...]  # limits that both have: the lower one counts
    account_goes: bool  # no other programme knows the account


def plan_merge(session: Session, programme_id: uuid.UUID, keep_id: uuid.UUID, gone_id: uuid.UUID) -> MergePlan:
    """Return what a merge would do."""
    keep, gone = load_member(session, programme_id, keep_id), load_member(session, programme_id, gone_id)
    return _plan(session, keep, gone)


def merge_people(
    session: Session,
    programme_id: uuid.UUID,
    keep_id: uuid.UUID,
    gone_id: uuid.UUID,
    *,
    by: uuid.UUID,
    now: datetime,
) -> MergePlan:
    """Make two entries one, all in one transaction.

    Raises
    ------
    WrongStateError
        It cannot be; `state` says why, as in the plan.

    """
    with transaction(session):
        _lock(session, programme_id, keep_id, gone_id)
        keep, gone = load_member(session, programme_id, keep_id), load_member(session, programme_id, gone_id)
        plan = _plan(session, keep, gone)
        if plan.refused:
            raise WrongStateError("merge", plan.refused, "merge")
        _fill(session, keep, gone, plan)
        if not keeps_private(keep, keep.person):
            if plan.account_goes:
                _take_account(session, keep, gone, now)
            else:
                copy_days_away(session, keep.person_id, gone.person_id)
        if not _has_joined(keep):
            _combine(keep, gone)
        session.flush()  # offers and requests stand with the one that stays before the other goes
        keep.priority = max(keep.priority, gone.priority)
        move_rows(session, keep_id, gone_id)
        mark(session, keep, ["merged"], "member.merged", by=by, now=now, gone=str(gone_id))
        session.flush()
        if plan.account_goes:
            session.execute(delete(Person).where(Person.id == gone.person_id))
        else:
            session.execute(delete(Membership).where(Membership.id == gone_id))
    return plan


def _plan(session: Session, keep: Membership, gone: Membership) -> MergePlan:
    has_joined = _has_joined(keep)
    new = tuple(role for role in ("mentor", "mentee") if _is(gone, role) and not _is(keep, role))
    lowered = [] if has_joined else _lower_limits(keep, gone)
    elsewhere = exists().where(Membership.person_id == gone.person_id, Membership.id != gone.id)
    profile = keep.person.profile
    # What an account of hers holds is nothing that this programme may look into or add to before she has said yes.
    is_open = not keeps_private(keep, keep.person)
    filled = [f for f in OF_PROFILE if is_open and _fact(gone.person.profile, f) and not _fact(profile, f)]
    account_goes = not session.scalar(select(elsewhere))
    return MergePlan(
        keep_id=keep.id,
        gone_id=gone.id,
        keep_name=keep.person.name,
        keep_email=keep.person.email,
        gone_email=gone.person.email,
        refused=_refusal(session, keep, gone),
        filled=tuple(filled),
        hours=is_open and bool(gone.person.windows) and not keep.person.windows,
        more=says_more(session, gone.person_id, account_goes=account_goes) if is_open else (),
        roles=() if has_joined else new,
        dropped=new if has_joined else (),
        lowered=tuple(name for name, _value in lowered),
        account_goes=account_goes,
    )


def _refusal(session: Session, keep: Membership, gone: Membership) -> str:
    if keep.person_id == gone.person_id or "left" in {keep.status, gone.status}:
        raise NotFoundError("membership")
    if gone.person.email_verified_at is not None:
        return "both_confirmed" if keep.person.email_verified_at is not None else "gone_confirmed"
    if gone.is_coordinator or gone.person.is_operator:
        return "coordinates"
    if gone.joined_at is not None or has_history(session, gone.id):
        return "history"
    return ""


def _has_joined(membership: Membership) -> bool:
    return membership.joined_at is not None or membership.asked_at is not None


def _is(membership: Membership, role: str) -> bool:
    return membership.is_mentor if role == "mentor" else membership.is_mentee


def _fact(profile: Profile | None, name: str) -> object:
    return getattr(profile, name) if profile else None


def _lower_limits(keep: Membership, gone: Membership) -> list[tuple[str, int]]:
    """Return the limits of the one that stays which the other would lower."""
    found = []
    for name, mine, other in (
        ("minutes_a_month", keep.offer, gone.offer),
        ("places", keep.offer, gone.offer),
        ("mentors_wanted", keep.request, gone.request),
    ):
        # 0 is what nobody has stated yet.
        if mine is not None and other is not None and 0 < getattr(other, name) < getattr(mine, name):
            found.append((name, getattr(other, name)))
    return found


def _fill(session: Session, keep: Membership, gone: Membership, plan: MergePlan) -> None:
    """Take over facts and hours that only the other entry has; what stands with the one that stays is not touched."""
    if plan.filled and keep.person.profile is None:
        keep.person.profile = Profile(person_id=keep.person_id)
    for name in plan.filled:
        setattr(keep.person.profile, name, getattr(gone.person.profile, name))
    if plan.hours:
        keep.person.zone = gone.person.zone
        session.add_all(
            AvailabilityWindow(
                person_id=keep.person_id, weekday=w.weekday, start_minute=w.start_minute, end_minute=w.end_minute
            )
            for w in gone.person.windows
        )


def _take_account(session: Session, keep: Membership, gone: Membership, now: datetime) -> None:
    """Take over what else she said under the account that disappears."""
    mine, other = keep.person, gone.person
    if other.profile is not None:
        if mine.profile is None:
            mine.profile = Profile(person_id=mine.id)
            session.flush()  # its columns have their defaults then
        add_own_words(mine.profile, other.profile)
    mine.pronouns = mine.pronouns or other.pronouns
    session.flush()
    move_own_rows(session, mine.id, other.id, now=now)


def _combine(keep: Membership, gone: Membership) -> None:
    """Bring roles, offer and request together; of two limits the lower one counts."""
    keep.is_mentor, keep.is_mentee = keep.is_mentor or gone.is_mentor, keep.is_mentee or gone.is_mentee
    for name, value in _lower_limits(keep, gone):
        setattr(keep.request if name == "mentors_wanted" else keep.offer, name, value)
    if gone.offer is not None:
        if keep.offer is None:
            gone.offer.membership_id = keep.id
        else:
            keep.offer.topics = keep.offer.topics or gone.offer.topics
            keep.offer.about = keep.offer.about or gone.offer.about
    if gone.request is not None:
        if keep.request is None:
            gone.request.membership_id = keep.id
        else:
            keep.request.topics = keep.request.topics or gone.request.topics
            keep.request.specialties = keep.request.specialties or gone.request.specialties
            keep.request.goal = keep.request.goal or gone.request.goal


def _lock(session: Session, programme_id: uuid.UUID, keep_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    """Lock time, people and memberships, in the order in which everybody does.

    The one that goes with its key too: nobody can write a row that names it any more, which would go with it unseen.
    """
    membership_ids = (keep_id, gone_id)
    lock_time(session, membership_ids)
    here = (Membership.id.in_(list(membership_ids)), Membership.programme_id == programme_id)
    people = select(Person.id).where(Person.id.in_(select(Membership.person_id).where(*here))).order_by(Person.id)
    session.execute(people.with_for_update(key_share=True)).all()
    steps.lock_memberships(session, membership_ids)
    session.execute(select(Membership.id).where(Membership.id == gone_id).with_for_update()).all()
