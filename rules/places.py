"""The provinces, by the short names that packs, contracts and screens use.

In: what a person or a pack calls a province. Out: its short name, 浙江; or a `ValueError` that says what to do.
"""

PROVINCES = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江",
    "上海", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南",
    "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州",
    "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆",
)  # fmt: skip
_ENDINGS = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")


def province_of(text: str) -> str:
    """Return the short name of a mainland province: 浙江省 and 浙江 are 浙江.

    Raises: ValueError with a Chinese text.
    """
    name = text.strip()
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    if name not in PROVINCES:
        raise ValueError(
            f"没有“{text.strip()}”这个省份，请写省、自治区或直辖市的简称，例如 浙江、北京、内蒙古"
        )
    return name
