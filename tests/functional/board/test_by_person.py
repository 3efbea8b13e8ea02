"""The board read by person: a line for everybody, with and without somebody."""

import pytest

from tests.factories.pools import solve
from tests.functional.board.changing import make
from tests.functional.console import text_of


class TestByPerson:
    @pytest.mark.parametrize(
        ("query", "lines", "has"),
        [
            ("view=mentors", 2, "60 of 60 minutes"),
            ("view=mentors&q=okafor", 1, "Dr Rosa Prat"),
            ("view=mentors&sort=free", 2, "1 of 2 places"),
            ("view=mentors&show=alone", 0, "Nothing fits these filters."),
            ("view=mentees", 2, "Nia Okafor"),
            ("view=mentees&q=nia&sort=thin", 1, "Dr Rosa Prat"),
            ("view=mentees&fit=thin", 0, "Nothing fits these filters."),
            ("view=mentees&specialty=urology&sort=alone", 0, "Nothing fits these filters."),
            ("view=nonsense", 2, "Pairs 1 to 2 of 2."),
        ],
    )
    def test_views_and_their_filters_stand_in_the_address(self, ada, base, query, lines, has):
        page = text_of(ada, f"{base}?{query}")
        assert page.count('<tr class="') == lines
        assert has in page

    def test_who_has_nobody_has_a_line_with_the_way_to_somebody(self, ada, session, board, base, ask):
        make(ada, ask("remove", board.rosa, board.nia), "remove")
        page = text_of(ada, f"{base}?view=mentors&show=alone")
        assert page.count('<tr class="') == 1
        assert "No mentee in this scenario." in page
        page = text_of(ada, f"{base}?view=mentees&show=alone")
        assert "No mentor in this scenario." in page
        assert f"mentee={board.nia.id}" in page

    def test_a_mentor_has_one_line_with_all_her_mentees(self, ada, board, base, ask):
        make(ada, ask("move", board.rosa, board.cast.mentee, **{"from": board.cast.mentor.id}), "move")
        page = text_of(ada, f"{base}?view=mentors&q=rosa")
        assert page.count('<tr class="') == 1
        assert "Lee Lindqvist" in page
        assert "Nia Okafor" in page
        assert "2 of 2 places" in page

    @pytest.mark.parametrize("view", ["pairs", "mentors", "mentees"])
    def test_pages_take_few_queries_whatever_stands_on_them(
        self, ada, session, board, base, ask, view, now, count_queries
    ):
        again = solve(session, board.round_id, board.cast.ada, now, name="Second")
        make(ada, ask("move", board.rosa, board.cast.mentee, **{"from": board.cast.mentor.id}), "move")
        address = f"{base}?view={view}&scenario={board.scenario.id}"  # asks the database, which is no query of the page
        with count_queries() as counted:
            text_of(ada, address)
        assert len(counted) <= 12
        address = f"{address}&against={again.id}&q=lee"
        with count_queries() as compared:
            text_of(ada, address)
        assert len(compared) <= 12
