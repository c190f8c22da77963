"""The words of a mail, and its form on the wire."""

import re
import secrets
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import cast
from urllib.parse import urlsplit

from flask import current_app

from core import clock
from core.forms import tidy
from core.settings import Settings
from notices.models import Mail

SYSTEM = "吉林省绿色制造第三方评价机构管理系统"
LONGEST_SUBJECT = 120
FOOT = (
    "此邮件由系统自动发出，请勿回复。消息以系统内显示的为准。",
    "不想再收到邮件：登录系统，在“个人设置”中关闭邮件；系统内的消息照常保留。",
)


def settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def link(path: str) -> str:
    """The address of a page, as people outside reach it."""
    return settings().public_url + path


def subject_line(text: str) -> str:
    """One line that no header can break out of, cut where it grows too long."""
    line = " ".join(tidy(text).split())
    line = "".join(char for char in line if unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp"))
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"


def body(name: str, *paragraphs: str) -> str:
    """A whole mail in plain text: greeting, what is said, how to turn mail off."""
    greeting = f"{subject_line(name)}：" if name else "您好："
    foot = "\n".join((SYSTEM, *FOOT, link("/notices/settings")))
    return "\n\n".join((greeting, *paragraphs, "-- \n" + foot)) + "\n"


def new_message_id() -> str:
    host = urlsplit(settings().public_url).hostname or "localhost"
    return f"<{secrets.token_hex(12)}@{host}>"


def on_the_wire(mail: Mail, sender: str) -> bytes:
    """The mail as the server is given it: the same bytes' worth of id and date at every try."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(SYSTEM, addr_spec=sender)
    message["To"] = mail.address or ""
    message["Subject"] = subject_line(mail.subject)
    message["Date"] = format_datetime(mail.made_at.astimezone(clock.SHANGHAI))
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text or "", charset="utf-8", cte="base64")
    return re.sub(rb"(?m)^\.", b"..", message.as_bytes())
