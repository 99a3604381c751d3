"""The clauses of an investment agreement on patents, in order."""

from contracts.clauses import Clause

EQUITY_CLAUSES = (
    Clause("recitals", "鉴于", ("民法典845", "转化法16、18"), ("K-02",), numbered=False),
    Clause("definitions", "名词和术语的解释", ("民法典845",), ("K-10",)),
    Clause("patents", "出资专利的内容与权利状况", ("民法典845", "技术合同纠纷解释24"), ("K-03", "K-04", "K-16")),
    Clause("contribution", "出资方式、作价与持股比例", ("公司法48", "转化法18", "民法典845、846"), ("K-05", "K-11")),
    Clause("company", "目标公司的登记", ("公司法47、228", "市场主体登记管理条例24"), ("K-06",)),
    Clause("transfer", "专利权的转移与过渡期", ("专利法10", "公司法49", "民法典863"), ("K-06", "K-17")),
    Clause("delivery", "技术资料的交付、验收与技术指导", ("民法典845",), ("K-09",)),
    Clause("capital", "其他股东的出资", ("公司法47、49、51、52",)),
    Clause("cash", "现金对价", ("民法典846",), when="cash_fen"),
    Clause("award", "股权持有与股权奖励", ("转化法44、45",), ("K-08",)),
    Clause("governance", "公司治理", ("公司法",)),
    Clause("shareholder_rights", "股东权利", ("公司法",)),
    Clause("improvements", "后续改进与成果的归属", ("民法典845、875",), ("K-08", "K-12")),
    Clause("warranty", "陈述、保证与第三方主张", ("民法典870、874",), ("K-13",)),
    Clause("shortfall", "出资价值不足的处理", ("公司法48、49、50",)),
    Clause("invalidation", "专利权终止或者被宣告无效的处理", ("专利法47",)),
    Clause("fairness", "竞业限制与公平竞争", ("民法典850、864", "技术合同纠纷解释10"), ("K-18",)),
    Clause("confidentiality", "保密", ("民法典845、871", "转化法41"), ("K-07",)),
    Clause("tax", "税费", ("印花税法",)),
    Clause("deferral", "递延纳税", ("财税〔2016〕101号", "税务总局公告2016年第62号")),
    Clause("exit", "股权转让与退出", ("公司法", "财资〔2019〕57号")),
    Clause("breach", "违约责任", ("民法典585、872、873",), ("K-14",)),
    Clause("force_majeure", "不可抗力", ("民法典",)),
    Clause("dispute", "法律适用与争议的解决", ("民法典",), ("K-15",)),
    Clause("effect", "合同的生效、变更、解除与恢复", ("民法典", "专利法10", "公司法")),
    Clause("notice", "通知与送达", ("民法典",)),
    Clause("special", "特别约定", ("民法典850",), when="special_clauses"),
    Clause("misc", "其他", ("民法典469、863",), ("K-01",)),
)  # fmt: skip
