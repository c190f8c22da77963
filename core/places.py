"""Where things are: the 11 bureaus and the divisions. They are two tables (reading 21).

长白山 has no division code: nothing is placed there by code, an agency chooses it. 梅河口 lies in 通化's code and
reports itself. 公主岭 (220184 since 2020, 220381 before) follows the code that is given.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

CONFIG = Path(__file__).parent.parent / "config"


@dataclass(frozen=True, slots=True)
class Bureau:
    """`divisions`: prefixes of GB/T 2260 codes in its scope; `excluded`: those inside that report elsewhere."""

    key: str
    name: str
    short: str
    place: str
    divisions: tuple[str, ...]
    excluded: tuple[str, ...]

    def covers(self, division: str) -> bool:
        return division.startswith(self.divisions) and not (self.excluded and division.startswith(self.excluded))


@cache
def bureaus() -> Mapping[str, Bureau]:
    """The 11 bureaus by key, in the order the Department lists them."""
    with (CONFIG / "bureaus.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType(
            {
                row["key"]: Bureau(
                    row["key"], row["name"], row["short"], row["place"],
                    tuple(row["divisions"].split()), tuple(row["excluded"].split()),
                )
                for row in csv.DictReader(file)
            }
        )  # fmt: skip


@cache
def divisions() -> Mapping[str, str]:
    """Code → name of every division ever in force, 1980 to 2023."""
    with (CONFIG / "gb2260.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType(
            {row["code"]: row["nbs_2023_name"] or row["name_in_last_revision"] for row in csv.DictReader(file)}
        )


@cache
def provinces() -> Mapping[str, str]:
    """Two-digit prefix → name of the province-level divisions."""
    return MappingProxyType({code[:2]: name for code, name in divisions().items() if code.endswith("0000")})


def bureau_of(division: str) -> Bureau | None:
    """The bureau that a division reports to; None outside Jilin."""
    return next((bureau for bureau in bureaus().values() if bureau.divisions and bureau.covers(division)), None)


def place_label(bureau: str, division: str) -> str:
    """Where an agency is, for lists: its bureau's place, or the province for one from outside."""
    if bureau in bureaus():
        return bureaus()[bureau].place
    return provinces().get(division[:2], "—")
