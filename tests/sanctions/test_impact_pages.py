"""The impact map as officers see and use it: scope, filters, several done at once, what came between."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from io import BytesIO
from typing import Any, TypeVar

import openpyxl
import pytest
from flask.testing import FlaskClient

from accounts.models import User
from core.db import db
from evaluations.rules.states import EvaluationFlag, Level
from sanctions.models import ImpactTask, TaskResult
from tests.evaluations.test_deciding import BUREAU
from tests.factories import Make
from tests.sanctions import test_impact as steps

pytestmark = pytest.mark.clause("JL-22-3")
T = TypeVar("T")
SignIn = Callable[[User], FlaskClient]


def within(act: Callable[..., T], make: Make, *given: Any) -> T:
    """A step in a context of its own: with one open around it, each request would be the first user's."""
    with make.app.app_context():
        found = act(*given)
        db.session.remove()
        return found


def tasks(make: Make) -> list[ImpactTask]:
    return within(steps.tasks, make)


@pytest.fixture
def period_id(make: Make) -> int:
    """A map with a municipal and a national evaluation and a provincial list entry."""
    by = make.officer("approver")
    make.evaluation()
    make.evaluation(level=Level.NATIONAL)
    within(steps.listed, make, make.applicant(), make.filed_agency().name)
    found = within(steps.barred, make, make.filed_agency(), by)
    within(steps.laid, make, found, by)
    return found


def address(period_id: int, *path: str) -> str:
    return "/".join((f"/desk/sanctions/impact/{period_id}", *path))


def shown(rows: list[ImpactTask]) -> list[str]:
    return [f"{row.id}.{row.version}" for row in rows]


def test_a_bureau_sees_and_does_its_own_and_the_province_the_others(
    make: Make, sign_in: SignIn, period_id: int
) -> None:
    municipal, national, entry = tasks(make)
    bureau, other = make.officer("municipal", bureau=BUREAU), make.officer("municipal", bureau="yanbian")
    page = sign_in(bureau).get(address(period_id))
    assert f"task-{municipal.id}" in page.text
    assert f"task-{national.id}" not in page.text
    assert sign_in(other).get(address(period_id)).status_code == 404
    desk = sign_in(make.officer("reviewer"))
    page = desk.get(address(period_id))
    assert f'id="task-{entry.id}"' in page.text
    assert f'id="task-{municipal.id}"' not in page.text
    assert "影响清单" in desk.get("/desk/sanctions/impact").text
    # what isn't theirs to do is not done by naming it
    data = {"shown": shown([municipal]), "result": "upheld", "reason": "已核实"}
    refused = desk.post(address(period_id, "settle"), data=data)
    assert refused.status_code == 409
    assert all(task.done_at is None for task in tasks(make))


def test_several_are_done_at_once_all_or_none(make: Make, sign_in: SignIn, period_id: int) -> None:
    municipal, national, entry = tasks(make)
    officer = make.officer("approver")
    desk = sign_in(officer)
    page = desk.get(address(period_id, "settle"), query_string={"task": [municipal.id, national.id, entry.id, "x"]})
    assert f'value="{national.id}.1"' in page.text
    assert f'value="{municipal.id}.1"' not in page.text
    data = {"shown": shown([national, entry]), "result": "upheld", "reason": ""}
    assert desk.post(address(period_id, "settle"), data=data).status_code == 422
    data["reason"] = "另行核实，结论可靠"
    assert desk.post(address(period_id, "settle"), data=data).status_code == 302
    done = tasks(make)[1:]
    assert [(task.result, task.done_by) for task in done] == [(TaskResult.UPHELD, officer.id)] * 2
    again = desk.post(address(period_id, "settle"), data=data)  # a second click
    assert again.status_code == 409
    assert "没有办理" in again.text
    corrected = {"shown": shown(done[:1]), "result": "withdrawn", "reason": "结论有误"}
    assert desk.post(address(period_id, "settle"), data=corrected).status_code == 302
    assert tasks(make)[1].result is TaskResult.WITHDRAWN


def test_a_result_fits_what_is_looked_at(make: Make, sign_in: SignIn, period_id: int) -> None:
    _, national, entry = tasks(make)
    desk = sign_in(make.officer("approver"))
    data = {"shown": shown([national, entry]), "result": "removal_proposed", "reason": "数据造假"}
    page = desk.post(address(period_id, "settle"), data=data)
    assert page.status_code == 422
    assert 'value="removal_proposed"' not in page.text
    assert all(task.done_at is None for task in tasks(make))


def test_a_removal_that_is_proposed_leads_to_a_case_of_the_unit(make: Make, sign_in: SignIn, period_id: int) -> None:
    entry = tasks(make)[2]
    desk = sign_in(make.officer("reviewer"))
    link = f"/desk/supervision/inspections/new/units/{entry.applicant_id}"
    assert link in desk.get(address(period_id, "settle"), query_string={"task": entry.id}).text
    assert link not in desk.get(address(period_id)).text
    data = {"shown": shown([entry]), "result": "removal_proposed", "reason": "数据造假"}
    assert desk.post(address(period_id, "settle"), data=data).status_code == 302
    found = re.search(f'href="({link}[^"]*)"', desk.get(address(period_id)).text)
    assert found is not None
    assert "影响清单复核" in desk.get(unescape(found.group(1))).text  # why stands in the form already


def test_nothing_is_done_that_fell_away_with_the_decision(make: Make, sign_in: SignIn, period_id: int) -> None:
    officer = make.officer("approver")
    before = tasks(make)[1:]
    within(steps.annulled, make, period_id, officer)
    desk = sign_in(officer)
    data = {"shown": shown(before), "result": "upheld", "reason": "已核实"}
    assert desk.post(address(period_id, "settle"), data=data).status_code == 409
    page = desk.get(address(period_id), query_string={"state": "void"})
    assert "决定已经撤销" in page.text
    assert "随决定撤销" in page.text
    answer = desk.get(address(period_id, "settle"), query_string={"task": before[0].id})
    assert answer.location.endswith(address(period_id))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 3), ({"kind": "list_entry"}, 1), ({"kind": "open_evaluation"}, 2), ({"state": "done"}, 0),
        ({"bureau": "province"}, 2), ({"bureau": BUREAU}, 1), ({"q": "没有这家"}, 0), ({"state": "nonsense"}, 3),
    ],
)  # fmt: skip
def test_the_list_and_its_export_show_what_is_asked_for(
    make: Make, sign_in: SignIn, period_id: int, asked: dict[str, str], found: int
) -> None:
    desk = sign_in(make.officer("reviewer"))
    assert desk.get(address(period_id), query_string=asked).text.count('class="leaf"') == found
    export = desk.get(address(period_id, "export.xlsx"), query_string=asked)
    rows = list(openpyxl.load_workbook(BytesIO(export.data)).active.values)
    assert len(rows) == found + 1


def test_the_map_takes_the_same_few_queries_however_long_it_is(
    make: Make, sign_in: SignIn, period_id: int, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    desk = sign_in(make.officer("reviewer"))
    desk.get(address(period_id))
    with count_queries() as few:
        desk.get(address(period_id))
    for _ in range(4):
        within(steps.listed, make, make.applicant(), make.filed_agency().name)
    within(steps.laid, make, period_id)
    with count_queries() as many:
        desk.get(address(period_id))
    assert len(many) == len(few)


def test_what_waits_stands_on_the_worklist_and_is_counted(make: Make, sign_in: SignIn, period_id: int) -> None:
    for officer, count in ((make.officer("approver"), 2), (make.officer("municipal", bureau=BUREAU), 1)):
        page = sign_in(officer).get("/desk")
        assert page.status_code == 200
        assert f'待复核的评价和名单条目<span class="count">{count}</span>' in page.text
    within(steps.annulled, make, period_id, make.officer("approver"))
    assert "待复核的评价和名单条目" not in sign_in(make.officer("approver")).get("/desk").text


def test_the_applicant_and_the_agency_read_the_mark_and_what_it_means(make: Make, sign_in: SignIn) -> None:
    evaluation = make.evaluation()
    user, agency_user = make.user_of_applicant(evaluation.applicant), make.user_of(make.filed_agency())
    within(steps.barred, make, make.filed_agency(), make.officer("approver"))
    applicant = sign_in(user)
    for address_of_it in ("/applicant/evaluations", f"/applicant/evaluations/{evaluation.id}"):
        assert EvaluationFlag.NON_ADOPTION.label in applicant.get(address_of_it).text
    assert "另选在案的机构" in applicant.get(f"/applicant/evaluations/{evaluation.id}").text
    for address_of_it in ("/evaluations", f"/evaluations/{evaluation.id}"):
        assert EvaluationFlag.NON_ADOPTION.label in sign_in(agency_user).get(address_of_it).text
    export = sign_in(make.officer("reviewer")).get("/desk/evaluations/export.xlsx?flag=non_adoption")
    rows = list(openpyxl.load_workbook(BytesIO(export.data)).active.values)
    assert len(rows) == 2
    assert EvaluationFlag.NON_ADOPTION.label in str(rows[1])
