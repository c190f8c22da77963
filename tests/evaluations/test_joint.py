"""Joint evaluations: who is named is asked, says so itself, and isn't shown to who names it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import User
from agency import places
from agency.models import Agency, Flag, FlagKind, NonAdoption, Place
from core import clock
from core.db import db, transaction
from core.errors import DomainError
from core.law import jurisdiction
from evaluations.entries import RegistrationEntry
from evaluations.models import Evaluation, Tally
from evaluations.queries import gate as facts
from evaluations.rules import gate, joining
from evaluations.rules.adopting import NotAdoptable, Obstacle
from evaluations.rules.course import NotPossibleNow
from evaluations.rules.gate import Hindrance
from evaluations.rules.states import RUNNING, Consent, Level, State
from evaluations.services import deciding, handing_over, registering, withdrawing
from evaluations.services import joining as services
from home import evaluating
from notices.models import Notice
from tests.factories import Make
from tests.factories.agencies import made_up_number
from tests.factories.evaluations import AGREEMENT
from tests.factories.places import bare_evaluation

SignIn = Callable[[User], FlaskClient]
BUREAU = "changchun"


@pytest.fixture
def leading(make: Make) -> Agency:
    return make.filed_agency()


@pytest.fixture
def partner(make: Make) -> Agency:
    return make.filing(agency=make.qualified_agency(representative_number=made_up_number())).agency


def told(make: Make, event: str) -> set[tuple[str, str]]:
    with make.app.app_context():
        rows = db.session.execute(select(Notice.audience_kind, Notice.audience_id).where(Notice.event == event))
        return {(kind, reader or "") for kind, reader in rows}


def consent(make: Make, evaluation: Evaluation) -> list[Consent]:
    return [party.consent for party in make.evaluation_now(evaluation.id).parties]


def holders(make: Make, evaluation: Evaluation) -> tuple[int, int]:
    """How many places of persons and of agencies it holds."""
    with make.app.app_context():
        held = select(func.count(Place.person_id), func.count(Place.agency_id))
        persons, agencies = db.session.execute(held.where(Place.evaluation_id == evaluation.id)).one()
        return persons, agencies


def answer(make: Make, evaluation: Evaluation, partner: Agency, *, reason: str = "") -> Evaluation:
    with make.app.app_context():
        shown = db.session.get_one(Evaluation, evaluation.id).version
        if reason:
            services.refuse(evaluation.id, partner.id, version=shown, reason=reason, by=make.user_of(partner))
        else:
            services.agree(evaluation.id, partner.id, version=shown, by=make.user_of(partner))
    return make.evaluation_now(evaluation.id)


@pytest.mark.clause("JL-12-1")
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("now", Consent)
def test_an_answer_is_given_once_while_it_runs_and_a_refusal_may_be_taken_back(state: State, now: Consent) -> None:
    runs = state in RUNNING
    assert joining.may_answer(state, now, Consent.GIVEN) == (runs and now in (Consent.ASKED, Consent.REFUSED))
    assert joining.may_answer(state, now, Consent.REFUSED) == (runs and now is Consent.ASKED)
    if not joining.may_answer(state, now, Consent.GIVEN):
        with pytest.raises(NotPossibleNow, match="不需要再答复"):
            joining.require_answerable(state, now, Consent.GIVEN)


def test_registering_asks_whom_it_names(make: Make, context: None, leading: Agency, partner: Agency) -> None:
    entry = make.entry(leading)
    joint = replace(entry, agency_ids=(leading.id, partner.id))
    evaluation = make.evaluation_now(registering.register(joint, AGREEMENT, by=make.user_of(leading)))
    assert consent(make, evaluation) == [Consent.NOT_ASKED, Consent.ASKED]
    assert told(make, "partner_asked") == {("agency", str(partner.id))}
    assert told(make, "evaluation_registered") == {("applicant", str(entry.applicant_id))}
    running = evaluating.running_of(db.session(), partner.id)
    assert [(each.evaluation.id, each.next, each.own) for each in running] == [
        (evaluation.id, "确认是否联合参加", True)
    ]


@pytest.mark.clause("JL-12-1")
def test_until_everybody_has_confirmed_it_is_not_handed_over(
    make: Make, context: None, leading: Agency, partner: Agency
) -> None:
    third = make.filing(agency=make.qualified_agency()).agency
    evaluation = make.joint(leading, partner, third, state=State.REPORT_ISSUED)
    user = make.user_of(leading)
    for each in (partner, third):
        with pytest.raises(NotAdoptable, match="还没有确认联合参加") as refusal:
            handing_over.hand_over(evaluation.id, version=evaluation.version, by=user)
        assert refusal.value.what is Obstacle.PARTNER_ASKED
        assert "确认后方可办理" in refusal.value.message
        evaluation = answer(make, evaluation, each)
    assert told(make, "partner_agreed") == {("agency", str(leading.id))}
    handing_over.hand_over(evaluation.id, version=evaluation.version, by=user)
    assert make.evaluation_now(evaluation.id).state is State.HANDED_OVER


@pytest.mark.clause("JL-12-1")
def test_a_refusal_stops_hand_over_and_adoption_until_it_is_taken_back(
    make: Make, context: None, leading: Agency, partner: Agency
) -> None:
    evaluation = make.joint(leading, partner, state=State.REPORT_ISSUED)
    evaluation = answer(make, evaluation, partner, reason="没有约定联合评价")
    assert told(make, "partner_refused") == {("agency", str(leading.id)), ("bureau", BUREAU)}
    with pytest.raises(NotAdoptable, match="不同意联合参加") as refusal:
        handing_over.hand_over(evaluation.id, version=evaluation.version, by=make.user_of(leading))
    assert refusal.value.what is Obstacle.PARTNER_REFUSED
    with pytest.raises(NotPossibleNow):  # once
        answer(make, evaluation, partner, reason="没有约定联合评价")
    evaluation = answer(make, evaluation, partner)
    handing_over.hand_over(evaluation.id, version=evaluation.version, by=make.user_of(leading))

    handed_over = make.joint(leading, partner, state=State.HANDED_OVER)
    handed_over = answer(make, handed_over, partner, reason="没有约定联合评价")
    officer = make.officer("municipal", bureau=BUREAU)
    with pytest.raises(NotAdoptable, match="不同意联合参加"):
        deciding.adopt(handed_over.id, version=handed_over.version, reason="符合", by=officer)
    services.keep(handed_over.id, partner.id, version=handed_over.version, reason="协议盖有其章", by=officer)
    now = make.evaluation_now(handed_over.id)
    with pytest.raises(NotPossibleNow):  # decided once
        services.keep(handed_over.id, partner.id, version=now.version, reason="协议盖有其章", by=officer)
    assert consent(make, handed_over) == [Consent.NOT_ASKED, Consent.GIVEN]
    now = make.evaluation_now(handed_over.id)
    deciding.adopt(now.id, version=now.version, reason="符合", by=officer)
    assert make.evaluation_now(now.id).state is State.ADOPTED


@pytest.mark.clause("JL-22-2")
def test_who_is_let_go_leaves_its_place_its_count_and_the_page(
    make: Make, context: None, leading: Agency, partner: Agency, sign_in: SignIn
) -> None:
    evaluation = make.joint(leading, partner, level=Level.NATIONAL)
    assert holders(make, evaluation) == (2, 2)
    evaluation = answer(make, evaluation, partner, reason="没有约定联合评价")
    officer = make.officer("approver")
    services.let_go(evaluation.id, partner.id, version=evaluation.version, reason="协议无其印章", by=officer)
    assert [party.agency_id for party in make.evaluation_now(evaluation.id).parties] == [leading.id]
    assert holders(make, evaluation) == (1, 1)
    left = select(func.coalesce(func.sum(Tally.count), 0)).where(Tally.agency_id == partner.id)
    assert db.session.scalar(left) == 0
    assert told(make, "partner_left") == {("agency", str(partner.id))}
    assert told(make, "partner_let_go") == {("agency", str(leading.id))}
    assert sign_in(make.user_of(partner)).get(f"/evaluations/{evaluation.id}").status_code == 404
    now = make.evaluation_now(evaluation.id)
    with pytest.raises(services.NotJoining):
        services.let_go(now.id, partner.id, version=now.version, reason="协议无其印章", by=officer)


@pytest.mark.clause("JL-22-2")
def test_the_place_of_a_representative_of_both_stays(make: Make, context: None) -> None:
    number = made_up_number()
    first, sister = (make.filing(agency=make.qualified_agency(representative_number=number)).agency for _ in range(2))
    evaluation = make.joint(first, sister, level=Level.NATIONAL)
    assert holders(make, evaluation) == (1, 2)
    evaluation = answer(make, evaluation, sister, reason="没有约定联合评价")
    officer = make.officer("approver")
    services.let_go(evaluation.id, sister.id, version=evaluation.version, reason="协议无其印章", by=officer)
    assert holders(make, evaluation) == (1, 1)


def test_withdrawn_nobody_is_asked_and_restored_the_refusal_stands(
    make: Make, context: None, leading: Agency, partner: Agency
) -> None:
    evaluation = answer(make, make.joint(leading, partner), partner, reason="没有约定联合评价")
    withdrawing.withdraw(evaluation.id, version=evaluation.version, by=make.user_of(leading), reason="不再联合")
    withdrawn = make.evaluation_now(evaluation.id)
    officer = make.officer("municipal", bureau=BUREAU)
    with pytest.raises(NotPossibleNow):
        answer(make, withdrawn, partner)
    with pytest.raises(NotPossibleNow):
        services.let_go(withdrawn.id, partner.id, version=withdrawn.version, reason="属实", by=officer)
    deciding.restore(withdrawn.id, version=withdrawn.version, reason="继续", by=officer)
    assert consent(make, evaluation) == [Consent.NOT_ASKED, Consent.REFUSED]


@pytest.mark.clause("JL-22-2")
def test_raised_to_national_the_partner_whose_place_it_takes_is_asked_anew(
    make: Make, context: None, leading: Agency, partner: Agency
) -> None:
    evaluation = answer(make, make.joint(leading, partner, level=Level.MUNICIPAL), partner)
    user = make.user_of(leading)
    registering.raise_level(evaluation.id, Level.PROVINCIAL, version=evaluation.version, by=user)
    assert consent(make, evaluation) == [Consent.NOT_ASKED, Consent.GIVEN]
    evaluation = make.evaluation_now(evaluation.id)
    registering.raise_level(evaluation.id, Level.NATIONAL, version=evaluation.version, by=user)
    assert consent(make, evaluation) == [Consent.NOT_ASKED, Consent.ASKED]
    assert told(make, "partner_asked") == {("agency", str(partner.id))}


# ── what the gate says of a partner ──────────────────────────────────────────────────────────────────────────────────


def refusals(entry: RegistrationEntry, *, desk: bool) -> list[tuple[Hindrance, str]]:
    judged = facts.facts_of(db.session(), entry, on=clock.today(), desk=desk)
    return [(each.what, each.told) for each in gate.check(judged, jurisdiction()).in_the_way]


def lose_conditions(agency: Agency) -> None:
    with transaction() as session:
        session.add(
            Flag(agency_id=agency.id, kind=FlagKind.CONDITIONS_NOT_MET, since=clock.today(), facts="中级仅 9 人")
        )


def bar(agency: Agency, by: User) -> None:
    today = clock.today()
    with transaction() as session:
        session.add(
            NonAdoption(
                agency_id=agency.id, first_day=today, last_day=today.replace(year=today.year + 3), document="1 号",
                basis="报告数据造假", entered_at=clock.now(), entered_by=by.id,
            )
        )  # fmt: skip


def fill(agency: Agency) -> None:
    for _ in range(15):
        with transaction() as session:
            row = bare_evaluation(session, agency.id, begun_on=clock.today())
            places.take(session, row.id, [agency.id], counted_on=clock.today())


@pytest.mark.clause("JL-12-1")
def test_why_a_partner_may_not_is_told_to_the_desk_alone(
    make: Make, context: None, leading: Agency, partner: Agency
) -> None:
    entry = make.entry(leading, level=Level.NATIONAL)
    joint = replace(entry, agency_ids=(leading.id, partner.id))
    assert refusals(joint, desk=False) == []
    lose_conditions(partner)
    bar(partner, make.officer("approver"))
    fill(partner)
    by_desk = [what for what, _ in refusals(joint, desk=True)]
    assert by_desk == [Hindrance.CONDITIONS_NOT_MET, Hindrance.NON_ADOPTION, Hindrance.NO_PLACE]
    [(what, words)] = refusals(joint, desk=False)
    assert what is Hindrance.PARTNER
    assert partner.name in words
    assert "请与该机构联系" in words
    for secret in ("条件", "不予采信", "中级", "15", "名额", "第二十", "沈"):
        assert secret not in words
    with pytest.raises(DomainError) as caught:
        registering.register(joint, AGREEMENT, by=make.user_of(leading))
    assert (caught.value.field, caught.value.clause) == ("partners", "JL-12-1")
    own = replace(entry, agency_ids=(partner.id,))  # of itself it reads all
    assert [what for what, _ in refusals(own, desk=False)] == by_desk


def test_who_works_for_a_partner_is_not_named(make: Make, context: None, leading: Agency, partner: Agency) -> None:
    entry = make.entry(leading, make.applicant(contact_name="中职员11"))
    joint = replace(entry, agency_ids=(leading.id, partner.id), statement="")
    cautions = refusals(joint, desk=False)
    assert [what for what, _ in cautions] == [Hindrance.SAME_NAME, Hindrance.SAME_NAME]
    assert "中职员11" in cautions[0][1]
    assert "中职员11" not in cautions[1][1]
    assert partner.name in cautions[1][1]
    assert all("中职员11" in words for _, words in refusals(joint, desk=True))


def test_each_agency_sees_its_own_places_and_the_desk_all(
    make: Make, leading: Agency, partner: Agency, sign_in: SignIn
) -> None:
    with make.app.app_context():
        for _ in range(4):
            with transaction() as session:
                row = bare_evaluation(session, partner.id, begun_on=clock.today())
                places.take(session, row.id, [partner.id], counted_on=clock.today())
    evaluation = make.joint(leading, partner, level=Level.NATIONAL)
    of_leading = sign_in(make.user_of(leading)).get(f"/evaluations/{evaluation.id}").text
    of_partner = sign_in(make.user_of(partner)).get(f"/evaluations/{evaluation.id}").text
    of_desk = sign_in(make.officer("approver")).get(f"/desk/evaluations/{evaluation.id}").text
    assert ("第 1 项" in of_leading, "第 5 项" in of_leading) == (True, False)
    assert ("第 1 项" in of_partner, "第 5 项" in of_partner) == (False, True)
    assert ("第 1 项" in of_desk, "第 5 项" in of_desk) == (True, True)


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_partner_confirms_on_the_page_of_the_evaluation(
    make: Make, leading: Agency, partner: Agency, sign_in: SignIn
) -> None:
    evaluation = make.joint(leading, partner)
    client, leader = sign_in(make.user_of(partner)), sign_in(make.user_of(leading))
    at = f"/evaluations/{evaluation.id}"
    assert "请确认：贵单位是否联合参加这项评价？" in client.get(at).text
    assert "请确认：贵单位" not in leader.get(at).text
    assert "联合，待其确认" in leader.get(at).text
    assert leader.get(f"{at}/agree").status_code == 403
    assert "占用贵单位" not in client.get(f"{at}/agree").text
    answered = client.post(f"{at}/agree", data={"version": evaluation.version}, follow_redirects=True)
    assert "已确认联合参加" in answered.text
    late = client.get(f"{at}/agree", follow_redirects=True)
    assert "不需要再答复" in late.text
    assert "不需要再答复" in client.get(f"{at}/refuse", follow_redirects=True).text
    assert client.post(f"{at}/agree", data={"version": evaluation.version}).status_code == 409


def test_a_refusal_wants_its_reason_and_is_decided_on_the_desk(
    make: Make, leading: Agency, partner: Agency, sign_in: SignIn
) -> None:
    evaluation = make.joint(leading, partner)
    client, desk = sign_in(make.user_of(partner)), sign_in(make.officer("municipal", bureau=BUREAU))
    at, there = f"/evaluations/{evaluation.id}", f"/desk/evaluations/{evaluation.id}"
    assert "没有待决定的联合评价答复" in desk.get(f"{there}/partner", follow_redirects=True).text
    assert "待决定的联合评价" not in desk.get("/desk").text
    assert client.post(f"{at}/refuse", data={"version": evaluation.version, "reason": ""}).status_code == 422
    sent = client.post(
        f"{at}/refuse", data={"version": evaluation.version, "reason": "没有约定"}, follow_redirects=True
    )
    assert "改为确认" in sent.text
    assert "待决定的联合评价" in desk.get("/desk").text
    page = desk.get(there).text
    assert "不同意联合参加：没有约定" in page
    version = make.evaluation_now(evaluation.id).version
    assert desk.get(f"{there}/partner").status_code == 200
    stale = desk.post(f"{there}/partner", data={"version": version - 1, "outcome": "leaves", "reason": "属实"})
    assert stale.status_code == 409
    decided = desk.post(
        f"{there}/partner", data={"version": version, "outcome": "leaves", "reason": "属实"}, follow_redirects=True
    )
    assert "对联合评价的决定已保存" in decided.text
    assert "待决定的联合评价" not in desk.get("/desk").text
    assert [party.agency_id for party in make.evaluation_now(evaluation.id).parties] == [leading.id]
