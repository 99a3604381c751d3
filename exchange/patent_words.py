"""Words of patent lists for kind and status, as they occur in exports of registers and of campus systems.

Keys are compared after `rules.text.fold`: upper case, half width, no blanks.
"""

KINDS: dict[str, str] = {
    "发明": "invention",
    "发明专利": "invention",
    "发明授权": "invention",
    "发明公开": "invention",
    "发明申请": "invention",
    "中国发明": "invention",
    "中国发明专利": "invention",
    "国家发明专利": "invention",
    "授权发明": "invention",
    "INVENTION": "invention",
    "实用新型": "utility",
    "实用新型专利": "utility",
    "新型": "utility",
    "中国实用新型": "utility",
    "UTILITY": "utility",
    "UTILITYMODEL": "utility",
    "外观设计": "design",
    "外观设计专利": "design",
    "外观": "design",
    "中国外观设计": "design",
    "DESIGN": "design",
}

STATUSES: dict[str, str] = {
    **dict.fromkeys(
        ("有效", "有权", "专利权维持", "维持", "授权有效", "有效专利", "授权维持", "VALID", "ACTIVE", "INFORCE", "IN_FORCE"),
        "in_force",
    ),
    **dict.fromkeys(
        ("审中", "在审", "审查中", "实审", "实质审查", "实质审查中", "实质审查的生效", "进入实审", "申请中",
         "受理", "已受理", "审中-公开", "审中-实审", "等待实审", "初审", "一通", "答复审查意见", "PENDING"),
        "pending",
    ),
    **dict.fromkeys(
        ("年费滞纳期", "年费滞纳期内", "滞纳期", "欠费", "等年费滞纳金", "等待年费滞纳金", "未缴年费", "INGRACE", "IN_GRACE"),
        "in_grace",
    ),
    **dict.fromkeys(
        ("失效", "无效专利", "无权", "终止", "已终止", "专利权终止", "权利终止", "未缴年费终止", "未缴年费专利权终止",
         "未缴年费终止失效",
         "主动放弃", "放弃", "避重放弃", "避免重复授权放弃", "撤回", "视为撤回", "视撤", "视撤失效", "驳回", "驳回失效",
         "撤回失效",
         "LAPSED", "INACTIVE", "DEAD", "WITHDRAWN", "REJECTED"),
        "lapsed",
    ),
    **dict.fromkeys(("届满", "期限届满", "专利权届满", "权利届满", "期满", "专利权有效期届满", "保护期届满",
    "EXPIRED"), "expired"),
    **dict.fromkeys(("无效", "宣告无效", "全部无效", "被宣告无效", "专利权全部无效", "VOID", "INVALID", "INVALIDATED"), "void"),
    **dict.fromkeys(("未知", "不详", "待核实", "-", "—", "/", "UNKNOWN"), "unknown"),
}  # fmt: skip

DOCUMENT_STATUSES: dict[str, str] = {
    **dict.fromkeys(("PUB", "公开", "已公开", "公布", "PUBLISHED"), "pending"),
    **dict.fromkeys(("PROC", "授权", "已授权", "授权公告", "GRANTED"), "in_force"),
}
"""What was last published, not what is in force today: such a status is only inferred."""
