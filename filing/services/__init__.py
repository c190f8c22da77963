"""What people do with a filing. One function, one use-case, one transaction."""

from filing.services.deciding import approve, refuse, send_back
from filing.services.evading import decide_match, look_again
from filing.services.handing_in import begin, cancel, submit, withdraw
from filing.services.reviewing import comment, judge, pass_, return_, take, take_over

__all__ = [
    "approve",
    "begin",
    "cancel",
    "comment",
    "decide_match",
    "judge",
    "look_again",
    "pass_",
    "refuse",
    "return_",
    "send_back",
    "submit",
    "take",
    "take_over",
    "withdraw",
]
