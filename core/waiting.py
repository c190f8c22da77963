"""What was read of an upload and waits to be confirmed: kept in the file store, encrypted; the upload itself is not."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import afterwards
from core.uploads import store


def put(text: str) -> str:
    """Put what was read into the store; returns the digest that names it."""
    return store().put(text.encode())


def let_go(session: Session, row: Any) -> None:
    """Done with: what was read goes once that is committed, unless another row of the kind holds the same.

    `row` has an `id` and the `digest`, which is taken from it.
    """
    kind = type(row)
    digest, row.digest = row.digest, None
    session.flush()
    held = session.scalars(select(kind.id).where(kind.digest == digest)).first()
    if digest is not None and held is None:
        afterwards(session, lambda: store().delete(digest))
