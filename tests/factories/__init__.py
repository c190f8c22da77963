"""Valid objects for tests, one mix-in a package."""

from tests.factories.complaints import MakesComplaints
from tests.factories.ledgers import MakesLedgers
from tests.factories.matters import MakesMatters
from tests.factories.summaries import MakesSummaries


class Make(MakesComplaints, MakesSummaries, MakesLedgers, MakesMatters):
    """`make.officer("reviewer")`, `make.agency()` …"""
