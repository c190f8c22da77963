"""Shape and type of what is typed about accounts."""

from wtforms import HiddenField, PasswordField, StringField

from core.forms import Form, required


class SignInForm(Form):
    username = StringField("用户名", required("请输入用户名。", most=80))
    password = PasswordField("密码", required("请输入密码。", most=200))
    next = HiddenField()


class CodeForm(Form):
    code = StringField("验证码", required("请输入验证器上的 6 位数字。", most=12), description="手机验证器上显示的 6 位数字")
