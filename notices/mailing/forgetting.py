"""What mails were made of is needed for a while, to send them again; after that their rows say only that they were."""

from datetime import date, timedelta

from sqlalchemy import delete, or_, update

from core import clock
from core.db import transaction
from notices.models import AddressCode, Mail, MailKind, MailState

KEPT_DAYS = 90
CODE_DAYS = 2
UNDER_WAY = (MailState.WAITING, MailState.SENDING)


def forget(on: date) -> str:
    """Take address and text from old mails and from codes that no longer count, and delete old codes."""
    with transaction() as session:
        old = clock.start_of(on) - timedelta(days=KEPT_DAYS)
        codes = clock.start_of(on) - timedelta(days=CODE_DAYS)
        past = or_(Mail.made_at < old, Mail.kind.in_((MailKind.CODE, MailKind.VISITOR)) & (Mail.made_at < codes))
        forgotten = session.execute(
            update(Mail)
            .where(past, Mail.state.not_in(UNDER_WAY), Mail.text.is_not(None))
            .values(address=None, text=None)
            .returning(Mail.id)
        ).all()
        session.execute(delete(AddressCode).where(AddressCode.made_at < codes))
        return f"清除了 {len(forgotten)} 封旧邮件的地址和正文"
