"""The exceptions of the engine.

::

    MatcherError
    ├── InvalidProblemError      (also a ValueError)
    │   └── InvalidTimesError
    ├── InvalidCertificateError  (also a ValueError)
    └── SolverError

Whether pairs can be found at all is not an exception: see `matcher.SolveStatus`.
"""

from collections.abc import Sequence


class MatcherError(Exception):
    """The base of every exception this package raises on purpose."""


class InvalidProblemError(MatcherError, ValueError):
    """Raised when what was given does not make a problem; carries every fault found, not only the first.

    Parameters
    ----------
    faults
        One sentence for each fault, saying what to change.

    Attributes
    ----------
    faults : list of str
        The same sentences.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


class InvalidTimesError(InvalidProblemError):
    """Raised when times that must stay are no times, or clash."""


class InvalidCertificateError(MatcherError, ValueError):
    """Raised when a text is not a certificate at all: not JSON, or a field missing or unknown."""


class SolverError(MatcherError):
    """Raised when a solver breaks or contradicts itself; never for bad input and never for lack of time."""
