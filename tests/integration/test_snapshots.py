"""What a frozen round knows: features without names, as they stood at that moment."""

import json
from datetime import date

import pytest

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.offers import make_offer, make_round
from webapp.engine.encode import hash_of, settings_of, snapshot_of
from webapp.engine.snapshots import pool_of
from webapp.models import Exclusion, Interest, Mentorship


@pytest.fixture
def take(session, cast, now):
    def snapshot():
        session.commit()
        session.expire_all()
        return snapshot_of(session, cast.programme.id, now=now)

    return snapshot


@pytest.fixture
def barred(take, cast):
    def codes():
        return {(mentor, mentee): code for mentor, mentee, code in take()["exclusions"]}

    return codes


def mentorship(session, cast, now, status):
    round_ = make_round(session, cast.programme, state="active")
    offer = make_offer(
        session,
        round_,
        cast.mentor,
        cast.mentee,
        now=now,
        state="accepted",
        mentor_answer="yes",
        mentee_answer="yes",
    )
    session.add(
        Mentorship(
            offer_id=offer.id,
            mentor_id=cast.mentor.id,
            mentee_id=cast.mentee.id,
            status=status,
            cadence="monthly",
            meeting_minutes=60,
        )
    )


def test_holds_no_names_and_no_addresses(take, cast):
    text = json.dumps(take())
    for person in (cast.mo, cast.lee):
        assert str(person.id) in text
        for private in (person.name, person.email, *person.name.split()[1:]):
            assert private not in text


def test_is_the_same_as_long_as_nothing_changes(take):
    first, second = take(), take()
    assert hash_of(first) == hash_of(second)
    assert hash_of(json.loads(json.dumps(first))) == hash_of(first)


def test_another_hash_for_every_change(session, take, cast):
    hashes = {hash_of(take())}
    cast.mentor.offer.places += 1
    hashes.add(hash_of(take()))
    cast.lee.zone = "Europe/Berlin"
    hashes.add(hash_of(take()))
    cast.programme.minimum = 0.25
    hashes.add(hash_of(take()))
    assert len(hashes) == 4


def test_builds_a_pool_of_the_programmes_own_people(take, cast):
    pool = pool_of(take())
    assert [m.key for m in pool.mentors] == [str(cast.mentor.id)]
    assert [m.key for m in pool.mentees] == [str(cast.mentee.id)]
    assert pool.mentees[0].topics == ("technical_skills", "work_life")
    assert str(pool.mentors[0].windows[0]) == "Mon 17:00-20:00"


@pytest.mark.parametrize("status", ["invited", "pending", "paused", "left"])
def test_leaves_out_members_who_are_not_active(take, cast, status):
    cast.mentor.status = status
    assert take()["mentors"] == []


def test_leaves_out_a_coordinator_who_has_not_agreed_to_mentor_yet(take, cast):
    cast.mentor.joined_at = None
    assert take()["mentors"] == []


def test_gives_only_what_is_not_reserved_yet(session, take, cast, now):
    round_ = make_round(session, cast.programme, state="published")
    make_offer(session, round_, cast.mentor, cast.mentee, now=now)
    mentor = take()["mentors"][0]
    assert (mentor["minutes"], mentor["places"]) == (60, 1)


def test_a_limit_lowered_below_what_is_reserved_leaves_nothing(session, take, cast, now):
    round_ = make_round(session, cast.programme, state="published")
    make_offer(session, round_, cast.mentor, cast.mentee, now=now)
    session.commit()
    cast.mentor.offer.minutes_a_month, cast.mentor.offer.places = 30, 0
    mentor = take()["mentors"][0]
    assert (mentor["minutes"], mentor["places"]) == (0, 0)


def test_a_cap_over_all_programmes_counts_what_is_reserved_elsewhere(session, take, cast):
    cast.mo.minutes_cap = 100
    elsewhere = make_mentor(session, cast.elsewhere, cast.mo, minutes=200)
    elsewhere.offer.reserved_minutes, elsewhere.offer.reserved_places = 60, 1
    assert take()["mentors"][0]["minutes"] == 40


@pytest.mark.parametrize(
    ("first", "last", "paused"),
    [
        (date(2027, 2, 1), None, True),
        (date(2027, 2, 15), date(2027, 2, 15), True),
        (date(2027, 2, 16), None, False),
        (date(2027, 1, 1), date(2027, 2, 14), False),
    ],
)
def test_a_mentor_pauses_from_her_first_day_to_her_last(take, cast, first, last, paused):
    cast.mentor.offer.paused_from, cast.mentor.offer.paused_until = first, last
    assert take()["mentors"][0]["paused"] is paused


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("active", "ALREADY_PAIRED"),
        ("paused", "ALREADY_PAIRED"),
        ("completed", "FORMER_PAIR"),
        ("ended", "FORMER_PAIR"),
    ],
)
def test_pairs_of_now_and_before_are_not_matched_again(session, barred, cast, now, status, code):
    cast.mentee.request.mentors_wanted = 2
    mentorship(session, cast, now, status)
    assert barred() == {(str(cast.mentor.id), str(cast.mentee.id)): code}


def test_a_mentee_wants_as_many_as_she_lacks(session, take, cast, now):
    cast.mentee.request.mentors_wanted = 3
    mentorship(session, cast, now, "active")
    assert take()["mentees"][0]["wanted"] == 2


def test_a_mentee_who_has_all_she_wants_is_not_matched(session, take, cast, now):
    mentorship(session, cast, now, "active")
    assert take()["mentees"] == []


def test_an_open_offer_counts_as_a_mentor(session, take, barred, cast, now):
    cast.mentee.request.mentors_wanted = 2
    make_offer(session, make_round(session, cast.programme, state="published"), cast.mentor, cast.mentee, now=now)
    assert take()["mentees"][0]["wanted"] == 1
    assert set(barred().values()) == {"ALREADY_PAIRED"}


def test_interest_is_a_wish_and_not_for_me_bars_without_a_trace(session, take, cast):
    other = make_mentee(session, cast.programme, make_person(session, "Nia Okafor"))
    for mentee, verdict in ((cast.mentee, "interested"), (other, "not_for_me")):
        session.add(Interest(mentor_id=cast.mentor.id, mentee_id=mentee.id, side="mentee", verdict=verdict, rank=1))
    snapshot = take()
    assert snapshot["interests"] == [[str(cast.mentor.id), str(cast.mentee.id), "mentee", 1]]
    assert snapshot["exclusions"] == [[str(cast.mentor.id), str(other.id), "EXCLUDED"]]


def test_a_conflict_is_told_before_a_wish_not_to_meet(session, barred, cast):
    pair = {"mentor_id": cast.mentor.id, "mentee_id": cast.mentee.id}
    session.add(Exclusion(**pair, code="CONFLICT"))
    session.add(Interest(**pair, side="mentor", verdict="not_for_me"))
    assert set(barred().values()) == {"CONFLICT"}


def test_a_word_that_the_vocabulary_lost_counts_as_not_stated(take, cast):
    cast.mentor.offer.topics = ["leadership", "alchemy"]
    cast.mo.profile.stage = "barber"
    mentor = take()["mentors"][0]
    assert (mentor["topics"], mentor["stage"]) == (["leadership"], None)
    assert pool_of(take()).shape == (1, 1)


def test_settings_are_the_programmes_own(cast):
    cast.programme.weights, cast.programme.rules = {"topics": 2.0}, {"specialty_required": True}
    settings = settings_of(cast.programme)
    assert dict(settings.weights) == {"topics": 2.0}
    assert settings.specialty_required
    assert settings.starts_on == cast.programme.starts_on


def test_the_same_person_on_both_sides_is_one_person(session, take, cast):
    make_mentee(session, cast.programme, cast.mo)
    snapshot = take()
    both = [m for m in snapshot["mentees"] if m["person"] == snapshot["mentors"][0]["person"]]
    assert [m["key"] for m in both] == [str(cast.mentor.id)]


def test_holds_the_pairs_at_work_and_when_they_meet(session, take, cast, now):
    round_ = make_round(session, cast.programme, state="published")
    cast.mentee.request.mentors_wanted = 2
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, slot_week=3, minutes=30)
    found = take()
    assert found["taken"] == [[str(cast.mentor.id), str(cast.mentee.id)]]
    slot = [cast.mo.zone, 1, 20 * 60, 3, 30, "monthly"]
    assert found["booked"] == sorted([str(offer.id), str(person.id), *slot] for person in (cast.mo, cast.lee))


def test_a_meeting_in_another_programme_is_booked_for_its_person_alone(session, take, cast, now):
    elsewhere = make_mentor(session, cast.elsewhere, cast.mo)
    stranger = make_mentee(session, cast.elsewhere, make_person(session, "Nia"))
    make_offer(session, make_round(session, cast.elsewhere, state="published"), elsewhere, stranger, now=now)
    found = take()
    assert found["taken"] == []
    # Its week is not known, so that it keeps every week free.
    assert [row[1:] for row in found["booked"]] == [
        [str(cast.mo.id), cast.mo.zone, 1, 20 * 60, 0, 60, "weekly"],
    ]


def test_a_mentor_who_pauses_with_a_pair_still_counts_as_her_mentees_mentor(session, take, cast, now):
    mentorship(session, cast, now, "active")
    cast.mentee.request.mentors_wanted = 2
    cast.mentor.status = "paused"
    snapshot = take()
    assert snapshot["taken"] == [[str(cast.mentor.id), str(cast.mentee.id)]]
    assert [mentor["paused"] for mentor in snapshot["mentors"]] == [True]
    # Whoever pauses seeks nobody meanwhile, also where she is both.
    make_mentee(session, cast.programme, cast.mo)
    cast.mentee.status = "paused"
    assert take()["mentees"] == []


def test_mentees_with_all_their_mentors_are_there_only_when_asked_for(session, cast, now):
    make_offer(session, make_round(session, cast.programme, state="published"), cast.mentor, cast.mentee, now=now)
    session.commit()
    assert snapshot_of(session, cast.programme.id, now=now)["mentees"] == []
    everyone = snapshot_of(session, cast.programme.id, now=now, with_served=True)
    assert [row["wanted"] for row in everyone["mentees"]] == [0]


def test_tells_by_how_much_pairs_exceed_limits_lowered_since(session, take, cast, now):
    round_ = make_round(session, cast.programme, state="published")
    other = make_mentor(session, cast.programme, make_person(session, "Dr Ines Duarte"))
    for mentor in (cast.mentor, other):
        make_offer(session, round_, mentor, cast.mentee, now=now)
    session.commit()
    assert take()["overdrawn"] == {f"mentee {cast.mentee.id}": [0, 1]}
    cast.mentee.request.mentors_wanted = 2
    cast.mentor.offer.minutes_a_month, cast.mentor.offer.places = 45, 1
    other.offer.places = 0
    assert take()["overdrawn"] == {f"mentor {cast.mentor.id}": [15, 0], f"mentor {other.id}": [0, 1]}
