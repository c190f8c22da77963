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


MAILABLE = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
LONGEST_ADDRESS = 120
MOBILE = re.compile(r"(?:\+?86)?(1\d{10})", re.ASCII)


def email_text(text: str) -> str:
    """An address as it is kept: half width, without blanks, its host in lower case."""
    local, at, host = "".join(unicodedata.normalize("NFKC", text).split()).rpartition("@")
    return f"{local}{at}{host.lower()}"


def is_mailable(address: str) -> bool:
    """Whether mail can be sent there by any server: plain letters, no comment, no quotes, one address."""
    local, _, _ = address.partition("@")
    if "=?" in local:  # an encoded word: a reader of the mail would see another address than the server got
        return False
    return len(address) <= LONGEST_ADDRESS and len(local) <= 64 and MAILABLE.fullmatch(address) is not None


def masked_email(address: str) -> str:
    """w***@example.com: enough to recognise one's own, too little to write to."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}***@{host}"


def mobile_of(text: str) -> str:
    """The mobile number that a contact's phone is, empty for a line that takes no short messages."""
    found = MOBILE.fullmatch(phone_text(text).replace("-", ""))
    return found.group(1) if found else ""
