"""The roster template that agencies can download: every column that the import reads, and how to fill it."""

import io

import xlsxwriter

COLUMNS = (
    # heading, width, example, how to fill it
    ("序号", 6, "1", "可不填。"),
    ("姓名", 10, "张三", "与身份证一致。必填。"),
    ("身份证号", 22, "710000199001010031", "18 位，本列已设为文本格式；存成数字会丢失末三位。必填。"),
    ("职称", 16, "高级工程师", "照职称证书填写全称；执业、注册类资格和技能等级不是职称。必填。"),
    ("职称级别", 10, "副高级", "正高级、副高级、中级或初级；职称不在系统的职称表内时，据此由办理人判断。"),
    ("职称系列", 12, "工程技术", "如工程技术、自然科学研究、经济、会计。"),
    ("职称专业", 16, "环境工程", "照职称证书填写；证书没有专业的可不填。"),
    ("所学专业", 16, "环境科学", "最高学历的专业。"),
    ("职称取得时间", 14, "2019-12-01", "如 2019-12-01，或 2019-12。"),
    ("证书编号", 20, "吉高2019-0417", "职称证书的编号。"),
    ("是否专职", 10, "是", "是或否。必填。"),
    ("用工形式", 12, "劳动合同", "劳动合同、在编、退休返聘、劳务派遣、借调、兼职。"),
    ("入职时间", 14, "2015-03-01", ""),
    ("合同到期", 14, "2028-02-29", "无固定期限的不填。"),
    ("社保缴纳起始", 14, "2015-03", "本单位开始缴纳的月份。"),
    ("社保缴纳单位", 20, "本单位", "由本单位缴纳的填“本单位”，否则填缴纳单位全称。"),
    ("离职时间", 14, "", "在职的不填。"),
    ("备注", 24, "", ""),
)
ROWS = 2000  # formatted as text, so that numbers stay whole


def write_template() -> bytes:
    """An empty roster, and a second sheet with an example and notes."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
        head = workbook.add_format({"bold": True, "bg_color": "#E8EFE9", "border": 1, "text_wrap": True})
        text = workbook.add_format({"num_format": "@"})
        people = workbook.add_worksheet("人员名单")
        people.freeze_panes(1, 2)
        for place, (heading, width, _, _) in enumerate(COLUMNS):
            people.set_column(place, place, width, text)
            people.write_string(0, place, heading, head)
        full_time = next(place for place, column in enumerate(COLUMNS) if column[0] == "是否专职")
        people.data_validation(1, full_time, ROWS, full_time, {"validate": "list", "source": ["是", "否"]})

        notes = workbook.add_worksheet("填写说明")
        notes.set_column(0, 0, 14)
        notes.set_column(1, 1, 24)
        notes.set_column(2, 2, 60)
        for place, heading in enumerate(("列", "示例（虚构）", "说明")):
            notes.write_string(0, place, heading, head)
        for number, (heading, _, example, how) in enumerate(COLUMNS, 1):
            notes.write_string(number, 0, heading)
            notes.write_string(number, 1, example, text)
            notes.write_string(number, 2, how)
    return output.getvalue()
