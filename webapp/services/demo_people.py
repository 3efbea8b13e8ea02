"""The people of the demonstration, drawn with a fixed seed: the same on every machine."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from webapp.services import demo_words as words
from webapp.services.week import Window, merge

SEED = 20_270_301
MENTOR_STAGES = {"attending_mid": 24, "attending_early": 18, "attending_senior": 13, "fellow": 3, "retired": 2}
MENTEE_STAGES = {
    "ms_clinical": 22,
    "ms_preclinical": 10,
    "intern": 12,
    "resident_junior": 30,
    "resident_senior": 24,
    "chief_resident": 6,
    "fellow": 10,
    "attending_early": 6,
}


@dataclass(frozen=True)
class Offered:
    topics: tuple[str, ...]
    stages_welcome: tuple[str, ...]
    minutes: int
    places: int
    about: str


@dataclass(frozen=True)
class Wanted:
    topics: tuple[str, ...]
    specialties: tuple[str, ...]
    mentors: int
    goal: str
    board: bool = False  # a mentor for each need


@dataclass(frozen=True)
class DemoPerson:
    name: str
    email: str
    zone: str
    stage: str
    specialties: tuple[str, ...]
    languages: tuple[str, ...]
    institution: str
    city: str
    country: str
    windows: tuple[Window, ...]
    early: bool
    pronouns: str = ""
    offered: Offered | None = None
    wanted: Wanted | None = None
    account: str = ""  # the role under which somebody may sign in as this person
    bio: str = ""


@dataclass
class Draw:
    """Draws people, no two of one name."""

    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - invents people, guards nothing
    taken: set[str] = field(default_factory=set)

    def mentor(self, *, early: bool, wants_too: bool) -> DemoPerson:
        stage = self.random.choice(["fellow", "attending_early"]) if wants_too else self._one(MENTOR_STAGES)
        specialties = self._practice()
        about = self.random.choice(words.ABOUT_MENTORS)
        minutes = self._one({60: 9, 120: 7, 180: 3, 45: 1})
        welcome = ("ms_clinical", "intern", "resident_junior", "resident_senior") if self.random.random() < 0.25 else ()
        offered = Offered(
            topics=tuple(self._some(words.OFFERED, self.random.randint(4, 7))),
            stages_welcome=welcome,
            minutes=minutes,
            places=max(1, minutes // 60),
            about=about if self.random.random() < 0.7 else "",
        )
        wanted = self._wanted(stage, specialties[:1]) if wants_too else None
        return self._person(stage, specialties, self._surgeons_week(), early=early, offered=offered, wanted=wanted)

    def mentee(self, *, early: bool) -> DemoPerson:
        stage = self._one(MENTEE_STAGES)
        student = stage.startswith("ms_")
        specialties = self._practice()
        interests = specialties if not student else tuple(self._some(words.SPECIALTIES, 2))
        week = self._students_week() if student else self._residents_week()
        return self._person(stage, specialties[:1], week, early=early, wanted=self._wanted(stage, interests))

    def _person(
        self,
        stage: str,
        specialties: tuple[str, ...],
        windows: tuple[Window, ...],
        *,
        early: bool,
        offered: Offered | None = None,
        wanted: Wanted | None = None,
    ) -> DemoPerson:
        name, languages = self._name(stage)
        city, zone, country = self._place()
        return DemoPerson(
            name=name,
            email=f"{_address(name)}@example.org",
            pronouns=self.random.choices(["she/her", "", "they/them", "he/him"], [60, 30, 2, 0])[0],
            zone=zone,
            stage=stage,
            specialties=specialties,
            languages=languages,
            institution=self.random.choice(words.HOSPITALS),
            city=city,
            country=country,
            windows=windows,
            early=early,
            offered=offered,
            wanted=wanted,
        )

    def _wanted(self, stage: str, interests: Sequence[str]) -> Wanted:
        needs = words.NEEDS_TRAINING
        if stage.startswith("ms_"):
            needs = words.NEEDS_EARLY
        elif stage in {"fellow", "attending_early"}:
            needs = words.NEEDS_PRACTICE
        topics = tuple(self._some(needs, 3))
        mentors = self._one({1: 76, 2: 20, 3: 4})
        return Wanted(topics, tuple(interests), mentors, words.GOALS.get(topics[0], ""), board=mentors == 3)

    def _name(self, stage: str) -> tuple[str, tuple[str, ...]]:
        title = "" if stage.startswith("ms_") else "Dr "
        if stage == "attending_senior" and self.random.random() < 0.5:
            title = "Prof. "
        while True:
            languages, given, family = self.random.choices(words.NAMES, [26, 9, 6, 6, 7, 7, 9, 8, 6, 5, 5, 5, 5, 5, 4])[
                0
            ]
            name = f"{self.random.choice(given.split())} {self.random.choice(family.split())}"
            if name not in self.taken:
                self.taken.add(name)
                return title + name, languages

    def _practice(self) -> tuple[str, ...]:
        specialty = self._one(words.SPECIALTIES)
        if self.random.random() < 0.55:
            return specialty, self.random.choice(words.SUBSPECIALTIES[specialty])
        return (specialty,)

    def _place(self) -> tuple[str, str, str]:
        city, zone, country, _weight = self.random.choices(words.PLACES, [place[3] for place in words.PLACES])[0]
        return city, zone, country

    def _surgeons_week(self) -> tuple[Window, ...]:
        """Early mornings before the list, evenings after it, some weekends."""
        windows = []
        for day in range(5):
            if self.random.random() < 0.35:
                windows.append(Window(day, self.random.choice([330, 360]), self.random.choice([420, 450])))
            if self.random.random() < 0.55:
                start = self.random.choice([1050, 1080, 1110, 1140])
                windows.append(Window(day, start, start + self.random.choice([90, 120, 150])))
        return self._with_weekend(windows, 0.45)

    def _residents_week(self) -> tuple[Window, ...]:
        windows = []
        for day in range(5):
            if self.random.random() < 0.25:
                windows.append(Window(day, 330, self.random.choice([390, 420])))
            if self.random.random() < 0.6:
                start = self.random.choice([1080, 1110, 1140, 1170])
                windows.append(Window(day, start, start + self.random.choice([90, 120, 150])))
        return self._with_weekend(windows, 0.6)

    def _students_week(self) -> tuple[Window, ...]:
        windows = [Window(day, 960, 1290) for day in range(5) if self.random.random() < 0.7]
        windows += [Window(day, 420, 510) for day in range(5) if self.random.random() < 0.3]
        return self._with_weekend(windows, 0.7)

    def _with_weekend(self, windows: list[Window], chance: float) -> tuple[Window, ...]:
        for day in (5, 6):
            if self.random.random() < chance:
                start = self.random.choice([540, 600, 960, 1020])
                windows.append(Window(day, start, start + self.random.choice([120, 180])))
        return merge(windows) or (Window(6, 1020, 1140),)

    def _one(self, weights: Mapping[Any, int]) -> Any:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def _some(self, weights: Mapping[str, int], number: int) -> list[str]:
        left, found = dict(weights), []
        for _ in range(number):
            found.append(self._one(left))
            del left[found[-1]]
        return found


def _address(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.removeprefix("Prof. ").removeprefix("Dr ")).casefold()
    bare = [letter for letter in plain if not unicodedata.combining(letter)]
    letters = "".join(letter if letter.isascii() and letter.isalpha() else " " for letter in bare)
    return ".".join(letters.split())
