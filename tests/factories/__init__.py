"""Valid objects for tests, one mix-in a package."""

from tests.factories.filings import MakesFilings
from tests.factories.ledgers import MakesLedgers


class Make(MakesFilings, MakesLedgers):
    """`make.officer("reviewer")`, `make.agency()` …"""
