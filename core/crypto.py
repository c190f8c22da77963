"""Keys and what is done with them: personal data encrypted at rest, matched by keyed hash, records authenticated.

Two kinds of secret stand behind a `Keyring`. Encryption secrets are numbered and can be rotated: what is written takes
the newest, what is read says in its first byte which one it needs. The hash secret stays for the life of the data,
because a hash under another key would match nothing, and an audit chain or a printed receipt could not be checked.
"""

import hashlib
import hmac
import os
import re
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Self, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Purpose = Literal["fields", "files", "hash", "audit", "receipt"]

NONCE_BYTES = 12
TAG_BYTES = 16
SHORTEST_SECRET = 32
HIGHEST_KEY_ID = 255  # a key's id is one byte of every token


class Undecryptable(Exception):
    """Not written by us for this place: unknown key, another purpose or object, or altered."""


class Keyring:
    """Subkeys for each purpose, so that what was made for one can never be read or accepted as another.

    A token is key id (1 byte), nonce (12), AES-256-GCM ciphertext and tag (16).
    """

    def __init__(self, *, hash_secret: bytes, encryption_secrets: Mapping[int, bytes]) -> None:
        if not encryption_secrets or not all(0 < key_id <= HIGHEST_KEY_ID for key_id in encryption_secrets):
            raise ValueError("encryption secrets need ids from 1 to 255, and there must be one")
        if any(len(secret) < SHORTEST_SECRET for secret in (hash_secret, *encryption_secrets.values())):
            raise ValueError(f"a secret needs at least {SHORTEST_SECRET} bytes")
        self._newest = max(encryption_secrets)
        self._ciphers = {
            (key_id, purpose): AESGCM(_subkey(secret, "encrypt", purpose))
            for key_id, secret in encryption_secrets.items()
            for purpose in get_args(Purpose)
        }
        self._mac_keys = {purpose: _subkey(hash_secret, "mac", purpose) for purpose in get_args(Purpose)}

    @classmethod
    def from_secret(cls, text: str) -> Self:
        """Read `hash:…,1:…,2:…`, the form in which settings carry the secrets. Errors never repeat the text."""
        parts = _parts(text)
        return cls(
            hash_secret=parts["hash"].encode(),
            encryption_secrets={int(name): secret.encode() for name, secret in parts.items() if name != "hash"},
        )

    @staticmethod
    def generate_secret() -> str:
        return f"hash:{secrets.token_urlsafe(32)},1:{secrets.token_urlsafe(32)}"

    @staticmethod
    def rotate_secret(text: str) -> str:
        """The same secrets and a new newest encryption key; the old ones still open what they closed."""
        newest = max(int(name) for name in _parts(text) if name != "hash")
        return f"{text.strip()},{newest + 1}:{secrets.token_urlsafe(32)}"

    def encrypt(self, plain: bytes, *, purpose: Purpose, bound_to: bytes = b"") -> bytes:
        """`bound_to` names the place the token belongs to: moved to another, it can't be decrypted."""
        nonce = os.urandom(NONCE_BYTES)
        return bytes([self._newest]) + nonce + self._ciphers[self._newest, purpose].encrypt(nonce, plain, bound_to)

    def decrypt(self, token: bytes, *, purpose: Purpose, bound_to: bytes = b"") -> bytes:
        if len(token) < 1 + NONCE_BYTES + TAG_BYTES:
            raise Undecryptable("too short for a token")
        cipher = self._ciphers.get((token[0], purpose))
        if cipher is None:
            raise Undecryptable(f"no key {token[0]}")
        nonce, sealed = token[1 : 1 + NONCE_BYTES], token[1 + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, sealed, bound_to)
        except InvalidTag:
            raise Undecryptable("wrong key, purpose or place, or altered") from None

    def encrypt_text(self, text: str, *, bound_to: str = "") -> bytes:
        """For a short field of a row, such as an ID number or a phone."""
        return self.encrypt(text.encode(), purpose="fields", bound_to=bound_to.encode())

    def decrypt_text(self, token: bytes, *, bound_to: str = "") -> str:
        return self.decrypt(token, purpose="fields", bound_to=bound_to.encode()).decode()

    def mac(self, data: bytes, *, purpose: Purpose) -> bytes:
        """HMAC-SHA256, 32 bytes. Compare with `hmac.compare_digest`."""
        return hmac.digest(self._mac_keys[purpose], data, hashlib.sha256)

    def keyed_hash(self, text: str, *, purpose: Purpose = "hash") -> str:
        """64 hex digits by which equal texts are found without being known; the caller normalises the text."""
        return self.mac(text.encode(), purpose=purpose).hex()

    def __repr__(self) -> str:
        return f"<Keyring, newest key {self._newest}>"


def _subkey(secret: bytes, use: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"{use}:{purpose}".encode()).derive(secret)


def _parts(text: str) -> dict[str, str]:
    pairs = [part.partition(":") for part in text.strip().split(",")]
    parts = {name: secret for name, _, secret in pairs}
    if "hash" not in parts or len(parts) != len(pairs):
        raise ValueError("a secret reads hash:…,1:… and names no key twice")
    if not all(re.fullmatch(r"hash|[1-9][0-9]*", name) for name in parts):
        raise ValueError("an encryption key is named by its number")
    return parts


def main(arguments: Sequence[str]) -> None:
    """Print a new master secret; with the file of one, that secret with a new encryption key added."""
    if arguments:
        print(Keyring.rotate_secret(Path(arguments[0]).read_text(encoding="ascii")))
    else:
        print(Keyring.generate_secret())


if __name__ == "__main__":
    main(sys.argv[1:])
