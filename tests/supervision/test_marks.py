"""What officers do with marks of an agreement: confirm, dismiss, add, read by eye; and what follows at once."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.errors import DomainError
from evaluations.models import AgreementMark, AgreementScreening, Evaluation
from evaluations.queries import screening as screenings
from evaluations.rules.screening import ScreeningFacts
from evaluations.rules.standing_still import NotClean, StandsStill
from evaluations.rules.states import HoldKind, MarkOrigin, MarkStanding, ScreeningState, State
from evaluations.screening.labels import Label
from evaluations.services import deciding, withdrawing
from notices.models import Notice
from supervision.entries import MarkEntry
from supervision.models import Case, CaseKind, CaseNote, CaseOutcome, CaseState
from supervision.rules import MarkDecided, NotAboutAgreement, NothingChosen, NothingToRead
from supervision.services import handling, marks
from tests.evaluations.racing import race
from tests.factories import Make

pytestmark = pytest.mark.clause("JL-22-1b")

BET = "未入选绿色工厂名单的，乙方退还全部评价费。"
PASS = "乙方保证甲方通过省级绿色工厂评审。"
LAWFUL = "评价费用于签订之日一次付清，与评价结果无关。"


@pytest.fixture
def officer(make: Make) -> User:
    return make.officer("approver")


def confirm(app: Flask, screening: AgreementScreening, by: User, position: int = 1, **changed: Any) -> marks.Confirmed:
    mark = next(each for each in screening.marks if each.position == position)
    given = {"version": screening.version, "reason": "退费取决于结果", "by": by} | changed
    with app.app_context():
        return marks.confirm(screening.id, mark.id, **given)


def dismiss(app: Flask, screening: AgreementScreening, by: User, *positions: int, **changed: Any) -> int:
    chosen = [mark.id for mark in screening.marks if mark.position in positions]
    given = {"version": screening.version, "reason": "引用的是禁止性规定", "by": by} | changed
    with app.app_context():
        return marks.dismiss(screening.id, chosen, **given)


def rows(app: Flask, statement: Any) -> list[Any]:
    with app.app_context():
        found = list(db.session.scalars(statement))
        db.session.expunge_all()
        return found


def facts(app: Flask, evaluation: Evaluation) -> ScreeningFacts:
    with app.app_context():
        return screenings.facts_of(db.session(), db.session.get_one(Evaluation, evaluation.id))


def is_blocked(evaluation: Evaluation) -> bool:
    return any(hold.kind is HoldKind.BLOCK and hold.closed_at is None for hold in evaluation.holds)


def test_confirming_decides_blocks_and_opens_a_case_at_once(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(LAWFUL, BET)
    screening = make.screening(evaluation)
    done = confirm(app, screening, officer)
    (mark,) = make.screening(evaluation).marks
    assert (mark.standing, mark.decision, mark.decider) == (
        MarkStanding.CONFIRMED, "退费取决于结果", officer.display_name,
    )  # fmt: skip
    now = make.evaluation_now(evaluation.id)
    assert is_blocked(now)
    assert now.version == evaluation.version + 1
    (case,) = rows(app, select(Case))
    assert (case.number, case.kind, case.evaluation_id) == (done.case_number, CaseKind.AGREEMENT, evaluation.id)
    assert case.agency_id == evaluation.parties[0].agency_id
    assert BET in case.facts
    assert "第二十二条第一款" in case.facts
    assert mark.effect in case.facts
    told = {(row.event, row.audience_kind) for row in rows(app, select(Notice))}
    assert {
        ("evaluation_mark_confirmed", "agency"), ("evaluation_blocked", "agency"), ("evaluation_blocked", "applicant"),
        ("case_opened", "bureau"),
    } <= told  # fmt: skip
    logged = [row.action for row in rows(app, select(AuditEntry))]
    assert {"agreement_mark.confirmed", "evaluation.blocked", "case.opened"} <= set(logged)


def test_nothing_is_left_of_a_confirmation_that_breaks_off(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET)
    with app.app_context(), transaction() as session:  # the number that the case would get is taken
        session.add(
            Case(number=f"案〔{clock.today().year}〕0001", kind=CaseKind.PROCEDURE, facts="", opened_at=clock.now())
        )
    with pytest.raises(IntegrityError):
        confirm(app, make.screening(evaluation), officer)
    assert make.screening(evaluation).marks[0].standing is MarkStanding.OPEN
    assert not is_blocked(make.evaluation_now(evaluation.id))
    assert rows(app, select(Case).where(Case.kind == CaseKind.AGREEMENT)) == []


def test_the_case_is_locked_before_the_log_as_by_who_writes_in_it(app: Flask, make: Make, officer: User) -> None:
    """In the other order the two would wait for each other, and PostgreSQL would break one off."""
    evaluation = make.marked(BET, PASS)
    confirm(app, make.screening(evaluation), officer, 1)
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    confirm(app, make.screening(evaluation), officer, 2)
    event.remove(engine, "before_cursor_execute", note)
    case = next(place for place, statement in enumerate(asked) if "FROM supervision_case" in statement)
    log = next(place for place, statement in enumerate(asked) if "FROM audit_head" in statement)
    assert case < log


def test_further_marks_are_notes_in_the_open_case(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET, PASS)
    confirm(app, make.screening(evaluation), officer, 1)
    done = confirm(app, make.screening(evaluation), officer, 2)
    assert not done.is_new_case
    (case,) = rows(app, select(Case))
    assert case.version == 2
    (note,) = rows(app, select(CaseNote))
    assert PASS in note.text


def test_after_the_case_is_closed_a_further_mark_opens_another(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET, PASS)
    first = confirm(app, make.screening(evaluation), officer, 1)
    with app.app_context():
        handling.close(first.case_id, CaseOutcome.TALKED_OVER, reason="已约谈", version=1, by=officer)
    assert confirm(app, make.screening(evaluation), officer, 2).is_new_case
    assert len(rows(app, select(Case))) == 2


def test_a_case_quotes_no_telephone_number(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked("未入选绿色工厂名单的，乙方退还全部评价费，联系人电话 13804310002。")
    confirm(app, make.screening(evaluation), officer)
    (case,) = rows(app, select(Case))
    assert "13804310002" not in case.facts


def test_dismissing_the_last_frees_the_hand_over(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET, PASS, state="report_issued")
    screening = make.screening(evaluation)
    assert facts(app, evaluation).undecided == 2
    assert dismiss(app, screening, officer, 1, 2) == 0
    assert facts(app, evaluation).is_clean
    assert {mark.decision for mark in make.screening(evaluation).marks} == {"引用的是禁止性规定"}
    assert not is_blocked(make.evaluation_now(evaluation.id))
    assert rows(app, select(Case)) == []


def test_a_decision_stays(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET)
    dismiss(app, make.screening(evaluation), officer, 1)
    with pytest.raises(MarkDecided):
        confirm(app, make.screening(evaluation), officer)
    with pytest.raises(MarkDecided):
        dismiss(app, make.screening(evaluation), officer, 1)


def test_a_mark_of_another_agreement_is_none_of_this(app: Flask, make: Make, officer: User) -> None:
    one, other = make.screening(make.marked(BET)), make.screening(make.marked(PASS))
    with app.app_context(), pytest.raises(MarkDecided):
        marks.confirm(one.id, other.marks[0].id, version=one.version, reason="核实", by=officer)
    with pytest.raises(NothingChosen):
        dismiss(app, one, officer)


def test_the_second_of_two_officers_is_told(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET)
    shown = make.screening(evaluation)
    confirm(app, shown, officer)
    with pytest.raises(MarkDecided, match="不是最新内容"):
        dismiss(app, shown, make.officer("reviewer"), 1)
    assert make.screening(evaluation).marks[0].standing is MarkStanding.CONFIRMED


def confirm_or_dismiss(part: tuple[int, int, int, int, bool]) -> None:
    """One officer's act in a race."""
    screening_id, mark_id, version, user_id, confirms = part
    user = db.session.get_one(User, user_id)
    db.session.expunge(user)
    if confirms:
        marks.confirm(screening_id, mark_id, version=version, reason="核实", by=user)
    else:
        marks.dismiss(screening_id, (mark_id,), version=version, reason="核实", by=user)


def test_of_two_officers_at_once_one_decides(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET)
    screening, other = make.screening(evaluation), make.officer("reviewer")
    shares = [
        [(screening.id, screening.marks[0].id, screening.version, user.id, confirms)]
        for user, confirms in ((officer, True), (other, False))
    ]
    results = [each[0][0] for each in race(app, confirm_or_dismiss, shares)]
    assert sorted(results) == ["", "MarkDecided"]
    (mark,) = make.screening(evaluation).marks
    confirmed = mark.standing is MarkStanding.CONFIRMED
    assert is_blocked(make.evaluation_now(evaluation.id)) is confirmed
    assert len(rows(app, select(Case))) == confirmed


@pytest.mark.parametrize("state", [State.ADOPTED, State.NOT_ADOPTED])
def test_what_was_decided_stays_so_and_a_case_opens(app: Flask, make: Make, officer: User, state: State) -> None:
    evaluation = make.marked(BET, state=state)
    done = confirm(app, make.screening(evaluation), officer)
    assert not done.is_blocked
    now = make.evaluation_now(evaluation.id)
    assert (now.state, is_blocked(now)) == (state, False)
    assert len(rows(app, select(Case))) == 1


def test_a_withdrawn_one_is_blocked_should_it_be_restored(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET, state=State.WITHDRAWN)
    assert confirm(app, make.screening(evaluation), officer).is_blocked
    with app.app_context():
        now = db.session.get_one(Evaluation, evaluation.id)
        deciding.restore(evaluation.id, version=now.version, reason="继续申报", by=officer)
    now = make.evaluation_now(evaluation.id)
    assert now.state is State.REGISTERED
    assert is_blocked(now)


def test_one_that_is_blocked_already_stays_so(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET)
    with app.app_context():
        deciding.block(evaluation.id, version=evaluation.version, reason="正在核实", by=officer)
    assert confirm(app, make.screening(evaluation), officer).is_blocked
    holds = make.evaluation_now(evaluation.id).holds
    assert [hold.reason for hold in holds] == ["正在核实"]


def test_an_officer_adds_what_the_screening_missed(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(LAWFUL, BET)
    screening = make.screening(evaluation)
    entry = MarkEntry(Label.TIED_SALE, 0, "一次付清", "与认证打包")
    with app.app_context():
        position = marks.add(screening.id, entry, version=screening.version, by=officer)
    added = make.screening(evaluation).marks[-1]
    assert (added.position, added.origin, added.standing) == (position, MarkOrigin.OFFICER, MarkStanding.OPEN)
    assert (added.clause, added.number, added.trigger) == (LAWFUL, "第1条", "一次付清")
    assert LAWFUL[slice(*added.words[0])] == "一次付清"
    assert facts(app, evaluation).undecided == 2
    assert "evaluation_marked" in {row.event for row in rows(app, select(Notice))}


@pytest.mark.parametrize(
    ("clause", "quote", "field"), [(None, "", "quote"), (9, "", "clause"), (0, "没有的字", "quote")]
)
def test_what_stands_nowhere_is_not_marked(
    app: Flask, make: Make, officer: User, clause: int | None, quote: str, field: str
) -> None:
    screening = make.screening(make.marked(LAWFUL))
    with app.app_context(), pytest.raises(DomainError) as refused:
        marks.add(screening.id, MarkEntry(Label.BET_ON, clause, quote, "理由"), version=screening.version, by=officer)
    assert refused.value.field == field


def test_what_no_program_could_read_is_settled_by_eye(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.unreadable()
    screening = make.screening(evaluation)
    assert facts(app, evaluation).is_unread
    with app.app_context():
        marks.settle(screening.id, version=screening.version, reason="已阅看全部 3 页，没有问题", by=officer)
    assert facts(app, evaluation).is_clean
    now = make.screening(evaluation)
    assert (now.settled_by, now.settled_reason) == (officer.id, "已阅看全部 3 页，没有问题")
    with app.app_context(), pytest.raises(NothingToRead):
        marks.settle(now.id, version=now.version, reason="再看一次", by=officer)


def test_what_was_seen_in_a_picture_is_quoted(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.unreadable()
    screening = make.screening(evaluation)
    with app.app_context():
        entry = MarkEntry(Label.BET_ON, None, "未上榜不收费", "收费取决于结果")
        marks.add(screening.id, entry, version=screening.version, by=officer)
    (mark,) = make.screening(evaluation).marks
    assert (mark.clause, mark.words, mark.page) == ("未上榜不收费", [], None)


# ── standing still ────────────────────────────────────────────────────────────────────────────────────────────────────


def lift(app: Flask, evaluation: Evaluation, by: User) -> None:
    with app.app_context():
        now = db.session.get_one(Evaluation, evaluation.id)
        deciding.lift(evaluation.id, version=now.version, reason="已改正", by=by)


def replace_with(make: Make, evaluation: Evaluation, *clauses: str) -> None:
    """Another version of the agreement, screened."""
    make.replaced(evaluation)
    make.marked(*clauses, evaluation=evaluation)


def test_the_block_is_lifted_once_the_agreement_is_clean(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET)
    confirm(app, make.screening(evaluation), officer)
    with pytest.raises(NotClean, match="更换为不含该内容的协议"):
        lift(app, evaluation, officer)
    replace_with(make, evaluation, PASS)
    with pytest.raises(NotClean, match="没有核定"):
        lift(app, evaluation, officer)
    dismiss(app, make.screening(evaluation), officer, 1)
    lift(app, evaluation, officer)
    assert not is_blocked(make.evaluation_now(evaluation.id))
    (case,) = rows(app, select(Case))
    assert case.state is CaseState.OPEN  # lifting alone closes nothing


def test_a_block_of_another_kind_is_lifted_as_before(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET)
    with app.app_context():
        deciding.block(evaluation.id, version=evaluation.version, reason="核实委托关系", by=officer)
    lift(app, evaluation, officer)
    assert not is_blocked(make.evaluation_now(evaluation.id))


def test_correcting_lifts_and_closes_at_once(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET)
    done = confirm(app, make.screening(evaluation), officer)
    with app.app_context(), pytest.raises(NotClean):
        handling.correct(done.case_id, reason="已改正", version=1, by=officer)
    replace_with(make, evaluation, LAWFUL)
    with app.app_context():
        assert handling.correct(done.case_id, reason="已更换协议", version=1, by=officer)
    (case,) = rows(app, select(Case))
    assert (case.state, case.outcome, case.outcome_reason) == (
        CaseState.CLOSED, CaseOutcome.CORRECTED, "已更换协议",
    )  # fmt: skip
    assert not is_blocked(make.evaluation_now(evaluation.id))
    other = make.case(CaseKind.OVER_CAP, evaluation_id=evaluation.id)
    with app.app_context(), pytest.raises(NotAboutAgreement):
        handling.correct(other.id, reason="已改正", version=1, by=officer)


def withdraw(app: Flask, make: Make, evaluation: Evaluation) -> None:
    agency = next(party.agency for party in evaluation.parties if party.leads)
    user = make.user_of(agency)
    with app.app_context():
        now = db.session.get_one(Evaluation, evaluation.id)
        withdrawing.withdraw(evaluation.id, version=now.version, reason="不再申报", by=user)


def test_what_stands_still_is_not_withdrawn(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET)
    with pytest.raises(StandsStill, match="1 处标记待主管部门核定"):
        withdraw(app, make, evaluation)
    confirm(app, make.screening(evaluation), officer)
    with pytest.raises(StandsStill, match="解除中止后再撤回"):
        withdraw(app, make, evaluation)
    replace_with(make, evaluation, LAWFUL)
    lift(app, evaluation, officer)
    withdraw(app, make, evaluation)
    assert make.evaluation_now(evaluation.id).state is State.WITHDRAWN


def test_what_is_still_being_screened_is_not_withdrawn(app: Flask, make: Make, officer: User) -> None:
    """Withdrawn at once and entered anew, a marked agreement would never have stopped anything."""
    evaluation = make.evaluation("registered")
    with app.app_context(), transaction() as session:
        session.execute(update(AgreementScreening).values(state=ScreeningState.WAITING, finished_at=None))
    with pytest.raises(StandsStill, match="完成后再撤回"):
        withdraw(app, make, evaluation)
    make.marked(LAWFUL, evaluation=evaluation)
    withdraw(app, make, evaluation)
    assert make.evaluation_now(evaluation.id).state is State.WITHDRAWN


def test_marks_of_a_withdrawn_one_are_still_decided(app: Flask, make: Make, officer: User) -> None:
    evaluation = make.marked(BET, state=State.WITHDRAWN)
    assert dismiss(app, make.screening(evaluation), officer, 1) == 0
    (mark,) = rows(app, select(AgreementMark))
    assert mark.standing is MarkStanding.DISMISSED


def test_what_an_officer_adds_while_it_is_read_stands_beside_what_the_screening_finds(
    app: Flask, make: Make, officer: User
) -> None:
    evaluation = make.evaluation("registered")
    with app.app_context(), transaction() as session:
        session.execute(update(AgreementScreening).values(state=ScreeningState.WAITING, finished_at=None))
    screening = make.screening(evaluation)
    entry = MarkEntry(label=Label.TIED_SALE, clause=None, quote="附件二的搭售", reason="附件是图片")
    with app.app_context():
        assert marks.add(screening.id, entry, version=screening.version, by=officer) == 1
    make.marked(BET, PASS, evaluation=evaluation)
    found = make.screening(evaluation).marks
    assert [(mark.position, mark.origin) for mark in found] == [
        (1, MarkOrigin.OFFICER), (2, MarkOrigin.SCREENED), (3, MarkOrigin.SCREENED),
    ]  # fmt: skip


def test_nothing_of_a_clause_stands_in_the_clear_beside_a_mark(app: Flask, make: Make) -> None:
    make.marked(PASS)
    with app.app_context():
        kept = db.session.execute(text("SELECT * FROM agreement_mark")).one()
        assert not any("评审" in str(value) for value in kept)
        assert "评审" in db.session.scalars(select(AgreementMark)).one().reason
