"""An applicant's own pages: what is known of it, what stands against it, how it is reached."""

import pytest

from applicants.models import Applicant
from core.db import db
from tests.factories import Make


@pytest.fixture
def applicant(make: Make):
    return make.applicant(name="松江某厂")


@pytest.fixture
def own(make: Make, sign_in, applicant):
    return sign_in(make.user_of_applicant(applicant))


def test_it_sees_itself(own):
    page = own.get("/applicant").text
    assert "松江某厂" in page
    assert "没有登记在三年以内的第十一条情形" in page


@pytest.mark.clause("JL-11")
def test_it_sees_what_stands_against_it_and_until_when(make: Make, own, applicant):
    fact = make.exclusion(applicant, source="某决定书")
    page = own.get("/applicant").text
    assert "现在不得申请、推荐和列入绿色制造名单" in page
    assert "某决定书" in page
    assert f"到 {fact.on.year + 3}-{fact.on:%m-%d} 为止" in page


def contact(**changed):
    return {"contact_name": "新联系", "contact_phone": "13811112222", "contact_email": "", "version": 1} | changed


def test_it_corrects_how_it_is_reached_and_nothing_else(own, applicant, app):
    assert own.post("/applicant/contact", data=contact(name="改名公司", bureau="tonghua")).status_code == 302
    with app.app_context():
        row = db.session.get(Applicant, applicant.id)
        assert (row.contact_name, row.contact_phone, row.contact_email) == ("新联系", "13811112222", "")
        assert (row.name, row.bureau) == ("松江某厂", "changchun")


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"contact_phone": "12"}, 422), ({"contact_email": "x"}, 422), ({"contact_name": ""}, 422), ({"version": 0}, 409)],
)
def test_what_cannot_be_is_refused(own, changed, status):
    assert own.post("/applicant/contact", data=contact(**changed)).status_code == status


def test_others_have_no_such_page(make: Make, sign_in):
    for user in (make.officer("reviewer"), make.user_of(make.agency())):
        assert sign_in(user).get("/applicant").status_code == 404
