"""Passwords: argon2id hashes, and what may be chosen."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher(memory_cost=46 * 1024, time_cost=1, parallelism=1)


def use_cheap_hashes() -> None:
    """For tests only: the cheapest parameters."""
    global _hasher
    _hasher = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)


def hashed(password: str) -> str:
    """The hash to keep, with its parameters and salt."""
    return _hasher.hash(password)


def matches(password: str, kept: str) -> bool:
    """Whether this is the password; False for a hash that can't be read."""
    try:
        return _hasher.verify(kept, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
