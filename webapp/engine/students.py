"""Who counts as a student, by the vocabulary that ships."""

from collections.abc import Collection

from matcher.taxonomy import load_taxonomy


def student_stages() -> Collection[str]:
    """Return the career stages of those who are taught before they practise."""
    return frozenset(stage.id for stage in load_taxonomy().stages.values() if stage.student)


def is_student(stage: str) -> bool:
    return stage in student_stages()
