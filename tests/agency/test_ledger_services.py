"""A ledger comes in, officers decide, nothing is joined or cut without them, and wrong joins are undone."""

from collections.abc import Sequence
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from accounts.models import User
from agency.ledgers.bodies import AlreadyReliedOn, TwoCodes, TwoRegistered
from agency.ledgers.spellings import Likeness
from agency.models import Agency, AgencyGram, LedgerImport, NonAdoption, Proposal, ProposalState, Spelling, Standing
from agency.queries.ledgers import open_proposals, progress
from agency.services import ledgers
from agency.services.ledgers import AlreadyDecided, NotToBeSplit
from core import audit, clock
from core.db import db, transaction
from core.errors import Conflict, DomainError
from core.search import narrowed, searchable
from core.sheets import Limits, NotASpreadsheet
from tests.factories import Make
from tests.ledgers import CELL, FIRST, FULL, LONELY, PUBLISHED, SECOND, SHORT, SLIP, THIRD, bring
from tests.numbers import credit_code

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def officer(make: Make) -> User:
    return make.officer("reviewer")


def agencies() -> dict[str, Agency]:
    db.session.expire_all()
    return {agency.name: agency for agency in db.session.scalars(select(Agency))}


def proposals(likeness: Likeness | None = None) -> Sequence[Proposal]:
    db.session.expire_all()
    return open_proposals(db.session(), None, likeness)


def spelling(text: str) -> Spelling:
    db.session.expire_all()
    parts = selectinload(Spelling.parts).selectinload(Spelling.agency)
    return db.session.scalars(
        select(Spelling).where(Spelling.text == text).options(selectinload(Spelling.agency), parts)
    ).one()


def join(proposal: Proposal, *texts: str, main: str, by: User, reason: str = "已核对执照") -> int:
    """Join the named spellings of a proposal; none named: all of them."""
    chosen = [row.id for row in proposal.spellings if not texts or row.text in texts]
    return ledgers.join(
        proposal.id, chosen=chosen, main=spelling(main).id, reason=reason, version=proposal.version, by=by
    )


def found_by(word: str) -> list[str]:
    rows = narrowed(
        db.session(),
        select(Agency),
        word,
        owner=Agency.id,
        text=Agency.search_text,
        gram=AgencyGram.gram,
        gram_owner=AgencyGram.agency_id,
    )
    return [agency.name for agency in db.session.scalars(rows)]


def actions() -> list[str]:
    return list(db.session.scalars(select(audit.AuditEntry.action).order_by(audit.AuditEntry.number)))


# bringing


def test_a_ledger_keeps_each_spelling_exactly_and_makes_no_agency(officer: User) -> None:
    brought = bring(FIRST, SECOND, LONELY, LONELY, by=officer)
    assert (brought.rows, brought.spellings, brought.new_spellings, brought.proposals) == (4, 3, 3, 1)
    assert [row.text for row in db.session.scalars(select(Spelling).order_by(Spelling.id))] == [FIRST, SECOND, LONELY]
    assert agencies() == {}
    assert actions() == ["ledger.brought"]


def test_the_same_ledger_twice_adds_nothing() -> None:
    bring(FIRST, SECOND, LONELY)
    again = bring(FIRST, SECOND, LONELY)
    assert (again.ledger_id, again.new_spellings, again.new_proposals, again.proposals) == (None, 0, 0, 1)
    assert db.session.scalar(select(func.count()).select_from(LedgerImport)) == 1
    assert db.session.scalar(select(func.count()).select_from(Proposal)) == 1
    assert actions() == ["ledger.brought"]


def test_a_later_ledger_adds_only_what_is_new_and_is_compared_with_what_is_there(officer: User) -> None:
    first = bring(FIRST, LONELY)
    ledgers.settle_rest(first.ledger_id or 0, by=officer)
    second = bring(SECOND, LONELY)
    assert (second.new_spellings, second.new_proposals) == (1, 1)
    (proposal,) = proposals()
    assert {row.text for row in proposal.spellings} == {FIRST, SECOND}
    join(proposal, main=FIRST, by=officer)
    assert set(agencies()) == {FIRST, LONELY}


def test_a_later_ledger_teaches_a_code_and_a_contradiction_is_told() -> None:
    first = bring(LONELY, (FULL, credit_code(1)))
    ledgers.settle_rest(first.ledger_id or 0, by=None)
    again = bring((LONELY, credit_code(2)), (FULL, credit_code(3)))
    assert again.learnt == 1
    assert agencies()[LONELY].credit_code == credit_code(2)
    assert agencies()[FULL].credit_code == credit_code(1)
    assert found_by(credit_code(2)) == [LONELY]
    assert any(credit_code(3) in remark for remark in again.remarks)


def test_a_name_with_two_codes_keeps_the_first_and_says_so() -> None:
    brought = bring((LONELY, credit_code(1)), (LONELY, credit_code(2)))
    assert spelling(LONELY).code == credit_code(1)
    assert [remark for remark in brought.remarks if credit_code(2) in remark]


def test_what_is_too_long_for_a_name_is_told_and_left_out() -> None:
    brought = bring(LONELY, "长" * 121)
    assert brought.new_spellings == 1
    assert [remark for remark in brought.remarks if "第 3 行" in remark]


def test_what_is_no_spreadsheet_saves_nothing() -> None:
    with pytest.raises(NotASpreadsheet):
        ledgers.bring(b"\x00\x01", file_name="a.xlsx", limits=Limits(), by=None)
    assert db.session.scalar(select(func.count()).select_from(LedgerImport)) == 0


# deciding


def test_a_join_makes_one_known_agency_that_every_spelling_finds(officer: User) -> None:
    bring(FIRST, SECOND, THIRD)
    (proposal,) = proposals()
    agency_id = join(proposal, main=SECOND, by=officer)
    (agency,) = agencies().values()
    assert (agency.id, agency.name, agency.standing) == (agency_id, SECOND, Standing.KNOWN)
    assert agency.former_names == []
    assert searchable(FIRST) in agency.search_text.split("\n")
    assert found_by("松江低碳（吉林）") == found_by("低碳(吉林)") == [SECOND]
    assert (proposal.state, proposal.reason, proposal.decided_by) == (ProposalState.JOINED, "已核对执照", officer.id)
    assert actions() == ["ledger.brought", "agency.known", "proposal.joined"]


def test_what_is_not_chosen_becomes_known_by_itself(officer: User) -> None:
    bring(FIRST, SECOND, THIRD)
    join(proposals()[0], FIRST, SECOND, main=FIRST, by=officer)
    assert set(agencies()) == {FIRST, THIRD}


def test_without_a_reason_the_proposals_own_is_kept(officer: User) -> None:
    bring(FIRST, SECOND)
    (proposal,) = proposals()
    join(proposal, main=FIRST, by=officer, reason="")
    assert proposal.reason == "依建议：只有括号、空白、全半角或标点的写法不同"


def test_left_apart_each_is_known_by_itself(officer: User) -> None:
    bring(FULL, SHORT)
    (proposal,) = proposals()
    ledgers.leave_apart(proposal.id, reason="两家均在营", version=proposal.version, by=officer)
    assert set(agencies()) == {FULL, SHORT}
    assert spelling(FULL).agency_id != spelling(SHORT).agency_id


def test_of_two_left_apart_with_one_code_only_one_keeps_it(officer: User) -> None:
    bring((FIRST, credit_code(1)), (SECOND, credit_code(1)))
    (proposal,) = proposals()
    ledgers.leave_apart(proposal.id, reason="第二行代码填错", version=proposal.version, by=officer)
    assert [agency.credit_code for agency in agencies().values()] == [credit_code(1), None]


def test_what_another_proposal_still_asks_about_goes_on_waiting(officer: User) -> None:
    bring(FULL, SHORT, SLIP)
    likely, possible = proposals(Likeness.LIKELY)[0], proposals(Likeness.POSSIBLE)[0]
    assert {row.text for row in possible.spellings} == {FULL, SHORT, SLIP}
    ledgers.leave_apart(likely.id, reason="两家均在营", version=likely.version, by=officer)
    assert agencies() == {}
    join(possible, SHORT, SLIP, main=SHORT, by=officer)
    assert set(agencies()) == {FULL, SHORT}
    assert spelling(SLIP).agency_id == spelling(SHORT).agency_id


def test_joining_the_union_answers_the_smaller_question_too(officer: User) -> None:
    bring(FULL, SHORT, SLIP)
    likely, possible = proposals(Likeness.LIKELY)[0], proposals(Likeness.POSSIBLE)[0]
    join(possible, main=FULL, by=officer)
    db.session.expire_all()
    assert likely.state is ProposalState.JOINED
    assert list(agencies()) == [FULL]


def test_the_smaller_first_the_union_then_adds_to_the_same_agency(officer: User) -> None:
    bring(FULL, SHORT, SLIP)
    join(proposals(Likeness.LIKELY)[0], main=FULL, by=officer)
    join(proposals(Likeness.POSSIBLE)[0], main=FULL, by=officer)
    (agency,) = agencies().values()
    assert {row.text for row in agency.spellings} == {FULL, SHORT, SLIP}


def test_entries_that_a_later_ledger_shows_to_be_one_are_united(officer: User) -> None:
    bring(FULL, SLIP)
    ledgers.leave_apart(proposals()[0].id, reason="两家均在营", version=1, by=officer)
    assert set(agencies()) == {FULL, SLIP}
    bring(SHORT)
    join(proposals(Likeness.POSSIBLE)[0], main=SHORT, by=officer)
    (agency,) = agencies().values()
    assert (agency.name, len(agency.spellings)) == (SHORT, 3)
    assert found_by("砚天") == [SHORT]
    assert "agency.dissolved" in actions()


def test_an_entry_that_something_was_recorded_of_is_not_dissolved(officer: User) -> None:
    bring(FULL, SLIP)
    ledgers.leave_apart(proposals()[0].id, reason="两家均在营", version=1, by=officer)
    with transaction() as session:
        session.add_all(
            NonAdoption(
                agency_id=agency.id, first_day=clock.today(), last_day=clock.today(), document="吉工信〔2026〕9号",
                basis="数据造假", entered_at=clock.now(), entered_by=officer.id,
            )
            for agency in session.scalars(select(Agency)).all()
        )  # fmt: skip
    bring(SHORT)
    with pytest.raises(AlreadyReliedOn, match="已有评价、案件或决定"):
        join(proposals(Likeness.POSSIBLE)[0], main=SHORT, by=officer)
    assert set(agencies()) == {FULL, SLIP}


@pytest.mark.parametrize("chosen", [[], [FIRST]])
def test_less_than_two_spellings_are_no_join(officer: User, chosen: list[str]) -> None:
    bring(FIRST, SECOND)
    (proposal,) = proposals()
    ids = [spelling(text).id for text in chosen]
    with pytest.raises(DomainError, match="至少勾选两个"):
        ledgers.join(proposal.id, chosen=ids, main=spelling(FIRST).id, reason="", version=1, by=officer)
    assert agencies() == {}


def test_the_main_name_is_one_of_the_chosen(officer: User) -> None:
    bring(FIRST, SECOND, THIRD)
    with pytest.raises(DomainError, match="主名称"):
        join(proposals()[0], FIRST, SECOND, main=THIRD, by=officer)


def test_two_codes_are_not_one_body(officer: User) -> None:
    bring((FIRST, credit_code(1)), (SECOND, credit_code(2)))
    with pytest.raises(TwoCodes, match=credit_code(1)):
        join(proposals()[0], main=FIRST, by=officer)


def test_a_registered_agency_takes_the_spellings_and_keeps_its_name(make: Make, officer: User) -> None:
    registered = make.agency(name=SECOND)
    bring(FIRST, THIRD)
    join(proposals()[0], main=FIRST, by=officer)
    (agency,) = agencies().values()
    assert (agency.id, agency.name, agency.standing) == (registered.id, SECOND, Standing.REGISTERED)
    assert (agency.credit_code, agency.former_names) == (registered.credit_code, [])
    assert {row.text for row in agency.spellings} == {FIRST, THIRD}


def test_two_registered_agencies_are_never_made_one(make: Make, officer: User) -> None:
    make.agency(name=FULL), make.agency(name=SHORT)
    bring(FULL, SHORT)
    with pytest.raises((TwoRegistered, TwoCodes)):
        join(proposals()[0], main=FULL, by=officer)


def test_the_second_decision_is_told(officer: User) -> None:
    bring(FIRST, SECOND)
    (proposal,) = proposals()
    join(proposal, main=FIRST, by=officer)
    with pytest.raises(AlreadyDecided, match="已作出决定"):
        ledgers.leave_apart(proposal.id, reason="两家", version=1, by=officer)
    with pytest.raises(AlreadyDecided):
        join(proposal, main=FIRST, by=officer)


def test_a_decision_on_what_is_no_longer_as_shown_is_told(officer: User) -> None:
    bring(FULL, SHORT, SLIP)
    possible = proposals(Likeness.POSSIBLE)[0]
    shown = possible.version
    join(proposals(Likeness.LIKELY)[0], main=FULL, by=officer)
    with pytest.raises(AlreadyDecided, match="另一条建议"):
        ledgers.leave_apart(possible.id, reason="不是一家", version=shown, by=officer)


def test_of_two_officers_at_once_one_wins_and_the_other_is_told(app: Flask, make: Make) -> None:
    bring(FIRST, SECOND)
    proposal_id, officers = proposals()[0].id, [make.officer("reviewer"), make.officer("approver")]
    db.session.remove()
    together, outcomes = Barrier(2), []

    def decide(by: User) -> None:
        with app.app_context():
            together.wait()
            try:
                ledgers.leave_apart(proposal_id, reason="两家均在营", version=1, by=by)
                outcomes.append("won")
            except Conflict:
                outcomes.append("told")
            db.session.remove()

    threads = [Thread(target=decide, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["told", "won"]
    assert set(agencies()) == {FIRST, SECOND}


# the rest


def test_the_rest_becomes_known_at_once_and_what_is_open_waits(officer: User) -> None:
    brought = bring(FIRST, SECOND, LONELY, CELL)
    assert ledgers.settle_rest(brought.ledger_id or 0, by=officer) == 1
    assert set(agencies()) == {LONELY}
    assert (agencies()[LONELY].standing, agencies()[LONELY].credit_code) == (Standing.KNOWN, None)
    assert ledgers.settle_rest(brought.ledger_id or 0, by=officer) == 0
    assert actions() == ["ledger.brought", "agency.known", "ledger.settled"]


def test_the_rest_finds_the_agencies_that_are_there(make: Make, officer: User) -> None:
    by_code, by_name = make.agency(name="松江评价中心"), make.agency(name="海兰（吉林）检测中心")
    brought = bring(("松江绿色评价院", by_code.credit_code or ""), "海兰(吉林)检测中心")
    assert ledgers.settle_rest(brought.ledger_id or 0, by=officer) == 0
    assert spelling("松江绿色评价院").agency_id == by_code.id
    assert spelling("海兰(吉林)检测中心").agency_id == by_name.id
    assert found_by("松江绿色") == ["松江评价中心"]


def test_one_name_with_another_code_is_another_body(make: Make) -> None:
    make.agency(name=LONELY)
    brought = bring((LONELY, credit_code(998)))
    assert ledgers.settle_rest(brought.ledger_id or 0, by=None) == 1


# cells that may name several


def test_a_cell_that_may_name_two_waits_for_an_officer(officer: User) -> None:
    brought = bring(CELL, "砚田低碳研究院有限公司")
    ledgers.settle_rest(brought.ledger_id or 0, by=officer)
    cell = spelling(CELL)
    assert (cell.joint_cell, cell.agency_id, cell.holds) == (True, None, "砚田低碳研究院有限公司")


def test_a_cell_kept_whole_is_one_agency(officer: User) -> None:
    bring(CELL)
    ledgers.keep_whole(spelling(CELL).id, reason="执照名称如此", by=officer)
    assert list(agencies()) == [CELL]
    with pytest.raises(AlreadyDecided):
        ledgers.divide(spelling(CELL).id, ["甲中心", "乙中心"], reason="两家", by=officer)


def test_a_divided_cell_leads_to_its_bodies(officer: User) -> None:
    one, other = "砚田低碳研究院有限公司", "松江咨询有限责任公司"
    brought = bring(CELL, one)
    ledgers.settle_rest(brought.ledger_id or 0, by=officer)
    ledgers.divide(spelling(CELL).id, [one, f" {other} ", ""], reason="两家公司", by=officer)
    assert set(agencies()) == {one, other}
    assert [part.agency.name for part in spelling(CELL).parts if part.agency] == [one, other]
    assert spelling(CELL).agency_id is None
    assert progress(db.session()).cells == 0
    with pytest.raises(AlreadyDecided):
        ledgers.keep_whole(spelling(CELL).id, reason="一家", by=officer)


@pytest.mark.parametrize(
    "names", [[], ["砚田低碳研究院"], ["砚田低碳研究院", "砚田低碳研究院"], ["甲" * 121, "乙中心"]]
)
def test_a_division_needs_two_names(officer: User, names: list[str]) -> None:
    bring(CELL)
    with pytest.raises(DomainError):
        ledgers.divide(spelling(CELL).id, names, reason="两家", by=officer)
    assert agencies() == {}


# undoing


def test_a_spelling_that_was_joined_wrongly_is_split_off_with_its_code(officer: User) -> None:
    bring(FULL, (SHORT, credit_code(1)))
    agency_id = join(proposals()[0], main=FULL, by=officer)
    assert agencies()[FULL].credit_code == credit_code(1)
    own = ledgers.split_off(spelling(SHORT).id, agency_id=agency_id, reason="两家", by=officer)
    now = agencies()
    assert {name: agency.credit_code for name, agency in now.items()} == {FULL: None, SHORT: credit_code(1)}
    assert now[SHORT].id == own
    assert found_by("责任") == [FULL]
    assert sorted(found_by("砚田")) == sorted([FULL, SHORT])


def test_splitting_off_the_main_name_leaves_the_others_a_name_of_theirs(officer: User) -> None:
    bring(FIRST, SECOND, THIRD)
    agency_id = join(proposals()[0], main=FIRST, by=officer)
    ledgers.split_off(spelling(FIRST).id, agency_id=agency_id, reason="两家", by=officer)
    assert set(agencies()) == {FIRST, SECOND}
    assert {row.text for row in agencies()[SECOND].spellings} == {SECOND, THIRD}
    assert agencies()[SECOND].former_names == []


def test_only_what_is_known_and_has_several_spellings_is_split(make: Make, officer: User) -> None:
    make.agency(name=FIRST)
    brought = bring(FIRST, SECOND, LONELY)
    agency_id = join(proposals()[0], main=FIRST, by=officer)
    ledgers.settle_rest(brought.ledger_id or 0, by=officer)
    with pytest.raises(NotToBeSplit, match="已经登记"):
        ledgers.split_off(spelling(SECOND).id, agency_id=agency_id, reason="两家", by=officer)
    lonely = spelling(LONELY)
    with pytest.raises(NotToBeSplit, match="只有这一个"):
        ledgers.split_off(lonely.id, agency_id=lonely.agency_id or 0, reason="两家", by=officer)


def test_a_second_split_of_the_same_spelling_is_told(officer: User) -> None:
    bring(FIRST, SECOND, THIRD)
    agency_id = join(proposals()[0], main=FIRST, by=officer)
    ledgers.split_off(spelling(SECOND).id, agency_id=agency_id, reason="两家", by=officer)
    with pytest.raises(AlreadyDecided):
        ledgers.split_off(spelling(SECOND).id, agency_id=agency_id, reason="两家", by=officer)


# the published lists


def test_the_published_ledger_goes_through_whole(officer: User) -> None:
    brought = ledgers.bring(PUBLISHED.read_bytes(), file_name=PUBLISHED.name, limits=Limits(), by=officer)
    assert (brought.rows, brought.new_spellings, brought.new_proposals) == (347, 347, 36)
    assert ledgers.settle_rest(brought.ledger_id or 0, by=officer) == 275
    certain = {row.id: row.version for row in proposals(Likeness.CERTAIN)}
    assert ledgers.join_all(certain, by=officer) == 3
    now = progress(db.session(), brought.ledger_id)
    assert (now.settled, now.waiting, now.cells, now.rest) == (281, 63, 3, 0)
    for proposal in proposals():
        db.session.refresh(proposal)
        if proposal.state is ProposalState.OPEN:
            join(proposal, main=proposal.main.text, by=officer)
    now = progress(db.session(), brought.ledger_id)
    assert (now.settled, now.waiting, now.cells, now.decided) == (344, 0, 3, 36)
    again = ledgers.bring(PUBLISHED.read_bytes(), file_name=PUBLISHED.name, limits=Limits(), by=officer)
    assert (again.ledger_id, again.proposals) == (None, 36)


def test_only_certain_proposals_are_joined_together(officer: User) -> None:
    bring(FIRST, SECOND, FULL, SHORT)
    everything = {row.id: row.version for row in proposals()}
    with pytest.raises(DomainError, match="只有确定相同"):
        ledgers.join_all(everything, by=officer)
    assert agencies() == {}
