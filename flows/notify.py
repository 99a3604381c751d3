"""通知: messages to people, in the inbox and by e-mail."""

import asyncio

from prefect import flow

from flows.shop import run_id, shop
from flows.work import do_mail, do_notify_approvers


@flow(name="审批通知", flow_run_name="{case_no} 审批通知", persist_result=False)
async def notify_approvers(case_id: int, case_no: str) -> str:
    """Tell the approvers that a case waits for them."""
    return await asyncio.to_thread(do_notify_approvers, shop(), {"case_id": case_id}, run_id())


@flow(name="邮件发送", flow_run_name="邮件发送 #{message_id}", persist_result=False)
async def send_mail(message_id: int) -> str:
    """Send one message by e-mail."""
    return await asyncio.to_thread(do_mail, shop(), {"message_id": message_id}, run_id())
