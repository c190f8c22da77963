"""Personal data in the database: column types that encrypt, and the keyring of the running application."""

import json
from typing import Any, cast

from flask import current_app
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from core.crypto import Keyring


def keyring() -> Keyring:
    """The keyring of the running application."""
    return cast(Keyring, current_app.extensions["keyring"])


class SealedText(TypeDecorator[str]):
    """Text encrypted under a key outside the database. It can't be searched: match by a keyed hash beside it."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring().encrypt(value.encode(), purpose="fields")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring().decrypt(bytes(value), purpose="fields").decode()


class SealedJson(TypeDecorator[Any]):
    """Plain JSON values, encrypted whole."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return keyring().encrypt(text.encode(), purpose="fields")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(keyring().decrypt(bytes(value), purpose="fields"))
