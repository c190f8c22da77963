"""The whole job in a browser: register, fill in, import, file; return and correct; approve; find and verify."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from accounts.models import Role
from tests.browser.live import Live
from tests.browser.looking import look
from tests.browser.walking import answer_to, arrived, fill, follow, go, press, row, scan, told
from tests.numbers import credit_code, id_number
from tests.uploads import blank_pdf, photograph

ROSTER = Path(__file__).parent.parent / "data" / "rosters" / "01_衡准_专职人员名单.xlsx"
COUNTED = ("邱明远", "梁书华", "曹立业", "葛欣然", "丁海洋", "范晓枫", "孔祥宇", "冯静怡", "傅长河", "汤雪", "贺子轩")
CODE = credit_code(7)
WRONG_CODE = CODE[:-1] + ("1" if CODE[-1] != "1" else "2")
NAME = "吉林衡准绿色科技有限公司"
PASSWORD = "meadow kettle onward"
IDENTITY = id_number(3, area="220102")


def upload(page: Page, *files: FilePayload, button: str = "上传") -> None:
    page.get_by_label("文件", exact=True).set_input_files(list(files))
    press(page, button)
    told(page, "上传")


def test_an_agency_files_and_the_public_finds_it(live_server: Live, new_page: Callable[[], Page]) -> None:
    live_server.officer("shenhe1", "审核李敏", Role.REVIEWER)
    live_server.officer("shenhe2", "审核王强", Role.REVIEWER)
    live_server.officer("shenpi1", "审批赵刚", Role.APPROVER)
    agency, reviewer, approver, anyone = (new_page() for _ in range(4))

    registers(agency, live_server)
    fills_in_its_particulars(agency)
    brings_in_its_staff(agency)
    uploads_the_proofs(agency)
    hands_in(agency)
    live_server.sign_in(reviewer, "shenhe1")
    takes_looks_and_returns(reviewer, new_page(), live_server)
    corrects_and_hands_in_again(agency)
    judges_and_passes(reviewer)
    live_server.sign_in(approver, "shenpi1")
    number = approves(approver)
    finds_it_in_the_register(anyone, live_server, number)
    verifies_the_receipt(agency, anyone, live_server, number)


def registers(page: Page, live: Live) -> None:
    page.goto(live.url)
    arrived(page, "绿色制造第三方评价机构备案与查询")
    page.get_by_role("main").get_by_role("link", name="机构登记").click()
    arrived(page, "第三方机构登记")
    fill(
        page,
        credit_code=WRONG_CODE,
        name=NAME,
        address="吉林省长春市朝阳区人民大街 7 号",
        place="朝阳区",
        representative_name="周明远",
        representative_number=IDENTITY,
        representative_phone="13804310011",
        representative_since="2021-06-01",
        contact_name="吴联系",
        contact_phone="0431-88900000",
        contact_email="wu@example.com",
        service_address="wu@example.com",
        username="hengzhun",
    )
    for choice in ("企业", "绿色工厂", "绿色工业园区", "同意以电子方式送达通知和决定"):
        page.get_by_label(choice, exact=True).check()
    page.get_by_label("我受本机构委托办理登记").check()
    sets_a_password(page)
    assert answer_to(page, lambda: press(page, "登记")).status == 422
    arrived(page, "第三方机构登记")
    expect(page.get_by_role("alert")).to_contain_text("校验")
    expect(page.get_by_role("button", name="申请人工核验")).to_be_visible()
    expect(page.get_by_label("机构名称")).to_have_value(NAME)
    expect(page.get_by_label("绿色工业园区", exact=True)).to_be_checked()
    expect(page.get_by_text("请重新输入密码")).to_be_visible()  # the one thing that doesn't stay

    fill(page, credit_code=CODE)
    sets_a_password(page)
    press(page, "登记")
    arrived(page, "登录")
    told(page, "登记成功")
    fill(page, username="hengzhun", password=PASSWORD)
    press(page, "登录")
    arrived(page, NAME)


def sets_a_password(page: Page) -> None:
    fill(page, password=PASSWORD, password_again=PASSWORD)


def fills_in_its_particulars(page: Page) -> None:
    """Section by section, as the overview leads."""
    page.get_by_role("region", name="下一步").get_by_role("link").click()
    arrived(page, NAME)
    follow(page, "去填写", "基本信息")
    fill(page, platform_number="GM-220104-0007", platform_registered_on="2025年3月1日")
    press(page, "保存")
    told(page, "基本信息已保存")

    follow(page, "去填写", "办公场所")
    follow(page, "添加办公场所", "添加办公场所")
    fill(page, address="长春市朝阳区人民大街 7 号 8 层", area_m2="３２０", leased_until="2028-12-31")
    page.get_by_label("租赁", exact=True).check()
    press(page, "保存")
    told(page, "已保存")
    follow(page, "上传 长春市朝阳区人民大街 7 号 8 层 的证明", "上传材料")
    upload(page, scan("租赁合同.pdf"))
    arrived(page, "办公场所")

    go(page, "回到本单位资料")
    follow(page, "近五年业绩", "近五年业绩")
    follow(page, "添加业绩", "添加业绩")
    page.get_by_label("业绩类型").select_option(label="评价")
    page.get_by_label("主导", exact=True).check()
    fill(page, title="某化工园区绿色工业园区评价", on="2025-03-20")
    press(page, "保存")
    follow(page, "上传 某化工园区绿色工业园区评价 的证明", "上传材料")
    upload(page, scan("业绩合同.pdf"))

    go(page, "回到本单位资料")
    follow(page, "培训记录", "培训记录")
    follow(page, "添加培训", "添加培训")
    fill(page, topic="评价程序和标准规范", on="2026-04-18", attendees="全体评价人员", hours="6")
    press(page, "保存")
    told(page, "已保存")

    go(page, "回到本单位资料")
    follow(page, "财务和内部制度", "财务和内部制度")
    fill(page, finance_system="设财务部，执行《企业会计准则》，年度报表经审计。")
    press(page, "保存")
    told(page, "已保存")
    for document in ("财务管理制度", "质量控制制度", "内部技术评审制度"):
        page.get_by_role("link", name=f"上传 {document}", exact=True).click()
        upload(page, scan(f"{document}.pdf"))  # leads back to the list one came from

    page.get_by_role("navigation", name="主导航").get_by_role("link", name="本单位资料").click()
    follow(page, "声明和承诺书", "声明和承诺书")
    for box in page.get_by_role("checkbox").all():
        box.check()
    fill(page, signed_by="周明远")
    press(page, "签署")
    told(page, "声明已签署")
    follow(page, "打印承诺书", "绿色制造第三方评价承诺书")
    follow(page, "声明和承诺书", "声明和承诺书")
    page.get_by_role("link", name="上传 第二十二条承诺书（签字盖章）", exact=True).click()
    upload(page, scan("承诺书（签章）.jpg", photograph((600, 850))))


def brings_in_its_staff(page: Page) -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="人员").click()
    arrived(page, "专职人员")
    page.get_by_role("main").get_by_role("link", name="导入名单").first.click()
    arrived(page, "导入名单")
    page.get_by_label("人员名单", exact=True).set_input_files(ROSTER)
    press(page, "上传并预览")
    arrived(page, "导入预览")
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        "确认后：中级及以上 11/10 人，其中相关专业高级 6/5 人"
    )
    for number in range(2, 14):
        expect(page.get_by_role("rowheader", name=f"第 {number} 行", exact=True)).to_be_visible()
    press(page, "确认导入")
    told(page, "新增 12 人")
    arrived(page, "专职人员")


def uploads_the_proofs(page: Page) -> None:
    """Three proofs of each of eleven people: three uploads."""
    follow(page, "一次为多人上传证明", "一次为多人上传证明")
    page.get_by_label("一人一份").check()
    certificates = [scan(f"{name}_职称证书.pdf", blank_pdf(1) + name.encode()) for name in COUNTED]
    upload(page, *certificates, button="上传职称证书")
    arrived(page, "一次为多人上传证明")
    for button, file in (("上传劳动合同或在编证明", "劳动合同汇总.pdf"), ("上传社会保险缴纳证明", "参保名单.pdf")):
        page.get_by_label("多人一份").check()
        assert page.get_by_role("checkbox", checked=True).count() == len(COUNTED)
        upload(page, scan(file), button=button)
    arrived(page, "专职人员")  # nobody's proof is due any more
    expect(page.get_by_text("份证明待上传")).to_have_count(0)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="本单位资料").click()
    follow(page, "去填写", "证明材料")
    page.get_by_role("navigation", name="栏目").get_by_role("link", name=re.compile("待上传.*2$")).click()
    arrived(page, "证明材料")
    for document in ("法人资格证明（营业执照、事业单位法人证书或社会团体登记证）", "管理平台注册截图"):
        page.get_by_role("link", name=f"上传 {document}", exact=True).click()
        upload(page, scan("扫描件.png", photograph((500, 700), "PNG")))


def clauses(page: Page) -> dict[str, str]:
    """Clause → verdict, as the check on the page says."""
    lines = page.locator("ol.clauses > li")
    return {line.locator(".no").inner_text(): line.locator(".state").last.inner_text() for line in lines.all()}


def hands_in(page: Page) -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="本单位资料").click()
    arrived(page, NAME)
    expect(page.get_by_role("region", name="下一步")).to_contain_text("资料已填齐")
    verdicts = clauses(page)
    assert verdicts.pop("第二十条（五）") == "待判断"  # the agency is able in two fields of three
    assert set(verdicts.values()) == {"符合"}, verdicts
    assert len(verdicts) == 6
    follow(page, "去备案", "备案")
    follow(page, "开始备案", "开始首次备案")
    press(page, "开始备案")
    arrived(page, "首次备案")
    follow(page, "提交备案", "提交备案")
    other_tab = page.context.new_page()
    other_tab.goto(page.url)
    page.get_by_role("button", name="确认提交").dblclick()
    told(page, "备案已提交")
    arrived(page, "首次备案")
    expect(page.get_by_role("region", name="下一步")).to_contain_text("等待省厅受理")
    page.go_back()
    told(page, "这件备案现在是“待受理”，不能提交")
    assert answer_to(other_tab, lambda: press(other_tab, "确认提交")).status == 409
    expect(other_tab.get_by_role("alert")).to_contain_text("状态已经变化")
    other_tab.close()


def takes_looks_and_returns(page: Page, colleague: Page, live: Live) -> None:
    arrived(page, "待办")
    follow(page, NAME, NAME)
    live.sign_in(colleague, "shenhe2")
    colleague.get_by_role("link", name=NAME).first.click()  # sees it waiting, too
    press(page, "受理")
    told(page, "已受理，由您审核")
    arrived(page, NAME)
    assert answer_to(colleague, lambda: press(colleague, "受理")).status == 409
    arrived(colleague, "受理")
    expect(colleague.get_by_role("alert")).to_contain_text("情况已经变化，没有办理")
    follow(colleague, "返回，不办理", NAME)
    expect(colleague.get_by_role("region", name="下一步")).to_contain_text("由 审核李敏 审核")

    page.get_by_role("navigation", name="栏目").get_by_role("link", name="材料").click()
    arrived(page, NAME)
    page.get_by_role("link", name=re.compile("租赁合同.pdf$")).first.click()
    for _ in range(3):
        sees_a_picture(page)
        page.get_by_role("link", name="下一份").click()
    sees_a_picture(page)
    look(page)
    page.get_by_role("navigation", name="所在位置").get_by_role("link", name=NAME).click()
    follow(page, "退回补正", "退回补正")
    fill(page, **{"clause-JL-20-2": "租赁面积与合同不一致，请核对。"})
    page.get_by_text("对该条的某项材料提出").nth(1).click()
    fill(page, **{"material-finance_rules": "财务管理制度缺盖章页。"})
    press(page, "退回补正")
    told(page, "已退回补正")
    expect(page.get_by_role("region", name="下一步")).to_contain_text("已退回 2 项")


def sees_a_picture(page: Page) -> None:
    picture = page.get_by_role("img", name="的图像")
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalWidth") > 100


def corrects_and_hands_in_again(page: Page) -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="机构首页").click()
    arrived(page, NAME)
    follow(page, "查看清单", "首次备案")
    expect(page.get_by_text("未见改动")).to_have_count(2)
    row(page, "租赁面积与合同不一致").get_by_role("link").click()
    page.get_by_role("link", name="长春市朝阳区人民大街 7 号 8 层", exact=True).click()
    fill(page, area_m2="298.5")
    press(page, "保存")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="备案", exact=True).click()
    row(page, "缺盖章页").get_by_role("link").click()
    page.get_by_role("link", name="上传 财务管理制度", exact=True).click()
    upload(page, scan("财务管理制度（盖章）.pdf", blank_pdf(2)))
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="备案", exact=True).click()
    expect(page.get_by_text("已有改动")).to_have_count(2)
    follow(page, "重新提交", "重新提交备案")
    press(page, "确认提交")
    told(page, "备案已提交")


def judges_and_passes(page: Page) -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="待办").click()
    follow(page, NAME, NAME)
    expect(page.get_by_text("已有改动")).to_have_count(2)
    press(page, "受理")
    page.get_by_role("navigation", name="栏目").get_by_role("link", name="变化").click()
    arrived(page, NAME)
    expect(row(page, "298.5")).to_contain_text("320")
    page.get_by_role("link", name="去判断").click()
    judges(page, "能力只及绿色工厂、绿色工业园区", "认可", "供应链评价与园区评价同源，认可其能力。")
    judges(page, "孔祥宇", "不认可", "机械制造不属相关专业。")
    press(page, "保存判断")
    told(page, "已保存 2 项判断")
    arrived(page, NAME)
    follow(page, "审核通过", "审核通过")
    page.get_by_label("审核意见").fill("材料齐全，各项条件符合。")
    press(page, "审核通过")
    told(page, "转另一名人员审批")


def judges(page: Page, question: str, decision: str, reason: str) -> None:
    point = page.get_by_role("group", name=question)
    point.get_by_label(decision, exact=True).check()
    point.get_by_label("理由").fill(reason)


def approves(page: Page) -> str:
    arrived(page, "待办")
    follow(page, NAME, NAME)
    follow(page, "准予备案", "准予备案")
    page.get_by_label("审批意见").fill("同意备案。")
    press(page, "准予备案")
    told(page, "已准予备案，备案号")
    arrived(page, NAME)
    found = re.search(r"备案号 (\S+\d+)", page.get_by_role("status").inner_text())
    assert found
    return found[1]


def finds_it_in_the_register(page: Page, live: Live, number: str) -> None:
    page.goto(live.url)
    page.get_by_role("searchbox").fill("衡准")
    press(page, "查询")
    arrived(page, "机构名录")
    expect(row(page, number)).to_contain_text("已备案")
    follow(page, NAME, NAME)
    shown = page.content()
    assert number in shown
    for secret in (IDENTITY, "13804310011", "0431-88900000", "wu@example.com", *COUNTED):
        assert secret not in shown, secret


def verifies_the_receipt(page: Page, anyone: Page, live: Live, number: str) -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="备案", exact=True).click()
    follow(page, "查看备案回执", "绿色制造第三方评价机构备案回执")
    expect(page.get_by_text(number).first).to_be_visible()
    address = page.locator(".verify a.code").inner_text()
    assert address.startswith(f"{live.url}/verify/")
    anyone.goto(address)
    arrived(anyone, "回执是真实的")
    expect(anyone.get_by_role("main")).to_contain_text(number)
    anyone.goto(address[:-1] + ("A" if address[-1] != "A" else "B"))
    arrived(anyone, "没有出具过这张回执")
