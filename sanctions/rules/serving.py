"""Service of documents (参照行政处罚法第六十一条): by which way, on which day. Pure."""

from collections.abc import Collection
from datetime import date

from core.errors import DomainError
from sanctions.models import Channel
from sanctions.rules.course import NotPossibleNow


def require_channel(channel: Channel, *, consented: bool) -> None:
    """Electronically only with consent (民事诉讼法第九十条, 参照). Raises DomainError."""
    if channel is Channel.ELECTRONIC and not consented:
        raise DomainError("对方没有同意电子送达，请选择其他送达方式并登记。", field="channel")


def require_none_under_way(served: Collection[date | None]) -> None:
    """A document is served once. Raises NotPossibleNow."""
    if any(day is None for day in served):
        raise NotPossibleNow("该文书已经发出，正在途中；收到后请登记送达。")


def require_day(day: date, *, made_on: date | None, today: date) -> None:
    """Served neither before it was made nor in the future. Raises DomainError."""
    if day > today:
        raise DomainError("送达日期不能晚于今天；还没有收到的，请留空，收到后再登记。", field="served_on")
    if made_on is not None and day < made_on:
        raise DomainError(f"送达日期不能早于文书作出的日期 {made_on}。", field="served_on")


def require_not_before_sending(day: date, sent_on: date) -> None:
    if day < sent_on:
        raise DomainError(f"送达日期不能早于发出日期 {sent_on}。", field="served_on")
