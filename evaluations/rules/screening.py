"""The screening of agreements (第二十二条第一款): how it stands, and what an agency may say to marks."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import Collected, Conflict, DomainError
from core.law import implements
from evaluations.rules.states import UNDECIDED, MarkStanding


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


NOTHING_FOUND = ScreeningFacts()


class NothingSaid(DomainError):
    """A dispute names at least one mark, and says why."""


class MarkDecided(Conflict):
    """An officer has decided on the mark meanwhile."""


@implements("JL-22-1b")
def require_disputable(standings: Mapping[int, MarkStanding], said: Mapping[int, str]) -> None:
    """第二十二条第一款: an agency may say of each mark why it is none, until an officer has decided on it.

    `standings`: by position, of the marks that there are among those spoken of. Raises NothingSaid, MarkDecided,
    several as Refusals.
    """
    if not said:
        raise NothingSaid("请至少对一处标记写明理由。", clause="JL-22-1b")
    refusals = Collected()
    for position, words in sorted(said.items()):
        with refusals.attempt():
            if position not in standings:
                raise MarkDecided(f"没有第 {position} 处标记，请刷新后核对。")
            if standings[position] not in UNDECIDED:
                raise MarkDecided(f"第 {position} 处标记已由主管部门作出决定，不能再说明，请刷新后核对。")
            if not words.strip():
                raise NothingSaid(
                    f"请写明第 {position} 处标记为什么不成立。", clause="JL-22-1b", field=f"mark_{position}"
                )
    refusals.settle()
