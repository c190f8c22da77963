"""The roster template that agencies can download: every column that the import reads, and how to fill it."""

from core import sheet_templates
from core.sheet_templates import TemplateColumn

COLUMNS = (
    TemplateColumn("序号", 6, "1", "可不填。"),
    TemplateColumn("姓名", 10, "张三", "与身份证一致。必填。"),
    TemplateColumn("身份证号", 22, "710000199001010031", "18 位，本列已设为文本格式；存成数字会丢失末三位。必填。"),
    TemplateColumn("职称", 16, "高级工程师", "照职称证书填写全称；执业、注册类资格和技能等级不是职称。必填。"),
    TemplateColumn("职称级别", 10, "副高级", "正高级、副高级、中级或初级；职称不在职称表内时，据此由办理人判断。"),
    TemplateColumn("职称系列", 12, "工程技术", "如工程技术、自然科学研究、经济、会计。"),
    TemplateColumn("职称专业", 16, "环境工程", "照职称证书填写；证书没有专业的可不填。"),
    TemplateColumn("所学专业", 16, "环境科学", "最高学历的专业。"),
    TemplateColumn("职称取得时间", 14, "2019-12-01", "如 2019-12-01，或 2019-12。"),
    TemplateColumn("证书编号", 20, "吉高2019-0417", "职称证书的编号。"),
    TemplateColumn("是否专职", 10, "是", "是或否。必填。", ("是", "否")),
    TemplateColumn("用工形式", 12, "劳动合同", "劳动合同、在编、退休返聘、劳务派遣、借调、兼职。"),
    TemplateColumn("入职时间", 14, "2015-03-01", ""),
    TemplateColumn("合同到期", 14, "2028-02-29", "无固定期限的不填。"),
    TemplateColumn("社保缴纳起始", 14, "2015-03", "本单位开始缴纳的月份。"),
    TemplateColumn("社保缴纳单位", 20, "本单位", "由本单位缴纳的填“本单位”，否则填缴纳单位全称。"),
    TemplateColumn("离职时间", 14, "", "在职的不填。"),
    TemplateColumn("备注", 24, "", ""),
)


def write_template() -> bytes:
    """An empty roster, and a second sheet with an example and notes."""
    return sheet_templates.write_template("人员名单", COLUMNS, frozen=2)
