"""Shape and type of what is typed about notices and mail."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField

from core.forms import Form, SelectChoice, VersionedForm, required
from notices.events import SECTIONS
from notices.models import MailKind, MailState

ALL = SelectChoice("", "全部")


class _Filter(Form):
    """A filter that stands in the address bar; a value that it doesn't have is as good as none."""

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str], **kwargs: Any) -> None:
        super().__init__(asked, **kwargs)
        for field in self:
            if not field.validate(self):
                field.data = ""

    def shown(self) -> dict[str, str]:
        """What the links of the list carry along."""
        return {field.name: field.data for field in self if field.data}


class InboxFilterForm(_Filter):
    unread = SelectField("显示", choices=[ALL, SelectChoice("yes", "只看未读")])
    about = SelectField("事项", choices=[ALL, *(SelectChoice(title, title) for title in SECTIONS)])


class OutboxFilterForm(_Filter):
    state = SelectField("状态", choices=[ALL, *(SelectChoice(each.value, each.label) for each in MailState)])
    kind = SelectField("种类", choices=[ALL, *(SelectChoice(each.value, each.label) for each in MailKind)])


class AddressForm(Form):
    address = StringField(
        "电子邮箱", required("请填写电子邮箱。", most=120), description="例如 name@example.com；验证码发到这里"
    )


class ConfirmAddressForm(Form):
    code = StringField("验证码", required("请输入邮件中的 6 位数字。", most=12), description="邮件中的 6 位数字")


class SendAgainForm(VersionedForm):
    """One button; carries the version that was shown."""
