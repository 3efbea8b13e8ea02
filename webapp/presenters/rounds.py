"""A round as its coordinator reads it: where it stands, what the next step does and what stands in its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.models import Job
from webapp.presenters.checklists import Check
from webapp.services.boards import RoundFacts

OBJECTIVES: Mapping[str, Any] = {
    "coverage": _l("Coverage first"),
    "fair": _l("Weakest first"),
    "total": _l("Best fits first"),
    "stable": _l("Wishes first"),
}
OBJECTIVE_HINTS: Mapping[str, Any] = {
    "coverage": _l("Among those ways, the pairs that fit best."),
    "fair": _l("Nobody’s fit is thin only so that others’ can be better. May take a minute."),
    "total": _l("Even if some mentee goes without for it."),
    "stable": _l("Both sides’ wishes decide, then the fit. Some mentee may go without for it."),
}
_STAGES: Mapping[str, Any] = {
    "people": _l("Reading what people said"),
    "weights": _l("Seeing how well each pair fits"),
    "solve": _l("Finding the best pairs"),
    "verify": _l("Checking that there are no better ones"),
    "slots": _l("Finding an hour for each pair"),
    "reasons": _l("Writing down the reasons"),
    "pairs": _l("Seeing who can be paired with whom"),
    "fits": _l("Seeing how well each pair fits"),
    "advice": _l("Trying out what would help"),
}
# Where each stage begins and ends on the bar, in per cent.
_SPANS: Mapping[str, tuple[int, int]] = {
    "people": (2, 5),
    "weights": (5, 35),
    "solve": (35, 70),
    "slots": (70, 75),
    "verify": (75, 80),
    "reasons": (80, 100),
    "pairs": (5, 30),
    "fits": (30, 35),
    "advice": (70, 100),
}


_CLOSED = 1e-6  # a gap up to this is none


@dataclass(frozen=True)
class Step:
    """A step that may be taken: what its button says and what it does."""

    name: str
    action: str
    does: str


@dataclass(frozen=True)
class Stage:
    """A round before review: the news, the primary step, others, and the checklist."""

    title: str
    lead: str
    primary: Step | None
    others: tuple[Step, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Progress:
    """A job at work, in words and on a bar; where its page is, its news, and how to stop it."""

    title: str
    failed: str
    stage: str
    note: str  # how near to the best it is so far
    percent: int
    state: str
    stopping: bool
    error: str
    page_url: str
    progress_url: str
    stop_url: str
    key: str


def present_stage(facts: RoundFacts, checks: tuple[Check, ...] = ()) -> Stage:
    """Say what a round waits for; `checks` are what stands before its next step."""
    others = tuple(_OTHERS[name] for name in _ALSO.get(facts.state, ()))
    # In review, with every scenario taken away: there is nothing to review before the pairs are worked out again.
    state = "frozen" if facts.state == "review" and not facts.solved else facts.state
    title = str(_TITLES[state]) % {"round": facts.name}
    if state == "frozen" and facts.busy:
        title = _("The pairs of %(round)s are being worked out", round=facts.name)
    step = NEXT_STEP.get(state, "")
    primary = step_of(step) if step in _STEPS and state != "published" else None
    return Stage(title, str(_LEADS[state]), primary, others, checks)


def present_loss(facts: RoundFacts, step: str) -> tuple[str, ...]:
    """Say what is lost by going back, or by giving a round up."""
    solved = len(facts.solved)
    lines = []
    if solved and step == "reopen":
        lines.append(
            ngettext(
                "%(num)d scenario becomes out of date: it cannot be published any more.",
                "%(num)d scenarios become out of date: they cannot be published any more.",
                solved,
            )
        )
    elif solved:
        lines.append(ngettext("%(num)d scenario is put away.", "%(num)d scenarios are put away.", solved))
    lines += [_("The work on “%(name)s” is stopped.", name=scenario.name) for scenario in facts.busy]
    if facts.snapshot_sha256 and step == "reopen":
        lines.append(_("The frozen pool is dropped. Freezing again takes what people say by then."))
    lines.append(
        _("Pins, pairs ruled out and who sits the round out are kept.")
        if step == "reopen"
        else _("The round cannot be taken up again. People, their answers and hours stay as they are.")
    )
    return tuple(lines)


_TITLES: Mapping[str, Any] = {
    "draft": _l("%(round)s is a draft"),
    "enrolling": _l("%(round)s is open for joining"),
    "frozen": _l("%(round)s can be worked out"),
    "review": _l("%(round)s is ready to review"),
    "published": _l("The offers of %(round)s are out"),
    "active": _l("The pairs of %(round)s meet"),
    "closing": _l("%(round)s comes to its end"),
    "archived": _l("%(round)s is over"),
    "cancelled": _l("%(round)s was cancelled"),
}
_LEADS: Mapping[str, Any] = {
    "draft": _l("A draft that only coordinators see. Open it when people may join."),
    "enrolling": _l("People join and change their answers. Freeze the round when everyone is there."),
    "frozen": _l("The pool is kept as it was. What people change now counts from the next round."),
    "cancelled": _l("It ended before anybody had an offer from it."),
    "review": _l("Read the pairs, change what you know better, then publish. Nothing has been sent."),
    "published": _l("Both sides answer; what is declined is free again at once."),
    "active": _l("The time of answers is over. An offer made since is answered like the others."),
    "closing": _l("Its pairs may go on as long as they like."),
    "archived": _l("It is kept for reading."),
}
NEXT_STEP: Mapping[str, str] = {
    "draft": "open",
    "enrolling": "freeze",
    "frozen": "solve",
    "review": "publish",
    "published": "activate",
    "active": "close",
    "closing": "archive",
}
"""The one step that a round in each state waits for."""
_ALSO = {
    "draft": ("cancel",),
    "enrolling": ("cancel",),
    "frozen": ("reopen", "cancel"),
    "review": ("reopen", "cancel"),
}
_STEPS: Mapping[str, tuple[Any, Any]] = {
    "open": (
        _l("Open for joining"),
        _l("The round begins to enrol. Nobody gets mail; send the link of the programme yourself."),
    ),
    "freeze": (
        _l("Freeze the pool"),
        _l("Keeps what everyone said now, so that the pairs can be worked out and checked. You can open it again."),
    ),
    "activate": (
        _l("End the time of answers"),
        _l("Comes after the last answer. From then on the pairs are at work."),
    ),
    "close": (_l("Begin to close the round"), _l("The round comes to its end; pairs may go on as long as they like.")),
    "archive": (_l("Archive the round"), _l("Puts the round away for good. It stays here to be read.")),
}
_OTHERS: Mapping[str, Step] = {
    "reopen": Step(
        "reopen",
        _l("Open for joining again"),
        _l("Drops the frozen pool. Scenarios worked out from it are kept as out of date, and pins stay."),
    ),
    "cancel": Step(
        "cancel",
        _l("Cancel the round"),
        _l("Ends it for good, before anybody gets an offer. People and their answers stay."),
    ),
}


def steps_from(state: str) -> tuple[str, ...]:
    """Return the steps that a round in this state may take by a button."""
    return (NEXT_STEP.get(state, ""), *_ALSO.get(state, ()))


def step_of(name: str) -> Step:
    if name in _OTHERS:
        return _OTHERS[name]
    action, does = _STEPS[name]
    return Step(name, str(action), str(does))


def present_progress(facts: RoundFacts, *, slug: str) -> list[Progress]:
    """Say how far the work on each scenario is, the one begun first first; and what failed last."""
    here: dict[str, Any] = {"slug": slug, "round_id": facts.id}
    return [
        present_work(
            job,
            title=_("Working out “%(name)s”", name=scenario.name),
            failed=_("“%(name)s” could not be worked out", name=scenario.name),
            page_url=url_for("rounds.show", **here),
            progress_url=url_for("rounds.progress", **here, job_id=job.id),
            stop_url=url_for("rounds.stop", **here, job=job.id),
            key=f"work-{job.id.hex[:12]}",
        )
        for scenario, job in facts.work
    ]


def present_work(
    job: Job, *, title: str, failed: str, page_url: str, progress_url: str, stop_url: str, key: str = "work"
) -> Progress:
    """Say how far a job is, in words and on a bar; `key` tells it from others on the same page."""
    stage = job.stage.split(".", 1)[0]
    low, high = _SPANS.get(stage, (0, 2))
    share = min(1.0, job.done / job.total) if job.total else 0.0
    words = _("Waiting for a worker") if job.state == "waiting" else str(_STAGES.get(stage, _l("Beginning")))
    return Progress(
        title=title,
        failed=failed,
        stage=words,
        note=_nearness(job),
        percent=round(low + (high - low) * share),
        state=job.state,
        stopping=job.cancel_requested_at is not None,
        error=job.error,
        page_url=page_url,
        progress_url=progress_url,
        stop_url=stop_url,
        key=key,
    )


def _nearness(job: Job) -> str:
    """Say what the job's bound and gap mean, once it has told them."""
    if job.gap is None or job.bound is None:
        return ""
    if job.gap <= _CLOSED:
        return _("So far nothing better than what is found can exist.")
    gap = f"{100 * job.gap:.2f}"
    return _(
        "What is found so far is at most %(gap)s %% from the best there can be (bound %(bound)s).",
        gap=gap,
        bound=f"{job.bound:.2f}",
    )
