"""A roster in a spreadsheet: looked at, confirmed once, or abandoned; nothing is saved before."""

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import User
from agency import persons
from agency.entries import UploadEntry
from agency.models import Agency, ImportState, Person, QualificationCheck, RosterImport, StaffMember
from agency.particulars import Employment
from agency.rosters import from_json
from agency.services import importing, moving
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.identifiers import IdNumber
from core.identity import Identity
from core.uploads import store
from tests.factories import Make
from tests.factories.agencies import made_up_number

SignIn = Callable[[User], FlaskClient]
ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
HEADS = "姓名,身份证号,职称,职称专业,是否专职,入职时间,证书编号"


def csv(*lines: str, heads: str = HEADS) -> bytes:
    return "\n".join((heads, *lines)).encode()


def bring(own: FlaskClient, content: bytes, name: str = "名单.csv") -> str:
    """Upload a roster; returns the address of its preview."""
    done = own.post("/agency/staff/import", data={"file": (io.BytesIO(content), name)})
    assert done.status_code == 302, done.text
    return str(done.location)


def roster(number: str) -> bytes:
    return next(path for path in ROSTERS.iterdir() if path.name.startswith(number)).read_bytes()


def staff(app: Flask, agency: Agency) -> Sequence[StaffMember]:
    with app.app_context():
        found = select(StaffMember).where(StaffMember.agency_id == agency.id).order_by(StaffMember.id)
        people = db.session.scalars(found).all()
        db.session.expunge_all()
        return people


def version_of(app: Flask, agency: Agency) -> dict[str, int]:
    with app.app_context():
        return {"version": db.session.get_one(Agency, agency.id).version}


def test_a_real_roster_is_shown_row_by_row_and_saved_when_confirmed(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    own = sign_in(make.user_of(agency))
    preview = bring(own, roster("05"), "花名册 最终版2.xlsx")
    page = own.get(preview).text
    assert "第 8 行" in page
    assert "身份证号码被存成了数字" in page
    assert "确认后：中级及以上 9/10 人，其中相关专业高级 5/5 人" in page
    assert staff(app, agency) == []
    rejected = own.get(f"{preview}?show=rejected").text
    assert "第 8 行" in rejected
    assert "第 5 行" not in rejected
    assert own.post(f"{preview}/confirm", data=version_of(app, agency)).status_code == 302
    assert len(staff(app, agency)) == 11
    assert "中级及以上 9/10" in own.get("/agency/staff").text


def test_a_preview_names_who_could_tip_it_and_whom_to_look_into(make: Make, sign_in: SignIn) -> None:
    own = sign_in(make.user_of(make.agency()))
    preview = bring(own, roster("05"), "名单.xlsx")
    page = own.get(preview).text
    assert "要看省厅审核时是否认可：井立、申哲。" in page
    looked_into = own.get(f"{preview}?show=check").text
    assert "其他工作表的说明提到此人已离职" in looked_into
    assert "白石岩" in looked_into
    assert "井立</td>" not in looked_into


def test_a_second_confirmation_is_told_that_it_is_done(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    own = sign_in(make.user_of(agency))
    preview = bring(own, roster("01"))
    form = version_of(app, agency)
    own.post(f"{preview}/confirm", data=form)
    again = own.post(f"{preview}/confirm", data=form)
    assert again.status_code == 409
    assert "已经导入：新增" in again.text
    assert own.post(f"{preview}/abandon", data=form).status_code == 409
    assert "已经导入" in own.get(preview).text
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(AuditEntry.action == "roster_import.confirmed")) == 1
        assert db.session.scalars(select(RosterImport)).one().digest is None


def test_of_two_confirmations_at_once_one_wins(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    clients = [sign_in(make.user_of(agency)) for _ in range(2)]
    preview, form = bring(clients[0], roster("01")), version_of(app, agency)

    def confirm(own: FlaskClient) -> int:
        return own.post(f"{preview}/confirm", data=form).status_code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(confirm, clients)) == [302, 409]
    assert len({row.person_id for row in staff(app, agency)}) == len(staff(app, agency)) == 12


def test_of_two_agencies_that_bring_the_same_people_each_finds_them(app: Flask, make: Make, sign_in: SignIn) -> None:
    agencies = [make.agency(), make.agency()]
    owns = [sign_in(make.user_of(agency)) for agency in agencies]
    previews = [bring(own, roster("01")) for own in owns]

    def confirm(place: int) -> int:
        return owns[place].post(f"{previews[place]}/confirm", data={"version": agencies[place].version}).status_code

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(confirm, range(2))) == [302, 302]
    first, second = ({row.person_id for row in staff(app, agency)} for agency in agencies)
    assert first == second


def files(app: Flask) -> list[Path]:
    return [*(Path(app.extensions["settings"].instance) / "files").glob("*/*")]


@pytest.fixture
def empty_store(app: Flask) -> None:
    for path in files(app):
        path.unlink()


@pytest.mark.usefixtures("empty_store")
def test_what_was_read_waits_encrypted_and_the_spreadsheet_is_not_kept(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency, content = make.agency(), roster("05")
    before = files(app)
    bring(sign_in(make.user_of(agency)), content, "花名册.xlsx")
    (file,) = set(files(app)) - set(before)
    with app.app_context():
        digest = db.session.scalars(select(RosterImport.digest)).one()
        assert digest == file.name != app.extensions["keyring"].mac(content, purpose="files").hex()
        waiting = from_json(store().open(digest))
    assert len(waiting.accepted) == 11
    assert not any(str(row.number).encode() in file.read_bytes() for row in waiting.accepted)


@pytest.mark.usefixtures("empty_store")
@pytest.mark.parametrize("ending", ["confirm", "abandon", "replaced", "swept", "moved"])
def test_nothing_of_a_roster_that_is_done_with_stays_in_the_store(
    app: Flask, make: Make, sign_in: SignIn, ending: str
) -> None:
    agency, officer = make.agency(), make.officer("reviewer")
    own = sign_in(make.user_of(agency))
    before = files(app)
    preview = bring(own, csv(f"甲,{made_up_number()},工程师,环境工程,是,,"))
    (waiting,) = set(files(app)) - set(before)
    form = version_of(app, agency)
    match ending:
        case "confirm" | "abandon":
            assert own.post(f"{preview}/{ending}", data=form).status_code == 302
        case "replaced":
            bring(own, csv(f"乙,{made_up_number()},工程师,环境工程,是,,"))
        case "swept":
            with app.app_context(), clock.frozen(clock.now() + timedelta(hours=25)):
                importing.sweep()
        case "moved":
            with app.app_context():
                moving.move(
                    agency.id, username="rightful", display_name="王经办", reason="核对了证照", by=officer, **form
                )
    assert not waiting.exists()
    assert len(files(app)) == len(before) + (ending == "replaced")
    with app.app_context():
        assert db.session.scalars(select(RosterImport.digest).order_by(RosterImport.id)).first() is None


def test_an_abandoned_roster_leaves_the_staff_as_they_were(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    own = sign_in(make.user_of(agency))
    preview = bring(own, csv(f"甲,{made_up_number()},工程师,环境工程,是,,"))
    assert own.post(f"{preview}/abandon", data=version_of(app, agency)).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(RosterImport.state)).one() is ImportState.ABANDONED
    assert staff(app, agency) == []
    assert "没有保存任何内容" in own.get(preview).text
    assert own.post(f"{preview}/confirm", data=version_of(app, agency)).status_code == 409


def test_the_same_roster_brought_twice_still_waits(make: Make, sign_in: SignIn) -> None:
    content = csv(f"甲,{made_up_number()},工程师,环境工程,是,,")
    own = sign_in(make.user_of(make.agency()))
    bring(own, content)
    assert "确认后" in own.get(bring(own, content)).text


@pytest.mark.parametrize("kept", [None, b"PK\x03\x04", b"{}", b'{"rows": {}}'])
def test_what_is_no_longer_in_the_store_is_asked_for_again(
    app: Flask, make: Make, sign_in: SignIn, kept: bytes | None
) -> None:
    agency = make.agency()
    own = sign_in(make.user_of(agency))
    preview = bring(own, csv(f"甲,{made_up_number()},工程师,环境工程,是,,"))
    with app.app_context(), transaction() as session:
        session.scalars(select(RosterImport)).one().digest = store().put(kept) if kept is not None else "0" * 64
    assert "请重新上传" in own.get(preview).text
    refused = own.post(f"{preview}/confirm", data=version_of(app, agency))
    assert refused.status_code == 422
    assert "请重新上传" in refused.text


def test_the_same_file_waiting_elsewhere_stays(app: Flask, make: Make, sign_in: SignIn) -> None:
    content = csv(f"甲,{made_up_number()},工程师,环境工程,是,,")
    first, second = make.agency(), make.agency()
    one, two = sign_in(make.user_of(first)), sign_in(make.user_of(second))
    preview, other = bring(one, content), bring(two, content)
    one.post(f"{preview}/abandon", data=version_of(app, first))
    assert "确认后" in two.get(other).text


def test_people_already_there_are_changed_by_what_the_file_says_and_nothing_else(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    agency = make.agency()
    known, same, absent, new = (made_up_number() for _ in range(4))
    make.staff_member(agency, number=known, name="钱变更", employment=Employment.REHIRED, certificate_number="旧 1")
    make.staff_member(agency, number=same, name="孙不变")
    make.staff_member(agency, number=absent, name="李不在表")
    own = sign_in(make.user_of(agency))
    preview = bring(
        own,
        csv(
            f"钱变更,{known},高级工程师,,是,,",
            f"孙不变,{same},工程师,环境工程,是,,",
            f"周新增,{new.lower()},工程师,环境工程,,,",
        ),
    )
    page = own.get(preview).text
    assert "职称：工程师 → 高级工程师" in page
    assert "用工形式仍按原记录“退休返聘”" in page
    assert "表中未注明是否专职，不作专职计" in page
    assert "<b>1</b>名单中没有，保持不变" in page
    own.post(f"{preview}/confirm", data=version_of(app, agency))
    by_name = {row.name: row for row in staff(app, agency)}
    assert set(by_name) == {"钱变更", "孙不变", "李不在表", "周新增"}
    changed = by_name["钱变更"]
    assert (changed.title, changed.major, changed.certificate_number) == ("高级工程师", "环境工程", "旧 1")
    assert changed.employment is Employment.REHIRED
    assert by_name["周新增"].full_time is False
    again = bring(own, csv(f"孙不变,{same},工程师,环境工程,是,,"))
    assert "没有可以导入的内容" in own.get(again).text
    assert own.post(f"{again}/confirm", data=version_of(app, agency)).status_code == 422


def test_the_check_reads_what_the_import_wrote(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    number = made_up_number()
    make.staff_member(agency, number=number, name="钱变更")
    own = sign_in(make.user_of(agency))
    preview = bring(own, csv(f"钱变更,{number},高级工程师,,是,,"))
    own.post(f"{preview}/confirm", data=version_of(app, agency))
    with app.app_context():
        kept = db.session.get_one(QualificationCheck, agency.id)
        assert (kept.intermediate, kept.senior) == (1, 1)


def test_a_roster_that_moved_on_is_shown_again_before_it_is_saved(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    own = sign_in(make.user_of(agency))
    preview = bring(own, csv(f"甲,{made_up_number()},工程师,环境工程,是,,"))
    shown = version_of(app, agency)
    with app.app_context(), transaction() as session:
        session.get_one(Agency, agency.id).version += 1
    refused = own.post(f"{preview}/confirm", data=shown)
    assert refused.status_code == 409
    assert "确认导入" in refused.text
    assert staff(app, agency) == []
    assert own.post(f"{preview}/confirm", data=version_of(app, agency)).status_code == 302


def test_who_left_comes_back_with_a_later_day_only(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    number = made_up_number()
    gone = clock.today() - timedelta(days=30)
    make.staff_member(agency, number=number, left_on=gone)
    own = sign_in(make.user_of(agency))
    early = own.get(bring(own, csv(f"甲,{number},工程师,环境工程,是,{gone},"))).text
    assert "重新到岗的日期应在其后" in early
    back = gone + timedelta(days=5)
    preview = bring(own, csv(f"甲,{number},工程师,环境工程,是,{back},"))
    assert "作为重新到岗导入" in own.get(preview).text
    own.post(f"{preview}/confirm", data=version_of(app, agency))
    assert [row.left_on for row in staff(app, agency)] == [gone, None]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<html>", "不是可以读取的电子表格"),
        (b"PK\x03\x04 damaged", "已损坏"),
        ("随便,几个,字\n一,二,三".encode(), "没有找到人员名单的表头"),
        (csv(), "没有人员"),
        (b"", "不是可以读取的电子表格"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence_and_saves_nothing(
    app: Flask, make: Make, sign_in: SignIn, content: bytes, told: str
) -> None:
    own = sign_in(make.user_of(make.agency()))
    page = own.post("/agency/staff/import", data={"file": (io.BytesIO(content), "名单.xlsx")})
    assert page.status_code == 422
    assert told in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RosterImport)) == 0


def test_no_file_is_asked_for(make: Make, sign_in: SignIn) -> None:
    own = sign_in(make.user_of(make.agency()))
    assert "请选择要上传的电子表格" in own.post("/agency/staff/import", data={}).text


def test_texts_longer_than_a_record_holds_are_cut(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    own = sign_in(make.user_of(agency))
    preview = bring(own, csv(f"甲,{made_up_number()},工程师,{'环' * 300},是,,{'号' * 300}"))
    assert own.post(f"{preview}/confirm", data=version_of(app, agency)).status_code == 302
    (row,) = staff(app, agency)
    assert (len(row.major), len(row.certificate_number)) == (80, 60)


def test_imports_of_others_do_not_exist(app: Flask, make: Make, sign_in: SignIn, client: FlaskClient) -> None:
    agency = make.agency()
    preview = bring(sign_in(make.user_of(agency)), csv(f"甲,{made_up_number()},工程师,环境工程,是,,"))
    stranger = sign_in(make.user_of(make.agency()))
    assert stranger.get(preview).status_code == 404
    assert stranger.post(f"{preview}/confirm").status_code == 404
    assert stranger.post(f"{preview}/abandon").status_code == 404
    assert client.get(preview).status_code == 302
    assert sign_in(make.officer("admin")).get("/agency/staff/import").status_code == 403


def test_a_new_file_takes_the_place_of_the_one_that_waited(app: Flask, make: Make, sign_in: SignIn) -> None:
    own = sign_in(make.user_of(make.agency()))
    first = bring(own, csv(f"甲,{made_up_number()},工程师,环境工程,是,,"))
    assert "有一份名单等待确认" in own.get("/agency/staff").text
    bring(own, csv(f"乙,{made_up_number()},工程师,环境工程,是,,"))
    assert "没有保存任何内容" in own.get(first).text


def test_forgotten_imports_are_swept_after_a_day(app: Flask, make: Make, sign_in: SignIn) -> None:
    own = sign_in(make.user_of(make.agency()))
    preview = bring(own, csv(f"甲,{made_up_number()},工程师,环境工程,是,,"))
    run = app.test_cli_runner().invoke
    assert run(args=["agency", "sweep"]).output == "已清理 0 份\n"
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert run(args=["agency", "sweep"]).output == "已清理 1 份\n"
    assert "没有保存任何内容" in own.get(preview).text


def test_the_template_is_read_by_the_import(make: Make, sign_in: SignIn) -> None:
    own = sign_in(make.user_of(make.agency()))
    template = own.get("/agency/staff/template.xlsx")
    assert template.status_code == 200
    page = own.post("/agency/staff/import", data={"file": (io.BytesIO(template.data), "模板.xlsx")})
    assert "没有人员" in page.text


def test_many_people_are_found_or_added_at_once(app: Flask, make: Make) -> None:
    numbers = [made_up_number() for _ in range(30)]
    with app.app_context():
        identities = {each.key: each for each in map(Identity.of_number, map(IdNumber.parse, numbers))}
        with transaction() as session:
            single = persons.find_or_add(session, next(iter(identities.values())))
            session.flush()
            known = single.id
        with transaction() as session:
            found = persons.find_or_add_all(session, identities)
        assert set(found) == set(identities)
        assert found[next(iter(identities))] == known
        with transaction() as session:
            assert persons.find_or_add_all(session, identities) == found
        assert db.session.scalar(select(func.count()).select_from(Person)) == 30


def test_a_large_roster_takes_a_fixed_number_of_statements(
    app: Flask, make: Make, count_queries: Callable[[], object]
) -> None:
    def statements(people: int) -> int:
        agency = make.agency()
        user = make.user_of(agency)
        lines = [f"员{place},{made_up_number()},工程师,环境工程,是,," for place in range(people)]
        with app.app_context():
            brought = importing.bring(agency.id, UploadEntry("名单.csv", csv(*lines)), by=user)
        with app.app_context(), count_queries() as queries:  # type: ignore[attr-defined]
            importing.confirm(brought, version=agency.version, by=user)
        return len(queries)

    assert statements(5) == statements(60)
