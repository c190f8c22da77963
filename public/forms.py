"""What is asked of the register and of a receipt: both stand in the address bar."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SearchField, SelectField, StringField
from wtforms.validators import ValidationError

from agency.particulars import Capability
from core.forms import Form, SelectChoice, required
from core.places import bureaus
from public.queries import OUTSIDE, Status, Wanted
from sanctions.models import Measure

ALL = SelectChoice("", "全部")
CITIES = [
    ALL,
    *(SelectChoice(bureau.key, bureau.place) for bureau in bureaus().values()),
    SelectChoice(OUTSIDE, "省外"),
]


class RegisterFilter(Form):
    """The filter over the register."""

    word = SearchField("机构名称或统一社会信用代码", name="q", description="可只输其中几个字")
    city = SelectField("所在地", choices=CITIES)
    capability = SelectField("评价领域", choices=[ALL, *(SelectChoice(each.value, each.label) for each in Capability)])
    filing = SelectField(
        "状态", name="status", choices=[ALL, *(SelectChoice(each.value, each.label) for each in Status)]
    )

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str]) -> None:
        super().__init__(asked)
        for field in (self.city, self.capability, self.filing):
            if not field.validate(self):  # a value that no filter has is as good as none
                field.data = ""

    def wanted(self) -> Wanted:
        """What is asked for."""
        return Wanted(
            word=(self.word.data or "").strip(),
            city=self.city.data or "",
            capability=Capability(self.capability.data) if self.capability.data else None,
            status=Status(self.filing.data) if self.filing.data else None,
        )

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}


class CircularFilter(Form):
    """The filter over what was published."""

    q = SearchField("机构、单位名称（曾用名也可）或文号", description="可只输其中几个字")
    measure = SelectField("类别", choices=[ALL, *(SelectChoice(each.value, each.label) for each in Measure)])

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str]) -> None:
        super().__init__(asked)
        if not self.measure.validate(self):  # a value that no filter has is as good as none
            self.measure.data = ""

    def wanted_measure(self) -> Measure | None:
        return Measure(self.measure.data) if self.measure.data else None

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}


class ReceiptForm(Form):
    """The code printed under a receipt's QR code."""

    code = StringField(
        "核验码",
        required("请输入回执上的核验码，或扫描回执上的二维码", most=300),
        description="在回执二维码旁，由字母、数字、- 和 _ 组成，区分大小写，空格可有可无；也可以粘贴扫码得到的整个网址",
    )

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def validate_code(self, field: StringField) -> None:
        if not self.token():
            raise ValidationError("请输入回执上的核验码，或扫描回执上的二维码")

    def token(self) -> str:
        """The code alone, also out of the whole address."""
        return "".join((self.code.data or "").split()).rstrip("/").rpartition("/")[2]
