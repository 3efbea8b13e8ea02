"""A repair from plain values to plain values: what changes least after the answers, verified and put into words."""

from collections.abc import Iterable, Mapping
from time import monotonic
from typing import Any

import numpy as np

from matcher import Repair, repair, schedule, verify
from matcher.arrays import as_tuples
from matcher.availability import Slot
from matcher.pool import Pool
from webapp.engine.decode import Found, Tell, plain_proposals, plain_totals, plain_unmatched
from webapp.engine.posing import Pair, Posed, UnsolvableError, pose, read_pool, taken_pairs
from webapp.engine.snapshots import read_bookings
from webapp.engine.solving import MOST_SECONDS, Clock, name_levels


def repair_work(work: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Repair what `services.repairs.read_repair` gave; the result fits `services.scenarios.Solved`.

    `work["offers"]` are the open offers that may be withdrawn, as [offer, mentor, mentee]; they and all other pairs
    at work are in the snapshot's `taken`. `work["declined"]` must not come again. The proposals are the new pairs.

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
    offers = _offers_in(pool, work["offers"])
    found, slots = _repair(posed, offers, work, tell)
    clock.note("solve")
    tell("verify", 0, 1, found.result.bound, found.result.gap)
    report = verify(found.problem, found.result)
    clock.note("verify")
    if not report.ok:
        raise UnsolvableError("The result did not pass its own check: " + "; ".join(report.faults))
    withdrawn = sorted(offers[pair] for pair in as_tuples(found.withdrawn))
    told = Found(Posed(pool, settings, posed.scores, found.problem, frozenset(), _stays(found)), found.result)
    assert found.result.certificate is not None
    return {
        "status": "solved",
        "result_status": found.result.status.name,
        "verified": report.ok,
        "totals": plain_totals(told, slots) | {"withdrawn": withdrawn, "fewest_withdrawn": found.fewest_withdrawn},
        "proposals": plain_proposals(told, slots, lambda done, total: tell("reasons", done, total, None, None)),
        "unmatched": plain_unmatched(told),
        "conflicts": [],
        "timings": clock.seconds,
        "certificate": found.result.certificate.to_json(),
    }


def _repair(
    posed: Posed, offers: Mapping[Pair, str], work: dict[str, Any], tell: Tell
) -> tuple[Repair, tuple[Slot | None, ...]]:
    """Repair, and look for an hour for every new pair; what finds none is ruled out, and all is done again."""
    declined = set(taken_pairs(posed.pool, work["declined"])) - posed.taken
    deadline = monotonic() + MOST_SECONDS
    while True:
        found = repair(
            posed.problem,
            accepted=_as_rows(posed.taken - offers.keys()),
            open_offers=_as_rows(offers.keys()),
            declined=_as_rows(declined),
            most_withdrawn=work["most_withdrawn"],
            time_limit=max(0.0, deadline - monotonic()),
            seed=work["seed"],
            progress=name_levels(tell),
        )
        gone = {offers[pair] for pair in as_tuples(found.withdrawn)}
        tell("slots", 0, 1, found.result.bound, found.result.gap)
        times = schedule(
            posed.pool,
            posed.settings,
            as_tuples(found.new),
            booked=read_bookings(work["snapshot"]["booked"], gone),
            time_limit=max(0.0, deadline - monotonic()),
        )
        without = {entry.pair for entry in times.unplaced if entry.code != "hours_not_stated"}
        if not without:
            return found, times.slots
        declined |= without


def _offers_in(pool: Pool, rows: list[list[str]]) -> Mapping[Pair, str]:
    """Return the offer of each open pair, by positions in the pool."""
    mentors, mentees = pool.positions
    return {(mentors[j], mentees[i]): offer for offer, j, i in rows if j in mentors and i in mentees}


def _stays(found: Repair) -> frozenset[Pair]:
    return frozenset(as_tuples(found.accepted)) | frozenset(as_tuples(found.kept))


def _as_rows(pairs: Iterable[Pair]) -> Any:
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
