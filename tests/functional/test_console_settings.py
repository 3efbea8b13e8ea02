"""The settings of a programme, as its coordinator changes them: a page for each section."""

import html
import re

import pytest

from tests.factories.cast import make_mentee, make_mentor, make_person, sign_in
from tests.factories.offers import make_round
from tests.functional.console import send, text_of
from webapp.models import Programme

SECTIONS = ("basics", "counts", "rules", "meetings")
WEIGHTS = ("specialty", "topics", "stage", "availability", "languages", "background", "interest")
RTL = "مريم حدّاد"


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return lambda section: f"/c/{cast.programme.slug}/settings/{section}"


def fields_of(client, path) -> dict[str, str]:
    """Return the fields of a form as a browser would send them back."""
    page = text_of(client, path).partition("<main")[2].partition("</main>")[0]
    values = {}
    for tag in re.findall(r"<input[^>]*>", page):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in found and (found.get("type") != "checkbox" or "checked" in tag):
            values[found["name"]] = html.unescape(found.get("value", ""))
    texts = re.findall(r'<textarea[^>]* name="([a-z_]+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
    values |= {name: html.unescape(text) for name, text in texts}
    for name, options in re.findall(r'<select[^>]* name="([a-z_]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        values[name] = re.search(r'<option selected value="([^"]*)"', options).group(1)
    del values["csrf_token"]
    return values


def programme_of(session, cast):
    return session.get(Programme, cast.programme.id, populate_existing=True)


def test_outline_says_what_holds_and_leads_to_every_section(ada, cast):
    page = text_of(ada, f"/c/{cast.programme.slug}/settings")
    for section in (*SECTIONS, "vocabulary", "terms"):
        assert f'href="/c/{cast.programme.slug}/settings/{section}"' in page
    assert "A pair needs: a language in common, time in common, a mentor not behind." in page
    assert "Specialty wished and practised 25 %" in page
    assert "Ada Oduya" in page


def test_outline_is_read_in_few_queries(ada, cast, count_queries):
    with count_queries() as statements:
        text_of(ada, f"/c/{cast.programme.slug}/settings")
    assert len(statements) <= 7


@pytest.mark.parametrize("section", SECTIONS)
def test_saving_a_section_as_it_stands_changes_nothing(ada, session, cast, path, section):
    before = {column.name: getattr(cast.programme, column.name) for column in Programme.__table__.columns}
    answer = send(ada, path(section), **fields_of(ada, path(section)))
    assert answer.headers["Location"] == f"/c/{cast.programme.slug}/settings"
    after = programme_of(session, cast)
    assert {column.name: getattr(after, column.name) for column in Programme.__table__.columns} == before


def test_weights_are_saved_and_shown_as_shares(ada, session, cast, path):
    values = fields_of(ada, path("counts")) | {f"weight_{name}": "1" for name in WEIGHTS}
    send(ada, path("counts"), **values | {"weight_topics": "4", "minimum": "0.4"})
    programme = programme_of(session, cast)
    assert (programme.weights["topics"], programme.weights["stage"], programme.minimum) == (4.0, 1.0, 0.4)
    assert "counts 40 % of a fit" in text_of(ada, path("counts"))


def test_rules_are_saved_in_the_words_of_the_engine(ada, session, cast, path):
    values = fields_of(ada, path("rules")) | {"specialty": "0.85", "minimum_ahead": "2", "former_pairs_allowed": "y"}
    del values["language_required"]
    send(ada, path("rules"), **values)
    rules = programme_of(session, cast).rules
    assert (rules["specialty_required"], rules["specialty_floor"], rules["minimum_ahead"]) == (True, 0.85, 2)
    assert (rules["language_required"], rules["former_pairs_allowed"]) == (False, True)
    assert fields_of(ada, path("rules"))["specialty"] == "0.85"


def test_name_written_from_right_to_left_is_kept_and_shown(ada, session, cast, path):
    send(ada, path("basics"), **fields_of(ada, path("basics")) | {"name": RTL})
    assert programme_of(session, cast).name == RTL
    assert RTL in text_of(ada, f"/c/{cast.programme.slug}/settings")


@pytest.mark.parametrize(
    ("section", "change", "says"),
    [
        ("basics", {"name": ""}, "Give the programme a name."),
        ("basics", {"name": "x" * 121}, "longer than 120"),
        ("basics", {"contact": "ada@"}, "This e-mail is not complete."),
        ("basics", {"ends_on": "2027-02-01"}, "The last day comes after the first."),
        ("counts", {"minimum": "2"}, "Between 0 and 1."),
        ("counts", {"minimum": "NaN"}, "Not a valid decimal value."),
        ("counts", {"minimum": "-0.1"}, "Between 0 and 1."),
        ("counts", {"weight_stage": "-1"}, "A number between 0 and 100."),
        ("counts", {"weight_stage": "1e400"}, "A number between 0 and 100."),
        ("counts", {"weight_stage": "sNaN"}, "Not a valid decimal value."),
        ("counts", {"weight_stage": "Infinity"}, "Not a valid decimal value."),
        ("counts", {"weight_stage": "much"}, "Not a valid decimal value."),
        ("counts", {f"weight_{name}": "0" for name in WEIGHTS}, "At least one of them must count"),
        ("counts", {"stage_ahead": "0"}, "Between 1 and 20."),
        ("counts", {"full_shared_minutes": "1e9"}, "Not a valid integer value."),
        ("rules", {"specialty": "0.7"}, "Not a valid choice"),
        ("rules", {"minimum_ahead": "99"}, "Not a valid choice"),
        ("rules", {"min_shared_minutes": "-5"}, "Between 0 and a week"),
        ("meetings", {"cadence": "daily"}, "Not a valid choice"),
        ("meetings", {"offer_days": "9" * 5_000}, "Not a valid integer value."),
        ("meetings", {"meeting_minutes": "5"}, "Between 15 minutes and four hours."),
    ],
)
def test_faults_stand_on_their_fields_and_nothing_is_saved(ada, session, cast, path, section, change, says):
    before = {column.name: getattr(cast.programme, column.name) for column in Programme.__table__.columns}
    answer = send(ada, path(section), **fields_of(ada, path(section)) | change)
    assert answer.status_code == 200
    assert says in html.unescape(answer.get_data(as_text=True))
    after = programme_of(session, cast)
    assert {column.name: getattr(after, column.name) for column in Programme.__table__.columns} == before


def test_section_that_a_colleague_saved_meanwhile_is_refused_and_the_input_kept(ada, session, cast, path):
    values = fields_of(ada, path("basics")) | {"name": "Lakeland of mine"}
    cast.programme.summary = "A colleague wrote this."
    session.commit()
    page = send(ada, path("basics"), **values).get_data(as_text=True)
    assert "Somebody else saved this section" in page
    assert "Lakeland of mine" in page
    assert programme_of(session, cast).summary == "A colleague wrote this."


def test_section_is_saved_though_a_colleague_saved_another(ada, session, cast, path):
    values = fields_of(ada, path("meetings")) | {"offer_days": "9"}
    cast.programme.summary = "A colleague wrote this."
    session.commit()
    assert send(ada, path("meetings"), **values).status_code == 302
    programme = programme_of(session, cast)
    assert (programme.offer_days, programme.summary) == (9, "A colleague wrote this.")


@pytest.mark.parametrize("section", ["basics", "counts", "rules", "meetings"])
def test_frozen_round_is_said_to_keep_its_settings(ada, session, cast, path, section):
    make_round(session, cast.programme, state="frozen")
    session.commit()
    assert "Spring 2027 is frozen and keeps what it was frozen with." in text_of(ada, path(section))


def test_preview_button_shows_what_would_change_keeps_the_input_and_saves_nothing(ada, session, cast, path):
    values = fields_of(ada, path("counts")) | {"minimum": "0.99", "preview": "1"}
    page = send(ada, path("counts"), **values).get_data(as_text=True)
    assert "What your change would do" in page
    assert "Not possible any more. The two have less in common than the smallest fit in the settings." in page
    assert "1 pair would be lost, 0 would become possible." in page
    assert 'value="0.99"' in page
    assert programme_of(session, cast).minimum == 0.0


def test_preview_while_sliding_is_a_part_of_the_page(ada, session, cast, path):
    values = fields_of(ada, path("rules")) | {"specialty": "1.0", "minimum_ahead": "3"}
    page = send(ada, path("rules") + "/preview", page=path("rules"), **values).get_data(as_text=True)
    assert page.lstrip().startswith("<section")
    assert "Dr Mo Farahani" in page
    assert "0 % of all pairs work in specialties that are not close enough. As now." in page
    assert programme_of(session, cast).rules == {}


def test_preview_of_a_faulty_answer_shows_what_holds(ada, path):
    values = fields_of(ada, path("counts")) | {"minimum": "NaN"}
    page = send(ada, path("counts") + "/preview", page=path("counts"), **values).get_data(as_text=True)
    assert "What holds now" in page


def test_preview_without_anybody_says_so(client, session, cast):
    kim = sign_in(client, session, cast.kim)
    assert "there is no pair to try this out on" in text_of(kim, f"/c/{cast.elsewhere.slug}/settings/counts")


def test_preview_takes_the_same_queries_for_many_people(ada, session, cast, path, count_queries):
    counted = []
    for more in (0, 6):
        for number in range(more):
            make_mentor(session, cast.programme, make_person(session, f"Mentor {number}"))
            make_mentee(session, cast.programme, make_person(session, f"Mentee {number}"))
        session.commit()
        with count_queries() as statements:
            text_of(ada, path("counts"))
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 12
