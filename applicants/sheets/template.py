"""The template that bureaus can download: every column that the import reads, and how to fill it."""

from applicants.models import Kind, ListLevel
from core import sheet_templates
from core.places import bureaus
from core.sheet_templates import TemplateColumn

COLUMNS = (
    TemplateColumn("序号", 6, "1", "可不填。"),
    TemplateColumn("名称", 30, "长春某某零部件有限公司", "与证照一致的全称。必填。"),
    TemplateColumn(
        "统一社会信用代码", 22, "91220101MA000000XX", "18 位，本列已设为文本格式；园区没有自己的代码的不填。"
    ),
    TemplateColumn("类别", 18, "绿色工厂", "可以写几类，用顿号隔开。必填。", tuple(kind.label for kind in Kind)),
    TemplateColumn(
        "所属工信局",
        14,
        "长春市",
        "11 个市（州）工信局之一；梅河口、长白山单列，公主岭属长春。",
        tuple(bureau.place for bureau in bureaus().values()),
    ),
    TemplateColumn("县（市、区）", 16, "绿园区", "县、市、区或开发区。"),
    TemplateColumn("地址", 34, "吉林省长春市绿园区某某路 1 号", ""),
    TemplateColumn("行业代码", 10, "C3670", "国民经济行业分类（GB/T 4754）四位数字，可带门类字母；园区可不填。"),
    TemplateColumn("行业", 24, "汽车零部件及配件制造", "填写行业代码的必填。"),
    TemplateColumn("法定代表人", 12, "张三", "园区填写负责人。"),
    TemplateColumn("联系人", 12, "李四", ""),
    TemplateColumn("联系电话", 16, "0431-88900000", "手机，或带区号的固定电话。"),
    TemplateColumn("电子邮箱", 22, "name@example.com", ""),
    TemplateColumn("目前列入的名单", 14, "市级名单", "目前列入的最高一级。", tuple(level.label for level in ListLevel)),
    TemplateColumn("是否绿色工厂", 12, "是", "供应链管理企业填写。", ("是", "否")),
    TemplateColumn("工业增加值占比（%）", 14, "57.4", "园区填写，最多一位小数。"),
    TemplateColumn("管理机构", 26, "某某开发区管理委员会", "园区没有自己的代码的填写。"),
    TemplateColumn("管理机构代码", 22, "11220101MB0000000X", "管理机构的统一社会信用代码。"),
    TemplateColumn("所在园区", 26, "", "位于已登记园区内的企业填写园区全称或代码。"),
)


def write_template() -> bytes:
    """An empty list, and a second sheet with an example and notes."""
    return sheet_templates.write_template("培育对象", COLUMNS, frozen=2)
