"""Articles 20 to 22: what an agency must be and have before it may evaluate. Pure functions over facts."""

from collections.abc import Sequence
from datetime import date

from agency.particulars import Judgement, Particulars
from agency.rules import conditions, staffing
from agency.rules.conditions import is_branch
from agency.rules.judging import OpenPoint
from agency.rules.staffing import Assessment, Doubt, Tables, assess, enough_specialists
from core.law import Finding, Jurisdiction, Verdict, worst

__all__ = [
    "Assessment",
    "Doubt",
    "OpenPoint",
    "Tables",
    "assess",
    "assess_staff",
    "basis_of",
    "check",
    "enough_specialists",
    "is_branch",
    "open_points",
    "overall",
]


def check(
    particulars: Particulars,
    *,
    on: date,
    judgements: Sequence[Judgement],
    tables: Tables,
    jurisdiction: Jurisdiction,
    staff: Sequence[Assessment] | None = None,
) -> tuple[Finding, ...]:
    """The qualification check on a day, clause by clause: Article 20 (1) to (5), Article 21, Article 22 (1).

    `staff`: everybody on the roster, where they are assessed already.
    """
    if staff is None:
        staff = assess_staff(particulars, on=on, judgements=judgements, tables=tables, jurisdiction=jurisdiction)
    return (
        conditions.independent_legal_person(particulars, on=on, judgements=judgements),
        conditions.premises_and_finances(particulars, on=on),
        staffing.enough_specialists(
            staff,
            intermediate=jurisdiction.number("min_intermediate", on=on),
            senior=jurisdiction.number("min_senior", on=on),
        ),
        conditions.lawful_and_informed(particulars, on=on),
        conditions.able_and_experienced(
            particulars, on=on, judgements=judgements, years=jurisdiction.number("experience_years", on=on)
        ),
        conditions.registered_on_platform(particulars, on=on),
        conditions.committed_to_fair_dealing(particulars, on=on),
    )


def assess_staff(
    particulars: Particulars,
    *,
    on: date,
    judgements: Sequence[Judgement],
    tables: Tables,
    jurisdiction: Jurisdiction,
) -> tuple[Assessment, ...]:
    """Everybody on the roster: who counts, who doesn't and why."""
    return tuple(
        assess(
            member,
            on=on,
            tables=tables,
            law=jurisdiction,
            judgements=judgements,
            materials=particulars.materials,
        )
        for member in particulars.staff
    )


def open_points(
    particulars: Particulars,
    *,
    on: date,
    judgements: Sequence[Judgement],
    tables: Tables,
    jurisdiction: Jurisdiction,
) -> tuple[OpenPoint, ...]:
    """Everything that is left for an officer to decide on a day."""
    findings = check(particulars, on=on, judgements=judgements, tables=tables, jurisdiction=jurisdiction)
    clauses = (
        conditions.clause_point(particulars, finding.clause)
        for finding in findings
        if finding.verdict is Verdict.NEEDS_JUDGEMENT
    )
    staff = assess_staff(particulars, on=on, judgements=judgements, tables=tables, jurisdiction=jurisdiction)
    return (*(point for point in clauses if point), *(point for person in staff for point in person.points))


def basis_of(
    particulars: Particulars,
    point: str,
    *,
    on: date,
    judgements: Sequence[Judgement],
    tables: Tables,
    jurisdiction: Jurisdiction,
) -> str:
    """The digest of the facts that a judgement on a point would rest on; KeyError when the point isn't open."""
    open_now = open_points(particulars, on=on, judgements=judgements, tables=tables, jurisdiction=jurisdiction)
    return {each.point: each.basis for each in open_now}[point]


def overall(findings: Sequence[Finding]) -> Verdict:
    """Whether the conditions hold together: a filing with an unmet one stays a draft."""
    return worst(finding.verdict for finding in findings)
