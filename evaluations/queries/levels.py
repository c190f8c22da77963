"""Whether a year's call for a level takes third-party reports at all (reading 22): shown, never a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from core.audit import AuditEntry
from evaluations.models import LevelSetting
from evaluations.rules.states import Level

FIRST_YEAR = 2024  # the rules' first: before it no call was theirs


@dataclass(frozen=True, slots=True)
class YearOfLevels:
    year: int
    settings: Mapping[Level, LevelSetting | None]


@dataclass(frozen=True, slots=True)
class LevelSeen:
    """A year's level with its setting, where it has one, and what was decided on it before, newest first."""

    year: int
    level: Level
    setting: LevelSetting | None
    history: Sequence[AuditEntry]


def setting_of(session: Session, year: int, level: Level, *, locked: bool = False) -> LevelSetting | None:
    """What the year's call for a level says; None where nobody has entered it. `locked`: held until the end."""
    row = select(LevelSetting).where(LevelSetting.year == year, LevelSetting.level == level)
    return session.scalar(row.with_for_update() if locked else row)


def is_possible_year(year: int, *, today: date) -> bool:
    """From the rules' first year to the next: further calls aren't known."""
    return FIRST_YEAR <= year <= today.year + 1


def years(session: Session, *, today: date) -> tuple[YearOfLevels, ...]:
    """Every year that can be set, the newest first, with what is set for each level."""
    rows = {(row.year, row.level): row for row in session.scalars(select(LevelSetting))}
    return tuple(
        YearOfLevels(year, {level: rows.get((year, level)) for level in Level})
        for year in range(today.year + 1, FIRST_YEAR - 1, -1)
    )


def level_seen(session: Session, year: int, level: Level) -> LevelSeen:
    """One of them, with its history."""
    setting = setting_of(session, year, level)
    if setting is None:
        return LevelSeen(year, level, None, ())
    rows = select(AuditEntry).where(AuditEntry.object_kind == "level_setting", AuditEntry.object_id == setting.id)
    return LevelSeen(year, level, setting, session.scalars(rows.order_by(AuditEntry.number.desc())).all())


def names_of(session: Session, settings: Sequence[YearOfLevels]) -> Mapping[int, str]:
    """Who entered them, by account."""
    ids = {row.entered_by for year in settings for row in year.settings.values() if row is not None}
    return dict(session.execute(select(User.id, User.display_name).where(User.id.in_(ids))).all())
