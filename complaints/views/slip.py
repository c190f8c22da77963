"""The receipt on its way from the sending to its page: sealed in the browser's own cookie, for a quarter of an hour.

So the secret is in no address and in no cookie in clear, and nothing of it has to be kept here.
"""

import json
from datetime import datetime, timedelta

from flask import session

from complaints.entries import Receipt
from core import clock
from core.crypto import Undecryptable
from core.sealed import keyring

NAME = "complaint_receipt"
VALID = timedelta(minutes=15)
PLACE = b"complaint receipt"


def hand_over(receipt: Receipt) -> None:
    content = {
        "number": receipt.number,
        "secret": receipt.secret,
        "at": receipt.received_at.isoformat(),
        "evidence": receipt.has_evidence,
        "email": receipt.has_confirmed_email,
        "until": (clock.now() + VALID).isoformat(),
    }
    session[NAME] = keyring().encrypt(json.dumps(content).encode(), purpose="receipt", bound_to=PLACE).hex()


def handed() -> Receipt | None:
    """The receipt that this browser was just given; None where there is none, or it was long ago."""
    try:
        opened = keyring().decrypt(bytes.fromhex(session.get(NAME, "")), purpose="receipt", bound_to=PLACE)
    except (Undecryptable, ValueError):
        return None
    content = json.loads(opened)
    if datetime.fromisoformat(content["until"]) < clock.now():
        return None
    return Receipt(
        number=content["number"],
        secret=content["secret"],
        received_at=datetime.fromisoformat(content["at"]),
        has_evidence=content["evidence"],
        has_confirmed_email=content["email"],
    )


def put_away() -> None:
    session.pop(NAME, None)
