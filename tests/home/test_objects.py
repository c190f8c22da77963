"""What a notice or the log names has a page for each who may read of it."""

import pytest
from flask import Flask

from accounts.models import Role, RoleGrant, User
from home import objects


@pytest.mark.parametrize(
    "side", [objects.OWN_SIDE, objects.APPLICANTS_SIDE, objects.OFFICERS_SIDE, objects.ADMINS_SIDE]
)
def test_every_page_that_is_named_exists_and_takes_what_it_is_given(
    app: Flask, side: dict[str, tuple[str, str | None]]
) -> None:
    taken = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    for endpoint, name in side.values():
        assert taken[endpoint] == ({name} if name else set()), endpoint


@pytest.mark.parametrize(
    ("role", "agency_id", "leads_to"),
    [
        (Role.AGENCY, 4, "/filing"),
        (Role.REVIEWER, None, "/desk/filings/9"),
        (Role.MUNICIPAL, None, "/desk/filings/9"),
        (Role.ADMIN, None, None),
    ],
)
def test_a_filing_is_found_where_its_reader_may_go(
    app: Flask, role: Role, agency_id: int | None, leads_to: str | None
) -> None:
    user = User(agency_id=agency_id, grants=[RoleGrant(role=role)])
    with app.test_request_context():
        assert objects.url_of("filing", 9, user) == leads_to
        assert objects.url_of("nothing we know", 9, user) is None


@pytest.mark.parametrize(
    ("role", "own", "leads_to"),
    [
        (Role.AGENCY, {"agency_id": 4}, "/evaluations/9"),
        (Role.APPLICANT, {"applicant_id": 4}, "/applicant/evaluations/9"),
        (Role.MUNICIPAL, {}, "/desk/evaluations/9"),
        (Role.ADMIN, {}, None),
    ],
)
def test_an_evaluation_is_found_on_the_side_of_its_reader(
    app: Flask, role: Role, own: dict[str, int], leads_to: str | None
) -> None:
    user = User(grants=[RoleGrant(role=role)], **own)
    with app.test_request_context():
        assert objects.url_of("evaluation", 9, user) == leads_to
