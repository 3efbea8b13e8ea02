"""What is said of a day that no calendar has."""

from flask_babel import lazy_gettext as _l

NO_DATE = _l("Give a date that is in the calendar.")
