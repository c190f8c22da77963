"""The hand-over to an SMS gateway: what one must be able to do, and the one that only writes to the log.

A real gateway is a class with `send`, made without arguments (it reads its own settings), listed in GATEWAYS under a
name that SMS_GATEWAY chooses. `send` is called outside any transaction, once for each message; it returns when the
gateway has taken the message and raises:
- `NotNow` where nothing was taken and it may be tried again (no connection, too many at once),
- `Refused` where it never will be (a number that doesn't exist, a text that isn't allowed).
Any other failure leaves it unknown whether the message was taken: it is not tried again by itself.
It must not take longer than a minute, and must not write number or text to a log.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from core.contacts import masked_phone

log = logging.getLogger(__name__)


class NotNow(Exception):
    """Nothing was taken; the message may be handed over again."""


class Refused(Exception):
    """The gateway will never take it."""


class Gateway(Protocol):
    def send(self, number: str, text: str) -> None:
        """Hand over one message to a mobile number of eleven digits. Raises NotNow, Refused."""


class LoggingGateway:
    """Sends nothing: says in the log that it would have, with the number masked."""

    def send(self, number: str, text: str) -> None:
        log.info("short message of %d characters to %s", len(text), masked_phone(number))


GATEWAYS: Mapping[str, Callable[[], Gateway]] = {"log": LoggingGateway}


def gateway(name: str) -> Gateway:
    """The gateway of that name. KeyError for one that isn't there."""
    return GATEWAYS[name]()
