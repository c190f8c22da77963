"""Shape and type of what is typed about accounts."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, PasswordField, SearchField, SelectField, SelectMultipleField, StringField
from wtforms.validators import EqualTo
from wtforms.widgets import CheckboxInput, ListWidget

from accounts.models import DEPARTMENT_ROLES, Role
from accounts.passwords import SHORTEST
from accounts.queries import UserFilter
from core.forms import Form, SelectChoice, VersionedForm, optional, reason_field, required
from core.places import bureaus

ALL = SelectChoice("", "全部")


def username_field() -> StringField:
    hint = "3 至 40 个小写字母、数字、点、横线或下划线，例如 wang.min"
    return StringField("用户名", required("请填写用户名。", most=40), description=hint)


def email_field(hint: str) -> StringField:
    return StringField("电子邮箱", optional(most=120), description=hint)


class SignInForm(Form):
    username = StringField("用户名", required("请输入用户名。", most=80))
    password = PasswordField("密码", required("请输入密码。", most=200))
    next = HiddenField()


class CodeForm(Form):
    code = StringField(
        "验证码", required("请输入验证器上的 6 位数字。", most=12), description="验证器上显示的 6 位数字"
    )


class PasswordForm(Form):
    old = PasswordField("当前密码", required("请输入当前密码。"))
    new = PasswordField(
        "新密码",
        required("请输入新密码。"),
        description=f"至少 {SHORTEST} 个字符，不能是常见密码、用户名或统一社会信用代码。可以用几个互不相干的词连起来",
    )
    again = PasswordField(
        "再输一次新密码", [*required("请再输一次新密码。"), EqualTo("new", "两次输入的新密码不一致，请重新输入。")]
    )


class EndTwoFactorForm(Form):
    password = PasswordField("当前密码", required("请输入当前密码。"))


class ChecksField(SelectMultipleField):
    """Several choices, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DepartmentAccountForm(VersionedForm):
    display_name = StringField("姓名", required("请填写使用人的姓名。", most=80))
    roles = ChecksField(
        "岗位",
        choices=[SelectChoice(role.value, role.label) for role in Role if role in DEPARTMENT_ROLES],
        description="审核、审批可由一人兼任，但不得办理同一备案的审核和审批；其他岗位不能兼任",
    )
    bureau = SelectField(
        "所属工信局",
        choices=[
            SelectChoice("", "不属于市（州）"),
            *(SelectChoice(bureau.key, bureau.name) for bureau in bureaus().values()),
        ],
        description="只有市（州）工信局账号才选择",
    )

    @property
    def held(self) -> frozenset[Role]:
        return frozenset(Role(value) for value in self.roles.data or ())


class NewDepartmentAccountForm(DepartmentAccountForm):
    username = username_field()
    email = email_field("消息同时发到这里；本人可以在“个人设置”中更换或关闭")


class NewColleagueForm(Form):
    username = username_field()
    display_name = StringField("姓名", required("请填写使用人的姓名。", most=80))
    email = email_field("本人登录后在“个人设置”中用验证码确认，之后消息同时发到这里")


class ReasonForm(Form):
    reason = reason_field("理由", hint="例如：人员调离。记入操作日志", most=200)


class UserFilterForm(Form):
    """The filter over the accounts; it stands in the address bar."""

    word = SearchField("用户名或姓名", name="q")
    role = SelectField("岗位", choices=[ALL, *(SelectChoice(role.value, role.label) for role in Role)])
    active = SelectField("状态", choices=[ALL, SelectChoice("yes", "在用"), SelectChoice("no", "已停用")])

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str], **kwargs: Any) -> None:
        super().__init__(asked, **kwargs)
        for field in (self.role, self.active):
            if not field.validate(self):  # a value that no filter has is as good as none
                field.data = ""

    def wanted(self) -> UserFilter:
        return UserFilter(
            word=self.word.data or "",
            role=Role(self.role.data) if self.role.data else None,
            active={"yes": True, "no": False}.get(self.active.data or ""),
        )

    def shown(self) -> dict[str, str]:
        """What the links of the list carry along."""
        return {name: value for name, value in self._asked() if value}

    def _asked(self) -> list[tuple[str, str]]:
        return [("q", self.word.data or ""), ("role", self.role.data or ""), ("active", self.active.data or "")]
