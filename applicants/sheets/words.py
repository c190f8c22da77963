"""What a row says, word by word, as it is entered: kinds, bureau, figures. What can't be read is told."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from applicants import rules
from applicants.models import Kind, ListLevel
from applicants.sheets.headings import vocabulary
from applicants.sheets.reading import SheetRow
from core.contacts import phone_text
from core.errors import DomainError
from core.forms import tidy
from core.headings import folded_word, squeezed
from core.identifiers import normalise
from core.places import bureau_of, bureaus, find_divisions

JILIN = "22"
BETWEEN_KINDS = re.compile(r"[、,，;；/+\s]|和|及|与")
LONGEST: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "name": ("名称", 120),
        "body_name": ("管理机构", 120),
        "county": ("县区", 60),
        "address": ("地址", 200),
        "industry": ("行业", 80),
        "representative": ("法定代表人", 60),
        "contact_name": ("联系人", 60),
        "contact_phone": ("联系电话", 30),
        "contact_email": ("电子邮箱", 120),
        "park": ("所在园区", 120),
    }
)
LISTED = {
    "国家": ListLevel.NATIONAL,
    "省": ListLevel.PROVINCIAL,
    "市": ListLevel.MUNICIPAL,
    "州": ListLevel.MUNICIPAL,
    "未列入": ListLevel.NONE,
}


class Unread(DomainError):
    """A cell whose word means nothing here."""


def values_of(row: SheetRow) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of an entry that a row states, and by field why what it says can't be read."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field, text in row.said.items():
        try:
            values[field] = _value(field, text, is_rounded=field in row.rounded)
        except DomainError as refusal:
            problems[field] = refusal.message
    return _with_bureau(values), problems


def _value(field: str, text: str, *, is_rounded: bool) -> Any:
    if is_rounded:
        raise Unread("信用代码被存成了数字，末几位已丢失，请将该列设为“文本”后按证照重新填写。")
    if field in READERS:
        return READERS[field](text)
    label, longest = LONGEST[field]
    told = str(tidy(text))
    if len(told) > longest:
        raise Unread(f"{label}超过 {longest} 个字，请缩短。")
    return told


def kinds_of(text: str) -> tuple[Kind, ...]:
    """绿色工厂、绿色供应链管理企业 → both. Raises Unread."""
    words = vocabulary().words
    found = set()
    for part in filter(None, BETWEEN_KINDS.split(squeezed(text))):
        kind = next((kind for kind in Kind if folded_word(part) in words[kind.value]), None)
        if kind is None:
            raise Unread(f"类别“{text}”应为绿色工厂、绿色工业园区或绿色供应链管理企业。")
        found.add(kind)
    return tuple(kind for kind in Kind if kind in found)


def bureau_named(text: str) -> str:
    """The key of the bureau that a name of it, its city or a county of it means. Raises Unread."""
    plain = squeezed(text).removeprefix("吉林省")
    for bureau in bureaus().values():
        if plain.startswith((bureau.short, bureau.place)):
            return bureau.key
    found = {each.key for code in find_divisions(JILIN, plain) if (each := bureau_of(code))}
    if len(found) == 1:
        return found.pop()
    raise Unread(f"“{text}”不是 11 个市（州）工信局之一，请写例如 长春市、吉林市、梅河口市、长白山。")


def _with_bureau(values: dict[str, Any]) -> dict[str, Any]:
    """梅河口 reports itself, though lists put it under 通化; a county alone may tell the bureau too."""
    county = values.get("county", "")
    if "梅河口" in county and values.get("bureau") in (None, "tonghua"):
        return values | {"bureau": "meihekou"}
    if county and "bureau" not in values:
        found = {each.key for code in find_divisions(JILIN, squeezed(county)) if (each := bureau_of(code))}
        return values | {"bureau": found.pop()} if len(found) == 1 else values
    return values


def share_of(text: str) -> int:
    """57.4, 57.4% and 0.574 of a percent cell → 574 tenths. Raises Unread."""
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)(%?)", unicodedata.normalize("NFKC", text).replace(" ", ""))
    if match is None:
        raise Unread(f"工业增加值占比“{text}”应为百分数，例如 57.4。")
    share = float(match[1])
    return round(share * 1000) if share <= 1 and not match[2] else round(share * 10)


def listed_as(text: str) -> ListLevel:
    for word, level in LISTED.items():
        if word in text:
            return level
    raise Unread(f"名单“{text}”应为国家级、省级、市级或未列入。")


def yes_or_no(text: str) -> bool:
    words = vocabulary().words
    for answer, kind in ((True, "yes"), (False, "no")):
        if folded_word(text) in words[kind]:
            return answer
    raise Unread(f"是否绿色工厂“{text}”应为是或否。")


READERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "credit_code": normalise,
        "body_code": normalise,
        "kinds": kinds_of,
        "bureau": bureau_named,
        "industry_code": rules.industry_code,
        "industrial_share": share_of,
        "listed": listed_as,
        "is_green_factory": yes_or_no,
        "contact_phone": phone_text,
    }
)
