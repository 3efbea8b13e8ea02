"""What a page of suggestions looks at: a member in one role, and everybody on the other side of her programme."""

import unicodedata
import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matcher.people import Mentee, Mentor
from matcher.taxonomy import Taxonomy
from webapp.engine.encode import mentee_record, mentor_record, settings_of, taxonomy_of
from webapp.models import Membership
from webapp.services.crowds import Crowd, Neighbour, View, crowd_of, load_member
from webapp.services.errors import NotFoundError
from webapp.services.fits import Fits, Ordered, Side, turns_of
from webapp.services.pair_facts import Word, said_and_barred

# Why there are no cards: she has paused, all her time is taken or her wishes are met, her hours are missing, nobody
# is there yet, or nobody fits.
State = Literal["ready", "paused", "full", "complete", "no_hours", "nobody", "none_fit"]


@dataclass(frozen=True)
class Scene:
    """Everything that is loaded once, and what follows from it."""

    me: Membership
    me_id: uuid.UUID
    side: Side
    today: date
    crowd: Crowd
    words: dict[uuid.UUID, Word]  # what she said of whom
    barred: dict[str, str]  # whom she cannot be paired with, and why
    paired: set[str]  # whom of these she is paired with, or may be by an open offer

    @property
    def taxonomy(self) -> Taxonomy:
        return self.crowd.pool.taxonomy

    def other(self, key: uuid.UUID) -> Neighbour | None:
        """Return one of those whom she looks at."""
        found = self.crowd.people.get(key)
        return found if found is not None and key != self.me_id and found.looks(self.crowd.standing.had) else None

    def named(self, asked: str) -> list[Neighbour]:
        """Return those whose name is asked for, by name."""
        found = [one for one in self.crowd.people.values() if same_name(asked, one.name) and self.other(one.id)]
        return sorted(found, key=lambda one: (one.name, one.id))

    def said(self, verdict: str) -> list[uuid.UUID]:
        return [key for key, word in self.words.items() if word.verdict == verdict and self.other(key)]

    def topics_of(self, member: Membership, *, mine: bool) -> tuple[str, ...]:
        """Return what a member looks for or offers, by the side that she is on."""
        looks_for = (self.side == "mentee") is mine
        source = member.request if looks_for else member.offer
        return tuple(source.topics) if source else ()

    def fits(self) -> Fits:
        """Score the member against all others."""
        barred = dict.fromkeys(map(str, self.said("not_for_me")), "EXCLUDED") | {
            key: code for key, code in self.barred.items() if uuid.UUID(key) in self.crowd.people
        }
        if self.side == "mentee":
            has, mine = self.crowd.standing.had[self.me_id], self._topics_of_mentors()
            record: Mentee | Mentor = mentee_record(self.me, self.taxonomy, has=has, by=mine)
        else:
            record = mentor_record(self.me, self.taxonomy, on=self.today)
        return Fits(record, self.crowd.pool, settings_of(self.me.programme), barred)

    def _topics_of_mentors(self) -> list[Collection[str]]:
        """Return what those offer who are her mentors already, or have an offer open; one talk fills no role."""
        people = [self.crowd.people.get(uuid.UUID(key)) for key in sorted(self.paired)]
        return [one.record.topics for one in people if one is not None]

    def ordered(self, fits: Fits, need: str = "") -> Ordered:
        """Put those whom she looks at in order, or those alone who offer one need of a mentee.

        Her own word must not move her cards.
        """
        shown = self.crowd.looking
        column = self.taxonomy.topic_index.get(need)
        if column is not None:
            shown = shown & self.crowd.pool.offered[:, column]
        mine = fits.position(self.me_id)
        if mine is not None:
            shown = shown.copy()
            shown[mine] = False
        wished = _without_her_own(self.crowd.standing.wished, self.words) if self.side == "mentee" else Counter[str]()
        return fits.ordered(wished, turns_of(self.crowd.bits, self.me_id), shown)

    def state(self, ordered: Ordered) -> State:
        """Say whether there is something to show, or what stands in the way; what she can change comes first."""
        me = self.me
        mentor = mentor_record(me, self.taxonomy, on=self.today) if self.side == "mentor" else None
        wanted = me.request.mentors_wanted if me.request else 0
        found: list[tuple[State, bool]] = [
            ("paused", me.status == "paused" or (mentor is not None and mentor.paused)),
            ("full", mentor is not None and (mentor.places == 0 or mentor.minutes == 0)),
            ("complete", mentor is None and self.crowd.standing.had[me.id] >= wanted),
            ("no_hours", not me.person.windows),
            ("nobody", not len(ordered)),
            ("none_fit", not ordered.possible),
        ]
        return next((state for state, holds in found if holds), "ready")


def load_scene(session: Session, membership_id: uuid.UUID, *, side: Side, now: datetime) -> Scene:
    """Load a member and the other side. Three queries where nobody changed, whatever the number of people."""
    mine = select(Membership).where(Membership.id == membership_id).options(joinedload(Membership.programme))
    me = load_member(session, mine)
    if me is None or not (me.offer if side == "mentor" else me.request):
        raise NotFoundError
    today = now.astimezone(ZoneInfo(me.programme.zone)).date()
    words, barred, paired = said_and_barred(session, me.id, side)
    return Scene(
        me=me,
        me_id=me.id,
        side=side,
        today=today,
        crowd=crowd_of(session, View(me.programme_id, side, today, taxonomy_of(me.programme))),
        words=words,
        barred=barred,
        paired=paired,
    )


def same_name(asked: str, name: str) -> bool:
    """Whether every word asked for begins a word of the name, without regard to case, accents and titles."""
    parts = _plain(name).split()
    words = [word for word in _plain(asked).split() if word not in {"dr", "prof", "professor"}]
    return bool(words) and all(any(part.startswith(word) for part in parts) for word in words)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).replace(".", " ")


def _without_her_own(wished: Counter[str], words: dict[uuid.UUID, Word]) -> Counter[str]:
    """Count the other mentees who are interested in each mentor; her own word must not move her cards."""
    others = Counter(wished)
    others.subtract(str(key) for key, word in words.items() if word.verdict == "interested")
    return others
