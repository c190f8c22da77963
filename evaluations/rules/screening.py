"""How it stands with the screening of an evaluation's agreements: what handing over and adopting ask."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreeningFacts:
    """Of all versions of the agreement; an agreement without a file (the officer had no copy) is not among them."""

    undecided: int = 0  # marks that no officer has confirmed or dismissed
    is_running: bool = False  # one still waits to be read, or is being read
    is_unread: bool = False  # one could not be read, or not all of it, and no officer has settled it
    confirmed: int = 0  # marks of the version in use that an officer has confirmed

    @property
    def is_clean(self) -> bool:
        """Read whole, every mark decided on, none confirmed in the version in use."""
        return not (self.undecided or self.is_running or self.is_unread or self.confirmed)
