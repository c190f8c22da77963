"""One summary as the desk reads it: as it was handed in, beside the register then and now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from accounts.models import Role, User
from agency.models import Agency
from core.db import db
from core.uploads import StoredFile
from summaries import versions
from summaries.figures import KEYS, TOLD, Known, label_of, shown_value
from summaries.models import Summary, SummaryReminder, SummarySupplement, SummaryVersion
from summaries.queries.figures import known_of
from summaries.versions import Difference, Told


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure four ways: the register at the hand-in, what is stated, why, the register now."""

    key: str
    label: str
    at_hand_in: int | None
    stated: int | None
    reason: str
    now: int | None

    @property
    def can_be_stated(self) -> bool:
        return self.key in KEYS

    @property
    def differs(self) -> bool:
        """What the agency states otherwise than the register knew."""
        return self.can_be_stated and self.stated != self.at_hand_in

    @property
    def moved(self) -> bool:
        """The register has changed since."""
        return self.now != self.at_hand_in

    def shown(self, value: int | None) -> str:
        return shown_value(self.key, value)


@dataclass(frozen=True, slots=True)
class Read:
    """Everything on the page of one summary."""

    summary: Summary
    version: SummaryVersion
    told: Told
    lines: Sequence[FigureLine]
    files: Mapping[int, StoredFile]
    supplements: Sequence[SummarySupplement]
    reminders: Sequence[SummaryReminder]

    @property
    def stated_lines(self) -> list[FigureLine]:
        return [line for line in self.lines if line.can_be_stated]

    @property
    def other_lines(self) -> list[FigureLine]:
        return [line for line in self.lines if not line.can_be_stated]

    @property
    def different(self) -> int:
        return sum(line.differs for line in self.lines)

    @property
    def moved(self) -> int:
        return sum(line.moved for line in self.lines)


def summary_seen_by(user: User, summary_id: int) -> Summary | None:
    """The loader of a guard: what was handed in, once at least. A bureau's officers see those of its agencies.

    Before that a summary is its agency's own business, and for the desk only a line of the overview.
    """
    rows = (
        select(Summary)
        .where(Summary.id == summary_id, Summary.first_handed_in_at.is_not(None))
        .options(
            joinedload(Summary.agency).load_only(Agency.name, Agency.credit_code, Agency.bureau, Agency.division),
            selectinload(Summary.versions),
            selectinload(Summary.steps),
            selectinload(Summary.supplements).joinedload(SummarySupplement.file),
        )
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(rows)
    if found is None or user.is_provincial:
        return found
    own = Role.MUNICIPAL in user.roles and bool(user.bureau) and found.agency.bureau == user.bureau
    return found if own else None


def read(session: Session, summary: Summary, number: int | None = None) -> Read:
    """A version of it (the latest, where there is no such one) beside the register as it is now."""
    version = next((each for each in summary.versions if each.number == number), summary.versions[-1])
    told = versions.read(version.content)
    reminders = select(SummaryReminder).where(SummaryReminder.summary_id == summary.id)
    return Read(
        summary=summary,
        version=version,
        told=told,
        lines=_lines(told, known_of(session, summary.agency_id, summary.year)),
        files=_files(session, told.file_ids),
        supplements=summary.supplements,
        reminders=session.scalars(reminders.order_by(SummaryReminder.at.desc(), SummaryReminder.id.desc())).all(),
    )


def _lines(told: Told, known: Known) -> list[FigureLine]:
    """In the order of the form; then what is only told, as the register has it."""
    figures, now = told.by_key, known.values()
    order = [key for key in (*KEYS, *TOLD) if key in figures or key in now]
    rest = [key for key in (*figures, *now) if key not in KEYS and key not in TOLD]
    lines = []
    for key in dict.fromkeys((*order, *rest)):
        figure, counted = figures.get(key), key.startswith(("bureau_", "state_", "case_"))
        missing = 0 if counted else None  # of these only those are kept of which there are some
        lines.append(
            FigureLine(
                key=key,
                label=label_of(key),
                at_hand_in=figure.known if figure else missing,
                stated=figure.stated if figure else missing,
                reason=figure.reason if figure else "",
                now=now.get(key, missing),
            )
        )
    return lines


def _files(session: Session, ids: Sequence[int]) -> dict[int, StoredFile]:
    return {file.id: file for file in session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)))} if ids else {}


def compared(session: Session, summary: Summary, before: int, after: int) -> list[Difference] | None:
    """What one version says otherwise than an earlier one; None where there is no such pair."""
    numbers = {version.number: version for version in summary.versions}
    if before not in numbers or after not in numbers:
        return None
    old, new = versions.read(numbers[before].content), versions.read(numbers[after].content)
    names = {row_id: file.name for row_id, file in _files(session, [*old.file_ids, *new.file_ids]).items()}
    return list(versions.differences(old, new, names))


@dataclass(frozen=True, slots=True)
class SummaryFile:
    """A file that a version or a supplement of a summary carries."""

    summary: Summary
    title: str
    file: StoredFile


def file_seen_by(user: User, summary_id: int, file_id: int) -> SummaryFile | None:
    """The loader of a guard: only files of what was handed in, never what an agency prepares."""
    summary = summary_seen_by(user, summary_id)
    if summary is None:
        return None
    for supplement in summary.supplements:
        if supplement.file is not None and supplement.file.id == file_id:
            return SummaryFile(summary, f"第 {supplement.number} 份补充报告的附件", supplement.file)
    if any(file_id in version.content["files"] for version in summary.versions):
        file = db.session.get(StoredFile, file_id)
        return SummaryFile(summary, "附件", file) if file is not None else None
    return None
