"""What is asked of the desk's register of applicants: it stands in the address bar."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SearchField, SelectField

from applicants.models import Kind, ListLevel
from applicants.queries.register import OUTSIDE, Wanted
from core.fields import choices_of
from core.forms import Form, SelectChoice
from core.places import bureaus

BUREAUS = [
    SelectChoice("", "全部"),
    *(SelectChoice(bureau.key, bureau.place) for bureau in bureaus().values()),
    SelectChoice(OUTSIDE, "省外或未知"),
]


class ApplicantFilter(Form):
    """The filter over the applicants that a reader sees; `scope`: the one bureau, None for all."""

    word = SearchField("名称、曾用名或代码", name="q", description="可只输其中几个字")
    kind = SelectField("类型", choices=choices_of(Kind, empty="全部"))
    bureau = SelectField("所属工信局", choices=BUREAUS)
    listed = SelectField("名单", choices=choices_of(ListLevel, empty="全部"))
    excluded = SelectField(
        "第十一条", choices=[SelectChoice("", "全部"), SelectChoice("yes", "现在受限"), SelectChoice("no", "不受限")]
    )

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str], *, scope: str | None = None) -> None:
        super().__init__(asked)
        self.scope = scope
        if scope is not None:
            del self.bureau
        for field in self:
            if isinstance(field, SelectField) and not field.validate(self):
                field.data = ""  # a value that no filter has is as good as none

    def wanted(self) -> Wanted:
        """What is asked for."""
        asked = self.data
        return Wanted(
            word=asked["word"] or "",
            kind=Kind(asked["kind"]) if asked["kind"] else None,
            bureau=asked.get("bureau") or "",
            listed=ListLevel(asked["listed"]) if asked["listed"] else None,
            excluded={"yes": True, "no": False}.get(asked["excluded"] or ""),
            scope=self.scope,
        )

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}
