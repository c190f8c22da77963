"""What the environment says about mail: read, or refused before anything is served."""

from pathlib import Path

import pytest

from core.settings import MailServer, Misconfigured, Settings, from_environment

SENDER = "notices@example.gov.cn"


def settings(folder: Path, **environ: str) -> Settings:
    return from_environment({"INSTANCE": str(folder), "MAIL_FROM": SENDER, **environ})


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.cn", MailServer("mail.example.cn", 25, sender=SENDER)),
        (
            "smtp://us%40er:p%3Ass%2F@mail.example.cn?starttls=1",
            MailServer("mail.example.cn", 587, starttls=True, username="us@er", password="p:ss/", sender=SENDER),
        ),
        (
            "smtps://user:word@mail.example.cn",
            MailServer("mail.example.cn", 465, secure=True, username="user", password="word", sender=SENDER),
        ),
        ("smtp://127.0.0.1:2525", MailServer("127.0.0.1", 2525, sender=SENDER)),
    ],
)
def test_a_mail_server_is_read_from_its_address(tmp_path: Path, url: str, server: MailServer) -> None:
    assert settings(tmp_path, SMTP_URL=url).mail == server


def test_without_an_address_nothing_is_sent(tmp_path: Path) -> None:
    assert settings(tmp_path).mail is None
    assert settings(tmp_path, SMTP_URL="").mail is None


@pytest.mark.parametrize(
    "url",
    [
        "http://user:secret-word@mail.example.cn",
        "smtp://user:secret-word@",
        "smtp://user:secret-word@mail.example.cn:nonsense",
        "smtp://user:secret-word@mail.example.cn?tls=1",
        "smtp://user:secret-word@[::1",
        "secret-word",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        settings(tmp_path, SMTP_URL=url)
    assert "secret-word" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("sender", ["", "nobody", "a@example.cn\nBcc: b@example.cn", "a@example.cn, b@example.cn"])
def test_a_sender_must_be_one_address(tmp_path: Path, sender: str) -> None:
    with pytest.raises(Misconfigured, match="MAIL_FROM"):
        settings(tmp_path, SMTP_URL="smtp://mail.example.cn", MAIL_FROM=sender)


def test_a_real_service_sends_no_password_in_clear(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    real = {"MODE": "production", "PUBLIC_URL": "https://example.gov.cn", "MASTER_SECRET_FILE": str(secret)}
    secret.write_text("hash:" + "t" * 43 + ",1:" + "u" * 43, encoding="ascii")
    with pytest.raises(Misconfigured, match="in clear"):
        settings(tmp_path, SMTP_URL="smtp://user:word@mail.example.cn", **real)
    assert settings(tmp_path, SMTP_URL="smtp://user:word@127.0.0.1", **real).mail
    assert settings(tmp_path, SMTP_URL="smtp://user:word@mail.example.cn?starttls=1", **real).mail


def test_the_password_is_in_no_printed_settings(tmp_path: Path) -> None:
    chosen = settings(tmp_path, SMTP_URL="smtps://user:secret-word@mail.example.cn")
    assert "secret-word" not in repr(chosen)
