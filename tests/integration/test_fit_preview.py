"""What other settings would do, tried out on a sample of the pool."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.codes import Code
from matcher.scoring import Scores
from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.pools import make_pool
from webapp.engine.sampling import sample_of
from webapp.models import Exclusion, Membership
from webapp.services.errors import InvalidInputError
from webapp.services.fit_preview import Change, choose_pairs, preview_fit
from webapp.services.settings import Counts, Rules, read_section


@pytest.fixture
def pool(session):
    programme, _ada = make_pool(session, 12, 20)
    session.commit()
    return programme


def test_sample_is_the_same_each_time_bounded_and_says_how_many_there_are(session, pool, now):
    first, again = (sample_of(session, pool, now=now, most=5) for _ in range(2))
    assert first.pool.shape == (5, 5)
    assert [m.key for m in first.pool.mentors] == [m.key for m in again.pool.mentors]
    assert (first.n_mentors, first.n_mentees) == (12, 20)
    whole = sample_of(session, pool, now=now)
    assert (whole.pool.shape, whole.n_mentors, whole.n_mentees) == ((12, 20), 12, 20)


def test_whoever_is_on_both_sides_is_counted_on_both_within_the_bound(session, cast, now):
    both = make_person(session, "Both Bergström")
    make_mentor(session, cast.programme, both)
    make_mentee(session, cast.programme, both)
    session.commit()
    assert sample_of(session, cast.programme, now=now).pool.shape == (2, 2)
    assert sample_of(session, cast.programme, now=now, most=1).pool.shape == (1, 1)


def test_pairs_that_must_not_be_are_left_out_and_people_who_have_not_joined(session, cast, now):
    late = make_mentor(session, cast.programme, make_person(session, "Late Larsson"))
    late.joined_at = None
    session.add(Exclusion(mentor_id=cast.mentor.id, mentee_id=cast.mentee.id, code="CONFLICT"))
    session.commit()
    preview = preview_fit(session, cast.programme.id, None, now=now)
    assert (preview.mentors, preview.mentees, preview.pairs) == (1, 1, 1)
    assert preview.possible == Change(0, 0)
    (pair,) = preview.shown
    assert (pair.place_before, pair.cause_before) == (None, "conflict")


def test_nothing_tried_out_changes_nothing(session, pool, now):
    preview = preview_fit(session, pool.id, read_section(session, pool.id, Counts), now=now)
    assert preview.possible.before == preview.possible.after > 0
    assert (preview.lost, preview.gained) == (0, 0)
    assert len(preview.shown) == 10
    assert [pair.place_after for pair in preview.shown] == [pair.place_before for pair in preview.shown]
    fits = [pair.before for pair in preview.shown]
    assert fits == sorted(fits, reverse=True)


def test_other_weights_move_pairs_and_are_not_saved(session, pool, now):
    counts = read_section(session, pool.id, Counts)
    other = replace(counts, weights=dict.fromkeys(counts.weights, 0.0) | {"topics": 1.0})
    preview = preview_fit(session, pool.id, other, now=now)
    assert [pair.before for pair in preview.shown] != [pair.after for pair in preview.shown]
    for pair in preview.shown:
        (part,) = pair.parts
        assert part.criterion == "topics"
        assert pair.after == pytest.approx(part.score)
    assert read_section(session, pool.id, Counts) == counts


def test_a_minimum_counts_the_pairs_below_it(session, pool, now):
    counts = read_section(session, pool.id, Counts)
    preview = preview_fit(session, pool.id, replace(counts, minimum=0.6), now=now)
    assert preview.below.before == 0
    assert preview.below.after == preview.lost == preview.possible.before - preview.possible.after > 0
    for pair in preview.shown:
        assert (pair.cause_after == "below_minimum") == (pair.after < 0.6)


def test_a_rule_counts_what_it_rules_out(session, pool, now):
    rules = read_section(session, pool.id, Rules)
    wanted = replace(rules, specialty_required=True, specialty_floor=1.0, language_required=False)
    preview = preview_fit(session, pool.id, wanted, now=now)
    assert preview.rules["specialty_required"].before == 0
    assert preview.rules["specialty_required"].after > 0
    assert preview.rules["no_shared_language"].after == 0


def test_what_the_engine_cannot_work_with_is_refused(session, pool, now):
    with pytest.raises(InvalidInputError):
        preview_fit(session, pool.id, replace(read_section(session, pool.id, Counts), stage_ahead=0), now=now)


def test_limits_of_a_mentor_play_no_part(session, pool, now):
    before = preview_fit(session, pool.id, None, now=now)
    for membership in session.query(Membership).filter(Membership.is_mentor):
        membership.offer.places = 0
    session.commit()
    assert preview_fit(session, pool.id, None, now=now) == before


def scores_of(fits, codes=None):
    fits = np.array(fits, dtype=float)
    codes = np.zeros(fits.shape, dtype=np.int8) if codes is None else np.array(codes, dtype=np.int8)
    none = np.zeros(fits.shape, dtype=np.int64)
    return Scores({}, {}, none, np.where(codes == 0, fits, np.nan), fits, codes, np.arange(fits.shape[1]))


def test_chosen_pairs_run_from_the_best_to_the_least_and_repeat_nobody_where_they_can():
    fits = [[0.9, 0.2, 0.3], [0.8, 0.7, 0.1], [0.5, 0.6, 0.4]]
    chosen = choose_pairs(scores_of(fits), most=3)
    assert chosen[0] == (0, 0)
    assert len({j for j, _ in chosen}) == len({i for _, i in chosen}) == 3


def test_few_pairs_are_all_chosen_once_and_none_from_nobody():
    assert sorted(choose_pairs(scores_of([[0.9, 0.2]]))) == [(0, 0), (0, 1)]
    assert choose_pairs(scores_of(np.zeros((0, 3)))) == []
    assert choose_pairs(scores_of([[0.5]], [[Code.SELF]])) == []


def test_where_no_pair_is_possible_others_are_shown_with_their_cause():
    assert choose_pairs(scores_of([[0.9, 0.2]], [[Code.SELF, Code.CONFLICT]])) == [(0, 1)]
