"""Telling a reporter by mail that there is something to look at: no number, no content, not even that they reported.

A mailbox may be read by others, an employer's server by the very unit that was reported. So the mail says nothing;
what there is stands behind number and secret.
"""

import secrets
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.models import Complaint, Reporter
from notices.mailing import expanding, message
from notices.mailing.readers import To
from notices.models import MailKind

SUBJECT = "您登记的事项有新进展"
SAYS = "您在本系统登记的事项有新进展，请凭编号和查询码查看。"
ASKS = "您在本系统登记的事项需要您补充或回复，有期限，请尽快凭编号和查询码查看。"
HOW = "打开系统首页，选择页面下方的“凭编号查询进展”："
FOOT = "此邮件由系统自动发出，请勿回复。为保护您，邮件不写具体内容；系统不会在邮件里向您索要查询码。"


class Told(StrEnum):
    """What there is; it only decides whether the mail says that something is asked, which has a term."""

    PROGRESS = "progress"  # assigned, accepted, refused, handed over, joined, extended, concluded
    ASKED = "asked"  # a question waits, and a term runs
    REPLIED = "replied"
    REVIEWED = "reviewed"


def tell_reporter(session: Session, complaint: Complaint, what: Told = Told.PROGRESS) -> bool:
    """Mail the reporter's confirmed address, in the running transaction; whether there is one to mail."""
    wanted = select(Reporter.email).where(
        Reporter.complaint_id == complaint.id, Reporter.email_confirmed_at.is_not(None)
    )
    address = session.scalar(wanted)
    if not address:
        return False
    says = ASKS if what is Told.ASKED else SAYS
    return mail_visitor(session, address, subject=SUBJECT, says=(says, f"{HOW}{message.link('/')}"))


def mail_visitor(session: Session, address: str, *, subject: str, says: tuple[str, ...]) -> bool:
    """A mail to somebody without an account: its row names nobody, and loses address and text once it is sent."""
    to = To(f"visitor:{secrets.token_hex(16)}", address, "")
    text = "\n\n".join(("您好：", *says, f"-- \n{message.SYSTEM}\n{FOOT}")) + "\n"
    return expanding.add(session, to, MailKind.VISITOR, subject=subject, text=text)
