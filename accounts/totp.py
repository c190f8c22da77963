"""Codes of the two-step sign-in (RFC 6238): six digits every thirty seconds, each taken once."""

from datetime import datetime

import pyotp
import segno

ISSUER = "吉林绿色制造评价机构"
SECONDS = 30
TOLERANCE = 1  # a clock may be one step off


def new_secret() -> str:
    return pyotp.random_base32()


def step_of(secret: str, code: str, *, at: datetime, after: int | None) -> int | None:
    """The time step that this code belongs to; None for a wrong code, and for one of a step not `after` the last."""
    digits = "".join(code.split())
    now = int(at.timestamp()) // SECONDS
    codes = pyotp.TOTP(secret, interval=SECONDS)
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        if pyotp.utils.strings_equal(digits, codes.generate_otp(step)):
            return step if after is None or step > after else None
    return None


def address(secret: str, username: str) -> str:
    """What the reader's app takes, as otpauth://…"""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=username, issuer_name=ISSUER)


def picture(secret: str, username: str) -> str:
    """The address as a QR code: an SVG to stand inside a page, without style attributes."""
    return segno.make(address(secret, username), error="m").svg_inline(
        omitsize=True, border=3, svgclass="qr", lineclass=None, title="两步验证的二维码", light="#fff", dark="#000"
    )
