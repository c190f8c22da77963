"""How phone numbers and e-mail addresses look. Only their form is judged."""

import re
import unicodedata

PHONE = re.compile(r"(\+?86)?(1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|[48]00-?\d{3}-?\d{4})", re.ASCII)
EMAIL = re.compile(r"[^@\s,;<>()\"\\]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}", re.ASCII)


def phone_text(text: str) -> str:
    """A phone number without blanks, in half width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def masked_phone(phone: str) -> str:
    """138****0001: enough to recognise, too little to call."""
    return phone if len(phone) < 8 else f"{phone[:3]}****{phone[-4:]}"
