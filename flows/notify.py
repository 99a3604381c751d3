"""通知: messages to people, in the inbox and by e-mail."""

from prefect import flow

from flows.in_hand import carry_out


@flow(name="审批通知", flow_run_name="{case_no} 审批通知", persist_result=False)
async def notify_approvers(case_id: int, case_no: str) -> str:
    """Tell the approvers that a case waits for them."""
    return await carry_out("notify_approvers", {"case_id": case_id})


@flow(name="邮件发送", flow_run_name="邮件发送 #{message_id}", persist_result=False)
async def send_mail(message_id: int) -> str:
    """Send one message by e-mail."""
    return await carry_out("mail", {"message_id": message_id})


@flow(name="盘点纳入专利", flow_run_name="盘点纳入专利 #{stocktake_id}", persist_result=False)
async def take_in_patents(stocktake_id: int) -> str:
    """Take the patents of a new stocktake in, batch by batch."""
    return await carry_out("stocktake", {"stocktake_id": stocktake_id})


@flow(name="盘点填报链接", flow_run_name="盘点填报链接 #{link_id}", persist_result=False)
async def send_rating_link(link_id: int) -> str:
    """Send an inventor the personal link of a stocktake."""
    return await carry_out("rating_link", {"link_id": link_id})


@flow(name="消息发送", flow_run_name="消息发送 #{delivery_id}", persist_result=False)
async def send_gathered(delivery_id: int) -> str:
    """Send the letter of a day, or the post of a group."""
    return await carry_out("deliver", {"delivery_id": delivery_id})


@flow(name="企业邮件", flow_run_name="企业邮件 #{letter_id}", persist_result=False)
async def send_letter(letter_id: int) -> str:
    """Send one letter to an enterprise."""
    return await carry_out("enterprise_letter", {"letter_id": letter_id})
