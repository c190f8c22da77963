"""Valid objects for tests, one mix-in a package."""

from tests.factories.complaints import MakesComplaints
from tests.factories.ledgers import MakesLedgers
from tests.factories.matters import MakesMatters
from tests.factories.sanctions import MakesSanctions


class Make(MakesComplaints, MakesSanctions, MakesLedgers, MakesMatters):
    """`make.officer("reviewer")`, `make.agency()` …"""
