"""Applicants are entered and corrected: codes, names, bureaus, identities, what old lists know."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from accounts.models import User
from applicants import keeping, queries
from applicants.keeping import AlreadyEntered, NotAsItShould
from applicants.models import Applicant, Kind, ListLevel, Origin
from applicants.rules import BadIndustryCode
from applicants.services import changing, entering
from applicants.services.changing import ChangedMeanwhile
from applicants.services.entering import NotThisBureau, OnlyAnOfficer
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.errors import DomainError, Refusals
from core.identifiers import CreditCode, CreditCodeCheckFailed, CreditCodeMissing, IdNumber
from core.identity import Identity
from tests.applicants.entries import entry, park
from tests.factories import Make
from tests.numbers import credit_code, id_number

pytestmark = pytest.mark.usefixtures("context")
Enter = Callable[..., Applicant]


@pytest.fixture
def reviewer(make: Make) -> User:
    return make.officer("reviewer")


@pytest.fixture
def enter(reviewer: User) -> Enter:
    def entered(what=None, *, by=reviewer, origin=Origin.DESK):
        return db.session.get(Applicant, entering.enter(what or entry(), by=by, origin=origin))

    return entered


def change(applicant, what, *, by, version=None):
    changing.change(applicant.id, what, version=version or applicant.version, by=by)
    db.session.rollback()


def acts(applicant):
    rows = select(AuditEntry.action).where(AuditEntry.object_kind == "applicant", AuditEntry.object_id == applicant.id)
    return list(db.session.scalars(rows.order_by(AuditEntry.number)))


def fields(refusal):
    single = refusal.refusals if isinstance(refusal, Refusals) else (refusal,)
    return {each.field for each in single}


def wrong_code(number=4001):
    sound = credit_code(number, area="220104")
    return next(
        sound[:-1] + last
        for last in "0123456789"
        if last != sound[-1] and not CreditCode(sound[:-1] + last).passes_check
    )


def test_an_applicant_is_entered_and_recorded(enter):
    row = enter(entry(industry_code=" ｃ3976 ", contact_phone="138 0000 0002"))
    assert (row.kinds, row.industry_code, row.contact_phone) == ((Kind.FACTORY,), "C3976", "13800000002")
    assert (row.bureau, row.region, row.origin, row.version) == ("changchun", "吉林", Origin.DESK, 1)
    assert acts(row) == ["applicant.entered"]
    assert queries.find_by_code(db.session(), row.credit_code) is row


def test_everything_wrong_is_told_at_once(enter):
    wrong = entry(
        name=" ", kinds=(), credit_code="123", bureau="nowhere", industry_code="36", contact_phone="12",
        contact_email="x", industrial_share=1001, representative_number="1", park="没有的园区", body_name="某会",
    )  # fmt: skip
    with pytest.raises(Refusals) as refusal:
        enter(wrong)
    assert fields(refusal.value) == {
        "name", "bureau", "credit_code", "industry_code", "contact_phone", "industrial_share",
        "representative_number", "park", "body_name",
    }  # fmt: skip
    assert db.session.scalar(select(Applicant)) is None


@pytest.mark.parametrize(
    ("changed", "field", "kind"),
    [
        ({"credit_code": ""}, "credit_code", CreditCodeMissing),
        ({"industry_code": ""}, "industry_code", NotAsItShould),
        ({"industry_code": "C367"}, "industry_code", BadIndustryCode),
        ({"industry": ""}, "industry", NotAsItShould),
        ({"kinds": ()}, "kinds", NotAsItShould),
        ({"bureau": ""}, "bureau", NotAsItShould),
        ({"industrial_share": -1}, "industrial_share", NotAsItShould),
        ({"contact_email": "nobody"}, "contact_email", NotAsItShould),
        ({"representative": "", "representative_number": id_number(7)}, "representative", NotAsItShould),
        ({"body_code": credit_code(9)}, "body_name", NotAsItShould),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused_at_its_field(enter, changed, field, kind):
    with pytest.raises(kind) as refusal:
        enter(entry(**changed))
    assert refusal.value.field == field


def test_one_code_is_entered_once(enter, make, reviewer):
    first = enter()
    with pytest.raises(AlreadyEntered, match=first.name) as refusal:
        enter(entry(name="另一家"))
    assert refusal.value.field == "credit_code"
    other = enter(entry(name="另一家", credit_code=credit_code(4003)))
    with pytest.raises(AlreadyEntered):
        change(other, entry(name="另一家"), by=reviewer)


def test_a_wrong_check_character_is_refused_and_an_officer_may_overrule_with_a_reason(enter, make, reviewer):
    with pytest.raises(CreditCodeCheckFailed) as refusal:
        enter(entry(credit_code=wrong_code()))
    assert refusal.value.field == "credit_code"
    row = enter(entry(credit_code=wrong_code(), overrule_code="已核验营业执照原件"))
    assert row.credit_code == wrong_code()
    reason = db.session.scalar(select(AuditEntry.reason).where(AuditEntry.action == "applicant.entered"))
    assert reason == "已核验营业执照原件"
    change(row, entry(credit_code=wrong_code(), county="南关区"), by=reviewer)  # as it was accepted, not judged again
    assert db.session.get(Applicant, row.id).county == "南关区"


def test_an_agency_enters_one_but_overrules_nothing(enter, make):
    user = make.user_of(make.agency())
    with pytest.raises(OnlyAnOfficer):
        enter(entry(credit_code=wrong_code(), overrule_code="看过"), by=user, origin=Origin.AGENCY)
    assert enter(by=user, origin=Origin.AGENCY).origin is Origin.AGENCY


def test_a_park_without_a_code_has_an_administering_body_with_one(enter):
    row = enter(park())
    assert (row.credit_code, row.body_code) == (None, park().body_code)
    assert row.industry_code == ""
    for changed, field in (
        ({"body_code": ""}, {"credit_code", "body_code"}),
        ({"body_name": ""}, {"body_name"}),
        ({"body_name": "", "body_code": ""}, {"credit_code"}),
    ):
        with pytest.raises(DomainError) as refusal:
            enter(park(name="另一园区", **changed))
        assert fields(refusal.value) == field


def test_two_parks_may_have_one_administering_body(enter):
    assert enter(park()).id != enter(park(name="长春北澄二期产业园")).id


def test_what_belongs_to_another_kind_is_not_kept(enter):
    row = enter(entry(industrial_share=400, is_green_factory=False))
    assert (row.industrial_share, row.is_green_factory) == (None, None)


def test_a_bureau_enters_its_own_only(enter, make):
    officer = make.officer("municipal", bureau="tonghua")
    with pytest.raises(NotThisBureau) as refusal:
        enter(by=officer)
    assert refusal.value.field == "bureau"
    assert enter(entry(bureau="tonghua"), by=officer).bureau == "tonghua"


@pytest.mark.parametrize("bureau", ["changbaishan", "meihekou"])
def test_the_eleven_bureaus_have_applicants_of_their_own(enter, bureau):
    assert enter(entry(bureau=bureau)).bureau == bureau


def test_of_an_identity_number_only_the_key_and_a_masked_form_are_kept(enter, reviewer):
    number = id_number(21)
    row = enter(entry(representative_number=number.lower()))
    assert row.representative_identity == Identity.of_number(IdNumber.parse(number)).key
    assert number not in str([getattr(row, column.key) for column in Applicant.__table__.columns])
    assert row.representative_masked == f"{number[:3]}{'*' * 13}{number[-2:]}"
    change(row, entry(), by=reviewer)  # not typed again: it stays
    assert db.session.get(Applicant, row.id).representative_identity is not None
    change(row, entry(representative="继任者"), by=reviewer)  # another person: the number was the former one's
    row = db.session.get(Applicant, row.id)
    assert (row.representative_identity, row.representative_masked) == (None, "")


def test_phones_lie_sealed_in_the_database(enter):
    row = enter()
    assert row.contact_phone == "13800000002"
    raw = db.session.connection().exec_driver_sql("SELECT contact_phone FROM applicant").scalar()
    assert b"13800000002" not in bytes(raw)


def test_no_phone_and_no_number_reaches_the_log(enter, reviewer):
    row = enter(entry(representative_number=id_number(22)))
    change(row, entry(contact_phone="13811112222", representative_number=id_number(23)), by=reviewer)
    logged = " ".join(str(each.content()) for each in db.session.scalars(select(AuditEntry)))
    for secret in ("13800000002", "13811112222", id_number(22), id_number(23)):
        assert secret not in logged


def test_a_change_is_recorded_by_what_changed(enter, reviewer):
    row = enter()
    change(row, entry(address="另一地址", listed=ListLevel.MUNICIPAL), by=reviewer)
    assert acts(row) == ["applicant.entered", "applicant.changed"]
    assert db.session.scalar(select(AuditEntry.after).where(AuditEntry.action == "applicant.changed")) == "地址、名单"


def test_saving_without_a_change_changes_nothing(enter, reviewer):
    row = enter()
    change(row, entry(), by=reviewer)
    assert acts(row) == ["applicant.entered"]
    assert db.session.get(Applicant, row.id).version == 1


def test_the_second_of_two_changes_is_told(enter, reviewer):
    row = enter()
    change(row, entry(county="南关区"), by=reviewer)
    with pytest.raises(ChangedMeanwhile):
        change(row, entry(county="绿园区"), by=reviewer, version=1)


def test_the_bureau_is_not_changed_here(enter, reviewer):
    row = enter()
    with pytest.raises(NotAsItShould, match="变更所属工信局") as refusal:
        change(row, entry(bureau="tonghua"), by=reviewer)
    assert refusal.value.field == "bureau"


def test_a_new_name_keeps_the_former_one(enter, reviewer):
    row = enter()
    change(row, entry(name="长春曜辰半导体有限公司"), by=reviewer)
    row = db.session.get(Applicant, row.id)
    assert [(each.name, each.until) for each in row.former_names] == [("长春曜辰光电科技有限公司", clock.today())]
    assert queries.find_by_name(db.session(), "长春曜辰光电科技有限公司") == [row]
    assert queries.find_by_name(db.session(), "长春曜辰半导体有限公司", bureau="tonghua") == []


def test_an_enterprise_lies_in_a_park_found_by_name_or_code(enter, reviewer):
    lies_in = enter(park())
    assert enter(entry(park=lies_in.name)).park_id == lies_in.id
    by_code = entry(name="另一家", credit_code=credit_code(4005), park=lies_in.body_code)
    assert enter(by_code).park_id == lies_in.id
    with pytest.raises(NotAsItShould, match="没有登记") as refusal:
        enter(entry(name="再一家", credit_code=credit_code(4006), park="长春曜辰光电科技有限公司"))  # no park
    assert refusal.value.field == "park"
    with pytest.raises(NotAsItShould, match="它自己"):
        change(lies_in, park(park=lies_in.name), by=reviewer)


def historic(make: Make, **given):
    values = {"credit_code": None, "origin": Origin.HISTORY, "bureau": "", "industry_code": "", "name": entry().name}
    return make.applicant(**values | given)


def test_one_that_an_old_list_knows_by_name_alone_is_completed(enter, make):
    known = historic(make)
    row = enter()
    assert row.id == known.id
    assert (row.credit_code, row.bureau, row.origin) == (entry().credit_code, "changchun", Origin.HISTORY)
    assert acts(row) == ["applicant.completed"]
    assert row.former_names == []


def test_one_of_the_same_name_elsewhere_is_told_of(enter, make):
    historic(make, bureau="tonghua")
    with pytest.raises(AlreadyEntered, match="通化") as refusal:
        enter()
    assert refusal.value.field == "name"


@pytest.mark.parametrize("other", [{"region": "辽宁"}, {"origin": Origin.DESK}, {"credit_code": credit_code(4010)}])
def test_nothing_else_of_the_same_name_is_completed(enter, make, other):
    known = historic(make, **other)
    assert enter().id != known.id


def test_historic_ones_may_go_on_without_code_and_industry(make, reviewer):
    known = historic(make, bureau="changchun")
    change(known, entry(credit_code="", industry_code="", industry=""), by=reviewer)
    assert db.session.get(Applicant, known.id).credit_code is None


def test_an_applicant_outside_needs_no_bureau(make, reviewer):
    known = historic(make, region="辽宁")
    change(known, entry(credit_code="", bureau="", county="沈阳", region="辽宁"), by=reviewer)
    assert db.session.get(Applicant, known.id).county == "沈阳"


def test_a_sheet_can_be_judged_without_entering_anything(make):
    with transaction() as session:
        sound = keeping.require_sound(session, entry(industry_code="3976"))
    assert sound.industry_code == "3976"
    assert db.session.scalar(select(Applicant)) is None
