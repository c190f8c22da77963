"""An applicant goes over to another bureau, and its evaluations and their sums with it."""

import pytest
from sqlalchemy import delete, func, select

from applicants.models import Applicant
from core.db import db, transaction
from core.errors import DomainError
from evaluations import tallies
from evaluations.models import Evaluation, Tally
from evaluations.services import moving
from evaluations.services.moving import AppliesAlready
from notices.models import Notice
from tests.factories import Make


def sums():
    rows = select(Tally.agency_id, Tally.bureau, Tally.state, func.sum(Tally.count)).where(Tally.count != 0)
    return sorted(tuple(row) for row in db.session.execute(rows.group_by(Tally.agency_id, Tally.bureau, Tally.state)))


@pytest.mark.usefixtures("context")
def test_its_evaluations_and_their_sums_go_along(make: Make):
    applicant, other = make.applicant(), make.applicant()
    moved = {make.evaluation(applicant=applicant).id, make.evaluation("withdrawn", applicant=applicant).id}
    stays = make.evaluation(applicant=other).id
    officer = make.officer("reviewer")
    assert moving.move(applicant.id, "meihekou", version=applicant.version, reason="登记时选错", by=officer) == 2
    bureaus = dict(db.session.execute(select(Evaluation.id, Evaluation.bureau)).all())
    assert bureaus == {**dict.fromkeys(moved, "meihekou"), stays: "changchun"}
    assert db.session.get(Applicant, applicant.id).bureau == "meihekou"
    told = db.session.execute(select(Notice.audience_kind, Notice.audience_id).where(Notice.event == "applicant_moved"))
    assert {tuple(row) for row in told} == {("applicant", str(applicant.id)), ("bureau", "meihekou")}
    kept = sums()
    db.session.rollback()
    with transaction() as session:
        session.execute(delete(Tally))
        tallies.rebuild(session)
    assert sums() == kept


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("bureau", "version", "kind"),
    [("nowhere", 1, DomainError), ("changchun", 1, DomainError), ("tonghua", 2, AppliesAlready)],
)
def test_a_move_to_nowhere_or_on_what_has_changed_is_refused(make: Make, bureau, version, kind):
    applicant = make.applicant()
    with pytest.raises(kind):
        moving.move(applicant.id, bureau, version=version, reason="移交", by=make.officer("reviewer"))
    assert db.session.get(Applicant, applicant.id).bureau == "changchun"


def test_the_former_bureau_sees_it_no_longer(make: Make, sign_in):
    applicant = make.applicant()
    desk, former = sign_in(make.officer("approver")), sign_in(make.officer("municipal", bureau="changchun"))
    url = f"/desk/evaluations/applicants/{applicant.id}/move"
    assert former.get(url).status_code == 403
    data = {"bureau": "tonghua", "reason": "登记时选错", "version": applicant.version}
    assert desk.post(url, data=data | {"reason": ""}).status_code == 422
    assert desk.post(url, data=data).status_code == 302
    assert desk.post(url, data=data).status_code == 409
    assert former.get(f"/desk/applicants/{applicant.id}").status_code == 404
