"""The words of a summary's course."""

from core.labels import Labelled


class State(Labelled):
    DRAFT = "draft", "填写中"
    HANDED_IN = "handed_in", "已上报"
    RETURNED = "returned", "退回修改"
    ACCEPTED = "accepted", "已接收"


EDITABLE = frozenset({State.DRAFT, State.RETURNED})


class Action(Labelled):
    HAND_IN = "hand_in", "上报"
    RETURN = "return", "退回修改"
    ACCEPT = "accept", "接收"


class Duty(Labelled):
    """What an agency owes for a year (reading 18)."""

    OWED = "owed", "应当上报"
    OWED_LATER = "owed_later", "应当上报（年末开展）"
    INVITED = "invited", "可作零报告"

    @property
    def is_owed(self) -> bool:
        return self is not Duty.INVITED
