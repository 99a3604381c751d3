"""The styles of a contract in Word: 标题, 条, 款, 项, 正文, tables, cover, head and foot.

宋体 for the text, 黑体 for headings, 仿宋 for notes, Times New Roman for Latin letters and figures: what every Chinese
Word and WPS has. 条 and annex headings bear outline levels, so that the navigation pane lists them.
"""

from dataclasses import dataclass
from functools import lru_cache

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SONG, HEI, FANG = "宋体", "黑体", "仿宋"


@dataclass(frozen=True, slots=True)
class Style:
    """One paragraph style; sizes in half points, `paragraph` what it sets of paragraphs, in the schema's order."""

    id: str
    name: str
    size: int = 0
    font: str = ""
    paragraph: str = ""
    is_bold: bool = False
    based_on: str = "Normal"
    color: str = ""


# Lines of running text have a fixed height, as is the custom: the pages then fall alike whatever 宋体 a machine has.
_RUNNING = 356


def _spaced(before: int = 0, after: int = 0, line: int = 0, rule: str = "auto") -> str:
    lines = f' w:line="{line}" w:lineRule="{rule}"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{lines}/>'


_CENTER, _LEFT, _RIGHT = ('<w:jc w:val="center"/>', '<w:jc w:val="left"/>', '<w:jc w:val="right"/>')
_HEADING = "<w:keepNext/><w:keepLines/>"
STYLES = (
    Style("Heading1", "heading 1", 25, HEI, f'{_HEADING}{_spaced(160, 80)}{_LEFT}<w:outlineLvl w:val="0"/>', True),
    Style("Title", "Title", 56, HEI, f"{_HEADING}{_spaced(2300, 240, 312)}{_CENTER}", True),
    Style("Article", "条", 0, "", "", False, "Heading1"),
    Style("Preamble", "鉴于", 25, HEI, f"{_HEADING}{_spaced(160, 80)}{_LEFT}", True),
    Style("Clause", "款", 0, "", f'{_spaced(0, 45, _RUNNING, "exact")}<w:ind w:left="624" w:hanging="624"/>'),
    Style("ClauseItem", "项", 0, "", f'{_spaced(0, 0, _RUNNING, "exact")}<w:ind w:left="1417" w:hanging="794"/>'),
    Style(
        "FreeText", "正文首行缩进", 0, "",
        f'{_spaced(0, 0, _RUNNING, "exact")}<w:ind w:firstLineChars="200" w:firstLine="440"/>',
    ),
    Style("Annex", "附件标题", 28, "", f"{_spaced(120, 220)}", False, "Heading1"),
    Style("Note", "注释", 18, FANG, _spaced(80, 0, 360), False, "Normal", "333333"),
    Style("TableText", "表格文字", 20, "", f"{_spaced(0, 0, 300)}{_LEFT}"),
    Style("TableSmall", "表格小字", 18, "", f"{_spaced(0, 0, 276)}{_LEFT}"),
    Style("CoverNumber", "封面编号", 22, "", _RIGHT),
    Style("CoverKind", "封面类型", 32, "", f"{_spaced(0, 1400)}{_CENTER}"),
    Style("CoverRow", "封面栏目", 25, "", f"{_spaced(120, 20, 312)}{_LEFT}"),
    Style("ContentsHead", "目录标题", 32, HEI, f"<w:pageBreakBefore/>{_spaced(0, 320)}{_CENTER}", True),
    Style("TOC1", "toc 1", 22, "", f'<w:tabs><w:tab w:val="left" w:pos="1420"/></w:tabs>{_spaced(0, 0, 400, "exact")}{_LEFT}'),
    Style("SignLead", "签署页引语", 22, "", f"{_HEADING}{_spaced(450, 230)}{_CENTER}"),
    Style("SignText", "签署栏", 21, "", f"{_spaced(40, 40, 384)}{_LEFT}"),
    Style("PartEnd", "间隔", 8, "", _spaced(0, 0, 80, "exact")),
    Style(
        "Header", "header", 18, "",
        '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="4" w:color="999999"/></w:pBdr>' + _spaced(0, 0, 240) + _LEFT,
        False, "Normal", "444444",
    ),
    Style("Footer", "footer", 18, "", f"{_spaced(0, 0, 240)}{_CENTER}", False, "Normal", "444444"),
)  # fmt: skip


@lru_cache(maxsize=1)
def styles_xml() -> str:
    """Return the part of the styles."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(SONG)}<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang '
        'w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr>'
        f'<w:widowControl/>{_spaced(0, 0, 312)}<w:jc w:val="both"/></w:pPr></w:style>'
    )
    return f"{head}<w:styles {_W}>{defaults}{normal}{''.join(map(_style, STYLES))}</w:styles>"


def _fonts(east_asian: str) -> str:
    latin = "Times New Roman"
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east_asian}" w:cs="{latin}"/>'


def _style(style: Style) -> str:
    look = _fonts(style.font) if style.font else ""
    look += "<w:b/>" if style.is_bold else ""
    look += f'<w:color w:val="{style.color}"/>' if style.color else ""
    look += f'<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>' if style.size else ""
    custom = "" if style.name.isascii() else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="{style.based_on}"/><w:qFormat/>'
        f"{f'<w:pPr>{style.paragraph}</w:pPr>' if style.paragraph else ''}"
        f"{f'<w:rPr>{look}</w:rPr>' if look else ''}</w:style>"
    )
