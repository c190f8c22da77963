"""Decisions of non-adoption made on paper, one annulled since, and what was looked at again of what rests on them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from accounts.models import User
from agency.models import NonAdoption
from applicants.models import Applicant
from core import clock
from core.db import db
from sanctions.entries import NonAdoptionEntry
from sanctions.models import ImpactTask, TaskResult
from sanctions.rules.impact import Settlement
from sanctions.services import barring, settling


def things(
    rows: list[dict[str, Any]], agencies: dict[str, tuple[int, User]], approver: User
) -> Iterator[tuple[int, Callable[[], None]]]:
    """How many days ago, and what."""
    for row in rows:
        first_day = clock.today() - timedelta(days=row["days"])
        entry = NonAdoptionEntry(row["document"], first_day, row["basis"])
        yield row["days"], partial(_enter, agencies[row["agency"]][0], entry, approver)
        if "annulled" in row:
            yield row["annulled"], partial(_annul, row["document"], row["annulled_reason"], approver)
        for told in row.get("settled", ()):
            yield row["days"], partial(_settle, row["document"], told, approver)


def _enter(agency_id: int, entry: NonAdoptionEntry, by: User) -> None:
    barring.enter(agency_id, entry, by=by)


def _period_id(document: str) -> int:
    return db.session.scalars(select(NonAdoption.id).where(NonAdoption.document == document)).one()


def _annul(document: str, reason: str, by: User) -> None:
    barring.annul(_period_id(document), reason=reason, by=by)


def _settle(document: str, told: dict[str, str], by: User) -> None:
    """Everything of one applicant that rests on the agency's reports."""
    period_id = _period_id(document)
    rows = (
        select(ImpactTask.id, ImpactTask.version)
        .join(Applicant, Applicant.id == ImpactTask.applicant_id)
        .where(ImpactTask.non_adoption_id == period_id, Applicant.name == told["applicant"])
    )
    shown = tuple((row.id, row.version) for row in db.session.execute(rows))
    settling.settle(period_id, Settlement(shown, TaskResult(told["result"]), told["reason"]), by=by)
