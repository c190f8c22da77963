"""Evidence as it is sent: each file judged by its content, before any transaction, and put into the store."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import KeptUpload
from core.db import db
from core.documents import DocumentRefused, Examined, clean_name, examine
from core.errors import Collected, DomainError
from core.uploads import StoredFile, store

MOST_FILES = 20
MOST_BYTES = 100 * 1024 * 1024
FIELD = "files"
MEGABYTE = 1024 * 1024


class NotTaken(DomainError):
    """A file that is no document, or one too many."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came: read when its turn comes, so that never more than one is in memory."""

    name: str
    size: int
    read: Callable[[], bytes]

    @classmethod
    def of(cls, name: str, content: bytes) -> Self:
        return cls(name, len(content), lambda: content)


@dataclass(frozen=True, slots=True)
class Judged:
    """A file that is a document; its content lies in the store under `digest`."""

    name: str
    size: int
    digest: str
    examined: Examined


def megabytes(sent: Sequence[Sent]) -> int:
    """What it counts for against floods; what is begun counts whole."""
    return sum(each.size for each in sent) // MEGABYTE + 1


@dataclass(slots=True)
class Judgement:
    taken: list[Judged] = field(default_factory=list)
    refusals: Collected = field(default_factory=Collected)


def judge(sent: Sequence[Sent]) -> Judgement:
    """What of it can be taken, and what is wrong with the rest. Raises NotTaken where it is too much to look at."""
    require_room([], [each.size for each in sent])
    judged = Judgement()
    for each in sent:
        with judged.refusals.attempt():
            judged.taken.append(_judged(each))
    return judged


def _judged(sent: Sent) -> Judged:
    content = sent.read()
    try:
        examined = examine(content)
    except DocumentRefused as refusal:
        named = clean_name(sent.name, "pdf").rpartition(".")[0]
        raise NotTaken(f"“{named[:40]}”没有收下：{refusal.message}", field=FIELD) from refusal
    name = clean_name(sent.name, examined.suggested_extension)
    return Judged(name, len(content), store().put(content), examined)


def require_room(kept: Sequence[int], new: Sequence[int]) -> None:
    """Raises NotTaken where files, in bytes, are too many or too large together; then none of the new is taken."""
    if len(kept) + len(new) > MOST_FILES:
        raise NotTaken(
            f"一共最多 {MOST_FILES} 个文件，这次的 {len(new)} 个没有收下；请合并成较少的 PDF 后再选。", field=FIELD
        )
    if sum(kept) + sum(new) > MOST_BYTES:
        raise NotTaken(f"文件合计不能超过 {MOST_BYTES // 1024**2} MB，这次的没有收下；请压缩图片后再选。", field=FIELD)


@contextmanager
def dropped_if_refused(taken: Sequence[Judged]) -> Iterator[None]:
    """Around the transaction that keeps what was judged: what it refuses leaves the store again."""
    try:
        yield
    except DomainError:
        session = db.session()
        for digest in {each.digest for each in taken}:
            if not is_held(session, digest):
                store().delete(digest)
        session.rollback()
        raise


def require_there(taken: Sequence[Judged]) -> None:
    """Just before rows name it: that nobody else let go of the same content meanwhile. Raises NotTaken."""
    for each in taken:
        if not store().exists(each.digest):
            raise NotTaken(f"“{each.name}”没有收下，请再选一次。", field=FIELD)


def is_held(session: Session, digest: str) -> bool:
    """Whether a row names this content."""
    waiting = select(KeptUpload.id).where(KeptUpload.digest == digest).limit(1)
    stored = select(StoredFile.id).where(StoredFile.digest == digest).limit(1)
    return session.scalar(waiting) is not None or session.scalar(stored) is not None
