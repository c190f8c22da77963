"""What must happen once for a thing, though its job may be run again: noted with the act itself, in one commit."""

from sqlalchemy.orm import Session

from core import clock
from core.db import add_unless_there
from scheduling.models import DoneOnce


def first_time(session: Session, work: str, item: str) -> bool:
    """Whether this is new; notes it in the running transaction, so that it never is again once that is committed.

    `work` names what is done (summaries.remind), `item` for what (`agency:12:2026:7`). Two who ask at once wait for
    each other, and one of them is told no.
    """
    return add_unless_there(session, DoneOnce, work=work, item=item, at=clock.now())
