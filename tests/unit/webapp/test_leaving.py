"""The snapshot without those who left a round."""

from webapp.engine.snapshots import hash_of, without_people


def snapshot():
    mentors = [{"key": key, "minutes": 60, "places": 1, "paused": False} for key in ("mo", "noor")]
    return {
        "mentors": mentors,
        "mentees": [{"key": "lee"}, {"key": "zoe"}],
        "interests": [["mo", "lee", "mentor", 0], ["noor", "zoe", "mentee", 1]],
        "exclusions": [["noor", "lee", "CONFLICT"]],
        "taken": [["mo", "zoe"]],
        "booked": [["offer", "p"]],
    }


def test_a_mentee_goes_with_all_that_was_said_of_her():
    found = without_people(snapshot(), {"lee"})
    assert [plain["key"] for plain in found["mentees"]] == ["zoe"]
    assert found["interests"] == [["noor", "zoe", "mentee", 1]]
    assert found["exclusions"] == []
    assert found["taken"] == [["mo", "zoe"]]
    assert found["booked"] == [["offer", "p"]]


def test_a_mentor_goes_unless_she_has_a_pair_and_then_stays_without_room():
    found = without_people(snapshot(), {"mo", "noor"})
    assert found["mentors"] == [{"key": "mo", "minutes": 0, "places": 0, "paused": True}]
    assert found["taken"] == [["mo", "zoe"]]


def test_the_snapshot_itself_stays_as_it_was_frozen():
    frozen = snapshot()
    without_people(frozen, {"mo", "lee"})
    assert hash_of(frozen) == hash_of(snapshot())
    assert hash_of(without_people(frozen, ())) == hash_of(frozen)
