"""Which years' calls take third-party reports: entered with a basis by the province, shown, logged."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from core import clock
from core.audit import AuditEntry
from core.db import db
from core.errors import DomainError
from evaluations.models import LevelSetting
from evaluations.queries.levels import setting_of, years
from evaluations.rules.states import Level
from evaluations.services import levels as services
from evaluations.services.levels import SettingMoved
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
LEVELS = "/desk/evaluations/levels"
BASIS = "工信厅节函〔2025〕390号"


def given(**changed: object) -> dict[str, object]:
    return {"version": 0, "takes_third_party": "no", "basis": BASIS} | changed


def now(app: Flask, level: Level = Level.NATIONAL) -> LevelSetting | None:
    with app.app_context():
        return setting_of(db.session(), clock.today().year, level)


def test_what_is_entered_is_shown_with_its_basis_and_who_entered_it(app: Flask, make: Make, sign_in: SignIn) -> None:
    year = clock.today().year
    officer = make.officer("reviewer")
    desk = sign_in(officer)
    assert "未设定" in desk.get(LEVELS).text
    assert desk.post(f"{LEVELS}/{year}/national", data=given()).status_code == 302
    page = desk.get(LEVELS).text
    assert "不接收第三方评价报告" in page
    assert BASIS in page
    assert officer.display_name in page
    kept = now(app)
    assert kept is not None
    assert (kept.takes_third_party, kept.version, kept.entered_by) == (False, 1, officer.id)
    assert now(app, Level.PROVINCIAL) is None


def test_a_change_leaves_what_was_before_in_the_log(app: Flask, make: Make, sign_in: SignIn) -> None:
    year = clock.today().year
    desk = sign_in(make.officer("approver"))
    desk.post(f"{LEVELS}/{year}/national", data=given())
    assert 'name="version" type="hidden" value="1"' in desk.get(f"{LEVELS}/{year}/national").text
    changed = given(version=1, takes_third_party="yes", basis="工信厅节函〔2026〕1号")
    assert desk.post(f"{LEVELS}/{year}/national", data=changed).status_code == 302
    assert BASIS in desk.get(f"{LEVELS}/{year}/national").text  # beside the form
    with app.app_context():
        rows = select(AuditEntry).where(AuditEntry.action == "level_setting.set").order_by(AuditEntry.number)
        told = [(row.before, row.after, row.reason) for row in db.session.scalars(rows)]
    assert told == [
        (None, "不接收第三方评价报告", BASIS),
        ("不接收第三方评价报告", "接收第三方评价报告", "工信厅节函〔2026〕1号"),
    ]


@pytest.mark.parametrize("version", [0, 2])
def test_who_saw_something_else_is_told_so(app: Flask, make: Make, sign_in: SignIn, version: int) -> None:
    year = clock.today().year
    desk = sign_in(make.officer("reviewer"))
    desk.post(f"{LEVELS}/{year}/national", data=given())
    page = desk.post(f"{LEVELS}/{year}/national", data=given(version=version, takes_third_party="yes"))
    assert page.status_code == 409
    assert "刚刚有改动" in page.text
    kept = now(app)
    assert kept is not None
    assert not kept.takes_third_party


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"basis": " "}, "请填写通知的名称和文号"), ({"takes_third_party": ""}, "请选择是否接收")],
)
def test_choice_and_basis_are_asked_for(make: Make, sign_in: SignIn, changed: dict[str, object], told: str) -> None:
    page = sign_in(make.officer("reviewer")).post(f"{LEVELS}/{clock.today().year}/national", data=given(**changed))
    assert page.status_code == 422
    assert told in page.text


def test_nothing_changes_nothing(make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("reviewer"))
    desk.post(f"{LEVELS}/{clock.today().year}/national", data=given())
    page = desk.post(f"{LEVELS}/{clock.today().year}/national", data=given(version=1))
    assert page.status_code == 422
    assert "没有变化" in page.text


def test_only_years_and_levels_that_are_have_a_page(make: Make, sign_in: SignIn) -> None:
    desk, year = sign_in(make.officer("reviewer")), clock.today().year
    assert desk.get(f"{LEVELS}/{year + 1}/municipal").status_code == 200
    for path in (f"{year + 2}/national", "2023/national", f"{year}/county"):
        assert desk.get(f"{LEVELS}/{path}").status_code == 404


def test_a_bureau_reads_and_does_not_set(make: Make, sign_in: SignIn) -> None:
    bureau = sign_in(make.officer("municipal", bureau="tonghua"))
    page = bureau.get(LEVELS)
    assert page.status_code == 200
    assert ">设定<" not in page.text
    assert "历年名单" in page.text
    assert "国家级评价名额" not in page.text  # not its own: no way leads there
    assert bureau.post(f"{LEVELS}/{clock.today().year}/national", data=given()).status_code == 403


@pytest.mark.usefixtures("context")
def test_the_service_refuses_a_year_without_a_call_and_a_second_click(make: Make) -> None:
    officer, year = make.officer("reviewer"), clock.today().year

    def set_level(year: int) -> None:
        services.set_level(year, Level.PROVINCIAL, takes_third_party=True, basis=BASIS, shown=0, by=officer)

    with pytest.raises(DomainError, match="年度应在"):
        set_level(year + 2)
    set_level(year)
    with pytest.raises(SettingMoved):
        set_level(year)
    listed = years(db.session(), today=clock.today())
    assert [each.year for each in listed] == list(range(year + 1, 2023, -1))
    found = listed[1].settings[Level.PROVINCIAL]
    assert found is not None
    assert found.takes_third_party
