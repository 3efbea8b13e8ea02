"""Days and moments as people write them, in the reader's zone."""

from datetime import date, datetime

from flask_babel import format_date, format_datetime


def day(value: date | datetime) -> str:
    """Write a day with its weekday: Tue 16 Mar 2027."""
    return str(format_date(value, "EEE d MMM y"))


def moment(value: datetime) -> str:
    """Write a moment with weekday and 24-hour time: Tue 16 Mar, 18:30."""
    return str(format_datetime(value, "EEE d MMM, HH:mm"))


def stamp(value: datetime) -> str:
    """Write a moment of any year, to the second: Tue 16 Mar 2027, 18:30:05."""
    return str(format_datetime(value, "EEE d MMM y, HH:mm:ss"))
