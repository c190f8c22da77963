"""What was done about an agency, in the words of its timeline."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.audit import AuditEntry

WORDS = {
    "agency.known": "由旧台账建立",
    "agency.registered": "登记",
    "agency.identity_changed": "修改基本信息",
    "agency.representative_changed": "变更法定代表人",
    "agency.representative_corrected": "更正法定代表人信息",
    "agency.finances_described": "修改财务管理制度说明",
    "agency.declared": "签署声明",
    "agency.declaration_withdrawn": "撤回声明",
    "agency.moved": "登记移交",
    "agency.conditions_lost": "备案条件不符",
    "agency.conditions_mended": "备案条件重新符合",
    "agency.places_moved": "国家级评价名额随法定代表人移转",
    "agency.dissolved": "并入同一机构的另一条目",
    "agency.equipped": "录入演示资料",
    "material.added": "上传材料",
    "material.removed": "移除材料",
}
ROWS = {"office": "办公场所", "record": "业绩", "training": "培训", "outside_projects": "省外项目"}
ACTS = {"added": "新增", "changed": "修改", "removed": "删除"}
WORDS |= {f"{row}.{act}": acted + named for row, named in ROWS.items() for act, acted in ACTS.items()}


@dataclass(frozen=True, slots=True)
class Happening:
    at: datetime
    title: str
    text: str
    by: str


def happenings(entries: Iterable[AuditEntry]) -> list[Happening]:
    """Entries of the log as a timeline shows them; an act without a word of its own goes by its name."""
    return [
        Happening(entry.at, WORDS.get(entry.action, entry.action), entry.reason or "", entry.actor) for entry in entries
    ]
