"""Published lists for tests: the real ones, and small invented ones."""

from pathlib import Path

from core.sheets import Limits
from evaluations.rules.states import Level
from evaluations.services import history
from evaluations.services.history import Brought

PUBLISHED = Path(__file__).parent.parent / "data" / "published"
LISTS = PUBLISHED / "national_green_lists_2017_2021.csv"
AGENCIES = PUBLISHED / "agencies_in_national_lists.csv"
HEADS = "kind,batch,published,seq,region,name,industry,agency,uscc,source_page"


def row(
    name: str,
    seq: int,
    *,
    kind: str = "绿色工厂",
    batch: str = "1",
    published: str = "2017-08-23",
    code: str = "",
    agency: str = "松江检测中心",
) -> str:
    return f"{kind},{batch},{published},{seq},吉林,{name},,{agency},{code},"


def table(*rows: str, heads: str = HEADS) -> bytes:
    return "\n".join((heads, *rows)).encode()


def bring(content: bytes | None = None, *, name: str = "名单.csv") -> Brought:
    """The real lists, or a file; call it in an application context."""
    whole = LISTS.read_bytes() if content is None else content
    return history.bring(whole, file_name=name, level=Level.NATIONAL, limits=Limits(), by=None)
