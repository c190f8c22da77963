"""Files that were uploaded: a row each, the content encrypted in the file store under its keyed hash."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.db import Model, Word
from core.documents import DocumentKind, Examined, clean_name, examine
from core.files import FileStore
from core.refs import Actor
from core.sealed import SealedText


class StoredFile(Model):
    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[DocumentKind] = mapped_column(Word(DocumentKind))
    pages: Mapped[int]
    size: Mapped[int]  # bytes
    name: Mapped[str] = mapped_column(SealedText)  # as the uploader called it: may hold a person's name
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


def store() -> FileStore:
    """The file store of the running application."""
    return cast(FileStore, current_app.extensions["files"])


@dataclass(frozen=True, slots=True)
class Accepted:
    """An upload that was found to be a document; nothing of it is kept yet."""

    content: bytes = field(repr=False)
    examined: Examined
    name: str


def accept(content: bytes, *, name: str) -> Accepted:
    """Judge an upload by its content. Raises DocumentRefused for what is no document.

    Called before the transaction, which would hold up every other writer for as long as this takes.
    """
    return Accepted(content, examine(content), name)


def keep(session: Session, accepted: Accepted, *, by: Actor | None) -> StoredFile:
    """Keep an upload inside a transaction: when that fails, the content stays in the store, without a row."""
    examined = accepted.examined
    row = StoredFile(
        digest=store().put(accepted.content),
        kind=examined.kind,
        pages=examined.pages,
        size=len(accepted.content),
        name=clean_name(accepted.name, examined.suggested_extension),
        uploaded_at=clock.now(),
        uploaded_by=by.id if by else None,
    )
    session.add(row)
    session.flush()
    return row
