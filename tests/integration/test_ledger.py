"""Minutes and places that are reserved and given back."""

import uuid

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentor, make_programme
from tests.integration.answering import reserved
from webapp.models import TimeEntry
from webapp.services.errors import NoRoomError, NotFoundError
from webapp.services.ledger import LedgerFault, audit_ledger, release, reserve


class TestLedger:
    def test_refuses_minutes_past_the_limit_and_says_so(self, session, cast, now):
        with pytest.raises(NoRoomError, match="minutes"):
            reserve(session, cast.mentor.offer.id, 121, offer_id=None, why="published", now=now)

    def test_refuses_a_third_place_of_two(self, session, cast, now):
        for _ in range(2):
            reserve(session, cast.mentor.offer.id, 30, offer_id=None, why="published", now=now)
        with pytest.raises(NoRoomError, match="places"):
            reserve(session, cast.mentor.offer.id, 30, offer_id=None, why="published", now=now)
        assert reserved(session, cast.mentor) == (60, 2)

    def test_refuses_what_the_cap_over_all_programmes_does_not_hold(self, session, cast, now):
        cast.mo.minutes_cap = 90
        other = make_mentor(session, make_programme(session), cast.mo)
        reserve(session, cast.mentor.offer.id, 60, offer_id=None, why="published", now=now)
        with pytest.raises(NoRoomError, match="cap"):
            reserve(session, other.offer.id, 60, offer_id=None, why="published", now=now)
        reserve(session, other.offer.id, 30, offer_id=None, why="published", now=now)

    def test_an_unknown_mentor_is_not_found(self, session, cast, now):
        with pytest.raises(NotFoundError):
            reserve(session, uuid.uuid4(), 60, offer_id=None, why="published", now=now)

    def test_returns_no_more_than_is_reserved(self, session, cast, now):
        reserve(session, cast.mentor.offer.id, 60, offer_id=None, why="published", now=now)
        release(session, cast.mentor.offer.id, 60, offer_id=None, why="declined", now=now)
        with pytest.raises(NoRoomError, match="reserved"):
            release(session, cast.mentor.offer.id, 60, offer_id=None, why="declined", now=now)
        assert reserved(session, cast.mentor) == (0, 0)

    def test_entries_count_from_the_programmes_first_month(self, session, cast, now):
        reserve(session, cast.mentor.offer.id, 60, offer_id=None, why="published", now=now)
        entry = session.scalars(select(TimeEntry)).one()
        assert (entry.kind, entry.minutes, entry.month.isoformat()) == ("reserved", 60, "2027-03-01")

    def test_audit_names_a_mentor_whose_sums_differ(self, session, cast, now):
        assert audit_ledger(session) == []
        cast.mentor.offer.reserved_minutes = 30
        session.flush()
        assert audit_ledger(session) == [LedgerFault(cast.mentor.offer.id, 0, 0, 30, 0)]
