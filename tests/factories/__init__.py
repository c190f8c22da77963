"""Valid objects for tests, one mix-in a package."""

from tests.factories.evaluations import MakesEvaluations
from tests.factories.ledgers import MakesLedgers


class Make(MakesEvaluations, MakesLedgers):
    """`make.officer("reviewer")`, `make.agency()` …"""
