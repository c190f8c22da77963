"""The mark 条件不符 stands beside a filing, and ends with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from agency import recheck
from agency.models import Agency, Flag
from core import clock
from core.db import db, transaction
from filing import services
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("context")


def test_with_a_cancelled_filing_its_mark_ends_too(make: Make) -> None:
    filing = make.filing("filed")
    with transaction() as session:
        agency = session.get_one(Agency, filing.agency_id)
        for member in agency.staff:
            member.left_on = clock.today() - timedelta(days=1)
        recheck.run(session, agency)
    assert db.session.scalars(select(Flag.cleared_on)).one() is None
    services.cancel(filing.id, version=filing.version, by=make.user_of(filing.agency), reason="不再从事评价")
    assert db.session.scalars(select(Flag.cleared_on)).one() == clock.today()
