"""Dropped folders and their files, as the provincial desk sees them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, undefer

from core.exports import Cell, Column
from core.paging import Page, page_of
from evaluations.rules.states import ScreeningState
from evaluations.screening.labels import Label
from supervision import dropped
from supervision.models import ScreenedFile, ScreenedFolder
from supervision.models.folders import UNFINISHED

COLUMNS = (
    Column("文件", 44), Column("结果", 24), Column("条款", 12), Column("页", 6), Column("条款原文", 80),
    Column("类型", 20), Column("触发词语", 24), Column("效果", 40), Column("依据", 16), Column("把握", 8),
    Column("理由", 60),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A folder in the list; `marked`: of its files, those with a mark."""

    folder: ScreenedFolder
    unfinished: int
    marked: int


def folders(session: Session, *, cursor: str | None) -> tuple[Page[ScreenedFolder], Sequence[FolderRow]]:
    """The last dropped first."""
    page = page_of(session, select(ScreenedFolder), keys=(ScreenedFolder.id,), cursor=cursor, descending=True)
    ids = [folder.id for folder in page.items]
    counts = _counts(session, ids)
    return page, [FolderRow(folder, *counts.get(folder.id, (0, 0))) for folder in page.items]


def _counts(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    rows = session.execute(
        select(
            ScreenedFile.folder_id,
            func.count().filter(ScreenedFile.finished_at.is_(None)),
            func.count().filter(ScreenedFile.marks > 0),
        )
        .where(ScreenedFile.folder_id.in_(ids))
        .group_by(ScreenedFile.folder_id)
    )
    return {folder_id: (unfinished, marked) for folder_id, unfinished, marked in rows}


def find_folder(session: Session, folder_id: int) -> ScreenedFolder | None:
    return session.get(ScreenedFolder, folder_id, populate_existing=not session.info.get("writing"))


def files_of(session: Session, folder: ScreenedFolder) -> Sequence[ScreenedFile]:
    """All of them, what was marked first, then what nobody could read, as far as they are done. Without their text."""
    rows = select(ScreenedFile).where(ScreenedFile.folder_id == folder.id).order_by(ScreenedFile.position)
    return sorted(session.scalars(rows), key=_weight)


def _weight(file: ScreenedFile) -> int:
    if file.marks:
        return 0
    return 1 if file.state is ScreeningState.UNREADABLE or file.unread else 2


def unfinished(session: Session, folder: ScreenedFolder) -> int:
    rows = select(func.count(ScreenedFile.id)).where(ScreenedFile.folder_id == folder.id, UNFINISHED)
    return session.scalar(rows) or 0


def find_file(session: Session, file_id: int) -> ScreenedFile | None:
    """A file with its text, its marks and its folder."""
    return session.scalar(
        select(ScreenedFile)
        .where(ScreenedFile.id == file_id)
        .options(undefer(ScreenedFile.content), undefer(ScreenedFile.found), joinedload(ScreenedFile.folder))
    )


def beside(session: Session, file: ScreenedFile) -> tuple[ScreenedFile | None, ScreenedFile | None]:
    """The files before and after it that have a text to be read."""
    rows = select(ScreenedFile).where(
        ScreenedFile.folder_id == file.folder_id, ScreenedFile.state == ScreeningState.DONE
    )
    before = rows.where(ScreenedFile.position < file.position).order_by(ScreenedFile.position.desc()).limit(1)
    after = rows.where(ScreenedFile.position > file.position).order_by(ScreenedFile.position).limit(1)
    return session.scalar(before), session.scalar(after)


def labels_of(file: ScreenedFile) -> tuple[Label, ...]:
    return tuple(Label(each) for each in file.labels.split(",") if each)


def exported(session: Session, folder: ScreenedFolder) -> Iterator[tuple[Cell, ...]]:
    """A row for each mark, and one for each file without."""
    rows = (
        select(ScreenedFile)
        .where(ScreenedFile.folder_id == folder.id)
        .order_by(ScreenedFile.position)
        .options(undefer(ScreenedFile.found))
        .execution_options(yield_per=20)
    )
    for file in session.scalars(rows):
        result = result_of(file)
        marks = dropped.read(file.found)
        if not marks:
            yield file.name, result, *[None] * (len(COLUMNS) - 2)
        for mark in marks:
            yield (
                file.name, result, mark.number, mark.page, mark.clause, mark.label.words, mark.trigger, mark.effect,
                "第二十二条第一款", mark.confidence, mark.reason,
            )  # fmt: skip


def result_of(file: ScreenedFile) -> str:
    """What came of a file, in words."""
    if file.refusal:
        return file.refusal
    if not file.is_finished:
        return file.state.label
    told = f"标出 {file.marks} 处" if file.marks else "未标出条款"
    return f"{told}；{file.unread}没有读到" if file.unread else told
