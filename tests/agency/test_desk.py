"""What officers see of an agency, and the moving of a registration to the rightful body."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import User
from agency import queries
from agency.models import Agency, FilingStatus, Material
from core import clock
from core.audit import AuditEntry
from core.db import db
from notices.models import Notice
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]


def test_the_desk_sees_an_agency_with_its_check_users_and_proofs(
    app: Flask, make: Make, sign_in: SignIn, client: FlaskClient
) -> None:
    agency = make.qualified_agency()
    path = f"/desk/agencies/{agency.id}"
    assert client.get(path).status_code == 302
    assert sign_in(make.user_of(agency)).get(path).status_code == 403
    desk = sign_in(make.officer("municipal", bureau="tonghua"))
    page = desk.get(path)
    assert agency.name in page.text
    assert make.user_of(agency).username in page.text
    assert "移交登记" not in page.text
    with app.app_context():
        material = db.session.scalars(select(Material.id).where(Material.agency_id == agency.id)).first()
    assert desk.get(f"{path}/materials/{material}").status_code == 200
    assert desk.get(f"{path}/materials/{material}/pages/1").mimetype == "image/jpeg"
    assert desk.get(f"{path}/materials/{material}/download").status_code == 200
    assert desk.get(f"/desk/agencies/{make.agency().id}/materials/{material}").status_code == 404
    assert desk.get("/desk/agencies/999999").status_code == 404


def move(agency: Agency, **overrides: object) -> dict[str, object]:
    return {
        "version": agency.version,
        "display_name": "孙经办",
        "username": f"rightful{agency.id}",
        "reason": "核对了执照原件",
    } | overrides


def test_an_unproved_registration_moves_to_the_rightful_body(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.qualified_agency()
    impostor = sign_in(make.user_of(agency))
    desk = sign_in(make.officer("reviewer"))
    path = f"/desk/agencies/{agency.id}/move"
    assert desk.get(path).status_code == 200
    done = desk.post(path, data=move(agency))
    assert done.status_code == 200
    password = re.search(r"初始密码</dt><dd class=\"code\">([^<]+)<", done.text)
    assert password is not None

    # the accounts so far are cut off at once, and what they entered is gone
    assert impostor.get("/agency/particulars").status_code == 302
    with app.app_context():
        row = queries.agency_with_everything(db.session(), agency.id)
        assert row is not None
        assert (row.name, row.credit_code) == (agency.name, agency.credit_code)
        assert [*row.staff, *row.offices, *row.records, *row.declarations, *row.materials, *row.representations] == []
        assert (row.contact_phone, row.service_address, row.finance_system) == (None, "", "")
        assert db.session.scalar(select(func.count()).select_from(Material)) > 0  # kept for what was handed in
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "agency.moved")).one()
        assert entry.reason == "核对了执照原件"
        assert db.session.scalars(select(Notice).where(Notice.event == "registration_moved")).one().audience_id == str(
            agency.id
        )
        newcomer = db.session.scalars(select(User).where(User.username == f"rightful{agency.id}")).one()
        assert newcomer.must_change_password

    # a second click or Back shows no second password
    again = desk.post(path, data=move(agency, username="another"))
    assert again.status_code == 409
    fresh = app.test_client()
    entered = fresh.post("/accounts/login", data={"username": newcomer.username, "password": password[1]})
    assert entered.status_code == 302


def test_a_proved_or_pending_registration_stays(make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("approver"))
    filed = make.agency(first_filed_on=clock.today())
    pending = make.agency(filing_status=FilingStatus.PENDING)
    for agency, told in ((filed, "已经备案"), (pending, "正在审核")):
        page = desk.post(f"/desk/agencies/{agency.id}/move", data=move(agency))
        assert page.status_code == 409
        assert told in page.text


def test_moving_is_the_provincial_desks_and_needs_a_reason(make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    path = f"/desk/agencies/{agency.id}/move"
    assert sign_in(make.officer("municipal", bureau="tonghua")).get(path).status_code == 403
    assert sign_in(make.user_of(agency)).get(path).status_code == 403
    desk = sign_in(make.officer("reviewer"))
    assert desk.post(path, data=move(agency, reason=" ")).status_code == 422
    taken = desk.post(path, data=move(agency, username=make.user_of(agency).username))
    assert taken.status_code == 422
    assert "已有人使用" in taken.text
