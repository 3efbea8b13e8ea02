"""What a page of suggestions looks at: a member in one role, and everybody on the other side of her programme."""

import unicodedata
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matcher.people import Mentor
from webapp.engine.encode import mentee_record, mentor_record, settings_of, taxonomy_of
from webapp.models import Interest, Membership
from webapp.services.crowds import Neighbour, crowd_of, load_members
from webapp.services.errors import NotFoundError
from webapp.services.fits import Fit, Fits, Side
from webapp.services.pair_facts import barred_for

# Why there are no cards: she has paused, all her time is taken or her wishes are met, her hours are missing, nobody
# is there yet, or nobody fits.
State = Literal["ready", "paused", "full", "complete", "no_hours", "nobody", "none_fit"]


@dataclass(frozen=True)
class Scene:
    """Everything that is loaded once, and what follows from it."""

    me: Membership
    side: Side
    today: date
    others: dict[uuid.UUID, Neighbour]
    verdicts: dict[uuid.UUID, str]  # what she said of whom
    barred: dict[str, str]  # whom she cannot be paired with, and why
    had: Counter[uuid.UUID]  # mentors that each mentee has
    crowd: Counter[str]  # other mentees interested in each mentor

    def said(self, verdict: str) -> list[uuid.UUID]:
        return [key for key, said in self.verdicts.items() if said == verdict and key in self.others]

    def topics_of(self, member: Membership, *, mine: bool) -> tuple[str, ...]:
        """Return what a member looks for or offers, by the side that she is on."""
        looks_for = (self.side == "mentee") is mine
        source = member.request if looks_for else member.offer
        return tuple(source.topics) if source else ()

    def fits(self) -> Fits:
        """Score the member against all others."""
        barred = dict.fromkeys(map(str, self.said("not_for_me")), "EXCLUDED") | {
            key: code for key, code in self.barred.items() if uuid.UUID(key) in self.others
        }
        others = list(self.others.values())
        settings, taxonomy = settings_of(self.me.programme), taxonomy_of(self.me.programme)
        if self.side == "mentee":
            mentors = [other.as_mentor(self.today) for other in others]
            return Fits.of_mentee(mentee_record(self.me, has=self.had[self.me.id]), mentors, settings, barred, taxonomy)
        mentees = [other.as_mentee(self.had[other.id]) for other in others]
        return Fits.of_mentor(mentor_record(self.me, on=self.today), mentees, settings, barred, taxonomy)

    def state(self, ordered: Sequence[Fit]) -> State:
        """Say whether there is something to show, or what stands in the way; what she can change comes first."""
        me = self.me
        mentor = mentor_record(me, on=self.today) if self.side == "mentor" else None
        wanted = me.request.mentors_wanted if me.request else 0
        found: list[tuple[State, bool]] = [
            ("paused", me.status == "paused" or (mentor is not None and mentor.paused)),
            ("full", mentor is not None and (mentor.places == 0 or mentor.minutes == 0)),
            ("complete", mentor is None and self.had[me.id] >= wanted),
            ("no_hours", not me.person.windows),
            ("nobody", not self.others),
            ("none_fit", not any(fit.key == "acceptable" for fit in ordered)),
        ]
        return next((state for state, holds in found if holds), "ready")


def load_scene(session: Session, membership_id: uuid.UUID, *, side: Side, now: datetime) -> Scene:
    """Load a member and the other side. Seven queries where nobody changed, whatever the number of people."""
    mine = select(Membership).where(Membership.id == membership_id).options(joinedload(Membership.programme))
    found = load_members(session, mine)
    me = found[0] if found else None
    if me is None or not (me.offer if side == "mentor" else me.request):
        raise NotFoundError
    crowd = crowd_of(session, me.programme_id, side)
    verdicts = _verdicts(session, me.id, side)
    return Scene(
        me=me,
        side=side,
        today=now.astimezone(ZoneInfo(me.programme.zone)).date(),
        others={key: one for key, one in crowd.people.items() if key != me.id and _looks(one, crowd.had)},
        verdicts=verdicts,
        barred=barred_for(session, me.id, side),
        had=crowd.had,
        crowd=_without_her_own(crowd.wished, verdicts) if side == "mentee" else Counter(),
    )


def same_name(asked: str, name: str) -> bool:
    """Whether every word asked for begins a word of the name, without regard to case, accents and titles."""
    parts = _plain(name).split()
    words = [word for word in _plain(asked).split() if word not in {"dr", "prof", "professor"}]
    return bool(words) and all(any(part.startswith(word) for part in parts) for word in words)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).replace(".", " ")


def _looks(other: Neighbour, had: Counter[uuid.UUID]) -> bool:
    """Whether somebody is to be considered at all; a mentor who paused is, so that one can ask why not."""
    return isinstance(other.record, Mentor) or (other.status == "active" and had[other.id] < other.record.wanted)


def _verdicts(session: Session, membership_id: uuid.UUID, side: Side) -> dict[uuid.UUID, str]:
    mine, other = Interest.mentee_id, Interest.mentor_id
    if side == "mentor":
        mine, other = other, mine
    query = select(other, Interest.verdict).where(mine == membership_id, Interest.side == side)
    rows = session.execute(query.order_by(Interest.created_at, Interest.id)).all()
    return dict(iter(rows))


def _without_her_own(wished: Counter[str], verdicts: dict[uuid.UUID, str]) -> Counter[str]:
    """Count the other mentees who are interested in each mentor; her own word must not move her cards."""
    others = Counter(wished)
    others.subtract(str(key) for key, verdict in verdicts.items() if verdict == "interested")
    return others
