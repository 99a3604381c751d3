"""Labels of stored words: one table per kind of word, Chinese and English. A test holds them to the tables."""

from cases.enterprise_codes import VERBS as ENTERPRISE_VERBS
from cases.periods import KINDS as REPORT_KINDS
from cases.report_tables import ANSWER, STATUS
from cases.scope import DOORS
from rules import use_codes
from rules.fee_forecast import PAYERS
from rules.gate_table import ACT_NAMES, STAGE_NAMES
from states.approval_route import STANDINGS
from states.decide import ROLES
from states.modes import STAGES

Label = tuple[str, str]

ROLE: dict[str, Label] = {
    "officer": ("转化专员", "Officer"),
    "approver": ("审批人", "Approver"),
    "finance": ("财务", "Finance"),
    "administrator": ("管理员", "Administrator"),
    "readonly": ("只读", "Read-only"),
    "supervisor": ("监管人员", "Supervisor"),
}
WHO: dict[str, Label] = dict(ROLES)
STAGE: dict[str, Label] = dict(STAGES)
DOOR: dict[str, Label] = dict(DOORS)
REPORT_KIND: dict[str, Label] = dict(REPORT_KINDS)
REPORT_STATUS: dict[str, Label] = dict(STATUS)
REPORT_STATUS_COLOR = {"current": "blue", "superseded": "secondary", "submitted": "green"}
REPORT_ANSWER: dict[str, Label] = dict(ANSWER)
REPORT_ANSWER_COLOR = {"recorded": "green", "already": "secondary", "refused": "red"}
USE: dict[str, Label] = dict(use_codes.USES)
USE_COLOR = {
    "none": "secondary",
    "licensed": "azure",
    "transferred": "blue",
    "own": "green",
    "industrialized": "green",
}
NONUSE: dict[str, Label] = {**use_codes.REASONS, "licensed": use_codes.LICENSED}
PROGRAM: dict[str, Label] = dict(use_codes.PROGRAMS)
DECLARER: dict[str, Label] = dict(use_codes.DECLARERS)
EXAMINED: dict[str, Label] = dict(use_codes.EXAMINATION)
ASSESSMENT: dict[str, Label] = dict(use_codes.DECISIONS)
ASSESSMENT_COLOR = {"pass": "green", "improve": "yellow", "fail": "red"}
BASIS: dict[str, Label] = dict(use_codes.BASES)
OUTCOME: dict[str, Label] = dict(use_codes.OUTCOMES)
STAGE_COLOR = {"preparation": "blue", "contract": "purple", "performance": "green", "end": "secondary"}
PATENT_STATUS: dict[str, Label] = {
    "pending": ("审查中", "Pending"),
    "in_force": ("有效", "In force"),
    "in_grace": ("滞纳期", "In grace period"),
    "lapsed": ("已终止", "Lapsed"),
    "expired": ("期限届满", "Expired"),
    "void": ("已无效", "Invalidated"),
    "unknown": ("待核查", "To be checked"),
}
PATENT_STATUS_COLOR = {
    "pending": "azure", "in_force": "green", "in_grace": "yellow", "lapsed": "red", "expired": "secondary",
    "void": "red", "unknown": "secondary",
}  # fmt: skip
PATENT_KIND: dict[str, Label] = {
    "invention": ("发明", "Invention"),
    "utility": ("实用新型", "Utility model"),
    "design": ("外观设计", "Design"),
}
FLAG: dict[str, Label] = {
    "pledged": ("已质押", "Pledged"),
    "preserved": ("已保全", "Under preservation"),
    "suspended": ("程序中止", "Proceedings suspended"),
    "under_invalidation": ("无效宣告审理中", "Under invalidation"),
    "open_license": ("已声明开放许可", "Open license declared"),
    "exclusive_license": ("独占许可中", "Exclusively licensed"),
    "sole_license": ("排他许可中", "Solely licensed"),
    "ordinary_license": ("普通许可中", "Ordinarily licensed"),
    "state_funded": ("财政资助项目", "State funded"),
    "defense": ("国防专利", "Defense patent"),
    "evaluation_report": ("已有评价报告", "Evaluation report"),
    "evaluation_negative": ("评价报告为负面", "Negative evaluation report"),
    "open_withdrawal_filed": ("已申请撤回开放许可", "Withdrawal of the open license filed"),
    "restorable": ("可以请求恢复", "May be restored"),
    "co_owner_agreement": ("共有人有约定", "Co-owners have agreed"),
    "commissioned": ("委托开发所得", "Commissioned development"),
    "joint_development": ("合作开发所得", "Joint development"),
}
CONSENT: dict[str, Label] = {
    "co_owner": ("全体共有人同意", "All co-owners consent"),
    "co_owner_agreement": ("共有人的约定", "Agreement of the co-owners"),
    "inventor_waiver": ("完成人放弃优先受让", "Inventors waive their first refusal"),
    "partner_waiver": ("委托方或合作方放弃优先受让", "Partner waives its first refusal"),
    "pledgee": ("质权人同意", "Pledgee consents"),
    "pledgee_open_license": ("质权人同意继续开放许可", "Pledgee agrees to the open license"),
    "pledge_statement": ("质押风险声明", "Statement on the pledge"),
    "licensee": ("被许可人同意", "Licensee consents"),
    "license_disclosure": ("受让人知悉在先许可", "Transferee knows of earlier licenses"),
    "assignee": ("受让方同意", "Transferee agrees"),
    "own_working": ("共有人无独立实施条件", "Co-owner cannot work it alone"),
    "pool_terms": ("专利池条件一致", "Terms agree with the pool"),
    "project_body": ("项目管理机构批准", "Project body approves"),
    "export_control": ("技术出口许可或登记", "Export license or registration"),
    "register_check": ("已核查登记簿", "Register checked"),
}
VERDICT: dict[str, Label] = {
    "clear": ("没有障碍", "No obstacle"),
    "conditions": ("签约前须满足条件", "Conditions before signing"),
    "blocked": ("不能办理", "Not possible"),
}
VERDICT_COLOR = {"clear": "green", "conditions": "orange", "blocked": "red"}
DEADLINE_KIND: dict[str, Label] = {
    "statutory": ("法定期限", "Statutory"),
    "internal": ("内部期限", "Internal"),
    "expected": ("预计时间", "Expected"),
    "contract": ("合同约定", "Contract"),
    "warning": ("预警", "Warning"),
}
DEADLINE_STATUS: dict[str, Label] = {
    "open": ("进行中", "Open"),
    "met": ("已完成", "Met"),
    "moved": ("已变更", "Moved"),
    "dropped": ("不再适用", "Dropped"),
}
DOCUMENT_STATUS: dict[str, Label] = {
    "queued": ("排队生成", "Queued"),
    "ready": ("已生成", "Ready"),
    "failed": ("生成失败", "Failed"),
}
DOCUMENT_STATUS_COLOR = {"queued": "yellow", "ready": "green", "failed": "red"}
FLOW: dict[str, Label] = {
    "文书生成": ("文书生成", "Documents"),
    "备案材料": ("备案材料", "Filing pack"),
    "审批通知": ("审批通知", "Notices to approvers"),
    "邮件发送": ("邮件发送", "E-mail"),
    "消息发送": ("消息发送", "Messages"),
    "登记入库": ("登记入库", "Checks of an import"),
    "出件（批量）": ("批量处理", "Jobs in bulk"),
    "期限提醒": ("期限提醒", "Reminders"),
    "夜间检查": ("夜间检查", "Nightly checks"),
    "每夜备份": ("每夜备份", "Nightly backup"),
    "平台反馈批次": ("平台反馈批次", "Platform feedback batch"),
    "月度统计": ("月度统计", "Monthly indicators"),
    "年度报告": ("年度报告", "Yearly report"),
}
OUTBOX_STATUS: dict[str, Label] = {
    "pending": ("等待中", "Pending"),
    "running": ("执行中", "Running"),
    "done": ("已完成", "Done"),
    "dead": ("已停止", "Stopped"),
}
RUN_STATE: dict[str, Label] = {
    "running": ("执行中", "Running"),
    "done": ("已完成", "Done"),
    "failed": ("未成功", "Failed"),
    "lost": ("中断", "Interrupted"),
}
RUN_STATE_COLOR = {"running": "blue", "done": "green", "failed": "red", "lost": "orange"}
OUTBOX_STATUS_COLOR = {"pending": "yellow", "running": "blue", "done": "green", "dead": "red"}
TOPIC: dict[str, Label] = {
    "render": ("生成文书", "Make a document"),
    "file_contract": ("准备备案材料", "Prepare the filing pack"),
    "notify_approvers": ("通知审批人", "Notify the approvers"),
    "mail": ("发送邮件", "Send an e-mail"),
    "deliver": ("发送消息", "Send a message"),
    "register": ("登记入库检查", "Check imported patents"),
}
IMPORT_STATUS: dict[str, Label] = {
    "uploaded": ("待确认", "To be confirmed"),
    "running": ("导入中", "Running"),
    "done": ("已完成", "Done"),
    "failed": ("失败", "Failed"),
}
BULK_STATUS: dict[str, Label] = {
    "running": ("进行中", "Running"),
    "done": ("已完成", "Done"),
    "cancelled": ("已停止", "Stopped"),
}
BULK_STATUS_COLOR = {"running": "blue", "done": "green", "cancelled": "yellow"}
IMPORT_STATUS_COLOR = {"uploaded": "yellow", "running": "blue", "done": "green", "failed": "red"}
BASE_EVENT: dict[str, Label] = {
    "publicity_posted": ("公示开始", "publicity posted"),
    "contract_signed": ("合同签订", "contract signed"),
    "contract_effective": ("合同生效", "contract effective"),
    "contract_payment": ("合同约定付款日", "payment date of the contract"),
    "contract_ended": ("合同终止", "contract ended"),
    "filing_submitted": ("备案提交", "filing submitted"),
    "correction_received": ("收到补正通知", "correction notice received"),
    "correction_answered": ("补正提交", "correction answered"),
    "filing_recorded": ("备案登记", "filing recorded"),
    "filing_fee_paid": ("缴纳官费", "official fee paid"),
    "license_reached": ("达成许可", "license reached"),
    "pool_entered": ("专利入池", "entered the pool"),
    "industrialized": ("实现产业化", "industrialized"),
    "rework_demanded": ("要求整改", "rework demanded"),
    "statement_period_ended": ("提成结算期届满", "period of the royalty statement ended"),
    "contract_amended": ("合同变更", "contract amended"),
    "exit_noticed": ("通知退出专利池", "exit from the pool announced"),
    "export_submitted": ("提交技术出口材料", "export papers submitted"),
}
VOIDED: dict[str, Label] = {
    "title": ("权属核查", "title check"),
    "price": ("协议定价", "agreed price"),
    "publicity": ("公示", "publicity"),
    "approval": ("审批", "approval"),
    "contract": ("合同文本", "contract text"),
    "filing": ("专利局申请", "filing at the office"),
    "feedback": ("平台反馈", "platform feedback"),
    "consents": ("依原条款作出的同意书", "consents given on the former terms"),
    "decisions": ("已作出的审批决定", "decisions given so far"),
    "rewards": ("收益分配方案", "plan of the distribution"),
}
APPROVAL_STANDING: dict[str, Label] = dict(STANDINGS.items())
DEPUTIZING: dict[str, Label] = {
    "now": ("代理中", "In force"),
    "coming": ("尚未开始", "Coming"),
    "over": ("已结束", "Over"),
}
ORG_VERB: dict[str, Label] = {
    "api_token_made": ("创建了接口令牌", "made an API token"),
    "api_token_revoked": ("停用了接口令牌", "disabled an API token"),
    "feed_renewed": ("更换了日历订阅链接", "renewed the calendar link"),
    "feed_ended": ("停用了日历订阅链接", "ended the calendar link"),
    "robot_added": ("添加了群机器人", "added a group robot"),
    "robot_enabled": ("启用了群机器人", "enabled a group robot"),
    "robot_disabled": ("停用了群机器人", "disabled a group robot"),
    "user_added": ("添加了用户", "added a user"),
    "user_enabled": ("启用了用户", "enabled a user"),
    "user_disabled": ("停用了用户", "disabled a user"),
    "email_changed": ("更正了电子邮箱", "changed an e-mail address"),
    "password_changed": ("修改了密码", "changed the password"),
    "company_saved": ("登记了企业", "saved a company"),
    "bureau_founded": ("建立了监管单位", "founded the bureau"),
    "oversight_agreed": ("同意监管单位查看汇总数据", "let a bureau see the figures"),
    "oversight_ended": ("停止监管单位查看汇总数据", "let a bureau see the figures no more"),
    "figures_taken": ("导出了各单位汇总数据", "took the figures of institutions along"),
    "bureau_task_saved": ("登记了重点任务", "saved a task"),
    "bureau_contact_saved": ("登记了联系人", "saved a contact"),
    "bureau_district_saved": ("登记了区县", "saved a district"),
    "policy_saved": ("登记了政策", "saved a policy"),
    "event_saved": ("登记了活动", "saved an event"),
    "event_participant_saved": ("登记了参加企业", "saved a participant"),
    "event_patents_added": ("为活动加入了专利", "added patents to an event"),
    "event_patent_removed": ("从活动移出了专利", "took a patent out of an event"),
    "lead_saved": ("登记了意向线索", "saved a lead"),
    "lead_opened_case": ("将意向线索转为案件", "opened a case from a lead"),
    "provider_saved": ("登记了服务机构", "saved a provider"),
    "resource_saved": ("登记了资源对接", "saved a resource"),
    "maturation_saved": ("登记了熟化步骤", "saved a step of maturation"),
    "posting_saved": ("登记了发布渠道", "saved a channel"),
    "typical_case_saved": ("登记了典型案例", "saved a typical case"),
    "certificate_saved": ("登记了人员资质", "saved a qualification"),
    "case_staff_saved": ("登记了办案人员", "saved the staff of a case"),
    **ENTERPRISE_VERBS,
    "patents_imported": ("导入了专利清单", "imported a patent list"),
    "label_recorded": ("登记了反馈信息", "recorded a label of the platform"),
    "label_reported": ("登记了平台反馈", "recorded the feedback of a label"),
    "label_withdrawn": ("撤回了反馈信息", "withdrew a label of the platform"),
    "sheet_imported": ("批量导入了表格", "imported a sheet"),
    "open_case": ("立案", "opened the case"),
    "organization_saved": ("修改了机构信息", "changed the organization"),
    "profile_changed": ("变更了专利档案", "changed profiles of patents"),
    "pool_standing_changed": ("办理了入库或出库", "changed a patent's standing in a pool"),
    "register_checked": ("登记了登记簿核查结果", "recorded a look at the register"),
    "annual_fees_dated": ("更新了专利的年费期限", "brought the dates of annual fees up to date"),
    "institution_founded": ("建立了机构", "founded the institution"),
    "fee_data_set": ("更正了年费信息", "changed what is recorded of annual fees"),
    "approval_seat_assigned": ("指定了审批席位", "assigned a seat of an approval"),
    "approval_seat_removed": ("撤销了审批席位", "took a seat of an approval away"),
    "work_revived": ("重新执行了后台任务", "started a stopped job again"),
    "funding_declared": ("登记了财政资助声明", "recorded a declaration of funding"),
    "funding_evidence": ("上传了财政资助声明的证明文件", "kept the evidence of a declaration of funding"),
    "funding_removed": ("撤销了财政资助声明", "took a declaration of funding back"),
    "use_stated": ("登记了实施情况", "recorded how a patent is used"),
    "use_dated": ("更新了实施与备案期限", "brought the dates of use up to date"),
    "application_planned": ("登记了拟申请专利", "registered a planned application"),
    "application_assessed": ("登记了申请前评估", "recorded a pre-filing assessment"),
    "assessment_overridden": ("放行了未通过评估的申请", "let an application pass its assessment"),
    "application_filed": ("登记了专利申请的提交", "recorded the filing of an application"),
    "product_registered": ("登记了专利产品", "registered a patent product"),
    "product_filed": ("登记了专利产品备案", "recorded the filing of a product"),
    "product_updated": ("登记了专利产品年度更新", "recorded the yearly update of a product"),
    "producer_prompted": ("提示了企业办理产品备案", "asked a company to file its product"),
    "product_withdrawn": ("撤回了专利产品备案", "withdrew the filing of a product"),
    "outcome_stated": ("登记了企业转化成效", "recorded what became of a company"),
    "house_saved": ("选用了单位模板", "chose the templates of the institution"),
    "approval_deputy_named": ("登记了审批代理", "named a deputy for approvals"),
    "approval_deputy_ended": ("终止了审批代理", "ended a deputy for approvals"),
    "rule_layers_saved": ("更换了规则包", "changed the rule packs"),
    "deadline_recomputed": ("放假安排公布后重新计算期限", "recomputed deadlines for the published holidays"),
    "report_made": ("生成了报告", "made a report"),
    "indicator_defined": ("更换了指标口径", "chose the definition of an indicator"),
    "feedback_submitted": ("确认已在盘活系统提交反馈", "confirmed a batch as submitted to the platform"),
    "review_closed": ("办结了复核事项", "closed a review item"),
    "cases_migrated": ("将在办案件迁移到新版流程", "migrated running cases to a new version"),
    "case_migrated": ("将案件迁移到新版流程", "migrated the case to a new version"),
    "merged_away": ("将本案并入另一案件", "joined the case to another"),
    "migration_undone": ("撤销了案件迁移", "undid a migration"),
    "file_attached": ("添加了附件", "added a file"),
    "institution_key_made": ("生成了单位签章密钥", "made the key of the institution's seal"),
    "draft_sent": ("导出了磋商稿", "exported a draft for negotiation"),
    "draft_received": ("收到了对方返回稿", "received a draft that came back"),
    "difference_decided": ("决定了一处文本差异", "decided on a difference of the text"),
}
PACK_KIND: dict[str, Label] = {
    "national": ("国家规则", "Nation"),
    "province": ("省市规则", "Province"),
    "house": ("单位规则", "Institution"),
}
CONFIDENCE: dict[str, Label] = {
    "verified": ("已核实", "Verified"),
    "unverified": ("待核实", "Not verified"),
    "V": ("已查阅原文", "Text read"),
    "V*": ("已查阅转载或节录的原文", "Read on an unofficial or cut copy"),
    "V (draft)": ("仅查阅征求意见稿", "Only the draft was read"),
    "S": ("二手资料", "Secondary source"),
    "M": ("凭记忆", "From memory"),
    "D": ("由已知规则推出", "Derived from read rules"),
}
SEVERITY: dict[str, Label] = {
    "block": ("禁止", "Block"),
    "gate": ("前置条件", "Gate"),
    "timer": ("期限", "Time limit"),
    "calc": ("计算", "Computation"),
    "warn": ("提示", "Warning"),
    "info": ("说明", "Information"),
}
MODE: dict[str, Label] = {
    "transfer": ("转让", "Transfer"),
    "open_license": ("开放许可", "Open license"),
    "ordinary_license": ("普通许可", "Ordinary license"),
    "sole_license": ("排他许可", "Sole license"),
    "exclusive_license": ("独占许可", "Exclusive license"),
    "equity": ("作价入股", "Equity contribution"),
    "patent_pool": ("专利池", "Patent pool"),
    "development": ("技术开发或服务", "Development or service"),
}
NUMBER_TYPE: dict[str, Label] = {
    "application": ("申请号", "Application number"),
    "patent": ("专利号", "Patent number"),
    "publication": ("公开（公告）号", "Publication number"),
    "uscc": ("统一社会信用代码", "Credit code (USCC)"),
    "resident_id": ("居民身份证号码", "Resident identity number"),
    "organization_code": ("组织机构代码", "Organization code"),
    "pct": ("国际申请（PCT）号码", "PCT number"),
    "unknown": ("无法识别的号码", "Not recognized"),
}
STANDING: dict[str, Label] = {
    "open": ("未到期", "Open"),
    "due_soon": ("临近到期", "Due soon"),
    "overdue": ("已逾期", "Overdue"),
    "met": ("已按期办理", "Met"),
    "met_late": ("逾期办理", "Met late"),
}
STANDING_COLOR = {
    "open": "secondary",
    "due_soon": "orange",
    "overdue": "red",
    "met": "green",
    "met_late": "yellow",
}
DAY_MARK: dict[str, Label] = {
    "warn": ("提醒", "Reminder"),
    "opens": ("最早可以办理", "May be done from"),
    "internal": ("本单位内部期限", "The house's own date"),
    "due": ("到期日", "Due"),
    "free_from": ("可以办理之日", "Allowed from"),
}
FEE_STATUS: dict[str, Label] = {
    "registration": ("授权当年，随登记手续缴纳", "Grant year, paid with the registration"),
    "not_open": ("尚未进入缴费年度", "Before the year of payment"),
    "on_time": ("按期", "On time"),
    "grace": ("滞纳期内", "In the grace period"),
    "paid": ("已缴足", "Paid in full"),
    "lapsed": ("滞纳期已过，专利权已终止", "Lapsed"),
}
FEE_STATUS_COLOR = {
    "registration": "azure", "not_open": "secondary", "on_time": "green", "grace": "orange", "paid": "green",
    "lapsed": "red",
}  # fmt: skip
REDUCTION: dict[str, Label] = {
    "none": ("不减缴", "No reduction"),
    "85": ("减缴85%（一个权利人）", "85 % off (one owner)"),
    "70": ("减缴70%（两个以上权利人）", "70 % off (several owners)"),
}
VAT_STATE: dict[str, Label] = {
    "exempt": ("免征", "Exempt"),
    "conditions": ("满足条件的免征", "Exempt if the conditions are met"),
    "not_covered": ("不在免征范围", "Not covered by the exemption"),
    "no_rule": ("没有录入当日的规定", "No rule is entered for this day"),
}
ACT: dict[str, Label] = dict(ACT_NAMES)
GATE_STAGE: dict[str, Label] = {str(stage): label for stage, label in STAGE_NAMES.items()}
PAYER: dict[str, Label] = dict(PAYERS)
SECTION: dict[str, Label] = {
    "annual_fees": ("年费", "annual fees"),
    "surcharges": ("滞纳金", "surcharges"),
    "fee_reductions": ("费用减缴", "reductions"),
    "reduction_owners": ("可以请求减缴的权利人", "owners that may ask for a reduction"),
    "other_fees": ("其他官费", "other official fees"),
    "reward_scales": ("奖励比例", "reward scales"),
    "reward_parts": ("奖励内部比例", "parts of the reward"),
    "title_share_rules": ("职务成果权属奖励", "shares in the title"),
    "unverified_scales": ("未核实的省份规定", "scales that were not verified"),
    "house_shares": ("单位分配比例", "the house's shares"),
    "net_income": ("净收入计算", "net income"),
    "open_license_caps": ("开放许可使用费上限", "caps of open-license fees"),
    "stamp_duty": ("印花税", "stamp duty"),
    "vat_exemptions": ("增值税免征", "VAT exemptions"),
    "cit_reliefs": ("企业所得税优惠", "corporate income tax reliefs"),
    "iit_reliefs": ("个人所得税优惠", "individual income tax reliefs"),
    "equity_deferrals": ("技术入股递延纳税", "deferral for shares"),
    "holidays": ("节假日安排", "holidays"),
}
COLUMN: dict[str, Label] = {
    "kind": ("专利类型", "Kind"),
    "kinds": ("专利类型", "Kinds"),
    "first_year": ("起始年度", "From year"),
    "last_year": ("终止年度", "To year"),
    "fee_fen": ("金额", "Fee"),
    "months": ("逾期月数", "Months late"),
    "rate_bp": ("比例", "Rate"),
    "code": ("减缴", "Reduction"),
    "years": ("年数", "Years"),
    "owners": ("权利人", "Owners"),
    "owner": ("权利人", "Owner"),
    "limit_fen": ("上限", "Limit"),
    "limit_bp": ("上限比例", "Limit of share"),
    "limit_chars": ("字数上限", "Limit of characters"),
    "key": ("项目", "Item"),
    "name": ("名称", "Name"),
    "per": ("计费单位", "Per"),
    "timer": ("期限规则", "Timer"),
    "reducible": ("可否减缴", "Reducible"),
    "group": ("适用收入", "Income"),
    "groups": ("适用收入", "Income"),
    "min_bp": ("最低比例", "Least share"),
    "binding": ("效力性质", "Binding"),
    "years_min": ("最少年数", "Least years"),
    "years_max": ("最多年数", "Most years"),
    "note": ("说明", "Note"),
    "party": ("分配对象", "Party"),
    "of": ("计算基数", "Share of"),
    "province": ("省份", "Province"),
    "paper": ("文件", "Paper"),
    "modes": ("转化方式", "Modes"),
    "method": ("分档方法", "Method"),
    "tiers": ("分档和比例", "Tiers and shares"),
    "deductible": ("可以扣除", "Deductible"),
    "ruled_out": ("不得扣除", "Ruled out"),
    "assumed": ("推定", "Assumed"),
    "zh": ("说明", "Note"),
    "en": ("说明", "Note"),
    "measure": ("计费方式", "Measure"),
    "deed": ("应税凭证", "Deed"),
    "conditions": ("条件", "Conditions"),
    "licenses": ("许可方式", "Licenses"),
    "license_years": ("许可年数", "Years of license"),
    "allowance_fen": ("免税额度", "Allowance"),
    "taxed_above_bp": ("超出部分计税比例", "Taxed above"),
    "mode_rule": ("方式依据", "Rule on modes"),
    "filing_day": ("备案日（次月）", "Filing day, next month"),
    "filing_rule": ("备案依据", "Rule on filing"),
    "taxed_bp": ("计税比例", "Taxed"),
    "window": ("期间", "Window"),
    "yearly_days": ("年度报告天数", "Days of the yearly report"),
    "yearly_rule": ("年度报告依据", "Rule on the yearly report"),
    "year": ("年份", "Year"),
    "off": ("放假", "Days off"),
    "makeup": ("调休上班", "Make-up days"),
    "notice": ("通知", "Notice"),
}


def of(table: dict[str, Label], word: str) -> Label:
    """Return a word's label; an unknown word is shown as it is."""
    return table.get(word, (word, word))


CHANGE: dict[str, Label] = {
    "changed": ("已修改", "Changed"),
    "added": ("新增", "Added"),
    "deleted": ("删除", "Deleted"),
    "moved": ("移动", "Moved"),
    "renumbered": ("编号变化", "Renumbered"),
    "same": ("未变", "Same"),
}
CHANGE_COLOR = {
    "changed": "yellow",
    "added": "green",
    "deleted": "red",
    "moved": "azure",
    "renumbered": "secondary",
}
REVISION: dict[str, Label] = {
    "insert": ("插入", "Inserted"),
    "delete": ("删除", "Deleted"),
    "move_from": ("移出", "Moved away"),
    "move_to": ("移入", "Moved here"),
}
