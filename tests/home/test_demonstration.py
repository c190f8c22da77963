"""The demonstration as people meet it: every state there, every published account at work, every page linked."""

import json
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.demonstration import published
from agency.models import Place
from app import create_app
from core import clock
from core.db import db
from evaluations.flags import flags_of
from evaluations.models import Evaluation
from evaluations.rules import states as evaluations
from evaluations.rules.states import EvaluationFlag
from filing.models import Filing
from filing.rules import State
from home.demonstration import loading
from supervision.models import Case, CaseKind, CaseState
from tests.conftest import settings_for
from tests.crawling import Crawl

pytestmark = pytest.mark.xdist_group("demonstration")  # one province for the module, where workers share by group

VISITOR, REPORTER = "visitor", "reporter"

FORM = "a form on another page posts there; it is looked at only after a refusal"
SEARCH = "what was searched for leads there; a crawl types nothing"
TWO_STEPS = "needs an account whose two-step sign-in is on; the page of that account links it"

ASKED = "a script asks for it while something is read; in the demonstration all is read"
NOT_OPEN = "needs a year that is not open yet; the years and its page link it"

NO_FILE = "needs evidence with a cleared copy or a statement with a file; the page of the measure links it"
RIDDLE = "past a threshold the form shows it"
OTHER_COMPLAINT = "needs a complaint in another state than the demonstration's; its page links it"
OTHER_CASE = "needs a case in another state than the newest, which the crawl opens; its page links it"
OTHER_STATE = "needs a measure in another state than the demonstration's; the page of the measure links it"

# where no link of the demonstration leads, and why
UNLINKED = (
    ("accounts.end_two_factor", TWO_STEPS),
    ("accounts.reset_two_factor", TWO_STEPS),
    ("accounts.login_code", "the sign-in redirects there when the password was right and two steps are on"),
    ("agency.ask_code_check", FORM),
    ("agency.code_check_asked", "the answer to the form that asks for a check"),
    ("agency_desk.proposal", FORM),
    ("agency_desk.confirm_mended", "needs a flag whose fault is mended; the worklist and the agency's page link it"),
    ("evaluation.register", SEARCH),
    ("evaluation_desk.decide_partner", "needs a partner that refused; the evaluation's page and the worklist link it"),
    ("evaluation_desk.place", "needs one over the cap whose holders have a place free again; its page links it"),
    ("filing_desk.comment", FORM),
    ("filing_desk.take", FORM),
    ("notices.show_notice", "where the link of a mail leads"),
    ("evaluation.screening_progress", ASKED),
    ("summary.supplement", "needs a summary that was handed in; those of the published accounts are not"),
    ("supervision_desk.correct_case", "needs a case whose agreement was put right; the case's page links it"),
    ("supervision_desk.folder_progress", ASKED),
    ("supervision_desk.record_evaluation", SEARCH),
    ("summary_desk.open_now", NOT_OPEN),
    ("summary_desk.set_opening", NOT_OPEN),
    ("summary_desk.versions", "needs a summary that was handed in again; its page links it"),
    ("evaluation_desk.admit", "needs a report issued inside a period and presented after it; its page links it"),
    ("sanction_desk.propose", OTHER_CASE),
    ("supervision_desk.advise", OTHER_CASE),
    ("supervision_desk.clear_evidence", OTHER_CASE),
    ("supervision_desk.demand_rectification", OTHER_CASE),
    ("supervision_desk.record_answer", OTHER_CASE),
    ("supervision_desk.reopen_case", OTHER_CASE),
    ("supervision_desk.inspect_agency", SEARCH),
    ("supervision_desk.inspect_unit", SEARCH),
    ("complaint.receipt", "the form redirects there when a report is received"),
    ("complaint.review", "needs a reply; the page that number and secret open links it"),
    ("complaint.riddle_picture", RIDDLE),
    ("complaint.riddle_sound", RIDDLE),
    ("complaint_desk.accept_clue", OTHER_COMPLAINT),
    ("complaint_desk.assign_review", OTHER_COMPLAINT),
    ("complaint_desk.conclude", OTHER_COMPLAINT),
    ("complaint_desk.decide_extension", OTHER_COMPLAINT),
    ("complaint_desk.keep", OTHER_COMPLAINT),
    ("complaint_desk.reopen", OTHER_COMPLAINT),
    ("complaint_desk.reply", OTHER_COMPLAINT),
    ("complaint_desk.uphold", OTHER_COMPLAINT),
    ("complaint_desk.withdrawn", OTHER_COMPLAINT),
    ("sanction_desk.edit", OTHER_STATE),
    ("sanction_desk.withdraw", OTHER_STATE),
    ("sanction_desk.send_notice", OTHER_STATE),
    ("sanction_desk.send_decision", OTHER_STATE),
    ("sanction_desk.record_failure", OTHER_STATE),
    ("sanction_desk.record_receipt", OTHER_STATE),
    ("sanction_desk.split_points", OTHER_STATE),
    ("sanction_desk.answer_point", OTHER_STATE),
    ("sanction_desk.send_answers", OTHER_STATE),
    ("sanction_desk.restate", OTHER_STATE),
    ("sanction_desk.publish", OTHER_STATE),
    ("sanction_desk.carry_out", OTHER_STATE),
    (
        "sanction_desk.file",
        NO_FILE,
    ),
    (
        "sanction_desk.file_page",
        NO_FILE,
    ),
    (
        "sanction_desk.file_download",
        NO_FILE,
    ),
    (
        "sanction.file",
        NO_FILE,
    ),
    (
        "sanction.file_page",
        NO_FILE,
    ),
    (
        "sanction.file_download",
        NO_FILE,
    ),
    ("sanction.decision", "needs a decision on an agency of the published accounts; the page of the measure links it"),
)


@dataclass(frozen=True)
class Province:
    app: Flask
    file: Path
    instance: Path

    def content(self) -> str:
        with closing(sqlite3.connect(self.file)) as connection:
            return "\n".join(connection.iterdump())

    def sign_in(self, username: str) -> FlaskClient:
        """A client of one of the published accounts; the visitor has none, the reporter number and secret."""
        client = self.app.test_client()
        if username == REPORTER:
            told = json.loads((self.instance / "demo-complaint.json").read_text(encoding="utf-8"))
            assert client.post("/complaints/follow", data=told).status_code == 303, "number and secret open nothing"
        elif username != VISITOR:
            passwords = {account.username: account.password for account in published(self.instance)}
            answer = client.post("/accounts/login", data={"username": username, "password": passwords[username]})
            assert answer.status_code == 302, f"{username} is not let in: {answer.status}"
        return client


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    folder = tmp_path_factory.mktemp("demonstration")
    file, instance = folder / "database.sqlite", folder / "instance"
    app = create_app(settings_for(instance, f"sqlite:///{file}"))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        flask_migrate.upgrade()
        loading.load()
        db.session.remove()
    yield Province(app, file, instance)
    with app.app_context():
        db.engine.dispose()


def usernames() -> list[str]:
    return [row["username"] for row in tomllib.loads(loading.PROVINCE.read_text(encoding="utf-8"))["accounts"]]


def test_it_shows_every_state_and_its_log_is_whole(province: Province) -> None:
    with province.app.app_context():
        shown = set(db.session.scalars(select(Filing.state)))
        evaluated = set(db.session.scalars(select(Evaluation.state)))
    assert set(State) - shown == set()
    assert set(evaluations.State) - evaluated == set()
    verified = province.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert verified.exit_code == 0, verified.output


def test_two_agencies_of_one_representative_have_sixteen_of_which_one_has_no_place(province: Province) -> None:
    with province.app.app_context():
        year = clock.today().year
        held = db.session.execute(
            select(Place.person_id, func.count(Place.id), func.count(Place.number))
            .where(Place.person_id.is_not(None), Place.year == year)
            .group_by(Place.person_id)
        )
        assert (16, 15) in {(due, numbered) for _, due, numbered in held}
        cases = {(row.kind, row.state) for row in db.session.scalars(select(Case))}
    assert {(CaseKind.OVER_CAP, CaseState.OPEN), (CaseKind.UNFILED, CaseState.OPEN)} <= cases
    assert (CaseKind.UNFILED, CaseState.CLOSED) in cases


def test_it_shows_what_stands_beside_the_states(province: Province) -> None:
    with province.app.app_context():
        found = flags_of(db.session(), db.session.scalars(select(Evaluation)).all())
        shown = {flag for flags in found.values() for flag in flags}
        releases = set(db.session.scalars(select(Evaluation.release)))
    of_a_barred_agency = {EvaluationFlag.NON_ADOPTION, EvaluationFlag.RECHECK}  # the demonstration's has no evaluations
    assert set(EvaluationFlag) - of_a_barred_agency - shown == set()
    assert evaluations.Release.ASKED in releases


def test_loading_again_changes_nothing(province: Province) -> None:
    before = province.content(), published(province.instance)
    again = province.app.test_cli_runner().invoke(args=["demo", "load"])
    assert again.exit_code == 0, again.output
    assert (province.content(), published(province.instance)) == before


def test_every_page_is_whole_and_somebody_comes_to_it_by_links(province: Province) -> None:
    everybody = {VISITOR: (), REPORTER: ("/complaints/follow/complaint",), **dict.fromkeys(usernames(), ())}
    crawls = [Crawl(province.app, province.sign_in(who), who, begins).run() for who, begins in everybody.items()]
    assert [fault for crawl in crawls for fault in crawl.faults] == []
    pages = {rule.endpoint for rule in province.app.url_map.iter_rules() if "GET" in (rule.methods or ())} - {"static"}
    reached = set[str]().union(*(crawl.reached for crawl in crawls))
    excused = {endpoint for endpoint, _ in UNLINKED}
    assert (sorted(pages - reached - excused), sorted(excused - (pages - reached))) == ([], [])  # none unneeded either
