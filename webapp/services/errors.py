"""What a service may refuse.

ServiceError
├── NotFoundError
├── ForbiddenError
├── ConflictError
│   └── NoRoomError
├── WrongStateError
├── ThrottledError
└── InvalidInputError
"""

from datetime import timedelta


class ServiceError(Exception):
    """Something asked of a service cannot be done; nothing was changed."""


class NotFoundError(ServiceError):
    """There is no such row, or the person asking must not know of it."""


class ForbiddenError(ServiceError):
    """The person asking is known but may not do this."""


class ConflictError(ServiceError):
    """The rows changed meanwhile, or a value that must be unique stands already; `what` names the constraint."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NoRoomError(ConflictError):
    """The mentor's minutes or places do not hold another pair; `what` is minutes, places, cap or wanted."""


class AgeNotSaidError(ConflictError):
    """A student has still to say that she is an adult; `is_own` whether it is she who asks."""

    def __init__(self, *, is_own: bool) -> None:
        super().__init__("adult")
        self.is_own = is_own


class WrongStateError(ServiceError):
    """The step does not follow from the present state."""

    def __init__(self, subject: str, state: str, step: str) -> None:
        super().__init__(f"{subject} is {state}: cannot {step}")
        self.subject, self.state, self.step = subject, state, step


class ThrottledError(ServiceError):
    """Too many tries; `wait` says for how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait.total_seconds():.0f} s")
        self.wait = wait


class InvalidInputError(ServiceError):
    """Values that the form could not check alone; `faults` maps a field to what to write instead."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {fault}" for field, fault in faults.items()))
        self.faults = faults
