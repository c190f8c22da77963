"""What the law says of following up, and where a case stands. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from core.errors import Collected, Conflict, DomainError, Refusals
from core.law import Jurisdiction, implements
from evaluations.entries import RegistrationEntry
from evaluations.rules import entering
from evaluations.rules.gate import Refusal
from evaluations.rules.states import UNDECIDED, MarkStanding
from evaluations.screening.labels import Label
from supervision.entries import RecordEntry
from supervision.models import CaseKind, CaseState

LONG_NUMBER = re.compile(r"\d[\dXx*\- ]{5,}[\dXx]")  # a telephone, an identity card, an account
MOST_FILES = 200  # dropped at once
MOST_BYTES = 200 * 1024 * 1024  # of them together
QUOTED = 200  # characters of a clause that a case quotes


class CaseClosed(Conflict):
    """The case is closed, or was changed since the reader looked at it."""


class NothingAgainst(DomainError):
    """The gate is open: the agency registers it, nobody else."""


class StandsDifferently(Conflict):
    """What stands against it is not what the officer was shown."""


class AlreadyThere(Conflict):
    """The agreement is in the system: a second click, or the agency was faster."""


class NothingChosen(DomainError):
    """No mark is named."""


class MarkDecided(Conflict):
    """Somebody decided on it meanwhile."""


class NothingToRead(Conflict):
    """The agreement is read, settled or replaced."""


class NotAboutAgreement(Conflict):
    """Only what was found in an agreement is corrected by a clean one."""


class NoFiles(DomainError):
    """Nothing was chosen."""


class TooManyFiles(DomainError):
    """More than are screened at once."""


class MarkFacts(Protocol):
    """What is told of a mark: a row of it."""

    @property
    def label(self) -> Label: ...
    @property
    def clause(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def page(self) -> int | None: ...
    @property
    def effect(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def decision(self) -> str: ...


TEAM = ("team", "leader_id")  # who was on the team the desk need not know


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


def facts_of_record(entry: RecordEntry, against: Sequence[Refusal], *, partners: Sequence[str] = ()) -> tuple[str, ...]:
    """What a case says was found: what the gate refuses, how it is known, why it is recorded, who made it jointly."""
    amount = () if entry.amount_known else ("协议金额不详，系统中记为 0",)
    joint = (f"联合评价机构：{'、'.join(partners)}",) if partners else ()
    return (
        *(each.message for each in against),
        *joint,
        f"信息来源：{entry.source}",
        f"补录理由：{entry.reason}",
        *amount,
    )


# ── marks of agreements ───────────────────────────────────────────────────────────────────────────────────────────────


@implements("JL-22-1b")
def require_undecided(standings: Mapping[int, MarkStanding], chosen: Collection[int]) -> None:
    """第二十二条第一款: an officer decides once on each mark, with a reason that stays. `standings`: by a mark's id.

    Raises NothingChosen, MarkDecided.
    """
    if not chosen:
        raise NothingChosen("请选中要办理的标记。", clause="JL-22-1b", field="marks")
    if any(each not in standings or standings[each] not in UNDECIDED for each in chosen):
        raise MarkDecided("这处标记已经由其他人员核定，或者不在这份协议里，请看最新情况。", clause="JL-22-1b")


@implements("JL-22-1b")
def require_to_read(*, by_eye: bool) -> None:
    """第二十二条第一款: what no program could read an officer reads, and nothing else. Raises NothingToRead."""
    if not by_eye:
        raise NothingToRead("这份协议不需要人工阅看：系统已经读完，或者已经有人阅看，或者协议已经更换。")


def require_about_agreement(kind: CaseKind) -> None:
    """Raises NotAboutAgreement."""
    if kind is not CaseKind.AGREEMENT:
        raise NotAboutAgreement("只有协议条款的案件随协议改正办结，其他案件请写明结果后办结。")


def require_same_screening(*, shown: int, now: int) -> None:
    """Nobody decides on what they did not see. Raises MarkDecided."""
    if shown != now:
        raise MarkDecided("这份协议的标记刚刚有变化（也可能是重复提交），您看到的不是最新内容，请核对后再办理。")


def facts_of_mark(mark: MarkFacts, evaluation_number: str, version: int) -> tuple[str, ...]:
    """What a case says of a confirmed mark. What could be somebody's number in the clause is left out."""
    place = "，".join(each for each in (f"第 {mark.page} 页" if mark.page else "", mark.number) if each)
    clause = LONG_NUMBER.sub("…", " ".join(mark.clause.split()))
    quoted = clause if len(clause) <= QUOTED else f"{clause[:QUOTED]}……"
    effect = (f"效果：{mark.effect}",) if mark.effect else ()
    return (
        f"评价 {evaluation_number} 第 {version} 份协议{f'（{place}）' if place else ''}经认定含有{mark.label.words}："
        f"“{quoted}”",
        *effect,
        f"依据：第二十二条第一款。{mark.reason}",
        f"认定理由：{mark.decision}",
    )


# ── folders of files ──────────────────────────────────────────────────────────────────────────────────────────────────


def require_not_too_many(count: int) -> None:
    """Raises TooManyFiles."""
    if count > MOST_FILES:
        raise TooManyFiles(
            f"一次最多放入 {MOST_FILES} 份文件，您选了 {count} 份，请分几次放入；一份也没有收下。", field="files"
        )


def require_some_files(count: int) -> None:
    """Raises NoFiles."""
    if count == 0:
        raise NoFiles("请选择要核查的文件或文件夹。", field="files")
