"""Staff rosters as agencies really make them: which rows are people, who counts, what an officer must look at."""

from agency.rosters.reading import NoHeading, NoPeople, read_roster
from agency.rosters.roster import Roster, SharedPerson, across, beside
from agency.rosters.rows import RosterRow
from agency.rosters.template import write_template

__all__ = [
    "NoHeading",
    "NoPeople",
    "Roster",
    "RosterRow",
    "SharedPerson",
    "across",
    "beside",
    "read_roster",
    "write_template",
]
