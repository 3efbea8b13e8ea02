"""An import as its pages show it: what would happen, what stands in the way, and what to change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.presenters.person import week_in_words
from webapp.services.import_columns import ALL_ARE, left_over
from webapp.services.import_pages import ImportLine, ImportView
from webapp.services.import_words import word_name
from webapp.services.week import Window

A_PAGE = 25
STATE: Mapping[str, tuple[Any, str]] = {
    "open": (_l("Waits for your look"), "wait"),
    "imported": (_l("Imported"), "yes"),
    "undone": (_l("Undone"), ""),
    "discarded": (_l("Put away"), ""),
}
ACTION: Mapping[str, Any] = {
    "new": _l("New"),
    "invited": _l("Known from another programme: invited, profile left as it is"),
    "changed": _l("Invited before: brought up to this file"),
    "lowered": _l("Joined: a limit is lowered, the rest left as they said it"),
    "same": _l("Unchanged"),
    "kept": _l("Left as they said it"),
}
_FAULTS: Mapping[str, Any] = {
    "missing": _l("Nothing stands here. Every row needs an e-mail, a name and a role."),
    "email": _l("This is not a whole e-mail address. Write it like name@example.org."),
    "link": _l("A name holds no address and no link. Write the name only."),
    "role": _l("Write mentor, mentee or both."),
    "hours": _l("Write days and times like Mon 17:00-20:00; Wed 07:00-08:00."),
    "hours_step": _l("Write quarters of an hour, such as 17:15 or 17:30."),
    "several": _l("Write one here, not several."),
    "not_read": _l("Not read: it belongs to the other role."),
    "same_name_here": _l("Somebody of this name is in the programme with another e-mail. Is it the same person?"),
    "kept": _l("Left as they said it: what people have answered themselves is not overwritten."),
    "left": _l("Has left the programme, and is not invited again by a file."),
}


@dataclass(frozen=True)
class FaultLine:
    row: int
    column: str
    value: str
    text: str


@dataclass(frozen=True)
class FaultPage:
    """One page of a long list; `total` counts those that are not listed too."""

    lines: tuple[FaultLine, ...]
    number: int
    pages: int
    total: int
    listed: int


@dataclass(frozen=True)
class Often:
    """The same fault in many rows."""

    column: str
    value: str
    text: str
    times: int


@dataclass(frozen=True)
class FirstRow:
    row: int
    name: str
    email: str
    roles: str
    about: tuple[str, ...]
    gives: tuple[str, ...]
    week: str
    action: str


@dataclass(frozen=True)
class Preview:
    title: str
    lead: str
    can_import: bool
    button: str
    faults: FaultPage
    warnings: FaultPage
    often: tuple[Often, ...]
    first: tuple[FirstRow, ...]
    unused: tuple[str, ...]
    everyone: str


@dataclass(frozen=True)
class Past:
    id: UUID
    file_name: str
    state: tuple[str, str]
    text: str
    by: str
    at: datetime
    ended: str
    ended_at: datetime | None


def present_preview(view: ImportView, *, faults_page: int, warnings_page: int) -> Preview:
    """Return what the coordinator decides by."""
    counts, found = view.line.counts, view.findings
    faults = [_fault(fault) for fault in found.get("faults", ())]
    n_people = counts.get("new", 0) + counts.get("invited", 0)
    n_changes = counts.get("changed", 0) + counts.get("lowered", 0)
    can_import = view.is_mapped and not counts.get("faults") and n_people + n_changes > 0
    return Preview(
        title=_title(view, n_people, n_changes),
        lead=_lead(view, can_import=can_import),
        can_import=can_import,
        button=_button(n_people, n_changes),
        faults=_page(faults, faults_page, counts.get("faults", 0)),
        warnings=_page([_fault(f) for f in found.get("warnings", ())], warnings_page, found.get("n_warnings", 0)),
        often=_often(faults),
        first=tuple(_first(person) for person in found.get("first", ())),
        unused=tuple(left_over(view.header, view.mapping)),
        everyone=view.mapping.get(ALL_ARE, ""),
    )


def fault_rows(view: ImportView) -> list[list[object]]:
    """Return all faults that are listed, then what to know, as the rows of a table."""
    rows: list[list[object]] = [[_("Row"), _("Column"), _("Value"), _("What to change")]]
    for found in (*view.findings.get("faults", ()), *view.findings.get("warnings", ())):
        line = _fault(found)
        rows.append([line.row, line.column, line.value, line.text])
    return rows


def present_past(line: ImportLine) -> Past:
    text, kind = STATE[line.state]
    return Past(
        id=line.id,
        file_name=line.file_name or _("A file without a name"),
        state=(str(text), kind),
        text=numbers(line.counts),
        by=line.by or _("somebody who is not here any more"),
        at=line.at,
        ended=line.ended_by,
        ended_at=line.ended_at,
    )


def numbers(counts: Mapping[str, int]) -> str:
    """Say in one line how many people came in, and what became of the others."""
    parts = [
        (counts.get("new", 0) + counts.get("invited", 0), "%(num)d invited", "%(num)d invited"),
        (counts.get("changed", 0) + counts.get("lowered", 0), "%(num)d brought up to the file", None),
        (counts.get("same", 0) + counts.get("kept", 0), "%(num)d left as they were", None),
    ]
    words = [ngettext(one, many or one, number) for number, one, many in parts if number]
    return ", ".join(words) or ngettext("%(num)d row", "%(num)d rows", counts.get("rows", 0))


def _title(view: ImportView, n_people: int, n_changes: int) -> str:
    counts = view.line.counts
    if not view.is_mapped:
        return _("Which column holds what?")
    if counts.get("faulty"):
        return ngettext("%(num)d row needs another look", "%(num)d rows need another look", counts["faulty"])
    if n_people:
        return ngettext("%(num)d person can be invited", "%(num)d people can be invited", n_people)
    if n_changes:
        return ngettext("%(num)d person would be changed", "%(num)d people would be changed", n_changes)
    return _("Nothing would change")


def _lead(view: ImportView, *, can_import: bool) -> str:
    if not view.is_mapped:
        return _("Some columns that every file needs are not clear yet.")
    if view.line.counts.get("faults"):
        return _(
            "Nothing is imported until every row can be read. Mend the file and send it again; the columns are kept."
        )
    if can_import:
        return _("Nothing has been written yet, and nobody gets mail. All of it is imported, or nothing.")
    return _("Everybody in this file is here already, as the file has it or as they said it herself.")


def _button(n_people: int, n_changes: int) -> str:
    if n_people:
        return ngettext("Import %(num)d person", "Import %(num)d people", n_people)
    return ngettext("Change %(num)d person", "Change %(num)d people", n_changes)


def _page(lines: list[FaultLine], number: int, total: int) -> FaultPage:
    pages = max(1, -(-len(lines) // A_PAGE))
    number = min(max(1, number), pages)
    return FaultPage(tuple(lines[(number - 1) * A_PAGE : number * A_PAGE]), number, pages, total, len(lines))


def _often(faults: Sequence[FaultLine]) -> tuple[Often, ...]:
    """Return what is wrong in the same way in many rows: mended with one replacement."""
    times: dict[tuple[str, str, str], int] = {}
    for fault in faults:
        key = fault.column.partition(" ")[2] or fault.column, fault.value, fault.text
        times[key] = times.get(key, 0) + 1
    ranked = sorted(times.items(), key=lambda item: -item[1])[:5]
    return tuple(Often(column, value, text, n) for (column, value, text), n in ranked if n > 2 and value)


def _fault(found: Mapping[str, Any]) -> FaultLine:
    column = " ".join(part for part in (found["letter"], str(found["column"])) if part)
    return FaultLine(found["row"], column, found["value"], _in_words(found["kind"], found["meant"]))


def _in_words(kind: str, meant: str) -> str:
    if kind in _FAULTS:
        return str(_FAULTS[kind])
    if kind == "number":
        least, most = meant.split()
        return _("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
    return {
        "unknown": _("Did you mean %(word)s?", word=meant) if meant else _("This word is not known. See the list."),
        "long": _("Use at most %(n)s characters.", n=meant),
        "many": _("Write at most %(n)s of them.", n=meant),
        "twice": _("This e-mail stands in row %(row)s already. Keep one of the two.", row=meant),
        "same_name": _("The same name as in row %(row)s, with another e-mail. Is it the same person?", row=meant),
        "limit_kept": _(
            "Left at %(n)s: a file can lower what a mentor gives, and only the mentor can raise it.", n=meant
        ),
    }[kind]


def _first(person: Mapping[str, Any]) -> FirstRow:
    profile, offer, request = person["profile"], person["offer"], person["request"]
    roles = {(True, True): _("both"), (True, False): _("mentor"), (False, True): _("mentee")}
    about = [word_name("stage", profile["stage"])] if "stage" in profile else []
    about += [word_name("specialty", key) for key in profile.get("specialties", ())]
    about += [word_name("language", key) for key in profile.get("languages", ())]
    gives = []
    if "minutes_a_month" in offer:
        gives.append(_("%(n)d minutes a month", n=offer["minutes_a_month"]))
    gives += [word_name("topic", key) for key in (*offer.get("topics", ()), *request.get("topics", ()))]
    windows = [Window(*window) for window in person["windows"]]
    return FirstRow(
        row=person["row"],
        name=person["name"],
        email=person["email"],
        roles=roles[person["is_mentor"], person["is_mentee"]],
        about=tuple(about),
        gives=tuple(gives),
        week="; ".join(week_in_words(windows)),
        action=str(ACTION[person["action"]]),
    )
