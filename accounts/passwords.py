"""Passwords: argon2id hashes, and what may be chosen."""

import secrets
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from config import FOLDER
from core.errors import DomainError

COMMON = FOLDER / "common_passwords.txt"
SHORTEST, LONGEST = 10, 200
FEWEST_CHARACTERS = 4
UNMISTAKABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1: it is read out and typed

_hasher = PasswordHasher(memory_cost=46 * 1024, time_cost=1, parallelism=1)


class WeakPassword(DomainError):
    """It would soon be guessed; says why."""


def use_cheap_hashes() -> None:
    """For tests only: the cheapest parameters."""
    global _hasher
    _hasher = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
    _hash_of_nobody.cache_clear()


def hashed(password: str) -> str:
    """The hash to keep, with its parameters and salt."""
    return _hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password; False for a hash that can't be read.

    None is nobody's hash: the answer is no, after as long as for somebody's.
    """
    try:
        right = _hasher.verify(kept or _hash_of_nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return right and kept is not None


@cache
def _hash_of_nobody() -> str:
    return hashed(secrets.token_urlsafe())


def generated() -> str:
    """A first password to be read out once: 12 characters in three groups, 59 bits."""
    return "-".join("".join(secrets.choice(UNMISTAKABLE) for _ in range(4)) for _ in range(3))


def require_strong(password: str, *, not_these: Iterable[str], field: str = "password") -> None:
    """Raises WeakPassword for one that is short, common, or one of `not_these` (user name, credit code)."""
    plain = password.casefold()
    if len(password) < SHORTEST:
        raise WeakPassword(f"密码至少 {SHORTEST} 个字符，现在是 {len(password)} 个。", field=field)
    if len(password) > LONGEST:
        raise WeakPassword(f"密码最多 {LONGEST} 个字符。", field=field)
    if plain in {other.casefold() for other in not_these if other}:
        raise WeakPassword("密码不能与用户名或统一社会信用代码相同。", field=field)
    if plain in _common() or len(set(plain)) < FEWEST_CHARACTERS:
        raise WeakPassword("这个密码太常见，容易被猜到；可以用几个互不相干的词连起来。", field=field)


@cache
def _common() -> frozenset[str]:
    """Common passwords long enough to be chosen here, in lower case."""
    return frozenset(COMMON.read_text(encoding="utf-8").split())
