"""The demonstration's accounts, as its login page lists them: the loader publishes them, production never looks."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    password: str
    who: str  # 省厅审核 李敏
    does: str = ""  # what to try with it
    role: str = ""


def _file(instance: Path) -> Path:
    return instance / "demo-accounts.json"


def publish(instance: Path, accounts: Sequence[DemoAccount]) -> None:
    """Keep the list for the login page."""
    content = json.dumps([asdict(account) for account in accounts], ensure_ascii=False, indent=1)
    _file(instance).write_text(content, encoding="utf-8")


def published(instance: Path) -> tuple[DemoAccount, ...]:
    """The list, empty before the demonstration is loaded."""
    try:
        content = _file(instance).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    return tuple(DemoAccount(**row) for row in json.loads(content))


@dataclass(frozen=True, slots=True)
class DemoComplaint:
    """A complaint that anybody may follow."""

    number: str
    secret: str


def _complaint_file(instance: Path) -> Path:
    return instance / "demo-complaint.json"


def publish_complaint(instance: Path, number: str, secret: str) -> None:
    _complaint_file(instance).write_text(json.dumps({"number": number, "secret": secret}), encoding="utf-8")


def published_complaint(instance: Path) -> DemoComplaint | None:
    """None before the demonstration is loaded."""
    try:
        return DemoComplaint(**json.loads(_complaint_file(instance).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
