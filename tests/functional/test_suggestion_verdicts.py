"""What people say to a suggestion: interested, not for me, and taking it back."""

import pytest
from sqlalchemy import select

from tests.factories.cast import sign_in
from tests.functional.suggesting import PATH, form_for, text_of
from webapp.models import Interest, Membership


def test_interested_is_kept_and_can_be_taken_back(client, session, cast):
    sign_in(client, session, cast.lee)
    answer = client.post(f"{PATH}/say", data=form_for(client, cast, cast.mentor), follow_redirects=True)
    assert "You are interested in Dr Mo Farahani." in text_of(answer)
    assert "Change your mind" in text_of(answer)
    row = session.scalars(select(Interest)).one()
    assert (row.mentor_id, row.mentee_id, row.side, row.verdict) == (
        cast.mentor.id,
        cast.mentee.id,
        "mentee",
        "interested",
    )
    client.post(f"{PATH}/undo", data=form_for(client, cast, cast.mentor, ""))
    assert session.scalars(select(Interest)).all() == []


def test_not_for_me_takes_the_card_away_and_undo_brings_back_what_was_said_before(client, session, cast):
    sign_in(client, session, cast.lee)
    client.post(f"{PATH}/say", data=form_for(client, cast, cast.mentor))
    answer = client.post(f"{PATH}/say", data=form_for(client, cast, cast.mentor, "not_for_me"), follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "Dr Mo Farahani is marked “not for me”." in page
    assert page.count('class="set sugg') == 0
    toast = page.split('class="toast-m"')[1].split("</form>")[0]
    assert 'name="verdict" value="interested"' in toast
    client.post(f"{PATH}/undo", data=form_for(client, cast, cast.mentor, "interested"))
    assert session.scalars(select(Interest.verdict)).all() == ["interested"]


def test_not_for_me_stays_within_reach_after_the_toast_is_gone(client, session, cast):
    sign_in(client, session, cast.lee)
    client.post(f"{PATH}/say", data=form_for(client, cast, cast.mentor, "not_for_me"), follow_redirects=True)
    page = text_of(client.get(PATH))
    assert "toast-m" not in page
    assert "Marked “not for me”" in page


def test_nobody_sees_people_of_another_programme(client, session, cast):
    sign_in(client, session, cast.lee)
    other = session.scalars(select(Membership).where(Membership.person_id == cast.kim.id)).one()
    assert client.post(f"{PATH}/say", data=form_for(client, cast, other)).status_code == 404
    assert session.scalars(select(Interest)).all() == []


@pytest.mark.parametrize(
    "change",
    [{"verdict": "love"}, {"other": "nobody"}, {"side": "coordinator"}, {"csrf_token": "stale"}],
)
def test_what_is_no_answer_is_refused(client, session, cast, app, change):
    app.config["WTF_CSRF_ENABLED"] = True
    sign_in(client, session, cast.lee)
    assert client.post(f"{PATH}/say", data=form_for(client, cast, cast.mentor) | change).status_code == 400


def test_a_role_that_one_does_not_have_is_not_found(client, session, cast):
    sign_in(client, session, cast.lee)
    assert client.post(f"{PATH}/say", data=form_for(client, cast, cast.mentor, side="mentor")).status_code == 404


def test_saying_takes_a_post(client, session, cast):
    sign_in(client, session, cast.lee)
    assert client.get(f"{PATH}/say").status_code == 405
    assert client.get(f"{PATH}/undo").status_code == 405
