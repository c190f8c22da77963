"""Staff rosters as agencies really make them: which rows are people, who counts, what an officer must look at."""

from agency.rosters.kept import from_json, to_json
from agency.rosters.reading import NoHeading, NoPeople, read_roster
from agency.rosters.roster import Roster, SharedPerson, across, judged
from agency.rosters.rows import RosterRow
from agency.rosters.template import write_template

__all__ = [
    "NoHeading",
    "NoPeople",
    "Roster",
    "RosterRow",
    "SharedPerson",
    "across",
    "from_json",
    "judged",
    "read_roster",
    "to_json",
    "write_template",
]
