"""Valid objects for tests, one mix-in a package."""

from tests.factories.complaints import MakesComplaints
from tests.factories.ledgers import MakesLedgers
from tests.factories.summaries import MakesSummaries
from tests.factories.supervision import MakesSupervision


class Make(MakesComplaints, MakesSummaries, MakesLedgers, MakesSupervision):
    """`make.officer("reviewer")`, `make.agency()` …"""
