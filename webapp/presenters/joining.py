"""The task list of joining, and the answers to be checked, as their pages show them."""

from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, gettext, ngettext
from flask_babel import lazy_gettext as _l

from webapp.presenters.places import say_wanted
from webapp.presenters.week import describe_week
from webapp.services.joining import Answers, Progress
from webapp.services.vocabulary import city_of, name_of, names_of

VERBS = {
    "roles": _l("Say how you take part"),
    "you": _l("Say who you are"),
    "offer": _l("Say what you offer"),
    "request": _l("Say what you need"),
    "hours": _l("Tick the hours you are free"),
}
CONTINUE = {
    "roles": _l("Begin with how you take part"),
    "you": _l("Continue with who you are"),
    "offer": _l("Continue with what you offer"),
    "request": _l("Continue with what you need"),
    "hours": _l("Continue with your hours"),
    "check": _l("Check your answers"),
}
ENDPOINTS = {step: f"joining.{step}" for step in VERBS} | {"request": "joining.request_", "check": "joining.check"}
_NUMBERS = (_l("No"), _l("One"), _l("Two"), _l("Three"), _l("Four"), _l("Five"), _l("Six"), _l("Seven"))


@dataclass(frozen=True)
class Frame:
    """What stands around a form that joining and one's own pages share."""

    title: str
    lead: str
    back_url: str
    back_text: str
    button: str
    place: str = ""  # the programme's name while joining; then no navigation is shown


@dataclass(frozen=True)
class Task:
    endpoint: str
    verb: str
    hint: str
    state: str
    badge: str


@dataclass(frozen=True)
class TaskList:
    title: str
    lead: str
    tasks: tuple[Task, ...]
    check_hint: str
    can_check: bool
    next_endpoint: str
    next_text: str
    closes: str
    is_closed: bool
    may_be_both: bool


@dataclass(frozen=True)
class Answer:
    question: str
    answer: str


@dataclass(frozen=True)
class Section:
    title: str
    endpoint: str
    answers: tuple[Answer, ...]


def present_tasks(progress: Progress, today: date) -> TaskList:
    """Return the task list: what is done, what is next, and until when."""
    done = progress.done
    first_missing = next(iter(progress.missing), "")
    tasks = tuple(_task(step, progress, is_done=is_done) for step, is_done in done.items())
    n_left = len(progress.missing) + 1  # the check itself
    n_done = 1 + sum(done.values())  # the account
    opens_after = str(VERBS[first_missing]) if first_missing else ""
    return TaskList(
        title=_title(progress),
        lead=_lead(n_done, n_left, progress),
        tasks=tasks,
        check_hint=gettext("Opens when this is done: %(step)s", step=opens_after) if first_missing else "",
        can_check=not first_missing,
        next_endpoint=ENDPOINTS[progress.next_step],
        next_text=str(CONTINUE[progress.next_step]),
        closes=_day(progress.closes_on, today),
        is_closed=progress.is_closed,
        may_be_both=bool(progress.status) and progress.is_mentor != progress.is_mentee,
    )


def _title(progress: Progress) -> str:
    if progress.has_joined:
        return gettext("You take part in %(programme)s", programme=progress.programme)
    if progress.round_name and not progress.is_closed:
        return gettext("Join: %(round)s", round=progress.round_name)
    return gettext("Join %(programme)s", programme=progress.programme)


def _lead(n_done: int, n_left: int, progress: Progress) -> str:
    if progress.has_joined:
        return gettext("You may change each answer at any time.")
    if progress.waits and not progress.missing:
        return gettext("All is answered. The coordinator looks at it, and you get a mail. You may still change it.")
    word = str(_NUMBERS[n_left])
    left = ngettext("%(word)s step is left.", "%(word)s steps are left.", n_left, word=word)
    if n_done == 1:
        return gettext("%(left)s About three minutes. Everything is saved as you go.", left=left)
    return gettext("%(left)s Everything is saved as you go.", left=left)


def _day(day: date | None, today: date) -> str:
    if day is None:
        return ""
    return format_date(day, "EEEE d MMMM" if day.year == today.year else "EEEE d MMMM y")


def _task(step: str, progress: Progress, *, is_done: bool) -> Task:
    hint = _hint(step, progress, is_done=is_done)
    if is_done:
        state, badge = gettext("Completed"), "yes"
    elif step == progress.next_step:
        state, badge = gettext("Next"), "wait"
    else:
        state, badge = gettext("Not started"), ""
    return Task(ENDPOINTS[step], str(VERBS[step]), hint, state, badge)


def _hint(step: str, progress: Progress, *, is_done: bool) -> str:
    if step == "offer" and progress.answers.offer_is_provisional:
        return gettext("Filled in by the programme. It counts once you have looked at it and saved it.")
    if not is_done:
        return {
            "roles": gettext("As a mentee, as a mentor, or both"),
            "you": gettext("Career stage, specialties, languages"),
            "offer": gettext("Topics, minutes a month, places"),
            "request": gettext("Up to three needs, in order"),
            "hours": gettext("With 3 hours a week or more, most people find a partner"),
        }[step]
    given = progress.answers
    text = {
        "roles": roles_in_words(is_mentor=progress.is_mentor, is_mentee=progress.is_mentee),
        "you": ", ".join([name_of("stage", given.stage), *names_of("specialty", given.specialties[:2])]),
        "offer": gettext(
            "%(n)d minutes a month: %(topics)s", n=given.minutes_a_month, topics=_few(given.topics_offered)
        ),
        "request": ", ".join(names_of("topic", given.needs)),
        "hours": _hours_hint(given),
    }[step]
    kept = progress.is_known and not progress.has_joined and step in {"you", "hours"}
    return gettext("Kept from before; still right? %(answers)s", answers=text) if kept else text


def _hours_hint(given: Answers) -> str:
    week = describe_week(given.windows)
    if week.has_enough:
        return week.total
    return gettext("%(total)s so far. With 3 or more, most people find a partner.", total=week.total)


def _few(topics: tuple[str, ...]) -> str:
    names = names_of("topic", topics[:3])
    more = len(topics) - len(names)
    return ", ".join(names) + (gettext(" and %(n)d more", n=more) if more else "")


def roles_in_words(*, is_mentor: bool, is_mentee: bool) -> str:
    if is_mentor and is_mentee:
        return gettext("As mentor and as mentee")
    return gettext("As a mentor") if is_mentor else gettext("As a mentee")


def present_answers(progress: Progress) -> tuple[Section, ...]:
    """Return every answer beside its question, section by section."""
    given = progress.answers
    sections = [
        Section(
            gettext("How you take part"),
            ENDPOINTS["roles"],
            (Answer(gettext("Roles"), roles_in_words(is_mentor=progress.is_mentor, is_mentee=progress.is_mentee)),),
        ),
        Section(
            gettext("Who you are"),
            ENDPOINTS["you"],
            _answered(
                (gettext("Career stage"), name_of("stage", given.stage)),
                (gettext("Specialties"), ", ".join(names_of("specialty", given.specialties))),
                (gettext("Languages"), ", ".join(names_of("language", given.languages))),
                (gettext("Institution"), given.institution),
                (gettext("City"), given.city),
                (gettext("About you"), given.bio),
            ),
        ),
    ]
    if progress.is_mentor:
        sections.append(_offered(given))
    if progress.is_mentee:
        sections.append(_wanted(given))
    week = describe_week(given.windows)
    sections.append(
        Section(
            gettext("Your hours"),
            ENDPOINTS["hours"],
            _answered(
                (gettext("Free"), f"{week.total}: {week.by_day}"), (gettext("Time zone"), city_of(progress.zone))
            ),
        )
    )
    return tuple(sections)


def _offered(given: Answers) -> Section:
    return Section(
        gettext("What you offer"),
        ENDPOINTS["offer"],
        _answered(
            (gettext("Topics"), ", ".join(names_of("topic", given.topics_offered))),
            (gettext("Time"), gettext("%(n)d minutes a month", n=given.minutes_a_month)),
            (gettext("Places"), str(given.places)),
            (
                gettext("Glad to meet"),
                ", ".join(names_of("stage", given.stages_welcome)) or gettext("everybody behind you on the way"),
            ),
        ),
    )


def _wanted(given: Answers) -> Section:
    return Section(
        gettext("What you need"),
        ENDPOINTS["request"],
        _answered(
            (gettext("Needs, in order"), ", ".join(names_of("topic", given.needs))),
            (
                gettext("Specialties to learn from"),
                ", ".join(names_of("specialty", given.interests)) or gettext("open to all"),
            ),
            (gettext("Mentors wanted"), say_wanted(given.mentors_wanted, board=given.board)),
            (gettext("In a year"), given.goal),
        ),
    )


def _answered(*rows: tuple[str, str]) -> tuple[Answer, ...]:
    """Leave out what was optional and not given."""
    return tuple(Answer(question, answer) for question, answer in rows if answer)
