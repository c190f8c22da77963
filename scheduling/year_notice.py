"""Reading the State Council's notice of a year: which days are off, which weekend days are worked. Pure.

Pasted as it was published (1月1日（星期五）至3日（星期日）放假调休，共3天。1月4日（星期日）上班。) or as lines of days
(2027-01-01 至 2027-01-03 放假). What doesn't fit is refused: a weekday that the date doesn't have, a worked weekday, a
holiday that is missing.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import Collected, DomainError
from core.workdays import OPEN_FROM

WEEKDAYS = "一二三四五六日"
FEWEST = 11  # days off by the law of 1999 on; 13 since 2025
ALWAYS_OFF = ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节"))
DAY = timedelta(days=1)

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})日?")
_SIGNED = re.compile(r"^\s*\d{4}年\d{1,2}月\d{1,2}日\s*$", re.MULTILINE)  # the notice's own date, on a line of its own
_DATE = r"(?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?"
_TITLE = re.compile(r"(\d{4})年(?:全年|部分)?(?:法定)?节假日(?:放假)?(?:安排|调休)")
_TOKEN = re.compile(rf"{_DATE}(?:\s*(?:至|到|-|—|~)+\s*{_DATE})?|(放假|休息)|(上班|补班)")


@dataclass(frozen=True, slots=True)
class YearDays:
    """What a notice settles, some of it in the December before."""

    days_off: tuple[date, ...]
    worked: tuple[date, ...]

    @property
    def stretches(self) -> list[tuple[date, date]]:
        """Days off in a row, as their first and last."""
        return stretches(self.days_off)

    @property
    def digest(self) -> str:
        """The same days have the same; to see that what is saved is what was shown."""
        return hashlib.sha256(as_text(self).encode()).hexdigest()[:16]


def read_notice(text: str, year: int) -> YearDays:
    """The days of a notice. Raises DomainError, or Refusals, at the field `text`."""
    refusals = Collected()
    days_off: set[date] = set()
    worked: set[date] = set()
    waiting: list[date] = []
    for found in _TOKEN.finditer(_plain(text)):
        if found[9] or found[10]:
            (days_off if found[9] else worked).update(waiting)
            waiting = []
        else:
            with refusals.attempt():
                waiting += _days(found, year, waiting)
    if waiting:
        refusals.found.append(_refusal(f"{waiting[0]} 没有写明是放假还是上班。"))
    named = {int(found[1]) for found in _TITLE.finditer(_plain(text))}
    if named and year not in named:
        refusals.found.append(_refusal(f"这是 {min(named)} 年的通知，不是 {year} 年的，请粘贴 {year} 年的通知。"))
    for sentence in _unfit(days_off, worked, year):
        refusals.found.append(_refusal(sentence))
    refusals.settle()
    return YearDays(tuple(sorted(days_off)), tuple(sorted(worked)))


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return _SIGNED.sub("", _ISO.sub(r"\1年\2月\3日", plain))


def _refusal(sentence: str) -> DomainError:
    return DomainError(sentence, field="text")


def _days(found: re.Match[str], year: int, before: list[date]) -> list[date]:
    first = _day(found[1], found[2], found[3], found[4], before[-1] if before else date(year, 1, 1), year)
    if found[7] is None:
        return [first]
    last = _day(found[5], found[6], found[7], found[8], first, first.year)
    if not first <= last <= first + 30 * DAY:
        raise _refusal(f"“{first} 至 {last}”不像一个假期，请核对。")
    return [first + n * DAY for n in range((last - first).days + 1)]


def _day(year: str | None, month: str | None, day: str, said: str | None, before: date, default_year: int) -> date:
    """A date; a month that isn't said is that of the date before it."""
    try:
        meant = date(int(year or default_year), int(month or before.month), int(day))
    except ValueError:
        raise _refusal(f"没有这一天：{month or before.month}月{day}日。") from None
    weekday = re.search(r"(?:星期|周)([一二三四五六日天])", said or "")
    if weekday and weekday[1].replace("天", "日") != WEEKDAYS[meant.weekday()]:
        raise _refusal(f"{meant} 是星期{WEEKDAYS[meant.weekday()]}，不是星期{weekday[1]}；请核对年份和日期。")
    return meant


def _unfit(days_off: set[date], worked: set[date], year: int) -> Iterator[str]:
    first = date(year - 1, *OPEN_FROM)
    for day in sorted(days_off | worked):
        if not first <= day <= date(year, 12, 31):
            yield f"{day} 不在 {year} 年。"
    for day in sorted(days_off & worked):
        yield f"{day} 既写了放假，又写了上班。"
    for day in sorted(worked):
        if day.weekday() < 5:
            yield f"{day} 是星期{WEEKDAYS[day.weekday()]}，本来就上班，不是调休上班日。"
    missing = {name for month, day, name in ALWAYS_OFF if date(year, month, day) not in days_off}
    if missing:
        yield f"没有读到{'、'.join(sorted(missing))}的放假，请粘贴通知全文。"
    elif len(days_off) < FEWEST:
        yield f"只读到 {len(days_off)} 天放假，全年法定节假日不少于 {FEWEST} 天，请粘贴通知全文。"


def stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days in a row as their first and last."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and found[-1][1] + DAY == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def as_text(days: YearDays) -> str:
    """The days in lines that `read_notice` reads."""
    off = (f"{first} 至 {last} 放假" if first != last else f"{first} 放假" for first, last in stretches(days.days_off))
    return "\n".join([*off, *(f"{day} 上班" for day in days.worked)])
