"""What agencies mean by the words in a row: full-time or not, how employed, insured where."""

import calendar
import re
from collections.abc import Collection, Iterable
from datetime import date

from agency.particulars import Employment, TitleLevel
from agency.rosters.headings import vocabulary
from agency.titles import LEVEL_WORDS
from core.headings import folded_word, squeezed
from core.sheets import Cell, day_of, text_of

NOT_PART_TIME = re.compile(r"(非|不|无|未|没有|原|曾)(在外)?兼职|兼职(情况)?[:：]?无|[□☐]兼职|兼职[□☐]")
PART_TIME = re.compile(r"兼职|非全日制|劳务协议|劳务合同|临时|实习|小时工|外聘|顾问|^兼$")
REHIRED = re.compile(r"返聘|已退休|退休人员|退休后|离退休|^退休$")
NOT_REHIRED = re.compile(r"(非|未|不是)(退休)?返聘|未退休")
DISPATCHED = re.compile(r"(?<!非)(派遣|外包)")
SECONDED = re.compile(r"(?<!非)(借调|借用|挂职|借入)")
ESTABLISHMENT = re.compile(r"(?<!非)(在编|事业编|编制内)")
LEFT = re.compile(r"(?<!未)(离职|离岗|调出|辞职|解聘)(?!后|证明)")
NOT_LEFT = re.compile(r"原单位(已)?(离职|辞职)|离职后|从.{1,20}(离职|辞职|调出)")
EMPLOYED = re.compile(r"劳动合同|合同制|合同工|固定期限|正式|在编|事业编|编制内|聘用制")
NOT_EMPLOYED = re.compile(r"非(正式|在编)|编外|编制外|劳务")

ELSEWHERE = (
    r"原单位|原公司|外单位|其[他它]单位|别的单位|他处|别处|母公司|集团|总公司|代缴|第三方|挂靠|未转|人力资源|劳务"
)
INSURANCE = re.compile(r"社保|社会保险|保险|参保|五险|养老")
PAID = re.compile(r"缴纳?社|参保|社保|社会保险|五险")
PLACE_ELSEWHERE = re.compile(ELSEWHERE)
TRANSFERRED = re.compile(r"已.{0,12}转(入|移)|已转")

CHECKED = re.compile(r"[√✓✔☑■](专职|全职)|(专职|全职)[√✓✔☑■]")
CHECKED_PART_TIME = re.compile(r"[√✓✔☑■]兼职|兼职[√✓✔☑■]")
DATES = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2}))?")


def is_nothing(text: str) -> bool:
    return folded_word(text) in vocabulary().words["nothing"]


def has_word(text: str, kind: str) -> bool:
    """Whether a text contains one of a kind of words."""
    bare = squeezed(text)
    return any(word in bare for word in vocabulary().words[kind])


def yes_or_no(text: str) -> bool | None:
    """Whether a cell under 是否专职 says so; None when it says neither."""
    words, word = vocabulary().words, folded_word(text)
    if word in words["yes"]:
        return True
    if word in words["no"]:
        return False
    bare = squeezed(text)
    if CHECKED.search(bare) or CHECKED_PART_TIME.search(bare):
        return bool(CHECKED.search(bare)) and not CHECKED_PART_TIME.search(bare)
    if "兼" in bare and not NOT_PART_TIME.search(bare):
        return False
    return True if re.match(r"(是|专职|全职)(?!否)", bare) else None


def employment_of(texts: Iterable[str]) -> Employment:
    """How a person is employed by what the row says; a labour contract unless it says otherwise."""
    said = [squeezed(text) for text in texts if not is_nothing(text)]

    def says(pattern: re.Pattern[str], unless: re.Pattern[str] | None = None) -> bool:
        return any(pattern.search(text) and not (unless and unless.search(text)) for text in said)

    if any(PART_TIME.search(part) and not NOT_PART_TIME.search(part) for text in said for part in _parts(text)):
        return Employment.PART_TIME
    if says(REHIRED, NOT_REHIRED):
        return Employment.REHIRED
    if says(DISPATCHED):
        return Employment.DISPATCHED
    if says(SECONDED):
        return Employment.SECONDED
    return Employment.ESTABLISHMENT if says(ESTABLISHMENT) else Employment.CONTRACT


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[,;，；。、()（）]", text) if part]


def is_employed(text: str) -> bool:
    """Whether a cell under 用工形式 names an employment, for rosters that don't ask 是否专职."""
    bare = squeezed(text)
    return bool(EMPLOYED.search(bare)) and not NOT_EMPLOYED.search(bare)


def has_left(texts: Iterable[str]) -> bool:
    bare = [squeezed(text) for text in texts]
    return any(LEFT.search(text) and not NOT_LEFT.search(text) for text in bare)


def insured_elsewhere(note: str, since: str, by: str, own_units: Collection[str]) -> str:
    """The unit that pays the insurance instead of the agency, as the row tells it; "" when none does."""
    unit = squeezed(by)
    if not is_nothing(by) and unit not in own_units and unit not in vocabulary().words["own_unit"]:
        return by
    if PLACE_ELSEWHERE.search(squeezed(since)) and not TRANSFERRED.search(squeezed(since)):
        return since
    if _tells_of_insurance_elsewhere(squeezed(note)) and not TRANSFERRED.search(squeezed(note)):
        return note
    return ""


def _tells_of_insurance_elsewhere(note: str) -> bool:
    """Insurance, then another place, or the other way round; one search after the other takes no longer than one."""
    return _in_order(INSURANCE, PLACE_ELSEWHERE, note) or _in_order(PLACE_ELSEWHERE, PAID, note)


def _in_order(first: re.Pattern[str], then: re.Pattern[str], text: str) -> bool:
    found = first.search(text)
    return found is not None and then.search(text, found.end()) is not None


def level_of(text: str) -> TitleLevel | None:
    """The level that an agency names for a title; 高级 alone is read as the lower of the two."""
    levels = LEVEL_WORDS.get(re.sub(r"(职称|专业技术.*)$", "", squeezed(text)))
    if not levels:
        return None
    return TitleLevel.DEPUTY_SENIOR if TitleLevel.DEPUTY_SENIOR in levels else next(iter(levels))


def last_day_of(cell: Cell) -> date | None:
    """The day on which what a cell dates ends: the last of several, a month to its end."""
    if not isinstance(cell, str):
        return day_of(cell)
    found = DATES.findall(squeezed(cell))
    if not found:
        return day_of(cell)
    year, month, day = found[-1]
    try:
        return date(int(year), int(month), int(day) if day else calendar.monthrange(int(year), int(month))[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


def disagrees(written: Cell, born: date) -> bool:
    """Whether a birth date in a cell is another than the number's; a month is compared as a month."""
    day = day_of(written)
    if day is None:
        return False
    names_day = not isinstance(written, str) or len(re.findall(r"\d+", text_of(written))) != 2
    is_month = re.fullmatch(r"\d{6}", text_of(written)) is not None or not names_day
    return (day.year, day.month) != (born.year, born.month) or (day.day not in (1, born.day) and not is_month)
