"""Where one's mail goes. An address counts once the code that was mailed to it is entered: nobody subscribes others."""

import secrets
import unicodedata
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock
from core.contacts import email_text, is_mailable
from core.db import transaction
from core.errors import Conflict, DomainError
from core.sealed import keyring
from notices.mailing import expanding, message
from notices.mailing.readers import To
from notices.models import AddressCode, MailKind

VALID = timedelta(minutes=30)
MOST_TRIES = 5  # of a code
MOST_CODES, MOST_TO_ONE = 5, 3  # a day: of one account, to one address
DAY = timedelta(days=1)


class NoAddress(DomainError):
    """Not where mail can be sent."""


class TooManyCodes(DomainError):
    """Enough codes were mailed for a day."""


class WrongCode(DomainError):
    """Not the code that was mailed."""


class NoCodeWaits(Conflict):
    """There is no code to be entered any more."""


def ask_code(user_id: int, address: str) -> None:
    """发送验证码: the address is known once its code is entered. Raises NoAddress, TooManyCodes."""
    wanted = email_text(address)
    if not is_mailable(wanted):
        raise NoAddress("请填写完整的电子邮箱地址，例如 name@example.com。", field="address")
    with transaction() as session:
        user = _locked(session, user_id)
        address_key = keyring().keyed_hash(f"mail address {wanted.lower()}")
        _require_few(session, user_id, address_key)
        _end(session, user_id)
        code = f"{secrets.randbelow(10**6):06d}"
        row = AddressCode(user_id=user_id, address=wanted, address_key=address_key, code_key="", made_at=clock.now())
        session.add(row)
        session.flush()
        row.code_key = _code_key(row.id, code)
        to = To(f"code:{row.id}", wanted, user.display_name, user_id=user_id)
        says = f"您的验证码是 {code}，{VALID.seconds // 60} 分钟内有效。请在“个人设置”中输入，确认用这个邮箱接收消息。"
        no = "如果不是您本人操作，请不要理会这封邮件，此邮箱不会再收到消息。"
        expanding.add(session, to, MailKind.CODE, subject="验证码：确认接收消息的邮箱", text=message.body("", says, no))
        audit.record(session, "account.address_asked", user, by=user)


def confirm(user_id: int, code: str) -> None:
    """确认邮箱: from now on mail goes there. Raises NoCodeWaits, WrongCode."""
    with transaction() as session:
        user = _locked(session, user_id)
        row = waiting_code(session, user_id)
        if row is None:
            raise NoCodeWaits("验证码已失效，请重新发送。", field="code")
        row.tries += 1
        right = secrets.compare_digest(
            row.code_key, _code_key(row.id, "".join(unicodedata.normalize("NFKC", code).split()))
        )
        if right:
            user.email, user.email_confirmed_at, user.mail_off = row.address, clock.now(), False
            audit.record(session, "account.address_confirmed", user, by=user)
        left = MOST_TRIES - row.tries
        if right or not left:
            row.ended, row.address = True, None
    if not right:
        more = f"还可以试 {left} 次。" if left else "次数已用完，请重新发送。"
        raise WrongCode(f"验证码不正确，{more}", field="code")


def remove(user_id: int) -> None:
    """移除邮箱: nothing is mailed any more; twice changes nothing."""
    with transaction() as session:
        user = _locked(session, user_id)
        _end(session, user_id)
        if user.email is not None:
            user.email = user.email_confirmed_at = None
            audit.record(session, "account.address_removed", user, by=user)


def turn(user_id: int, *, on: bool) -> None:
    """开启、关闭邮件: what is in the system stays as it is; twice changes nothing."""
    with transaction() as session:
        user = _locked(session, user_id)
        if user.mail_off == on:
            user.mail_off = not on
            audit.record(session, "account.mail_on" if on else "account.mail_off", user, by=user)


def waiting_code(session: Session, user_id: int) -> AddressCode | None:
    """The code that a user may enter now."""
    rows = select(AddressCode).where(
        AddressCode.user_id == user_id, ~AddressCode.ended, AddressCode.made_at > clock.now() - VALID
    )
    return session.scalars(rows.order_by(AddressCode.id.desc()).limit(1)).first()


def _require_few(session: Session, user_id: int, address_key: str) -> None:
    since = AddressCode.made_at > clock.now() - DAY
    for where, most in (
        (AddressCode.user_id == user_id, MOST_CODES),
        (AddressCode.address_key == address_key, MOST_TO_ONE),
    ):
        if (session.scalar(select(func.count(AddressCode.id)).where(where, since)) or 0) >= most:
            raise TooManyCodes("今天发送的验证码已经够多，请明天再试，或先查看已收到的邮件和垃圾箱。", field="address")


def _end(session: Session, user_id: int) -> None:
    """Codes from before no longer count."""
    former = update(AddressCode).where(AddressCode.user_id == user_id, ~AddressCode.ended)
    session.execute(former.values(ended=True, address=None))


def _code_key(row_id: int, code: str) -> str:
    return keyring().keyed_hash(f"mail code {row_id} {code}")


def _locked(session: Session, user_id: int) -> User:
    return session.get_one(User, user_id, with_for_update=True, populate_existing=True)
