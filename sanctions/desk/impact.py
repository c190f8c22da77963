"""The impact map of a period of non-adoption: what rests on the agency's results, and what became of each."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.signin import signed_in
from applicants.models import Applicant
from core import clock, exports
from core.db import LARGEST_INTEGER, db
from core.errors import DomainError
from core.exports import Column
from core.guards import guard
from core.places import bureaus
from sanctions import policies
from sanctions.desk import blueprint
from sanctions.forms.impact import MapFilter, SettleForm
from sanctions.models import TaskResult
from sanctions.queries import impact as queries
from sanctions.queries import resting
from sanctions.queries.periods import Period
from sanctions.rules.impact import Settlement
from sanctions.services import settling
from supervision import policies as supervision_policies

EXPORTED = (
    Column("培育对象", 36), Column("统一社会信用代码", 22), Column("所属工信局", 14), Column("类别", 12),
    Column("评价编号或名单条目", 40), Column("评价状态", 10), Column("级别", 8), Column("年度", 8), Column("办理", 12),
    Column("状态", 12), Column("复核结果", 16), Column("理由", 50), Column("办结时间", 18), Column("办理人", 12),
)  # fmt: skip

MOST = 500  # tasks done at once
LONGEST_PAIR = 18  # digits of a task and its version


def map_of(user: User, non_adoption_id: int) -> Period | None:
    return queries.map_seen_by(db.session(), user, non_adoption_id)


@blueprint.get("/impact")
@guard(policies.may_see_impact)
def impact_maps() -> ResponseReturnValue:
    page, lines = queries.maps(db.session(), signed_in(), cursor=request.args.get("page"))
    return render_template(
        "sanctions/desk/impact_maps.html",
        lines=lines,
        whose=signed_in().bureau_name,
        previous_url=url_for(".impact_maps", page=page.previous) if page.previous else None,
        next_url=url_for(".impact_maps", page=page.next) if page.next else None,
    )


@blueprint.get("/impact/<int:non_adoption_id>")
@guard(policies.may_see_impact, load=map_of)
def impact_map(period: Period) -> ResponseReturnValue:
    session, user, period_id = db.session(), signed_in(), period.row.id
    form = MapFilter(request.args, every_bureau=user.is_provincial)
    found = queries.listing(session, user, period_id, form.wanted(), cursor=request.args.get("page"))
    asked, page = form.in_address(), found.page
    return render_template(
        "sanctions/desk/impact_map.html",
        period=period,
        form=form,
        asked=asked,
        listing=found,
        numbers=queries.numbers_of(session, user, period_id),
        elsewhere=resting.elsewhere(session, period.row.agency_id) if user.is_provincial else 0,
        inspectable=_inspectable(user, [branch.applicant for branch in found.branches]),
        able={task.id for task in page.items if task.void_at is None and policies.may_settle_task(user, task)},
        bureaus=bureaus(),
        bureau_label=queries.bureau_label,
        previous_url=_page_url(period_id, page.previous, asked),
        next_url=_page_url(period_id, page.next, asked),
    )


def _page_url(period_id: int, cursor: str | None, asked: dict[str, Any]) -> str | None:
    return url_for(".impact_map", non_adoption_id=period_id, page=cursor, **asked) if cursor else None


@blueprint.get("/impact/<int:non_adoption_id>/export.xlsx")
@guard(policies.may_see_impact, load=map_of)
def impact_export(period: Period) -> Response:
    user = signed_in()
    wanted = MapFilter(request.args, every_bureau=user.is_provincial).wanted()
    rows = queries.exported(db.session(), user, period.row.id, wanted)
    return exports.download(f"影响清单 {clock.today()}", EXPORTED, rows, sheet="影响清单")


@blueprint.route("/impact/<int:non_adoption_id>/settle", methods=["GET", "POST"])
@guard(policies.may_see_impact, load=map_of)
def settle_tasks(period: Period) -> ResponseReturnValue:
    """The tasks that were ticked in the map (`task`, in the address bar), then their result and its reason."""
    user, period_id = signed_in(), period.row.id
    shown = _shown(request.form.getlist("shown"))
    ids = [task_id for task_id, _ in shown] or _ids(request.args.getlist("task"))
    tasks = queries.chosen(db.session(), user, period_id, ids)
    form = SettleForm(tasks)
    if form.submitted():
        entry = Settlement(shown, TaskResult(form.result.data), form.reason.data or "")
        try:
            count = settling.settle(period_id, entry, by=user)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"已办结 {count} 项。{NEXT.get(entry.result, '')}")
            is_removal = entry.result is TaskResult.REMOVAL_PROPOSED  # whose next act stands beside it
            asked: dict[str, Any] = {"result": entry.result.value} if is_removal else {"state": "open"}
            return redirect(url_for(".impact_map", non_adoption_id=period_id, **asked))
        tasks = queries.chosen(db.session(), user, period_id, ids)
    elif not tasks:
        flash("请先在影响清单中勾选要办结的事项；随决定撤销的、由他人办理的不能勾选。", "warning")
        return redirect(url_for(".impact_map", non_adoption_id=period_id))
    return render_template(
        "sanctions/desk/settle_tasks.html",
        period=map_of(user, period_id),
        form=form,
        tasks=tasks,
        inspectable=_inspectable(user, [task.applicant for task in tasks]),
    ), form.status


def _inspectable(user: User, applicants: Sequence[Applicant]) -> dict[int, Applicant]:
    """Of which of them the reader may open a case: without one nothing is proposed."""
    return {each.id: each for each in applicants if supervision_policies.may_inspect_unit(user, each)}


def _ids(given: Sequence[str]) -> list[int]:
    """What the address bar names, no more than one page shows."""
    whole = [int(text) for text in given[:MOST] if text.isascii() and text.isdecimal() and len(text) < 12]
    return [number for number in whole if 0 < number <= LARGEST_INTEGER]


def _shown(given: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """id.version of each that was shown; what no page of ours sends is left out."""
    pairs = (text.partition(".") for text in given[:MOST] if text.isascii())
    whole = ((number, version) for number, _, version in pairs if number.isdecimal() and version.isdecimal())
    return tuple((int(number), int(version)) for number, version in whole if len(number + version) < LONGEST_PAIR)


NEXT = {
    TaskResult.REMOVAL_PROPOSED: "移出名单须另行立案、告知并决定：在该事项旁点“立案检查”；移出后在条目页登记。",
    TaskResult.REPEATED: "请培育对象另选在案机构登记新的评价。",
    TaskResult.WITHDRAWN: "评价尚未撤回或决定不予采信的，请在评价页办理。",
}  # what the result asks of somebody elsewhere
