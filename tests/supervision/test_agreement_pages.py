"""The desk's pages of screened agreements: who sees and decides what, the lists, the spreadsheet."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from core.db import db
from evaluations.models import AgreementScreening, Evaluation
from evaluations.queries.listing import Wanted, listing
from evaluations.rules.states import EvaluationFlag, Level, MarkStanding
from supervision.models import Case
from supervision.queries.agreements import AgreementStanding
from supervision.services import marks
from tests.factories import Make
from tests.home.test_pages import navigation

SignIn = Callable[[User], FlaskClient]
Count = Callable[[], AbstractContextManager[list[str]]]
AGREEMENTS = "/desk/supervision/agreements"
BET = "未入选绿色工厂名单的，乙方退还全部评价费。"
PASS = "乙方保证甲方通过省级绿色工厂评审。"
LAWFUL = "评价费用于签订之日一次付清，与评价结果无关。"


def at(screening: AgreementScreening, *more: object) -> str:
    return "/".join(map(str, (AGREEMENTS, screening.id, *more)))


def sent(screening: AgreementScreening, verdict: str, reason: str = "核实属实", **changed: Any) -> dict[str, Any]:
    return {"version": screening.version, "verdict": verdict, "reason": reason} | changed


def cases(make: Make) -> list[Case]:
    with make.app.app_context():
        found = list(db.session.scalars(select(Case).order_by(Case.id)))
        db.session.expunge_all()
        return found


def test_the_page_shows_the_text_with_its_marks(make: Make, sign_in: SignIn) -> None:
    screening = make.screening(make.marked(LAWFUL, BET, level=Level.PROVINCIAL))
    page = sign_in(make.officer("reviewer")).get(at(screening)).text
    mark = screening.marks[0]
    for told in (LAWFUL, mark.label.words, mark.reason, f"把握 {mark.confidence:.2f}", "还有 1 处待核", "补充标记"):
        assert told in page
    assert f"<mark>{mark.trigger}</mark>" in page
    only = sign_in(make.officer("approver")).get(f"{at(screening)}?only=1").text
    assert LAWFUL not in only
    assert mark.reason in only


def test_an_officer_confirms_and_is_told_what_followed(make: Make, sign_in: SignIn) -> None:
    evaluation = make.marked(BET, PASS, level=Level.PROVINCIAL)
    screening, desk = make.screening(evaluation), sign_in(make.officer("reviewer"))
    answer = desk.post(at(screening, "marks", screening.marks[0].id), data=sent(screening, "confirm"))
    assert answer.location == f"{at(screening)}#mark-2"  # on to the next
    page = desk.get(at(screening)).text
    assert "已认定，评价已中止，已立案" in page
    assert "核实属实" in page
    assert "案〔" in page
    shown = desk.get(f"/desk/evaluations/{evaluation.id}").text
    assert "有认定条款" in shown
    assert at(screening) in shown


def test_what_was_typed_stays_where_it_is_refused(make: Make, sign_in: SignIn) -> None:
    screening = make.screening(make.marked(BET, PASS, level=Level.PROVINCIAL))
    desk, url = sign_in(make.officer("approver")), at(screening, "marks", screening.marks[1].id)
    nothing = desk.post(url, data=sent(screening, "dismiss", " "))
    assert nothing.status_code == 422
    assert 'href="#reason-2"' in nothing.text
    unknown = desk.post(url, data=sent(screening, "whatever", "看过了"))
    assert unknown.status_code == 422
    assert "看过了" in unknown.text
    late = desk.post(url, data=sent(screening, "confirm", "我先看的", version=screening.version + 3))
    assert late.status_code == 409
    assert "我先看的" in late.text
    assert desk.post(at(screening, "marks", 99999), data=sent(screening, "confirm")).status_code == 302
    assert {mark.standing for mark in make.screening_now(screening.id).marks} == {MarkStanding.OPEN}


def test_several_are_dismissed_for_one_reason(make: Make, sign_in: SignIn) -> None:
    screening = make.screening(make.marked(BET, PASS, level=Level.PROVINCIAL))
    desk, url = sign_in(make.officer("approver")), at(screening, "dismissals")
    none = desk.post(url, data={"version": screening.version, "reason": "都是引用"})
    assert none.status_code == 422
    assert "请选中要办理的标记" in none.text
    everything = [mark.id for mark in screening.marks]
    form = {"version": screening.version, "reason": "都是引用规定", "marks": everything}
    assert desk.post(url, data=form).location == at(screening)
    assert "已全部核定" in desk.get(at(screening)).text
    assert desk.post(url, data=form).status_code == 409


def test_an_officer_marks_what_the_screening_missed(make: Make, sign_in: SignIn) -> None:
    screening = make.screening(make.marked(LAWFUL, level=Level.PROVINCIAL))
    desk, url = sign_in(make.officer("approver")), at(screening, "marks", "new")
    assert LAWFUL[:20] in desk.get(url).text
    form = {"version": screening.version, "clause": "0", "quote": "", "label": "tied_sale", "reason": "与认证打包"}
    assert desk.post(url, data=form | {"clause": "7"}).status_code == 422
    assert desk.post(url, data=form | {"clause": ""}).status_code == 422
    assert desk.post(url, data=form).location == f"{at(screening)}#mark-1"
    page = desk.get(at(screening)).text
    assert "人工标出" in page
    assert "与认证打包" in page


def test_what_no_program_reads_an_officer_reads(make: Make, sign_in: SignIn) -> None:
    screening = make.screening(make.unreadable(level=Level.PROVINCIAL))
    desk, url = sign_in(make.officer("reviewer")), at(screening, "settle")
    assert "请阅看原件" in desk.get(at(screening)).text
    form = {"version": screening.version, "reason": "已阅看原件全部 6 页，没有问题。"}
    assert desk.post(url, data=form | {"reason": ""}).status_code == 422
    assert desk.post(url, data=form).location == at(screening)
    assert "已阅看原件全部 6 页" in desk.get(at(screening)).text
    assert "不需要人工阅看" in desk.get(url).text
    assert desk.post(url, data=form | {"version": screening.version + 1}).status_code == 409


def test_a_bureau_decides_on_its_own_municipal_ones_and_only_reads_the_others(make: Make, sign_in: SignIn) -> None:
    own, far = make.applicant(bureau="tonghua"), make.applicant(bureau="changchun")
    municipal = make.screening(make.marked(BET, applicant=own))
    provincial = make.screening(make.marked(BET, applicant=own, level=Level.PROVINCIAL))
    elsewhere = make.screening(make.marked(BET, applicant=far))
    bureau = sign_in(make.officer("municipal", bureau="tonghua"))
    answers = {
        screening.id: bureau.post(
            at(screening, "marks", screening.marks[0].id), data=sent(screening, "confirm")
        ).status_code
        for screening in (municipal, provincial, elsewhere)
    }
    assert answers == {municipal.id: 302, provincial.id: 403, elsewhere.id: 404}
    page = bureau.get(at(provincial)).text
    assert 'name="verdict"' not in page
    assert "省厅核定" in page
    (case,) = cases(make)
    assert (case.evaluation_id, case.bureau) == (municipal.evaluation_id, "tonghua")
    approver, found = sign_in(make.officer("approver")), f"/desk/supervision/cases/{case.id}"
    for client in (bureau, approver):  # the bureau handles what it found, and the province sees it
        assert found in client.get(at(municipal)).text
        assert client.get(found).status_code == 200
    assert sign_in(make.officer("municipal", bureau="changchun")).get(found).status_code == 403
    provincially = approver.post(at(provincial, "marks", provincial.marks[0].id), data=sent(provincial, "confirm"))
    assert provincially.status_code == 302
    assert [(each.evaluation_id, each.bureau) for each in cases(make)[1:]] == [(provincial.evaluation_id, None)]
    assert approver.get(at(elsewhere)).status_code == 200
    refused = approver.post(at(elsewhere, "marks", elsewhere.marks[0].id), data=sent(elsewhere, "dismiss"))
    assert refused.status_code == 403  # a municipal one is its bureau's


@pytest.mark.parametrize("role", ["agency", "applicant", "admin"])
def test_nobody_else_sees_the_desks_pages(make: Make, sign_in: SignIn, role: str) -> None:
    evaluation = make.marked(BET)
    users = {
        "agency": lambda: make.user_of(evaluation.parties[0].agency),
        "applicant": lambda: make.user_of_applicant(evaluation.applicant),
        "admin": lambda: make.officer("admin"),
    }
    client, screening = sign_in(users[role]()), make.screening(evaluation)
    assert client.get(AGREEMENTS).status_code == 403
    assert client.get(at(screening)).status_code in (403, 404)
    assert client.post(at(screening, "marks", screening.marks[0].id), data=sent(screening, "dismiss")).status_code in (
        403, 404,
    )  # fmt: skip


def test_what_waits_is_on_the_worklist_until_it_is_decided(make: Make, sign_in: SignIn) -> None:
    screening = make.screening(make.marked(BET, level=Level.PROVINCIAL))
    reviewer = sign_in(make.officer("reviewer"))
    page = reviewer.get("/desk").text
    assert at(screening) in page
    assert navigation(page)["待办"][1] == "1"
    assert at(screening) not in sign_in(make.officer("municipal", bureau="changchun")).get("/desk").text
    reviewer.post(at(screening, "marks", screening.marks[0].id), data=sent(screening, "dismiss"))
    page = reviewer.get("/desk").text
    assert at(screening) not in page
    assert "没有等您核定的协议" in page


def test_a_bureaus_waits_on_its_own_worklist(make: Make, sign_in: SignIn) -> None:
    own = make.screening(make.unreadable(applicant=make.applicant(bureau="tonghua")))
    page = sign_in(make.officer("municipal", bureau="tonghua")).get("/desk").text
    assert at(own) in page
    assert "阅看原件，写明结论" in page
    assert navigation(page)["待办"][1] == "1"


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_begins_with_what_waits_and_is_filtered(app: Flask, make: Make, sign_in: SignIn) -> None:
    officer = make.officer("approver")
    open_one = make.marked(PASS, level=Level.PROVINCIAL)
    upheld, refuted, clean = (make.marked(text, level=Level.PROVINCIAL) for text in (BET, BET, LAWFUL))
    unread = make.unreadable(level=Level.PROVINCIAL)
    with app.app_context():
        for evaluation, act in ((upheld, marks.confirm), (refuted, None)):
            screening = make.screening(evaluation)
            mark_id = screening.marks[0].id
            given: dict[str, Any] = {"version": screening.version, "reason": "核实", "by": officer}
            if act is not None:
                act(screening.id, mark_id, **given)
            else:
                marks.dismiss(screening.id, (mark_id,), **given)
    desk = sign_in(officer)

    def found(**asked: str) -> set[str]:
        page = desk.get(AGREEMENTS, query_string=asked).text
        return {each.number for each in (open_one, upheld, refuted, clean, unread) if each.number in page}

    page = desk.get(AGREEMENTS).text
    places = [page.index(each.number) for each in (open_one, unread, clean, refuted, upheld)]
    assert places == sorted(places)
    assert found(standing=AgreementStanding.WAITING) == {open_one.number, unread.number}
    assert found(standing=AgreementStanding.CONFIRMED) == {upheld.number}
    assert found(standing=AgreementStanding.DISMISSED) == {refuted.number}
    assert found(standing=AgreementStanding.UNMARKED) == {clean.number}
    assert found(standing=AgreementStanding.BY_EYE) == {unread.number}
    assert found(standing=AgreementStanding.RUNNING) == set()
    assert found(label="guaranteed_pass") == {open_one.number}
    assert found(q=clean.number) == {clean.number}
    assert found(year=str(clean.year + 1)) == set()
    assert len(found(bureau=clean.bureau, year=str(clean.year))) == 5
    assert len(found(label="nonsense", standing="x", year="1900", page="?")) == 5


def test_a_bureau_lists_its_own(make: Make, sign_in: SignIn) -> None:
    own = make.marked(BET, applicant=make.applicant(bureau="tonghua"))
    far = make.marked(BET, applicant=make.applicant(bureau="changchun"))
    bureau = sign_in(make.officer("municipal", bureau="tonghua"))
    page = bureau.get(AGREEMENTS, query_string={"bureau": "changchun"}).text
    assert own.number in page
    assert far.number not in page
    rows = sheet(bureau.get(f"{AGREEMENTS}/export.xlsx").data)
    assert [row[0] for row in rows] == [own.number]


def sheet(content: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(BytesIO(content)).active.iter_rows(min_row=2, values_only=True))


def test_the_marks_come_out_as_filtered(make: Make, sign_in: SignIn) -> None:
    make.marked(LAWFUL, BET)
    screening = make.screening(make.marked(PASS, level=Level.PROVINCIAL))
    desk = sign_in(make.officer("reviewer"))
    desk.post(at(screening, "marks", screening.marks[0].id), data=sent(screening, "dismiss", "引用规定"))
    assert len(sheet(desk.get(f"{AGREEMENTS}/export.xlsx").data)) == 2
    (row,) = sheet(desk.get(f"{AGREEMENTS}/export.xlsx?label=guaranteed_pass").data)
    assert PASS in row
    assert {"承诺保过", "不成立", "引用规定", screening.marks[0].reason} <= set(row)


def test_lists_ask_as_much_of_many_as_of_few(make: Make, sign_in: SignIn, count_queries: Count) -> None:
    desk = sign_in(make.officer("approver"))
    for text in (BET, LAWFUL):
        make.marked(text, level=Level.PROVINCIAL)

    def asked() -> dict[str, int]:
        counts = {}
        for url in (AGREEMENTS, f"{AGREEMENTS}?standing=waiting", "/desk"):
            with count_queries() as queries:
                assert desk.get(url).status_code == 200
            counts[url] = len(queries)
        return counts

    few = asked()
    for text in (BET, LAWFUL) * 3:
        make.marked(text, level=Level.PROVINCIAL)
    assert asked() == few


def test_an_agreements_page_asks_as_much_with_many_marks(make: Make, sign_in: SignIn, count_queries: Count) -> None:
    desk = sign_in(make.officer("approver"))
    counts = set()
    for clauses in ((BET,), (BET, PASS) * 6):
        screening = make.screening(make.marked(*clauses, level=Level.PROVINCIAL))
        with count_queries() as queries:
            assert desk.get(at(screening)).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1


def test_evaluations_are_found_by_what_became_of_their_marks(app: Flask, make: Make, sign_in: SignIn) -> None:
    evaluation, other = make.marked(BET, level=Level.PROVINCIAL), make.marked(PASS)
    screening = make.screening(evaluation)
    desk = sign_in(make.officer("approver"))
    desk.post(at(screening, "marks", screening.marks[0].id), data=sent(screening, "confirm"))
    with app.app_context():
        session = db.session()
        for flag, wanted in (
            (EvaluationFlag.CLAUSES_CONFIRMED, evaluation),
            (EvaluationFlag.SCREENING, other),
        ):
            found = listing(session, Wanted(flag=flag))
            assert [row.id for row in found.page.items] == [wanted.id]
            assert flag in found.flags[wanted.id]
    assert "有认定条款" in desk.get("/desk/evaluations?flag=clauses_confirmed").text


def test_the_case_shows_the_clause_and_closes_when_it_is_put_right(app: Flask, make: Make, sign_in: SignIn) -> None:
    evaluation = make.marked(BET, level=Level.PROVINCIAL)
    screening, desk = make.screening(evaluation), sign_in(make.officer("approver"))
    desk.post(at(screening, "marks", screening.marks[0].id), data=sent(screening, "confirm"))
    url = "/desk/supervision/cases/1"
    page = desk.get(url).text
    assert BET in page
    assert "现用协议仍有 1 处经认定的条款" in page
    assert "还不能办结" in desk.get(f"{url}/correct").text
    form = {"version": 1, "reason": "已更换协议"}
    assert desk.post(f"{url}/correct", data=form).status_code == 422
    assert desk.post(f"/desk/evaluations/{evaluation.id}/lift", data=form | _now(app, evaluation)).status_code == 422
    make.replaced(evaluation)
    assert "改正后办结" in desk.get(url).text
    assert desk.post(f"{url}/correct", data=form).location == url
    page = desk.get(url).text
    assert "办结：已纠正" in page
    assert desk.post(f"{url}/correct", data=form).status_code == 409
    assert "已中止" not in desk.get(at(screening)).text


def _now(app: Flask, evaluation: Evaluation) -> dict[str, Any]:
    with app.app_context():
        return {"version": db.session.get_one(Evaluation, evaluation.id).version}
