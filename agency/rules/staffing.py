"""Who counts under Article 20 (3), who doesn't, why, and what an officer can still decide (readings 2, 3 and 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agency.majors import MajorTable, Standing
from agency.particulars import (
    Elsewhere,
    Employment,
    Judgement,
    Material,
    MaterialKind,
    StaffMember,
    Subject,
    TitleLevel,
)
from agency.rules.judging import OpenPoint, digest, find_judgement
from agency.rules.retirement import retires_on
from agency.titles import TitleTable
from core.labels import Labelled
from core.law import Finding, Jurisdiction, Verdict, implements, worst


class Doubt(Labelled):
    """What an officer must look at in a person, named as the roster check prints it."""

    RETIRED_REHIRED = "retired_rehired", "退休返聘"
    OVER_RETIREMENT_AGE = "over_retirement_age", "已达到法定退休年龄"
    DISPATCHED = "dispatched", "劳务派遣"
    BORROWED = "borrowed", "借调"
    SOCIAL_SECURITY_ELSEWHERE = "social_security_elsewhere", "社会保险由其他单位缴纳"
    ELSEWHERE = "person_in_another_roster", "该人员另有任职申报，待核"
    TITLE_UNKNOWN = "title_unknown", "职称不在职称表内"
    LICENCE = "registration_is_not_a_title", "执业、注册类资格不是职称"
    SKILL_GRADE = "skill_grade_is_not_a_title", "技能等级不是职称"
    POST = "post_is_not_a_title", "岗位、学历不是职称"
    MAJOR_NEIGHBOURING = "major_neighbouring", "职称专业与相关专业相邻"
    MAJOR_UNKNOWN = "major_unknown", "职称专业不在专业表内"


NOT_TITLES = {"职业资格": Doubt.LICENCE, "技能等级": Doubt.SKILL_GRADE}
EMPLOYMENTS = {
    Employment.REHIRED: Doubt.RETIRED_REHIRED,
    Employment.DISPATCHED: Doubt.DISPATCHED,
    Employment.SECONDED: Doubt.BORROWED,
}


@dataclass(frozen=True, slots=True)
class Tables:
    """What titles and majors mean, as corrected by an admin."""

    titles: TitleTable
    majors: MajorTable


@dataclass(frozen=True, slots=True)
class Assessment:
    """One person under Article 20 (3)."""

    member: StaffMember
    level: TitleLevel | None  # None: the table doesn't know the title and no officer has decided
    title: Verdict  # intermediate or above
    senior_title: Verdict
    full_time: Verdict
    major: Verdict  # carries weight for seniors only
    qualification: Verdict  # whether the person is one of the ten
    seniority: Verdict  # whether the person is one of the five: never better than qualification
    doubts: tuple[Doubt, ...]
    points: tuple[OpenPoint, ...]
    why: str  # why the person counts in neither or only one of the two; "" for who counts in both
    still_due: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the three questions about a person."""

    verdict: Verdict
    why: str = ""
    doubts: tuple[Doubt, ...] = ()
    open_point: OpenPoint | None = None


def point_of(member: StaffMember, name: str) -> str:
    """The `point` of a judgement on a person: full_time, title or major."""
    return f"staff:{member.id}:{name}"


def assess(
    member: StaffMember,
    *,
    on: date,
    tables: Tables,
    law: Jurisdiction,
    judgements: Sequence[Judgement] = (),
    materials: Sequence[Material] = (),
) -> Assessment:
    """第二十条（三）: whether one person is among the ten, and among the five, on a day."""
    level, title = _title(member, on, tables, judgements)
    full_time = _full_time(member, on, law, judgements)
    senior = _senior_title(member, level, title)
    major = _major(member, on, tables, judgements) if senior is not Verdict.NOT_MET else _Part(Verdict.NOT_MET)
    qualification = worst((title.verdict, full_time.verdict))

    parts = [title, full_time, major] if qualification is not Verdict.NOT_MET else []
    # a person who can never count as full-time leaves an officer nothing to look at
    doubts = (*title.doubts, *full_time.doubts, *major.doubts) if full_time.verdict is not Verdict.NOT_MET else ()
    whys = [part.why for part in (title, full_time, major) if part.why]
    if not whys and senior is Verdict.NOT_MET:
        whys = ["职称未到高级，只计入中级及以上"]
    return Assessment(
        member=member,
        level=level,
        title=title.verdict,
        senior_title=senior,
        full_time=full_time.verdict,
        major=major.verdict,
        qualification=qualification,
        seniority=worst((qualification, senior, major.verdict)),
        doubts=doubts,
        points=tuple(part.open_point for part in parts if part.open_point),
        why="；".join(whys),
        still_due=_proofs_due(member, doubts, materials) if qualification is not Verdict.NOT_MET else (),
    )


def _title(
    member: StaffMember, on: date, tables: Tables, judgements: Sequence[Judgement]
) -> tuple[TitleLevel | None, _Part]:
    if not member.title.strip():
        return None, _Part(Verdict.NOT_MET, "没有填写职称")
    if member.granted_on and member.granted_on > on:
        return None, _Part(Verdict.NOT_MET, f"职称自 {member.granted_on} 起取得，尚未到该日")
    row = tables.titles.find(member.title, on=on)
    if row and row.level is TitleLevel.NOT_A_TITLE:
        doubt = NOT_TITLES.get(row.series, Doubt.POST)
        return row.level, _Part(Verdict.NOT_MET, f"“{member.title}”：{doubt.label}", (doubt,))
    if row:
        return row.level, _level_part(row.level, member.title)
    return _unknown_title(member, on, judgements)


def _level_part(level: TitleLevel, title: str) -> _Part:
    if level.is_intermediate_or_above:
        return _Part(Verdict.MET)
    return _Part(Verdict.NOT_MET, f"“{title}”为{level.label}，未到中级")


def _unknown_title(member: StaffMember, on: date, judgements: Sequence[Judgement]) -> tuple[TitleLevel | None, _Part]:
    point = point_of(member, "title")
    basis = digest(
        member.identity,
        member.title,
        member.series,
        member.declared_level,
        member.certificate_number,
        member.granted_on,
    )
    decided = find_judgement(judgements, point, basis, on=on)
    if decided and decided.accepted and decided.level:
        return decided.level, _level_part(decided.level, member.title)
    if decided:
        return None, _Part(Verdict.NOT_MET, f"职称“{member.title}”未获认可：{decided.reason}")
    declared = member.declared_level
    if declared and not declared.is_intermediate_or_above:
        return None, _Part(Verdict.NOT_MET, f"职称“{member.title}”不在职称表内，机构自认{declared.label}")
    taken_for = f"，机构认为属{declared.label}" if declared else ""
    question = f"职称“{member.title}”不在职称表内{taken_for}，待判断"
    return None, _Part(Verdict.NEEDS_JUDGEMENT, question, (Doubt.TITLE_UNKNOWN,), OpenPoint(point, basis, question))


def _senior_title(member: StaffMember, level: TitleLevel | None, title: _Part) -> Verdict:
    if level:
        return Verdict.MET if level.is_senior and title.verdict is Verdict.MET else Verdict.NOT_MET
    declared = member.declared_level
    return title.verdict if declared is None or declared.is_senior else Verdict.NOT_MET


def _full_time(member: StaffMember, on: date, law: Jurisdiction, judgements: Sequence[Judgement]) -> _Part:
    """Reading 3: the declaration counts, what contradicts it is for an officer, part-time never counts."""
    if why := _never_full_time(member, on):
        return _Part(Verdict.NOT_MET, why)
    doubts = _full_time_doubts(member, on, law)
    if not doubts:
        return _Part(Verdict.MET)
    point = point_of(member, "full_time")
    basis = digest(
        member.identity, member.employment, member.contract_until, member.insured_elsewhere, member.elsewhere, doubts
    )
    told = "、".join(doubt.label for doubt in doubts)
    decided = find_judgement(judgements, point, basis, on=on)
    if decided:
        verdict = Verdict.MET if decided.accepted else Verdict.NOT_MET
        return _Part(verdict, "" if decided.accepted else f"{told}，未获认可：{decided.reason}", doubts)
    question = f"{told}，是否认可为专职待判断"
    return _Part(Verdict.NEEDS_JUDGEMENT, question, doubts, OpenPoint(point, basis, question))


def _never_full_time(member: StaffMember, on: date) -> str:
    if member.joined_on and member.joined_on > on:
        return f"{member.joined_on} 才到岗"
    if member.left_on and member.left_on < on:
        return f"已于 {member.left_on} 离职"
    if member.employment is Employment.PART_TIME:
        return "兼职或非全日制，不是专职"
    if not member.full_time:
        return "未声明为专职"
    if member.elsewhere is Elsewhere.AWARDED:
        return member.elsewhere.label
    if member.contract_until and member.contract_until < on:
        return f"合同已于 {member.contract_until} 到期"
    return ""


def _full_time_doubts(member: StaffMember, on: date, law: Jurisdiction) -> tuple[Doubt, ...]:
    doubts = []
    if member.employment in EMPLOYMENTS:
        doubts.append(EMPLOYMENTS[member.employment])
    if retires_on(member.birth_on, member.sex, law=law, on=on) <= on:
        doubts.append(Doubt.OVER_RETIREMENT_AGE)
    if member.insured_elsewhere:
        doubts.append(Doubt.SOCIAL_SECURITY_ELSEWHERE)
    if member.elsewhere is not Elsewhere.NOWHERE:
        doubts.append(Doubt.ELSEWHERE)
    return tuple(doubts)


def _major(member: StaffMember, on: date, tables: Tables, judgements: Sequence[Judgement]) -> _Part:
    """The major of the title; the degree's where the certificate names none."""
    major = member.major or member.degree_major
    verdict = tables.majors.relevance(major, on=on)
    if verdict is Verdict.MET:
        return _Part(verdict)
    if verdict is Verdict.NOT_MET:
        return _Part(verdict, f"专业“{major}”不属相关专业，不计入相关专业高级")
    point = point_of(member, "major")
    basis = digest(member.identity, member.title, member.major, member.degree_major)
    known = tables.majors.standing(major, on=on)
    doubt = Doubt.MAJOR_NEIGHBOURING if known is Standing.NEIGHBOURING else Doubt.MAJOR_UNKNOWN
    decided = find_judgement(judgements, point, basis, on=on)
    if decided:
        why = "" if decided.accepted else f"专业“{major}”未认定为相关专业：{decided.reason}"
        return _Part(Verdict.MET if decided.accepted else Verdict.NOT_MET, why, (doubt,))
    question = f"专业“{major or '（未填）'}”是否属相关专业待判断"
    return _Part(verdict, question, (doubt,), OpenPoint(point, basis, question))


def _proofs_due(member: StaffMember, doubts: Sequence[Doubt], materials: Sequence[Material]) -> tuple[str, ...]:
    """The proofs that must be there before a person who counts, or could, is handed in.

    Staff of the establishment prove it instead of insurance; for the retired no employer pays any.
    """
    needed = [MaterialKind.TITLE_CERTIFICATE, MaterialKind.CONTRACT]
    retired = Doubt.RETIRED_REHIRED in doubts or Doubt.OVER_RETIREMENT_AGE in doubts
    if member.employment is not Employment.ESTABLISHMENT and not retired:
        needed.append(MaterialKind.INSURANCE)
    there = {each.kind for each in materials if each.subject is Subject.STAFF and each.subject_id == member.id}
    return tuple(f"{member.name}：{kind.label}" for kind in needed if kind not in there)


@implements("JL-20-3")
def enough_specialists(staff: Sequence[Assessment], *, intermediate: int, senior: int) -> Finding:
    """第二十条（三）: full-time staff of intermediate title or above, some of them senior in a relevant major.

    Nested, not added: the senior staff are counted among the intermediate. What an officer could still accept is
    counted apart: where it could tip the result, the result needs judgement.
    """
    counted = [person for person in staff if person.qualification is Verdict.MET]
    leading = [person for person in staff if person.seniority is Verdict.MET]
    possible = [person for person in staff if person.qualification is not Verdict.NOT_MET]
    possibly_leading = [person for person in staff if person.seniority is not Verdict.NOT_MET]
    if len(counted) >= intermediate and len(leading) >= senior:
        verdict = Verdict.MET
    elif len(possible) >= intermediate and len(possibly_leading) >= senior:
        verdict = Verdict.NEEDS_JUDGEMENT
    else:
        verdict = Verdict.NOT_MET
    return Finding(
        clause="JL-20-3",
        verdict=verdict,
        reason=f"中级及以上 {len(counted)}/{intermediate} 人，其中相关专业高级 {len(leading)}/{senior} 人",
        counted=(
            ("中级及以上", tuple(person.member.name for person in counted)),
            ("相关专业高级", tuple(person.member.name for person in leading)),
        ),
        not_counted=tuple((person.member.name, person.why) for person in staff if person.seniority is not Verdict.MET),
        still_due=tuple(due for person in staff for due in person.still_due),
    )
