"""The report of a round: one view model for the page and for the PDF, so that they say the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.presenters.board_figures import best_words, hours
from webapp.presenters.dates import day
from webapp.presenters.rounds import OBJECTIVES
from webapp.presenters.states import OFFER
from webapp.presenters.without import why_without
from webapp.services.round_report import RoundReport, Share
from webapp.services.vocabulary import name_of

GROUPS = 6  # shown of stages and specialties; the rest is added up
_USE: Mapping[str, Any] = {
    "none": _l("nothing"),
    "some": _l("up to half"),
    "most": _l("more than half"),
    "all": _l("all"),
}


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Bar:
    """A line of a plot: `part` of `whole` is filled; both are counts, and `said` is the figure beside it."""

    label: str
    part: int
    whole: int
    said: str
    kind: str = "a"  # the ink: a pine, b iris, low madder


@dataclass(frozen=True)
class Plot:
    title: str
    note: str
    bars: tuple[Bar, ...]

    @property
    def longest(self) -> int:
        return max((bar.whole for bar in self.bars), default=0) or 1


@dataclass(frozen=True)
class Column:
    """A pile of tiles: mentees whose best fit lies between two tenths."""

    label: str
    number: int
    low: bool


@dataclass(frozen=True)
class Report:
    programme: str
    round: str
    slug: str
    title: str
    lead: str
    dates: str
    published: str
    figures: tuple[Figure, ...]
    proof: str
    proved: bool
    rule: str
    fits: tuple[Column, ...]
    fits_title: str
    fits_note: str
    tile: int  # mentees that one tile stands for
    plots: tuple[Plot, ...]


def present_report(report: RoundReport, declines: Mapping[str, Any]) -> Report:
    """Put the figures into words; `declines` are the words of each reason that can be given."""
    missing = report.mentees - report.covered
    if missing:
        title = _("%(n)s of %(all)s mentees were offered a mentor", n=report.covered, all=report.mentees)
    else:
        title = ngettext(
            "The one mentee was offered a mentor", "All %(num)d mentees were offered a mentor", report.mentees
        )
    return Report(
        programme=report.programme,
        round=report.round,
        slug=report.slug,
        title=title,
        lead=_lead(report),
        dates=_(
            "Published on %(day)s. The programme runs from %(start)s to %(end)s.",
            day=day(report.published_at),
            start=day(report.starts_on),
            end=day(report.ends_on),
        ),
        published=day(report.published_at),
        figures=_figures(report, missing),
        proof=_proof(report),
        proved=report.is_best and not report.changed,
        rule=str(OBJECTIVES[report.objective]),
        fits=_columns(report),
        fits_title=_("How well the best mentor fits"),
        fits_note=_fits_note(report),
        tile=_tile(report),
        plots=_plots(report, declines, missing),
    )


def _lead(report: RoundReport) -> str:
    accepted, total = report.answers.get("accepted", 0), sum(report.answers.values())
    return ngettext(
        "%(num)d of %(all)s offers has a yes from both.",
        "%(num)d of %(all)s offers have a yes from both.",
        accepted,
        all=total,
    )


def _figures(report: RoundReport, missing: int) -> tuple[Figure, ...]:
    thin = sum(report.fits[:5])
    return (
        Figure(
            _("Mentees offered a mentor"),
            _("%(n)s of %(all)s", n=report.covered, all=report.mentees),
            _("%(n)s without", n=missing) if missing else _("nobody goes without"),
        ),
        Figure(
            _("Pairs"), str(report.pairs), ngettext("%(num)d second mentor", "%(num)d second mentors", report.second)
        ),
        Figure(
            _("Weakest best fit"),
            "–" if report.weakest is None else f"{report.weakest:.2f}",
            ngettext("%(num)d mentee below 0.50", "%(num)d mentees below 0.50", thin),
        ),
        Figure(
            _("Mentors’ time used"),
            _("%(n)s of %(all)s h", n=hours(report.minutes_used), all=hours(report.minutes_given)),
            _("%(n)s of %(all)s mentors have a mentee", n=report.mentors_used, all=report.mentors),
        ),
    )


def _proof(report: RoundReport) -> str:
    if not report.verified:
        return _("Not checked")
    if report.is_best:
        proof = best_words(report.objective)
    else:
        proof = _("A better matching may exist, by %(gap)s %% at most - checked", gap=f"{100 * report.gap:.2f}")
    if not report.changed:
        return proof
    return ngettext(
        "%(proof)s, before %(num)d change by hand",
        "%(proof)s, before %(num)d changes by hand",
        report.changed,
        proof=proof,
    )


def _tile(report: RoundReport) -> int:
    """Let no pile be higher than ten rows of six."""
    return max(1, -(-max(report.fits) // 60))


def _fits_note(report: RoundReport) -> str:
    many = _tile(report)
    return ngettext("One tile is one mentee.", "One tile is %(num)d mentees.", many)


def _columns(report: RoundReport) -> tuple[Column, ...]:
    first = next((number for number, count in enumerate(report.fits) if count), 0)
    return tuple(
        Column(
            _("%(low)s to %(high)s", low=f"{number / 10:.1f}", high=f"{(number + 1) / 10:.1f}"),
            report.fits[number],
            number < 5,
        )
        for number in range(min(first, 5), 10)
    )


def _plots(report: RoundReport, declines: Mapping[str, Any], missing: int) -> tuple[Plot, ...]:
    answers, total = report.answers, sum(report.answers.values())
    plots = [
        Plot(
            _("Answers to the offers"),
            "",
            tuple(
                Bar(str(words[0]), answers.get(state, 0), total, str(answers.get(state, 0)), _INK.get(state, "a"))
                for state, words in OFFER.items()
                if answers.get(state) or state != "withdrawn"
            ),
        ),
        Plot(
            _("How much of their time mentors were asked for"),
            _("Mentors, by the share of their minutes that the round took."),
            tuple(
                Bar(str(_USE[share]), number, sum(report.use.values()), str(number), "b")
                for share, number in report.use.items()
            ),
        ),
        Plot(_("By career stage"), _("Mentees offered a mentor, of all."), _groups(report.stages, "stage")),
        Plot(
            _("By specialty of interest"),
            _("The first that each mentee named."),
            _groups(report.specialties, "specialty"),
        ),
    ]
    if report.declines:
        lost = sum(report.declines.values())
        plots.append(
            Plot(
                _("Why offers were declined"),
                _("As far as people gave a reason."),
                tuple(
                    Bar(str(declines.get(reason, reason)), number, lost, str(number), "low")
                    for reason, number in sorted(report.declines.items(), key=lambda item: -item[1])
                ),
            )
        )
    if missing and any(report.left_out.values()):
        plots.append(_left_out(report))
    return tuple(plot for plot in plots if plot.bars)


_INK = {"open": "new", "accepted": "a", "declined": "low", "expired": "low", "withdrawn": "b"}


def _left_out(report: RoundReport) -> Plot:
    """Say why mentees are left out, the commonest cause first."""
    causes = sorted(((why, n) for why, n in report.left_out.items() if n), key=lambda item: (-item[1], item[0]))
    whole = sum(number for _why, number in causes)
    bars = tuple(Bar(why_without(why), number, whole, str(number), "low") for why, number in causes[:GROUPS])
    return Plot(_("Why mentees are left out"), _("The commonest cause for each."), bars)


def _groups(shares: tuple[Share, ...], kind: str) -> tuple[Bar, ...]:
    """Name the largest groups; those that remain are one line."""
    bars = [_bar(name_of(kind, s.key) if s.key else _("not stated"), s.covered, s.all) for s in shares[:GROUPS]]
    rest = shares[GROUPS:]
    if rest:
        label = ngettext("one more", "%(num)d more", len(rest))
        bars.append(_bar(label, sum(s.covered for s in rest), sum(s.all for s in rest)))
    return tuple(bars)


def _bar(label: str, covered: int, number: int) -> Bar:
    return Bar(label, covered, number, _("%(n)s of %(all)s", n=covered, all=number))
