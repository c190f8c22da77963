"""Proving a reporter's mail address by a code that is mailed there. Wrong tries stay counted."""

import secrets
import unicodedata
from datetime import timedelta

from complaints import guarding, receipts
from complaints.guarding import Kind
from complaints.models import MailCode
from complaints.proofs import address_key
from complaints.telling import mail_visitor
from core import clock
from core.contacts import email_text, is_mailable
from core.db import transaction
from core.errors import DomainError
from core.sealed import keyring
from notices.mailing.message import settings

VALID = timedelta(minutes=30)
MOST_TRIES = 5  # of a code
MOST_TIMES = 4  # codes for one form
NO_CONTENT = "如果不是您本人操作，请不要理会这封邮件。"


class NoMail(DomainError):
    """Nothing can be mailed: no such address, or no server."""


class TooManyCodes(DomainError):
    """Enough codes were mailed for this form."""


class WrongCode(DomainError):
    """Not the code that was mailed, or none that counts any more."""


def can_mail() -> bool:
    """Whether codes reach anybody: the demonstration shows them on the page instead."""
    return settings().mail is not None or settings().demonstration


def send_code(token: str, email: str, *, address: str) -> str | None:
    """发送验证码: the code itself where the demonstration has no server to mail it by, to be shown on the page.

    Raises NoMail, TooManyCodes, RiddleDue, TooMany.
    """
    wanted = email_text(email)
    if not is_mailable(wanted):
        raise NoMail("请填写完整的电子邮箱地址，例如 name@example.com。", field="email")
    if not can_mail():
        raise NoMail("系统目前不能发送邮件，请留下电话，由办理人回电确认。", field="email")
    form = receipts.form_key(token)
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction() as session:
        guarding.require_answered(session, form, address)
        guarding.count(session, Kind.CODE, address)
        guarding.count(session, Kind.MAILBOX, address_key(wanted))
        row = session.get(MailCode, form, with_for_update=True, populate_existing=True)
        if row is None:
            row = MailCode(form=form, address_key="", code="", sent_at=clock.now(), times=0)
            session.add(row)
        if row.times >= MOST_TIMES:
            raise TooManyCodes("验证码已经发送多次，请先查看收件箱和垃圾箱，或者另外留一个电话。", field="email")
        row.address_key, row.code, row.sent_at = address_key(wanted), _code_key(form, code), clock.now()
        row.times, row.tries, row.confirmed_at = row.times + 1, 0, None
        says = f"您的验证码是 {code}，{VALID.seconds // 60} 分钟内有效，用于确认您的联系邮箱。"
        mail_visitor(session, wanted, subject="验证码：确认联系邮箱", says=(says, NO_CONTENT))
    return code if settings().demonstration and settings().mail is None else None


def confirm(token: str, email: str, code: str) -> None:
    """确认邮箱 for this form; once confirmed it stays so. Raises WrongCode."""
    form = receipts.form_key(token)
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    with transaction() as session:
        row = session.get(MailCode, form, with_for_update=True, populate_existing=True)
        if row is None or row.address_key != address_key(email):
            raise WrongCode("没有发往这个邮箱的验证码，请先点“发送验证码”。", field="code")
        if row.confirmed_at is not None:
            return
        if row.tries >= MOST_TRIES or clock.now() - row.sent_at > VALID:
            raise WrongCode("验证码已失效，请重新发送。", field="code")
        row.tries += 1
        right = secrets.compare_digest(row.code, _code_key(form, typed))
        if right:
            row.confirmed_at = clock.now()
        left = MOST_TRIES - row.tries
    if not right:
        more = f"还可以试 {left} 次。" if left else "次数已用完，请重新发送。"
        raise WrongCode(f"验证码不正确，{more}", field="code")


def _code_key(form: str, code: str) -> str:
    return keyring().keyed_hash(f"complaint mail code {form} {code}")
