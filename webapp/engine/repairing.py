"""A repair from plain values to plain values: what changes least after the answers, verified and put into words."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np

from matcher import Problem, Repair, Timetable, Unplaced, repair, schedule, verify
from matcher.arrays import as_tuples
from matcher.closed_pairs import without_pairs
from matcher.hour_places import close_for_free
from matcher.pool import Pool
from matcher.problem_changes import with_changes
from webapp.engine.boards import columns_by_member, member_of, pairs_everywhere, pairs_held
from webapp.engine.decode import Found, Tell, plain_proposals, plain_totals, plain_unmatched
from webapp.engine.hours import plain_unplaced
from webapp.engine.posing import Pair, Posed, UnsolvableError, pose, read_pool
from webapp.engine.snapshots import read_bookings
from webapp.engine.solving import MOST_SECONDS, Clock, name_levels


@dataclass(frozen=True)
class OpenOffer:
    """An open offer, and the minutes a month that it holds."""

    id: str
    minutes: int


@dataclass(frozen=True)
class Round:
    """One repair with its timetable; `missed` are new pairs without an hour."""

    found: Repair
    times: Timetable
    missed: tuple[Unplaced, ...]

    @property
    def gone(self) -> frozenset[Pair]:
        return frozenset(entry.pair for entry in self.missed)

    @property
    def worth(self) -> tuple[int, int, float]:
        """Mentees covered by pairs with an hour, fewest withdrawn, and weight."""
        kept = [pair for pair in as_tuples(self.found.result.pairs) if pair not in self.gone]
        weights = self.found.problem.weights_of(_as_rows(kept))
        person = self.found.problem.person
        return len({int(person[column]) for _, column in kept}), -len(self.found.withdrawn), float(weights.sum())


def repair_work(work: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Repair what `services.repairs.read_repair` gave; the result fits `services.scenarios.Solved`.

    `work["offers"]` are the open offers that may be withdrawn, as [offer, mentor, mentee, minutes]; they and all other
    pairs at work are in the snapshot's `taken`. `work["declined"]` must not come again. The proposals are the new pairs
    that have an hour; where pairs had to be ruled out for want of one, the result counts as the best found.

    Raises
    ------
    UnsolvableError
        The people or settings do not make a problem, or the result did not pass its own check.

    """
    clock = Clock()
    tell("people", 0, 1, None, None)
    pool, settings = read_pool(work)
    clock.note("people")
    posed = pose(work, pool, settings, lambda share: tell("weights", share, 1, None, None))
    clock.note("weights")
    offers = _offers_in(posed, work)
    first, best = _repair(posed, offers, work, tell)
    found = best.found
    clock.note("solve")
    tell("verify", 0, 1, found.result.bound, found.result.gap)
    report = verify(found.problem, found.result)
    clock.note("verify")
    if not report.ok:
        raise UnsolvableError("The result did not pass its own check: " + "; ".join(report.faults))
    stays = frozenset(as_tuples(found.accepted)) | frozenset(as_tuples(found.kept)) | best.gone
    told = Found(Posed(pool, settings, posed.scores, found.problem, frozenset(), stays), found.result)
    of_pair = dict(zip(as_tuples(found.new), best.times.slots, strict=True))
    slots = [of_pair[pair] for pair in as_tuples(told.pairs)]
    whole = best is first and not best.missed
    totals = {
        "withdrawn": sorted(offers[pair].id for pair in as_tuples(found.withdrawn)),
        "fewest_withdrawn": first.found.fewest_withdrawn,
        "no_hour": plain_unplaced(pool, best.missed),
    }
    assert found.result.certificate is not None
    return {
        "status": "solved",
        "result_status": found.result.status.name if whole else "FEASIBLE",
        "verified": report.ok,
        "totals": plain_totals(told, slots) | totals,
        "proposals": plain_proposals(told, slots, lambda done, total: tell("reasons", done, total, None, None)),
        "unmatched": plain_unmatched(told),
        "conflicts": [],
        "timings": clock.seconds,
        "certificate": found.result.certificate.to_json(),
    }


def _repair(posed: Posed, offers: Mapping[Pair, OpenOffer], work: dict[str, Any], tell: Tell) -> tuple[Round, Round]:
    """Repair, and look for an hour for every new pair; return the first round, and the best.

    Of pairs that cannot all meet one is ruled out, and all is done again, until every pair has an hour or time is up.
    """
    problem = _with_real_room(posed, offers, work["snapshot"])
    booked = read_bookings(work["snapshot"]["booked"])
    # The pairs at work are its pins, so that their hours count beside those that are free.
    problem = close_for_free(posed.pool, posed.settings, problem, booked, hours_needed=False)
    declined = set(pairs_everywhere(posed.pool, work["declined"])) - posed.taken
    deadline = monotonic() + MOST_SECONDS
    first = best = None
    while first is None or monotonic() < deadline:
        found = repair(
            problem,
            accepted=_as_rows(posed.taken - offers.keys()),
            open_offers=_as_rows(offers.keys()),
            declined=_as_rows(declined),
            most_withdrawn=work["most_withdrawn"],
            time_limit=max(0.0, deadline - monotonic()),
            seed=work["seed"],
            progress=name_levels(tell),
        )
        tell("slots", 0, 1, found.result.bound, found.result.gap)
        gone = {offers[pair].id for pair in as_tuples(found.withdrawn)}
        times = schedule(
            posed.pool,
            posed.settings,
            as_tuples(found.new),
            booked=read_bookings(work["snapshot"]["booked"], gone),
            time_limit=max(0.0, deadline - monotonic()),
        )
        missed = tuple(entry for entry in times.unplaced if entry.code != "hours_not_stated")
        last = Round(found, times, missed)
        first = first or last
        best = last if best is None or last.worth > best.worth else best
        if not missed:
            break
        declined |= _on_boards(posed.pool, _choose(last)) - posed.taken
    assert best is not None
    return first, best


def _choose(last: Round) -> set[Pair]:
    """Choose one pair of each set that cannot all meet: whose mentee has another mentor, else the lightest."""
    person = last.found.problem.person
    mentors_of = Counter(int(person[column]) for _, column in as_tuples(last.found.result.pairs))
    new = as_tuples(last.found.new)
    weights = dict(zip(new, last.found.problem.weights_of(last.found.new).tolist(), strict=True))
    cuts: set[Pair] = set()
    for entry in last.missed:
        together = (entry.pair, *entry.beside)
        if cuts.isdisjoint(together):
            cuts.add(min(together, key=lambda pair: (mentors_of[int(person[pair[1]])] == 1, weights[pair], pair)))
    return cuts


def _on_boards(pool: Pool, pairs: Iterable[Pair]) -> set[Pair]:
    """Add the same mentor in the other places of the mentee, whose hours are the same in all of them."""
    keys = [(pool.mentors[mentor].key, member_of(pool.mentees[column])) for mentor, column in pairs]
    return set(pairs_everywhere(pool, keys))


def _with_real_room(posed: Posed, offers: Mapping[Pair, OpenOffer], snapshot: dict[str, Any]) -> Problem:
    """Return the problem with the room that the ledger would find.

    An open offer gives back what it holds, which is not what its mentee asks for today; and somebody whose pairs exceed
    a limit lowered since gets nothing new before they are within it again.
    """
    problem = posed.problem
    assert problem.mentor_minutes is not None
    minutes, places, wanted = (
        array.copy() for array in (problem.mentor_minutes, problem.mentor_capacity, problem.mentee_capacity)
    )
    closed: list[Pair] = []
    members = columns_by_member(posed.pool)
    for pair, offer in offers.items():
        minutes[pair[0]] -= max(0, int(problem.minutes_of(_as_rows([pair]))[0]) - offer.minutes)
    for who, (short_minutes, short_places) in snapshot.get("overdrawn", {}).items():
        side, key = who.split()
        if side == "mentor" and key in posed.pool.positions[0]:
            position = posed.pool.positions[0][key]
            minutes[position] -= short_minutes
            places[position] -= short_places
        elif side == "mentee" and len(columns := members.get(key, [])) == 1:
            wanted[columns[0]] -= short_places
        elif side == "mentee":  # which of her places is too much, nobody knows: none of them is filled anew
            closed += _not_taken(posed, members.get(key, []))
    return with_changes(
        without_pairs(problem, closed) if closed else problem,
        mentor_minutes=np.maximum(minutes, 0),
        mentor_capacity=np.maximum(places, 0),
        mentee_capacity=np.maximum(wanted, 0),
    )


def _not_taken(posed: Posed, columns: Iterable[int]) -> list[Pair]:
    return [(j, i) for i in columns for j in range(len(posed.pool.mentors)) if (j, i) not in posed.taken]


def _offers_in(posed: Posed, work: dict[str, Any]) -> Mapping[Pair, OpenOffer]:
    """Return the offer of each open pair, by positions in the pool."""
    rows = {(j, i): OpenOffer(offer, minutes) for offer, j, i, minutes in work["offers"]}
    return {pair: rows[key] for key, pair in pairs_held(posed.pool, work["snapshot"], rows).items()}


def _as_rows(pairs: Collection[Pair]) -> Any:
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
