"""What a reporter does with number and secret: get in, answer, add, take back, ask for a review, leave."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts import throttle
from accounts.models import PROVINCIAL_ROLES, Role
from accounts.throttle import TooManyTries, Tried
from complaints import guarding, hands, opening, receipts, steps
from complaints.guarding import Kind
from complaints.models import Complaint, ComplaintFile, Question, ReporterVisit, State
from complaints.rules import clocks
from complaints.rules.course import Action
from complaints.uploads import Judged, Sent, dropped_if_refused, judge, megabytes, require_room, require_there
from core import clock, law, workdays
from core.db import transaction
from core.errors import Conflict, DomainError
from core.sealed import keyring
from core.uploads import StoredFile
from notices import outbox
from notices.outbox import Audience

LASTS = timedelta(hours=2)
MOST_OF_ALL = 100  # files of one complaint


class WrongPair(DomainError):
    """Number and secret don't belong together, or there is no such number: nobody is told which."""


class TooManyWrong(DomainError):
    """Wait until then."""


class NothingSaid(DomainError):
    """Neither words nor files."""


class DoneAlready(Conflict):
    """It was answered, taken back or asked for before, or its term is over."""


def enter(number: str, secret: str, *, address: str) -> str:
    """凭编号和查询码查看: the key that the browser holds. Raises WrongPair, TooManyWrong.

    The same work is done whether there is such a number or not. A number that others try in vain is slowed for them
    and never for whoever has its secret; an address is slowed for everything that comes from it.
    """
    wanted = receipts.plain(number)[:20]
    of_number, of_address = _tried(f"number {wanted}", 5), _tried(f"address {guarding.network(address)}", 20)
    key = secrets.token_urlsafe(32)
    with transaction() as session:
        try:
            throttle.require_open(session, [of_address])
        except TooManyTries as refusal:
            raise _slowed(refusal.wait) from None
        row = session.execute(select(Complaint.id, Complaint.secret).where(Complaint.number == wanted)).one_or_none()
        kept = row.secret if row is not None else receipts.secret_key("")
        right = secrets.compare_digest(kept, receipts.secret_key(secret[:200]))
        if row is not None and right:
            throttle.clear(session, of_number)
            session.add(ReporterVisit(key=visit_key(key), complaint_id=row.id, begun_at=clock.now()))
            return key
        wait = throttle.note_failure(session, [of_number, of_address])
    if wait:
        raise _slowed(wait)
    raise WrongPair("编号或查询码不正确。请对照回执输入：编号以 JB 开头，查询码是 20 位字母和数字。")


def leave(key: str) -> None:
    """退出查询: the key opens nothing any more."""
    with transaction() as session:
        session.execute(delete(ReporterVisit).where(ReporterVisit.key == visit_key(key)))


def answer(complaint_id: int, question_id: int, text: str, sent: Sequence[Sent], *, address: str) -> None:
    """回答询问, with files where there are any: the clock runs on.

    Raises NothingSaid, DoneAlready, NotTaken, TooMany.
    """
    taken = _judged(text, sent, address)
    with dropped_if_refused(taken), transaction() as session:
        complaint = _held(session, complaint_id)
        question = session.get(Question, question_id, populate_existing=True)
        if question is None or question.complaint_id != complaint.id:
            raise DoneAlready("没有找到这个问题，请返回查看最新情况。")
        if question.answered_at is not None:
            raise DoneAlready("这个问题已经回答过；还有要说的，请用“补充情况”。")
        if question.lapsed_at is not None or clocks.is_over(question.due, now=clock.now()):
            raise DoneAlready("回答的期限已满；仍可以用“补充情况”提交。")
        now = clock.now()
        question.answer, question.answered_at = text or "（见所附文件）", now
        _keep(session, complaint, taken)
        steps.go_on(session, complaint, question, at=now)
        steps.take(session, complaint, Action.ANSWER, by=None)
        _tell(session, complaint, "complaint_answered")


def add(complaint_id: int, text: str, sent: Sequence[Sent], *, address: str) -> None:
    """补充情况和材料. Raises NothingSaid, DoneAlready, NotTaken, TooMany, NotPossibleNow."""
    taken = _judged(text, sent, address)
    with dropped_if_refused(taken), transaction() as session:
        complaint = _held(session, complaint_id)
        new = _keep(session, complaint, taken)
        last = next((step for step in reversed(complaint.steps) if step.action == Action.ADD.value), None)
        if not new and (not text or (last is not None and last.text == text)):
            raise DoneAlready("这些内容已经提交过，没有重复登记。")
        steps.take(session, complaint, Action.ADD, by=None, text=text)
        _tell(session, complaint, "complaint_added")


def withdraw(complaint_id: int, reason: str) -> None:
    """撤回举报: an officer decides whether what was reported goes on; twice changes nothing. Raises NotPossibleNow."""
    with transaction() as session:
        complaint = _held(session, complaint_id)
        if complaint.withdrawn_at is not None:
            return
        complaint.withdrawn_at = clock.now()
        steps.take(session, complaint, Action.WITHDRAW, by=None, text=reason)
        _tell(session, complaint, "complaint_withdrawn")


def ask_review(complaint_id: int, reason: str) -> None:
    """申请复核, once, within the term after the reply. Raises DoneAlready, NotPossibleNow."""
    with transaction() as session:
        complaint = _held(session, complaint_id)
        if complaint.review_asked_at is not None:
            raise DoneAlready("已经申请过复核；每件举报可以申请一次。")
        if complaint.state is State.REPLIED and complaint.replied_at is not None:
            due = clocks.review_due(complaint.replied_at, calendar=workdays.calendar(session), law=law.jurisdiction())
            if clocks.is_over(due, now=clock.now()):
                raise DoneAlready(f"申请复核的期限到 {due} 为止，已经届满。有新的事实或证据的，可以重新举报。")
        complaint.review_asked_at, complaint.review_reason = clock.now(), reason
        hands.leave_for_review(complaint)
        steps.take(session, complaint, Action.ASK_REVIEW, by=None)
        outbox.post(session, "complaint_review_asked", to=Audience.role(Role.APPROVER), about=complaint)


def visit_key(key: str) -> str:
    """What the database knows a browser's key by."""
    return keyring().keyed_hash(f"complaint visit {key}")


def _tried(what: str, tries: int) -> Tried:
    return Tried(keyring().keyed_hash(f"complaint follow {what}"), tries)


def _slowed(wait: timedelta) -> TooManyWrong:
    return TooManyWrong(
        f"连续输错次数过多，请在{throttle.spoken(wait)}后再试。查询码遗失的，请联系办理单位，由办理人核实身份后答复。"
    )


def _held(session: Session, complaint_id: int) -> Complaint:
    return session.get_one(Complaint, complaint_id, with_for_update=True, populate_existing=True)


def _judged(text: str, sent: Sequence[Sent], address: str) -> list[Judged]:
    """The files, all of them documents: counted before they are looked at, whatever comes of it."""
    if not text and not sent:
        raise NothingSaid("请写下要说的话，或者选择文件。", field="text")
    if not sent:
        return []
    require_room([], [each.size for each in sent])
    with transaction() as session:
        guarding.count(session, Kind.UPLOAD, address, megabytes(sent))
    judged = judge(sent)
    with dropped_if_refused(judged.taken):
        judged.refusals.settle()
    return judged.taken


def _keep(session: Session, complaint: Complaint, taken: Sequence[Judged]) -> int:
    """Add what the complaint doesn't have yet; how many files that are."""
    held = {each.file.digest for each in complaint.files}
    new = [each for each in taken if each.digest not in held]
    if len(held) + len(new) > MOST_OF_ALL:
        raise NothingSaid(f"一件举报最多收 {MOST_OF_ALL} 个文件，请把要点写成文字，或与办理人联系。", field="files")
    require_there(new)
    now, added = clock.now(), []
    for each in new:
        file = StoredFile(
            digest=each.digest,
            kind=each.examined.kind,
            pages=each.examined.pages,
            size=each.size,
            name=each.name,
            uploaded_at=now,
        )
        session.add(file)
        session.flush()
        complaint.files.append(ComplaintFile(file_id=file.id, added_at=now))
        added.append(file)
    opening.pass_on(session, complaint, added)
    return len(new)


def _tell(session: Session, complaint: Complaint, event: str) -> None:
    """Whoever handles it; before anybody does, those who assign."""
    if complaint.handler_id is not None:
        readers = [Audience.account(complaint.handler_id)]
    elif complaint.bureau:
        readers = [Audience.bureau(complaint.bureau)]
    else:
        readers = [Audience.role(role) for role in sorted(PROVINCIAL_ROLES)]
    for to in readers:
        outbox.post(session, event, to=to, about=complaint)
