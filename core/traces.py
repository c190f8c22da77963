"""What one body leaves in several registrations, in a form that can be matched: phone numbers and addresses."""

import re
from dataclasses import dataclass
from functools import cache

from core.contacts import phone_text
from core.names import key_of
from core.places import NO_PLACES, divisions
from core.sealed import keyring

_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")}
_UNITS = "号|栋|幢|座|院|单元|层|楼|室|房"
_SPOKEN = re.compile(rf"第?([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?={_UNITS})")
_STOREY = re.compile(r"([0-9]+)(?:层|楼(?!栋)|F)(?=\1[0-9]{2}(?![0-9]))")  # 8 层 802 室 is room 802
_UNIT = re.compile(r"(?<=[0-9A-Z])(?:号院|号楼|号|栋|幢|座|院|单元|层|楼|室|房间|房|F(?![0-9A-Z]))|[-#,;、，；]+")
_JOINT = re.compile(r"(?<=[A-Z])(?=[0-9])|(?<=[0-9])(?=[A-Z])")
_NOTE = re.compile(r"\([^()]*\)")


def phone_key(text: str) -> str:
    """A phone number without what typing does to it: width, blanks, brackets, country code, dashes, extension."""
    typed = phone_text(text).strip("+").replace("(", "").replace(")", "-")
    typed = re.sub(r"^(?:00)?86-?(?=0?[1-9])", "", typed) if len(re.sub(r"\D", "", typed)) > 11 else typed
    line = re.fullmatch(r"(0\d{2,3})-?(\d{7,8})(?:\D.*)?", typed, re.ASCII)
    return f"{line[1]}{line[2]}" if line else re.sub(r"\D", "", typed)


def phone_mark(text: str | None) -> str:
    """The keyed hash under which the same number is found without being known; "" for none."""
    key = phone_key(text or "")
    return keyring().keyed_hash(f"phone:{key}") if key else ""


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart: the divisions it names, and street, house and room in one form."""

    street: str
    city: str = ""
    county: str = ""

    @property
    def is_precise(self) -> bool:
        """Whether it names a house: a street or a district alone is half the town's."""
        return any(char.isdigit() for char in self.street)

    def is_same(self, other: "Address") -> bool:
        """The same house and room, where neither names another city or county than the other does."""
        return (
            self.is_precise
            and self.street == other.street
            and not (self.city and other.city and self.city != other.city)
            and not (self.county and other.county and self.county != other.county)
        )


def read_address(text: str) -> Address:
    """吉林省长春市朝阳区人民大街１号 8层802室 and 朝阳区人民大街1-802 are one address."""
    rest, found = _NOTE.sub("", key_of(text)), {"province": "", "city": "", "county": ""}
    for level, names in _names().items():
        name = next((each for each in names if rest.startswith(each)), "")
        if name:
            found[level], rest = name, rest[len(name) :]
    rest = _SPOKEN.sub(lambda spoken: str(_number(spoken[1])), rest)
    rest = _STOREY.sub("", rest)
    rest = _JOINT.sub("-", _UNIT.sub("-", rest))
    return Address(re.sub(r"-+", "-", rest).strip("-"), found["city"], found["county"])


def _number(spoken: str) -> int:
    tens, is_ten, ones = spoken.rpartition("十")
    return (_DIGITS[tens] if tens else 1) * 10 * bool(is_ten) + (_DIGITS[ones] if ones else 0)


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Names of divisions by level, the longest first: what an address may begin with, in this order."""
    levels: dict[str, set[str]] = {"province": set(), "city": set(), "county": set()}
    for code, name in divisions().items():
        if name in NO_PLACES or len(name) < 2:
            continue
        level = "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"
        levels[level].add(name)
    return {level: tuple(sorted(names, key=lambda name: (-len(name), name))) for level, names in levels.items()}
