"""What lies on the desks of the demonstration: old ledgers, published lists, sheets that wait, a doubtful code."""

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import select

from accounts.models import User
from accounts.services import managed
from agency.entries import CodeCheckEntry, UploadEntry
from agency.ledgers.spellings import Likeness
from agency.models import Agency
from agency.particulars import Capability, OutsideProjects
from agency.queries import ledgers as queries
from agency.services import importing, ledgers, possessions, registering
from applicants.services import sheets
from config import FOLDER
from core import clock
from core.db import db
from core.sheets import Limits
from evaluations.entries import Upload
from evaluations.models import ListEntry
from evaluations.rules.states import Level
from evaluations.services import history
from home.demonstration import belongings
from home.demonstration.paper import printed_agreement, sheet, typed_agreement
from home.demonstration.people import Population, credit_code
from supervision.entries import DrawEntry, WantedPool
from supervision.queries import inspections
from supervision.rules import inspecting as inspecting_rules
from supervision.services import folders, inspecting

OLDER_LEDGER = FOLDER / "demonstration" / "ledger_2022.csv"
LEDGER = FOLDER / "demonstration" / "ledger_2023.csv"
PUBLISHED = FOLDER / "demonstration" / "published.csv"
TAKEN_OFF = "吉林江湾包装纸业有限公司"
DOUBTFUL = "吉林查干湖绿色评价中心"


def things(
    agencies: Mapping[str, tuple[int, User]], officers: Mapping[str, User], people: Population
) -> Iterator[tuple[int, Callable[[], None]]]:
    """Each with the days ago on which it was laid there."""
    reviewer = officers["reviewer1"]
    yield 200, lambda: _ledgers(reviewer)
    yield 190, lambda: _list(reviewer)
    yield 30, lambda: _outside(agencies["songliao"])
    yield 25, lambda: _colleague(agencies["songliao"][1])
    yield 3, lambda: belongings.share_member(agencies["songliao"][0], *agencies["tongjiang"])
    yield 3, _code_check
    yield 14, lambda: _draw(reviewer)
    yield 1, lambda: _folder(reviewer)
    yield 0, lambda: _roster(agencies["hengyuan"], people)
    yield 0, lambda: _applicants(officers["tonghua"])


def _draw(by: User) -> None:
    """Two filed agencies drawn for inspection with a seed of the system's own."""
    pool = WantedPool()
    shown = inspecting_rules.pool_mark(inspections.codes_of(inspections.pool_of(db.session(), pool)))
    matter = "人员是否在岗\n现场评价记录和内部技术复核是否齐全"
    inspecting.fix_draw(DrawEntry("demonstration", pool, shown, "第三方机构随机抽查", matter, 2, ""), by=by)


def _ledgers(by: User) -> None:
    """The older one is done with; in the later one everything waits to be decided."""
    older = ledgers.bring(OLDER_LEDGER.read_bytes(), file_name="2022 年台账（虚构）.csv", limits=Limits(), by=by)
    certain = queries.open_proposals(db.session(), None, Likeness.CERTAIN)
    ledgers.join_all({proposal.id: proposal.version for proposal in certain}, by=by)
    if older.ledger_id is not None:
        ledgers.settle_rest(older.ledger_id, by=by)
    ledgers.bring(LEDGER.read_bytes(), file_name="2023 年台账（虚构）.csv", limits=Limits(), by=by)


def _list(by: User) -> None:
    content, name = PUBLISHED.read_bytes(), "省级名单（虚构）.csv"
    history.bring(content, file_name=name, level=Level.PROVINCIAL, limits=Limits(), by=by)
    taken_off = db.session.scalars(select(ListEntry.id).where(ListEntry.name == TAKEN_OFF)).one()
    history.remove(taken_off, on=clock.today(), basis="关于调整省级绿色制造名单的公告（虚构）", by=by)


def _outside(agency: tuple[int, User]) -> None:
    agency_id, user = agency
    fact = OutsideProjects(0, clock.today().year, "辽宁省", Capability.FACTORY, 2)
    possessions.put(agency_id, fact, version=_version(agency_id), by=user)


def _version(agency_id: int) -> int:
    return db.session.scalars(select(Agency.version).where(Agency.id == agency_id)).one()


def _colleague(user: User) -> None:
    managed.create_colleague(username="songliao2", display_name="松辽绿评 业务员", by=user)


def _code_check() -> None:
    sound = credit_code("91", "220702", 9001)
    code = sound[:-1] + ("1" if sound[-1] != "1" else "2")
    entry = CodeCheckEntry(code, DOUBTFUL, "联系人（虚构）", "13800009001", "营业执照上确是这个代码。")
    proof = UploadEntry("营业执照.pdf", sheet("营业执照", (f"名称：{DOUBTFUL}", f"统一社会信用代码：{code}")))
    registering.ask_code_check(entry, proof, address="127.0.0.1")


def _roster(agency: tuple[int, User], people: Population) -> None:
    """Three people to be looked at before they are saved, one of them with a number that can't be."""
    rows = ["姓名,身份证号,职称,专业"]
    for place in range(3):
        person = people.person(relevant=True)
        number = person.number if place else person.number[:-1] + ("1" if person.number[-1] != "1" else "2")
        rows.append(f"{person.name},{number},工程师,{person.major}")
    importing.bring(agency[0], UploadEntry("新进人员.csv", "\n".join(rows).encode()), by=agency[1])


def _applicants(by: User) -> None:
    rows = (
        "名称,统一社会信用代码,类别,市,县（市、区）,行业代码,行业",
        f"通化湾沟人参制品有限公司,{credit_code('91', '220502', 9101)},绿色工厂,通化市,东昌区,C1499,其他食品制造",
        f"柳河山葡萄酒业有限公司,{credit_code('91', '220524', 9102)},绿色工厂,通化市,柳河县,C1515,葡萄酒制造",
        "通化集锡制药有限公司,91220502待补,绿色工厂,通化市,东昌区,C2740,中成药生产",
    )
    sheets.bring("\n".join(rows).encode(), file_name="通化市培育对象（虚构）.csv", by=by)


def _folder(by: User) -> None:
    """What an inspection brought back: some of it agreements, one of those not to be read."""
    title = "第三方评价协议"
    usual = "第一条　甲方委托乙方开展绿色工厂评价，乙方独立、客观、公正地出具评价报告。"
    paid = "第二条　评价费用于乙方交付评价报告之日付清，与评价结论和名单结果无关。"
    bet = "第二条　评价费用于签订之日付一半；甲方未列入省级绿色工厂名单的，乙方如数退还。"
    tied = "第二条　甲方同时委托乙方办理产品碳足迹认证的，免收评价费。"
    sure = "第三条　乙方保证甲方一次通过专家评审，列入当年名单。"
    files = (
        Upload(typed_agreement(title, (usual, paid)), "双随机检查/江源包装.docx"),
        Upload(printed_agreement(title, (usual, bet, sure)), "双随机检查/北岭机械.pdf"),
        Upload(typed_agreement(title, (usual, tied)), "双随机检查/河口铸造.docx"),
        Upload(printed_agreement(title, (usual, paid)), "双随机检查/三道沟水泥.pdf"),
        Upload(typed_agreement("绿色工厂申报服务介绍", (sure,)), "双随机检查/宣传单.docx"),
        Upload(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "双随机检查/旧合同.doc"),
    )
    folders.drop("双随机检查（虚构）", files, by=by)
