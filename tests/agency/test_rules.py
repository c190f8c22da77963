"""Articles 20 to 22: the conditions, at their edges, and what an officer may decide."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency import majors, rules, titles
from agency.particulars import (
    AgencyKind,
    Capability,
    DeclarationKind,
    Elsewhere,
    Employment,
    Judgement,
    MaterialKind,
    Office,
    Record,
    RecordKind,
    RecordRole,
    Tenure,
    TitleLevel,
)
from core import law
from core.law import Verdict
from tests.agency.facts import INTERMEDIATE, ON, member, particulars, staff

TABLES = rules.Tables(titles.table(), majors.table())
LAW = law.jurisdiction()
MET, NOT_MET, OPEN = Verdict.MET, Verdict.NOT_MET, Verdict.NEEDS_JUDGEMENT
CLAUSES = ("JL-20-1", "JL-20-2", "JL-20-3", "JL-20-4", "JL-20-5", "JL-21-1", "JL-22-1b")


def check(facts, *, on=ON, judgements=()):
    return rules.check(facts, on=on, judgements=judgements, tables=TABLES, jurisdiction=LAW)


def finding(clause, *, on=ON, judgements=(), **changes):
    return next(each for each in check(particulars(**changes), on=on, judgements=judgements) if each.clause == clause)


def assess(person, *, on=ON, judgements=()):
    return rules.assess(person, on=on, tables=TABLES, law=LAW, judgements=judgements)


def decide(point, *, accepted=True, on=ON, level=None, reason="经核"):
    return Judgement(point.point, point.basis, accepted, reason, "审核员", on, level)


def test_an_agency_with_everything_meets_every_clause_with_nothing_due():
    findings = check(particulars())
    assert tuple(each.clause for each in findings) == CLAUSES
    assert [each.verdict for each in findings] == [MET] * 7
    assert [each.still_due for each in findings] == [()] * 7
    assert rules.overall(findings) is MET


@pytest.mark.clause("JL-20-3")
@pytest.mark.parametrize(
    ("seniors", "intermediates", "verdict"),
    [
        (5, 5, MET),  # the five are among the ten
        (10, 0, MET),
        (5, 4, NOT_MET),
        (4, 60, NOT_MET),
        (9, 0, NOT_MET),
        (0, 0, NOT_MET),
    ],
)
def test_ten_specialists_suffice_only_when_five_of_them_are_senior(seniors, intermediates, verdict):
    found = finding("JL-20-3", staff=staff(seniors, intermediates))
    assert found.verdict is verdict
    assert [len(names) for _, names in found.counted] == [seniors + intermediates, seniors]


@pytest.mark.clause("JL-20-3")
def test_a_doubtful_tenth_leaves_it_to_an_officer_and_a_doubtful_eleventh_does_not():
    doubtful = member(90, title=INTERMEDIATE, employment=Employment.DISPATCHED)
    assert finding("JL-20-3", staff=(*staff(5, 4), doubtful)).verdict is OPEN
    assert finding("JL-20-3", staff=(*staff(5, 5), doubtful)).verdict is MET
    assert finding("JL-20-3", staff=(*staff(5, 3), doubtful)).verdict is NOT_MET


@pytest.mark.clause("JL-20-3")
def test_the_names_behind_the_counts_and_the_reasons_are_told():
    people = (*staff(5, 5), member(90, title="助理工程师"), member(91, major="会计"), member(92, title="注册会计师"))
    found = finding("JL-20-3", staff=people)
    assert found.reason == "中级及以上 11/10 人，其中相关专业高级 5/5 人"
    why = dict(found.not_counted)
    assert "未到中级" in why["人员90"]
    assert "会计" in why["人员91"]
    assert "不是职称" in why["人员92"]
    assert "未到高级" in why["人员6"]
    assert "人员1" not in why


@pytest.mark.clause("JL-20-3")
@pytest.mark.parametrize(
    ("changes", "full_time", "code"),
    [
        ({}, MET, None),
        ({"employment": Employment.ESTABLISHMENT}, MET, None),
        ({"employment": Employment.REHIRED}, OPEN, "retired_rehired"),
        ({"employment": Employment.DISPATCHED}, OPEN, "dispatched"),
        ({"employment": Employment.SECONDED}, OPEN, "borrowed"),
        ({"insured_elsewhere": "某公司"}, OPEN, "social_security_elsewhere"),
        ({"elsewhere": Elsewhere.CLAIMED}, OPEN, "person_in_another_roster"),
        ({"elsewhere": Elsewhere.FILED}, OPEN, "person_in_another_roster"),
        ({"birth_on": date(1964, 6, 30)}, OPEN, "over_retirement_age"),
        ({"employment": Employment.PART_TIME}, NOT_MET, None),
        ({"full_time": False}, NOT_MET, None),
        ({"full_time": False, "employment": Employment.REHIRED}, NOT_MET, None),
        ({"contract_until": ON}, MET, None),
        ({"contract_until": ON - timedelta(days=1)}, NOT_MET, None),
        ({"left_on": ON}, MET, None),
        ({"left_on": ON - timedelta(days=1)}, NOT_MET, None),
        ({"joined_on": ON}, MET, None),
        ({"joined_on": ON + timedelta(days=1)}, NOT_MET, None),
    ],
)
def test_who_is_full_time(changes, full_time, code):
    person = assess(member(**changes))
    assert person.full_time is full_time
    assert [doubt.value for doubt in person.doubts] == ([code] if code else [])
    assert [point.point for point in person.points] == (["staff:1:full_time"] if code else [])
    assert bool(person.why) is (full_time is not MET)


@pytest.mark.clause("JL-20-3")
def test_a_title_counts_from_the_day_it_was_granted():
    assert assess(member(granted_on=ON)).seniority is MET
    later = assess(member(granted_on=ON + timedelta(days=1)))
    assert (later.qualification, later.points) == (NOT_MET, ())


@pytest.mark.clause("JL-20-3")
@pytest.mark.parametrize(
    ("declared", "qualification", "seniority"),
    [
        (None, OPEN, OPEN),
        (TitleLevel.FULL_SENIOR, OPEN, OPEN),
        (TitleLevel.INTERMEDIATE, OPEN, NOT_MET),
        (TitleLevel.JUNIOR, NOT_MET, NOT_MET),
    ],
)
def test_an_unknown_title_is_never_guessed_upwards(declared, qualification, seniority):
    person = assess(member(title="资深专家", declared_level=declared))
    assert (person.level, person.qualification, person.seniority) == (None, qualification, seniority)


@pytest.mark.clause("JL-20-3")
def test_an_officer_decides_what_an_unknown_title_is():
    unknown = member(title="资深专家", declared_level=TitleLevel.FULL_SENIOR)
    [point] = assess(unknown).points
    assert point.point == "staff:1:title"
    taken = assess(unknown, judgements=[decide(point, level=TitleLevel.INTERMEDIATE)])
    assert (taken.level, taken.qualification, taken.seniority) == (TitleLevel.INTERMEDIATE, MET, NOT_MET)
    refused = assess(unknown, judgements=[decide(point, accepted=False, reason="无证书")])
    assert refused.qualification is NOT_MET
    assert "无证书" in refused.why


@pytest.mark.clause("JL-20-3")
@pytest.mark.parametrize(
    ("changes", "name"),
    [({"employment": Employment.REHIRED}, "full_time"), ({"major": "机械"}, "major"), ({"major": ""}, "major")],
)
def test_an_officers_decision_holds_while_the_facts_do(changes, name):
    person = member(**changes)
    [point] = assess(person).points
    assert point.point == f"staff:1:{name}"
    assert assess(person, judgements=[decide(point)]).seniority is MET
    assert assess(person, judgements=[decide(point, accepted=False)]).seniority is NOT_MET
    changed = {"full_time": {"elsewhere": Elsewhere.CLAIMED}, "major": {"degree_major": "化工"}}[name]
    assert assess(dataclasses.replace(person, **changed), judgements=[decide(point)]).seniority is OPEN
    another = dataclasses.replace(person, identity="another person")
    assert assess(another, judgements=[decide(point)]).seniority is OPEN


@pytest.mark.clause("JL-20-3")
def test_the_last_decision_counts_and_none_before_its_day():
    person = member(employment=Employment.REHIRED)
    [point] = assess(person).points
    first, second = decide(point, on=date(2026, 6, 1)), decide(point, accepted=False, on=date(2026, 6, 20))
    assert assess(person, judgements=[second, first]).full_time is NOT_MET
    assert assess(person, on=date(2026, 6, 10), judgements=[second, first]).full_time is MET
    assert assess(person, on=date(2026, 5, 31), judgements=[second, first]).full_time is OPEN


@pytest.mark.clause("JL-20-3")
def test_a_new_doubt_reopens_what_was_accepted():
    person = member(employment=Employment.DISPATCHED, birth_on=date(1966, 3, 20))
    [point] = assess(person).points
    assert assess(person, judgements=[decide(point)]).full_time is MET
    assert assess(person, on=date(2026, 7, 20), judgements=[decide(point)]).full_time is OPEN


@pytest.mark.clause("JL-20-3")
def test_a_person_counts_until_the_day_before_the_statutory_age_is_reached():
    person = member(birth_on=date(1966, 3, 20))
    assert assess(person, on=date(2026, 7, 19)).full_time is MET
    assert assess(person, on=date(2026, 7, 20)).full_time is OPEN


@pytest.mark.clause("JL-20-3")
@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, {MaterialKind.TITLE_CERTIFICATE, MaterialKind.CONTRACT, MaterialKind.INSURANCE}),
        ({"employment": Employment.ESTABLISHMENT}, {MaterialKind.TITLE_CERTIFICATE, MaterialKind.CONTRACT}),
        ({"employment": Employment.REHIRED}, {MaterialKind.TITLE_CERTIFICATE, MaterialKind.CONTRACT}),
        ({"title": "助理工程师"}, set()),
        ({"full_time": False}, set()),
    ],
)
def test_proofs_are_due_for_whoever_counts_and_are_no_reason_not_to(changes, due):
    person = assess(member(**changes))
    assert set(person.still_due) == {f"人员1：{kind.label}" for kind in due}


@pytest.mark.clause("JL-20-3")
def test_missing_proofs_leave_the_clause_met_and_due():
    found = finding("JL-20-3", materials=())
    assert found.verdict is MET
    assert len(found.still_due) == 30


@pytest.mark.clause("JL-20-1")
@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, MET),
        ({"kind": AgencyKind.PUBLIC_INSTITUTION}, MET),
        ({"kind": AgencyKind.ASSOCIATION}, MET),
        ({"kind": AgencyKind.OTHER}, OPEN),
        ({"in_china": False}, NOT_MET),
        ({"representative": None}, NOT_MET),
        ({"credit_code": "92220101MA0TE5T16T"}, NOT_MET),
        ({"name": "某某（北京）评价有限公司长春分公司"}, NOT_MET),
        ({"name": "某设计院吉林分院"}, NOT_MET),
        ({"name": "某会计师事务所长春分所"}, NOT_MET),
        ({"name": "某公司（分公司）"}, NOT_MET),
        ({"name": "某公司长春办事处 "}, NOT_MET),
        ({"name": "某评价中心（有限合伙）"}, NOT_MET),
        ({"name": "吉林省分院路评价有限公司"}, MET),
    ],
)
def test_only_an_independent_legal_person_registered_in_china_qualifies(changes, verdict):
    assert finding("JL-20-1", **changes).verdict is verdict


@pytest.mark.clause("JL-20-1")
def test_another_kind_of_body_is_judged_by_an_officer_while_it_stays_the_same():
    facts = particulars(kind=AgencyKind.OTHER)
    [point] = rules.open_points(facts, on=ON, judgements=(), tables=TABLES, jurisdiction=LAW)
    basis = rules.basis_of(facts, point.point, on=ON, judgements=(), tables=TABLES, jurisdiction=LAW)
    assert (point.point, point.basis) == ("clause:JL-20-1", basis)
    accepted = [decide(point)]
    assert finding("JL-20-1", kind=AgencyKind.OTHER, judgements=accepted).verdict is MET
    assert finding("JL-20-1", kind=AgencyKind.OTHER, name="另一机构", judgements=accepted).verdict is OPEN
    assert rules.open_points(facts, on=ON, judgements=accepted, tables=TABLES, jurisdiction=LAW) == ()


def office(**changes):
    facts = {"id": 1, "address": "某街", "area_m2": 50.0, "tenure": Tenure.LEASED, "leased_until": ON}
    return (Office(**facts | changes),)


@pytest.mark.clause("JL-20-2")
@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"offices": office()}, MET),  # the last day of the lease
        ({"offices": office(leased_until=ON - timedelta(days=1))}, NOT_MET),
        ({"offices": office(leased_until=None)}, NOT_MET),
        ({"offices": office(tenure=Tenure.OWNED, leased_until=None)}, MET),
        ({"offices": office(area_m2=0.0)}, NOT_MET),
        ({"offices": ()}, NOT_MET),
        ({"offices": (*office(leased_until=date(2020, 1, 1)), *office(id=2))}, MET),
        ({"finance_system": " "}, NOT_MET),
    ],
)
def test_a_fixed_office_and_a_financial_system_are_needed(changes, verdict):
    assert finding("JL-20-2", **changes).verdict is verdict


@pytest.mark.clause("JL-20-4")
@pytest.mark.clause("JL-23-1")
def test_lawful_staff_are_declared_and_rules_are_due():
    declared = tuple(each for each in particulars().declarations if each.kind is not DeclarationKind.LAWFUL)
    assert finding("JL-20-4", declarations=declared).verdict is NOT_MET
    without = finding("JL-20-4", materials=())
    assert (without.verdict, set(without.still_due)) == (
        MET,
        {MaterialKind.QUALITY_RULES.label, MaterialKind.REVIEW_RULES.label},
    )


def record(on):
    return (Record(1, RecordKind.EVALUATION, RecordRole.JOINED, "某评价", "1", "某厂", on),)


@pytest.mark.clause("JL-20-5")
@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        (ON, MET),
        (date(2021, 6, 30), MET),
        (date(2021, 6, 29), NOT_MET),
        (date(2026, 7, 1), NOT_MET),
    ],
)
def test_the_record_is_of_the_five_years_up_to_the_day(on, verdict):
    assert finding("JL-20-5", records=record(on)).verdict is verdict


@pytest.mark.clause("JL-20-5")
def test_ability_in_some_of_the_three_fields_is_for_an_officer():
    some = (Capability.FACTORY,)
    assert finding("JL-20-5", capabilities=some).verdict is OPEN
    assert finding("JL-20-5", capabilities=()).verdict is NOT_MET
    [point] = rules.open_points(particulars(capabilities=some), on=ON, judgements=(), tables=TABLES, jurisdiction=LAW)
    assert finding("JL-20-5", capabilities=some, judgements=[decide(point)]).verdict is MET
    assert finding("JL-20-5", capabilities=some, judgements=[decide(point, accepted=False)]).verdict is NOT_MET


@pytest.mark.clause("JL-20-5")
def test_one_proven_record_suffices_and_none_is_due():
    assert finding("JL-20-5").still_due == ()
    assert len(finding("JL-20-5", materials=()).still_due) == 1


@pytest.mark.clause("JL-21-1")
@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, MET),
        ({"platform_number": ""}, NOT_MET),
        ({"platform_registered_on": None}, NOT_MET),
        ({"platform_registered_on": ON}, MET),
        ({"platform_registered_on": ON + timedelta(days=1)}, NOT_MET),
    ],
)
def test_registration_on_the_platform_is_needed(changes, verdict):
    assert finding("JL-21-1", **changes).verdict is verdict


@pytest.mark.clause("JL-22-1b")
@pytest.mark.parametrize("missing", [kind for kind in DeclarationKind if kind is not DeclarationKind.LAWFUL])
def test_fair_dealing_is_declared_whole_and_committed_to(missing):
    declared = tuple(each for each in particulars().declarations if each.kind is not missing)
    found = finding("JL-22-1b", declarations=declared)
    assert (found.verdict, found.still_due) == (NOT_MET, (f"声明：{missing.label}",))
    assert finding("JL-22-1b", materials=()).still_due == (MaterialKind.COMMITMENT.label,)


people = st.builds(
    member,
    id=st.integers(1, 400),
    title=st.sampled_from(["正高级工程师", "高级工程师", "工程师", "助理工程师", "技师", "资深专家", ""]),
    major=st.sampled_from(["环境工程", "机械", "会计", ""]),
    employment=st.sampled_from(list(Employment)),
    full_time=st.booleans(),
    insured_elsewhere=st.sampled_from(["", "某公司"]),
)


@pytest.mark.clause("JL-20-3")
@given(roster=st.lists(people, max_size=14), another=people)
def test_adding_anybody_never_worsens_the_verdict(roster, another):
    before, after = (
        rules.enough_specialists([assess(person) for person in group], intermediate=4, senior=2).verdict
        for group in (roster, [*roster, another])
    )
    assert after.rank >= before.rank


@pytest.mark.clause("JL-20-3")
@given(person=people)
def test_seniority_is_never_better_than_qualification(person):
    judged = assess(person)
    assert judged.seniority.rank <= judged.qualification.rank
    assert (judged.seniority is MET) is (judged.why == "")
