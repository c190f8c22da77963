"""Reading 3 on a filing under review: other agencies' claims on its staff, laid before or after its hand-in."""

import pytest
from sqlalchemy import select

from agency.models import StaffMember
from core.db import db, transaction
from core.law import Verdict
from filing import queries
from filing.models import Filing


@pytest.mark.clause("JL-20-3")
def test_a_claim_laid_after_the_hand_in_is_judged_too(context, make):
    first, second = make.qualified_agency(), make.qualified_agency(seniors=5, intermediates=5)
    shared = db.session.scalars(select(StaffMember).where(StaffMember.agency_id == first.id)).first()
    with transaction() as session:
        row = session.scalars(select(StaffMember).where(StaffMember.agency_id == second.id)).first()
        row.person_id = shared.person_id
    under_review = make.filing("under_review", agency=second)
    filing = db.session.get(Filing, under_review.id)
    assert queries.check_of(db.session(), filing).verdict is Verdict.MET
    make.filing("submitted", agency=first)
    db.session.rollback()  # a fresh read
    assert queries.check_of(db.session(), filing).verdict is Verdict.NEEDS_JUDGEMENT
