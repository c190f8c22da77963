"""A receipt can be checked, and can't be made without the key."""

import pytest

from core.db import db
from filing import receipts
from filing.rules import State
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("context")


def test_a_token_finds_the_version_that_was_filed(make: Make) -> None:
    filing = make.filing("filed")
    token = receipts.token_of(filing)
    assert receipts.verify_url(filing) == f"http://localhost/verify/{token}"
    found = receipts.filing_of(db.session(), token)
    assert found is not None
    assert (found.id, found.state) == (filing.id, State.FILED)


def test_a_receipt_of_a_cancelled_filing_still_finds_it_and_its_state(make: Make) -> None:
    found = receipts.filing_of(db.session(), receipts.token_of(make.filing("cancelled")))
    assert found is not None
    assert found.state is State.CANCELLED


def test_no_other_token_finds_anything(make: Make) -> None:
    first, second = receipts.token_of(make.filing("filed")), receipts.token_of(make.filing("filed"))
    changed = first[:-1] + ("A" if first[-1] != "A" else "B")
    mixed = second[:7] + first[7:]
    never_filed = receipts.token_of(make.filing("reviewed"))
    broken = ("", "x", first[:-1], first + "A", "中文", "=" * 28, " " + first, "A" * 5000)
    for token in (*broken, changed, mixed, never_filed):
        assert receipts.filing_of(db.session(), token) is None, token


def test_every_changed_character_is_found_out(make: Make) -> None:
    token = receipts.token_of(make.filing("filed"))
    for place, character in enumerate(token):
        other = "A" if character != "A" else "B"
        assert receipts.filing_of(db.session(), token[:place] + other + token[place + 1 :]) is None


def test_the_qr_code_carries_no_style(make: Make) -> None:
    svg = receipts.qr_svg(receipts.verify_url(make.filing("filed")))
    assert svg.startswith("<svg")
    assert "style" not in svg


def test_a_pdf_is_made_where_the_machine_has_the_parts() -> None:
    if receipts.pdf_obstacle() is not None:
        assert "没有" in receipts.pdf_obstacle() or "未安装" in receipts.pdf_obstacle()  # type: ignore[operator]
        return
    assert receipts.pdf_of("<p>备案回执</p>").read(5) == b"%PDF-"


def test_a_pdf_fetches_nothing() -> None:
    with pytest.raises(ValueError, match="loads nothing"):
        receipts._fetch_nothing("file:///etc/passwd")
