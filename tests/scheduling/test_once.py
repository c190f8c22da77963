"""What is noted as done is never done again, by whoever asks."""

import pytest
from flask import Flask

from core.db import transaction
from scheduling.once import first_time


def test_the_first_to_ask_is_told_yes_and_everyone_after_no(app: Flask, context: None) -> None:
    with transaction() as session:
        assert first_time(session, "summaries.remind", "agency:1:2026:7")
        assert not first_time(session, "summaries.remind", "agency:1:2026:7")
    with transaction() as session:
        assert not first_time(session, "summaries.remind", "agency:1:2026:7")
        assert first_time(session, "summaries.remind", "agency:1:2026:3")
        assert first_time(session, "agency.expiring", "agency:1:2026:7")


def dies_after_noting() -> None:
    with transaction() as session:
        assert first_time(session, "summaries.remind", "agency:1:2026:7")
        raise KeyboardInterrupt


def test_what_was_not_committed_was_not_done(app: Flask, context: None) -> None:
    with pytest.raises(KeyboardInterrupt):
        dies_after_noting()
    with transaction() as session:
        assert first_time(session, "summaries.remind", "agency:1:2026:7")
