"""The agencies of a joint evaluation, by their credit codes."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency.models import Agency, Standing
from core.errors import DomainError


class NoSuchPartner(DomainError):
    """A code that no registered agency has, or one's own."""


def by_codes(session: Session, codes: Sequence[str], *, own_id: int) -> tuple[int, ...]:
    """Their ids in the order given. Raises NoSuchPartner with everything that is wrong."""
    rows = select(Agency.credit_code, Agency.id).where(
        Agency.credit_code.in_(codes), Agency.standing == Standing.REGISTERED
    )
    found = {row.credit_code: row.id for row in session.execute(rows)} if codes else {}
    unknown = [code for code in codes if code not in found]
    if unknown:
        named = "、".join(code[:20] for code in unknown[:5])
        raise NoSuchPartner(
            f"没有统一社会信用代码为 {named} 的已登记机构，请核对；未登记的请先登记。", field="partners"
        )
    if own_id in found.values():
        raise NoSuchPartner("这里只填联合评价的其他机构，不填本机构。", field="partners")
    return tuple(found[code] for code in codes)
