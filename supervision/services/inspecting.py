"""Inspections: a draw is fixed and drawn, an inspection is opened of one that is named, an opinion is given."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import User
from agency.models import Agency
from applicants.models import Applicant
from core import audit, clock, numbers
from core.db import transaction
from supervision import casework, rules
from supervision.entries import DrawEntry
from supervision.models import Adjustment, Case, CaseKind, Ground, Inspection, InspectionDraw, StepKind
from supervision.queries import inspections as queries
from supervision.rules import inspecting

SEED_BYTES = 16


def fix_draw(entry: DrawEntry, *, by: User) -> int:
    """确定抽查: pool, number and method are fixed in one record. Without a public source the system makes the seed now,
    after the pool, and draws. Returns the draw's id; the same form sent twice is one draw.

    Raises NothingToDraw, PoolChanged.
    """
    with transaction() as session:
        known = session.scalar(select(InspectionDraw.id).where(InspectionDraw.token == entry.token))
        if known is not None:
            return known
        pool = queries.codes_of(queries.pool_of(session, entry.pool))
        inspecting.require_same_pool(entry.shown, pool)
        inspecting.require_drawable(pool, entry.wanted)
        now = clock.now()
        year = clock.today().year
        row = InspectionDraw(
            number=f"抽〔{year}〕{numbers.next_number(session, 'inspection_draw', year):04d}",
            token=entry.token,
            title=entry.title,
            matter=entry.matter,
            method=inspecting.METHOD,
            filters=entry.pool.words,
            pool=list(pool),
            wanted=entry.wanted,
            source=entry.source,
            fixed_at=now,
            fixed_by=by.id,
        )
        _add(session, row)
        mark = inspecting.fingerprint(pool, wanted=row.wanted, source=row.source, method=row.method)
        audit.record(session, "inspection_draw.fixed", row, by=by, after=mark)
        if not entry.source:
            _draw(session, row, secrets.token_hex(SEED_BYTES), by=by)
        return row.id


def _add(session: Session, row: InspectionDraw) -> None:
    """Of two who send one form at the same moment, the second is told, and takes no number."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise inspecting.AlreadyDrawn("这次抽查刚刚已经确定（重复提交），请在抽查检查中查看。") from None


def finish_draw(draw_id: int, seed: str, *, version: int, by: User) -> None:
    """填入公开号码: the seed that was named beforehand is there; the agencies are drawn, each gets its case.

    Raises NotASeed, AlreadyDrawn.
    """
    text = inspecting.seed_text(seed)
    with transaction() as session:
        row = session.get_one(InspectionDraw, draw_id, with_for_update=True, populate_existing=True)
        inspecting.require_undrawn(drawn=row.seed is not None, shown=version, now=row.version)
        _draw(session, row, text, by=by)


def _draw(session: Session, row: InspectionDraw, seed: str, *, by: User) -> None:
    row.version += 1
    row.seed, row.drawn_at, row.drawn_by = seed, clock.now(), by.id
    row.drawn = list(inspecting.draw(row.pool, seed, row.wanted))
    audit.record(session, "inspection_draw.drawn", row, by=by, after=f"{seed}：{len(row.drawn)}")
    ids = {agency.credit_code: agency.id for agency in _agencies(session, row.drawn)}
    for code in row.drawn:
        facts = (f"随机抽查 {row.number}：{row.title}", *row.matter.splitlines())
        _open(session, Ground.AGENCY, facts, by=by, agency_id=ids[code], draw_id=row.id)


def _agencies(session: Session, codes: Sequence[str]) -> Sequence[Agency]:
    return session.scalars(select(Agency).where(Agency.credit_code.in_(codes))).all()


def _open(
    session: Session,
    ground: Ground,
    facts: Sequence[str],
    *,
    by: User,
    agency_id: int | None = None,
    applicant_id: int | None = None,
    draw_id: int | None = None,
) -> Case:
    case = casework.open_case(
        session,
        CaseKind.INSPECTION,
        (*facts, f"依据：{ground.label}"),
        by=by,
        agency_id=agency_id,
        applicant_id=applicant_id,
        bureau=None if by.is_provincial else by.bureau,
        draw_id=draw_id,
    )
    session.add(Inspection(case_id=case.id, ground=ground))
    return case


def inspect_agency(agency_id: int, *, matter: str, by: User) -> int:
    """立案检查一家机构, named and with a reason. Returns the case's id. Raises BeingInspected."""
    with transaction() as session:
        session.get_one(Agency, agency_id, with_for_update={"of": Agency, "key_share": True})
        inspecting.require_none_open(queries.open_inspection(session, agency_id=agency_id, applicant_id=None))
        return _open(session, Ground.AGENCY, matter.splitlines(), by=by, agency_id=agency_id).id


def inspect_unit(applicant_id: int, ground: Ground, *, matter: str, by: User) -> int:
    """立案检查一家名单单位 (第十七条): a spot check, or because key indicators fall short. Returns the case's id.

    Raises NotOnAList, BeingInspected.
    """
    with transaction() as session:
        session.get_one(Applicant, applicant_id, with_for_update={"of": Applicant, "key_share": True})
        inspecting.require_listed(is_listed=queries.is_listed(session, applicant_id))
        inspecting.require_none_open(queries.open_inspection(session, agency_id=None, applicant_id=applicant_id))
        return _open(session, ground, matter.splitlines(), by=by, applicant_id=applicant_id).id


def advise(case_id: int, opinion: Adjustment, text: str, *, version: int, by: User) -> None:
    """提出动态调整意见 (第十七条), after the on-site assessment; the list's owner decides on it.

    Raises CaseClosed, NoOpinionNow.
    """
    with transaction() as session:
        case = session.get_one(Case, case_id, with_for_update={"of": Case}, populate_existing=True)
        rules.require_open(case.state, shown=version, now=case.version)
        inspection = queries.inspection_of(session, case)
        inspecting.require_opinion_possible(queries.adjustment_facts(case, inspection))
        if inspection is None:
            raise LookupError(f"case {case_id} is no inspection")
        inspection.opinion, inspection.opinion_text = opinion, text.strip()
        inspection.opinion_at, inspection.opinion_by = clock.now(), by.id
        case.version += 1
        casework.write(session, case, f"{opinion.label}：{text.strip()}", by=by, kind=StepKind.ADJUSTMENT)
        audit.record(session, "case.advised", case, by=by, after=opinion)
