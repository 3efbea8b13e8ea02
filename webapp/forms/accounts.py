"""Signing up, signing in, passwords."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import DataRequired, Email, Length, StopValidation, ValidationError

from webapp.forms.names import name_field
from webapp.services.errors import InvalidInputError
from webapp.services.passwords import check_quality

# What to write instead, for each fault that services.passwords and services.accounts name.
SENTENCES = {
    "short": _l("Use at least 12 characters. A few words in a row are easy to remember."),
    "long": _l("Use at most 128 characters."),
    "common": _l("This is one of the first that strangers try. Choose another."),
    "personal": _l("Choose one that is not your name or your e-mail."),
    "wrong": _l("This is not your present password."),
}


def _address(value: str | None) -> str:
    """Return the address as mail is sent to it: a domain in letters of its own is written as post offices know it."""
    address = (value or "").strip().lower()
    local, _at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{validate_email(f'x@{domain}', check_deliverability=False).ascii_domain}"
    except EmailNotValidError:
        return address


def _plain_letters(_form: FlaskForm, field: EmailField) -> None:
    """Refuse what many a post office does not deliver, before an account waits for a mail that never comes."""
    if not (field.data or "").rpartition("@")[0].isascii():
        raise StopValidation(_l("Before the @ we can write to plain letters only: a to z, digits, dots, plus."))


def _good_password(form: FlaskForm, field: PasswordField) -> None:
    """Say it together with the other faults; the service that sets the password checks it again."""
    email, name = (form[part].data or "" if part in form else "" for part in ("email", "name"))
    try:
        check_quality(field.data, email=email, name=name)
    except InvalidInputError as error:
        raise ValidationError(SENTENCES[error.faults["password"]]) from error


def email_field(**kwargs: Any) -> EmailField:
    return EmailField(
        _l("E-mail"),
        filters=[_address],
        validators=[
            DataRequired(_l("Write your e-mail address.")),
            _plain_letters,
            Email(_l("Write the whole address, such as name@example.org.")),
            Length(max=254, message=_l("This address is too long.")),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
        **kwargs,
    )


def new_password_field(label: Any) -> PasswordField:
    return PasswordField(
        label,
        description=_l("At least 12 characters. A few words in a row are easy to remember and hard to guess."),
        validators=[DataRequired(_l("Choose a password.")), _good_password],
        render_kw={"autocomplete": "new-password"},
    )


class SignUpForm(FlaskForm):
    name = name_field(
        _l("Your name, as others should see it"),
        description=_l("With your title if you use one: Dr Maya Lindqvist."),
        render_kw={"autocomplete": "name"},
    )
    email = email_field(description=_l("We send one mail there to make sure that it is yours."))
    password = new_password_field(_l("Choose a password"))
    zone = HiddenField(render_kw={"data-zone": ""})


class SignInForm(FlaskForm):
    email = email_field()
    password = PasswordField(
        _l("Password"),
        validators=[DataRequired(_l("Write your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class ForgotForm(FlaskForm):
    email = email_field()


class NewPasswordForm(FlaskForm):
    # Password managers read from it which account the new password belongs to.
    email = HiddenField(render_kw={"autocomplete": "username"})
    password = new_password_field(_l("New password"))


class ChangePasswordForm(FlaskForm):
    old = PasswordField(
        _l("Present password"),
        validators=[DataRequired(_l("Write your present password."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = new_password_field(_l("New password"))


class ButtonForm(FlaskForm):
    """A button alone, with its guard against forged requests."""


def show_faults(form: FlaskForm, error: InvalidInputError) -> None:
    """Put what a service refused onto the fields it named."""
    for name, fault in error.faults.items():
        form[name].errors = [SENTENCES[fault]]
