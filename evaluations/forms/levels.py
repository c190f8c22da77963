"""The form for a year's call."""

from wtforms import RadioField, StringField

from core.fields import choices_of
from core.forms import VersionedForm, required
from core.labels import Labelled


class Takes(Labelled):
    YES = "yes", "接收第三方评价报告"
    NO = "no", "不接收第三方评价报告（可自我评价）"


class LevelForm(VersionedForm):
    takes_third_party = RadioField("该年度申报", required("请选择是否接收"), choices=choices_of(Takes))
    basis = StringField(
        "依据",
        required("请填写通知的名称和文号", most=200),
        description="写明申报通知的名称和文号，机构和培育对象登记评价时会看到",
    )

    @property
    def takes(self) -> bool:
        return str(self.takes_third_party.data) == Takes.YES
