"""Valid objects for tests, one mix-in a package."""

from tests.factories.evaluations import MakesEvaluations
from tests.factories.ledgers import MakesLedgers
from tests.factories.supervision import MakesSupervision


class Make(MakesEvaluations, MakesLedgers, MakesSupervision):
    """`make.officer("reviewer")`, `make.agency()` …"""
