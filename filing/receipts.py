"""The receipt of a filing: what it says, the token that proves it, its QR code, and its PDF where the machine can."""

import base64
import binascii
import hmac
import shutil
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

import segno
from flask import current_app
from sqlalchemy.orm import Session

from core.db import LARGEST_INTEGER
from core.sealed import keyring
from core.settings import Settings
from filing.models import Filing

ID_BYTES = 4
MAC_BYTES = 16
GROUP = 4  # characters of a token that stand together on paper
STYLES = ("app", "records", "print")


def token_of(filing: Filing) -> str:
    """What stands on the receipt and can't be made without the key: names one filed version of one agency."""
    named = filing.id.to_bytes(ID_BYTES, "big")
    return base64.urlsafe_b64encode(named + _mac(filing)).decode().rstrip("=")


def grouped(token: str) -> str:
    """A token as one reads and types it from paper; the page that verifies takes it with the blanks."""
    return " ".join(token[at : at + GROUP] for at in range(0, len(token), GROUP))


def _mac(filing: Filing) -> bytes:
    content = f"{filing.number}\n{filing.agency_id}\n{filing.id}\n{filing.filed_on}"
    return keyring().mac(content.encode(), purpose="receipt")[:MAC_BYTES]


def filing_of(session: Session, token: str) -> Filing | None:
    """The filed version that a receipt was given for, in force or not any more; None for a token that isn't ours."""
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(content) != ID_BYTES + MAC_BYTES:
        return None
    filing_id = int.from_bytes(content[:ID_BYTES], "big")
    filing = session.get(Filing, filing_id) if filing_id <= LARGEST_INTEGER else None
    if filing is None or filing.filed_on is None or not hmac.compare_digest(content[ID_BYTES:], _mac(filing)):
        return None
    return filing if token_of(filing) == token else None  # base64 has several spellings of one content


def verify_url(filing: Filing) -> str:
    """Where the QR code leads."""
    settings = cast(Settings, current_app.extensions["settings"])
    return f"{settings.public_url}/verify/{token_of(filing)}"


def qr_svg(address: str) -> str:
    """A QR code as inline SVG, without style attributes."""
    code = segno.make(address, error="m")
    return code.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, title="备案核验二维码", omitsize=True)


@cache
def pdf_obstacle() -> str | None:
    """Why this machine can't make a PDF; None where it can."""
    try:
        import weasyprint  # noqa: F401 - whether it and the libraries it loads are there
    except (ImportError, OSError):
        return "本服务器未安装生成 PDF 所需的组件（WeasyPrint、Pango）"
    if not _has_chinese_font():
        return "本服务器没有中文字体"
    return None


def _has_chinese_font() -> bool:
    program = shutil.which("fc-list")
    if program is None:
        return False
    listed = subprocess.run([program, ":lang=zh-cn", "family"], capture_output=True, check=False)  # noqa: S603
    return bool(listed.stdout.strip())


def pdf_of(html: str) -> BytesIO:
    """The receipt as a PDF, styled by our own sheets. Nothing is fetched: the page needs nothing from anywhere."""
    from weasyprint import CSS, HTML

    sheets = [CSS(filename=Path(current_app.static_folder or "") / f"{name}.css") for name in STYLES]
    written = BytesIO(HTML(string=html, url_fetcher=_fetch_nothing).write_pdf(stylesheets=sheets))
    written.seek(0)
    return written


def _fetch_nothing(url: str, *args: object, **options: object) -> object:
    raise ValueError(f"the receipt loads nothing, not {url[:80]}")
