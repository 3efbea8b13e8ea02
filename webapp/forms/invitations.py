"""Inviting people, and what the invited write themselves."""

import re
from email.utils import parseaddr
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from webapp.forms.accounts import email_field, new_password_field
from webapp.forms.names import name_field
from webapp.services.invitations import Guest

MOST_LINES = 200
LONGEST_NOTE = 600


def _plain(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def note_field() -> TextAreaField:
    return TextAreaField(
        _l("Your own sentence in the mail"),
        description=_l("For example whom they know here, or what makes this year special."),
        filters=[_plain],
        validators=[Length(max=LONGEST_NOTE, message=_l("Please stay under 600 characters."))],
    )


class InviteForm(FlaskForm):
    """The own sentence, looked at in the preview before anything is sent."""

    note = note_field()


class SendForm(InviteForm):
    """The confirmation: how many mails the coordinator has seen that this makes."""

    number = IntegerField(validators=[InputRequired()])


class GuestsForm(FlaskForm):
    """People by their addresses, one a line."""

    guests = TextAreaField(
        _l("Addresses, one a line"),
        # A lazy text is taken for markup.
        description=_l("With the name before it, if you know it: Ada Lovelace &lt;ada@example.org&gt;"),
        filters=[_plain],
        validators=[DataRequired(_l("Write at least one address."))],
    )
    role = SelectField(
        _l("They are invited"),
        choices=[
            SelectChoice("mentor", _l("as mentors")),
            SelectChoice("mentee", _l("as mentees")),
            SelectChoice("both", _l("as both")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: list[Guest] = []

    @property
    def is_mentor(self) -> bool:
        return self.role.data in {"mentor", "both"}

    @property
    def is_mentee(self) -> bool:
        return self.role.data in {"mentee", "both"}

    def validate_guests(self, field: TextAreaField) -> None:
        """Name every line that is no address; the good ones are kept in `people`."""
        lines = [(n, line.strip()) for n, line in enumerate((field.data or "").split("\n"), 1) if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(
                _("These are %(n)d lines. Write 200 at most at a time, or import a file.", n=len(lines))
            )
        faults = []
        for number, line in lines:
            guest, fault = _guest_in(line)
            if guest is None:
                faults.append(_("Line %(n)d, \u201c%(line)s\u201d: %(fault)s", n=number, line=line[:60], fault=fault))
            else:
                self.people.append(guest)
        if faults:
            raise ValidationError(" ".join(faults))


def _guest_in(line: str) -> tuple[Guest | None, str]:
    """Return whom a line names, or what to write instead."""
    name, address = parseaddr(line) if "<" in line else ("", line.rstrip(",;"))
    name = " ".join(name.split())
    try:
        email = validate_email(address.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None, _("write the whole address, such as name@example.org.")
    if len(email) > 254 or len(name) > 200:
        return None, _("this is too long.")
    if re.search(r"://|www\.|@", name, re.IGNORECASE):
        return None, _("write only the name before the address.")
    return Guest(email, name), ""


class AcceptForm(FlaskForm):
    """What somebody invited writes to have an account: her name as she likes it, and a password."""

    email = HiddenField(render_kw={"autocomplete": "username"})
    name = name_field(
        _l("Your name, as others should see it"),
        description=_l("With your title if you use one: Dr Maya Lindqvist."),
        render_kw={"autocomplete": "name"},
    )
    password = new_password_field(_l("Choose a password"))
    zone = HiddenField(render_kw={"data-zone": ""})


class AddressForm(FlaskForm):
    email = email_field()
