"""The form by which an applicant goes over to another bureau."""

from wtforms import SelectField

from core.forms import SelectChoice, VersionedForm, reason_field, required
from core.places import bureaus


class MoveApplicantForm(VersionedForm):
    bureau = SelectField(
        "变更为",
        required("请选择要移交给哪个工信局"),
        choices=[
            SelectChoice("", "请选择"),
            *(SelectChoice(bureau.key, bureau.name) for bureau in bureaus().values()),
        ],
    )
    reason = reason_field("理由", hint="例如：行政区划调整；登记时选错", most=500)
