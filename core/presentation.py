"""How values are shown on every page: days, minutes, numbers, labels."""

from datetime import date, datetime
from typing import Any

from flask import Flask

from core import clock, law
from core.workdays import Term


def day(value: date | datetime | None) -> str:
    """2026-12-15; an instant as its Shanghai day; an em dash for none."""
    if value is None:
        return "—"
    return (clock.day_of(value) if isinstance(value, datetime) else value).isoformat()


def moment(value: date | datetime | None) -> str:
    """2026-12-15 23:59, Shanghai time; a day without a time as it is; an em dash for none."""
    return f"{value.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else day(value)


def weekday(value: date) -> str:
    """星期一."""
    return f"星期{'一二三四五六日'[value.weekday()]}"


def term(value: Term) -> str:
    """2026-12-15; what the calendar doesn't settle yet says so."""
    return f"{day(value.day)}（暂按周一至周五推算）" if value.provisional else day(value.day)


def second(value: datetime | None) -> str:
    """2026-12-15 23:59:59, Shanghai time: where the second decides; an em dash for none."""
    return "—" if value is None else f"{value.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"


def cite(clause: str) -> str:
    """JL-20-3 → 第二十条（三）."""
    return law.jurisdiction().cite(clause)


def plain(value: float) -> str:
    """A number without needless decimals."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def present(app: Flask) -> None:
    """Give the templates the filters and the facts every page shows."""
    app.jinja_env.filters.update(
        day=day, moment=moment, second=second, weekday=weekday, term=term, cite=cite, plain=plain
    )

    @app.context_processor
    def facts() -> dict[str, Any]:
        return {
            "demonstration": app.extensions["settings"].demonstration,
            "jurisdiction": law.jurisdiction(),
            "today": clock.today(),
        }
