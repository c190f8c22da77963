"""The officers' list: found by name, code and number, by kept sums, in a fixed number of queries."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, or_, select

from agency.models import Agency
from applicants.models import Applicant, Kind
from core import clock
from core.db import db, transaction
from core.errors import DomainError
from core.search import searchable
from evaluations import flagging, tallies
from evaluations.models import AgreementMark, Evaluation, Hold, Party, Tally
from evaluations.queries import exporting, listing
from evaluations.queries.listing import Wanted
from evaluations.rules.states import EvaluationFlag, HoldKind, Level, MarkStanding, State
from evaluations.services import deciding, self_evaluating
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("context")
NAMES = (
    "长春一汽铸造有限公司",
    "吉林化纤股份有限公司",
    "通化葡萄酒股份有限公司",
    "四平金丰新材料有限公司",
    "汽车工业园区",
)


def found(wanted: Wanted) -> list[int]:
    """All pages one after another."""
    ids: list[int] = []
    cursor = None
    while True:
        page = listing.listing(db.session(), wanted, cursor=cursor).page
        ids += [evaluation.id for evaluation in page.items]
        cursor = page.next
        if cursor is None:
            return ids


def plainly(word: str) -> list[int]:
    """By LIKE over everything."""
    pattern = f"%{searchable(word)}%"
    by_agency = (
        select(Party.evaluation_id).join(Agency, Agency.id == Party.agency_id).where(Agency.search_text.like(pattern))
    )
    rows = (
        select(Evaluation.id)
        .join(Applicant, Applicant.id == Evaluation.applicant_id)
        .where(or_(Applicant.search_text.like(pattern), Evaluation.id.in_(by_agency)))
        .order_by(Evaluation.year.desc(), Evaluation.id.desc())
    )
    return list(db.session.scalars(rows))


@pytest.mark.parametrize("few", [250, 1, 0])
def test_the_search_finds_what_plain_comparison_finds(make: Make, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """Whether who is called so is looked up, or met while walking the list."""
    monkeypatch.setattr(listing, "FEW", few)
    monkeypatch.setattr(listing, "FEW_ROWS", few)
    agency = make.filed_agency()
    for name in NAMES:
        make.evaluation(agency=agency, applicant=make.applicant(name=name))
    make.self_evaluation(make.applicant(name="长春自评零件厂"))
    words = [
        "公司",
        "长春",
        "一汽",
        "汽",
        "葡萄酒股份有限公司",
        "吉林化纤股份有限公司",
        "没有",
        agency.name,
        agency.name[2:4],
    ]
    words += [agency.credit_code or "", "汽车工业园区", "股份 有限"]
    for word in words:
        assert found(Wanted(word=word)) == plainly(word), word


def test_a_number_is_found_as_people_write_it(make: Make) -> None:
    evaluation, other = make.evaluation(), make.evaluation()
    year, count = clock.today().year, int(evaluation.number.rpartition("〕")[2])
    for word in (evaluation.number, f"{year}-{count}", f"评[{year}]{count:05d}", f" 〔{year}〕{count} "):
        assert found(Wanted(word=word)) == [evaluation.id], word
    assert other.id in found(Wanted())


def test_filters_narrow_and_sums_agree(make: Make) -> None:
    agency = make.filed_agency()
    park = make.applicant(kind=Kind.PARK, bureau="jilin")
    ids = {
        "park": make.evaluation(agency=agency, applicant=park, kind=Kind.PARK, level=Level.PROVINCIAL).id,
        "factory": make.evaluation(State.HANDED_OVER, agency=agency).id,
        "own": make.self_evaluation().id,
    }
    cases = {
        Wanted(bureau="jilin"): ["park"],
        Wanted(kind=Kind.FACTORY): ["own", "factory"],
        Wanted(level=Level.PROVINCIAL): ["park"],
        Wanted(state=State.HANDED_OVER): ["factory"],
        Wanted(agency_id=agency.id): ["factory", "park"],
        Wanted(applicant_id=park.id): ["park"],
        Wanted(year=clock.today().year + 1): [],
        Wanted(agency_id=agency.id, state=State.REGISTERED): ["park"],
    }
    for wanted, names in cases.items():
        shown = listing.listing(db.session(), wanted)
        assert [evaluation.id for evaluation in shown.page.items] == [ids[name] for name in names], wanted
        assert shown.found == len(names), wanted


# these rest on an agency's periods and flags: tests/sanctions/test_three_years.py
OF_AGENCIES = (EvaluationFlag.CONDITIONS_NOT_MET, EvaluationFlag.NON_ADOPTION, EvaluationFlag.RECHECK)


@pytest.mark.parametrize("flag", [flag for flag in listing.FILTERED if flag not in OF_AGENCIES])
def test_each_flag_finds_its_own(make: Make, flag: EvaluationFlag) -> None:
    make.evaluation(level=Level.NATIONAL)
    evaluation = make.evaluation(level=Level.NATIONAL)
    of_marks = flag in (EvaluationFlag.SCREENING, EvaluationFlag.CLAUSES_CONFIRMED)
    if of_marks:
        make.marked("未入选的，乙方退还全部评价费。", evaluation=evaluation)
    with transaction() as session:
        row = session.get_one(Evaluation, evaluation.id)
        if flag in (EvaluationFlag.UNFILED, EvaluationFlag.ENTERED_LATE):
            setattr(row, flag.value, True)
        elif flag is EvaluationFlag.OVER_CAP:
            for place in session.scalars(select(listing.Place).where(listing.Place.evaluation_id == row.id)):
                place.number = None
        elif flag is EvaluationFlag.CLAUSES_CONFIRMED:
            for mark in session.scalars(select(AgreementMark).where(AgreementMark.evaluation_id == row.id)):
                mark.standing, mark.decided_at = MarkStanding.CONFIRMED, clock.now()
        elif not of_marks:
            hold = flagging.block if flag is EvaluationFlag.BLOCKED else flagging.dispute
            hold(session, row, reason="理由", by=None)
    assert found(Wanted(flag=flag)) == [evaluation.id]
    assert listing.listing(db.session(), Wanted(flag=flag)).flags[evaluation.id] == (flag,)


def test_a_page_asks_as_much_of_many_as_of_one(
    make: Make, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def asked() -> int:
        db.session.expunge_all()
        with count_queries() as queries:
            shown = listing.listing(db.session(), Wanted())
            for evaluation in shown.page.items:
                assert evaluation.applicant.name
                assert [party.agency.name for party in evaluation.parties]
        return len(queries)

    make.evaluation()
    one = asked()
    for _ in range(21):
        make.evaluation()
    assert asked() == one
    assert one <= 10


def test_pages_hang_together_over_years(make: Make) -> None:
    today = clock.today()
    for number in range(45):
        make.evaluation(begun_on=today - timedelta(days=number), year=today.year + number % 2)
    rows = select(Evaluation.id).order_by(Evaluation.year.desc(), Evaluation.id.desc())
    assert found(Wanted()) == list(db.session.scalars(rows))


def test_the_export_holds_what_is_filtered_in_the_order_of_the_list(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PIECE", 2)
    for _ in range(3):
        make.evaluation(State.ADOPTED)
    make.evaluation(State.WITHDRAWN)
    make.self_evaluation()
    wanted = Wanted(state=State.ADOPTED)
    rows = list(exporting.exported(db.session(), wanted))
    numbers = [db.session.get_one(Evaluation, row_id).number for row_id in found(wanted)]
    assert [row[0] for row in rows] == numbers
    everything = list(exporting.exported(db.session(), Wanted()))
    assert {len(row) for row in everything} == {len(exporting.COLUMNS)}
    titles = [column.title for column in exporting.COLUMNS]
    adopted = dict(zip(titles, rows[0], strict=True))
    assert (adopted["得分"], adopted["结论"], adopted["办理人"], adopted["状态"]) == (86.2, "符合", "测试", "已采信")
    own = dict(zip(titles, everything[0], strict=True))
    assert (own["方式"], own["第三方机构"], own["报告编号"]) == ("自我评价", "", None)


ACTS = ("adopt", "decline", "restore", "block", "withdraw", "report")


def sums() -> set[tuple[object, ...]]:
    columns = (Tally.agency_id, Tally.year, Tally.level, Tally.kind, Tally.bureau, Tally.state, Tally.count)
    return {tuple(row) for row in db.session.execute(select(*columns).where(Tally.count != 0))}


@given(acts=st.lists(st.sampled_from(ACTS), max_size=6), state=st.sampled_from(list(State)))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sums_equal_a_scan_after_any_acts(make: Make, acts: list[str], state: State) -> None:
    officer = make.officer("approver")
    own = make.self_evaluation()
    user = make.user_of_applicant(own.applicant)
    for evaluation in (make.evaluation(state), own):
        for act in acts:
            version = make.evaluation_now(evaluation.id).version
            try:
                if act == "withdraw":
                    self_evaluating.withdraw(evaluation.id, version=version, reason="理由", by=user)
                elif act == "report":
                    self_evaluating.hand_over(evaluation.id, version=version, by=user)
                else:
                    getattr(deciding, act)(evaluation.id, version=version, reason="理由", by=officer)
            except DomainError:
                continue
    db.session.rollback()  # this session's look at the database is as old as its last question
    kept = sums()
    with transaction() as session:
        tallies.rebuild(session)
    assert sums() == kept
    total = db.session.scalar(select(func.count()).select_from(Evaluation))
    assert listing.total(db.session(), Wanted()) == total
    assert db.session.scalars(select(Hold.kind).where(Hold.kind == HoldKind.DISPUTE)).all() == []
