"""What the law says of following up: how long results are not adopted, and where a case stands. Pure."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from core.errors import Collected, Conflict, DomainError, Refusals
from core.law import Jurisdiction, implements
from evaluations.entries import RegistrationEntry
from evaluations.rules import entering
from evaluations.rules.gate import Refusal
from supervision.entries import RecordEntry
from supervision.models import CaseKind, CaseState

FARTHEST = timedelta(days=366)  # a decision that starts later than this is a slip of the pen


class CaseClosed(Conflict):
    """The case is closed, or was changed since the reader looked at it."""


class AlreadyAnnulled(Conflict):
    """The decision was annulled before."""


class NothingAgainst(DomainError):
    """The gate is open: the agency registers it, nobody else."""


class StandsDifferently(Conflict):
    """What stands against it is not what the officer was shown."""


class AlreadyThere(Conflict):
    """The agreement is in the system: a second click, or the agency was faster."""


TEAM = ("team", "leader_id")  # who was on the team the desk need not know


@implements("JL-22-3")
def last_day(first_day: date, *, years: int) -> date:
    """第二十二条第三款: the last day of so many years, itself included: the same date, of 29 February 28 February.

    Reading 15: first and last day are both whole days in Shanghai.
    """
    try:
        return first_day.replace(year=first_day.year + years)
    except ValueError:
        return first_day.replace(year=first_day.year + years, day=28)


@implements("JL-22-3")
def require_sound_period(first_day: date, *, today: date, in_force_since: date) -> None:
    """第二十二条第三款: no decision under these rules before they were in force. Raises DomainError."""
    if first_day < in_force_since:
        raise DomainError(
            f"实施细则自 {in_force_since} 起施行，此前不能依第二十二条第三款作出决定，请核对决定书。",
            clause="JL-22-3",
            field="first_day",
        )
    if first_day > today + FARTHEST:
        raise DomainError("起始日距今天超过一年，请对照决定书核对年份。", clause="JL-22-3", field="first_day")


def require_open(state: CaseState, *, shown: int, now: int) -> None:
    """A closed case is only read; nobody acts on what they did not see. Raises CaseClosed."""
    if state is CaseState.CLOSED:
        raise CaseClosed("该案件已经办结，不再增加记录。")
    if shown != now:
        raise CaseClosed("该案件刚刚有新的记录（也可能是重复提交），请核对后再办理。")


def kind_of(*, unfiled: bool, over_cap: bool) -> CaseKind:
    """What a case is about; without a filing there was no right to evaluate at all, so that comes first."""
    if unfiled:
        return CaseKind.UNFILED
    return CaseKind.OVER_CAP if over_cap else CaseKind.PROCEDURE


def require_sound_record(entry: RegistrationEntry, *, today: date, law: Jurisdiction) -> None:
    """As sound as a registration, the team apart. Raises DomainError with its field, several as Refusals."""
    kept = Collected()
    try:
        entering.require_sound(entry, today=today, law=law)
    except Refusals as refusals:
        kept.found = [each for each in refusals.refusals if entry.team or each.field not in TEAM]
    except DomainError as refusal:
        kept.found = [refusal] if entry.team or refusal.field not in TEAM else []
    kept.settle()


@implements("JL-21-2")
def require_hindered(against: Collection[Refusal]) -> None:
    """第二十一条: evaluations are registered by their agencies; recorded is only what the gate refuses (reading 6)."""
    if not against:
        raise NothingAgainst("这项评价符合登记条件：请通知机构自行登记，主管部门不代为登记。", clause="JL-21-2")


def require_as_shown(against: Collection[Refusal], shown: Collection[str]) -> None:
    """Nobody confirms what they did not see. Raises StandsDifferently."""
    if {each.what.value for each in against} != set(shown):
        raise StandsDifferently("不符合登记条件的情形和刚才列出的不同，请重新核对后再确认。")


def facts_of_record(entry: RecordEntry, against: Sequence[Refusal]) -> tuple[str, ...]:
    """What a case says was found: what the gate refuses, how it is known, why it is recorded."""
    amount = () if entry.amount_known else ("协议金额不详，系统中记为 0",)
    return (*(each.message for each in against), f"信息来源：{entry.source}", f"补录理由：{entry.reason}", *amount)
