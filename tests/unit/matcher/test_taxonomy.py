"""The vocabulary: similarities, names, and the two files that hold it."""

import json
from importlib import resources

import numpy as np
import pytest
import yaml

from matcher.taxonomy import Taxonomy, Topic, UnknownNameError, load_taxonomy

TAXONOMY = load_taxonomy()


def similarity(one, other):
    index = TAXONOMY.specialty_index
    return TAXONOMY.similarity[index[one], index[other]]


def test_json_holds_what_the_yaml_holds():
    # After a change: json.dumps(yaml.safe_load(...), indent=1, ensure_ascii=False), as docs/reference says.
    data = resources.files("matcher") / "data"
    in_yaml = yaml.safe_load((data / "taxonomy.yaml").read_text(encoding="utf-8"))
    assert json.loads((data / "taxonomy.json").read_text(encoding="utf-8")) == in_yaml


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("general_surgery", "general_surgery", 1.0),
        ("breast_surgery", "breast_surgery", 1.0),
        ("general_surgery", "breast_surgery", 0.85),
        ("hand_surgery", "orthopaedic_surgery", 0.85),
        ("general_surgery", "orthopaedic_surgery", 0.6),
        ("general_surgery", "obstetrics_gynecology", 0.6),
        ("vascular_surgery", "urology", 0.3),
        ("endovascular_surgery", "urology", 0.3),
        ("vascular_surgery", "psychiatry", 0.0),
    ],
)
def test_similarity_follows_the_graph_both_ways(one, other, expected):
    assert similarity(one, other) == expected
    assert similarity(other, one) == expected


def test_similarity_is_symmetric_and_read_only():
    assert np.array_equal(TAXONOMY.similarity, TAXONOMY.similarity.T)
    assert set(np.unique(TAXONOMY.similarity)) == {0.0, 0.3, 0.6, 0.85, 1.0}
    with pytest.raises(ValueError, match="read-only"):
        TAXONOMY.similarity[0, 0] = 0


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("specialty", "ENT", "otolaryngology"),
        ("specialty", "ob/gyn", "obstetrics_gynecology"),
        ("specialty", "  General   surgery ", "general_surgery"),
        ("specialty", "hand_surgery", "hand_surgery"),
        ("stage", "fellow", "fellow"),
        ("stage", "INTERN (pgy-1)", "intern"),
        ("topic", "grants and funding", "grants"),
    ],
)
def test_names_ids_and_aliases_are_found_whatever_their_case(kind, text, expected):
    assert TAXONOMY.find(kind, text) == expected


def test_unknown_name_comes_with_the_closest():
    with pytest.raises(UnknownNameError, match="did you mean Vascular Surgery") as caught:
        TAXONOMY.find("specialty", "Vasculer Surgery")
    assert caught.value.suggestions[0] == "Vascular Surgery"


def test_unknown_name_without_a_close_one_suggests_nothing():
    with pytest.raises(UnknownNameError, match=r"'xqzv' is not a known topic$"):
        TAXONOMY.find("topic", "xqzv")


def test_names_are_given_for_ids_of_any_kind():
    assert TAXONOMY.names(["urology", "fellow", "grants"]) == ["Urology", "Fellow", "Grants and funding"]
    with pytest.raises(KeyError):
        TAXONOMY.name("nobody")


def test_every_specialty_keeps_its_name_when_a_subspecialty_has_the_same():
    data = {
        "areas": [{"id": "a", "name": "A"}],
        "specialties": [{"id": "s", "name": "Same", "area": "a", "subspecialties": ["t"]}],
        "subspecialties": {"t": {"name": "Same"}},
        "career_stages": {"stages": []},
        "mentoring_topics": {"topics": []},
    }
    assert Taxonomy.from_dict(data).find("specialty", "same") == "s"


def test_stages_have_track_and_level():
    assert TAXONOMY.stages["intern"].track == "physician"
    assert TAXONOMY.stages["fellow"].level > TAXONOMY.stages["intern"].level


def test_own_topics_come_last_and_change_none_that_is_there():
    words = TAXONOMY.with_words([Topic("robotics", "Robotics", "own"), Topic("work_life", "Other", "own")])
    assert list(words.topics) == [*TAXONOMY.topics, "robotics"]
    assert words.topics["work_life"] == TAXONOMY.topics["work_life"]
    assert words.topic_index["robotics"] == len(TAXONOMY.topics)
    assert words.find("topic", "robotics") == "robotics"


def test_other_names_are_told_and_found_and_ids_stay():
    words = TAXONOMY.with_words(names={"work_life": "Life beside work", "fellow": "Senior trainee", "gone": "?"})
    assert words.names(["work_life", "fellow"]) == ["Life beside work", "Senior trainee"]
    assert words.find("stage", "senior TRAINEE") == "fellow"
    assert words.stages["fellow"].level == TAXONOMY.stages["fellow"].level
    assert list(words.stages) == list(TAXONOMY.stages)
