"""The numbers that a word processor counts itself: they stand in no paragraph's text, yet the reader sees them."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

DIGITS = "零一二三四五六七八九"
CIRCLED_MOST = 20


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    pattern: str
    start: int


class Numbers:
    """Counts along while the paragraphs are walked through in their order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels = _levels(numbering)
        self._by_style = _numbered_styles(styles)
        self._counts: dict[tuple[str, int], int] = {}

    def of(self, paragraph: Element, style: str) -> str:
        """What stands before this paragraph; empty where nothing does."""
        properties = paragraph.find("pPr/numPr")
        number, depth = self._by_style.get(style, ("", 0))
        if properties is not None:
            own, level = properties.find("numId"), properties.find("ilvl")
            number = own.get("val", "") if own is not None else number
            depth = int(level.get("val", "0")) if level is not None else depth
        levels = self._levels.get(number)
        if not levels or depth not in levels:
            return ""
        self._count(number, depth, levels)
        return re.sub(r"%([1-9])", lambda found: self._shown(number, int(found[1]) - 1, levels), levels[depth].pattern)

    def _count(self, number: str, depth: int, levels: dict[int, _Level]) -> None:
        key = (number, depth)
        self._counts[key] = self._counts.get(key, levels[depth].start - 1) + 1
        for deeper in [each for each in self._counts if each[0] == number and each[1] > depth]:
            del self._counts[deeper]

    def _shown(self, number: str, depth: int, levels: dict[int, _Level]) -> str:
        level = levels.get(depth)
        return _formed(self._counts.get((number, depth), level.start), level.form) if level else ""


def _formed(value: int, form: str) -> str:
    if form == "bullet":
        return ""
    if form.startswith(("chinese", "taiwanese", "ideographTraditional", "japaneseCounting")) and 0 < value < 100:
        return in_chinese(value)
    if form.startswith("decimalEnclosedCircle") and 0 < value <= CIRCLED_MOST:
        return chr(0x2460 + value - 1)
    if form in ("lowerLetter", "upperLetter") and 0 < value <= 26:
        return chr((97 if form == "lowerLetter" else 65) + value - 1)
    return str(value)


def in_chinese(value: int) -> str:
    tens, ones = divmod(value, 10)
    front = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return front + (DIGITS[ones] if ones or not tens else "")


def _levels(numbering: Element | None) -> dict[str, dict[int, _Level]]:
    if numbering is None:
        return {}
    abstract: dict[str, dict[int, _Level]] = {}
    for each in numbering.iter("abstractNum"):
        levels = {}
        for level in each.iter("lvl"):
            form = _value(level, "numFmt") or "decimal"
            pattern = "" if form in ("bullet", "none") else _value(level, "lvlText")
            levels[_whole(level.get("ilvl", "0"))] = _Level(form, pattern, _whole(_value(level, "start") or "1"))
        abstract[each.get("abstractNumId", "")] = levels
    return {each.get("numId", ""): abstract.get(_value(each, "abstractNumId"), {}) for each in numbering.iter("num")}


def _numbered_styles(styles: Element | None) -> dict[str, tuple[str, int]]:
    found = {}
    for style in styles.iter("style") if styles is not None else ():
        number = _value(style, "pPr/numPr/numId")
        if number:
            found[style.get("styleId", "")] = (number, _whole(_value(style, "pPr/numPr/ilvl") or "0"))
    return found


def _whole(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else 0


def _value(element: Element, path: str) -> str:
    found = element.find(path)
    return found.get("val", "") if found is not None else ""
