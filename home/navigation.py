"""The frame of every page: who is in, where one can go, how much waits there. Reads as little as it can."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Role, User
from agency.models import Agency
from applicants.models import Applicant
from complaints.queries.desk import waiting as complaints_waiting
from core import law
from core.db import db
from core.places import bureaus
from home import evaluating, queries
from notices.mailing.digests import Waiting
from notices.mailing.queries import asking
from notices.queries import unread_count
from sanctions.queries import own
from scheduling.queries import failed_runs

Counter = Callable[[Session, User], int]


def failing(session: Session, user: User) -> int:
    """How many runs of jobs stand as failed."""
    return failed_runs(session)


@dataclass(frozen=True, slots=True)
class Place:
    """An item of the navigation; `within`: the endpoints, and blueprints (ending with a dot), that belong to it."""

    label: str
    endpoint: str
    within: tuple[str, ...]
    count: Counter | None = None

    @property
    def own(self) -> frozenset[str]:
        return frozenset({self.endpoint, *self.within})


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    links: tuple[Link, ...]
    sign_out_url: str
    bell: Link  # where one's notices are, and how many are unread


STAFF = tuple(
    f"agency.{name}"
    for name in (
        "new_staff",
        "edit_staff",
        "staff_left",
        "staff_proofs",
        "import_staff",
        "preview_import",
        "confirm_import",
        "abandon_import",
    )
)
REGISTER = Place("机构名录", "public.register", ("public.show",))
RULES = Place("规则与执行", "public.rules", ())
CIRCULARS = Place("通报公告", "public.circulars", ("public.circular",))
VERIFY = Place("核验回执", "public.verify", ("public.verified",))
COMPLAINT = Place("实名举报", "complaint.about", ("complaint.",))
FOLLOW = Place("凭编号查询进展", "complaint.follow", ())
OUTBOX = Place("发件箱", "notices.outbox", ("notices.mail", "notices.send_again"), asking)

VISITOR = (
    REGISTER,
    CIRCULARS,
    COMPLAINT,
    RULES,
    VERIFY,
    Place("机构登记", "agency.register", ("agency.ask_code_check",)),
    Place("登录", "accounts.login", ("accounts.login_code",)),
)
MATTERS = Place("监督事项", "sanction.matters", ("sanction.", "supervision."), own.count_waiting)
AGENCY = (
    Place("机构首页", "home.agency", ()),
    Place("评价", "evaluation.evaluations", ("evaluation.",)),
    Place("本单位资料", "agency.particulars", ("agency.",)),
    Place("人员", "agency.staff", STAFF),
    Place("备案", "filing.show", ("filing.",)),
    Place("年度总结", "summary.summaries", ("summary.",)),
    MATTERS,
)
WORKLIST = Place("待办", "home.worklist", (), queries.waiting)
EVALUATIONS = Place("评价", "evaluation_desk.evaluations", ("evaluation_desk.",))
APPLICANTS = Place("培育对象", "applicant_desk.applicants", ("applicant_desk.", "evaluation_desk.move_applicant"))
FILINGS = Place("备案", "filing_desk.filings", ("filing_desk.",))
AGENCIES = Place("机构", "agency_desk.agencies", ("agency_desk.",))
SUMMARIES = Place("年度总结", "summary_desk.years", ("summary_desk.",))
COMPLAINTS = Place("举报", "complaint_desk.complaints", ("complaint_desk.",), complaints_waiting)
CASES = Place("案件", "supervision_desk.cases", ("supervision_desk.",))
PROCEEDINGS = Place("措施", "sanction_desk.proceedings", ("sanction_desk.",))
DRAWS = ("new_inspection", "inspect_agency", "inspect_unit", "new_draw", "show_draw", "finish_draw", "verify_draw")
INSPECTIONS = Place("抽查检查", "supervision_desk.inspections", tuple(f"supervision_desk.{name}" for name in DRAWS))
OF_AGREEMENTS = ("agreement", "decide_mark", "dismiss_marks", "add_mark", "settle_agreement")
AGREEMENTS = Place(
    "协议核查", "supervision_desk.agreements", tuple(f"supervision_desk.{name}" for name in OF_AGREEMENTS)
)
FOLDERS = Place("批量核查", "supervision_desk.folders", ("supervision_desk.folder",))
PERIODS = Place(
    "不予采信决定",
    "sanction_desk.non_adoptions",
    ("sanction_desk.new_non_adoption", "sanction_desk.annul_non_adoption"),
)
IMPACT = Place("影响清单", "sanction_desk.impact_maps", ("sanction_desk.impact_map", "sanction_desk.settle_tasks"))
SUPERVISION = Place("监督", CASES.endpoint, ("supervision_desk.", "sanction_desk."))
# the places within a place, for the province and for a bureau
SECTION = (CASES, PROCEEDINGS, INSPECTIONS, AGREEMENTS, FOLDERS, PERIODS, IMPACT)
BUREAUS_SECTION = (CASES, PROCEEDINGS, INSPECTIONS, AGREEMENTS, IMPACT)
BUREAU = (WORKLIST, EVALUATIONS, APPLICANTS, FILINGS, AGENCIES, SUMMARIES, COMPLAINTS, SUPERVISION)
DESK = (WORKLIST, EVALUATIONS, APPLICANTS, FILINGS, AGENCIES, SUMMARIES, COMPLAINTS, SUPERVISION)
APPLICANT = (
    Place("首页", "home.applicant", ()),
    Place("评价", "commissioned.evaluations", ("commissioned.",), evaluating.to_confirm),
    Place("本单位资料", "applicant.show", ("applicant.",)),
    MATTERS,
)
ADMIN = (
    Place("系统管理", "home.admin", ("scheduling.workdays", "scheduling.enter_year")),
    Place("账号", "accounts.users", ("accounts.new_user", "accounts.show_user")),
    Place("日志", "home.audit_log", ()),
    Place("定时任务", "scheduling.jobs", ("scheduling.history",), failing),
    OUTBOX,
    Place("职称与专业", "agency_desk.titles", ()),
)


def places_of(user: User) -> tuple[Place, ...]:
    """Where a user can go: someone with several roles has the places of each, once."""
    places: list[Place] = []
    if user.is_provincial:
        places += DESK
    if Role.MUNICIPAL in user.roles:
        places += BUREAU
    if Role.ADMIN in user.roles:
        places += ADMIN
    if Role.AGENCY in user.roles:
        places += AGENCY
    if Role.APPLICANT in user.roles:
        places += APPLICANT
    return tuple(dict.fromkeys(places))


def start_of(user: User) -> str:
    """The endpoint of a user's start page."""
    places = places_of(user)
    return places[0].endpoint if places else REGISTER.endpoint


def frame() -> dict[str, Any]:
    """What templates/base.html shows around a page."""
    footer = [
        Link(place.label, url_for(place.endpoint)) for place in (REGISTER, CIRCULARS, COMPLAINT, FOLLOW, RULES, VERIFY)
    ]
    if not current_user.is_authenticated:
        return {
            "navigation": _links(VISITOR, request.endpoint),
            "footer_links": footer,
            "home_url": url_for("public.home"),
        }
    user: User = current_user._get_current_object()
    session = db.session()
    return {
        "navigation": _links(places_of(user), request.endpoint, session, user),
        "section": section(user, request.endpoint),
        "footer_links": footer,
        "home_url": url_for(start_of(user)),
        "owner": owner(session, user),
        "account": Account(user.display_name, _account_links(user), url_for("accounts.logout"), _bell(session, user)),
    }


def section(user: User, here: str | None) -> list[Link]:
    """The places within the one that a page belongs to; none where it has none."""
    if _current(places_of(user), here or "") is not SUPERVISION:
        return []
    return _links(SECTION if user.is_provincial else BUREAUS_SECTION, here)


def _bell(session: Session, user: User) -> Link:
    return Link("消息", url_for("notices.inbox"), request.endpoint == "notices.inbox", unread_count(session, user))


def waits_for(session: Session, user: User) -> list[Waiting]:
    """What waits for a user on each of their worklists, for the mail of the morning."""
    adapter = current_app.url_map.bind("localhost")  # no request runs when that mail is made
    counted = [(place, place.count(session, user)) for place in places_of(user) if place.count]
    return [Waiting(place.label, count, adapter.build(place.endpoint)) for place, count in counted if count]


def _links(
    places: Sequence[Place], here: str | None, session: Session | None = None, user: User | None = None
) -> list[Link]:
    at = _current(places, here or "")
    return [
        Link(
            place.label,
            url_for(place.endpoint),
            current=place is at,
            count=place.count(session, user) if place.count and session and user else 0,
        )
        for place in places
    ]


def _current(places: Sequence[Place], here: str) -> Place | None:
    """The place that a page belongs to: by its endpoint, else by its blueprint."""
    blueprint = here.partition(".")[0] + "."
    exact = next((place for place in places if here in place.own), None)
    return exact or next((place for place in places if blueprint in place.own), None)


def owner(session: Session, user: User) -> str:
    """For whom a user works, as the masthead says it."""
    if user.agency_id is not None:
        return session.scalar(select(Agency.name).where(Agency.id == user.agency_id)) or ""
    if user.applicant_id is not None:
        return session.scalar(select(Applicant.name).where(Applicant.id == user.applicant_id)) or ""
    bureau = bureaus().get(user.bureau or "")
    if bureau is not None:
        return bureau.name
    roles = "、".join(SHORT[role] for role in SHORT if role in user.roles)
    return f"{law.jurisdiction().department} · {roles}"


SHORT = {Role.REVIEWER: "审核", Role.APPROVER: "审批", Role.ADMIN: "系统管理", Role.MUNICIPAL: "市（州）"}


def _account_links(user: User) -> tuple[Link, ...]:
    links = [Link("个人设置", url_for("notices.settings")), Link("修改密码", url_for("accounts.password"))]
    if user.is_department:
        links.append(Link("两步验证", url_for("accounts.two_factor")))
    if Role.AGENCY in user.roles:
        links.append(Link("本单位账号", url_for("accounts.colleagues")))
    return tuple(links)
