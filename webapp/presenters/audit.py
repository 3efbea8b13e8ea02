"""A line of the audit log in words, with a link to what it is about while that still exists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from webapp.presenters.audit_words import ACTIONS, FACTS
from webapp.presenters.dates import stamp
from webapp.services.audit import AuditLine, AuditPage, Thing


@dataclass(frozen=True)
class LogLine:
    when: str
    who: str
    did: Markup
    facts: tuple[str, ...]
    about: str  # for the address that shows this thing's lines alone


def present_lines(page: AuditPage, *, slug: str) -> list[LogLine]:
    return [_line(line, slug) for line in page.lines]


def name_of_thing(thing: Thing) -> str:
    if thing.mentor:
        return _("%(mentor)s and %(mentee)s", mentor=thing.mentor, mentee=thing.mentee)
    return thing.name or _("something that is gone")


def _line(line: AuditLine, slug: str) -> LogLine:
    sentence = ACTIONS.get(line.action)
    if sentence is None:
        did = Markup(escape(line.action))  # noqa: S704 - escaped here
    else:
        did = Markup(escape(str(sentence))) % {"thing": _linked(line.thing, slug)}  # noqa: S704 - escaped here
    return LogLine(
        when=stamp(line.at),
        who=line.by or _("A former participant"),
        did=did,
        facts=tuple(_facts(line.facts, line.names)),
        about=f"{line.thing.kind}:{line.thing.id}" if line.thing and line.thing.exists else "",
    )


def _linked(thing: Thing | None, slug: str) -> Markup:
    if thing is None:
        return Markup(escape(_("something that is gone")))  # noqa: S704 - escaped here
    address = _ADDRESSES.get(thing.kind) if thing.exists else None
    if address is None:
        return Markup(escape(name_of_thing(thing)))  # noqa: S704 - escaped here
    return Markup('<a href="{}">{}</a>').format(address(thing, slug), name_of_thing(thing))


_ADDRESSES: Mapping[str, Callable[[Thing, str], str]] = {
    "round": lambda thing, slug: url_for("rounds.show", slug=slug, round_id=thing.id),
    "scenario": lambda thing, slug: url_for("rounds.show", slug=slug, round_id=thing.round_id, scenario=thing.id),
    "proposal": lambda thing, slug: url_for("rounds.show", slug=slug, round_id=thing.round_id),
    "offer": lambda thing, slug: (
        url_for("responses.show", slug=slug, round_id=thing.round_id, q=thing.mentee)
        if thing.round_id
        else url_for("responses.pairs", slug=slug, q=thing.mentee)
    ),
    "membership": lambda thing, slug: url_for("people.show", slug=slug, membership_id=thing.id),
}


def _facts(facts: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    lines = []
    for key, value in facts.items():
        text = names.get(value, value) if isinstance(value, str) else value
        if isinstance(text, list):
            text = ", ".join(str(part) for part in text)
        if text in ("", None) or _is_id(text):
            continue  # nothing said, or something whose name is gone
        lines.append(_("%(what)s: %(value)s", what=str(FACTS.get(key, key)), value=text))
    return lines


def _is_id(text: object) -> bool:
    try:
        return bool(UUID(str(text)))
    except ValueError:
        return False
