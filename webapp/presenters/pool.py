"""Pool health as its coordinator reads it: the news first, then figures, tables, advice and names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.dates import moment
from webapp.presenters.pool_advice import AdvicePanel, advice_panel
from webapp.presenters.pool_people import StuckLine, causes_in_short, stuck_lines
from webapp.presenters.pool_tables import SupplyTable, Tab, hours_of, supply_table, tabs
from webapp.services.pool import PAGE, PARTS, SHOWN, Health, PoolView
from webapp.services.vocabulary import name_of

_SHORT_PARTS: dict[str, Any] = {
    "early": _l("%(specialty)s before 8:00"),
    "day": _l("%(specialty)s in the daytime"),
    "evening": _l("%(specialty)s in the evening"),
    "weekend": _l("%(specialty)s at the weekend"),
}


@dataclass(frozen=True)
class Pages:
    """Which page of all people is shown, for the pager."""

    number: int
    pages: int


@dataclass(frozen=True)
class PoolPage:
    title: str
    lead: str
    age: str
    counts: dict[str, int]
    hours_given: str
    hours_wanted: str
    covered: str
    causes: str
    tabs: list[Tab]
    table: SupplyTable
    advice: AdvicePanel
    stuck: tuple[StuckLine, ...]
    unused: tuple[StuckLine, ...]
    n_stuck: int
    n_unused: int
    may_write: dict[str, bool]  # whether anybody of a side can be written to
    pages: Pages


def present_pool(view: PoolView, *, by: str, page: int, now: datetime) -> PoolPage | None:
    """Put the last report in order and tell its news; `page` is that of all people, 0 for the first of them.

    None when there is no report yet.
    """
    health = view.health
    if health is None:
        return None
    title, lead = _news(health)
    counts = health.counts
    return PoolPage(
        title=title,
        lead=lead,
        age=_age(view, now),
        counts=counts,
        hours_given=hours_of(counts["minutes_given"]),
        hours_wanted=hours_of(counts["minutes_wanted"]),
        covered=_covered(health),
        causes=causes_in_short(health.stuck),
        tabs=tabs(by),
        table=supply_table(health.tables, by, view.zone, None if page else SHOWN),
        advice=advice_panel(health.advice, counts, health.mentors),
        stuck=stuck_lines(health.stuck, "mentee"),
        unused=stuck_lines(health.unused, "mentor"),
        n_stuck=health.stuck.total,
        n_unused=health.unused.total,
        may_write={"mentee": health.stuck.told > 0, "mentor": health.unused.told > 0},
        pages=Pages(page, max(1, -(-max(health.stuck.total, health.unused.total) // PAGE))),
    )


def _age(view: PoolView, now: datetime) -> str:
    """Say of when the figures are, and what has changed since."""
    assert view.health is not None
    at, clock = view.health.computed_at, ZoneInfo(view.zone)
    same_day = at.astimezone(clock).date() == now.astimezone(clock).date()
    when = _("As of %(time)s", time=format_datetime(at, "HH:mm") if same_day else moment(at))
    changes = view.changes
    if changes.many:
        since = _("much has changed since")
    elif changes.members:
        since = ngettext("%(num)d person changed since", "%(num)d people changed since", len(changes.members))
    elif changes.settings:
        since = _("the settings changed since")
    elif view.new_day:
        since = _("pauses may have begun or ended since")
    else:
        since = _("nothing has changed since")
    return f"{when}; {since}."


def _news(health: Health) -> tuple[str, str]:
    mentees, mentors, stuck = health.counts["mentees"], health.counts["mentors"], health.stuck.total
    if not mentees and not mentors:
        return _("Nobody is in the pool yet"), _("As soon as people have joined, this page sets places against needs.")
    if not mentees:
        return _("No mentee looks for a mentor"), _("There are places; send the link to those who may need them.")
    if not mentors:
        return _("There is no mentor yet"), _("Each mentor who joins opens at least one place.")
    lead = (
        ngettext(
            "One of %(all)s mentees cannot be matched as things stand.",
            "%(num)d of %(all)s mentees cannot be matched as things stand.",
            stuck,
            all=mentees,
        )
        if stuck
        else _("Each of the %(all)s mentees has at least one mentor with a place who could fit.", all=mentees)
    )
    return _headline(health), lead


def _headline(health: Health) -> str:
    """Name the largest shortage: of places in all, else of a specialty, else of a part of its week."""
    short = health.counts["mentees"] - health.counts["places"]
    if short > 0:
        return ngettext("One place too few for one mentor each", "%(num)d places too few for one mentor each", short)
    rows = health.tables["specialty"]
    row = min(rows, key=lambda row: row["places"] - row["mentees"], default=None)
    if row and row["places"] < row["mentees"]:
        number, where = row["mentees"] - row["places"], _sentence_case(name_of("specialty", row["key"]))
        return ngettext("%(where)s is one place short", "%(where)s is %(num)d places short", number, where=where)
    spare, part, key = min(
        (
            (places - mentees, part, row["key"])
            for row in rows
            for part, (places, mentees) in zip(PARTS, row["cells"], strict=True)
        ),
        default=(0, "", ""),
    )
    if spare < 0:
        where = str(_SHORT_PARTS[part]) % {"specialty": _sentence_case(name_of("specialty", key))}
        return ngettext("%(where)s is one place short", "%(where)s is %(num)d places short", -spare, where=where)
    return _("There is a place for every mentee")


def _sentence_case(name: str) -> str:
    return name[:1] + name[1:].lower()


def _covered(health: Health) -> str:
    """Say how many would have a mentor if pairs were made today; nothing where that was not worked out."""
    if "covered" not in health.advice:
        return ""
    return _(
        "In the best matching of today %(covered)s of %(all)s mentees have a mentor.",
        covered=health.advice["covered"],
        all=health.counts["mentees"],
    )
