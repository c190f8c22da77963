"""What runs by the clock for notices: making mails and handing them over all day, the morning's digests, forgetting."""

from datetime import time

from notices import failures
from notices.mailing import digests, expanding, forgetting, sending
from scheduling.jobs import CatchUp, Job, Pulse


def _mail() -> int:
    return expanding.make_mails() + sending.send_waiting()


JOBS: tuple[Job | Pulse, ...] = (
    Pulse("notices.mail", "生成并发送消息邮件", _mail),
    Pulse("notices.sms", "移交紧急短信", sending.send_texts),
    Pulse("notices.failures", "定时任务失败时通知管理员", failures.tell, every=60),
    Job("notices.digest", "工作人员每日汇总邮件", digests.send_digests, at=time(8, 0), catch_up=CatchUp.LATEST),
    Job("notices.forget", "清除旧邮件的地址和正文", forgetting.forget, at=time(3, 40), catch_up=CatchUp.LATEST),
)
