"""第十八条: taking a listed unit off its list: on which ground, by whose decision, when. Pure."""

from collections.abc import Collection
from datetime import date

from core.errors import Conflict, DomainError
from core.law import implements
from evaluations.rules.states import Level
from sanctions.models import RemovalGround
from sanctions.rules.course import ESTABLISHED, OPENS_NON_ADOPTION, Established


class AlreadyOff(Conflict):
    """The entry was taken off before."""


@implements("JL-18")
def require_ground(ground: RemovalGround | None, found: Collection[Established]) -> None:
    """第十八条: one of its grounds, on a conclusion that carries it; forged material only where that is established.

    Raises DomainError.
    """
    if ground is None:
        raise DomainError("请选择第十八条列明的移出情形。", clause="JL-18", field="ground")
    kinds = {each.misconduct for each in found if each.result in ESTABLISHED}
    if ground is RemovalGround.FORGED and not kinds & OPENS_NON_ADOPTION:
        raise DomainError(
            "以材料或数据造假移出的，须有查实弄虚作假或者故意隐瞒的结论；该案件没有。", clause="JL-18", field="ground"
        )


def require_on_list(removed_on: date | None) -> None:
    """Raises AlreadyOff."""
    if removed_on is not None:
        raise AlreadyOff(f"该条已于 {removed_on} 移出名单，请看名单条目。", clause="JL-18", field="entry")


def is_ministrys(level: Level) -> bool:
    """Whose list it is: a national one is the ministry's, and ours only a proposal to it."""
    return level is Level.NATIONAL


@implements("JL-18")
def require_removal_day(
    removed_on: date | None,
    *,
    level: Level,
    ground: RemovalGround,
    served_on: date,
    published: date,
    today: date,
    document: str,
) -> None:
    """第十八条: with the year's list, or, after a grave accident, at once; not before it was decided and served.

    `removed_on` None: with the year's list, its day is entered then. A national entry leaves its list by the ministry's
    document, which is named. Raises DomainError.
    """
    if removed_on is None:
        if ground is RemovalGround.ACCIDENT and not is_ministrys(level):
            raise DomainError("发生重大及以上事故的应及时移出，请填写移出日期。", clause="JL-18", field="removed_on")
        return
    if removed_on > today:
        raise DomainError(
            "移出日期不能晚于今天；随年度名单移出的，名单公布后再登记。", clause="JL-18", field="removed_on"
        )
    if removed_on < max(served_on, published):
        raise DomainError(f"移出日期不能早于决定送达的日期 {served_on}。", clause="JL-18", field="removed_on")
    if is_ministrys(level) and not document:
        raise DomainError("国家级名单由工业和信息化部移出，请填写其文件的文号。", clause="JL-18", field="document")
