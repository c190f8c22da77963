"""Files that were uploaded: a row each, the content encrypted in the file store under its keyed hash."""

from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.db import Model, Word
from core.documents import DocumentKind, Examined, clean_name
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


def keep(session: Session, content: bytes, examined: Examined, *, name: str, by: Actor | None) -> StoredFile:
    """Keep an upload that documents.examine() found to be one: before the transaction, which holds up every writer.

    When the transaction fails, the content stays in the store, unreadable and without a row.
    """
    row = StoredFile(
        digest=store().put(content),
        kind=examined.kind,
        pages=examined.pages,
        size=len(content),
        name=clean_name(name, examined.suggested_extension),
        uploaded_at=clock.now(),
        uploaded_by=by.id if by else None,
    )
    session.add(row)
    session.flush()
    return row
