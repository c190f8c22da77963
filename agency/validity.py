"""What particulars can't be: days out of order, places that don't fit together, amounts that are none.

Each function raises DomainError with its field, or Refusals for several. What a clause asks for stands in agency.rules:
a lapsed lease is possible, and flagged there; a record in the future is not.
"""

from dataclasses import dataclass
from datetime import date
from functools import singledispatch

from agency.particulars import Office, OutsideProjects, Record, Tenure, Training
from agency.rules import is_branch
from core.errors import Collected, DomainError
from core.places import bureau_of, bureaus, provinces

CHANGBAISHAN = "changbaishan"
AROUND_CHANGBAISHAN = frozenset({"222426", "220621", "220623"})  # 安图、抚松、长白: its parks lie in these
HOME = "22"


class IsBranch(DomainError):
    """A branch is not an independent legal person."""


def require_independent_body(name: str, *, field: str = "name") -> None:
    """第二十条（一）: a branch doesn't register; the body it belongs to does. Raises IsBranch."""
    if is_branch(name):
        raise IsBranch(
            "分公司、分院、分所、办事处等分支机构不具有独立法人资格，不能登记（第二十条（一））；请由所属法人单位登记。",
            clause="JL-20-1",
            field=field,
        )


def bureau_for(division: str, chosen: str) -> str:
    """The key of the bureau an agency belongs to, "" outside Jilin. 长白山 has no code: it is chosen (reading 21)."""
    placed = bureau_of(division)
    if placed is None:
        if division.startswith(HOME):
            raise DomainError("请选择到县（市、区），以便确定所属工信局。", field="place")
        if chosen:
            raise DomainError("注册地不在吉林省，请选“按注册地自动确定”。", field="bureau")
        return ""
    if chosen in ("", placed.key):
        return placed.key
    if chosen == CHANGBAISHAN and division in AROUND_CHANGBAISHAN:
        return chosen
    wanted = bureaus()[chosen].name if chosen in bureaus() else chosen
    raise DomainError(
        f"注册地属{placed.name}，与所选的{wanted}不一致；长白山只用于注册地在安图、抚松、长白的机构。", field="bureau"
    )


def require_past(day: date, *, today: date, what: str, field: str) -> None:
    if day > today:
        raise DomainError(f"{what} {day} 在今天之后，请填写今天（{today}）或以前的日期。", field=field)


def require_service_address(consent: bool, address: str) -> None:
    if consent and not address:
        raise DomainError("同意电子送达的，请填写接收送达的电子邮箱。", field="service_address")
    if address and not consent:
        raise DomainError("填写了送达地址，请同时勾选同意电子送达；不同意的请把地址留空。", field="service_consent")


@singledispatch
def require_possible(fact: object, *, today: date) -> None:
    """Whether one row of the particulars can be as it is written."""
    raise TypeError(f"no row of the particulars: {type(fact).__name__}")


@require_possible.register
def _(office: Office, *, today: date) -> None:
    refusals = Collected()
    with refusals.attempt():
        if office.area_m2 <= 0:
            raise DomainError("面积应大于 0 平方米。", field="area_m2")
    with refusals.attempt():
        if office.tenure is Tenure.LEASED and office.leased_until is None:
            raise DomainError("租赁的场所请填写租赁到期日。", field="leased_until")
    with refusals.attempt():
        if office.tenure is Tenure.OWNED and office.leased_until is not None:
            raise DomainError("自有的场所没有租赁到期日，请留空，或改选租赁。", field="leased_until")
    refusals.settle()


@require_possible.register
def _(record: Record, *, today: date) -> None:
    require_past(record.on, today=today, what="业绩日期", field="on")


@require_possible.register
def _(training: Training, *, today: date) -> None:
    refusals = Collected()
    with refusals.attempt():
        require_past(training.on, today=today, what="培训日期", field="on")
    with refusals.attempt():
        if not 0 < training.hours <= 1000:
            raise DomainError("学时应大于 0、不超过 1000。", field="hours")
    refusals.settle()


@require_possible.register
def _(projects: OutsideProjects, *, today: date) -> None:
    refusals = Collected()
    with refusals.attempt():
        if not 2017 <= projects.year <= today.year:  # the first national list is of 2017
            raise DomainError(f"年度应在 2017 至 {today.year} 之间。", field="year")
    with refusals.attempt():
        if projects.count <= 0:
            raise DomainError("项目数应为大于 0 的整数；没有项目的不必登记。", field="count")
    with refusals.attempt():
        if projects.province not in provinces().values() or projects.province == provinces()[HOME]:
            raise DomainError("请选择吉林省以外的省份。", field="province")
    refusals.settle()


@dataclass(frozen=True, slots=True)
class Term:
    """An open or closed time in office, both days included."""

    since: date
    until: date | None


def require_later_term(since: date, *, current: Term, today: date) -> None:
    """A new representative begins after the one in office began."""
    require_past(since, today=today, what="任职日期", field="since")
    if since <= current.since:
        raise DomainError(
            f"新任日期应晚于现任的任职日期 {current.since}；现任日期录错的，请用“更正现任信息”。", field="since"
        )


def require_corrected_term(since: date, *, former: Term | None, today: date) -> None:
    """A corrected first day stays behind the beginning of the term before it."""
    require_past(since, today=today, what="任职日期", field="since")
    if former is not None and since <= former.since:
        raise DomainError(f"任职日期应晚于前任的任职日期 {former.since}。", field="since")
