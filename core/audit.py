"""Who changed what, when, from where: an append-only log whose entries are chained under a key outside the database.

Each entry's MAC covers its content and the MAC before it; one head row holds the count and a seal over it and the last
MAC (writers queue on it), which nobody without the key can set back to an earlier entry. Triggers refuse changing or
deleting an entry; `verify` finds what was changed around them. Count and last MAC are also written to a file outside
the database, so that a tail shows that was cut with the head of that day put back from a copy.
"""

import json
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.db import Model, afterwards
from core.refs import Actor, Ref, Referable
from core.sealed import keyring

CHECKPOINT_EVERY = 50
START = "0" * 64
LONGEST, LONGEST_REASON = 200, 2000

_origin: ContextVar[str] = ContextVar("where an act comes from", default="system")


class AuditEntry(Model):
    __tablename__ = "audit_entry"
    __table_args__ = (  # what the log is filtered by, each in the order in which it is read
        Index("ix_audit_entry_action", "action", "number"),
        Index("ix_audit_entry_object", "object_kind", "object_id", "number"),
        Index("ix_audit_entry_actor", "actor", "number"),
        Index("ix_audit_entry_at", "at"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor: Mapped[str] = mapped_column(String(80))
    origin: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int | None]
    object_label: Mapped[str] = mapped_column(String(LONGEST))
    before: Mapped[str | None] = mapped_column(String(LONGEST))
    after: Mapped[str | None] = mapped_column(String(LONGEST))
    reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    mac: Mapped[str] = mapped_column(String(64))

    def content(self) -> bytes:
        """What the MAC covers, in a fixed form."""
        fields = (
            self.number, self.at.isoformat(timespec="microseconds"), self.actor_id, self.actor, self.origin,
            self.action, self.object_kind, self.object_id, self.object_label, self.before, self.after, self.reason,
        )  # fmt: skip
        return json.dumps(fields, ensure_ascii=False).encode()


class AuditHead(Model):
    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    mac: Mapped[str] = mapped_column(String(64))


def set_origin(origin: str) -> None:
    """Say where the acts that follow come from (the address of the request, the name of the command)."""
    _origin.set(origin[:60])


def record(
    session: Session,
    action: str,
    about: Referable | Ref,
    *,
    by: Actor | None,
    before: str | None = None,
    after: str | None = None,
    reason: str | None = None,
) -> None:
    """Add an entry to the running transaction. Give states and reasons, never personal data in clear."""
    session.flush()  # so that new rows have their ids
    ref = about if isinstance(about, Ref) else about.ref
    head = session.get_one(AuditHead, 1, with_for_update=True, populate_existing=True)
    entry = AuditEntry(
        number=head.count + 1,
        at=clock.now(),
        actor_id=by.id if by else None,
        actor=by.username if by else "system",
        origin=_origin.get(),
        action=action,
        object_kind=ref.kind,
        object_id=ref.id,
        object_label=ref.label[:LONGEST],
        before=_cut(before, LONGEST),
        after=_cut(after, LONGEST),
        reason=_cut(reason, LONGEST_REASON),
        mac="",
    )
    last = session.get(AuditEntry, head.count) if head.count else None
    entry.mac = _mac(last.mac if last else START, entry)
    head.count, head.mac = entry.number, _seal(entry.number, entry.mac)
    session.add(entry)
    session.flush()
    if entry.number == 1 or entry.number % CHECKPOINT_EVERY == 0:
        number, mac = entry.number, entry.mac
        afterwards(session, lambda: _write_checkpoint(number, mac))


def _cut(text: str | None, most: int) -> str | None:
    """What is longer than the log keeps stands whole with the object: a long reason must not stop the act."""
    return text if text is None or len(text) <= most else f"{text[: most - 1]}…"


def _mac(previous: str, entry: AuditEntry) -> str:
    return keyring().mac(previous.encode() + b"\n" + entry.content(), purpose="audit").hex()


def _seal(count: int, mac: str) -> str:
    """What the head row holds; START before the first entry."""
    return keyring().mac(f"head\n{count}\n{mac}".encode(), purpose="audit").hex() if count else START


def checkpoint_file() -> Path:
    """Where count and head are kept outside the database, one JSON object a line."""
    return Path(current_app.config["AUDIT_CHECKPOINTS"])


def checkpoint(session: Session) -> tuple[int, str]:
    """Write count and head to the file now."""
    count = session.get_one(AuditHead, 1).count
    last = session.get(AuditEntry, count) if count else None
    mac = last.mac if last else START
    _write_checkpoint(count, mac)
    return count, mac


def _write_checkpoint(count: int, mac: str) -> None:
    path = checkpoint_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"at": clock.now().isoformat(), "count": count, "mac": mac})
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


@dataclass(frozen=True, slots=True)
class Verification:
    entries: int
    faults: tuple[str, ...]


def verify(session: Session) -> Verification:
    """Walk the whole chain: what was changed, removed, put in, or cut off at the end."""
    faults: list[str] = []
    macs: dict[int, str] = {}
    previous, expected = START, 1
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=1000)):
        if entry.number != expected:
            faults.append(f"第 {expected} 至 {entry.number - 1} 条缺失")
        if _mac(previous, entry) != entry.mac:
            faults.append(f"第 {entry.number} 条与其前一条不相衔接：内容被改动，或其间有删除、插入")
        previous, expected = entry.mac, entry.number + 1
        macs[entry.number] = entry.mac
    head = session.get(AuditHead, 1)
    last = expected - 1
    if head is None or (head.count, head.mac) != (last, _seal(last, previous)):
        faults.append(f"链头记为第 {head.count if head else '无'} 条，日志末条为第 {last} 条：尾部被截断或追加")
    faults.extend(_against_checkpoints(macs, last))
    return Verification(entries=len(macs), faults=tuple(faults))


def _against_checkpoints(macs: dict[int, str], last: int) -> Iterator[str]:
    path = checkpoint_file()
    if not path.exists():
        if last:
            yield "检查点文件不在：日志是否曾被截断或清空，无从核对"
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        point: dict[str, Any] = json.loads(line)
        count = int(point["count"])
        if count > last:
            yield f"检查点 {point['at']} 记有 {count} 条，日志只有 {last} 条：尾部被截断"
        elif count and macs.get(count) != point["mac"]:
            yield f"检查点 {point['at']} 的第 {count} 条与日志不符"
