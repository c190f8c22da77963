"""Forms of the officers' side."""

from wtforms import RadioField, StringField

from core.forms import Form, SelectChoice, VersionedForm, reason_field, required


class CodeCheckDecisionForm(Form):
    decision = RadioField(
        "决定",
        required("请选择核验结果"),
        choices=[
            SelectChoice("accepted", "核验通过：证照真实，代码确系如此，允许登记"),
            SelectChoice("declined", "核验不通过"),
        ],
    )
    reason = reason_field("理由", hint="与决定一起保存；不通过的，申请单位再次登记时会看到")


class MoveForm(VersionedForm):
    display_name = StringField("有权单位的经办人", required("请填写经办人姓名", most=60))
    username = StringField(
        "新账号用户名",
        required("请为有权单位的第一个账号取用户名", most=80),
        description="3 至 40 个小写字母、数字、点、横线或下划线",
    )
    reason = reason_field("移交理由", hint="写明核对了哪些证件、由谁出示")
