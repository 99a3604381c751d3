"""What the gates say to an officer: per text key, what is unmet and what would meet it.

Placeholders: `{kind}` the kind of patent, `{owners}` the registered owners, `{institution}` this institution,
`{checked}` the day of the last look at the register, `{grant_end}` the last day of the intended grant, `{term_end}` the
last protected day, `{restore_until}` until when restoration can be asked for.
"""

from collections.abc import Mapping
from typing import NamedTuple


class GateText(NamedTuple):
    """One finding in words, Chinese and English, and who can meet it: a role or `outside`."""

    what_zh: str
    what_en: str
    remedy_zh: str
    remedy_en: str
    who: str


# What an officer can do about a patent that cannot stay in a case.
WITHOUT_IT = ("撤回本案后不含该专利另行立案", "withdraw the case and open another without the patent")

TEXTS: dict[str, GateText] = {
    "void": GateText(
        "专利权已被宣告无效，视为自始不存在", "the patent has been declared invalid", *WITHOUT_IT, "officer"
    ),
    "expired": GateText("专利权期限已届满", "the term of protection is over", *WITHOUT_IT, "officer"),
    "lapsed": GateText(
        "专利权已终止",
        "the patent has lapsed",
        f"{WITHOUT_IT[0]}；自收到终止通知书起未满2个月的，可请求恢复权利并缴清费用后再办理",
        f"{WITHOUT_IT[1]}, or have the right restored within 2 months of the notice",
        "officer",
    ),
    "lapsed_restorable": GateText(
        "专利权已终止，恢复期限尚未届满（{restore_until}）",
        "the patent has lapsed and can still be restored ({restore_until_en})",
        "自收到终止通知书之日起2个月内请求恢复权利，缴纳恢复费、所欠年费和滞纳金，恢复后再办理",
        "ask for restoration within 2 months of the notice and pay what is owed, then continue",
        "officer",
    ),
    "defense": GateText(
        "属于国防专利，不适用普通转化程序",
        "a defense patent cannot take the ordinary path",
        "撤回本案，按国防专利管理规定另行报批",
        "withdraw the case and follow the rules for defense patents",
        "officer",
    ),
    "not_owner": GateText(
        "登记的专利权人为{owners}，不含{institution}",
        "the registered owners do not include {institution}",
        f"核对专利登记簿；确属本单位的，先办理专利权人变更登记，否则{WITHOUT_IT[0]}",
        f"check the register; record the change of owner first, or {WITHOUT_IT[1]}",
        "officer",
    ),
    "co_owned": GateText(
        "属于共有专利（{owners}），尚未取得全体共有人书面同意",
        "co-owned; the written consent of all co-owners is missing",
        "取得全体共有人签章的同意书并登记；共有协议另有约定的，登记该协议",
        "record the consent of all co-owners, or the agreement that replaces it",
        "outside",
    ),
    "co_owned_ordinary": GateText(
        "属于共有专利（{owners}），可以单独普通许可，但使用费须与共有人分配",
        "co-owned: an ordinary license is allowed, the fee is shared",
        "在商务条款中约定使用费的分配，或登记共有协议",
        "agree how the fee is shared",
        "officer",
    ),
    "co_agreement": GateText(
        "属于共有专利（{owners}），共有人另有约定，从其约定，尚未确认约定允许本次处分",
        "co-owned under an agreement of the co-owners; that it allows this act is not recorded",
        "核对共有协议；允许的，登记该协议条款，不允许或未写明的，取得全体共有人书面同意并登记",
        "check the agreement: record the clause that allows it, or the consent of all co-owners",
        "officer",
    ),
    "in_grace": GateText(
        "年费已逾期，处于滞纳期",
        "the annual fee is late, in the grace period",
        "尽快补缴年费和滞纳金；逾期6个月未缴清的，专利权终止",
        "pay the fee and the surcharge now",
        "officer",
    ),
    "in_grace_block": GateText(
        "年费处于滞纳期，国家知识产权局不予办理",
        "in the grace period of the annual fee the office refuses it",
        "缴清年费和滞纳金，待登记簿更新后再办理",
        "pay the fee and the surcharge, then continue",
        "officer",
    ),
    "pledged": GateText(
        "专利权已出质，尚未取得质权人书面同意",
        "pledged; the consent of the pledgee is missing",
        "取得质权人盖章的同意书并登记，或先解除质押登记",
        "record the pledgee's consent, or release the pledge",
        "outside",
    ),
    "pledged_again": GateText(
        "专利权已出质，不能重复质押登记",
        "already pledged",
        "先办理质押登记注销",
        "release the pledge first",
        "outside",
    ),
    "suspended": GateText(
        "权属纠纷中止程序尚未结束，中止期间不予备案、不予变更登记",
        "suspended by an ownership dispute; nothing is recorded meanwhile",
        "待纠纷解决、程序恢复后再办理，并登记处理结果",
        "wait until the dispute is settled",
        "outside",
    ),
    "preserved": GateText(
        "专利权被法院保全，保全期间不予备案、不予变更登记",
        "under court preservation; nothing is recorded meanwhile",
        "待法院解除保全后再办理",
        "wait until the court releases it",
        "outside",
    ),
    "suspended_background": GateText(
        "权属纠纷中止程序尚未结束，背景专利可能不归本单位",
        "an ownership dispute is pending: the background patent may not be ours",
        "在合同中披露权属纠纷，并约定败诉时的处理办法；或待纠纷解决后再列为背景专利",
        "disclose the dispute and agree what happens if it is lost, or wait",
        "officer",
    ),
    "preserved_background": GateText(
        "背景专利被法院保全，本单位不得处分",
        "the background patent is under court preservation",
        "在合同中披露保全情况，不约定转让或许可该专利；或待法院解除保全后再列为背景专利",
        "disclose it and grant nothing on it, or wait until the court releases it",
        "officer",
    ),
    "exclusive_license": GateText(
        "独占许可尚在有效期内，不得再行许可",
        "an exclusive license is in force",
        f"先终止在先的独占许可并注销备案，或{WITHOUT_IT[0]}",
        f"end the exclusive license and cancel its filing, or {WITHOUT_IT[1]}",
        "officer",
    ),
    "sole_license": GateText(
        "排他许可尚在有效期内，不得再向第三方许可",
        "a sole license is in force",
        f"先终止在先的排他许可并注销备案，或{WITHOUT_IT[0]}",
        f"end the sole license and cancel its filing, or {WITHOUT_IT[1]}",
        "officer",
    ),
    "sole_ordinary": GateText(
        "排他许可尚在有效期内，不得再向第三方许可",
        "a sole license is in force",
        "先终止在先的排他许可；或者本单位不具备独立实施条件且合同未另有约定的，经法务确认并登记说明，"
        "可以一个普通许可作为自己实施",
        "end the sole license, or record that the institution cannot work the patent itself: one ordinary license "
        "then counts as its own working",
        "officer",
    ),
    "pool_license": GateText(
        "独占或排他许可尚在有效期内，入池前须经被许可人同意",
        "an exclusive or sole license is in force; its licensee has to agree",
        "取得被许可人书面同意并登记，或先终止该许可",
        "record the licensee's consent, or end the license",
        "outside",
    ),
    "disclose_license": GateText(
        "独占或排他许可尚在有效期内，随专利权一并由受让人承受",
        "an exclusive or sole license is in force and passes with the patent",
        "向受让人书面披露现有许可，取得其知悉并承受的确认并登记",
        "disclose the license and record the other side's acknowledgment",
        "officer",
    ),
    "license_and_pledge": GateText(
        "独占或排他许可尚在有效期内，会影响质押价值",
        "an exclusive or sole license is in force",
        "向质权人披露现有许可",
        "disclose the license to the pledgee",
        "officer",
    ),
    "ordinary_overlap": GateText(
        "已有普通许可在有效期内，与本许可的范围可能冲突",
        "ordinary licenses are in force and may overlap",
        "核对期限、地域和方式；在合同中写明现有普通许可不受影响，或先终止该许可",
        "compare the scopes and disclose the existing licenses in the contract",
        "officer",
    ),
    "ordinary_disclose": GateText(
        "已有普通许可在有效期内，转移后继续有效",
        "ordinary licenses are in force and survive",
        "向对方披露许可清单，并写入合同",
        "disclose the list of licenses in the contract",
        "officer",
    ),
    "open_license_moves": GateText(
        "开放许可声明尚未撤回，不能办理专利权转移",
        "the open-license declaration has not been withdrawn",
        "先撤回开放许可声明，待撤回公告后再办理",
        "withdraw the declaration and wait for the gazette",
        "officer",
    ),
    "open_license_excludes": GateText(
        "开放许可实施期间，不得独占或排他许可",
        "no exclusive or sole license beside an open one",
        "先撤回开放许可声明并处理已达成的开放许可，或改为普通许可",
        "withdraw the declaration, or grant an ordinary license",
        "officer",
    ),
    "open_withdrawal_moves": GateText(
        "开放许可声明的撤回尚未公告，撤回自公告之日起生效",
        "the withdrawal of the open-license declaration is not gazetted yet",
        "待撤回公告后再办理专利权转移，并登记撤回公告日",
        "wait for the gazette of the withdrawal and record its date",
        "outside",
    ),
    "open_withdrawal_excludes": GateText(
        "开放许可声明的撤回尚未公告，其间不得独占或排他许可",
        "the withdrawal of the open-license declaration is not gazetted yet",
        "待撤回公告后再办理；撤回前已达成的开放许可继续有效，须在合同中写明",
        "wait for the gazette; licenses reached before the withdrawal stay in force and are disclosed",
        "outside",
    ),
    "open_pledge": GateText(
        "正在开放许可，质押须有质权人同意继续开放许可的声明",
        "open license: the pledgee must agree that it goes on",
        "取得质权人同意继续开放许可的声明并登记",
        "record the pledgee's statement",
        "outside",
    ),
    "open_pool": GateText(
        "正在开放许可，须核对专利池的许可条件是否与开放许可声明一致",
        "open license: compare the pool's terms with the declaration",
        "核对并登记专利池协议与开放许可声明的一致性意见",
        "compare the terms and record the result",
        "officer",
    ),
    "under_invalidation": GateText(
        "正处于无效宣告程序，专利权可能被宣告无效",
        "invalidation proceedings are pending",
        "在合同中披露无效程序，并约定被宣告无效时的处理办法",
        "disclose the proceedings and agree what happens if the patent falls",
        "officer",
    ),
    "invalidation_pledge": GateText(
        "正处于无效宣告程序，质押登记须提交当事人知悉并愿意承担风险的声明",
        "invalidation is pending: the pledge needs a statement of the parties",
        "取得双方签章的声明并登记",
        "record the statement of both parties",
        "outside",
    ),
    "beyond_term": GateText(
        "许可期限至{grant_end}，超过专利权期限届满日{term_end}",
        "the grant runs until {grant_end}, past the end of protection ({term_end})",
        f"缩短许可期限，或{WITHOUT_IT[0]}",
        f"shorten the term, or {WITHOUT_IT[1]}",
        "officer",
    ),
    "beyond_term_pledge": GateText(
        "债务履行期限至{grant_end}，超过专利权期限届满日{term_end}",
        "the debt runs until {grant_end}, past the end of protection ({term_end})",
        f"缩短债务履行期限，或{WITHOUT_IT[0]}",
        f"shorten the term of the debt, or {WITHOUT_IT[1]}",
        "officer",
    ),
    "beyond_term_background": GateText(
        "合同期限至{grant_end}，背景专利于{term_end}先届满",
        "the contract runs until {grant_end}, past the end of the background patent ({term_end})",
        "在合同中写明该专利届满后不再收取使用费",
        "say in the contract that nothing is paid for the patent after its end",
        "officer",
    ),
    "term_unknown": GateText(
        "没有申请日，无法计算专利权期限届满日",
        "without a filing date the end of protection is unknown",
        "在专利库中补录申请日后再核对期限",
        "enter the filing date",
        "officer",
    ),
    "inventors_first": GateText(
        "转让职务技术成果，完成人在同等条件下优先受让，尚无书面通知和放弃记录",
        "the persons who made the result have first refusal on equal terms; no waiver is recorded",
        "书面通知全体发明人（设计人）转让条件，取得放弃优先受让的声明并登记；有人主张的，按同等条件向其转让",
        "notify all inventors of the terms and record their waivers, or transfer to whoever takes them up",
        "officer",
    ),
    "client_first": GateText(
        "委托开发完成的发明，转让专利申请权时委托人在同等条件下优先受让，尚无放弃记录",
        "commissioned development: the client has first refusal on the application right; no waiver is recorded",
        "书面通知委托人转让条件，取得放弃优先受让的声明并登记",
        "notify the client of the terms and record its waiver",
        "outside",
    ),
    "partner_first": GateText(
        "合作开发完成的发明，转让共有的专利申请权时其他各方在同等条件下优先受让，尚无放弃记录",
        "joint development: the other parties have first refusal on the application right; no waiver is recorded",
        "书面通知合作各方转让条件，取得放弃优先受让的声明并登记",
        "notify the other parties of the terms and record their waivers",
        "outside",
    ),
    "client_works": GateText(
        "委托开发完成的发明，委托人可以依法实施该专利，独占或排他的范围受其限制",
        "commissioned development: the client may work the patent, whatever is granted to others",
        "核对委托开发合同；在合同中披露委托人的实施权",
        "check the development contract and disclose the client's right to work the patent",
        "officer",
    ),
    "pending": GateText(
        "尚未授权，为专利申请：公布前参照技术秘密许可，公布后参照专利实施许可",
        "a pending application, not yet a patent",
        "按专利申请实施许可拟定合同，约定驳回、撤回时的处理；授权后及时变更合同名称和备案",
        "draft it as a license on an application, and agree what happens if it is refused",
        "officer",
    ),
    "pending_transfer": GateText(
        "尚未授权，只能转让专利申请权；登记前被驳回的，受让人可以解除合同",
        "a pending application: only the right to apply can move",
        "按专利申请权拟定合同，并约定驳回的风险由谁承担",
        "draft it as a transfer of the application and agree who bears a refusal",
        "officer",
    ),
    "pending_block": GateText(
        "尚未授权，授权公告后方可办理",
        "not granted yet",
        "待授权公告后再办理",
        "wait for the grant",
        "outside",
    ),
    "export": GateText(
        "对方为境外或港澳台主体，尚未完成技术出口手续",
        "the other side is foreign or from Hong Kong, Macao or Taiwan: the export step is open",
        "先对照禁止、限制出口技术目录归类：禁止的停止办理；限制的取得技术出口许可后方可签约；"
        "自由出口的在合同生效后60日内登记",
        "classify the technology: stop, get the permit before signing, or register within 60 days of effect",
        "officer",
    ),
    "export_certificate": GateText(
        "受让方为境外或港澳台主体，尚无技术出口许可证或技术出口合同登记证",
        "the other side is foreign: the export permit or registration certificate is missing",
        "先办理技术出口许可或合同登记，取得证书后登记",
        "obtain the export permit or the registration certificate and record it",
        "officer",
    ),
    "foreign_design": GateText(
        "向境外转让外观设计专利，只需提交转让合同",
        "a design moves abroad with the contract alone",
        "核对受让人身份证明并准备中文译本",
        "check the identity papers and their translation",
        "officer",
    ),
    "project_body": GateText(
        "由财政资助形成，向境外主体转让或独占、排他许可须经项目管理机构批准",
        "state-funded: the project management body has to approve",
        "报项目管理机构批准，取得批准文件并登记",
        "obtain and record the approval of the project management body",
        "outside",
    ),
    "no_report": GateText(
        "属于{kind}专利，尚无专利权评价报告",
        "no evaluation report for this {kind_en}",
        "请求国家知识产权局出具专利权评价报告，或作专利权稳定性分析并向对方说明",
        "request an evaluation report, or have the stability analyzed",
        "officer",
    ),
    "no_report_block": GateText(
        "属于{kind}专利，开放许可声明须附专利权评价报告",
        "an open license of this {kind_en} needs the evaluation report",
        "取得专利权评价报告后再声明",
        "obtain the evaluation report first",
        "officer",
    ),
    "report_negative": GateText(
        "属于{kind}专利，专利权评价报告结论为不符合授权条件",
        "the evaluation report on this {kind_en} is negative",
        "向对方披露评价报告，并约定被宣告无效时的处理办法",
        "disclose the report and agree what happens if the patent falls",
        "officer",
    ),
    "report_negative_block": GateText(
        "属于{kind}专利，专利权评价报告结论为不符合授权条件，不予公告开放许可声明",
        "the evaluation report on this {kind_en} is negative: no open license",
        "改用其他转化方式；对评价报告有异议的，先请求更正",
        "choose another mode, or ask for the correction of the report first",
        "officer",
    ),
    "status_unknown": GateText(
        "法律状态未知",
        "the legal status is unknown",
        "查询专利登记簿，在专利库中更新法律状态",
        "look the patent up in the register and update its status",
        "officer",
    ),
    "register_stale": GateText(
        "登记簿核查已过期（上次核查：{checked}）",
        "the last look at the register is too old ({checked})",
        "重新查询专利登记簿并登记核查日期",
        "look the patent up in the register again",
        "officer",
    ),
}

CONDITION_NAMES: Mapping[str, tuple[str, str]] = {
    "void": ("专利权被宣告无效", "declared invalid"),
    "expired": ("专利权期限届满", "expired"),
    "lapsed": ("专利权终止", "lapsed"),
    "lapsed_restorable": ("专利权终止，可请求恢复", "lapsed, can be restored"),
    "defense": ("国防专利", "defense patent"),
    "not_owner": ("登记的专利权人不含本单位", "not registered to the institution"),
    "co_owned": ("共有，没有另行约定", "co-owned, without an agreement"),
    "co_agreement": ("共有，另有约定", "co-owned, with an agreement"),
    "in_grace": ("年费滞纳期", "grace period of the annual fee"),
    "pledged": ("已出质", "pledged"),
    "suspended": ("权属纠纷中止", "suspended by an ownership dispute"),
    "preserved": ("法院保全", "under court preservation"),
    "exclusive_license": ("独占许可有效", "exclusive license in force"),
    "sole_license": ("排他许可有效", "sole license in force"),
    "ordinary_license": ("普通许可有效", "ordinary licenses in force"),
    "open_license": ("开放许可声明有效", "open-license declaration in force"),
    "open_withdrawal": ("开放许可声明撤回中", "withdrawal of the open license filed"),
    "under_invalidation": ("无效宣告程序中", "invalidation pending"),
    "beyond_term": ("专利权先于合同期限届满", "protection ends before the grant"),
    "term_unknown": ("专利权期限届满日未知", "end of protection unknown"),
    "pending": ("尚未授权的专利申请", "pending application"),
    "inventors_first": ("职务技术成果", "service result"),
    "client_first": ("委托开发的专利申请", "application of a commissioned development"),
    "partner_first": ("合作开发的专利申请", "application of a joint development"),
    "client_works": ("委托开发的专利", "patent of a commissioned development"),
    "foreign": ("对方为境外或港澳台主体", "foreign party"),
    "foreign_design": ("外观设计，对方为境外或港澳台主体", "design, foreign party"),
    "funded_foreign": ("财政资助形成，对方为境外主体", "state-funded, foreign party"),
    "no_report": ("没有专利权评价报告", "no evaluation report"),
    "report_negative": ("专利权评价报告结论为否定", "negative evaluation report"),
    "status_unknown": ("法律状态未知", "status unknown"),
    "register_stale": ("登记簿核查过期", "register check too old"),
}
"""What was found, per condition of the matrix, Chinese and English."""
