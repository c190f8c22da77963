"""Draws and inspections that are named: services and pages, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from agency.models import Agency
from applicants.models import Applicant
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.errors import DomainError
from evaluations.models import ListEntry
from notices.models import Notice
from supervision import casework
from supervision.entries import OUTSIDE, DrawEntry, WantedPool
from supervision.models import Adjustment, Case, CaseKind, Ground, InspectionDraw, StepKind
from supervision.queries import inspections as queries
from supervision.rules import inspecting as rules
from supervision.services import inspecting as services
from tests.evaluations import lists
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def filed(make: Make) -> list[Agency]:
    return [make.filing("filed").agency for _ in range(3)]


def entry(token: str = "a" * 32, *, pool: WantedPool | None = None, **other: Any) -> DrawEntry:
    db.session.rollback()
    wanted = pool or WantedPool()
    values = {
        "shown": rules.pool_mark(queries.codes_of(queries.pool_of(db.session(), wanted))),
        "title": "第四季度随机抽查", "matter": "人员在岗\n现场评价记录", "wanted": 2, "source": "",
    } | other  # fmt: skip
    return DrawEntry(token=token, pool=wanted, **values)


@pytest.fixture
def at_desk(sign_in: Any) -> Callable[[User], FlaskClient]:
    """A client whose requests see what is in the database, and who is signed in by it."""

    def client(user: User) -> FlaskClient:
        db.session.rollback()
        g.pop("_login_user", None)
        return sign_in(user)

    return client


def draw_now(draw_id: int) -> InspectionDraw:
    db.session.rollback()
    return db.session.get_one(InspectionDraw, draw_id, populate_existing=True)


def cases() -> list[Case]:
    db.session.rollback()
    return list(db.session.scalars(select(Case).where(Case.kind == CaseKind.INSPECTION).order_by(Case.id)))


def listed(make: Make, bureau: str = "changchun") -> Applicant:
    """A unit of a bureau that stands on a published list."""
    lists.bring(lists.table(lists.row("松江纸业有限公司", 1)))
    with transaction() as session:
        unit = session.scalars(select(ListEntry)).one().applicant
        unit.bureau = bureau
    return unit


@pytest.mark.clause("JL-22-1a")
def test_a_draw_fixes_its_pool_draws_with_a_seed_of_its_own_and_opens_a_case_each(
    make: Make, filed: list[Agency]
) -> None:
    draw = draw_now(services.fix_draw(entry(), by=make.officer("reviewer")))
    assert draw.number == f"抽〔{clock.today().year}〕0001"
    assert draw.pool == sorted(agency.credit_code or "" for agency in filed)
    assert len(draw.seed or "") == 32
    assert draw.drawn == list(rules.draw(draw.pool, draw.seed or "", 2))
    assert queries.is_reproduced(draw)
    opened = cases()
    assert {case.agency.credit_code for case in opened if case.agency} == set(draw.drawn)
    assert {case.draw_id for case in opened} == {draw.id}
    assert opened[0].facts.splitlines()[0] == f"随机抽查 {draw.number}：第四季度随机抽查"
    log = list(db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "inspection_draw")))
    assert [each.action for each in log] == ["inspection_draw.fixed", "inspection_draw.drawn"]
    assert log[0].after == rules.fingerprint(draw.pool, wanted=2, source="")
    assert not db.session.scalars(
        select(Notice).where(Notice.audience_kind == "agency", Notice.event == "case_opened")
    ).all()


def test_a_public_seed_comes_after_the_pool_and_only_once(make: Make, filed: list[Agency]) -> None:
    officer = make.officer("reviewer")
    draw_id = services.fix_draw(entry(source="双色球第 2026135 期红球"), by=officer)
    assert (draw_now(draw_id).seed, cases()) == (None, [])
    new = make.filing("filed").agency  # filed after the pool was fixed: not in it
    services.finish_draw(draw_id, "０3 07 12 19 25 30", version=1, by=officer)
    draw = draw_now(draw_id)
    assert (draw.seed, len(cases())) == ("030712192530", 2)
    assert new.credit_code not in draw.pool
    with pytest.raises(rules.AlreadyDrawn):
        services.finish_draw(draw_id, "01", version=2, by=officer)
    assert draw_now(draw_id).seed == "030712192530"


def test_a_second_click_is_the_same_draw_and_takes_no_number(make: Make, filed: list[Agency]) -> None:
    officer, sent = make.officer("reviewer"), entry()
    assert services.fix_draw(sent, by=officer) == services.fix_draw(sent, by=officer)
    assert draw_now(services.fix_draw(entry("b" * 32), by=officer)).number.endswith("0002")


def test_a_pool_that_changed_since_it_was_shown_is_not_fixed(make: Make, filed: list[Agency]) -> None:
    sent = entry()
    make.filing("filed")
    with pytest.raises(rules.PoolChanged):
        services.fix_draw(sent, by=make.officer("reviewer"))
    assert not db.session.scalars(select(InspectionDraw)).all()


def test_the_pool_is_taken_by_place_kind_and_last_inspection(make: Make, filed: list[Agency]) -> None:
    away = make.filing("filed", agency=make.qualified_agency(division="110105")).agency
    make.filing("submitted")
    services.inspect_agency(filed[0].id, matter="群众反映", by=make.officer("reviewer"))

    def names(**wanted: Any) -> set[str]:
        db.session.rollback()
        return {agency.name for agency in queries.pool_of(db.session(), WantedPool(**wanted))}

    assert names() == {agency.name for agency in [*filed, away]}
    assert names(bureau=OUTSIDE) == {away.name}
    assert names(bureau="changchun", months=6) == {agency.name for agency in filed[1:]}
    with clock.frozen(clock.now() + timedelta(days=200)):
        assert filed[0].name in names(months=6)


def test_one_that_is_named_is_inspected_once_at_a_time(make: Make, filed: list[Agency]) -> None:
    officer = make.officer("approver")
    case_id = services.inspect_agency(filed[0].id, matter="群众反映人员不在岗", by=officer)
    with pytest.raises(rules.BeingInspected):
        services.inspect_agency(filed[0].id, matter="再查", by=officer)
    (case,) = cases()
    assert (case.id, case.bureau) == (case_id, None)
    assert case.facts.splitlines() == ["群众反映人员不在岗", f"依据：{Ground.AGENCY.label}"]


@pytest.mark.clause("JL-17-1")
def test_a_bureau_inspects_a_listed_unit_of_its_own(make: Make, at_desk: Callable[[User], FlaskClient]) -> None:
    unit = listed(make)
    own, other = make.officer("municipal", bureau="changchun"), make.officer("municipal", bureau="jilin-city")
    address = f"/desk/supervision/inspections/new/units/{unit.id}"
    assert at_desk(other).get(address).status_code == 404
    desk = at_desk(own)
    assert unit.name in desk.get(f"/desk/supervision/inspections/new?q={unit.name[:4]}").text
    assert "请选择依据" in desk.post(address, data={}).text
    assert desk.post(address, data={"ground": "spot_check", "matter": "不定期抽查"}).status_code == 302
    (case,) = cases()
    assert (case.bureau, case.applicant_id) == ("changchun", unit.id)
    assert "不定期现场抽查复核" in desk.get(f"/desk/supervision/cases/{case.id}").text


@pytest.mark.clause("JL-17-1")
def test_what_stands_on_no_list_is_not_spot_checked(make: Make) -> None:
    unit = listed(make)
    with transaction() as session:
        session.scalars(select(ListEntry)).one().removed_on = clock.today()
    for each in (unit, make.applicant()):
        with pytest.raises(rules.NotOnAList):
            services.inspect_unit(each.id, Ground.SPOT_CHECK, matter="抽查", by=make.officer("reviewer"))


@pytest.mark.clause("JL-17-3")
def test_an_opinion_comes_after_the_on_site_record_and_once(make: Make, at_desk: Callable[[User], FlaskClient]) -> None:
    officer = make.officer("municipal", bureau="changchun")
    case_id = services.inspect_unit(listed(make).id, Ground.KEY_INDICATORS, matter="单位产品能耗超标", by=officer)

    def version() -> int:
        db.session.rollback()
        return db.session.get_one(Case, case_id, populate_existing=True).version

    def advise(by: User = officer) -> None:
        services.advise(case_id, Adjustment.REMOVE, "现场评估仍不达标", version=version(), by=by)

    with pytest.raises(rules.NoOpinionNow):
        advise()
    with transaction() as session:
        casework.add_note(session, session.get_one(Case, case_id), "到场查看", by=officer, kind=StepKind.ON_SITE)
    desk = at_desk(officer)
    assert "提出动态调整意见" in desk.get(f"/desk/supervision/cases/{case_id}").text
    address = f"/desk/supervision/cases/{case_id}/opinion"
    answer = desk.post(address, data={"version": version(), "opinion": "remove", "text": "现场评估仍不达标"})
    assert answer.status_code == 302
    page = desk.get(f"/desk/supervision/cases/{case_id}").text
    assert "建议移出名单：现场评估仍不达标" in page
    assert "提出动态调整意见</a>" not in page
    with pytest.raises(DomainError):
        advise()


def test_the_desk_draws_reproduces_and_publishes_on_its_pages(
    make: Make, filed: list[Agency], at_desk: Callable[[User], FlaskClient]
) -> None:
    desk = at_desk(make.officer("reviewer"))
    page = desk.get("/desk/supervision/inspections/draws/new?bureau=changchun").text
    assert "候选名单，共 3 家" in page
    shown = rules.pool_mark(queries.codes_of(queries.pool_of(db.session(), WantedPool(bureau="changchun"))))
    form = {"token": "c" * 32, "shown": shown, "title": "抽查", "matter": "人员在岗", "wanted": "4", "seeding": "own"}
    address = "/desk/supervision/inspections/draws/new?bureau=changchun"
    assert "抽取家数应在 1 至 3 之间" in desk.post(address, data=form).text
    assert "请写明用哪个公开号码" in desk.post(address, data=form | {"seeding": "public"}).text
    answer = desk.post(address, data=form | {"wanted": "1"})
    assert answer.status_code == 302
    draw = db.session.scalars(select(InspectionDraw)).one()
    assert "抽中 1 家" in desk.get(answer.location).text
    page = desk.get(f"{answer.location}/verify").text
    assert "复核一致" in page
    assert f"{draw.seed}:" in page
    book = openpyxl.load_workbook(BytesIO(desk.get(f"{answer.location}/export.xlsx").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == [each.code for each in rules.ranked(draw.pool, draw.seed or "")]
    assert [row[4] for row in rows[1:]] == ["抽中", None, None]
    with transaction() as session:  # somebody who gets at the database changes the result
        session.get_one(InspectionDraw, draw.id).drawn = [draw.pool[0], draw.pool[1]]
    assert "复核不一致" in desk.get(f"{answer.location}/verify").text


def test_a_public_draw_waits_for_its_number_on_its_page(
    make: Make, filed: list[Agency], at_desk: Callable[[User], FlaskClient]
) -> None:
    draw = make.draw(source="双色球第 2026135 期红球")
    desk = at_desk(make.officer("reviewer"))
    address = f"/desk/supervision/inspections/draws/{draw.id}"
    assert "等待公开号码" in desk.get(address).text
    assert desk.get(f"{address}/verify").status_code == 404
    assert desk.post(f"{address}/seed", data={"version": 1, "seed": "---"}).status_code == 422
    assert desk.post(f"{address}/seed", data={"version": 1, "seed": "03 07"}).status_code == 302
    assert desk.post(f"{address}/seed", data={"version": 1, "seed": "03 07"}).status_code == 409
    assert "抽中 1 家" in desk.get(address).text


def test_inspections_are_summed_by_year(
    make: Make, filed: list[Agency], at_desk: Callable[[User], FlaskClient]
) -> None:
    make.draw(2)
    services.inspect_unit(listed(make).id, Ground.SPOT_CHECK, matter="抽查", by=make.officer("reviewer"))
    (year,) = queries.years(db.session(), make.officer("reviewer"))
    assert (year.year, year.draws, year.drawn, year.agencies, year.units, year.open) == (
        clock.today().year,
        1,
        2,
        2,
        1,
        3,
    )
    assert queries.years(db.session(), make.officer("municipal", bureau="changchun")) == []
    assert "各年检查情况" in at_desk(make.officer("approver")).get("/desk/supervision/inspections").text
