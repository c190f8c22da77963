"""Valid objects for tests, one mix-in a package."""

from tests.factories.filings import MakesFilings


class Make(MakesFilings):
    """`make.officer("reviewer")`, `make.agency()` …"""
