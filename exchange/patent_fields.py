"""The fields of a patent list: their labels, and the headers they are known under.

A header is compared without blanks, brackets, punctuation and case. The first name that a list has wins, so
better names stand first: the grant publication number before the earlier publication number.
"""

from dataclasses import dataclass

from exchange.headers import bare_header


@dataclass(frozen=True, slots=True)
class Field:
    """One field. A `spare` field stands in, line by line, where the main field is blank."""

    name: str
    label: str
    headers: tuple[str, ...]
    spare_for: str = ""


_FIELDS = (
    Field("application_no", "申请号", (
        "申请号", "专利申请号", "申请（专利）号", "申请专利号", "申请号/专利号", "专利号/申请号", "专利（申请）号", "申请编号",
        "application_no", "application number", "app_no", "appno", "apn", "filing_id", "filing_no", "application_id",
    )),
    Field("patent_no", "专利号", (
        "专利号", "专利证号", "专利号码", "授权专利号", "patent_no", "patent number", "patent_id",
    ), "application_no"),
    Field("title", "专利名称", (
        "专利名称", "发明名称", "发明创造名称", "名称", "专利题目", "专利标题", "标题", "题名", "发明（设计）名称", "成果名称",
        "title", "name", "patent_title", "invention_title", "patent_name",
    )),
    Field("filing_date", "申请日", (
        "申请日", "申请日期", "申请时间", "专利申请日", "专利申请日期", "filing_date", "application_date", "filed", "app_date",
    )),
    Field("grant_date", "授权公告日", (
        "授权公告日", "授权公告日期", "授权日", "授权日期", "授权时间", "公告授权日", "专利授权日",
        "authorized_announcement_date",
        "authorization_date", "grant_date", "granted", "issue_date",
    )),
    Field("publication_date", "公开（公告）日", (
        "公开（公告）日", "公开公告日", "公开/公告日", "公开日/公告日", "公告日", "公告日期", "公开日", "公开日期", "公布日",
        "申请公布日",
        "publication_date", "pub_date", "announcement_date",
    )),
    Field("publication_no", "公开（公告）号", (
        "授权公告号", "授权公告编号", "公告号", "公开（公告）号", "公开公告号", "公开/公告号", "公开号/公告号",
        "授权（公告）号",
        "authorization_notice_id", "authorized_announcement_no", "grant_no", "grant_publication_no",
        "publication_no", "publication number", "pub_no", "publication_id",
    )),
    Field("first_publication_no", "公开号", (
        "公开号", "申请公布号", "申请公开号", "公布号", "first_publication_no",
    ), "publication_no"),
    Field("owners", "专利权人", (
        "专利权人", "当前专利权人", "专利权人（当前）", "当前权利人", "权利人", "专利权人名称", "专利权人/申请人",
        "申请（专利权）人",
        "申请人/专利权人", "申请（专利权人）", "申请专利权人", "专利申请人/专利权人",
        "patentee", "patentees", "owner", "owners", "assignee", "assignees", "patent_owner",
    )),
    Field("applicants", "申请人", (
        "申请人", "专利申请人", "第一申请人", "申请人名称", "applicants", "applicant",
    ), "owners"),
    Field("inventors", "发明人", (
        "发明人", "发明（设计）人", "发明设计人", "发明人/设计人", "发明人（设计人）", "设计人", "全部发明人", "发明人名单",
        "完成人",
        "inventors", "inventor", "designer", "designers",
    )),
    Field("ipc", "分类号", (
        "IPC", "IPC分类号", "分类号", "国际分类号", "国际专利分类号", "IPC主分类号", "主分类号", "洛迦诺分类号", "专利分类号",
        "Int.Cl.", "Int.Cl", "ipc_code", "ipcs", "classification", "locarno",
    )),
    Field("address", "地址", (
        "地址", "申请人地址", "专利权人地址", "申请（专利权）人地址", "联系地址", "通讯地址", "address", "applicant_address",
    )),
    Field("kind", "专利类型", (
        "专利类型", "专利种类", "类型", "种类", "专利类别", "类别", "申请类型", "kind", "type", "patent_type",
    )),
    Field("status", "法律状态", (
        "法律状态", "当前法律状态", "最新法律状态", "专利状态", "状态", "案件状态", "有效性", "专利有效性", "权利状态",
        "专利法律状态",
        "doc_status", "status", "legal_status",
    )),
    Field("college", "院系", (
        "院系", "学院", "所属学院", "所在学院", "所属院系", "部门", "所属部门", "所在部门", "单位", "所属单位", "二级单位",
        "科室",
        "所属科室", "所在单位", "完成单位", "college", "department", "school", "faculty",
    )),
    Field("fee_paid_year", "已缴年度", (
        "已缴年度", "已缴年费年度", "年费已缴年度", "年费已缴至", "年费缴至", "年费缴至年度", "已缴至年度", "缴至年度",
        "最近缴费年度",
        "已缴至第几年度", "年费年度", "fee_paid_year", "paid_year", "annuity_year",
    )),
    Field("fee_reduction", "费用减缴", (
        "费用减缴", "费减比例", "减缴比例", "年费减缴比例", "费减", "年费减缴", "减缴", "fee_reduction",
    )),
)  # fmt: skip

NEVER = (
    "序号",
    "编号",
    "行号",
    "问题字段",
    "原因",
    "备注",
    "邮编",
    "邮政编码",
    "国省代码",
    "省份",
    "省市",
    "地区",
    "国别",
    "代理机构",
    "代理人",
    "专利代理师",
    "代理师",
    "联系人",
    "联系电话",
    "电话",
    "手机",
    "邮箱",
    "摘要",
    "权利要求",
    "关键词",
    "优先权",
    "审查员",
    "证书号",
    "受让人",
    "被许可人",
    "许可人",
    "item",
    "no",
    "id",
    "region",
    "province",
    "country",
    "postcode",
    "agent",
    "agency",
    "attorney",
    "abstract",
    "claims",
    "remark",
    "contact",
    "phone",
    "email",
    "examiner",
)
"""Headers of columns that are never one of the fields, whatever stands in them."""

FIELDS: dict[str, Field] = {field.name: field for field in _FIELDS}
REQUIRED = ("application_no", "title")

KNOWN: dict[str, tuple[str, int]] = {
    bare_header(known): (field.name, rank)
    for field in reversed(_FIELDS)
    for rank, known in reversed(list(enumerate(field.headers)))
}
"""Field and rank (0 is best) by compared header."""
IGNORED = frozenset(map(bare_header, NEVER))
