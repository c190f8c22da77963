"""Says loudly which tests did not run.

With MUST_RUN=<marker> in the environment nothing may be skipped, and a test so marked must have passed.
"""

import os
from collections import Counter

import pytest


def skipped(reporter: pytest.TerminalReporter) -> Counter[str]:
    """Reason → how many tests were skipped for it."""
    return Counter(
        str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr).removeprefix("Skipped: ")
        for report in reporter.getreports("skipped")
    )


def shortcoming(reporter: pytest.TerminalReporter) -> str | None:
    """Why this run is not a whole one, where MUST_RUN asks for that."""
    marker = os.environ.get("MUST_RUN")
    if not marker:
        return None
    if reporter.getreports("skipped"):
        return "INCOMPLETE: nothing may be skipped here"
    if not any(marker in report.keywords for report in reporter.getreports("passed")):
        return f"INCOMPLETE: no test marked {marker!r} has passed"
    return None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    on_worker = hasattr(session.config, "workerinput")
    if reporter and not on_worker and session.exitstatus == pytest.ExitCode.OK and shortcoming(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = skipped(terminalreporter)
    if reasons:
        terminalreporter.section("NOT RUN", sep="!", yellow=True, bold=True)
        for reason, count in reasons.most_common():
            terminalreporter.line(f"{count} tests did not run: {reason}", yellow=True, bold=True)
    if problem := shortcoming(terminalreporter):
        terminalreporter.line(problem, red=True, bold=True)
