"""Valid objects for tests, one mix-in a package."""

from tests.factories.ledgers import MakesLedgers
from tests.factories.sanctions import MakesSanctions


class Make(MakesSanctions, MakesLedgers):
    """`make.officer("reviewer")`, `make.agency()` …"""
