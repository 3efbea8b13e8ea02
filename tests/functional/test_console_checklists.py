"""Before each step of a round: what is fine, what is worth a look, what is in the way and where it is mended."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.cast import JOINED, make_mentee, make_person, sign_in
from tests.factories.offers import make_offer, make_round, make_scenario
from tests.functional.console import send, state_of, text_of
from webapp.models import CertificateCheck, Mentorship, Proposal, RoundWithdrawal
from webapp.services.boards import find_round
from webapp.services.checklists import check_step


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def base(cast):
    return f"/c/{cast.programme.slug}/rounds"


@pytest.fixture
def found(session, cast, now):
    """Return what stands before a step, as key -> (level, count)."""

    def look(round_, step, scenario=None):
        session.commit()
        facts = find_round(session, cast.programme.id, round_.id)
        findings = check_step(session, cast.programme.id, facts, step, scenario=scenario, today=now.date())
        return {finding.key: (finding.level, finding.count) for finding in findings}

    return look


class TestFreeze:
    @pytest.fixture
    def round_(self, session, cast):
        return make_round(session, cast.programme, state="enrolling")

    def test_all_is_well(self, round_, found):
        assert found(round_, "freeze") == {
            "mentors": ("fine", 1),
            "mentees": ("fine", 1),
            "room": ("fine", 1),
            "unfinished": ("fine", 0),
            "hours": ("fine", 0),
            "no_last_day": ("fine", 0),
        }

    def test_nobody_on_one_side_is_in_the_way(self, session, cast, round_, found):
        cast.mentee.status = "left"
        assert found(round_, "freeze")["mentees"] == ("blocks", 0)

    def test_no_room_at_any_mentor_is_in_the_way(self, session, cast, round_, found):
        cast.mentor.offer.places = 0
        assert found(round_, "freeze")["room"] == ("blocks", 0)

    def test_numbers_that_only_a_file_says_are_no_room(self, session, cast, round_, found):
        cast.mentor.offer.is_provisional = True
        assert found(round_, "freeze")["room"] == ("blocks", 0)

    def test_people_who_are_not_done_are_worth_a_look(self, session, cast, round_, found, now):
        make_mentee(session, cast.programme, make_person(session, "Zoë Abernathy")).status = "pending"
        cast.lee.windows.clear()
        round_.enrols_until = now.date() + timedelta(days=3)
        session.add(RoundWithdrawal(round_id=round_.id, membership_id=cast.mentee.id))
        findings = found(round_, "freeze")
        assert findings["unfinished"] == ("look", 1)
        assert findings["hours"] == ("look", 1)
        assert findings["last_day"] == ("look", 3)
        assert findings["left"] == ("fine", 1)

    def test_each_line_leads_to_where_it_is_mended(self, ada, session, cast, base, round_):
        cast.mentor.offer.places = 0
        make_mentee(session, cast.programme, make_person(session, "Zoë Abernathy")).status = "pending"
        session.commit()
        page = text_of(ada, f"{base}/{round_.id}")
        assert "No mentor has time and a place left" in page
        assert f'href="/c/{cast.programme.slug}/people?role=mentor&amp;sort=free"' in page
        assert f'href="/c/{cast.programme.slug}/people?needs=anything"' in page
        answer = send(ada, f"{base}/{round_.id}/step", page=f"{base}/new", step="freeze")
        assert answer.status_code == 302
        assert "No mentor has time left for another mentee" in text_of(ada, f"{base}/{round_.id}")
        assert state_of(session, round_.id) == "enrolling"


class TestPublish:
    @pytest.fixture
    def round_(self, session, cast, now):
        return make_round(session, cast.programme, frozen_at=JOINED + timedelta(days=1))

    @pytest.fixture
    def scenario(self, session, cast, round_):
        return make_scenario(session, round_, [(cast.mentor, cast.mentee)], rules={"pinned": [], "forbidden": []})

    def test_all_is_well(self, round_, scenario, found):
        assert {key: level for key, (level, _count) in found(round_, "publish", scenario).items()} == {
            "verified": "fine",
            "limits": "fine",
            "gone": "fine",
            "rulings": "fine",
            "slots": "fine",
        }

    def test_limits_lowered_since_are_in_the_way(self, session, cast, round_, scenario, found):
        cast.mentor.offer.minutes_a_month = 30
        assert found(round_, "publish", scenario)["limits"] == ("blocks", 1)

    def test_somebody_gone_or_out_of_the_round_is_in_the_way(self, session, cast, round_, scenario, found):
        cast.mentee.status = "paused"
        session.add(RoundWithdrawal(round_id=round_.id, membership_id=cast.mentee.id))
        findings = found(round_, "publish", scenario)
        assert (findings["gone"], findings["left_pairs"]) == (("blocks", 1), ("blocks", 1))

    @pytest.mark.parametrize("kind", ["unverified", "failed"])
    def test_a_result_that_is_not_proved_is_in_the_way(self, ada, session, base, round_, scenario, found, kind):
        if kind == "unverified":
            scenario.verified = False
        else:
            session.add(CertificateCheck(scenario_id=scenario.id, ok=False, faults=["pairs: x"], seconds=0.1))
        assert found(round_, "publish", scenario)["verified"] == ("blocks", 0)
        page = text_of(ada, f"{base}/{round_.id}/publish?scenario={scenario.id}")
        assert f'href="{base}/{round_.id}/scenarios/{scenario.id}/proof"' in page

    def test_newer_rulings_late_people_and_missing_hours_are_worth_a_look(self, session, cast, round_, scenario, found):
        scenario.rules = {"pinned": [[str(cast.mentor.id), str(cast.mentee.id)]], "forbidden": []}
        session.query(Proposal).one().slot_weekday = None
        make_mentee(session, cast.programme, make_person(session, "Zoë Abernathy")).joined_at = JOINED + timedelta(
            days=2
        )
        findings = found(round_, "publish", scenario)
        assert findings["rulings"] == ("look", 1)
        assert findings["slots"] == ("look", 1)
        assert findings["late"] == ("look", 1)

    def test_the_page_takes_few_queries(self, ada, base, round_, scenario, session, count_queries):
        session.commit()
        with count_queries() as statements:
            text_of(ada, f"{base}/{round_.id}/publish?scenario={scenario.id}")
        assert len(statements) <= 12

    def test_without_a_scenario_there_is_nothing_to_publish(self, round_, found):
        assert found(round_, "publish") == {"solved": ("blocks", 0)}


class TestAfterwards:
    def test_open_offers_are_in_the_way_and_can_be_found(self, ada, session, cast, base, found, now):
        round_ = make_round(session, cast.programme, state="published", published_at=now)
        make_offer(session, round_, cast.mentor, cast.mentee, now=now)
        make_mentee(session, cast.programme, make_person(session, "Zoë Abernathy"))
        assert found(round_, "activate") == {"open_offers": ("blocks", 1), "waiting": ("look", 1)}
        page = text_of(ada, f"{base}/{round_.id}/step/activate")
        assert "1 offer waits for an answer" in page
        assert f'/responses/{round_.id}?state=open"' in page
        assert f'/responses/{round_.id}/waiting"' in page

    def test_pairs_at_work_go_on_after_the_end(self, session, cast, found, now):
        round_ = make_round(session, cast.programme, state="closing", published_at=now)
        answers = {"mentor_answer": "yes", "mentee_answer": "yes"}
        offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, state="accepted", **answers)
        sides = {"mentor_id": cast.mentor.id, "mentee_id": cast.mentee.id}
        session.add(Mentorship(offer_id=offer.id, **sides, cadence="monthly", meeting_minutes=60))
        assert found(round_, "archive") == {"running": ("look", 1)}
        round_.state = "active"
        assert found(round_, "close") == {"open_offers": ("fine", 0), "running": ("fine", 1)}


class TestGoingBack:
    @pytest.mark.parametrize(
        ("step", "words"), [("reopen", "1 scenario becomes out of date"), ("cancel", "cannot be taken up again")]
    )
    def test_it_says_what_is_lost_before_it_is_done(self, ada, session, cast, base, step, words):
        round_ = make_round(session, cast.programme, frozen_at=datetime.now(UTC), snapshot_sha256="a" * 64)
        make_scenario(session, round_, [(cast.mentor, cast.mentee)])
        session.commit()
        path = f"{base}/{round_.id}"
        assert f'href="{path}/step/{step}"' in text_of(ada, path)
        page = text_of(ada, f"{path}/step/{step}")
        assert words in page
        assert state_of(session, round_.id) == "review"
        send(ada, f"{path}/step", page=f"{path}/step/{step}", step=step)
        assert state_of(session, round_.id) == {"reopen": "enrolling", "cancel": "cancelled"}[step]

    def test_a_step_that_does_not_follow_leads_back_to_the_round(self, ada, session, cast, base):
        round_ = make_round(session, cast.programme, state="published", published_at=datetime.now(UTC))
        session.commit()
        assert ada.get(f"{base}/{round_.id}/step/reopen").headers["Location"] == f"{base}/{round_.id}"
        text_of(ada, f"{base}/{round_.id}/step/explode", 404)


def test_a_draft_says_what_is_there(found, session, cast, now):
    round_ = make_round(session, cast.programme, state="draft", enrols_until=now.date() - timedelta(days=1))
    assert found(round_, "open") == {"day_over": ("fine", 0), "mentors": ("fine", 1), "mentees": ("fine", 1)}


def test_a_frozen_round_says_who_came_late_and_what_is_at_work(found, session, cast):
    round_ = make_round(session, cast.programme, state="frozen", frozen_at=JOINED - timedelta(days=1))
    make_scenario(session, round_, [], status="waiting", verified=False)
    assert found(round_, "solve") == {"busy": ("fine", 1), "late": ("look", 2)}
