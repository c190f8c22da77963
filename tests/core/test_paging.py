"""Paging by key: every row once, in order, both ways, and no cursor that brings a database down."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from itertools import chain

import pytest
from sqlalchemy import select

from accounts.models import User
from agency.models import Agency, FilingStatus, Standing
from core.db import db, transaction
from core.paging import page_of

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = {
    "name": (Agency.sort_key, Agency.id),
    "day": (Agency.first_filed_on, Agency.id),
    "instant": (Agency.registered_at, Agency.id),
    "word": (Agency.filing_status, Agency.id),
}


@pytest.fixture
def agencies(context):
    """Eleven, of which several share each key but the last."""
    with transaction() as session:
        for number in range(1, 12):
            session.add(
                Agency(
                    id=number,
                    standing=Standing.REGISTERED,
                    name=f"机构{number}",
                    search_text="",
                    sort_key=f"{number // 4}",
                    registered_at=FIRST + timedelta(microseconds=number // 3),
                    first_filed_on=date(2026, 1, 1 + number // 5),
                    filing_status=FilingStatus.FILED if number % 2 else FilingStatus.PENDING,
                )
            )


def walk(keys, *, descending):
    """All pages from first to last, then back from last to first."""
    there, back = [], []
    page = page_of(db.session(), select(Agency), keys=keys, size=3, descending=descending)
    assert page.previous is None
    while True:
        there.append([row.id for row in page.items])
        if page.next is None:
            break
        page = page_of(db.session(), select(Agency), keys=keys, size=3, descending=descending, cursor=page.next)
    while True:
        back.append([row.id for row in page.items])
        if page.previous is None:
            break
        page = page_of(db.session(), select(Agency), keys=keys, size=3, descending=descending, cursor=page.previous)
    return there, back


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS)
def test_every_row_comes_once_and_in_order_there_and_back(agencies, keys, descending):
    everything = [key.desc() if descending else key.asc() for key in keys]
    expected = list(db.session.scalars(select(Agency.id).order_by(*everything)))
    there, back = walk(keys, descending=descending)
    assert list(chain.from_iterable(there)) == expected
    assert [len(page) for page in there] == [3, 3, 3, 2]
    # going back, pages are cut from the end: the same rows, none twice
    assert list(chain.from_iterable(reversed(back))) == expected


def test_a_list_of_one_page_leads_nowhere(agencies):
    page = page_of(db.session(), select(Agency), keys=KEYS["name"], size=11)
    assert len(page.items) == 11
    assert (page.previous, page.next) == (None, None)


def test_an_empty_list_leads_nowhere(context):
    page = page_of(db.session(), select(User), keys=(User.username, User.id))
    assert (page.items, page.previous, page.next) == ([], None, None)


def cursor(*content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


SENSELESS = [
    "", "?", "江", "a", "AAAA", "=" * 50, "W" * 5000, base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    cursor(), cursor(">"), cursor(">", "1"), cursor(">", "1", 2, 3), cursor("^", "1", 2), cursor([">"], "1", 2),
    cursor(">", 1, 2), cursor(">", "1", "2"), cursor(">", "1", True), cursor(">", "1", 2.5), cursor(">", "1", None),
    cursor(">", None, 2), cursor(">", ["1"], 2), cursor(">", "1", 2**31), cursor(">", "1", 2**63),
    cursor(">", "1", -(2**70)), cursor(">", "\0", 2), cursor(">", "\ud800", 2),
    base64.urlsafe_b64encode(b'"><a>"').decode(),
    base64.urlsafe_b64encode(b"7").decode(), base64.urlsafe_b64encode(b'{"a": 1}').decode(),
]  # fmt: skip


def test_a_senseless_cursor_shows_the_first_page(agencies):
    first = page_of(db.session(), select(Agency), keys=KEYS["name"], size=3)
    for given in SENSELESS:
        assert page_of(db.session(), select(Agency), keys=KEYS["name"], size=3, cursor=given) == first, given


@pytest.mark.parametrize("keys", ["day", "instant", "word"])
def test_a_cursor_of_the_wrong_kind_shows_the_first_page(agencies, keys):
    first = page_of(db.session(), select(Agency), keys=KEYS[keys], size=3)
    for value in ("nonsense", "2026-13-01", "2026-01-01T00:00:00", 20260101, "", "9" * 5000):
        given = cursor(">", value, 1)
        assert page_of(db.session(), select(Agency), keys=KEYS[keys], size=3, cursor=given) == first, value


def test_a_cursor_of_ours_is_read_as_it_was_written(agencies):
    page = page_of(db.session(), select(Agency), keys=KEYS["name"], size=3, cursor=cursor(">", "1", 5))
    assert [row.id for row in page.items] == [6, 7, 8]
