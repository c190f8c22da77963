"""Valid objects for tests, one mix-in a package."""

from tests.factories.applicants import MakesApplicants
from tests.factories.filings import MakesFilings
from tests.factories.ledgers import MakesLedgers
from tests.factories.supervision import MakesSupervision


class Make(MakesApplicants, MakesFilings, MakesLedgers, MakesSupervision):
    """`make.officer("reviewer")`, `make.agency()` …"""
