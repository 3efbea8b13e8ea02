"""Who takes part in a round: late people, late edits, leaving it; and the waiting list after the offers are out."""

from datetime import timedelta

import pytest

from tests.factories.cast import JOINED, make_mentee, make_mentor, make_person, sign_in
from tests.factories.offers import make_offer, make_round, make_scenario
from tests.factories.pools import freeze, make_pool
from tests.functional.console import send, text_of, work_off
from webapp.engine.snapshots import hash_of
from webapp.models import AvailabilityWindow, Offer, Proposal, Round, RoundWithdrawal, Scenario


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def base(cast):
    return f"/c/{cast.programme.slug}/rounds"


@pytest.fixture
def frozen(session, cast):
    """Return a round frozen a day after everybody joined."""
    return freeze(session, cast.programme, cast.ada, JOINED + timedelta(days=1))


def late_mentee(session, cast, name="Zoë Abernathy", **values):
    person = make_person(session, name, profile={"stage": "resident_junior"}, **values)
    member = make_mentee(session, cast.programme, person)
    member.joined_at = JOINED + timedelta(days=2)
    session.commit()
    return member


class TestChanges:
    def test_nothing_has_changed_right_after_the_freeze(self, ada, base, frozen):
        page = text_of(ada, f"{base}/{frozen}/people")
        assert "Nothing has changed since the freeze" in page
        assert "As frozen</span>" not in page

    def test_who_came_late_left_or_edited_is_listed_and_the_snapshot_stays(self, ada, session, cast, base, frozen):
        before = session.get(Round, frozen).snapshot_sha256
        late_mentee(session, cast)
        cast.mo.windows.append(AvailabilityWindow(weekday=6, start_minute=600, end_minute=660))
        cast.mentor.offer.topics = ["leadership"]
        cast.mentee.status = "paused"
        session.commit()
        page = text_of(ada, f"{base}/{frozen}/people")
        assert "1 person came after the freeze" in page
        assert "Zoë Abernathy" in page
        edited = text_of(ada, f"{base}/{frozen}/people?group=edited")
        assert "Changed: hours and topics offered." in edited
        gone = text_of(ada, f"{base}/{frozen}/people?group=gone")
        assert "Lee Lindqvist" in gone
        assert "Pauses" in gone
        round_ = session.get(Round, frozen, populate_existing=True)
        assert before == round_.snapshot_sha256 == hash_of(round_.snapshot)
        assert before[:12] in page

    def test_numbers_that_only_a_file_says_make_nobody_a_mentor_of_the_round(self, ada, session, cast, base, frozen):
        late = make_mentor(session, cast.programme, make_person(session, "Dr Noor van den Akker"))
        late.joined_at, late.offer.is_provisional = JOINED + timedelta(days=9), True
        session.commit()
        assert "Noor" not in text_of(ada, f"{base}/{frozen}/people?group=late")

    def test_a_late_edit_does_not_reach_the_pairs(self, ada, session, cast, base, frozen, now):
        cast.lee.windows.clear()  # Lee and Mo share no hour any more
        cast.lee.windows.append(AvailabilityWindow(weekday=6, start_minute=60, end_minute=120))
        session.commit()
        send(ada, f"{base}/{frozen}/solve", page=f"{base}/{frozen}", objective="coverage")
        scenario = work_off(session, now)
        pair = session.query(Proposal).filter_by(scenario_id=scenario.id).one()
        assert pair.slot_weekday != 6

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda cast: setattr(cast.mentor.offer, "places", 1), "time or places"),
            (lambda cast: setattr(cast.mentor.offer, "stages_welcome", ["resident_junior"]), "stages welcome"),
            (lambda cast: setattr(cast.mentee.request, "mentors_wanted", 2), "mentors wanted"),
            (lambda cast: setattr(cast.mentee.request, "topics", ["leadership"]), "needs"),
            (lambda cast: setattr(cast.mentee.request, "specialties", []), "specialties wished"),
            (lambda cast: setattr(cast.mo.profile, "specialties", ["vascular_surgery"]), "specialties"),
            (lambda cast: setattr(cast.lee.profile, "stage", "resident_senior"), "career stage"),
            (lambda cast: setattr(cast.lee.profile, "languages", ["en", "sv"]), "languages"),
            (lambda cast: setattr(cast.lee, "zone", "Europe/Berlin"), "hours"),
        ],
    )
    def test_each_kind_of_edit_is_named(self, ada, session, cast, base, frozen, change, words):
        change(cast)
        session.commit()
        assert f"Changed: {words}." in text_of(ada, f"{base}/{frozen}/people?group=edited")

    def test_a_large_programme_takes_few_queries(self, client, session, now, count_queries):
        programme, coordinator = make_pool(session, 20, 40)
        round_id = freeze(session, programme, coordinator, now)
        client = sign_in(client, session, coordinator)
        path = f"/c/{programme.slug}/rounds/{round_id}/people?group=same"
        with count_queries() as statements:
            page = text_of(client, path)
        assert len(statements) <= 12
        assert "Page 1 of 3" in page
        assert "Mentor 19" in text_of(client, path + "&q=tor+19")


class TestLeaving:
    def test_lee_leaves_the_round_from_her_home_page_and_comes_back(self, client, session, cast, base, frozen):
        lee = sign_in(client, session, cast.lee)
        home = text_of(lee, "/home")
        assert "The pairs of Spring 2027 are being worked out. You are part of it." in home
        path = f"/rounds/{frozen}/mine"
        assert f'href="{path}"' in home
        answer = send(lee, path, what="leave")
        assert answer.headers["Location"] == "/home"
        home = text_of(lee, "/home")
        assert "leaves you out. You stay in the programme." in home
        assert "leaves you out, as you asked" in home
        withdrawal = session.query(RoundWithdrawal).one()
        assert (withdrawal.membership_id, withdrawal.by_person_id) == (cast.mentee.id, cast.lee.id)
        send(lee, path, what="rejoin")
        assert session.query(RoundWithdrawal).count() == 0

    def test_somebody_who_joined_after_the_freeze_is_told_that_she_waits(self, client, session, cast, frozen):
        zoe = late_mentee(session, cast)
        assert "you wait for a place that is left" in text_of(sign_in(client, session, zoe.person), "/home")

    def test_somebody_elsewhere_has_no_part_in_it(self, client, session, cast, frozen):
        text_of(sign_in(client, session, cast.kim), f"/rounds/{frozen}/mine", 404)
        text_of(sign_in(client, session, cast.ada), f"/rounds/{frozen}/mine", 404)

    def test_once_the_offers_are_out_answers_say_it_instead(self, client, session, cast, now):
        round_ = make_round(session, cast.programme, state="published", published_at=now)
        session.commit()
        lee = sign_in(client, session, cast.lee)
        assert "/mine" not in text_of(lee, "/home")
        text_of(lee, f"/rounds/{round_.id}/mine", 404)

    def test_ada_leaves_somebody_out_and_takes_her_back_in(self, ada, session, cast, base, frozen):
        path = f"{base}/{frozen}/people"
        answer = send(ada, f"{path}?group=same", page=path, what="leave", membership_id=str(cast.mentee.id))
        assert answer.headers["Location"] == f"{path}?group=same"
        page = text_of(ada, f"{path}?group=left")
        assert "Lee Lindqvist" in page
        assert "By a coordinator, on" in page
        assert "1 person sits this round out" in page
        send(ada, path, what="rejoin", membership_id=str(cast.mentee.id))
        assert session.query(RoundWithdrawal).count() == 0

    def test_nonsense_changes_nothing(self, ada, session, cast, base, frozen):
        path = f"{base}/{frozen}/people"
        assert send(ada, path, what="explode", membership_id=str(cast.mentee.id)).status_code == 302
        assert send(ada, path, what="leave", membership_id="somebody").status_code == 302
        assert session.query(RoundWithdrawal).count() == 0


class TestWaitingList:
    @pytest.fixture
    def published(self, session, cast, now):
        return make_round(
            session, cast.programme, state="published", frozen_at=JOINED + timedelta(days=1), published_at=now
        )

    def test_each_person_stands_there_with_what_came_of_her(self, ada, session, cast, published, now):
        late_mentee(session, cast)
        maya = make_mentee(session, cast.programme, make_person(session, "Maya Lindqvist"))
        make_offer(session, published, cast.mentor, maya, now=now, state="declined", closed_at=now)
        session.commit()
        path = f"/c/{cast.programme.slug}/responses/{published.id}/waiting"
        page = text_of(ada, path)
        assert "3 mentees wait for a mentor" in page
        assert "1 mentor has room left: 2 places in all." in page
        for words in ("Joined after the freeze", "Left out of the round", "Her offer was declined"):
            assert words in page
        only = text_of(ada, f"{path}?why=late")
        assert "Zoë Abernathy" in only
        assert "Maya Lindqvist" not in only

    @pytest.mark.parametrize("lacks", ["her own numbers", "the terms"])
    def test_a_mentor_who_has_not_said_yes_is_no_room(self, ada, session, cast, published, lacks):
        if lacks == "the terms":
            cast.mentor.joined_at = None
        cast.mentor.offer.is_provisional = lacks == "her own numbers"
        session.commit()
        path = f"/c/{cast.programme.slug}/responses/{published.id}/waiting"
        assert "No mentor has room left" in text_of(ada, path)

    def test_late_people_are_filled_into_spare_room_alone_and_seen_first(self, ada, session, cast, published, now):
        make_offer(session, published, cast.mentor, cast.mentee, now=now)
        scenario = make_scenario(session, published, [])
        scenario.published_at = now
        late_mentee(session, cast)
        base = f"/c/{cast.programme.slug}/responses/{published.id}"
        answer = send(ada, f"{base}/repair", page=f"{base}/waiting", reach="spare")
        assert answer.headers["Location"] == f"{base}/repair#work"
        repair = work_off(session, now)
        assert (repair.rules["most_withdrawn"], repair.verified) == (0, True)
        page = text_of(ada, f"{base}/repair")
        assert "1 more mentee gets a mentor" in page
        assert "Zoë Abernathy" in page
        assert session.query(Offer).count() == 1  # nothing is sent before Ada says so
        send(ada, f"{base}/repair/settle", page=f"{base}/repair", repair_id=str(repair.id), what="apply")
        assert session.query(Offer).filter_by(state="open").count() == 2
        assert "Nobody waits for a mentor" in text_of(ada, f"{base}/waiting")

    def test_a_late_mentor_is_spare_room_too(self, ada, session, cast, published, now):
        cast.mentor.status = "paused"
        make_mentor(session, cast.programme, make_person(session, "Dr Noor van den Akker")).joined_at = now
        session.commit()
        base = f"/c/{cast.programme.slug}/responses/{published.id}"
        send(ada, f"{base}/repair", page=f"{base}/waiting", reach="spare")
        repair = work_off(session, now)
        assert session.query(Proposal).filter_by(scenario_id=repair.id).count() == 1
        assert session.get(Scenario, repair.id).status == "solved"

    def test_the_list_is_there_once_the_offers_are_out(self, ada, session, cast):
        round_ = make_round(session, cast.programme)
        session.commit()
        text_of(ada, f"/c/{cast.programme.slug}/responses/{round_.id}/waiting", 404)

    def test_it_takes_few_queries(self, client, session, now, count_queries):
        programme, coordinator = make_pool(session, 3, 40)
        round_ = make_round(session, programme, state="active", published_at=now)
        session.commit()
        client = sign_in(client, session, coordinator)
        with count_queries() as statements:
            page = text_of(client, f"/c/{programme.slug}/responses/{round_.id}/waiting")
        assert len(statements) <= 12
        assert "Page 1 of 2" in page
