"""Valid objects for tests, one mix-in a package."""

from tests.factories.agencies import MakesAgencies


class Make(MakesAgencies):
    """`make.officer("reviewer")`, `make.agency()` …"""
