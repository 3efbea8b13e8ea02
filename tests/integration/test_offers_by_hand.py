"""What a coordinator does with offers: withdraws one, offers a pair by hand."""

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.offers import make_offer, make_round
from tests.integration.answering import mails, reserved
from webapp.models import (
    Interest,
    Offer,
)
from webapp.services.errors import ConflictError, NoRoomError, NotFoundError, WrongStateError
from webapp.services.hand_offers import offer_by_hand
from webapp.services.ledger import audit_ledger
from webapp.services.offers import withdraw_offer


class TestCoordinator:
    def test_withdrawing_gives_the_time_back_and_tells_both(self, session, cast, offer, published, now):
        withdraw_offer(session, offer.id, programme_id=cast.programme.id, by=cast.ada.id, now=now)
        session.expire_all()
        assert offer.state == "withdrawn"
        assert reserved(session, cast.mentor) == (0, 0)
        assert mails(session, "offer_withdrawn") == {cast.mo.id, cast.lee.id}
        with pytest.raises(WrongStateError):
            withdraw_offer(session, offer.id, programme_id=cast.programme.id, by=cast.ada.id, now=now)

    def test_withdrawing_is_for_ones_own_programme(self, session, cast, offer, now):
        with pytest.raises(NotFoundError):
            withdraw_offer(session, offer.id, programme_id=cast.elsewhere.id, by=cast.kim.id, now=now)

    def by_hand(self, session, cast, round_, now, mentee=None):
        return offer_by_hand(
            session,
            round_.id,
            cast.mentor.id,
            (mentee or cast.mentee).id,
            programme_id=cast.programme.id,
            by=cast.ada.id,
            now=now,
        )

    def test_offers_a_pair_by_hand(self, session, cast, published, now):
        offer = session.get(Offer, self.by_hand(session, cast, published, now))
        assert (offer.state, offer.minutes, offer.holds_minutes) == ("open", 60, True)
        assert mails(session, "offers_published") == {cast.mo.id, cast.lee.id}
        assert audit_ledger(session) == []

    def test_by_hand_comes_with_reasons_and_an_hour_that_clashes_with_nothing(self, session, cast, published, now):
        # Lee is free 17 to 20 in Chicago, Mo 17 to 20 in New York: they share 17 to 19 Chicago time.
        taken = make_person(session, "Nia Okafor")
        first = make_offer(session, published, cast.mentor, make_mentee(session, cast.programme, taken), now=now)
        first.slot_weekday, first.slot_minute = 0, 18 * 60
        session.commit()
        offer = session.get(Offer, self.by_hand(session, cast, published, now))
        assert "topics" in " ".join(reason["key"] for reason in offer.reasons)
        assert (offer.slot_weekday, offer.slot_minute) == (0, 19 * 60)

    def test_by_hand_without_shared_hours_leaves_the_hour_to_the_two(self, session, cast, published, now):
        cast.lee.windows = []
        session.commit()
        offer = session.get(Offer, self.by_hand(session, cast, published, now))
        assert (offer.slot_weekday, offer.slot_minute) == (None, None)

    def test_by_hand_no_pair_twice_and_no_mentee_beyond_her_wish(self, session, cast, offer, published, now):
        with pytest.raises(ConflictError, match="paired"):
            self.by_hand(session, cast, published, now)
        other = make_mentor(session, cast.programme, make_person(session, "Other Example"))
        session.commit()
        cast.mentor = other
        with pytest.raises(NoRoomError, match="wanted"):
            self.by_hand(session, cast, published, now)

    def test_by_hand_nobody_who_was_said_not_to_fit(self, session, cast, published, now):
        pair = {"mentor_id": cast.mentor.id, "mentee_id": cast.mentee.id}
        session.add(Interest(**pair, side="mentor", verdict="not_for_me"))
        session.commit()
        with pytest.raises(ConflictError, match="excluded"):
            self.by_hand(session, cast, published, now)

    def test_by_hand_no_mentor_past_her_limits(self, session, cast, published, now):
        cast.mentor.offer.minutes_a_month = 30
        session.commit()
        with pytest.raises(NoRoomError, match="minutes"):
            self.by_hand(session, cast, published, now)
        assert session.scalars(select(Offer)).all() == []

    def test_by_hand_only_in_a_published_round_of_the_programme(self, session, cast, now):
        round_ = make_round(session, cast.programme)
        elsewhere = make_round(session, cast.elsewhere, state="published")
        session.commit()
        with pytest.raises(WrongStateError):
            self.by_hand(session, cast, round_, now)
        with pytest.raises(NotFoundError):
            self.by_hand(session, cast, elsewhere, now)
