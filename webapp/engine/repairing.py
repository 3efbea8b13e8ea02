"""A repair from plain values to plain values: what changes least after the answers, verified and put into words."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from matcher import Repair, repair, schedule, verify
from matcher.pool import Pool
from webapp.engine.decode import Found, Tell, plain_proposals, plain_totals, plain_unmatched
from webapp.engine.posing import Pair, Posed, UnsolvableError, pose, read_pool, taken_pairs
from webapp.engine.snapshots import read_bookings
from webapp.engine.solving import MOST_SECONDS, SLOT_SECONDS, Clock, name_levels


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
    found = repair(
        posed.problem,
        accepted=_as_rows(sorted(posed.taken - offers.keys())),
        open_offers=_as_rows(sorted(offers)),
        declined=_as_rows(sorted(set(taken_pairs(pool, work["declined"])) - posed.taken)),
        most_withdrawn=work["most_withdrawn"],
        time_limit=MOST_SECONDS,
        seed=work["seed"],
        progress=name_levels(tell),
    )
    clock.note("solve")
    tell("verify", 0, 1, found.result.bound, found.result.gap)
    report = verify(found.problem, found.result)
    clock.note("verify")
    if not report.ok:
        raise UnsolvableError("The result did not pass its own check: " + "; ".join(report.faults))
    withdrawn = sorted(offers[pair] for pair in _pairs(found.withdrawn))
    tell("slots", 0, 1, None, None)
    slots = schedule(
        pool,
        settings,
        _pairs(found.new),
        booked=read_bookings(work["snapshot"]["booked"], set(withdrawn)),
        time_limit=SLOT_SECONDS,
    ).slots
    clock.note("slots")
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


def _offers_in(pool: Pool, rows: list[list[str]]) -> Mapping[Pair, str]:
    """Return the offer of each open pair, by positions in the pool."""
    mentors, mentees = pool.positions
    return {(mentors[j], mentees[i]): offer for offer, j, i in rows if j in mentors and i in mentees}


def _stays(found: Repair) -> frozenset[Pair]:
    return frozenset(_pairs(found.accepted)) | frozenset(_pairs(found.kept))


def _pairs(rows: Any) -> list[Pair]:
    return [(int(mentor), int(mentee)) for mentor, mentee in rows]


def _as_rows(pairs: list[Pair]) -> Any:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
