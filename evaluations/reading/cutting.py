"""Passages cut into clauses as lawyers number them, without their numbers, headings, party lines and signatures.

What is left out is left out for its form alone. A short line that might be a promise (包过包上榜) is a clause: better a
heading too many before the judge than a promise too few.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evaluations.reading.lines import Glyphs, Kind, Passage, continued, tightened
from evaluations.reading.numbers import Numbered, Rank, number_of

LONGEST_HEADING = 30
LONGEST_TITLE = 24
LONGEST_LABELLED = 60
A_LINE = 20  # characters: what is shorter was not broken by the width of a page
STOP = re.compile(r"[。！？；!?;…][”’」』）)】\s]*$")
SENTENCE = re.compile(r"[。！？!?；]")
OPENING = re.compile(r"[：:][”’」』\s]*$")

# how the lines of a heading end, where nothing but their words tells
HEADING_WORDS = re.compile(
    r"(?:内容|费用|价款|责任|义务|权利|权益|其他|其它|事项|条款|方式|期限|流程|步骤|价格|问题|问答|说明|我们|范围|目的|依据|要求|标准"
    r"|保密|附则|总则|定义|释义|组成|人员|实施|支付|付款|结算|报价|报价单|报价书|安排|附件|目标|背景|介绍|简介|概况|优势|特色|公正性|独立性"
    r"|争议|争议解决|解决|管辖|生效|终止|解除|变更|验收|交付|成果|进度|计划|配合|分工|合同|协议|协议书|合同书|承诺书|责任书|确认书|委托书|约定"
    r"|手册|清单|方案|条件|声明|须知|正文|主合同|补充协议|补充条款|特别约定|目录|案例|业绩|团队|荣誉|联系我们|联系方式|服务)(?:[（(][^）)]{1,16}[）)])?$"
)
# a label before a colon whose value names somebody or something, and settles nothing
LABELS = (
    r"甲|乙|丙|丁|委托|受托|供|需|买|卖|发包|承包|服务|评价|咨询|被评价|培育",
    r"(?:名称|单位|单位名称|公司|公司名称|企业名称|全称|签字|盖章|签章|签名|代表|授权代表|委托代理人|代理人|代表人|法定代表人|法人代表|负责人"
    r"|经办人|联系人|项目联系人|联系电话|联系方式|电话|手机|传真|邮箱|电子邮箱|电子邮件|邮编|邮政编码|地址|住所|住所地|注册地址|通讯地址|通信地址"
    r"|开户行|开户银行|开户名称|户名|账号|帐号|银行账号|税号|纳税人识别号|统一社会信用代码|信用代码|微信|网址|网站|日期|时间|签订日期|签署日期"
    r"|签约日期|签订时间|签署时间|签订地|签订地点|签约地|签约地点|签署地点|订立日期|订立地点|合同编号|协议编号|合同号|编号|文号|版本|版本号"
    r"|合同名称|项目名称|项目编号|工程名称|报价单位|报价日期|报价编号|报价人|编制单位|编制日期|编制人|审核人|批准人|投诉电话|服务热线|咨询热线"
    r"|热线|制表|制单|页码|承诺人|承诺单位|承诺机构|见证人|见证方|抄送|签收人|收件人|发件人|主题)",
)
PARTY = (
    rf"(?:(?:{LABELS[0]})(?:方|人|单位|机构)?(?:[（(][^）)]{{1,16}}[）)])*(?:{LABELS[1]})?|{LABELS[1]}|致)"
    r"(?:[（(][^）)]{1,16}[）)])*"
)
LABELLED = re.compile(rf"{PARTY}\s*[：:](?P<value>[^。；！？!?]{{0,{LONGEST_LABELLED}}})")
SIGNED = re.compile(
    r"[^。；！？!?，,]{0,40}[（(]\s*(?:公章|盖章|签章|签字|签名|印章|盖公章|签字盖章|签字或盖章|以下无正文|此页无正文|本页无正文).{0,12}[）)].{0,60}"
)
SEALED = re.compile(
    rf"(?:(?:{LABELS[0]})方?\s*(?:盖章|签字|签章|代表|（章）|\(章\))\s*)+|[（(]?(?:以下|此处|本页|此页)无正文.{{0,20}}"
)
DATED = re.compile(
    r"(?:\d{4}|[二〇○零一二三四五六七八九十]{2,5}|_+|\s*)\s*年\s*[\d一二三四五六七八九十元_\s]*月\s*(?:[\d一二三四五六七八九十_\s]*日)?"
)
BODY_NAME = re.compile(
    r"[\u4e00-\u9fff（）()]{4,36}(?:公司|研究院|研究所|事务所|集团|管委会|管理委员会|设计院|协会)"
    r"(?:[（(][^。；，]{1,12}[）)])?(?:\s+[^\s。；，！]{1,12}){0,2}"
)
PREAMBLE = re.compile(
    r"(?:根据|依据|依照|按照|为(?!甲|乙|了?确保)|鉴于|遵照|甲乙双方|双方|兹有|经|现就|就)[^。]*"
    r"(?:订立|签订|签署|达成|制定|拟定|约定)[^。]{0,8}(?:本合同|本协议|合同如下|协议如下|如下(?:合同|协议|条款)?|以下(?:合同|协议|条款|约定)|本补充协议)"
    r"(?:，[^。，]{0,12}(?:共同)?遵(?:守|照执行))?[。：:]"
)
ENTITLED = re.compile(r"[【\[〔［][^】\]〕］。]{1,14}[】\]〕］]\s*")


@dataclass(frozen=True, slots=True)
class Cut:
    """A clause before its offsets are told."""

    glyphs: Glyphs
    number: str
    lead: str  # what the list it stands in opens with


def cut(passages: list[Passage]) -> list[Cut]:
    return list(_with_leads(_merged(passages)))


@dataclass(slots=True)
class _Piece:
    passage: Passage
    number: Numbered | None
    body: Glyphs
    typed_number: str

    @property
    def label(self) -> str:
        return self.typed_number or self.passage.automatic_number


def _merged(passages: list[Passage]) -> Iterator[_Piece]:
    """With the lines that a page, a scan or a copying by hand broke put together again."""
    pending: _Piece | None = None
    for passage in passages:
        if passage.kind is Kind.ASIDE:
            if SENTENCE.search(passage.text) and len(passage.text) > A_LINE:
                yield _piece(passage)
            continue
        now = _piece(passage)
        if pending and _broken(pending, now):
            pending.body = continued(pending.body, now.passage.glyphs.stripped())
            pending.passage.whole = bool(STOP.search(pending.body.text))
            continue
        if pending and _bare_number(pending) and not now.number and now.passage.kind is Kind.PARAGRAPH:
            now.number, now.typed_number = pending.number, pending.typed_number
            pending = now
            continue
        if pending:
            yield pending
        pending = now
    if pending:
        yield pending


def _piece(passage: Passage) -> _Piece:
    glyphs = passage.glyphs.stripped()
    first: Numbered | None = None
    label = ""
    # 第三条（一）: a clause may stand in the line of the article that opens it
    for _ in range(2):
        number = number_of(glyphs.text) if passage.kind in (Kind.PARAGRAPH, Kind.HEADING) else None
        if number is None or (first and number.rank <= first.rank):
            break
        first = number
        label += "" if number.rank is Rank.BULLET else number.number
        glyphs = glyphs.part(number.length, len(glyphs.text)).stripped()
    if first and (entitled := ENTITLED.match(glyphs.text)) and entitled.end() < len(glyphs.text):
        glyphs = glyphs.part(entitled.end(), len(glyphs.text))
    return _Piece(passage, first, glyphs, label)


def _bare_number(piece: _Piece) -> bool:
    """第三条 on a line of its own."""
    return (
        bool(piece.number) and not piece.body.text and piece.number is not None and piece.number.rank is not Rank.PART
    )


def _broken(before: _Piece, now: _Piece) -> bool:
    """Whether a passage is the rest of the one before it."""
    if before.passage.whole or now.number or now.passage.automatic_number:
        return False
    if before.passage.kind is not Kind.PARAGRAPH or now.passage.kind is not Kind.PARAGRAPH:
        return False
    text, rest = before.body.text, now.body.text
    if STOP.search(text) or OPENING.search(text) or len(text) < A_LINE or not rest:
        return False
    goes_on = re.match(r"[，。；、：）》”,.;)]", rest) or re.search(r"[，、,]$", text)
    return bool(goes_on or (STOP.search(rest) and not _left_out(before) and not _left_out(now)))


def _left_out(piece: _Piece) -> bool:
    text, kind = piece.body.text, piece.passage.kind
    if not re.search(r"\w", text):
        return True
    if kind is Kind.HEADING_ROW:
        return True
    if kind is Kind.ROW:
        return _is_signature(text.replace(" ", "")) or _is_signature(text)
    return _is_heading(piece) or _is_signature(text) or bool(PREAMBLE.fullmatch(text))


def _is_heading(piece: _Piece) -> bool:
    text = piece.body.text
    if SENTENCE.search(text):
        return False
    if piece.passage.kind is Kind.HEADING or (piece.number and piece.number.rank is Rank.PART):
        return len(text) <= LONGEST_HEADING
    bare = re.sub(r"\s", "", text).rstrip("：:")
    if OPENING.search(text) and (piece.label or len(bare) > 8):
        return False  # it opens a list
    return len(bare) <= LONGEST_TITLE and bool(HEADING_WORDS.search(bare)) and not re.search(r"[，,]|\d%", bare)


def _is_signature(text: str) -> bool:
    """Who the parties are, when and where they signed, how they are reached."""
    if not text:
        return False
    if LABELLED.fullmatch(text) or SIGNED.fullmatch(text) or SEALED.fullmatch(text) or DATED.fullmatch(text):
        return True
    return len(text) <= LONGEST_LABELLED and bool(BODY_NAME.fullmatch(text))


def _with_leads(pieces: Iterable[_Piece]) -> Iterator[Cut]:
    lead, lead_rank = "", Rank.PART
    for piece in pieces:
        rank = piece.number.rank if piece.number else None
        if lead and rank is not None and rank <= lead_rank:
            lead = ""
        if piece.passage.kind is Kind.HEADING or (
            lead and rank is None and piece.passage.kind is Kind.PARAGRAPH and not piece.passage.automatic_number
        ):
            lead = ""
        if _left_out(piece):
            continue
        body = piece.body if piece.passage.kind in (Kind.ROW, Kind.HEADING_ROW) else tightened(piece.body)
        yield Cut(body, piece.label, lead)
        if OPENING.search(body.text):
            lead, lead_rank = body.text, rank if rank is not None else Rank.PART
