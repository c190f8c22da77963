"""Measures of the demonstration: one whose term runs, one that waits for its decision, one carried through."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from accounts.models import User
from core import clock
from core.db import db, transaction
from sanctions.entries import DecisionEntry, Party, ProposalEntry, PublicationEntry, ServiceEntry
from sanctions.models import Channel, Measure, Proceeding, Served
from sanctions.services import deciding, hearing, proposing, publishing, serving
from supervision import casework
from supervision.models import CaseKind, CaseState, Conclusion, Misconduct, Result

STATEMENT = "数据由企业提供，我单位按企业台账计算，没有改动。\n\n已在收到询问后更正报告，并重新提交。"
ANSWERS = (
    "经核对，企业台账与报告所列不一致，报告应当以核实过的数据为准。",
    "更正属实，在决定中予以考虑。",
)


@dataclass
class Matter:
    """A proceeding on its way: what the acts of several days pass on."""

    agency_id: int
    user: User  # of the agency
    officer: User  # who investigates, concludes and proposes
    decider: User
    measure: Measure
    misconduct: Misconduct
    facts: str
    document: str = ""
    row_id: int = field(default=0)

    @property
    def version(self) -> int:
        return db.session.get_one(Proceeding, self.row_id, populate_existing=True).version


def things(
    agencies: Mapping[str, tuple[int, User]], officers: Mapping[str, User]
) -> Iterator[tuple[int, Callable[[], None]]]:
    """Each act with the days ago on which it happened."""
    reviewer, approver = officers["reviewer1"], officers["approver1"]
    running = Matter(
        *agencies["songliao"], reviewer, approver, Measure.CIRCULAR, Misconduct.INACCURATE,
        "两份评价报告所列上年度用水量与水费凭证不一致，属计算差错。",
    )  # fmt: skip
    waiting = Matter(
        *agencies["hengyuan"], reviewer, approver, Measure.CIRCULAR, Misconduct.INACCURATE,
        "一份评价报告的用能数据引用了前一年度的台账。",
    )  # fmt: skip
    done = Matter(
        *agencies["xianghai"], reviewer, approver, Measure.NON_ADOPTION, Misconduct.FALSIFIED,
        "一份评价报告所附现场照片并非该企业的现场，系编造（虚构）。", "演示通〔2026〕2号",
    )  # fmt: skip
    yield 58, lambda: _tell(done)
    yield 57, lambda: hearing.waive(done.row_id, version=done.version, by=done.user)
    yield 50, lambda: _decide(done)
    yield 48, lambda: _publish(done)
    yield 14, lambda: _tell(waiting)
    yield 12, lambda: _state(waiting)
    yield 4, lambda: _answer(waiting)
    yield 1, lambda: _tell(running)


def _tell(matter: Matter) -> None:
    """A case verified and concluded, the measure proposed and told to the agency, which opens the notice."""
    case_id = _concluded(matter)
    entry = ProposalEntry(matter.measure, matter.facts, "书证：企业原始凭证\n现场核查记录")
    party = Party(agency_id=matter.agency_id)
    matter.row_id = proposing.propose(case_id, party, entry, by=matter.officer)
    serving.send(matter.row_id, Served.NOTICE, _service(matter), version=matter.version, by=matter.officer)
    _open(matter)


def _concluded(matter: Matter) -> int:
    with transaction() as session:
        case = casework.open_case(
            session, CaseKind.INSPECTION, (matter.facts,), by=matter.officer, agency_id=matter.agency_id,
            officers=(matter.officer.id,),
        )  # fmt: skip
        session.add(
            Conclusion(
                case_id=case.id, misconduct=matter.misconduct, result=Result.SUBSTANTIATED, clause="JL-22-1a",
                agency_id=matter.agency_id, evaluation_ids=[], facts=matter.facts, evidence="企业原始凭证",
                at=clock.now(), by_id=matter.officer.id,
            )
        )  # fmt: skip
        case.state, case.result = CaseState.CONCLUDED, Result.SUBSTANTIATED
        case.concluded_at, case.concluded_by = clock.now(), matter.officer.id
        return case.id


def _service(matter: Matter) -> ServiceEntry:
    row = db.session.get_one(Proceeding, matter.row_id, populate_existing=True)
    consented = row.agency is not None and bool(row.agency.service_address)
    return ServiceEntry(Channel.ELECTRONIC) if consented else ServiceEntry(Channel.IN_PERSON, clock.today(), "单位签收")


def _open(matter: Matter) -> None:
    row = db.session.get_one(Proceeding, matter.row_id, populate_existing=True)
    serving.open_document(matter.row_id, row.services[-1].id, by=matter.user)


def _state(matter: Matter) -> None:
    hearing.state_case(matter.row_id, STATEMENT, (), version=matter.version, by=matter.user)


def _answer(matter: Matter) -> None:
    row = db.session.get_one(Proceeding, matter.row_id, populate_existing=True)
    for index, (point_id, answer) in enumerate(zip([point.id for point in row.points], ANSWERS, strict=True)):
        hearing.answer(matter.row_id, point_id, answer, accepted=index == 1, version=matter.version, by=matter.officer)
    hearing.send_answers(matter.row_id, version=matter.version, by=matter.officer)


def _decide(matter: Matter) -> None:
    hearing.review(matter.row_id, "事实清楚，程序合法，同意。", version=matter.version, by=matter.decider)
    entry = DecisionEntry(matter.measure, "事实清楚，证据确凿。", matter.document, clock.today(), clock.today())
    deciding.decide(matter.row_id, entry, version=matter.version, by=matter.decider)
    serving.send(matter.row_id, Served.DECISION, _service(matter), version=matter.version, by=matter.officer)
    _open(matter)


def _publish(matter: Matter) -> None:
    text = f"经查，{matter.facts}依据第二十二条第三款，予以通报，三年内不予采信其出具的评价结果。"
    publishing.publish(matter.row_id, PublicationEntry(text), version=matter.version, by=matter.decider)
