"""Having a mail sent again: what was refused, what was kept, and what perhaps arrived. Only a person decides that."""

from accounts.models import User
from core import audit, clock
from core.db import transaction
from core.errors import Conflict, DomainError
from notices.mailing.message import settings
from notices.models import Mail, MailKind, MailState

AGAIN = (MailState.FAILED, MailState.UNCERTAIN, MailState.KEPT)


class NotNow(Conflict):
    """It is on its way, or arrived, or somebody else had it sent again."""


class Forgotten(DomainError):
    """What it said is no longer kept."""


class NobodySends(DomainError):
    """No server takes it: it would wait for ever."""


def is_sent(kind: MailKind) -> bool:
    """Whether mails, or short messages, leave this system at all."""
    here = settings()
    return bool(here.sms_gateway) if kind is MailKind.SMS else here.mail is not None


def send_again(mail_id: int, *, version: int, by: User) -> None:
    """再次发送: it waits for its turn like any other, under the same Message-ID.

    Raises NotNow, NobodySends, Forgotten.
    """
    with transaction() as session:
        mail = session.get_one(Mail, mail_id, with_for_update=True, populate_existing=True)
        if mail.version != version or mail.state not in AGAIN:
            raise NotNow("这封邮件的状态已经变化，请刷新后再办理。")
        if not is_sent(mail.kind):
            raise NobodySends("没有接通邮件服务器，再次发送也发不出去；接通后再办理。")
        if mail.address is None or mail.text is None:
            raise Forgotten("这封邮件的地址和正文已按期清除，不能再发送。")
        before, mail.state = mail.state.label, MailState.WAITING
        mail.version += 1
        mail.tries, mail.due_at, mail.error = 0, clock.now(), ""
        audit.record(session, "mail.sent_again", mail, by=by, before=before, after=mail.state.label)
