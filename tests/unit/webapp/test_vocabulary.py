"""The vocabulary as forms need it."""

from webapp.services.vocabulary import (
    city_of,
    language_groups,
    name_of,
    specialty_groups,
    stage_groups,
    stages_behind,
    topic_groups,
    zone_groups,
)


def test_every_id_stands_once():
    for groups in (specialty_groups(), stage_groups(), topic_groups(), language_groups(), zone_groups()):
        ids = [choice.id for group in groups for choice in group.choices]
        assert ids
        assert len(ids) == len(set(ids))


def test_short_names_find_the_specialty():
    found = {
        text: [c.id for group in specialty_groups() for c in group.choices if c.matches(text)]
        for text in ("ENT", "ob/gyn", "vascular surg", "no such thing", "")
    }
    assert found["ENT"] == ["otolaryngology"], "not every name with these letters in it"
    assert "obstetrics_gynecology" in found["ob/gyn"]
    assert "vascular_surgery" in found["vascular surg"]
    assert found["no such thing"] == found[""] == []


def test_subspecialty_names_the_specialty_it_lies_under():
    hand = next(c for group in specialty_groups() for c in group.choices if c.id == "hand_surgery")
    assert hand.under == "General Surgery"


def test_names_of_ids_and_unknown_ids_stay():
    assert name_of("language", "sv") == "Swedish"
    assert name_of("stage", "intern") == "Intern (PGY-1)"
    assert name_of("topic", "of tomorrow") == "of tomorrow"


def test_zones_are_called_by_their_city():
    assert city_of("America/Argentina/Buenos_Aires") == "Argentina, Buenos Aires"
    assert city_of("UTC") == "UTC"


def test_stages_behind_are_those_before_on_all_tracks():
    behind = stages_behind("resident_junior")
    assert {"intern", "nursing_student", "premed"} <= set(behind)
    assert not {"resident_junior", "resident_senior", "retired"} & set(behind)
