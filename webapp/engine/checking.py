"""A stored certificate computed again: from the frozen snapshot to the problem, and then by `matcher.verify` alone."""

from time import perf_counter
from typing import Any

from matcher import Certificate, InvalidCertificateError, Problem, verify
from matcher.arrays import as_pairs
from matcher.certificate_form import form_faults
from matcher.closed_pairs import pin_alone
from matcher.feasibility import find_broken_rules
from webapp.engine.boards import member_of, role_of
from webapp.engine.clashes import ClashingPinsError
from webapp.engine.decode import Tell
from webapp.engine.posing import Posed, as_timed, pose, read_pool, with_hours
from webapp.engine.snapshots import gone_zones

CHECK = "check"
_SAME = 1e-6
_SHOWN = ("coverage", "total", "floor")  # figures that pages read from the totals, where the certificate has them


def check_work(work: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Check what `services.checks.read_check` gave; nothing is solved.

    `covers` is "best", or "limits" where the search for hours ended early: then the certificate shows that the pairs
    keep every limit and what they reach, and says nothing of other pairs.
    """
    began = perf_counter()
    tell("people", 0, 1, None, None)
    pool, settings = read_pool(work)
    covers, faults = "best", []
    try:
        posed = pose(work, pool, settings, lambda share: tell("weights", share, 1, None, None))
        certificate = Certificate.from_json(work["certificate"])
    except (ClashingPinsError, InvalidCertificateError) as error:
        faults = [str(error)]
    else:
        tell("verify", 0, 1, None, None)
        problem, covers = _problem_of(posed, work, certificate)
        faults = [*verify(problem, certificate).faults, *_stored_faults(posed, work, certificate)]
        if faults and (gone := gone_zones(work["snapshot"])):
            faults = [f"zones: {', '.join(gone)} in no zone data any more", *faults]
    return {"ok": not faults, "covers": covers, "faults": faults, "seconds": round(perf_counter() - began, 3)}


def _problem_of(posed: Posed, work: dict[str, Any], certificate: Certificate) -> tuple[Problem, str]:
    """Return the problem that the certificate should be of, and what it then covers."""
    timed = as_timed(posed, work, work["totals"].get("no_hour", []))
    if timed.sha256 == certificate.problem_sha256:
        return timed, "best"
    opened = with_hours(posed, work)
    if not form_faults(opened, certificate) and not find_broken_rules(opened, certificate.pairs):
        alone = pin_alone(opened, as_pairs(certificate.pairs))
        if alone.sha256 == certificate.problem_sha256:
            return alone, "limits"
    return timed, "best"


def _stored_faults(posed: Posed, work: dict[str, Any], certificate: Certificate) -> list[str]:
    """Compare what the pages show with the certificate: the objective, the pairs and the figures."""
    faults = []
    if certificate.objective != work["objective"]:
        faults.append(
            f"objective: the scenario is {work['objective']!r}, and the certificate {certificate.objective!r}"
        )
    mentors, mentees = posed.pool.mentors, posed.pool.mentees
    inside = [(j, i) for j, i in certificate.pairs if j < len(mentors) and i < len(mentees)]
    proved = {(mentors[j].key, member_of(mentees[i]), role_of(mentees[i])) for j, i in inside}
    if foreign := {(mentor, mentee, *(role or [""])) for mentor, mentee, *role in work["stored"]} - proved:
        faults.append(f"proposals: {len(foreign)} that the engine is said to propose are not in the certificate")
    faults += [
        f"totals: {name} is {work['totals'][name]!r}, and the certificate proves {certificate.values[name]!r}"
        for name in _SHOWN
        if name in certificate.values and abs(work["totals"][name] - certificate.values[name]) > _SAME
    ]
    return faults
