"""The table of events: what may be told to whom, and how."""

import string

import pytest

from core.db import transaction
from core.refs import Ref
from notices import outbox
from notices.events import EVENTS, SECTIONS, Event, Mail, Reader
from notices.outbox import Audience, NotAReader


def test_every_event_has_readers_and_says_what_it_is_about() -> None:
    for name, event in EVENTS.items():
        words = {word for _, word, _, _ in string.Formatter().parse(event.text) if word}
        assert "label" in words, name
        assert event.to, name
        assert len(set(event.to)) == len(event.to), name


def test_no_event_stands_in_two_sections() -> None:
    assert sum(len(section) for section in SECTIONS.values()) == len(EVENTS)


def test_a_digest_is_for_officers_only() -> None:
    with pytest.raises(ValueError, match="officers"):
        Event("{label}", (Reader.AGENCY, Reader.REVIEWER), Mail.DIGEST)


def test_outside_readers_are_mailed_at_once_and_officers_by_digest_where_nothing_else_is_said() -> None:
    event = Event("{label}", (Reader.AGENCY, Reader.REVIEWER))
    assert [event.mailed(officer=officer) for officer in (False, True)] == [Mail.AT_ONCE, Mail.DIGEST]
    assert Event("{label}", (Reader.REVIEWER,), Mail.AT_ONCE).mailed(officer=True) is Mail.AT_ONCE


@pytest.mark.usefixtures("context")
def test_nobody_is_told_whom_the_table_does_not_name() -> None:
    about = Ref("filing", 7, "某件备案")
    for to in (Audience.agency(7), Audience.account(7), Audience.role("approver"), Audience.bureau("changchun")):
        with pytest.raises(NotAReader), transaction() as session:
            outbox.post(session, "filing_submitted", to=to, about=about)
    with pytest.raises(KeyError), transaction() as session:
        outbox.post(session, "filing_forgotten", to=Audience.agency(7), about=about)
