"""Service of documents (参照行政处罚法第六十一条): by which way, on which day. Pure."""

from collections.abc import Collection
from datetime import date

from core.errors import DomainError
from core.law import implements
from sanctions.models import Channel
from sanctions.rules.course import NotPossibleNow


def require_channel(channel: Channel, *, consented: bool) -> None:
    """Electronically only with consent (民事诉讼法第九十条, 参照). Raises DomainError."""
    if channel is Channel.ELECTRONIC and not consented:
        raise DomainError("对方没有同意电子送达，请选择其他送达方式并登记。", field="channel")


def require_none_under_way(under_way: Collection[bool]) -> None:
    """A document is sent one way at a time. Raises NotPossibleNow."""
    if any(under_way):
        raise NotPossibleNow("该文书已经发出，正在途中；收到后请登记送达，被退回的请先登记未能送达。")


def require_day(day: date, *, made_on: date | None, today: date) -> None:
    """Served neither before it was made nor in the future. Raises DomainError."""
    if day > today:
        raise DomainError("送达日期不能晚于今天；还没有收到的，请留空，收到后再登记。", field="served_on")
    if made_on is not None and day < made_on:
        raise DomainError(f"送达日期不能早于文书作出的日期 {made_on}。", field="served_on")


def require_not_before_sending(day: date, sent_on: date) -> None:
    if day < sent_on:
        raise DomainError(f"送达日期不能早于发出日期 {sent_on}。", field="served_on")


@implements("JL-22-3")
def require_served_in_time(first_day: date | None, served_on: date) -> None:
    """第二十二条第三款: non-adoption starts on the day of the service or later (L-17). Raises DomainError."""
    if first_day is not None and served_on > first_day:
        raise DomainError(
            f"决定载明自 {first_day} 起不予采信，送达日 {served_on} 已在其后；请由审批人先更正起始日，再重新送达。",
            clause="JL-22-3",
            field="served_on",
        )
