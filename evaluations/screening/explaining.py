"""The words of a mark: the effect in short, and the sentence that an officer can put into a letter."""

from collections.abc import Sequence
from typing import Final

from evaluations.screening.effects import Kind
from evaluations.screening.labels import Label

MOST: Final = 3  # words quoted in a sentence
# {cause}: the words that the effect hangs on; {moved}: what moves or is touched by it.
EFFECTS: Final[dict[Kind, str]] = {
    Kind.MONEY_ON_OUTCOME: "以{cause}为条件收付款项（{moved}）",
    Kind.MONEY_ON_FAILURE: "以{cause}为条件退、免或扣减款项（{moved}）",
    Kind.WORK_ON_FAILURE: "以{cause}为条件免费再提供服务（{moved}）",
    Kind.BOTH_WAYS: "款项（{moved}）随结果的好坏（{cause}）而不同",
    Kind.SHARE_OF_AWARD: "从入选后的{cause}中取得报酬（{moved}）",
    Kind.PRICE_BY_RESULT: "价款（{moved}）按{cause}确定",
    Kind.DEEMED_FAILURE: "把{cause}视为机构违约",
    Kind.MONEY_BESIDE_OUTCOME: "款项或免费服务（{moved}）与结果（{cause}）相联系",
    Kind.PROMISED_OUTCOME: "以{cause}的措辞承诺{moved}",
    Kind.CERTAIN_OUTCOME: "以{cause}的措辞使对方相信结果确定（{moved}）",
    Kind.PROMISED_SCORE: "对评分作出{cause}的承诺（{moved}）",
    Kind.CHANNEL: "以{cause}暗示结果已有安排",
    Kind.OWED_OUTCOME: "把{moved}写成应当实现的结果（{cause}）",
    Kind.SALE_WITH_EVALUATION: "把评价与{moved}捆在一起（{cause}）",
    Kind.EVALUATION_ONLY_WITH: "以购买{moved}作为办理评价的条件（{cause}）",
    Kind.CHEAPER_WITH: "评价的价格随是否购买{moved}而变（{cause}）",
    Kind.FORGED: "对{moved}作出编造或改动（{cause}）",
    Kind.HIDDEN: "对{moved}加以隐瞒（{cause}）",
    Kind.LENT: "借用或出借备案、人员或印章（{cause}）",
    Kind.BRIBE: "向有关人员或中间人给付利益（{cause}）",
    Kind.SILENCED: "限制投诉、举报或如实陈述（{cause}）",
    Kind.EXCLUSIVE: "限制对方另选机构（{cause}）",
    Kind.CARTEL: "与其他机构商定价格或投标（{cause}）",
    Kind.DISPARAGED: "贬损其他机构（{cause}）",
    Kind.SELF_WRITTEN: "先代写{moved}再作评价（{cause}）",
}
PLAIN: Final[dict[Label, str]] = {
    Label.BET_ON: "款项或免费服务因评价、评审、推荐或名单的结果而变动（{cause}）",
    Label.GUARANTEED_PASS: "使对方相信结果或得分是确定的（{cause}）",
    Label.TIED_SALE: "评价的承接或价格与购买其他服务相联系（{cause}）",
    Label.MARKET_DISRUPTION: "有弄虚作假、出借备案、输送利益或限制竞争与监督的内容（{cause}）",
}


def effect_words(label: Label, kind: Kind | None, causes: Sequence[str], moved: Sequence[str]) -> str:
    pattern = EFFECTS[kind] if kind is not None else PLAIN[label]
    if not moved:
        pattern = pattern.replace("（{moved}）", "").replace("{moved}", "结果")
    return pattern.format(cause=_quoted(causes), moved=_quoted(moved))


def reason(label: Label, kind: Kind | None, causes: Sequence[str], moved: Sequence[str]) -> str:
    effect = effect_words(label, kind, causes, moved)
    return f"该条款{effect}，涉嫌违反实施细则第二十二条第一款关于不得有“{label.words}”行为的规定。"


def _quoted(words: Sequence[str]) -> str:
    return "、".join(f"“{word}”" for word in list(dict.fromkeys(words))[:MOST]) or "有关约定"
