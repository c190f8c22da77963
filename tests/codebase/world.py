"""A small world in which every route has its object, so that who is let in can be tried on all of them.

A new URL value gets its line in `things`: what it names. One endpoint (or address) may need another thing than the
rest: its line then reads "blueprint.endpoint value".
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, select
from werkzeug.routing import Rule

from accounts.models import User
from agency.entries import UploadEntry
from agency.models import (
    Agency,
    ClaimStanding,
    CodeCheck,
    Flag,
    FlagKind,
    Material,
    NonAdoption,
    Office,
    OutsideProjects,
    Proposal,
    Record,
    Representation,
    RosterClaim,
    Spelling,
    StaffMember,
    Training,
)
from agency.particulars import DeclarationKind, Subject
from agency.services import importing, ledgers
from applicants.models import Ground
from applicants.services import sheets
from core import clock
from core.db import add_unless_there, db, transaction
from core.sheets import Limits
from evaluations.entries import Upload
from evaluations.models import ListEntry
from evaluations.rules.states import Level
from notices import outbox
from notices.mailing import expanding
from notices.mailing.readers import To
from notices.models import Mail, MailKind, Notice
from notices.outbox import Audience
from sanctions import impact
from sanctions.models import Measure, Point, Service, StatementFile
from scheduling.models import JobRun, RunState
from supervision.models import CaseKind, OutsideFile, ScreenedFile
from supervision.services import asking, folders, measuring
from tests import uploads
from tests.applicants import sheets as applicant_sheets
from tests.evaluations import lists
from tests.factories import Make

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class World:
    app: Flask
    file: Path
    users: dict[str, User]  # role → who tries with it; "blueprint.endpoint role" where it must be somebody else
    things: dict[str, int | str]  # URL value → what it names
    notices: dict[str, int]  # role → a notice to whoever has it
    live: sqlite3.Connection  # beside the application's own: sees what they write
    seen: list[int] = field(default_factory=lambda: [0])

    def client(self, role: str, endpoint: str = "") -> FlaskClient:
        """Signed in without the sign-in: the session says who it is, as begin_session leaves it."""
        client = self.app.test_client()
        user = self.users.get(f"{endpoint} {role}") or self.users.get(role)
        if user is not None:
            instant = clock.now().timestamp()
            with client.session_transaction() as session:
                session.update(_user_id=user.get_id(), _fresh=True, began=instant, used=instant)
        return client

    def address(self, rule: Rule, role: str) -> str:
        """The route's address with the thing that this role would try."""
        values = {name: self._value(rule, name, role) for name in rule.arguments - set(rule.defaults or ())}
        with self.app.test_request_context():
            return self.app.url_map.bind("localhost").build(rule.endpoint, {**(rule.defaults or {}), **values})

    def _value(self, rule: Rule, name: str, role: str) -> int | str:
        if name == "notice_id":
            return self.notices.get(role, 1)
        for key in (f"{rule.rule} {name}", f"{rule.endpoint} {name}", name):
            if key in self.things:
                return self.things[key]
        raise LookupError(f"{rule.endpoint} takes {name}: say in tests/codebase/world.py what it names")

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """As it was made: what an earlier try changed is undone. Most change nothing."""
        if self.seen[-1] != self._version():
            with self.app.app_context():
                db.session.remove()
                db.engine.dispose()
            with closing(sqlite3.connect(f"{self.file}.world")) as kept:
                kept.backup(self.live)  # as a writer among others: a connection that a failed try left open is no harm
            self.seen.append(self._version())
        yield

    def _version(self) -> int:
        """Another one as soon as anybody else has written."""
        return int(self.live.execute("PRAGMA data_version").fetchone()[0])

    def leave(self) -> None:
        self.live.close()
        Path(f"{self.file}.world").unlink()


def create(app: Flask) -> World:
    """Make it in the empty database of a test application on SQLite, and keep a copy to go back to."""
    make = Make(app)
    filing = make.filing("filed")
    agency = filing.agency
    applicant = make.applicant()
    evaluation = make.evaluation("handed_over", agency=agency, applicant=applicant)
    marked = make.marked("未入选名单的，乙方退还全部评价费。", agency=agency, applicant=applicant)
    like = make.filing(
        "filed", agency=make.qualified_agency(address=agency.address)
    )  # at the address of the first, whose results are not adopted
    joined = like.agency  # an agency that another one names
    jointly = make.joint(agency, joined)
    screening = make.screening(marked)
    provincial = make.evaluation(agency=agency, level=Level.PROVINCIAL)
    users = {
        "agency": make.user_of(agency),
        "municipal": make.officer("municipal", bureau="changchun"),
        "reviewer": make.officer("reviewer"),
        "approver": make.officer("approver"),
        "admin": make.officer("admin"),
        "applicant": make.user_of_applicant(applicant),
        "evaluation.agree agency": make.user_of(joined),
        "evaluation.refuse agency": make.user_of(joined),
        "filing.submit agency": make.user_of(make.filing("draft").agency),
        "filing.withdraw agency": make.user_of(make.filing("submitted").agency),
    }
    things: dict[str, int | str] = {
        "agency_id": agency.id,
        "credit_code": agency.credit_code or "",
        "filing_id": filing.id,
        "filing_desk.decide_match filing_id": like.id,
        "barred_id": agency.id,
        "user_id": make.account("agency", agency_id=agency.id).id,
        "accounts.edit_user user_id": make.officer("reviewer").id,
        "applicant_id": applicant.id,
        "exclusion_id": make.exclusion(applicant, ground=Ground.ABNORMAL_LIST).id,
        **{
            f"applicant_desk.{verb}_account user_id": make.user_of_applicant(applicant).id
            for verb in ("reset", "deactivate", "reactivate")
        },
        "evaluation_id": evaluation.id,
        "commissioned.raise_ evaluation_id": make.self_evaluation(applicant).id,
        "evaluation.agree evaluation_id": jointly.id,
        "evaluation.refuse evaluation_id": jointly.id,
        "complaint.answer question_id": 1,  # of nobody's complaint: number and secret are asked for
        "case_id": make.case(agency=agency, bureau="changchun", by=users["reviewer"]).id,
        "screening_id": screening.id,
        "mark_id": screening.marks[0].id,
        "draw_id": make.draw(by=users["reviewer"]).id,
        "supervision_desk.correct_case case_id": make.case(
            CaseKind.AGREEMENT, agency=agency, evaluation_id=provincial.id, by=users["reviewer"]
        ).id,
        "non_adoption_id": make.non_adoption(agency, by=users["approver"]).id,
        "file_id": evaluation.agreements[0].file_id or 0,
        "page": 1,
        "evaluation_desk.set_level year": 2026,
        "job_name": "agency.recheck",
        "scheduling.enter_year year": clock.today().year,
        "evaluation_desk.set_level level": "national",
        "subject": Subject.AGENCY.value,
        "kind": next(iter(DeclarationKind)).value,
    }
    with app.app_context():
        things |= _particulars(agency.id)
        things["run_id"] = _failed_run()
        things["evaluation_desk.representative person_id"] = _first(
            select(Representation.person_id).where(Representation.agency_id == agency.id)
        )
        things |= _at_the_desk(agency.id, make.agency().id, users["reviewer"])
        things |= _imports(agency.id, users)
        things |= _lists(users)
        things |= _folder(users["reviewer"])
        things["mail_id"] = _mail(users["agency"])
        _map(int(things["non_adoption_id"]))
    things |= _summary(make, agency, users)
    things |= _proceeding(make, agency, users)
    things |= _complaint(make, users)
    things |= _verified(make, agency, users)
    with app.app_context():
        notices = {role: _notice(user) for role, user in users.items() if " " not in role}
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        file = Path(db.engine.url.database or "")
        db.engine.dispose()
    shutil.copy(file, f"{file}.world")
    return World(app, file, users, things, notices, sqlite3.connect(file))


def _map(non_adoption_id: int) -> None:
    """What rests on the agency's results, once more: nothing where it was laid with the decision."""
    with transaction() as session:
        impact.lay(session, session.get_one(NonAdoption, non_adoption_id), by=None)


def _failed_run() -> int:
    with transaction() as session:
        run = JobRun(job="agency.recheck", on=clock.today(), state=RunState.FAILED, error="演示")
        session.add(run)
        session.flush()
        return run.id


def _first(statement: Select[Any]) -> Any:
    return db.session.scalars(statement).first()


def _particulars(agency_id: int) -> dict[str, int | str]:
    """A row of each of the agency's tables."""
    kinds = {"office": Office, "record": Record, "training": Training, "outside_projects": OutsideProjects}
    with transaction() as session:
        session.add(OutsideProjects(agency_id=agency_id, year=2026, province="辽宁省", capability="factory", count=1))
    rows = {
        f"agency.{verb}_{name} row_id": _first(select(kind.id).where(kind.agency_id == agency_id))
        for name, kind in kinds.items()
        for verb in ("edit", "remove")
    }
    return rows | {
        "/agency/materials/new/<subject>/<int:subject_id> subject": Subject.OFFICE.value,
        "subject_id": rows["agency.edit_office row_id"],
        "member_id": _first(select(StaffMember.id).where(StaffMember.agency_id == agency_id)),
        "material_id": _first(select(Material.id).where(Material.agency_id == agency_id)),
    }


def _at_the_desk(agency_id: int, other_id: int, officer: User) -> dict[str, int | str]:
    """What an officer must decide about: a doubtful code, a flag, a person whom two agencies count on."""
    person_id = _first(select(StaffMember.person_id).where(StaffMember.agency_id == agency_id))
    with transaction() as session:
        check = CodeCheck(
            credit_code="91220101MA0Y3T4K5X", name="存疑机构", contact_name="李联系", contact_phone="13804310002",
            explanation="证照如此", asked_at=clock.now(), file_id=_first(select(Material.file_id)),
        )  # fmt: skip
        flag = Flag(agency_id=agency_id, kind=FlagKind.CONDITIONS_NOT_MET, since=clock.today(), facts="少一人")
        session.add_all([check, flag])
        for claimant in (agency_id, other_id):
            values = {
                "person_id": person_id,
                "agency_id": claimant,
                "since": clock.now(),
                "standing": ClaimStanding.SUBMITTED,
            }
            add_unless_there(session, RosterClaim, **values)
        session.flush()
        return {
            "check_id": check.id,
            "flag_id": flag.id,
            "person_id": person_id,
            "evaluation_desk.representative person_id": _first(
                select(Representation.person_id).where(Representation.agency_id == agency_id)
            ),
        }


def _imports(agency_id: int, users: dict[str, User]) -> dict[str, int | str]:
    """A roster that waits for its confirmation, and the published ledger with its proposals, cells and spellings."""
    roster = next((DATA / "rosters").glob("01_*.xlsx"))
    import_id = importing.bring(agency_id, UploadEntry(roster.name, roster.read_bytes()), by=users["agency"])
    ledger = (DATA / "published" / "agencies_in_national_lists.csv").read_bytes()
    brought = ledgers.bring(ledger, file_name="旧台账.csv", limits=Limits(), by=users["reviewer"])
    ledgers.settle_rest(brought.ledger_id or 0, by=users["reviewer"])
    return {
        "import_id": import_id,
        "ledger_id": brought.ledger_id or 0,
        "proposal_id": _first(select(Proposal.id)),
        "agency_desk.cell spelling_id": _first(select(Spelling.id).where(Spelling.joint_cell)),
        "agency_desk.split_spelling spelling_id": _first(select(Spelling.id).where(Spelling.agency_id.is_not(None))),
    }


def _lists(users: dict[str, User]) -> dict[str, int | str]:
    """An entry of a published list, and a bureau's sheet of applicants that waits to be confirmed."""
    lists.bring(lists.table(lists.row("松江纸业有限公司", 1)))
    sheet_id = sheets.bring(applicant_sheets.clean(), file_name="培育对象.xlsx", by=users["municipal"])
    return {"entry_id": _first(select(ListEntry.id)), "sheet_id": sheet_id}


def _folder(officer: User) -> dict[str, int | str]:
    """What an officer dropped in: one file that nobody can read."""
    folder_id = folders.drop("抽查", [Upload(b"no document", "协议.docx")], by=officer)
    return {"folder_id": folder_id, "dropped_id": _first(select(ScreenedFile.id))}


def _mail(user: User) -> int:
    with transaction() as session:
        to = To(f"user:{user.id}", "somebody@example.com", user.display_name)
        expanding.add(session, to, MailKind.NOTICE, subject="某事", text="某事")
    return int(_first(select(Mail.id)))


def _summary(make: Make, agency: Agency, users: dict[str, User]) -> dict[str, int | str]:
    """A summary that was returned, so that it has its receipt and can be written in, with a file beside it."""
    make.summary("returned", agency=agency, by=users["agency"], officer=users["reviewer"])
    row = make.attached(agency, by=users["agency"])
    files = {f"summary.{name} file_id": row.file_id for name in ("file", "file_page", "file_download")}
    at_desk = _read_at_desk(make)
    return {"year": 2026, "attachment_id": row.id, **files, **at_desk}


def _complaint(make: Make, users: dict[str, User]) -> dict[str, int | str]:
    """A complaint in the reviewer's hands, with evidence, and a line of the register of who stands aside."""
    complaint = make.complaint_in_hand(users["reviewer"], by=users["approver"], files=1)
    file_id = complaint.files[0].id
    files: dict[str, int | str] = {f"complaint_desk.{name} file_id": file_id for name in ("file_page", "file_download")}
    recusal_id = make.recusal(users["reviewer"], make.agency()).id
    case_id = make.accepted_complaint(users["reviewer"], by=users["approver"]).case_id or 0
    files["complaint_desk.name_party_of_case case_id"] = case_id
    return {"complaint_id": complaint.id, "recusal_id": recusal_id, **files}


def _verified(make: Make, agency: Agency, users: dict[str, User]) -> dict[str, int | str]:
    """A bureau's case with evidence and an inquiry, and a concluded one with a rectification that has its proof."""
    officer = users["reviewer"]
    case = make.case(CaseKind.INSPECTION, agency=agency, bureau="changchun", officers=[officer], by=officer)
    evidence = make.evidence(case, by=officer, cleared=True)
    inquiry = make.inquiry(case, evidence=[evidence], by=officer)
    concluded = make.concluded_case(agency=agency, bureau="changchun", by=officer)
    rectification = make.rectification(concluded, by=officer)
    with make.app.app_context():
        asking.open_(inquiry.id, by=users["agency"])
        proof = [Upload(uploads.blank_pdf(1), "整改.pdf")]
        measuring.hand_in(rectification.id, "已更正", proof, version=rectification.version, by=users["agency"])
        given = _first(select(OutsideFile.file_id).where(OutsideFile.rectification_id == rectification.id))
    verifying = (
        "assign_officer", "unassign_officer", "add_on_site", "add_evidence", "clear_evidence", "confirm_cleared",
        "send_inquiry", "record_answer", "add_point", "remove_point", "conclude_case", "case_file", "case_file_page",
        "case_file_download",
    )  # fmt: skip
    following = ("demand_rectification", "record_proof", "check_rectification", "reopen_case")
    files: dict[str, int | str] = {
        f"supervision_desk.{name} file_id": evidence.file_id
        for name in ("case_file", "case_file_page", "case_file_download")
    }
    for name in ("file", "file_page", "file_download"):
        files[f"supervision.inquiry_{name} file_id"] = evidence.cleared_file_id or 0
        files[f"supervision.rectification_{name} file_id"] = given
    return {
        **{f"supervision_desk.{name} case_id": case.id for name in verifying},
        **{f"supervision_desk.{name} case_id": concluded.id for name in following},
        "evidence_id": evidence.id,
        "inquiry_id": inquiry.id,
        "rectification_id": rectification.id,
        "conclusion_id": 1,
        "supervision_desk.unassign_officer user_id": officer.id,
        **files,
    }


def _read_at_desk(make: Make) -> dict[str, int | str]:
    """A summary that waits to be read, of an agency of the bureau's city, with a file that was handed in with it."""
    summary = make.summary("handed_in", with_file=True)
    file_id = summary.attachments[0].file_id
    files: dict[str, int | str] = {
        f"summary_desk.{name} file_id": file_id for name in ("file", "file_page", "file_download")
    }
    return {"summary_id": summary.id, **files}


def _proceeding(make: Make, agency: Agency, users: dict[str, User]) -> dict[str, int | str]:
    """A published circular: every document of it, every point and a file of the statement can be looked at."""
    row = make.proceeding("published", measure=Measure.CIRCULAR, agency=agency, by=users["reviewer"])
    with make.app.app_context():
        file_id = int(_first(select(Material.file_id)))
        with transaction() as session:
            session.add(StatementFile(proceeding_id=row.id, file_id=file_id, added_at=clock.now()))
        return {
            "proceeding_id": row.id,
            "service_id": _first(select(Service.id).where(Service.proceeding_id == row.id)),
            "point_id": _first(select(Point.id).where(Point.proceeding_id == row.id)),
            **{
                f"{side}.{name} file_id": file_id
                for side in ("sanction", "sanction_desk")
                for name in ("file", "file_page", "file_download")
            },
        }


def _notice(user: User) -> int:
    with transaction() as session:
        outbox.post(session, "filing_taken_over", to=Audience.account(user.id), about=user)
        session.flush()
        return int(_first(select(Notice.id).order_by(Notice.id.desc())))
