"""The front door, the verification of receipts, and the rules with how they are kept."""

import pytest

from agency.models import Agency, Flag, FlagKind
from core import clock, law
from core.db import db, transaction
from filing import receipts
from filing.models import Filing


@pytest.fixture
def token_of(app):
    def read(filing):
        with app.app_context():
            return receipts.token_of(db.session.get_one(Filing, filing.id))

    return read


def test_the_front_door_offers_each_visitor_their_way(make, client):
    make.filing("filed")
    make.filing("submitted")
    page = client.get("/").text
    for address in ("/register", "/agency/register", "/accounts/login", "/verify", "/rules"):
        assert f'href="{address}"' in page
    assert '<a href="/register?status=filed"><b>1</b>家已备案</a>' in page
    assert '<a href="/register?status=pending"><b>1</b>家审核中</a>' in page


def test_who_is_signed_in_is_led_to_their_own_page(make, sign_in):
    agency = make.agency()
    page = sign_in(make.user_of(agency)).get("/").text
    assert '<a href="/home">进入我的首页</a>' in page


def test_a_genuine_receipt_is_in_force(make, client, token_of):
    filing = make.filing("filed")
    page = client.get(f"/verify/{token_of(filing)}")
    assert page.status_code == 200
    for words in ("回执是真实的", "现行有效", filing.number, filing.agency.name, filing.agency.credit_code, "第 1 版"):
        assert words in page.text


def test_a_receipt_tells_of_the_mark_beside_its_filing(app, make, client, token_of):
    filing = make.filing("filed")
    with app.app_context(), transaction() as session:
        kind, today = FlagKind.CONDITIONS_NOT_MET, clock.today()
        session.add(Flag(agency_id=filing.agency_id, kind=kind, since=today, facts=""))
    assert "标注条件不符" in client.get(f"/verify/{token_of(filing)}").text


def test_the_receipt_of_a_version_since_changed_says_so(app, make, client, token_of):
    agency = make.qualified_agency()
    first = make.filing("filed", agency=agency)
    old = token_of(first)
    with app.app_context(), transaction() as session:
        session.get_one(Agency, agency.id).address = "吉林省长春市净月大街 99 号"
    second = make.filing("filed", agency=agency)
    assert "其后办理过变更备案" in client.get(f"/verify/{old}").text
    now = client.get(f"/verify/{token_of(second)}").text
    assert "现行有效" in now
    assert "第 2 版" in now


def test_the_receipt_of_a_cancelled_filing_says_so(make, client, token_of):
    page = client.get(f"/verify/{token_of(make.filing('cancelled'))}").text
    assert "备案已注销" in page
    assert "现行有效" not in page


def test_an_altered_or_invented_receipt_is_told_as_such_with_what_to_do(make, client, token_of):
    token = token_of(make.filing("filed"))
    changed = ("B" if token[-3] != "B" else "C").join((token[:-3], token[-2:]))
    for tried in (changed, token[:-1], token + "A", "x", "江澜", "A" * 3000, "..", "%00", token.lower()):
        answer = client.get(f"/verify/{tried}")
        assert answer.status_code == 404, tried
        assert "没有出具过这张回执" in answer.text, tried
        assert "机构名录" in answer.text


def test_the_code_can_be_typed_or_the_whole_address_pasted(make, client, token_of):
    token = token_of(make.filing("filed"))
    for typed in (token, f" {token[:10]} {token[10:]} ", f"https://example.gov.cn/verify/{token}", f"/verify/{token}/"):
        answer = client.post("/verify", data={"code": typed})
        assert answer.status_code == 302, typed
        assert answer.location == f"/verify/{token}"


@pytest.mark.parametrize("typed", ["", "   ", "/", "长" * 301])
def test_a_code_that_is_none_is_refused_at_its_field(client, typed):
    answer = client.post("/verify", data={"code": typed})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text


def test_every_clause_and_every_value_stands_on_the_page_of_rules(client):
    page = client.get("/rules").text
    assert "before_onsite" not in page, "a code is shown by its word"
    assert "首次现场评价之前" in page
    rules = law.jurisdiction()
    for clause in rules.clauses.values():
        assert f'id="{clause.id}"' in page
        assert clause.text in page
    for name, values in rules.parameters.items():
        assert f'id="{name}"' in page
        assert all(value.shown in page for value in values)
    assert ("尚未实施" in page) == any(clause.status == "planned" for clause in rules.clauses.values())
    assert 'href="#JL-20-3"' in page
