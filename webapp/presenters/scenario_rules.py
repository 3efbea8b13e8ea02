"""What a scenario decides for itself, in words: rules side by side, and what a programme has changed since."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.presenters.reasons import listed
from webapp.services.scenario_settings import OwnSettings

_TIES: Mapping[float, Any] = {
    0.3: _l("at least the same area"),
    0.6: _l("at least a subspecialty in common"),
    0.85: _l("at least a specialty and its subspecialty"),
    1.0: _l("the same specialty"),
}
NAMES: Mapping[str, Any] = {
    "weights": _l("weights"),
    "minimum": _l("the smallest fit"),
    "full_shared_minutes": _l("minutes in common that are plenty"),
    "stage_ahead": _l("steps ahead that count in full"),
    "language_required": _l("a language in common"),
    "hours_required": _l("time in common"),
    "min_shared_minutes": _l("minutes in common at least"),
    "specialty_required": _l("how close the specialties are"),
    "specialty_floor": _l("how close the specialties are"),
    "minimum_ahead": _l("how far on the mentor is"),
    "former_pairs_allowed": _l("pairs of before"),
}


def name_settings(names: tuple[str, ...]) -> str:
    """List settings by name, each once."""
    return listed(list(dict.fromkeys(str(NAMES[name]) for name in names)))


def present_rules(first: OwnSettings, second: OwnSettings) -> list[tuple[str, str]]:
    """Say what two scenarios decide differently, but for weights and the smallest fit: its name, and both values."""
    lines = []
    for name, say in _LINES:
        one, other = say(first), say(second)
        if one != other:
            lines.append((str(name), _("%(a)s and %(b)s", a=one, b=other)))
    return lines


def _needed(is_needed: bool) -> str:
    return _("needed") if is_needed else _("not needed")


def _tie(own: OwnSettings) -> str:
    if not own.rules.specialty_required:
        return _("any")
    floor = own.rules.specialty_floor
    return str(next((words for least, words in _TIES.items() if least >= floor), _TIES[1.0]))


def _ahead(own: OwnSettings) -> str:
    steps = own.rules.minimum_ahead
    if steps < 0:
        return _("the mentor at any stage")
    if steps == 0:
        return _("the mentor not behind")
    return ngettext("the mentor one step on", "the mentor %(num)d steps on", steps)


def _shared(own: OwnSettings) -> str:
    least = own.rules.min_shared_minutes
    return _("one meeting") if least is None else ngettext("%(num)d minute", "%(num)d minutes", least)


_LINES: tuple[tuple[Any, Callable[[OwnSettings], str]], ...] = (
    (_l("A language in common"), lambda own: _needed(own.rules.language_required)),
    (_l("Time in common"), lambda own: _needed(own.rules.hours_required)),
    (_l("Minutes in common at least"), _shared),
    (_l("How close the specialties are"), _tie),
    (_l("How far on the mentor is"), _ahead),
    (_l("Pairs of before"), lambda own: _("allowed") if own.rules.former_pairs_allowed else _("left to others")),
    (
        _l("Minutes in common that are plenty"),
        lambda own: ngettext("%(num)d minute", "%(num)d minutes", own.full_shared_minutes),
    ),
    (
        _l("Steps ahead that count in full"),
        lambda own: ngettext("%(num)d step", "%(num)d steps", own.stage_ahead),
    ),
)
