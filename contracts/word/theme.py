"""The smallest theme that Word accepts. No style refers to it; a file without one counts as damaged.

Source: ECMA-376 part 1 §20.1.6.9
"""

from functools import lru_cache

from contracts.word.styles import HEI, SONG

_COLORS = {
    "dk1": "000000", "lt1": "FFFFFF", "dk2": "444444", "lt2": "F3F3F3", "accent1": "1F4E79", "accent2": "7F6000",
    "accent3": "385723", "accent4": "833C0B", "accent5": "3A3A3A", "accent6": "5B2C6F", "hlink": "0563C1",
    "folHlink": "954F72",
}  # fmt: skip
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE = f'<a:ln w="6350">{_FILL}<a:prstDash val="solid"/></a:ln>'
_EFFECT = "<a:effectStyle><a:effectLst/></a:effectStyle>"


@lru_cache(maxsize=1)
def theme_xml() -> str:
    """Return the part of the theme."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    colors = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLORS.items())
    formats = (
        f"<a:fillStyleLst>{_FILL * 3}</a:fillStyleLst><a:lnStyleLst>{_LINE * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{_EFFECT * 3}</a:effectStyleLst><a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst>"
    )
    return (
        f'{head}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Panhuo">'
        f'<a:themeElements><a:clrScheme name="Panhuo">{colors}</a:clrScheme><a:fontScheme name="Panhuo">'
        f"{_fonts('major', HEI)}{_fonts('minor', SONG)}</a:fontScheme>"
        f'<a:fmtScheme name="Panhuo">{formats}</a:fmtScheme></a:themeElements></a:theme>'
    )


def _fonts(kind: str, east_asian: str) -> str:
    return (
        f'<a:{kind}Font><a:latin typeface="Times New Roman"/><a:ea typeface="{east_asian}"/><a:cs typeface=""/>'
        f"</a:{kind}Font>"
    )
