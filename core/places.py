"""Where things are: the 11 bureaus and the divisions. They are two tables (reading 21).

长白山 has no division code: nothing is placed there by code, an agency chooses it. 梅河口 lies in 通化's code and
reports itself. 公主岭 (220184 since 2020, 220381 before) follows the code that is given.
"""

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from config import FOLDER

NO_PLACES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})  # of the list's own making


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
    with (FOLDER / "bureaus.csv").open(encoding="utf-8", newline="") as file:
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
    with (FOLDER / "gb2260.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType(
            {row["code"]: row["nbs_2023_name"] or row["name_in_last_revision"] for row in csv.DictReader(file)}
        )


@cache
def current_divisions() -> Mapping[str, str]:
    """Code → name of the cities and counties of today's list."""
    with (FOLDER / "gb2260.csv").open(encoding="utf-8", newline="") as file:
        names = {row["code"]: row["nbs_2023_name"] for row in csv.DictReader(file) if row["nbs_2023_name"]}
    return MappingProxyType(
        {code: name for code, name in names.items() if not code.endswith("0000") and name not in NO_PLACES}
    )


def division_label(code: str) -> str:
    """吉林省长春市朝阳区: province, city and county as far as the code says; "" for none."""
    known = divisions()
    chain = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
    names = [known[part] for part in chain if part in known]
    return "".join(name for name in names if name not in NO_PLACES)


def find_divisions(province: str, text: str) -> tuple[str, ...]:
    """The codes in a province (two digits) that may be meant by a code or a name, however full; several: ambiguous."""
    typed = "".join(unicodedata.normalize("NFKC", text).split())
    inside = {code: name for code, name in current_divisions().items() if code.startswith(province)}
    if not typed:
        return ()
    if typed in inside:
        return (typed,)
    head = provinces().get(province, "")
    exact = [code for code, name in inside.items() if typed in (name, full := division_label(code), full[len(head) :])]
    short = [code for code, name in inside.items() if len(typed) > 1 and name.startswith(typed)]
    return tuple(exact or short)


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
