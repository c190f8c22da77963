"""Valid objects for tests, one mix-in a package."""

from tests.factories.applicants import MakesApplicants
from tests.factories.filings import MakesFilings
from tests.factories.ledgers import MakesLedgers


class Make(MakesApplicants, MakesFilings, MakesLedgers):
    """`make.officer("reviewer")`, `make.agency()` …"""
