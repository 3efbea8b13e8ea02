"""What a person decides about her own data, on her page and by the links in mails."""

import io
import json
import zipfile

import pytest
from sqlalchemy import select

from matcher.scoring import Settings, score
from tests.factories.cast import csrf_of, make_coordinator, make_mentee, make_mentor, make_person, sign_in
from tests.factories.offers import make_offer, make_round
from tests.functional.console import send, text_of
from tests.functional.privacy import PAGE, history
from webapp.engine.encode import pool_of, snapshot_of
from webapp.mail import SWITCHABLE
from webapp.models import Base, LoginSession, Mentorship, Person, Trait
from webapp.presenters import privacy as words
from webapp.services.export_columns import COLUMNS as EXPORTED
from webapp.services.own_data import COLUMNS, LEFT_OUT, PAIRS, TALK
from webapp.services.passwords import hash_password
from webapp.services.privacy import save_traits, save_visibility
from webapp.services.progress import keep_achievement, save_brings
from webapp.services.traits import TRAITS
from webapp.services.visibility import FIELDS

PASSWORD = "correct horse battery"


def facts(session, person):
    return session.scalar(select(Trait.facts).where(Trait.person_id == person.id))


def test_private_facts_are_told_and_taken_back(client, session, cast):
    sign_in(client, session, cast.lee)
    assert send(client, f"{PAGE}/traits", page=PAGE, traits=["carer", "rural"]).location == PAGE
    assert facts(session, cast.lee) == ["carer", "rural"]
    page = text_of(client, PAGE)
    assert page.count('name="traits"') == len(TRAITS)
    assert page.count(" checked>") == 2 + len(SWITCHABLE)
    send(client, f"{PAGE}/traits", page=PAGE)
    assert session.query(Trait).count() == 0
    assert history(session, cast.lee) == [("traits", "told", "2"), ("traits", "withdrawn", "2")]
    assert "You took 2 private facts back. It was deleted." in text_of(client, PAGE)


def test_a_fact_that_is_not_on_the_list_is_not_kept(client, session, cast):
    sign_in(client, session, cast.lee)
    send(client, f"{PAGE}/traits", page=PAGE, traits=["carer", "votes_blue"])
    assert session.query(Trait).count() == 0


def test_a_shared_fact_counts_for_two_who_both_told_it(session, cast, now):
    other = make_mentor(session, cast.programme, make_person(session, "Ines Achterberg"))
    session.commit()
    for person in (cast.mo, cast.lee):
        save_traits(session, person.id, ["carer"], now=now)
    pool = pool_of(snapshot_of(session, cast.programme.id, now=now))
    parts = score(pool, Settings()).parts["background"][:, 0]
    rows = [pool.mentor_index(str(member.id)) for member in (cast.mentor, other)]
    assert [parts[row] for row in rows] == [1.0, 0.5]


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/delete", "/me/progress"])
def test_pages_take_few_queries(client, session, cast, now, count_queries, path):
    for number in range(12):
        on = now.date()
        keep_achievement(session, cast.lee.id, None, kind="talk", text=f"{number}", achieved_on=on, now=now)
    save_visibility(session, cast.lee.id, {"achievements": "programme"}, now=now)
    sign_in(client, session, cast.lee)
    client.get(path)
    with count_queries() as queries:
        text_of(client, path)
    assert len(queries) <= 12, queries


def test_achievements_of_all_cards_are_read_at_once(client, session, cast, now, count_queries):
    """How many other queries a page of suggestions takes depends on what changed since the last visit."""
    zoe = make_person(session, "Zoë Abernathy", profile={"stage": "resident_junior"})
    make_mentee(session, cast.programme, zoe)
    session.commit()
    for person in (cast.lee, zoe):
        keep_achievement(session, person.id, None, kind="talk", text="Oslo", achieved_on=now.date(), now=now)
        save_visibility(session, person.id, {"achievements": "programme"}, now=now)
    sign_in(client, session, cast.mo)
    with count_queries() as queries:
        assert text_of(client, "/suggestions").count("Oslo") == 2
    assert sum("FROM achievement" in query for query in queries) == 1


def test_every_fact_field_and_section_has_words():
    assert set(words.TRAITS) == set(TRAITS)
    assert set(words.FIELDS) == set(FIELDS)
    assert set(words.SECTIONS) == {table.__tablename__ for table in (*COLUMNS, *PAIRS, *TALK)}


def test_a_frozen_pool_holds_numbers_and_only_what_both_sides_told(session, cast, now):
    save_traits(session, cast.mo.id, ["carer", "minority"], now=now)
    save_traits(session, cast.lee.id, ["carer", "disability"], now=now)
    snapshot = snapshot_of(session, cast.programme.id, now=now)
    assert [person["background"] for person in (*snapshot["mentors"], *snapshot["mentees"])] == [["0"], ["0"]]
    assert not any(trait in json.dumps(snapshot) for trait in TRAITS)
    save_traits(session, cast.lee.id, [], now=now)
    snapshot = snapshot_of(session, cast.programme.id, now=now)
    assert "background" not in json.dumps([snapshot["mentors"], snapshot["mentees"]])


def test_a_shared_fact_moves_somebody_up_and_is_never_told(client, session, cast, now):
    save_traits(session, cast.mo.id, ["carer"], now=now)
    save_traits(session, cast.lee.id, ["carer"], now=now)
    for person in (cast.lee, cast.mo, cast.ada):
        sign_in(client, session, person)
        member = cast.mentee if person is cast.ada else None
        path = f"/c/{cast.programme.slug}/people/{member.id}" if member else "/suggestions"
        page = text_of(client, path).lower()
        assert not any(word in page for word in ("carer", "caring for", "background", "private fact"))


def test_coordinators_files_have_no_column_for_private_facts():
    values = [str(column.value).lower() for columns in EXPORTED.values() for column in columns]
    assert len(values) > 50
    assert not any("trait" in value or "parts" in value for value in values)


@pytest.mark.parametrize(
    ("level", "open_offer", "pair"), [("programme", True, True), ("pairs", False, True), ("nobody", False, False)]
)
def test_each_field_shows_to_whom_she_says(client, session, cast, now, level, open_offer, pair):
    cast.lee.pronouns, cast.lee.profile.city, cast.lee.profile.bio = "they/them", "Uppsala", "I knit."
    session.commit()
    save_brings(session, cast.lee.id, "Clean tables")
    keep_achievement(session, cast.lee.id, None, kind="talk", text="Talk in Oslo", achieved_on=now.date(), now=now)
    save_visibility(session, cast.lee.id, dict.fromkeys(FIELDS, level), now=now)
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now)
    session.commit()
    said = ("they/them", "Uppsala", "I knit.", "Clean tables", "Talk in Oslo")
    sign_in(client, session, cast.mo)
    page = text_of(client, f"/offers/{offer.id}")
    assert [word in page for word in said] == [open_offer] * 5
    offer.state, offer.mentor_answer, offer.mentee_answer = "accepted", "yes", "yes"
    sides = {"mentor_id": cast.mentor.id, "mentee_id": cast.mentee.id}
    mentorship = Mentorship(offer_id=offer.id, **sides, cadence="monthly", meeting_minutes=60)
    session.add(mentorship)
    session.commit()
    page = text_of(client, f"/offers/{offer.id}")
    assert [word in page for word in said] == [pair] * 5
    page = text_of(client, f"/mentorships/{mentorship.id}")
    assert ["Talk in Oslo" in page, "Uppsala" in page] == [pair] * 2


def test_suggestions_keep_to_what_people_of_the_programme_may_see(client, session, cast, now):
    cast.lee.profile.city = "Uppsala"
    session.commit()
    keep_achievement(session, cast.lee.id, None, kind="talk", text="Talk in Oslo", achieved_on=now.date(), now=now)
    save_visibility(session, cast.lee.id, {"achievements": "programme"}, now=now)
    sign_in(client, session, cast.mo)
    page = text_of(client, "/suggestions")
    assert "Talk in Oslo" in page
    assert "Uppsala" in page
    sign_in(client, session, cast.lee)
    levels = dict.fromkeys(FIELDS, "programme") | {"place": "nobody", "achievements": "pairs"}
    assert send(client, f"{PAGE}/visibility", page=PAGE, **levels).location == PAGE
    changed = {("visibility", "achievements", "pairs"), ("visibility", "place", "nobody")}
    assert changed < set(history(session, cast.lee))
    sign_in(client, session, cast.mo)
    page = text_of(client, "/suggestions")
    assert "Lee Lindqvist" in page
    assert not any(word in page for word in ("Talk in Oslo", "Uppsala"))


def test_all_of_hers_and_nothing_of_others_is_in_the_copy(client, session, cast, now):
    save_traits(session, cast.lee.id, ["carer"], now=now)
    cast.mo.profile.bio = "A secret of Mo"
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    make_offer(session, round_, cast.mentor, cast.mentee, now=now, mentor_answer="no", decline_reason="no_time")
    session.commit()
    sign_in(client, session, cast.lee)
    answer = send(client, f"{PAGE}/export", page=PAGE)
    assert answer.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    found = json.loads(archive.read("my-data.json"))
    page = archive.read("my-data.html").decode()
    assert found["person"][0]["email"] == cast.lee.email
    assert found["trait"][0]["facts"] == ["carer"]
    assert len(found["availability_window"]) == 5
    assert [row["with"] for row in found["offer"]] == ["Dr Mo Farahani"]
    assert {row["action"] for row in found["audit_event"]} == {"privacy.traits", "privacy.export"}
    for text in (json.dumps(found), page):
        assert not any(word in text for word in ("A secret of Mo", cast.mo.email, "no_time", "Ada Oduya", "password"))
    assert cast.lee.email in page


def test_every_table_that_refers_to_people_is_in_the_copy_or_left_out_for_a_reason():
    people = {"person", "membership", "mentor_offer", "mentee_request"}
    refers = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.column.table.name in people for key in table.foreign_keys)
    }
    copied = {table.__tablename__ for table in (*COLUMNS, *PAIRS)}
    assert refers | {"person"} == copied | set(LEFT_OUT)
    assert not copied & set(LEFT_OUT)
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())


@pytest.fixture
def lee(client, session, cast, config):
    cast.lee.password_hash = hash_password(PASSWORD, config)
    session.commit()
    return sign_in(client, session, cast.lee)


def test_deleting_asks_twice_and_says_goodbye(client, session, cast, lee):
    path = f"{PAGE}/delete"
    page = text_of(client, path)
    assert f"You leave {cast.programme.name}." in page
    for values, fault in (
        ({"confirm": "yes", "password": PASSWORD}, "#confirm"),
        ({"confirm": "delete my account", "password": "something else"}, "This is not your present password."),
    ):
        page = send(client, path, **values).get_data(as_text=True)
        assert fault in page
        assert session.get(Person, cast.lee.id, populate_existing=True).name == "Lee Lindqvist"
    answer = send(client, path, confirm=" Delete my  account ", password=PASSWORD)
    assert answer.location == "/goodbye"
    assert session.query(LoginSession).filter_by(person_id=cast.lee.id).count() == 0
    assert "Your account is deleted" in text_of(client, "/goodbye")
    assert "/login" in client.get("/me").location
    sign_in(client, session, cast.ada)
    page = text_of(client, f"/c/{cast.programme.slug}/people/{cast.mentee.id}")
    assert "Former member" in page
    assert "former.invalid" not in page + text_of(client, f"/c/{cast.programme.slug}/people?status=left")


def test_whoever_others_depend_on_is_told_what_to_do(client, session, cast, config):
    cast.ada.password_hash = hash_password(PASSWORD, config)
    session.commit()
    sign_in(client, session, cast.ada)
    page = text_of(client, f"{PAGE}/delete")
    assert "Name another coordinator there" in page
    assert 'name="confirm"' not in page
    data = {"csrf_token": csrf_of(client, PAGE), "confirm": "delete my account", "password": PASSWORD}
    assert client.post(f"{PAGE}/delete", data=data).status_code == 200
    assert session.get(Person, cast.ada.id, populate_existing=True).deleted_at is None
    make_coordinator(session, cast.programme, cast.mo)
    session.commit()
    assert client.post(f"{PAGE}/delete", data=data).location == "/goodbye"
