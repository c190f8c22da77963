"""What may be chosen for a password, and how long a wrong one takes."""

from datetime import timedelta

import pytest

from accounts import passwords, throttle
from accounts.passwords import WeakPassword


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("九个字符的密码不行", "至少 10 个字符"),
        ("Woaini1314", "太常见"),
        ("1q2w3e4r5t", "太常见"),
        ("Admin@123456", "太常见"),
        ("abababababab", "太常见"),
        ("li.min.2026x", "用户名"),
        ("91220101MA0Y3T4K5X", "信用代码"),
        ("长" * 201, "最多 200"),
    ],
)
def test_a_password_that_would_soon_be_guessed_is_refused_with_the_reason(password: str, why: str) -> None:
    with pytest.raises(WeakPassword, match=why):
        passwords.require_strong(password, not_these=["li.min.2026x", "91220101ma0y3t4k5x", ""])


@pytest.mark.parametrize("password", ["松花江上的第三座铁桥", "tulip-harbour-92", "correct horse battery"])
def test_unrelated_words_make_a_password(password: str) -> None:
    passwords.require_strong(password, not_these=["li.min"])


def test_every_common_password_in_the_list_is_long_enough_to_be_chosen() -> None:
    listed = passwords.COMMON.read_text(encoding="utf-8").split()
    assert len(listed) > 1000
    assert [password for password in listed if len(password) < passwords.SHORTEST or password != password.lower()] == []


def test_a_generated_password_may_be_kept_and_is_never_the_same() -> None:
    made = {passwords.generated() for _ in range(100)}
    assert len(made) == 100
    for password in made:
        passwords.require_strong(password, not_these=[])
        assert set(password) <= {*passwords.UNMISTAKABLE, "-"}


def test_nobodys_hash_is_never_matched() -> None:
    assert passwords.matches("correct horse battery", passwords.hashed("correct horse battery"))
    assert not passwords.matches("correct horse battery", None)
    assert not passwords.matches("", None)
    assert not passwords.matches("correct horse battery", "not a hash")


def test_the_wait_begins_with_the_last_free_try_and_doubles_to_fifteen_minutes() -> None:
    waits = [throttle.wait_after(failures, 5) // timedelta(minutes=1) for failures in range(1, 12)]
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15]
    assert throttle.wait_after(10_000, 5) == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, " 1 秒"), (59, " 59 秒"), (60, " 1 分钟"), (61, " 2 分钟"), (900, " 15 分钟")]
)
def test_a_wait_is_never_said_shorter_than_it_is(seconds: float, words: str) -> None:
    assert throttle.spoken(timedelta(seconds=seconds)) == words
