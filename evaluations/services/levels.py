"""The department enters whether a year's call for a level takes third-party reports (reading 22)."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import transaction
from core.errors import Conflict, DomainError
from core.refs import Actor
from evaluations.models import LevelSetting
from evaluations.queries import levels
from evaluations.rules.states import Level


class SettingMoved(Conflict):
    """Another officer entered it meanwhile, or this is a second click."""


def word_of(takes_third_party: bool) -> str:
    return "接收第三方评价报告" if takes_third_party else "不接收第三方评价报告"


def set_level(year: int, level: Level, *, takes_third_party: bool, basis: str, shown: int, by: Actor) -> None:
    """设定: `shown` is the version that the form showed, 0 where there was none. What was set before stays in the log.

    Raises SettingMoved, and DomainError for a year that can't be or when nothing changes.
    """
    today = clock.today()
    if not levels.is_possible_year(year, today=today):
        raise DomainError(f"年度应在 {levels.FIRST_YEAR} 至 {today.year + 1} 之间。", field="year")
    with transaction() as session:
        row = levels.setting_of(session, year, level, locked=True)
        if (row.version if row else 0) != shown:
            raise SettingMoved("这一设定刚刚有改动（也可能是重复提交），请核对页面上的最新内容后再保存。")
        if row is not None and (row.takes_third_party, row.basis) == (takes_third_party, basis):
            raise DomainError("与现在的设定相同，没有变化。", field="takes_third_party")
        before = word_of(row.takes_third_party) if row is not None else None
        entered_by = by.id
        row = row or LevelSetting(year=year, level=level, version=0)
        row.takes_third_party, row.basis, row.version = takes_third_party, basis, row.version + 1
        row.entered_at, row.entered_by = clock.now(), entered_by
        _write(session, row)
        after = word_of(takes_third_party)
        audit.record(session, "level_setting.set", row, by=by, before=before, after=after, reason=basis)


def _write(session: Session, row: LevelSetting) -> None:
    """One row a year and level: of two that enter the first at once, one is told. Raises SettingMoved."""
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise SettingMoved("另一位办理人刚刚录入了这一设定，请核对后再保存。") from None
