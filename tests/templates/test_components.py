"""The parts that pages are made of, rendered one by one as a page would: labels, errors, names, escaping."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from jinja2 import UndefinedError
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import InputRequired, Optional

from agency.particulars import AgencyKind, Capability, TitleLevel
from agency.queries.places import Cell, Strip
from core import law
from core.law import Finding, Verdict
from evaluations.agreed import AgreementText, Paragraph, Stretch
from evaluations.models import Agreement, AgreementScreening
from evaluations.rules.states import MarkOrigin, MarkStanding, ScreeningState
from evaluations.screening import Label
from filing.rules import Action
from summaries import charts, rules

ROOT = Path(__file__).parents[2]
COMPONENTS = sorted(path.stem for path in (ROOT / "templates" / "components").glob("*.html"))
SCRIPT = "<script>alert(1)</script>"
DAY = date(2026, 11, 3)
AT = datetime(2026, 11, 3, 2, tzinfo=UTC)


class Person(Form):
    title = StringField("职称")


class Everything(FlaskForm):
    version = HiddenField(default="3")
    name = StringField("名称", [InputRequired("请填写名称。")], description="与营业执照一致")
    kind = RadioField(
        "类型", [InputRequired("请选择类型。")], choices=[SelectChoice("a", "企业"), SelectChoice("b", "协会")]
    )
    fields = SelectMultipleField(
        "领域",
        [InputRequired("请选择领域。")],
        choices=[SelectChoice("f", "工厂"), SelectChoice("p", "园区")],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    city = SelectField("所在地", [InputRequired("请选择所在地。")], choices=[SelectChoice("", "请选择")])
    since = DateField("起始日", [InputRequired("日期应写作 2026-12-15 的形式。")])
    area = IntegerField("面积", [Optional()])
    proof = FileField("证明", [InputRequired("请上传证明。")])
    about = TextAreaField("说明", [InputRequired("请填写说明。")])
    password = PasswordField("密码", [InputRequired("请填写密码。")])
    consent = BooleanField("同意电子送达", [InputRequired("请勾选。")])
    person = FormField(Person, "联系人")
    phones = FieldList(StringField("电话"), "电话", min_entries=1)


FORM = """{% from "components/form.html" import form_for %}{% from "components/field.html" import field %}
{% call form_for(form, cancel_url="/back", also=[("draft", "1", "存草稿")]) %}
{% for f in form %}{{ field(f) if f.type not in ("HiddenField", "CSRFTokenField") }}{% endfor %}{% endcall %}"""


def refused() -> Everything:
    form = Everything(meta={"csrf": False})
    form.validate()
    form.form_errors.append("名称与已知机构相近。")
    return form


def test_every_control_has_a_label(render: Any) -> None:
    page = render(FORM, form=Everything())
    labelled = {label["for"] for label in page.all("label")}
    controls = [c for c in page.all("input", "select", "textarea") if c.get("type") != "hidden"]
    assert len(controls) == 14
    assert {control["id"] for control in controls} == labelled


def test_descriptions_lead_to_what_describes(render: Any) -> None:
    page = render(FORM, form=refused())
    described = {id for attributes in page.all() for id in attributes.get("aria-describedby", "").split()}
    assert {"name-hint", "name-error", "kind-error", "since-hint", "since-error", "consent-error"} <= described
    assert described <= set(page.ids())
    assert len(page.ids()) == len(set(page.ids()))


def test_each_error_stands_on_top_with_a_link_to_its_control(render: Any) -> None:
    page = render(FORM, form=refused())
    targets = [link["href"][1:] for link in page.all("a") if link["href"].startswith("#")]
    assert targets == ["name", "kind-0", "fields-0", "city", "since", "proof", "about", "password", "consent"]
    assert set(targets) <= set(page.ids())
    assert "有 10 处需要改正" in page.text
    assert "<li>名称与已知机构相近。</li>" in page.text


def test_a_control_with_an_error_says_so(render: Any) -> None:
    page = render(FORM, form=refused())
    by_id = {attributes["id"]: attributes for attributes in page.all() if "id" in attributes}
    assert by_id["name"]["aria-invalid"] == "true"
    assert by_id["kind"]["aria-invalid"] == "true"
    assert "aria-invalid" not in by_id["area"]
    assert page.all("form")[0]["data-unsaved"] == "dirty"


def test_a_form_without_errors_has_no_summary(render: Any) -> None:
    page = render(FORM, form=Everything())
    assert "error-summary" not in page.text
    assert page.all("form")[0]["data-unsaved"] == "clean"


def test_a_form_with_a_file_can_carry_it(render: Any) -> None:
    assert render(FORM, form=Everything()).all("form")[0]["enctype"] == "multipart/form-data"
    assert "enctype" not in render(FORM, form=Person()).all("form")[0]


@pytest.mark.parametrize("form", [Everything, Person])
def test_a_form_carries_one_csrf_token_and_its_hidden_fields(render: Any, form: type[Form]) -> None:
    hidden = [control["name"] for control in render(FORM, form=form()).all("input") if control["type"] == "hidden"]
    assert hidden.count("csrf_token") == 1
    assert ("version" in hidden) is hasattr(form, "version")


def test_days_and_numbers_keep_what_was_typed(app: Flask, read: Any) -> None:
    with app.test_request_context("/", method="POST", data={"since": "二月三十日", "area": "<八十>"}):
        page = read(render_template_string(FORM, form=Everything()))
    typed = {control["name"]: control for control in page.all("input")}
    assert (typed["since"]["type"], typed["since"]["value"]) == ("text", "二月三十日")
    assert (typed["area"]["type"], typed["area"]["value"]) == ("text", "<八十>")


def test_only_what_may_be_left_out_is_marked(render: Any) -> None:
    assert re.findall(r'面积<span class="mark">选填</span>|class="mark"', render(FORM, form=Everything()).text) == [
        '面积<span class="mark">选填</span>'
    ]


def test_a_file_field_says_what_it_takes(render: Any) -> None:
    source = '{% from "components/field.html" import field %}{{ field(f, accept=".pdf,.jpg", max_bytes=20971520) }}'
    page = render(source, f=Everything().proof)
    assert "可用 PDF、JPG 文件。每个不超过 20 MB。" in page.text
    assert page.all("input")[0]["data-max-bytes"] == "20971520"
    assert page.all("input")[0]["aria-describedby"] == "proof-hint"


def test_the_errors_of_a_list_lead_to_its_entries(render: Any) -> None:
    form = Everything()
    form.phones[0].errors = ["电话位数不对。"]
    form.phones.errors = [["电话位数不对。"]]
    form.person.form.title.errors = ["请填写职称。"]
    page = render('{% from "components/error_summary.html" import error_summary %}{{ error_summary(form) }}', form=form)
    assert [link["href"] for link in page.all("a")] == ["#person-title", "#phones-0"]
    assert "有 2 处需要改正" in page.text


def entry(**more: Any) -> SimpleNamespace:
    at = datetime(2026, 12, 31, 16, 2, tzinfo=UTC)
    return SimpleNamespace(**{"at": at, "title": SCRIPT, "text": SCRIPT, "by": SCRIPT, "own": True} | more)


FILE = {"name": SCRIPT, "kind": "合同", "bytes": 2_100_000, "view_url": "/v", "download_url": "/d"}
FINDING = Finding(
    "JL-20-3",
    Verdict.NEEDS_JUDGEMENT,
    SCRIPT,
    counted=(("中级及以上", (SCRIPT, "韩霁")),),
    not_counted=((SCRIPT, "退休返聘"),),
    still_due=(SCRIPT,),
)
STRIP = Strip(
    year=2026,
    cap=15,
    cells=(Cell(1, True, 7, (1,), SCRIPT), Cell(2)),
    over=(Cell(None, True, 8, (1,), SCRIPT),),
)
MARK = SimpleNamespace(
    position=1,
    label=Label.BET_ON,
    standing=MarkStanding.DISPUTED,
    origin=MarkOrigin.SCREENED,
    page=2,
    number="第五条",
    clause=SCRIPT,
    confidence=0.97,
    trigger=SCRIPT,
    trigger_start=0,
    effect=SCRIPT,
    reason=SCRIPT,
    dispute=SCRIPT,
    disputed_at=AT,
    decided_at=AT,
    decider=SCRIPT,
    decision=SCRIPT,
)
TEXT = AgreementText(
    (
        Paragraph((Stretch(SCRIPT, is_marked=True), Stretch(SCRIPT)), "第五条", 2, (MARK,)),
        Paragraph((Stretch(SCRIPT),), is_aside=True),
    ),
    (MARK,),
    ((MARK, 1),),
    3,
    paged=True,
    recognised=(2,),
    parts=2,
)
DAYS = charts.hand_ins(
    rules.dates_of(2026, law.jurisdiction()),
    {date(2026, 11, 3): 2, date(2026, 12, 16): 1, date(2027, 5, 1): 1},
    today=date(2027, 5, 2),
)
SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "announcement_state": ("{{ announcement_state(s) }}", {"s": {"label": SCRIPT, "value": "running"}}),
    "bars": ("{{ days_strip(strip, x, x, unit=x) }}{{ amount(3, 4) }}", {"strip": DAYS}),
    "comments": ("{{ comment_thread([x]) }}", {"x": entry()}),
    "comparison": (
        "{{ comparison(rows, x) }}",
        {
            "rows": [
                {"label": SCRIPT, "before": a, "after": b} for a, b in [(SCRIPT, SCRIPT), (None, SCRIPT), ("a", None)]
            ]
        },
    ),
    "confirm": ("{{ confirm(form, [x], x, '/back') }}", {"form": Person()}),
    "crumbs": ("{{ crumbs([(x, '/a')], x) }}", {}),
    "empty": ("{{ empty(x, x, '/a', x) }}", {}),
    "error_summary": ("{{ error_summary(form) }}", {"form": SimpleNamespace(errors={})}),
    "evaluation_state": (
        "{{ evaluation_state(s) }}{{ evaluation_flags([f]) }}",
        {"s": {"label": SCRIPT, "value": "adopted"}, "f": {"label": SCRIPT, "value": "disputed"}},
    ),
    "facts": ("{{ facts([(x, x), ('无', '')]) }}", {}),
    "field": ("{{ field(form.title, unit=x, mark=x) }}", {"form": Person(title=SCRIPT)}),
    "file_list": ("{{ file_list([x]) }}", {"x": entry(**FILE)}),
    "filing_history": (
        "{{ filing_history({'steps': [s]}) }}",
        {"s": {"at": AT, "action": Action.SUBMIT, "submission_number": 2, "reason": SCRIPT, "by": SCRIPT}},
    ),
    "filing_state": ("{{ filing_state(s) }}", {"s": {"label": SCRIPT, "value": "filed"}}),
    "filing_status": (
        "{{ filing_status(s, u) }}",
        {"s": {"label": SCRIPT, "value": "filed"}, "u": {"since": DAY, "mend_by": DAY}},
    ),
    "filters": ("{{ filter_bar(form, clear_url='/a') }}", {"form": Person(title=SCRIPT)}),
    "findings": ("{{ findings_list([f], cite, cite) }}", {"f": FINDING, "cite": lambda clause: SCRIPT}),
    "form": ("{{ form_for(form, submit=x) }}{{ button_form('/a', x, {'n': x}) }}", {"form": Person()}),
    "import_preview": (
        "{{ import_preview([x], [r], x) }}",
        {"r": {"number": 7, "status": "rejected", "cells": [SCRIPT], "reasons": [SCRIPT]}},
    ),
    "agreement": (
        "{% call(mark) agreement_text(reading, part_url) %}{{ mark.reason }}{% endcall %}{{ mark_links(reading) }}",
        {"reading": TEXT, "part_url": "/a?part={}".format},
    ),
    "screening": (
        "{{ x }}{{ screening_state(done) }}{{ screening_progress(running, '/p', '/a') }}",
        {
            "done": AgreementScreening(state=ScreeningState.DONE, finished_at=AT, marks=[], by_eye=False),
            "running": AgreementScreening(
                state=ScreeningState.RUNNING, pages=20, pages_done=3, agreement=Agreement(number=1)
            ),
        },
    ),
    "judgements": (
        "{{ judgement_list([j], {}) }}",
        {
            "j": {
                "point": SCRIPT,
                "accepted": True,
                "level": TitleLevel.INTERMEDIATE,
                "reason": SCRIPT,
                "by": SCRIPT,
                "at": AT,
            }
        },
    ),
    "mail_state": ("{{ mail_state(m) }}", {"m": {"state": {"label": SCRIPT, "value": "uncertain"}}}),
    "next_step": ("{{ next_step(x, x, '/a', x, 'due') }}", {}),
    "outlook": (
        "{{ outlook_list([l]) }}",
        {"l": {"label": SCRIPT, "tone": {"value": "warn"}, "word": SCRIPT, "texts": (SCRIPT,)}},
    ),
    "page_head": ("{% call page_head(x, x) %}{{ x }}{% endcall %}", {}),
    "pager": ("{{ pager('/a', '/b', x) }}", {}),
    "places": (
        "{{ places(strip, {7: ('/e/7', x)}) }}",
        {"strip": STRIP},
    ),
    "receipt": (
        "{{ receipt_sheet(filing, facts, '<svg></svg>', x, x, {'document': x, 'department': x}) }}",
        {
            "filing": {"number": SCRIPT, "filed_on": DAY, "agency": {"first_filed_on": DAY}},
            "facts": {
                "name": SCRIPT,
                "credit_code": SCRIPT,
                "kind": AgencyKind.ENTERPRISE,
                "address": SCRIPT,
                "representative": None,
                "capabilities": (Capability.FACTORY,),
            },
        },
    ),
    "state": ("{{ state(x, 'ok') }}{{ verdict_state(f.verdict) }}", {"f": FINDING}),
    "steps": ("{{ steps([s]) }}", {"s": {"label": SCRIPT, "status": "now", "note": SCRIPT, "url": None}}),
    "summary_state": (
        "{{ summary_state(s) }}",
        {"s": {"state": {"label": SCRIPT, "value": "returned"}, "nil": True, "is_late": True, "days_late": 3}},
    ),
    "table": (
        "{% call table(x, [head(x, url='/s', order='ascending'), head(x, unseen=true)]) %}<tr></tr>{% endcall %}",
        {},
    ),
    "tabs": ("{{ tabs([t]) }}", {"t": {"label": SCRIPT, "url": "/a", "current": True, "count": 0}}),
    "timeline": ("{{ timeline([x]) }}", {"x": entry()}),
    "viewer": ("{{ viewer(x, '/p.png', 2, 5, '/1', '/3', '/d') }}", {}),
}


def test_every_component_has_a_sample() -> None:
    assert sorted(SAMPLES) == COMPONENTS


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_renders_whole_and_escapes_what_it_is_given(render: Any, name: str) -> None:
    call, context = SAMPLES[name]
    macros = re.findall(r"{% macro ([a-z]\w*)\(", (ROOT / f"templates/components/{name}.html").read_text("utf-8"))
    imports = f'{{% from "components/{name}.html" import {", ".join(macros)} %}}'
    page = render(imports + call, **{"x": SCRIPT} | context)
    assert not page.all("script")
    assert all("style" not in attributes for attributes in page.all())
    if name != "error_summary":
        assert "&lt;script&gt;" in page.text


def test_a_missing_value_is_not_passed_over(render: Any) -> None:
    with pytest.raises(UndefinedError):
        render('{% from "components/timeline.html" import timeline %}{{ timeline([{"title": "受理"}]) }}')


def test_instants_are_shown_as_the_clock_on_the_wall_in_jilin(render: Any) -> None:
    page = render(
        '{% from "components/timeline.html" import timeline %}{{ timeline(entries) }}',
        entries=[entry(), entry(at=date(2026, 11, 3))],
    )
    assert "2027-01-01 00:02" in page.text
    assert ">2026-11-03<" in page.text


def test_a_finding_tells_who_counts_and_who_does_not_and_what_is_due(render: Any) -> None:
    finding = Finding(
        "JL-20-3", Verdict.NOT_MET, "9/10 人", (("中级", ("韩霁", "陶然")),), (("高立", "不是职称"),), ("合同",)
    )
    page = render(
        '{% from "components/findings.html" import findings_list %}'
        "{% call(f) findings_list([finding], cite) %}<b>{{ f.clause }}</b>{% endcall %}",
        finding=finding,
        cite={"JL-20-3": "第二十条（三）"}.get,
    )
    for words in ("第二十条（三）", "中级（2）", "韩霁、陶然", "未全部计入的 1 人", "还缺：合同", "<b>JL-20-3</b>"):
        assert words in page.text
    assert '<span class="state stop">不符合</span>' in page.text


def test_a_comparison_says_in_a_word_what_became_of_each_row(render: Any) -> None:
    pairs = [("甲", "甲"), ("甲", "乙"), (None, "乙"), ("甲", None)]
    rows = [{"label": "项", "before": before, "after": after} for before, after in pairs]
    source = '{% from "components/comparison.html" import comparison %}{{ comparison(rows, "对照") }}'
    text = render(source, rows=rows).text
    assert re.findall(r'class="state \w+">(\w+)<', text) == ["未变", "修改", "新增", "删除"]


def test_a_confirmation_takes_the_callers_fields_into_its_form(render: Any) -> None:
    page = render(
        '{% from "components/confirm.html" import confirm %}{% from "components/field.html" import field %}'
        '{% call confirm(form, ["不能恢复"], "注销", "/back", danger=true) %}{{ field(form.title) }}{% endcall %}',
        form=Person(),
    )
    assert [control["name"] for control in page.all("input")] == ["csrf_token", "title"]
    assert page.all("button")[0]["class"].split() == ["button", "danger"]


def test_a_search_keeps_the_order_and_carries_no_token(render: Any) -> None:
    class Search(FlaskForm):
        q = StringField("名称")
        order = HiddenField(default="name")

    page = render('{% from "components/filters.html" import filter_bar %}{{ filter_bar(form) }}', form=Search())
    assert [control["name"] for control in page.all("input")] == ["q", "order"]
    assert "method" not in page.all("form")[0]


def test_there_is_no_pager_on_a_single_page(render: Any) -> None:
    assert render('{% from "components/pager.html" import pager %}{{ pager(none, none) }}').elements == []
