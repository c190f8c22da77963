"""Valid objects for tests, one mix-in a package."""

from tests.factories.accounts import MakesAccounts


class Make(MakesAccounts):
    """`make.officer("reviewer")`, `make.agency()` …"""
