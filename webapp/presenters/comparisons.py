"""Two scenarios side by side, in words: what the second buys and costs, in numbers, by rules and by groups."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.models import Scenario
from webapp.presenters.board_figures import hours
from webapp.presenters.reasons import listed
from webapp.presenters.scenario_rules import present_rules
from webapp.services.comparisons import Change, Comparison, MenteeGroup, MentorGroup
from webapp.services.scenario_settings import settings_of_scenario
from webapp.services.vocabulary import city_of, name_of

CHANGES_SHOWN = 5
GROUPS_SHOWN = 12
GROUPINGS: Mapping[str, Any] = {
    "stage": _l("Career stage"),
    "specialty": _l("Specialty"),
    "zone": _l("Time zone"),
}
_READS_SAME = 0.005  # two figures that are written the same
_RULES: Mapping[str, Any] = {
    "coverage": _l("As many mentees as possible, then the largest sum of fit."),
    "fair": _l("As many as possible, then the weakest place as good as can be, then the sum."),
    "total": _l("The largest sum of fit, even if somebody goes without for it."),
    "stable": _l("No two who would both rather have each other; wishes first, then fit."),
}


@dataclass(frozen=True)
class Measure:
    """One line of the table; `best` is 0 or 1 for the better column, or None."""

    name: str
    values: tuple[str, str]
    best: int | None = None
    hint: str = ""


@dataclass(frozen=True)
class ChangeLine:
    id: uuid.UUID
    mentee: str
    mentor: str
    before: str
    after: str


@dataclass(frozen=True)
class GroupLine:
    name: str
    people: int
    first: str
    second: str
    more: tuple[str, str]


@dataclass(frozen=True)
class ComparisonPage:
    title: str
    lead: str
    measures: tuple[Measure, ...]
    rules: tuple[tuple[str, str], ...]
    proved: bool
    gain_note: str
    loss_note: str
    mentees: tuple[GroupLine, ...]
    mentors: tuple[GroupLine, ...]


def present_comparison(
    first: Scenario, second: Scenario, found: Comparison, grouping: str, criteria: Mapping[str, Any]
) -> ComparisonPage:
    return ComparisonPage(
        title=_title(second.name, found),
        lead=_lead(found),
        measures=tuple(_measures(first, second, found)),
        rules=tuple(_rules(first, second, found, criteria)),
        proved=all(s.verified and s.result_status == "OPTIMAL" for s in (first, second)),
        gain_note=_gain_note(found),
        loss_note=_loss_note(found),
        mentees=_most(found.mentees, lambda group: _mentee_line(group, grouping)),
        mentors=_most(found.mentors, lambda group: _mentor_line(group, grouping)),
    )


def present_changes(changes: Sequence[Change], names: Mapping[uuid.UUID, str]) -> list[ChangeLine]:
    return [
        ChangeLine(
            change.mentee_id,
            names.get(change.mentee_id, _("somebody who is gone")),
            _("nobody") if change.mentor_id is None else names.get(change.mentor_id, ""),
            _("none") if change.before is None else f"{change.before:.2f}",
            _("none") if change.after is None else f"{change.after:.2f}",
        )
        for change in changes
    ]


def _title(name: str, found: Comparison) -> str:
    one, other = found.first, found.second
    more = other.covered - one.covered
    if more > 0:
        return ngettext(
            "%(name)s gives %(num)d more mentee a mentor",
            "%(name)s gives %(num)d more mentees a mentor",
            more,
            name=name,
        )
    if more < 0:
        return ngettext(
            "%(name)s leaves %(num)d more mentee without",
            "%(name)s leaves %(num)d more mentees without",
            -more,
            name=name,
        )
    rise = (other.weakest or 0.0) - (one.weakest or 0.0)
    if rise > _READS_SAME:
        lifted = sum(fit < (other.weakest or 0.0) for fit in one.fits)
        return ngettext("%(name)s lifts the weakest fit", "%(name)s lifts the %(num)d weakest fits", lifted, name=name)
    if rise < -_READS_SAME:
        words = {"before": f"{one.weakest or 0.0:.2f}", "after": f"{other.weakest or 0.0:.2f}"}
        return _("%(name)s lets the weakest fit fall from %(before)s to %(after)s", name=name, **words)
    return _title_of_means(name, found)


def _title_of_means(name: str, found: Comparison) -> str:
    """Say what differs where coverage and the weakest fit do not."""
    one, other = found.first, found.second
    if not found.gains and not found.losses:
        return _("Others are paired, and everybody fits as well") if found.moved else _("Both propose the same pairs")
    rise = (other.mean or 0.0) - (one.mean or 0.0)
    if abs(rise) <= _READS_SAME / 10:
        return _("%(name)s shifts who fits best, and is as good in all", name=name)
    return _("%(name)s fits better in all", name=name) if rise > 0 else _("%(name)s fits less well in all", name=name)


def _lead(found: Comparison) -> str:
    if not found.gains and not found.losses:
        return _("No mentee gains and none loses.")
    sentence = _(
        "%(gain)s, %(lose)s, %(stay)s.",
        gain=ngettext("%(num)d mentee gains", "%(num)d mentees gain", len(found.gains)),
        lose=ngettext("%(num)d loses", "%(num)d lose", len(found.losses)),
        stay=ngettext("%(num)d stays as it is", "%(num)d stay as they are", found.kept),
    )
    if not found.emptied:
        return f"{sentence} {_('Nobody loses her mentor.')}"
    lost = ngettext("%(num)d loses her only mentor.", "%(num)d lose their only mentor.", found.emptied)
    return f"{sentence} {lost}"


def _measures(first: Scenario, second: Scenario, found: Comparison) -> list[Measure]:
    one, other = found.first, found.second
    blocking = tuple(s.totals.get("blocking") for s in (first, second))
    return [
        _count(_("Mentees with a mentor"), one.covered, other.covered, more=True),
        _figure(_("Weakest best fit"), one.weakest, other.weakest, 2),
        _figure(_("Mean best fit"), one.mean, other.mean, 3),
        _figure(_("Sum of all fits"), one.total, other.total, 2),
        _count(_("Pairs"), one.pairs, other.pairs),
        _count(_("Second mentors"), one.second, other.second),
        Measure(_("Hours a month used"), (hours(one.minutes), hours(other.minutes))),
        _count(_("Pairs without an hour"), one.without_slot, other.without_slot, more=False),
        _blocking(blocking),
        Measure(_("Proof"), (_proof(first), _proof(second))),
    ]


def _count(name: str, one: int, other: int, *, more: bool | None = None) -> Measure:
    best = None if more is None or one == other else int((other > one) == more)
    return Measure(name, (f"{one:,}", f"{other:,}"), best)


def _figure(name: str, one: float | None, other: float | None, digits: int) -> Measure:
    said = tuple("–" if value is None else f"{value:,.{digits}f}" for value in (one, other))
    best = None if one is None or other is None or said[0] == said[1] else int(other > one)
    return Measure(name, (said[0], said[1]), best)


def _blocking(counts: tuple[Any, ...]) -> Measure:
    said = tuple(_("not counted") if count is None else f"{count:,}" for count in counts)
    known = None not in counts
    best = int(counts[1] < counts[0]) if known and counts[0] != counts[1] else None
    hint = "" if known else _("Too many people to count, or worked out before it was counted.")
    return Measure(_("Two who would both rather have each other"), (said[0], said[1]), best, hint)


def _proof(scenario: Scenario) -> str:
    if not scenario.verified:
        return _("Not checked")
    if scenario.result_status == "OPTIMAL":
        return _("Complete")
    return _("Within %(gap)s %%", gap=f"{100 * float(scenario.totals.get('gap') or 0.0):.2f}")


def _rules(first: Scenario, second: Scenario, found: Comparison, criteria: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say what the two were worked out by, and what is the same in both."""
    lines = [(first.name, str(_RULES[first.objective])), (second.name, str(_RULES[second.objective]))]
    same = []
    weighed = [
        _("%(name)s %(a)s and %(b)s", name=name, a=f"{a:g}", b=f"{b:g}")
        for key, name in criteria.items()
        if (a := first.weights.get(key, 0.0)) != (b := second.weights.get(key, 0.0))
    ]
    if weighed:
        text = listed(weighed) + "."
        if found.common_weights:
            text += " " + _("So both are measured here by the weights that the round was frozen with.")
        lines.append((_("Weights"), text))
    else:
        same.append(_("weights"))
    least = [float(s.rules.get("settings", {}).get("minimum") or 0.0) for s in (first, second)]
    if least[0] == least[1]:
        same.append(_("the smallest fit"))
    else:
        lines.append((_("Smallest fit"), _("%(a)s and %(b)s", a=f"{least[0]:g}", b=f"{least[1]:g}")))
    rules = present_rules(*(settings_of_scenario(scenario) for scenario in (first, second)))
    lines += rules
    same += [] if rules else [_("rules")]
    for key, name, kept in (
        ("pinned", _("Pinned pairs"), _("pins")),
        ("forbidden", _("Pairs ruled out"), _("pairs ruled out")),
        ("withdrawn", _("People who left the round"), _("who takes part")),
    ):
        sides = [s.rules.get(key, []) for s in (first, second)]
        if sides[0] == sides[1]:
            same.append(kept)
        else:
            lines.append((name, _("%(a)s and %(b)s", a=len(sides[0]), b=len(sides[1]))))
    same.append(_("every mentor’s limit"))
    whole = listed(same)
    return [*lines, (_("The same in both"), whole[:1].upper() + whole[1:] + ".")]


def _gain_note(found: Comparison) -> str:
    new = sum(change.before is None for change in found.gains)
    if new:
        return ngettext("%(num)d of them had nobody.", "%(num)d of them had nobody.", new)
    low = sum((change.before or 0.0) < 0.5 for change in found.gains)
    if low:
        return ngettext("%(num)d of them comes from below 0.50.", "%(num)d of them come from below 0.50.", low)
    return _("The largest gain is %(rise)s.", rise=f"{found.gains[0].rise:.2f}") if found.gains else _("Nobody.")


def _loss_note(found: Comparison) -> str:
    if not found.losses:
        return _("Nobody.")
    kept = [change for change in found.losses if change.after is not None]
    if not kept:
        return _("All of them have nobody then.")
    return _(
        "The largest loss is %(loss)s. All who keep a mentor stay at %(least)s or above.",
        loss=f"{max(-change.rise for change in kept):.2f}",
        least=f"{min(change.after or 0.0 for change in kept):.2f}",
    )


def _most(groups: Sequence[Any], line: Any) -> tuple[GroupLine, ...]:
    return tuple(line(group) for group in groups[:GROUPS_SHOWN])


def _mentee_line(group: MenteeGroup, grouping: str) -> GroupLine:
    means = tuple("–" if mean is None else f"{mean:.2f}" for mean in group.mean)
    first, second = (_("%(n)s of %(all)s", n=n, all=group.people) for n in group.covered)
    return GroupLine(_group_name(group.key, grouping), group.people, first, second, (means[0], means[1]))


def _mentor_line(group: MentorGroup, grouping: str) -> GroupLine:
    shares = tuple("–" if not group.given else f"{used / group.given:.0%}" for used in group.used)
    first, second = (_("%(n)s of %(all)s h", n=hours(used), all=hours(group.given)) for used in group.used)
    return GroupLine(_group_name(group.key, grouping), group.people, first, second, (shares[0], shares[1]))


def _group_name(key: str, grouping: str) -> str:
    if not key:
        return _("Not stated")
    return city_of(key) if grouping == "zone" else name_of(grouping, key)
