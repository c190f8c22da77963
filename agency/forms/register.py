"""What is asked of the desk's register: it stands in the address bar."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SearchField, SelectField

from agency.models import FilingStatus, Standing
from agency.queries.register import OUTSIDE, Wanted
from core.forms import Form, SelectChoice
from core.places import bureaus

ALL = SelectChoice("", "全部")
BUREAUS = [
    ALL,
    *(SelectChoice(bureau.key, bureau.place) for bureau in bureaus().values()),
    SelectChoice(OUTSIDE, "省外"),
]


class AgencyFilter(Form):
    """The filter over all agencies."""

    word = SearchField("机构名称、曾用名、台账写法或信用代码", name="q", description="可只输其中几个字")
    standing = SelectField("登记", choices=[ALL, *(SelectChoice(each.value, each.label) for each in Standing)])
    bureau = SelectField("所属工信局", choices=BUREAUS)
    filing = SelectField("备案", choices=[ALL, *(SelectChoice(each.value, each.label) for each in FilingStatus)])

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str]) -> None:
        super().__init__(asked)
        for field in (self.standing, self.bureau, self.filing):
            if not field.validate(self):  # a value that no filter has is as good as none
                field.data = ""

    def wanted(self) -> Wanted:
        """What is asked for."""
        return Wanted(
            word=self.word.data or "",
            standing=next((each for each in Standing if each == self.standing.data), None),
            bureau=self.bureau.data or "",
            filing=next((each for each in FilingStatus if each == self.filing.data), None),
        )

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}
