"""Bad input: printed as it is or refused with a reason; nothing rendered half, nothing fetched, nothing executed."""

import re
from base64 import b64encode
from dataclasses import replace

import pytest
from jinja2 import DictLoader

from contracts.documents import build_html, build_job
from contracts.input_problems import TemplateProblem, TextTooLong, explained
from contracts.pdf import RefusedResource, Renderer, RenderProblem
from templates import environment
from tests.cases.uploads import png_claiming
from tests.contracts.samples import LICENSEE, terms, view
from tests.contracts.test_pdf import page_texts

HOSTILE = "甲<b>乙</b>&amp;{{ 7*7 }}{% for x in y %}<script>x</script>"


def printed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("kind", ["contract", "filing_form", "power_of_attorney", "approval_form"])
def test_a_name_with_markup_or_template_code_is_printed_as_it_is(kind: str, renderer: Renderer) -> None:
    case = view(theirs=replace(LICENSEE, name=HOSTILE), patents=())
    made = renderer.render_job(build_job(kind, case))
    assert printed(HOSTILE) in printed("".join(page_texts(made)))


def test_a_clause_with_template_code_is_printed_as_it_is(renderer: Renderer) -> None:
    case = view(terms=terms(special_clauses="双方另行约定{{ t }}{% include 'x' %}<img src=x>事项"))
    made = renderer.render_job(build_job("contract", case))
    assert "另行约定{{t}}{%include'x'%}<imgsrc=x>事项" in printed("".join(page_texts(made)))


def test_a_clause_of_five_thousand_characters_is_whole(renderer: Renderer) -> None:
    parts = [f"第{n}项资料的交付地点和方式由双方另行商定，" for n in range(240)]
    lines = "\n".join("".join(parts[at : at + 30]) for at in range(0, len(parts), 30))
    assert len(lines) > 5000
    made = renderer.render_job(build_job("contract", view(terms=terms(special_clauses=lines))))
    body = printed("".join(page_texts(made)))
    furniture = r"专利实施许可合同合同编号：JZUT-ZL-2026-001|第\d+页共\d+页"
    text = re.sub(furniture, "", body)
    assert [part for part in parts if part.rstrip("，") not in text] == []


def test_a_text_of_a_hundred_thousand_characters_is_refused_and_named() -> None:
    with pytest.raises(TextTooLong, match="“案件资料 price_basis”共100000字，超过20000字"):
        build_job("contract", view(price_basis="据" * 100_000))


def test_a_page_without_end_is_refused(renderer: Renderer) -> None:
    with pytest.raises(RenderProblem, match="过大"):
        renderer.render("<p>" + "x" * 8_000_000, css_name="plain", title="甲")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (png_claiming(60_000, 60_000), "图片 logo.png 无法读取或者过大"),
        (png_claiming(9_000, 9_000), "9000×9000像素，超过4000万像素"),
        (b"GIF89a no picture", "图片 logo.png 无法读取"),
        (b"", "图片 logo.png 无法读取"),
    ],
)
def test_a_picture_that_unpacks_without_end_is_refused_by_its_header(
    data: bytes, reason: str, renderer: Renderer
) -> None:
    with pytest.raises(RefusedResource, match=re.escape(reason)):
        renderer.render(
            "<img alt='徽标' src='asset:logo.png'>", css_name="plain", title="x", assets={"logo.png": data}
        )
    inline = f"<img alt='徽标' src='data:image/png;base64,{b64encode(data).decode()}'>"
    with pytest.raises(RefusedResource, match="已拒绝"):
        renderer.render(inline, css_name="plain", title="x")


def test_a_sane_picture_is_printed(renderer: Renderer, tmp_path: object) -> None:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("L", (20, 20), 0).save(out, "PNG")
    html = "<h1>甲</h1><img alt='徽标' src='asset:logo.png'>"
    with_picture = renderer.render(html, css_name="plain", title="x", assets={"logo.png": out.getvalue()})
    assert b"/Image" in with_picture.data


def render(**files: str) -> str:
    with explained():
        return environment(loader=DictLoader(dict(files))).get_template("main").render()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"main": "甲\n乙\n{{ nobody }}"}, "第3行使用了没有的名称：'nobody' is undefined"),
        ({"main": "甲\n{% include 'part' %}", "part": "乙\n{{ a.b }}"}, "第2行使用了没有的名称"),
        ({"main": "甲\n{% if %}"}, "文书模板 main 第2行有误"),
        ({"main": "{{ ''.__class__ }}"}, "第1行"),
    ],
)
def test_a_template_that_does_not_fit_is_named_with_its_line(files: dict[str, str], said: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        render(**files)
    assert said in str(caught.value)


def test_what_is_refused_leaves_nothing_behind_in_the_renderer(renderer: Renderer) -> None:
    good = build_job("filing_form", view())
    before = renderer.render_job(good)
    for html in ("<img src='http://127.0.0.1:9/x.png'>", "<p>⌘</p>", "<a href='#nowhere'>x</a>"):
        with pytest.raises(ValueError if "⌘" in html else RenderProblem):
            renderer.render(html, css_name="plain", title="x")
    assert renderer.render_job(good) == before


def test_hostile_names_make_no_element_and_no_address() -> None:
    made = build_html(
        "contract", view(theirs=replace(LICENSEE, name="<link rel=attachment href=file:///etc/passwd>"))
    )
    assert "<link" not in made
