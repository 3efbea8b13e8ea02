"""Changes by hand, as two coordinators click them: the cost first, then the change, then its way back."""

import re

from tests.functional.board.changing import follow, make
from tests.functional.console import send, text_of, work_off
from webapp.forms.engine_settings import CRITERIA
from webapp.models import BoardEdit, Job, PairRule
from webapp.services import whys


def test_a_move_is_shown_with_its_true_cost_and_its_plain_effect(ada, session, board, ask):
    page = text_of(ada, ask("move", board.rosa, board.cast.mentee, **{"from": board.cast.mentor.id}))
    assert "Move Lee Lindqvist to Dr Rosa Prat?" in page
    assert re.search(r"The fits of all pairs together fall by 0\.\d\d\.", page)
    assert "in place of" in page
    assert "120 of 120 minutes, 2 of 2 places" in page
    assert "it clashes with nothing" in page
    assert "Change only this" in page
    assert "Pin and work out again" in page
    assert board.live(session) == {("Mo", "Lee"), ("Rosa", "Nia")}


def test_a_pair_taken_out_is_shown_with_its_true_cost(ada, board, ask):
    page = text_of(ada, ask("remove", board.rosa, board.nia))
    assert "Would come: Nia Okafor with Dr Mo Farahani" in page  # all placed anew, she would have another
    assert re.search(r"The fits of all pairs together fall by 0\.\d\d\.", page)
    assert "is left without a mentor" in page  # alone
    assert "Rule out and work out again" in page


def test_what_the_others_would_do_is_told(ada, session, board, ask):
    """Mo's one place for Nia sends Lee to Rosa."""
    page = text_of(ada, ask("move", board.cast.mentor, board.nia, **{"from": board.rosa.id}))
    assert "Would end: Lee Lindqvist with Dr Mo Farahani" in page
    assert "Would come: Lee Lindqvist with Dr Rosa Prat" in page
    assert "This cannot be done" in page
    assert "Places of Dr Mo Farahani in this round: 1; taken here: 1." in page
    assert "Change only this" not in page
    assert "Pin and work out again" in page


def test_a_move_is_made_shown_on_its_line_and_taken_back(ada, session, board, base, ask):
    answer = make(
        ada, ask("move", board.rosa, board.cast.mentee, **{"from": board.cast.mentor.id}), "move", why="met in person"
    )
    anchor = answer.headers["Location"].partition("#")[2]
    page = follow(ada, answer)
    assert "The mentee is moved." in page
    assert f'id="{anchor}" tabindex="-1"' in page
    assert "By hand</span>" in page
    assert "before changes by hand: 1 pair out, 1 pair in" in page
    assert "You moved Lee Lindqvist from Dr Mo Farahani to Dr Rosa Prat" in page
    assert "met in person" in page
    edit = session.query(BoardEdit).one()
    page = follow(ada, send(ada, f"{base}/undo", page=base, edit_id=str(edit.id), seen=edit.number))
    assert "The change is taken back." in page
    assert "taken back by you" in page
    assert board.live(session) == {("Mo", "Lee"), ("Rosa", "Nia")}
    assert "No better matching exists - checked" in page
    assert "before changes by hand" not in page


def test_a_colleagues_change_meanwhile_is_told_and_nothing_is_lost(ada, bea, session, board, base, ask):
    page = ask("remove", board.cast.mentor, board.cast.mentee)
    assert "Take it out" in text_of(bea, page)
    move = ask("move", board.rosa, board.cast.mentee, **{"from": board.cast.mentor.id})
    make(ada, move, "move")
    answer = make(bea, page, "remove", seen=0) if "Take it out" in text_of(bea, page) else None
    assert answer is None  # the page of now offers nothing of the kind
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', text_of(bea, move))[1]
    pair = {"mentor_id": str(board.cast.mentor.id), "mentee_id": str(board.cast.mentee.id)}
    answer = bea.post(page, data={"csrf_token": token, "what": "remove", "seen": 0, "why": "too far", **pair})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert re.search(r"Ada Oduya moved Lee Lindqvist from Dr Mo Farahani to Dr Rosa Prat at \d\d:\d\d\.", text)
    assert "Your change was not made." in text
    assert board.live(session) == {("Rosa", "Lee"), ("Rosa", "Nia")}
    answer = send(bea, f"{base}/rule", page=base, kind="pin", seen=0, **pair)
    assert "Ada Oduya moved Lee Lindqvist" in follow(bea, answer)
    assert session.query(PairRule).count() == 0


def test_a_colleagues_change_of_others_does_not_block(ada, bea, session, board, ask):
    make(ada, ask("move", board.rosa, board.cast.mentee, **{"from": board.cast.mentor.id}), "move")
    make(bea, ask("remove", board.rosa, board.nia), "remove", seen=0)
    assert board.live(session) == {("Rosa", "Lee")}


def test_a_change_taken_back_twice_is_taken_back_once(ada, bea, session, board, base, ask):
    make(ada, ask("remove", board.rosa, board.nia), "remove")
    edit = session.query(BoardEdit).one()
    form = {"edit_id": str(edit.id), "seen": edit.number}
    send(ada, f"{base}/undo", page=base, **form)
    assert "The change was not taken back." in follow(bea, send(bea, f"{base}/undo", page=base, **form))
    assert board.live(session) == {("Mo", "Lee"), ("Rosa", "Nia")}


def test_pin_and_work_out_again_keeps_the_pin_and_shows_what_changed(ada, session, board, base, ask, now):
    page = ask("move", board.cast.mentor, board.nia, **{"from": board.rosa.id})
    answer = make(ada, page, "pin", again="1")
    assert answer.headers["Location"].endswith("#work")
    again = work_off(session, now)
    assert again.name == "First, again"
    text = text_of(ada, f"{base}?scenario={again.id}&against={board.scenario.id}")
    assert "2 pairs are new" in text
    assert "2 are gone" in text
    assert "New; was with Dr Rosa Prat" in text
    assert "Nia Okafor with Dr Rosa Prat" in text
    assert "Pinned by you" in text
    changed = text_of(ada, f"{base}?scenario={again.id}&against={board.scenario.id}&show=changed")
    assert changed.count('<tr class="') == 2
    assert text_of(ada, f"{base}?scenario={board.scenario.id}&show=changed").count('<tr class="') == 2


def test_pairs_are_worked_out_with_a_new_pin_beside_work_that_does_not_know_it(ada, session, board, base, ask):
    send(ada, f"{base}/solve", page=base, objective="coverage")
    follow(ada, make(ada, ask("pin", board.rosa, board.nia), "pin", again="1"))
    assert session.query(PairRule).one().kind == "pin"
    assert session.query(Job).filter_by(state="waiting").count() == 2


def test_work_already_going_on_is_told_and_the_pin_is_kept(ada, session, board, base, ask):
    for number in range(5):
        send(ada, f"{base}/scenarios/new", **scenario_answers(number + 1))
    page = follow(ada, make(ada, ask("pin", board.rosa, board.nia), "pin", again="1"))
    assert "5 scenarios are being worked out already." in page
    assert session.query(PairRule).one().kind == "pin"
    assert session.query(Job).filter_by(state="waiting").count() == 5


def scenario_answers(weight):
    return {"objective": "coverage", "minimum": "0", **{f"weight_{name}": str(weight) for name in CRITERIA}}


def test_people_are_chosen_by_name_without_script(ada, ask):
    page = text_of(ada, ask("add") + "&mentee_q=okaf&mentor_q=dr&find=mentor")
    assert "Dr Rosa Prat" in page
    assert "Dr Mo Farahani" in page
    page = text_of(ada, ask("add") + "&mentee_q=okaf&mentor_q=rosa")
    assert "Give Nia Okafor to Dr Rosa Prat?" in page
    assert "Nobody has that name." in text_of(ada, ask("add") + "&mentee_q=nobody")


def test_people_are_found_while_somebody_types(ada, base):
    answer = ada.get(f"{base}/found?side=mentor&mentor_q=rosa", headers={"HX-Request": "true"})
    page = answer.get_data(as_text=True)
    assert "Dr Rosa Prat" in page
    assert "<html" not in page
    assert ada.get(f"{base}/found?side=mentor&mentor_q=rosa").headers["Location"].endswith("/why?mentor_q=rosa")


def test_a_large_round_says_that_no_cost_is_told_here(ada, board, ask, monkeypatch):
    monkeypatch.setattr(whys, "MOST_PAIRS", 1)
    whys._ready.clear()
    page = text_of(ada, ask("remove", board.rosa, board.nia))
    assert "This round is too large to work the cost out while you wait." in page
    assert "Take it out" in page


def test_a_form_that_is_not_whole_changes_nothing(ada, session, board, ask):
    page = ask("remove", board.rosa, board.nia)
    answer = make(ada, page, "remove", why="x" * 201)
    assert answer.status_code == 400
    assert "Say it in 200 letters at most." in answer.get_data(as_text=True)
    assert session.query(BoardEdit).count() == 0


def test_no_change_once_the_round_is_published(ada, session, board, ask):
    board.scenario.round.state = "published"
    session.commit()
    text_of(ada, ask("remove", board.rosa, board.nia), status=404)


def test_a_month_apart_is_said_with_its_first_day(ada, session, board, base):
    proposal = board.proposal(session, board.rosa, board.nia)
    assert proposal.slot_week is not None
    page = text_of(ada, base)
    assert re.search(r"first \d+ \w+</span>", page)
    assert "Pairs meet every 4 weeks from the first day on." in page
