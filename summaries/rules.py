"""第二十二条第一款 (JL-22-1c), reading 18: who owes a summary, until when, what is late, what a hand-in needs. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.clock import day_of
from core.errors import Collected, Conflict, DomainError
from core.law import Jurisdiction, implements
from summaries.states import EDITABLE, Action, Duty, State

COURSE: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.HAND_IN): State.HANDED_IN,
    (State.HANDED_IN, Action.RETURN): State.RETURNED,
    (State.RETURNED, Action.HAND_IN): State.HANDED_IN,
    (State.HANDED_IN, Action.ACCEPT): State.ACCEPTED,
}
MOST_ATTACHMENTS = 20


class NotPossibleNow(Conflict):
    """The summary is in a state that this act doesn't leave, or was changed by somebody else meanwhile."""


class NotOpen(Conflict):
    """The year is not open for summaries."""


class NotReady(DomainError):
    """Something is missing that a hand-in needs."""


class NotNil(DomainError):
    """Who evaluated in the year owes a summary with content."""


class NotAsked(DomainError):
    """Nobody asks this agency for a summary of the year."""


class NoSupplement(Conflict):
    """Before the first hand-in, or after the last day, there is no supplement."""


# ── the course ────────────────────────────────────────────────────────────────────────────────────────────────────────


def may_follow(state: State, action: Action) -> bool:
    """Whether an act is possible now: for pages, which offer only what is."""
    return (state, action) in COURSE


@implements("JL-22-1c")
def next_state(state: State, action: Action) -> State:
    """第二十二条第一款: draft → handed in → returned → handed in again → accepted. Raises NotPossibleNow."""
    try:
        return COURSE[state, action]
    except KeyError:
        raise NotPossibleNow(
            f"这份总结现在是“{state.label}”，不能再{action.label}，请回到总结页查看最新情况。", clause="JL-22-1c"
        ) from None


def require_editable(state: State) -> None:
    """Written in while it is a draft, or returned. Raises NotPossibleNow."""
    if state not in EDITABLE:
        raise NotPossibleNow(f"这份总结现在是“{state.label}”，内容不能修改；上报后开展的工作请填写补充报告。")


def require_shown(*, shown: int, now: int) -> None:
    """Nobody acts on what they did not see. Raises NotPossibleNow."""
    if shown != now:
        raise NotPossibleNow("这份总结刚刚有改动（也可能是重复提交），您看到的不是最新内容，请核对后再办理。")


# ── days of the year ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of a year's summaries, all of them Shanghai's, each included."""

    year: int
    opens_on: date
    due_on: date
    late_start: date  # whose first evaluation begins from here on has until `second_due_on`
    second_due_on: date
    supplement_until: date

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, 12, 31)

    def due_of(self, duty: Duty) -> date:
        """The last day on which it is in time; for one that is not owed, the day it is asked for by."""
        return self.second_due_on if duty is Duty.OWED_LATER else self.due_on


def dates_of(year: int, law: Jurisdiction, *, opens_on: date | None = None) -> Dates:
    """The days of a year by the parameters in force at its end; `opens_on` is the desk's own, if it set one.

    Raises NotOpen for a year before the rules were in force.
    """
    if year < law.in_force_since.year:
        raise NotOpen(f"《实施细则》自 {law.in_force_since} 起实施，此前的年度没有工作总结。", clause="JL-22-1c")

    def day(name: str, in_year: int) -> date:
        month_day = str(law.parameter(name, on=date(year, 12, 31)).value)
        return date.fromisoformat(f"{in_year}-{month_day}")

    return Dates(
        year=year,
        opens_on=opens_on or day("summary_opens", year),
        due_on=day("summary_due", year),
        late_start=day("summary_late_start", year),
        second_due_on=day("summary_second_due", year + 1),
        supplement_until=day("summary_supplement_until", year + 1),
    )


def require_open(dates: Dates, *, today: date) -> None:
    """A year is written in from the day it opens; it never closes (late ones are still taken). Raises NotOpen."""
    if today < dates.opens_on:
        raise NotOpen(
            f"{dates.year} 年度工作总结自 {dates.opens_on} 起填报，现在还没有开放；届时系统会通知贵单位。",
            clause="JL-22-1c",
        )


# ── who owes it ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Work:
    """An evaluation that an agency makes, alone or jointly. Self-evaluations have no agency."""

    begun_on: date
    issued: tuple[date, ...] = ()  # of its reports, the first one first
    withdrawn_on: date | None = None
    before_onsite: bool = False  # withdrawn before on-site work

    @property
    def under_way_until(self) -> date | None:
        """The day of its first report, or of its withdrawal; None: it goes on."""
        return self.issued[0] if self.issued else self.withdrawn_on


@implements("JL-22-1c")
def evaluated_in(work: Work, year: int) -> bool:
    """第二十二条第一款: begun, under way or reported in the year, and not withdrawn before on-site work."""
    if work.withdrawn_on is not None and work.before_onsite:
        return False
    first, last = date(year, 1, 1), date(year, 12, 31)
    until = work.under_way_until
    under_way = work.begun_on <= last and (until is None or until >= first)
    return under_way or any(first <= day <= last for day in work.issued)


@implements("JL-22-1c")
def duty_of(works: Iterable[Work], dates: Dates) -> Duty:
    """第二十二条第一款: owed by who evaluated in the year; until the second day where the first began late in it."""
    begun = [work.begun_on for work in works if evaluated_in(work, dates.year)]
    if not begun:
        return Duty.INVITED
    return Duty.OWED_LATER if min(begun) >= dates.late_start else Duty.OWED


# ── in time or late ───────────────────────────────────────────────────────────────────────────────────────────────────


@implements("JL-22-1c")
def days_late(handed_in_at: datetime, due_on: date) -> int:
    """第二十二条第一款: 0 until 24:00 Shanghai of the day it is due; from the next instant on 1, and one more each day.

    `handed_in_at` is the server's instant of the first hand-in.
    """
    return max(0, (day_of(handed_in_at) - due_on).days)


@implements("JL-22-1c")
def lateness(duty: Duty, due_on: date, *, first_handed_in_at: datetime) -> int:
    """第二十二条第一款: by how many days the first hand-in was late; what is not owed is never late."""
    return days_late(first_handed_in_at, due_on) if duty.is_owed else 0


def is_overdue(duty: Duty, due_on: date, *, first_handed_in_at: datetime | None, today: date) -> bool:
    """Whether it is owed, the last day has passed, and it has not come."""
    return duty.is_owed and first_handed_in_at is None and today > due_on


# ── what a hand-in needs ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Texts:
    """What the agency adds in its own words."""

    account: str = ""
    problems: str = ""
    suggestions: str = ""
    plan: str = ""


NEEDED = {"account": "本年度工作情况", "problems": "存在的问题", "plan": "下一年度工作计划"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as the register knows it and as the agency states it; `known` None: the register has nothing to say."""

    key: str
    label: str
    known: int | None
    stated: int | None
    reason: str = ""

    @property
    def differs(self) -> bool:
        return self.stated != self.known


@implements("JL-22-1c")
def require_complete(texts: Texts) -> None:
    """第二十二条第一款: a summary tells what was done, what was wrong with it and what comes next. Raises NotReady."""
    refusals = Collected()
    for field, label in NEEDED.items():
        with refusals.attempt():
            if not getattr(texts, field).strip():
                raise NotReady(f"“{label}”还没有填写；没有的请写“无”并说明。", clause="JL-22-1c", field=field)
    refusals.settle()


@implements("JL-22-1c")
def require_reasons(figures: Collection[Figure]) -> None:
    """第二十二条第一款: a figure that differs from the register says why; none is below zero. Raises NotReady."""
    refusals = Collected()
    for figure in figures:
        with refusals.attempt():
            require_sound(figure)
            if figure.differs and not figure.reason.strip():
                raise NotReady(
                    f"“{figure.label}”填报 {shown(figure.stated)}，系统登记为 {shown(figure.known)}，"
                    "请写明不一致的原因，或改回系统登记的数。",
                    clause="JL-22-1c",
                    field=f"{figure.key}_reason",
                )
    refusals.settle()


def require_sound(figure: Figure) -> None:
    """Numbers of things. Raises NotReady at its field."""
    if figure.stated is not None and figure.stated < 0:
        raise NotReady(f"“{figure.label}”不能小于 0。", field=figure.key)


def shown(value: int | None) -> str:
    return "—" if value is None else str(value)


# the parts that make up a whole: what is stated of them adds up
WHOLES: Mapping[str, tuple[str, ...]] = {
    "按类别": ("kind_factory", "kind_park", "kind_supply_chain"),
    "按级别": ("level_national", "level_provincial", "level_municipal"),
}


def require_sums(figures: Collection[Figure], *, whole: str = "evaluations") -> None:
    """What is stated by kind and by level adds up to what is stated of all. Raises NotReady at the whole."""
    stated = {figure.key: figure.stated or 0 for figure in figures}
    refusals = Collected()
    for name, parts in WHOLES.items():
        with refusals.attempt():
            total = sum(stated.get(part, 0) for part in parts)
            if total != stated.get(whole, 0):
                raise NotReady(
                    f"评价项目{name}合计 {total} 项，与总数 {stated.get(whole, 0)} 项不一致，请核对。",
                    clause="JL-22-1c",
                    field=whole,
                )
    refusals.settle()


def require_ready(texts: Texts, figures: Collection[Figure]) -> None:
    """Everything a hand-in needs, told together. Raises NotReady, or Refusals of them."""
    refusals = Collected()
    with refusals.attempt():
        require_complete(texts)
    with refusals.attempt():
        require_reasons(figures)
    with refusals.attempt():
        require_sums(figures)
    refusals.settle()


@implements("JL-22-1c")
def require_nil(duty: Duty) -> None:
    """第二十二条第一款: a nil summary is for who did not evaluate in the year. Raises NotNil."""
    if duty.is_owed:
        raise NotNil(
            "系统中登记有贵单位本年度开展的评价，应当上报有内容的工作总结，不能作零报告；登记有误的，请先更正评价登记。",
            clause="JL-22-1c",
        )


def require_asked(duty: Duty, *, filed: bool) -> None:
    """Who has no filing and evaluated nothing is neither bound nor invited. Raises NotAsked."""
    if not duty.is_owed and not filed:
        raise NotAsked("贵单位没有有效的备案，本年度也没有开展评价，不需要上报工作总结。", clause="JL-22-1c")


@implements("JL-22-1c")
def require_supplement(state: State, dates: Dates, *, at: datetime) -> None:
    """第二十二条第一款: what was done after the hand-in is told until the end of January. Raises NoSupplement."""
    if state not in (State.HANDED_IN, State.ACCEPTED):
        raise NoSupplement(f"这份总结现在是“{state.label}”，请直接填写并上报，不必填写补充报告。", clause="JL-22-1c")
    if day_of(at) > dates.supplement_until:
        raise NoSupplement(
            f"{dates.year} 年度的补充报告截至 {dates.supplement_until}，此后开展的工作请写入下一年度总结。",
            clause="JL-22-1c",
        )


def require_room(attachments: int) -> None:
    """So many files and no more. Raises NotReady."""
    if attachments >= MOST_ATTACHMENTS:
        raise NotReady(f"附件最多 {MOST_ATTACHMENTS} 个，请先移除不需要的，或合并成一个文件。", field="file")
