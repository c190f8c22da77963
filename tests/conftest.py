"""What all tests share."""

pytest_plugins = ("tests.postgresql", "tests.completeness")
