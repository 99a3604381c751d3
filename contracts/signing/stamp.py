"""What a visible signature shows: a small page in Chinese, set in the product's own fonts."""

from contracts.jobs import RenderJob
from templates import environment

TEMPLATE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>电子签名</title></head>
<body><section class="stamp"><h1>电子签名</h1><p>{{ signer }}</p><p>{{ moment }}</p><p>证书编号：{{ serial }}</p>
</section></body></html>"""


def stamp_job(signer: str, moment: str, serial: str) -> RenderJob:
    """Return the render job of a stamp: who signs, when, and under which certificate."""
    words = {"signer": signer[:60], "moment": moment, "serial": serial[:24]}
    return RenderJob(environment().from_string(TEMPLATE).render(words), "stamp", "电子签名")
