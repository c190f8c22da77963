"""What a Chinese body's name is made of, so that two spellings of it can be compared. Pure.

广西壮族自治区南宁市致协节能技术服务有限公司（原南宁节能中心）: places 广西 and 南宁 with their levels, the rest
致协节能技术服务, the form 有限公司, and an aside that states a former name.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Self

from config import FOLDER
from core.names import UNIFIED, key_of

DIVISIONS = FOLDER / "gb2260.csv"

LEVEL = r"特别行政区|(?:壮族|回族|维吾尔)?自治区|(?:[\u4e00-\u9fff]{1,3}族){0,3}自治州|省|市|地区|盟"
FORM = re.compile(r"\(?(?P<group>集团)?\)?\(?(?P<form>(?:股份)?(?:有限责任|有限)?公司)\)?$")
BRANCH = re.compile(r"(?<=[司院所心会])[^司院所心会]{0,12}分(?:公司|院|所|中心|会|部)|(?:办事|代表)处$")
# A line may be broken inside one name, and a hyphen stand in it: both sides must be long enough for a name.
SEPARATORS = re.compile(r"[、;/&,]|(?<=[^\n]{6})\n+(?=[^\n]{6})|(?<=\w{5})-(?=\w{5})")
INNER_FORM = re.compile(r"有限(?:责任)?公司(?=[\u4e00-\u9fff]{5})")
TRAILING_ASIDE = re.compile(r"(?P<name>.{3,})\((?P<aside>[^()]+)\)$")
FORMER = re.compile(r"(?:原名?|曾用名|前身为?)[::]?(?P<name>.{3,})")
LATTER = re.compile(r"(?:现名?|现?已?更名为|现为)[::]?(?P<name>.{3,})")
PART_OF_A_NAME = re.compile(r"集团|控股|(?:股份)?(?:有限责任|有限)?公司|普通合伙|特殊普通合伙|有限合伙|分公司")

DIGITS = "〇零一二三四五六七八九"
NUMERAL = re.compile(rf"[{DIGITS}十百]+|[0-9]+|(?<=第)[甲乙丙丁戊东南西北]|[甲乙丙丁戊](?=[组部所])|[东南西北]")
WELL_FORMED = re.compile(rf"[{DIGITS}]+|(?:[{DIGITS}]百零?)?(?:[{DIGITS}]?十)?[{DIGITS}]?")
KIND = re.compile(r"协会|学会|商会|联合会|促进会|基金会|大学|学院|学校")


class Aside(Enum):
    """What the brackets at the end of a name say."""

    FORMER = "曾用名"
    LATTER = "现用名"
    OTHER = "另一名称"


@cache
def _places() -> re.Pattern[str]:
    """Provinces, prefectures and county-level cities, without their level (内蒙古, 南宁, 梅河口); longest first."""
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        rows = [(row["code"], row["nbs_2023_name"] or row["name_in_last_revision"]) for row in csv.DictReader(file)]
    short = {
        re.sub(f"(?<=..)(?:{LEVEL})$", "", name) for code, name in rows if code.endswith("00") or name[-1:] == "市"
    }
    names = sorted((name for name in short if len(name) > 1), key=len, reverse=True)
    return re.compile(f"(?P<place>{'|'.join(map(re.escape, names))})(?P<level>{LEVEL})?")


def _plain_number(numeral: str) -> str:
    """七十一四 is no number, it is 七一四 miswritten: without its tens it compares as such."""
    return numeral if WELL_FORMED.fullmatch(numeral) else re.sub("[十百]", "", numeral)


@dataclass(frozen=True, slots=True)
class Name:
    key: str
    head: str  # the key without its aside
    core: str  # without aside, form and levels of places
    rest: str  # the core without its leading places
    form: str  # 有限公司 …, "" for an institution
    is_group: bool
    places: tuple[tuple[str, str], ...]  # place, level ("" where it isn't written), wherever they stand
    leading: int  # how many of the places stand at the beginning
    marks: tuple[str, ...]  # numbers, directions, kinds of association, branches: who differs here is somebody else
    aside: tuple[Aside, str] | None  # and its key

    @classmethod
    def parse(cls, text: str) -> Self:
        key = key_of(text)
        name, aside = _aside(key)
        form = FORM.search(name)
        stem = name[: form.start()] if form else name
        found = list(_places().finditer(stem))
        lead = end = 0
        for place in found:
            if place.start() != end:
                break
            lead, end = lead + 1, place.end()
        core = _places().sub(lambda place: place["place"], stem)
        return cls(
            key=key,
            head=name,
            core=core,
            rest=stem[end:],
            form=form["form"] if form else "",
            is_group=bool(form and form["group"]),
            places=tuple((place["place"], place["level"] or "") for place in found),
            leading=lead,
            marks=(
                *(_plain_number(numeral) for numeral in NUMERAL.findall(_places().sub("", stem))),
                *KIND.findall(stem),
                *BRANCH.findall(name),
            ),
            aside=aside,
        )

    @property
    def place_names(self) -> tuple[str, ...]:
        return tuple(place for place, _ in self.places)

    def levels_agree_with(self, other: "Name") -> bool:
        """吉林省 and 吉林市 are two places; 吉林 may be either."""
        pairs = zip(self.places, other.places, strict=False)
        return all(mine == theirs or not mine or not theirs for (_, mine), (_, theirs) in pairs)


def _aside(key: str) -> tuple[str, tuple[Aside, str] | None]:
    """A name, and what the brackets at its end say where they aren't a part of it as （北京） and （集团） are."""
    found = TRAILING_ASIDE.fullmatch(key)
    if not found or PART_OF_A_NAME.fullmatch(found["aside"]) or _places().fullmatch(found["aside"]):
        return key, None
    for kind, pattern in ((Aside.FORMER, FORMER), (Aside.LATTER, LATTER)):
        if stated := pattern.fullmatch(found["aside"]):
            return found["name"], (kind, stated["name"])
    return found["name"], (Aside.OTHER, found["aside"])


def names_several(text: str) -> bool:
    """Whether a cell may name two bodies: a separator between them, or a company's form with another name after it."""
    unified = unicodedata.normalize("NFKC", text).translate(UNIFIED).strip().rstrip(",;、/&-")
    key = key_of(text)
    return bool(SEPARATORS.search(unified)) or (bool(INNER_FORM.search(key)) and not BRANCH.search(key))
