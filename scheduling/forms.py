"""Forms of the admin's pages about work by the clock."""

from wtforms import HiddenField, StringField, TextAreaField

from core.forms import Form, VersionedForm, required


class RetryForm(Form):
    """A button."""


class WorkYearForm(VersionedForm):
    notice = StringField(
        "通知文号",
        required("请填写通知的文号", most=80),
        description="例如 国办发明电〔2025〕7号",
    )
    text = TextAreaField(
        "放假和调休上班的日子",
        required("请粘贴通知中的放假安排", most=5000),
        description="粘贴通知的正文即可；也可一行一个，写作“2027-10-01 至 2027-10-07 放假”“2027-10-09 上班”。",
        render_kw={"rows": 12},
    )
    shown = HiddenField()  # the digest of the days that were shown: what is saved is what was looked at
