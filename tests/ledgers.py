"""Old ledgers for tests: invented ones, and the published one."""

from pathlib import Path

from agency.services import ledgers
from agency.services.ledgers import Brought
from core.refs import Actor
from core.sheets import Limits

PUBLISHED = Path(__file__).parent / "data" / "published" / "agencies_in_national_lists.csv"

FIRST, SECOND, THIRD = "松江低碳（吉林）研究院", "松江低碳(吉林)研究院", "松江低碳 （吉林） 研究院"
LONELY = "海兰检测中心"
FULL, SHORT, SLIP = "长春砚田低碳技术有限责任公司", "长春砚田低碳技术有限公司", "长春砚天低碳技术有限公司"
CELL = "砚田低碳研究院有限公司松江咨询有限责任公司"


def table(*names: str | tuple[str, str]) -> bytes:
    """A .csv with these names, some with their codes."""
    rows = (name if isinstance(name, tuple) else (name, "") for name in names)
    return "\n".join(["机构名称,统一社会信用代码", *(f"{name},{code}" for name, code in rows)]).encode()


def bring(*names: str | tuple[str, str], by: Actor | None = None) -> Brought:
    """Call it in an application context."""
    return ledgers.bring(table(*names), file_name="旧台账.csv", limits=Limits(), by=by)
