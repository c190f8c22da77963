"""The number and the secret that a reporter follows a complaint with.

The secret is made from the token of the form under our key: the same form sent twice gives the same receipt, and
nothing has to be kept in clear for that. The complaint itself keeps a keyed hash of it.
"""

import secrets
import unicodedata

from sqlalchemy.orm import Session

from core import clock, numbers
from core.forms import tidy
from core.sealed import keyring

SERIES = "complaint"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs, without 0, 1, O and I
LENGTH, GROUP = 20, 4  # 100 bits


def new_token() -> str:
    """Of a form that is shown: what is sent with it is received once."""
    return secrets.token_urlsafe(32)


def form_key(token: str) -> str:
    """What the database knows a form by."""
    return keyring().keyed_hash(f"complaint form {token}")


def next_number(session: Session) -> str:
    """JB20260001; the series stays locked to the end of the transaction."""
    year = clock.today().year
    return f"JB{year}{numbers.next_number(session, SERIES, year):04d}"


def secret_of(token: str) -> str:
    """The secret of the complaint that a form became: XXXX-XXXX-XXXX-XXXX-XXXX."""
    bits = int.from_bytes(keyring().mac(f"complaint secret {token}".encode(), purpose="receipt"), "big")
    signs = "".join(ALPHABET[(bits >> 5 * place) & 31] for place in range(LENGTH))
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def secret_key(secret: str) -> str:
    """What is kept of a secret, however it was typed: small letters, blanks and hyphens don't matter."""
    return keyring().keyed_hash(f"complaint secret {plain(secret)}")


def plain(text: str) -> str:
    """A number or secret as typed, in half width and capitals, without what only divides it."""
    folded = unicodedata.normalize("NFKC", str(tidy(text))).upper()
    return "".join(sign for sign in folded if sign.isascii() and sign.isalnum())
