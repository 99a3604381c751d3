"""PDF from HTML: with `contracts.typesetting` the one place that knows WeasyPrint.

In: HTML text and the names of style sheets in `templates/contracts`. Out: bytes of a tagged PDF (written as
PDF/A-3a and PDF/UA-1), the same for the same input. Only `data:` addresses and assets handed in are read; a
character without glyph or a refused resource is an error, never a blank.
"""

import gc
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import RLock
from typing import Any, NoReturn

import cssselect2  # type: ignore[import-untyped]  # It has no annotations.
import weasyprint
import weasyprint.html as weasyprint_html
from PIL import Image
from weasyprint.css.counters import CounterStyle
from weasyprint.layout import preferred
from weasyprint.text import ffi
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from contracts import mincontent
from contracts.annex.engine import render_with_tables
from contracts.annex.setting import AnnexProblem
from contracts.fonts.build import default_folder, prepare
from contracts.glyphs import MissingGlyph
from contracts.jobs import NO_PARTICULARS, Particulars
from contracts.jobs import RenderedPdf as RenderedPdf
from contracts.jobs import RenderJob as RenderJob
from contracts.jobs import RenderProblem as RenderProblem
from contracts.typesetting import faster, identity, justification, parsing, tags, writing
from contracts.typesetting.identity import VARIANT, describe, finish

STYLES = Path(__file__).resolve().parent.parent / "templates" / "contracts"
_GC_THRESHOLD = (50_000, 20, 100)
_MOST_PIXELS = 40_000_000  # A sheet of A4 at 600 dots per inch has 35 million.
_LONGEST_PAGE = 8_000_000  # Characters of HTML.
_LOG = logging.getLogger("weasyprint")
_LOCK = RLock()


class RefusedResource(RenderProblem):
    """A document that asked for a file or an address outside itself."""


class _Refused(FatalURLFetchingError):  # type: ignore[misc]  # WeasyPrint has no annotations.
    """How a refusal leaves WeasyPrint, which swallows ordinary exceptions of a fetcher."""


class _Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no annotations.
    """Reads `data:` addresses and named assets, and refuses everything else."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
        self._assets = assets
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url[:11].lower() == "data:image/" and not url[11:].lower().startswith("svg"):
            data = super().fetch(url, headers).read()
            self._check_picture(url[:40], data)
            return URLFetcherResponse(
                url, data, {"Content-Type": url[5:].partition(";")[0].partition(",")[0]}
            )
        if url[:5].lower() == "data:":
            return super().fetch(url, headers)
        name = url.removeprefix("asset:")
        if name == url or name not in self._assets:
            self._refuse(f"文书引用了外部资源 {url[:120]}，已拒绝。文书只能使用随产品提供的资源。")
        is_drawing = name.endswith(".svg")
        if not is_drawing:
            self._check_picture(name, self._assets[name])
        kind = "image/svg+xml" if is_drawing else "image/png"
        return URLFetcherResponse(url, self._assets[name], {"Content-Type": kind})

    def _check_picture(self, name: str, data: bytes) -> None:
        """Look at a picture's header before anything is unpacked."""
        try:
            with Image.open(BytesIO(data)) as picture:
                width, height = picture.size
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            self._refuse(f"图片 {name} 无法读取或者过大，已拒绝：{type(error).__name__}。")
        if width * height > _MOST_PIXELS:
            self._refuse(f"图片 {name} 为{width}×{height}像素，超过4000万像素，已拒绝。请缩小后重试。")

    def _refuse(self, reason: str) -> NoReturn:
        self.refused.append(reason)
        raise _Refused(reason)


class _Page(weasyprint.HTML):  # type: ignore[misc]  # WeasyPrint has no annotations.
    """A page under the release's own style sheet, without the rules for footnotes, which no document has.

    Those rules apply to every element, so that each would get five more computed styles.
    """

    def __init__(self, html: str, fetcher: _Fetcher) -> None:
        tree = parsing.parse(html)
        if tree is None:
            super().__init__(string=html, url_fetcher=fetcher, base_url="asset:/")
            return
        self.base_url, self.url_fetcher, self.media_type = "asset:/", fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[weasyprint.CSS]:
        return [_lean_sheet()] if not forms else list(super()._ua_stylesheets(forms))


class _Listener(logging.Handler):
    """Keeps what WeasyPrint warned about during one document."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class Renderer:
    """A warm renderer. Style sheets, fonts and counters are read once; use it for many documents.

    Safe to share between threads: one document is rendered at a time.

    Raises: FontProblem from the constructor if the fonts cannot be made ready.
    """

    def __init__(self, fonts: Path | None = None) -> None:
        self.fonts = prepare(fonts or default_folder())
        mincontent.apply(weasyprint.__version__, preferred)
        faster.apply(weasyprint.__version__)
        justification.apply(weasyprint.__version__)
        writing.apply()
        identity.apply()
        tags.apply()
        with _private_fonts(self.fonts):
            self._font_config = FontConfiguration()
        self._counters = CounterStyle()
        self._sheets: dict[str, weasyprint.CSS] = {}
        self._warm = False

    def render(
        self,
        html: str,
        *,
        css_name: str,
        title: str,
        attachments: Mapping[str, bytes] | None = None,
        assets: Mapping[str, bytes] | None = None,
        particulars: Particulars = NO_PARTICULARS,
    ) -> RenderedPdf:
        """Render one document. The same input gives the same bytes.

        Raises: MissingGlyph, RefusedResource, RenderProblem.
        """
        return self.render_job(RenderJob(html, css_name, title, attachments, assets, particulars=particulars))

    def render_job(self, job: RenderJob) -> RenderedPdf:
        """Render a job; as `render`."""
        if not job.tables:
            return self._body(job)
        with _LOCK:
            try:
                data, pages = render_with_tables(
                    job.html, job.tables, self.fonts, lambda html: self._body(replace(job, html=html)).data
                )
            except AnnexProblem as error:
                raise RenderProblem(str(error)) from error
        return RenderedPdf(data, pages, sha256(data).hexdigest())

    def _body(self, job: RenderJob) -> RenderedPdf:
        """Render what WeasyPrint sets: all of a document but its long tables."""
        if len(job.html) > _LONGEST_PAGE:
            raise RenderProblem(f"文书“{job.title}”过大（{len(job.html)}字），未生成。请减少内容或分册。")
        fetcher = _Fetcher({**_style_assets(), **(job.assets or {})})
        with _LOCK, _listening() as heard:
            try:
                data, pages = self._render(job, fetcher)
            except _Refused:
                data, pages = b"", 0
            except (ValueError, TypeError, AssertionError, RecursionError, KeyError) as error:
                raise RenderProblem(
                    f"文书“{job.title}”排版失败：{type(error).__name__}。请联系管理员。"
                ) from error
            _check_fetched(fetcher.refused)
            _check_heard(heard.records, job.title)
        if not self._warm:
            tune_collector()
            self._warm = True
        return RenderedPdf(data, pages, sha256(data).hexdigest())

    def _render(self, job: RenderJob, fetcher: _Fetcher) -> tuple[bytes, int]:
        document = _Page(job.html, fetcher).render(
            font_config=self._font_config,
            counter_style=self._counters,
            stylesheets=[self._sheet(name) for name in job.css_name.split("+")],
            pdf_variant=VARIANT,
        )
        if document.metadata.attachments:
            raise RefusedResource(f"文书“{job.title}”从正文引用附件，已拒绝。附件只能由系统附加。")
        tags.set_apart(document)
        describe(document, job.title, job.particulars, job.attachments or {})
        return document.write_pdf(pdf_variant=VARIANT, finisher=finish), len(document.pages)

    def _sheet(self, name: str) -> weasyprint.CSS:
        if name not in self._sheets:
            if not name.isidentifier():
                raise RenderProblem(f"样式名称“{name}”不正确。")
            text = (STYLES / f"{name}.css").read_text(encoding="utf-8")
            self._sheets[name] = weasyprint.CSS(
                string=text,
                url_fetcher=_Fetcher(_style_assets()),
                base_url="asset:/",
                font_config=self._font_config,
                counter_style=self._counters,
            )
        return self._sheets[name]


def engine_status() -> tuple[tuple[str, bool, str], ...]:
    """Return what the doctor checks of the PDF engine: (name, whether it is fine, Chinese remark)."""
    subset = ffi.harfbuzz_subset is not None
    linear = mincontent.is_applicable(weasyprint.__version__)
    return (
        ("weasyprint", weasyprint.__version__ == "70.0", f"版本 {weasyprint.__version__}，要求 70.0"),
        (
            "harfbuzz-subset",
            subset,
            "已加载" if subset else "未加载：请安装 libharfbuzz-subset0，否则生成很慢",
        ),
        ("linear-min-content", linear, "已启用" if linear else "当前版本不适用，超长表格单元可能很慢"),
    )


def tune_collector() -> None:
    """Move what lives long out of the garbage collector's way, and let it run more rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLD)


@lru_cache(maxsize=1)
def _lean_sheet() -> weasyprint.CSS:
    lines = weasyprint_html.UA.splitlines()
    kept = [line for line in lines if not line.lstrip().startswith(("::footnote", "::note"))]
    return weasyprint.CSS(string="\n".join(kept), counter_style=CounterStyle())


@lru_cache(maxsize=1)
def _style_assets() -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in STYLES.glob("*.svg")}


@contextmanager
def _private_fonts(folder: Path) -> Iterator[None]:
    """Let fontconfig see the product's own fonts alone, while a font configuration is made."""
    with _LOCK:
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


@contextmanager
def _listening() -> Iterator[_Listener]:
    listener = _Listener()
    _LOG.addHandler(listener)
    propagated, _LOG.propagate = _LOG.propagate, False
    try:
        yield listener
    finally:
        _LOG.removeHandler(listener)
        _LOG.propagate = propagated


def _check_fetched(refused: list[str]) -> None:
    """Make an error of a refusal, also of one that WeasyPrint swallowed inside a picture.

    Raises: RefusedResource.
    """
    for reason in refused:
        raise RefusedResource(reason)


def _check_heard(records: list[logging.LogRecord], title: str) -> None:
    """Turn warnings that mean a wrong document into errors.

    Raises: MissingGlyph, RenderProblem.
    """
    for record in records:
        arguments: Any = record.args
        if str(record.msg).startswith(".notdef glyph"):
            raise MissingGlyph(str(arguments[0]), title)
        if str(record.msg).startswith(("Failed to", "No anchor", "Content discarded: target")):
            raise RenderProblem(f"文书“{title}”引用了不存在的资源或条款：{record.getMessage()[:200]}")
