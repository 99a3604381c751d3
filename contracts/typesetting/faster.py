"""Less work for the same bytes: what the one WeasyPrint release checked computes again and again.

Functions are replaced by ones that remember, per computed style, what cannot change: lengths without percentages,
square corners, whether a box is in normal flow, the height of a line, Pango's context and font description. Pages under
the same rules share their styles. A text that was shaped for layout is drawn as it was shaped, not shaped anew.
`revert` takes everything back; a test holds the bytes equal.
"""

from typing import Any

from weasyprint.css.functions import check_math
from weasyprint.formatting_structure import boxes
from weasyprint.layout import (
    absolute,
    background,
    block,
    column,
    flex,
    grid,
    inline,
    page,
    percent,
    preferred,
    replaced,
    table,
)
from weasyprint.layout import float as floats
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango
from weasyprint.text.fonts import font_features, get_font_description
from weasyprint.text.line_break import Layout, unicode_to_char_p

VERSION = "70.0"
_LENGTHS = (
    "margin_left", "margin_right", "margin_top", "margin_bottom", "padding_left", "padding_right", "padding_top",
    "padding_bottom", "width", "min_width", "max_width", "height", "min_height", "max_height",
)  # fmt: skip
_BORDERS = ("border_top_width", "border_right_width", "border_bottom_width", "border_left_width")
_FEATURES = (
    "font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric",
    "font_variant_alternates", "font_variant_east_asian", "font_feature_settings",
)  # fmt: skip
_LAYOUTS = (absolute, block, column, flex, floats, grid, inline, page, preferred, replaced, table)
_CORNERS = tuple(
    f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
)
_SQUARE = dict.fromkeys(_CORNERS, (0, 0))
_BREAKS = ("\n", "\r", "\u2028", "\u2029", "\t")


def is_applicable(version: str) -> bool:
    """Say whether this release is the one that was checked."""
    return version == VERSION


def apply(version: str) -> bool:
    """Put the remembering functions in place; say whether they are."""
    if not is_applicable(version):
        return False
    for owner, name, replacement in _REPLACEMENTS:
        setattr(owner, name, replacement)
    return True


def revert() -> None:
    """Put the release's own functions back."""
    for (owner, name), original in _RELEASE.items():
        setattr(owner, name, original)


def _is_in_normal_flow(box: Any) -> bool:
    known = box.style.__dict__
    if "in_flow" not in known:
        known["in_flow"] = _RELEASE[boxes.Box, "is_in_normal_flow"](box)
    return bool(known["in_flow"])


def _resolve_percentages(box: Any, containing_block: Any) -> None:
    style = box.style
    known = style.__dict__
    if "lengths" not in known:
        known["lengths"] = _plain_lengths(style)
    lengths = known["lengths"]
    if lengths is None:
        _RELEASE[percent, "resolve_percentages"](box, containing_block)
        return
    fixed, borders = lengths
    held = box.__dict__
    held.update(fixed)
    if style["border_collapse"] == "collapse":
        for name, width in borders.items():
            if not hasattr(box, name):
                held[name] = width
    else:
        held.update(borders)


def _plain_lengths(style: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the used lengths of a style, or None if they depend on what is around or on padding."""
    if style["box_sizing"] != "content-box":
        return None
    fixed: dict[str, Any] = {}
    for name in _LENGTHS:
        value = style[name]
        if value is None or value == "auto":
            fixed[name] = 0 if value == "auto" and name in ("min_width", "min_height") else value
        elif check_math(value) or getattr(value, "unit", "%") == "%":
            return None
        else:
            fixed[name] = value.value
    return fixed, {name: style[name] for name in _BORDERS}


def _set_up(layout: Any, style: Any) -> None:
    known = style.__dict__
    if "shaping" not in known:
        known["shaping"] = _shaping(style)
    if known["shaping"] is None:
        _RELEASE[Layout, "setup"](layout, style)
        return
    context, layout.language, description = known["shaping"]
    layout.style = style
    layout.first_line_direction = 0
    layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, description)
    layout.ascent = layout.underline_position = layout.strikethrough_position = None


def _shaping(style: Any) -> tuple[Any, Any, Any] | None:
    """Return Pango's context, language and font of a style, or None if it needs more than these."""
    special = style["font_language_override"] != "normal" or style["text_decoration_line"] != "none"
    if special or font_features(*(style[name] for name in _FEATURES)):
        return None
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    if style["lang"]:
        tag, _ = unicode_to_char_p(style["lang"])
        language = pango.pango_language_from_string(tag)
        pango.pango_context_set_language(context, language)
    else:
        language = pango.pango_language_get_default()
    return context, language, get_font_description(style)


def _put_text(layout: Any, text: str, justify: bool = False) -> None:
    """Set a text; one without breaks as the single paragraph that it is drawn as, so that it keeps its shape."""
    if not any(mark in text for mark in _BREAKS):
        pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    _RELEASE[Layout, "set_text"](layout, text, justify)


def _keep(layout: Any) -> None:
    """Keep the shaped text from layout to drawing; give it up after."""
    if getattr(layout, "was_drawn", False) or layout.justification_spacing or layout.style["word_spacing"]:
        _RELEASE[Layout, "deactivate"](layout)


def _use(layout: Any, style: Any) -> None:
    layout.was_drawn = True
    if not hasattr(layout, "layout"):
        _RELEASE[Layout, "reactivate"](layout, style)
    elif (
        layout.style is not style
        or any(mark in layout.text for mark in _BREAKS)
        or pango.pango_layout_get_line_readonly(layout.layout, 1) != ffi.NULL
    ):
        _RELEASE[Layout, "deactivate"](layout)
        _RELEASE[Layout, "reactivate"](layout, style)


def _strut(style: Any) -> Any:
    known = style.__dict__
    if "strut" not in known:
        known["strut"] = _RELEASE[inline, "strut"](style)
    return known["strut"]


def _resolve_radii(box: Any) -> None:
    known = box.style.__dict__
    if "is_square" not in known:
        known["is_square"] = all((0, "px") in box.style[name] for name in _CORNERS)
    if known["is_square"]:
        box.__dict__.update(_SQUARE)
    else:
        _RELEASE[background, "resolve_radii_percentages"](box)


def _set_page_styles(page_type: Any, html: Any, style_for: Any) -> None:
    """Compute the styles of a page and its margins, or take those of a page under the same rules."""
    cascaded = style_for.get_cascaded_styles()
    computed = style_for.get_computed_styles()
    cascaded.clear()
    style_for.add_page_declarations(page_type)
    key = tuple(
        (place, tuple((name, id(value)) for name, (value, _) in found.items()))
        for (_, place), found in cascaded.items()
    )
    shared = style_for.__dict__.setdefault("page_styles", {})
    if key not in shared:
        _RELEASE[page, "set_page_type_computed_styles"](page_type, html, style_for)
        places = {None, *(place for _, place in cascaded)}
        shared[key] = {place: computed[page_type, place] for place in places}
    for place, style in shared[key].items():
        computed[page_type, place] = style


_REPLACEMENTS: tuple[tuple[Any, str, Any], ...] = (
    *((module, "resolve_percentages", _resolve_percentages) for module in (percent, *_LAYOUTS)
      if hasattr(module, "resolve_percentages")),
    (background, "resolve_radii_percentages", _resolve_radii),
    (boxes.Box, "is_in_normal_flow", _is_in_normal_flow),
    (inline, "strut", _strut),
    (page, "set_page_type_computed_styles", _set_page_styles),
    (Layout, "setup", _set_up),
    (Layout, "set_text", _put_text),
    (Layout, "deactivate", _keep),
    (Layout, "reactivate", _use),
)  # fmt: skip
_RELEASE = {(owner, name): getattr(owner, name) for owner, name, _ in _REPLACEMENTS}
