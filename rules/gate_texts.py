"""What the gates say to an officer: per text key, what is unmet and what would meet it.

Placeholders: `{kind}` the kind of patent, `{owners}` the registered owners, `{institution}` this institution,
`{checked}` the day of the last look at the register.
"""

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
    "withdraw_open": GateText(
        "开放许可声明尚未撤回，不能办理专利权转移",
        "the open-license declaration has not been withdrawn",
        "先撤回开放许可声明，待撤回公告后再办理",
        "withdraw the declaration and wait for the gazette",
        "officer",
    ),
    "open_excludes": GateText(
        "开放许可实施期间，不得独占或排他许可",
        "no exclusive or sole license beside an open one",
        "先撤回开放许可声明并处理已达成的开放许可，或改为普通许可",
        "withdraw the declaration, or grant an ordinary license",
        "officer",
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
