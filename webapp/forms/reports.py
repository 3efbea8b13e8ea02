"""Which rows are taken out, and as which kind of file."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, SubmitField

from webapp.services.export_queries import Order
from webapp.services.exports import Choice

KINDS = ("csv", "xlsx", "json")


Words = Mapping[str, tuple[Any, str]]  # of each state, with the look of its badge


def _states(words: Words, every: Any) -> list[SelectChoice]:
    return [SelectChoice("", every), *(SelectChoice(state, said[0]) for state, said in words.items())]


def _ids(first: Any, choices: list[tuple[UUID, str]]) -> list[SelectChoice]:
    begin = [SelectChoice("", first)] if first else []
    return [*begin, *(SelectChoice(str(key), text) for key, text in choices)]


class ExportForm(FlaskForm):
    """The three buttons, one for each kind of file; whatever else a form asks narrows the rows."""

    what = ""
    csv = SubmitField("CSV")
    xlsx = SubmitField("XLSX")
    json = SubmitField("JSON")

    def __init__(self, choices: list[Choice], words: Mapping[str, Words], **kwargs: Any) -> None:
        super().__init__(prefix=f"{self.what}-", **kwargs)
        self.offer(choices, words.get(self.what, {}))

    def offer(self, choices: list[Choice], words: Words) -> None:
        """Fill the lists that depend on the programme, and those of states."""

    def order(self) -> Order:
        """Return what was asked for; the kind is the button that was pressed, and without one CSV."""
        kind = next((kind for kind in KINDS if self[kind].data), "csv")
        values = {name: self[name].data for name in ("role", "status", "round_id", "scenario_id") if name in self}
        return Order(
            self.what,
            kind,
            role=values.get("role", ""),
            status=values.get("status", ""),
            round_id=_uuid(values.get("round_id")),
            scenario_id=_uuid(values.get("scenario_id")),
        )


def _uuid(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _rounds(choices: list[Choice]) -> list[tuple[UUID, str]]:
    return [(key, name) for key, name in {c.round_id: c.round for c in choices if c.published_at}.items()]


class PeopleExport(ExportForm):
    what = "people"
    role = SelectField(
        _l("Role"),
        choices=[
            SelectChoice("", _l("Everybody")),
            SelectChoice("mentor", _l("Mentors")),
            SelectChoice("mentee", _l("Mentees")),
            SelectChoice("coordinator", _l("Coordinators")),
        ],
        default="",
    )
    status = SelectField(_l("State"), default="")

    def offer(self, choices: list[Choice], words: Words) -> None:
        del choices
        self.status.choices = _states(words, _l("All but those who left"))


class ProposalsExport(ExportForm):
    what = "proposals"
    scenario_id = SelectField(_l("Scenario"))

    def offer(self, choices: list[Choice], words: Words) -> None:
        del words
        solved = [(c.scenario_id, f"{c.round}: {c.scenario}") for c in choices if c.scenario_id]
        self.scenario_id.choices = _ids("", solved)


class _PairsExport(ExportForm):
    round_id = SelectField(_l("Round"), default="")
    status = SelectField(_l("State"), default="")

    def offer(self, choices: list[Choice], words: Words) -> None:
        self.round_id.choices = _ids(_l("All rounds"), _rounds(choices))
        self.status.choices = _states(words, _l("Any"))


class OffersExport(_PairsExport):
    what = "offers"


class MentorshipsExport(_PairsExport):
    what = "mentorships"


class MinutesExport(ExportForm):
    what = "minutes"


FORMS: dict[str, type[ExportForm]] = {
    form.what: form for form in (PeopleExport, ProposalsExport, OffersExport, MentorshipsExport, MinutesExport)
}
