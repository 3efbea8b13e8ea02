"""Two scenarios of a round side by side: who gains, who loses, and by what."""

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person, sign_in
from tests.factories.offers import make_round, make_scenario
from tests.factories.pools import freeze, make_pool
from tests.functional.console import send, text_of, work_off
from webapp.models import Job, Proposal, Round
from webapp.services.comparisons import compare_scenarios


class TestComparing:
    @pytest.fixture
    def people(self, session, cast):
        """Return two more mentees and a mentor."""
        zoe, maya = (
            make_mentee(session, cast.programme, make_person(session, name, profile={"stage": "resident_junior"}))
            for name in ("Zoë Abernathy", "Maya Lindqvist")
        )
        noor = make_mentor(session, cast.programme, make_person(session, "Dr Noor van den Akker"))
        session.commit()
        return zoe, maya, noor

    @pytest.fixture
    def two(self, session, cast, now, people):
        """Lee gains under the second, Zoë loses her mentor, and Maya keeps hers."""
        zoe, maya, noor = people
        round_id = freeze(session, cast.programme, cast.ada, now)
        round_ = session.get(Round, round_id)
        totals = {"mentees": 3, "blocking": 1}
        pairs = [(cast.mentor, cast.mentee), (noor, maya), (noor, zoe)]
        first = make_scenario(session, round_, pairs, totals=totals)
        second = make_scenario(session, round_, [(noor, cast.mentee), (cast.mentor, maya)], totals=totals)
        for scenario, name, objective in ((first, "Coverage first", "coverage"), (second, "Fair floor", "fair")):
            scenario.name, scenario.objective = name, objective
            scenario.rules = {"settings": {"minimum": 0.0}, "pinned": [], "forbidden": [], "withdrawn": []}
            scenario.weights = round_.snapshot["settings"]["weights"]
        fits = {cast.mentee.id: (0.41, 0.6), maya.id: (0.7, 0.7), zoe.id: (0.8, None)}
        for number, scenario in enumerate((first, second)):
            for proposal in session.query(Proposal).filter_by(scenario_id=scenario.id):
                proposal.weight = fits[proposal.mentee_id][number]
        round_.state = "review"
        session.commit()
        return first, second

    def test_gains_losses_and_figures_are_those_of_the_pairs(self, session, cast, people, two):
        zoe, _maya, noor = people
        found = compare_scenarios(session, *two, "stage")
        assert [(c.mentee_id, c.mentor_id, c.before, c.after) for c in found.gains] == [
            (cast.mentee.id, noor.id, 0.41, 0.6)
        ]
        assert [(c.mentee_id, c.mentor_id, c.before, c.after) for c in found.losses] == [(zoe.id, None, 0.8, None)]
        assert (found.kept, found.moved, found.emptied) == (1, 1, 1)
        assert (found.first.covered, found.second.covered) == (3, 2)
        assert (found.first.weakest, found.second.weakest) == (0.41, 0.6)
        assert found.first.mean == pytest.approx((0.41 + 0.7 + 0.8) / 3)
        (mentees,) = found.mentees
        assert (mentees.key, mentees.people, mentees.covered) == ("resident_junior", 3, (3, 2))
        (mentors,) = found.mentors
        assert (mentors.given, mentors.used) == (240, (180, 120))

    def test_a_pair_taken_out_by_hand_counts_no_more(self, session, cast, two, now):
        first, second = two
        session.scalars(
            select(Proposal).where(Proposal.mentee_id == cast.mentee.id, Proposal.scenario_id == first.id)
        ).one().removed_at = now
        session.commit()
        found = compare_scenarios(session, first, second, "zone")
        assert (found.first.covered, found.first.weakest) == (2, 0.7)

    def test_whoever_had_a_mentor_before_is_covered_and_loses_none(self, session, people, two):
        for scenario in two:
            scenario.totals = scenario.totals | {"served": [str(people[0].id)]}
        session.commit()
        found = compare_scenarios(session, *two, "specialty")
        assert (found.first.covered, found.second.covered, found.emptied) == (3, 3, 0)
        assert (found.first.second, found.second.second) == (1, 0)

    def test_other_weights_are_measured_by_those_of_the_round(self, session, two):
        first, second = two
        second.weights = second.weights | {"topics": 9.0}
        for proposal in session.query(Proposal):
            proposal.parts = dict.fromkeys(first.weights, 0.5)
        session.commit()
        found = compare_scenarios(session, first, second, "stage")
        assert found.common_weights
        assert (found.first.weakest, found.second.weakest) == (pytest.approx(0.5), pytest.approx(0.5))

    def test_the_page_says_the_news_shows_the_plot_and_its_table(self, ada, cast, base, two):
        first, second = two
        path = f"{base}/{first.round_id}/compare?a={first.id}&b={second.id}"
        page = text_of(ada, path)
        assert "<h1>Fair floor leaves 1 more mentee without</h1>" in page
        assert "1 mentee gains, 1 loses, 1 stays as it is. 1 loses her only mentor." in page
        assert "Work on with Fair floor" in page
        assert page.count('<svg class="plot') == 2
        assert page.count('class="low"') == 2  # one tile in each drawing
        assert "weakest 0.41" in page
        assert "The same as a table" in page
        assert '<td class="num best">3 <span class="visually-hidden">(better)</span></td>' in page
        assert "Two who would both rather have each other" in page
        assert (
            "Weights, the smallest fit, rules, pins, pairs ruled out, who takes part and every mentor’s limit." in page
        )
        other = text_of(ada, f"{base}/{first.round_id}/compare?a={second.id}&b={first.id}")
        assert "<h1>Coverage first gives 1 more mentee a mentor</h1>" in other

    def test_all_who_lose_are_listed_by_page(self, ada, base, two):
        first, second = two
        page = text_of(ada, f"{base}/{first.round_id}/compare?a={first.id}&b={second.id}&show=lose&page=9")
        assert "1 loses" in page

    def test_without_two_scenarios_it_leads_to_the_list(self, ada, session, cast, base):
        scenario = make_scenario(session, make_round(session, cast.programme), [(cast.mentor, cast.mentee)])
        session.commit()
        path = f"{base}/{scenario.round_id}"
        assert ada.get(f"{path}/compare").headers["Location"] == f"{path}/scenarios"
        twice = f"{path}/compare?a={scenario.id}&b={scenario.id}"
        assert ada.get(twice).headers["Location"] == f"{path}/scenarios"
        assert "Choose two scenarios" in text_of(ada, f"{path}/scenarios")

    def test_a_scenario_of_another_round_is_not_found(self, ada, session, cast, base, two):
        other = make_scenario(session, make_round(session, cast.programme), [])
        session.commit()
        text_of(ada, f"{base}/{two[0].round_id}/compare?a={two[0].id}&b={other.id}", 404)

    def test_two_real_solves_side_by_side_in_few_queries(self, client, session, now, count_queries):
        programme, coordinator = make_pool(session, 12, 30)
        round_id = freeze(session, programme, coordinator, now)
        client = sign_in(client, session, coordinator)
        base = f"/c/{programme.slug}/rounds/{round_id}"
        for objective in ("coverage", "stable"):
            send(client, f"{base}/solve", page=f"{base}/scenarios/new", objective=objective)
            scenario = work_off(session, now)
        assert scenario.totals["blocking"] == 0
        with count_queries() as statements:
            page = text_of(client, f"{base}/compare")
        assert len(statements) <= 12
        assert "Coverage first" in page
        assert session.query(Job).count() == 2
