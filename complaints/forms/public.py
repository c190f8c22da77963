"""What a reporter is asked. What a report must have, complaints.rules.intake says; here is its shape."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField

from complaints.entries import ComplaintEntry
from complaints.models import Matter, ReporterKind, Target
from complaints.parties import Party
from complaints.rules.intake import NO_CONTACT
from core.contacts import email_text
from core.fields import Checkboxes, Email, Phone, Ticked, choices_of, phone_text
from core.forms import Form, SelectChoice, optional, required

LONGEST_FACTS = 5000
MATTER_HINTS = {
    Matter.FALSE_REPORT: "数据、检测结果、现场记录、签名等不真实",
    Matter.CONCEALED: "评价时知道而不写",
    Matter.BORROWED_STAFF: "人员只挂名、不在该机构工作",
    Matter.MARKET_CONDUCT: "“不过不收费”“包通过”、必须同时购买认证等",
    Matter.OVER_CAP: "同一法定代表人的机构，一年的国家级评价合计",
}


def _worded(matter: Matter) -> str:
    hint = MATTER_HINTS.get(matter)
    return f"{matter.label}（{hint}）" if hint else matter.label


def half_width(text: Any) -> Any:
    return email_text(text) if isinstance(text, str) else text


class ComplaintForm(Form):
    token = HiddenField()
    riddle = HiddenField()
    target_name = StringField(
        "机构或单位的名称",
        required("请写明您要举报的机构或单位", most=120),
        description="输入几个字后点“查找”，从名录中选择；名录里没有的，照实填写即可",
    )
    party = RadioField("找到的机构和单位", choices=[], validate_choice=False)
    matters = Checkboxes("举报的事项", required("请至少选择一项举报的事项"), description="可以选几项")
    facts = TextAreaField(
        "事情经过",
        required("请写明事情经过，至少一句话", most=LONGEST_FACTS),
        description="什么时间、什么地点、谁做了什么、您怎么知道的",
    )
    happened = StringField("大约时间", optional(most=200), description="例如 2026年3月，或 2025 年下半年")
    files = MultipleFileField(
        "佐证材料", description="合同、报告、照片、聊天记录截图等；没有也可以先提交。可一次选几个。"
    )
    kind = RadioField("您的身份", required("请选择个人或单位"), default=ReporterKind.PERSON.value)
    name = StringField(
        "真实姓名或单位名称",
        required("实名举报须写明您的真实姓名或单位名称", most=60),
        description="单位举报的填单位全称",
    )
    contact = StringField("单位联系人", optional(most=60))
    phone = StringField(
        "电话",
        [*optional(most=30), Phone()],
        filters=[phone_text],
        description="办理人会打电话与您核实。电话和邮箱至少留一项",
    )
    email = StringField(
        "电子邮箱",
        [*optional(most=120), Email()],
        filters=[half_width],
        description="有新进展时发邮件提醒您来查看，邮件里不写内容；请不要用被举报单位的邮箱",
    )
    code = StringField("邮件里的验证码", optional(most=12), description="6 位数字，30 分钟内有效")
    address = StringField("通信地址", optional(most=200))
    relation = StringField(
        "您与被举报方的关系", optional(most=200), description="例如：曾在那里工作、委托过评价、附近居民"
    )
    consents = BooleanField(
        "我已阅读上面的说明，同意这样使用我的信息",
        [Ticked("请阅读并同意个人信息的使用方式，否则无法联系您、也无法办理")],
    )
    is_true = BooleanField("我所写的是我知道的真实情况；知道不实而编造的，我愿承担责任", [Ticked("请确认所写内容属实")])
    riddle_answer = StringField(
        "图片或语音里的 6 位数字", optional(most=20), description="看图片，或者听语音（普通话读数字），一种就够"
    )

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.matters.choices = [SelectChoice(matter.value, _worded(matter)) for matter in Matter]
        self.kind.choices = choices_of(ReporterKind)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if not self.phone.data and not self.email.data and not self.phone.errors:
            self.phone.errors = [NO_CONTACT]
            return False
        return valid

    def offer(self, found: Sequence[Party]) -> None:
        """Let one of these be chosen; what was chosen before stays among them."""
        self.party.choices = [SelectChoice(party.key, party.name) for party in found]

    def entry(self, chosen: Party | None) -> ComplaintEntry:
        """The entry of a valid form."""
        return ComplaintEntry(
            kind=ReporterKind(self.kind.data),
            name=self.name.data or "",
            contact=self.contact.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            address=self.address.data or "",
            relation=self.relation.data or "",
            target=chosen.target if chosen else Target.UNKNOWN,
            agency_id=chosen.agency_id if chosen else None,
            applicant_id=chosen.applicant_id if chosen else None,
            target_name=self.target_name.data or "",
            matters=tuple(Matter(value) for value in self.matters.data or ()),
            facts=self.facts.data or "",
            happened=self.happened.data or "",
            consents=bool(self.consents.data),
            is_true=bool(self.is_true.data),
        )


class FollowForm(Form):
    number = StringField(
        "举报编号",
        required("请输入回执上的编号", most=60),
        description="例如 JB20260001",
        render_kw={"autocapitalize": "characters", "spellcheck": "false"},
    )
    secret = StringField(
        "查询码",
        required("请输入回执上的查询码", most=100),
        description="20 位字母和数字，不分大小写，横线和空格可有可无",
        render_kw={"autocapitalize": "characters", "spellcheck": "false"},
    )


class AddForm(Form):
    text = TextAreaField("补充的情况", optional(most=LONGEST_FACTS), description="新的事实、线索，或对以前内容的更正")
    files = MultipleFileField("材料", description="可一次选几个；文字和材料至少有一项。")


class AnswerForm(Form):
    text = TextAreaField("您的回答", optional(most=LONGEST_FACTS))
    files = MultipleFileField("材料", description="可一次选几个；文字和材料至少有一项。")


class WithdrawForm(Form):
    text = TextAreaField("撤回的原因", optional(most=1000))


class ReviewForm(Form):
    text = TextAreaField(
        "为什么不同意答复",
        required("请写明您不同意的地方和理由", most=LONGEST_FACTS),
        description="哪一点不符合事实、有什么没有查到；有新材料的请先用“补充情况”提交",
    )


class DoneForm(Form):
    """One button."""
