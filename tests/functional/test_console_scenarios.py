"""Scenarios of a round: a new one with weights of its own, another name, taken away, and two side by side."""

import re

import pytest
from sqlalchemy import select

from tests.factories.cast import JOINED
from tests.factories.offers import make_round, make_scenario
from tests.factories.pools import freeze
from tests.functional.console import send, text_of, work_off
from webapp.models import Job, Proposal, Round, Scenario


def answers(**values):
    weights = {"specialty": 3, "topics": 3, "stage": 1, "availability": 1.5, "languages": 0.5, "background": 1}
    weights = {f"weight_{name}": str(number) for name, number in (weights | {"interest": 2}).items()}
    return {"objective": "coverage", "minimum": "0", **weights, **values}


class TestNewScenario:
    def test_it_begins_with_the_weights_of_the_freeze(self, ada, session, base, frozen, now):
        path = f"{base}/{frozen}/scenarios/new"
        page = text_of(ada, path)
        assert re.search(r'name="weight_availability"[^>]* value="1.5"', page)
        answer = send(ada, path, **answers(name="As frozen"))
        assert answer.headers["Location"] == f"{base}/{frozen}#work"
        scenario = work_off(session, now)
        assert (scenario.name, scenario.status) == ("As frozen", "solved")
        assert scenario.weights["specialty"] == 3

    def test_weights_and_minimum_of_its_own_hold_for_it_alone(self, ada, session, base, frozen, now):
        path = f"{base}/{frozen}/scenarios/new"
        send(ada, path, **answers(weight_topics="9", minimum="0.25", objective="total"))
        scenario = work_off(session, now)
        assert (scenario.weights["topics"], scenario.rules["settings"]["minimum"]) == (9, 0.25)
        assert scenario.name == "Best fits first"
        assert re.search(r'name="weight_topics"[^>]* value="3', text_of(ada, path))

    def test_faults_keep_what_was_typed_and_the_fold_open(self, ada, session, base, frozen):
        path = f"{base}/{frozen}/scenarios/new"
        page = send(ada, path, **answers(weight_topics="many", minimum="7")).get_data(as_text=True)
        assert "<details open><summary>Other weights" in page
        assert 'value="many"' in page
        assert "Between 0 and 1." in page
        assert session.query(Scenario).count() == 0
        nothing = {name: "0" for name in answers() if name.startswith("weight")}
        page = send(ada, path, **answers() | nothing).get_data(as_text=True)
        assert "At least one of them must count" in page

    def test_while_another_is_worked_out_it_keeps_the_answers_and_says_what_to_do(self, ada, session, base, frozen):
        path = f"{base}/{frozen}/scenarios/new"
        send(ada, path, **answers(weight_topics="4"))
        page = send(ada, path, **answers(name="Second", weight_topics="4")).get_data(as_text=True)
        assert "Wait for them, or stop that first." in page
        assert 'value="Second"' in page
        assert session.query(Scenario).count() == 1

    def test_others_may_be_begun_meanwhile_each_with_its_own_progress_and_stop(self, ada, session, base, frozen, now):
        path = f"{base}/{frozen}"
        for name, objective in (("One", "coverage"), ("Two", "total"), ("Three", "fair")):
            send(ada, f"{path}/scenarios/new", **answers(name=name, objective=objective))
        jobs = session.scalars(select(Job).order_by(Job.created_at)).all()
        for page in (text_of(ada, path), text_of(ada, f"{path}/scenarios")):
            assert page.count("Waiting for a worker") == 3
            assert all(f'hx-get="{path}/progress/{job.id}"' in page for job in jobs)
            assert "“Two”" in page
        assert "Another scenario meanwhile" in text_of(ada, path)
        part = ada.get(f"{path}/progress/{jobs[1].id}", headers={"HX-Request": "true"}).get_data(as_text=True)
        assert "“Two”" in part
        assert "“One”" not in part
        send(ada, f"{path}/stop?job={jobs[1].id}", page=path)
        send(ada, f"{path}/stop?job={jobs[0].id}", page=path)
        session.expire_all()
        assert [job.state for job in jobs] == ["cancelled", "cancelled", "waiting"]
        assert work_off(session, now).name == "Three"
        assert "Work out the pairs</button>" in text_of(ada, path)

    def test_stop_of_work_that_has_ended_stops_nothing_else(self, ada, session, base, frozen):
        path = f"{base}/{frozen}"
        for objective in ("coverage", "total"):
            send(ada, f"{path}/solve", page=path, objective=objective)
        first = session.scalars(select(Job).order_by(Job.created_at)).first()
        send(ada, f"{path}/stop?job={first.id}", page=path)
        send(ada, f"{path}/stop?job={first.id}", page=path)
        assert "that work had just ended" in text_of(ada, path)
        assert session.query(Job).filter_by(state="waiting").count() == 1

    def test_no_more_are_at_work_than_anybody_can_compare(self, ada, session, base, frozen):
        path = f"{base}/{frozen}/scenarios/new"
        for number in range(6):
            page = send(ada, path, **answers(name=f"Number {number}", weight_topics=str(number + 1)))
        assert "5 scenarios are being worked out already." in page.get_data(as_text=True)
        assert session.query(Scenario).count() == 5

    def test_a_round_without_a_snapshot_has_none(self, ada, session, cast, base):
        round_ = make_round(session, cast.programme, state="enrolling")
        session.commit()
        text_of(ada, f"{base}/{round_.id}/scenarios/new", 404)
        assert "No scenario yet" in text_of(ada, f"{base}/{round_.id}/scenarios")


RULES = {"with_rules": "1", "hours_required": "y", "specialty": "", "minimum_ahead": "0", "min_shared_minutes": ""}


class TestRulesOfItsOwn:
    def test_it_begins_with_the_rules_of_the_freeze(self, ada, base, frozen):
        page = text_of(ada, f"{base}/{frozen}/scenarios/new")
        ticked = {
            name: " checked" in tag for tag, name in re.findall(r'(<input[^>]*name="(\w+_required)"[^>]*>)', page)
        }
        assert ticked == {"language_required": True, "hours_required": True}
        assert 'name="with_rules"' in page

    def test_a_rule_switched_for_one_scenario_makes_a_pair_possible_there_and_nowhere_else(
        self, ada, session, cast, base, now
    ):
        cast.mo.profile.languages = ["sv"]
        cast.lee.profile.languages = ["en"]
        session.commit()
        round_id = freeze(session, cast.programme, cast.ada, now)
        path = f"{base}/{round_id}/scenarios/new"
        send(ada, path, **answers(name="As frozen"))
        assert work_off(session, now).totals["pairs"] == 0
        send(ada, path, **answers(name="Any language"), **RULES)
        own = work_off(session, now)
        assert own.totals["pairs"] == 1
        assert own.rules["settings"]["language_required"] is False
        assert cast.programme.rules.get("language_required", True)
        page = text_of(ada, f"{base}/{round_id}/compare")
        assert "<dt>A language in common</dt><dd>needed and not needed</dd>" in page
        assert "Time in common" not in page  # the same in both

    def test_answers_without_any_rule_on_the_form_switch_none_off(self, ada, session, base, frozen, now):
        send(ada, f"{base}/{frozen}/scenarios/new", **answers())
        assert work_off(session, now).rules["settings"]["language_required"] is True

    def test_a_rule_that_cannot_be_read_keeps_the_answers_and_opens_its_fold(self, ada, session, base, frozen):
        path = f"{base}/{frozen}/scenarios/new"
        page = send(ada, path, **answers(), **RULES | {"min_shared_minutes": "99999"}).get_data(as_text=True)
        assert '<details class="mt-3" open><summary>Other rules' in page
        assert 'value="99999"' in page
        assert session.query(Scenario).count() == 0


class TestSettingsOfToday:
    @pytest.fixture
    def first(self, ada, session, base, frozen, now):
        send(ada, f"{base}/{frozen}/scenarios/new", **answers(name="First"))
        return work_off(session, now)

    def test_nothing_is_offered_while_they_are_those_of_the_scenario(self, ada, base, first):
        assert "today’s settings" not in text_of(ada, f"{base}/{first.round_id}/scenarios")

    def test_they_are_worked_out_beside_the_scenario_that_stays_as_it_is(self, ada, session, cast, base, first, now):
        cast.programme.rules = {**cast.programme.rules, "language_required": False}
        cast.programme.minimum = 0.2
        session.commit()
        path = f"{base}/{first.round_id}/scenarios"
        page = text_of(ada, path)
        assert "Changed in the programme since: the smallest fit and a language in common." in page
        send(ada, f"{path}/{first.id}/today", page=path)
        second = work_off(session, now)
        assert second.name == "First, with today’s settings"
        settings = second.rules["settings"]
        assert (settings["language_required"], settings["minimum"], second.objective) == (False, 0.2, "coverage")
        assert session.get(Scenario, first.id).rules["settings"]["language_required"] is True
        assert settings["starts_on"] == first.rules["settings"]["starts_on"]
        assert "today’s settings</button>" not in text_of(ada, path)

    def test_rules_of_its_own_are_no_change_of_the_programme(self, ada, session, base, frozen, now):
        send(ada, f"{base}/{frozen}/scenarios/new", **answers(minimum="0.1"), **RULES)
        work_off(session, now)
        assert "today’s settings" not in text_of(ada, f"{base}/{frozen}/scenarios")

    def test_a_published_round_is_not_worked_out_again(self, ada, session, cast, base, first):
        cast.programme.minimum = 0.2
        session.get(Round, first.round_id).state = "published"
        session.commit()
        path = f"{base}/{first.round_id}/scenarios"
        assert "today’s settings" not in text_of(ada, path)
        assert send(ada, f"{path}/{first.id}/today", page=base + "/new").status_code == 409

    def test_pairs_worked_out_again_keep_the_rules_of_their_scenario(self, ada, session, cast, base, frozen, now):
        send(ada, f"{base}/{frozen}/scenarios/new", **answers(), **RULES)
        own = work_off(session, now)
        pair = {"mentor_id": str(cast.mentor.id), "mentee_id": str(cast.mentee.id)}
        asked = f"{base}/{frozen}/change?scenario={own.id}&what=pin&mentor={cast.mentor.id}&mentee={cast.mentee.id}"
        send(ada, f"{base}/{frozen}/change?scenario={own.id}", page=asked, what="pin", seen="0", again="1", **pair)
        again = work_off(session, now)
        assert again.name.endswith(", again")
        assert again.rules["settings"]["language_required"] is False


class TestOneScenario:
    @pytest.fixture
    def scenario(self, session, cast):
        found = make_scenario(session, make_round(session, cast.programme), [(cast.mentor, cast.mentee)])
        session.commit()
        return found

    def test_another_name(self, ada, session, base, scenario):
        path = f"{base}/{scenario.round_id}/scenarios/{scenario.id}"
        assert "Give the scenario a name" in send(ada, path, name=" ").get_data(as_text=True)
        send(ada, path, name="Vascular first")
        assert session.get(Scenario, scenario.id, populate_existing=True).name == "Vascular first"
        assert "Vascular first" in text_of(ada, f"{base}/{scenario.round_id}/scenarios")

    def test_it_is_taken_away_after_a_question(self, ada, session, base, scenario):
        path = f"{base}/{scenario.round_id}/scenarios/{scenario.id}/remove"
        assert "are lost" in text_of(ada, path)
        assert session.query(Scenario).count() == 1
        send(ada, path)
        assert (session.query(Scenario).count(), session.query(Proposal).count()) == (0, 0)

    def test_a_round_whose_scenarios_are_all_taken_away_can_be_worked_out_again(self, ada, session, base, scenario):
        path = f"{base}/{scenario.round_id}"
        session.get(Round, scenario.round_id).frozen_at = JOINED
        session.commit()
        send(ada, f"{path}/scenarios/{scenario.id}/remove")
        page = text_of(ada, path)
        assert "Spring 2027 can be worked out" in page
        assert "Work out the pairs</button>" in page

    def test_what_is_published_or_at_work_stays(self, ada, session, base, scenario, now):
        path = f"{base}/{scenario.round_id}/scenarios/{scenario.id}/remove"
        scenario.published_at = now
        session.commit()
        assert send(ada, path).status_code == 409
        scenario.published_at, scenario.status = None, "solving"
        session.commit()
        assert send(ada, path).status_code == 409
        assert session.query(Scenario).count() == 1
        assert f'{path}"' not in text_of(ada, f"{base}/{scenario.round_id}/scenarios")

    def test_one_of_another_round_is_not_found(self, ada, session, cast, base, scenario):
        other = make_round(session, cast.programme)
        session.commit()
        for path in (f"/{scenario.id}", f"/{scenario.id}/remove"):
            text_of(ada, f"{base}/{other.id}/scenarios{path}", 404)
