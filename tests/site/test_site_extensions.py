"""The site's own extensions refuse what is wrong and keep what they promise."""

import re
import struct
import xml.etree.ElementTree as ET
import zipfile
from html import unescape
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import pytest
from docutils import nodes
from docutils.utils import new_document
from math_core import LatexError
from sphinx.errors import ExtensionError

import losstheory
from losstheory_site import colours
from losstheory_site.books import epub
from losstheory_site.figures import gallery, thumbnails
from losstheory_site.html import head, preview, stylesheet
from losstheory_site.maths import mathml
from losstheory_site.names import HOUSE
from losstheory_site.pages import downloads, execution, freshness
from losstheory_site.reference import citations
from losstheory_site.values import checked_values
from pages import PAGES, ROOT, name

STYLE = ROOT / "losstheory" / "figures.mplstyle"
CSS = HOUSE / "html" / "losstheory.css"


# ---- numbers in prose


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("0.7503", "FIRST.o"),
        ("0.1406", "half_squared_error_with_logits_grad(0.0, FIRST.z)"),
        ("−0.25", "-1 / 4"),
        ("4/27", "4 / 27"),
        ("1/4", "sigmoid_grad(0.0)"),
        ("4.54e-5", "sigmoid(-10.0)"),
        ("4.54×10⁻⁵", "sigmoid(-10.0)"),
        ("4.54 × 10^-5", "sigmoid(-10.0)"),
        ("1,000,000", "10**6"),
        ("22\N{THIN SPACE}026", "np.exp(10.0)"),
        ("7 %", "0.0707"),
        ("12.3 %", "0.12349"),
        ("50", "sum([49.9])"),
    ],
)
def test_right_value_is_accepted(text: str, expression: str) -> None:
    checked_values.check(text, expression)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("0.1407", "half_squared_error_with_logits_grad(0.0, FIRST.z)"),
        ("0.750", "0.7496 - 0.0002"),
        ("4/27", "0.148148"),
        ("−0.25", "1 / 4"),
        ("4.54e-4", "sigmoid(-10.0)"),
        ("7", "0.07"),
        ("0.5", "math.nan"),
        ("0.5", "no_such_name"),
        ("0.5", "open('/dev/null')"),
        ("half", "0.5"),
    ],
)
def test_wrong_value_is_refused(text: str, expression: str) -> None:
    with pytest.raises(ValueError, match=re.escape(expression) if text != "half" else "half"):
        checked_values.check(text, expression)


def test_values_are_found_with_their_lines() -> None:
    page = "One\n\n{value}`0.5 <1 / 2>`, and\n:value:`1/4 <sigmoid_grad(\n0.0)>`."
    assert list(checked_values.find(page)) == [
        (3, "0.5", "1 / 2"),
        (4, "1/4", "sigmoid_grad( 0.0)"),
    ]
    with pytest.raises(ValueError, match="write"):
        list(checked_values.find("{value}`0.5`"))


# ---- mathematics


def mathml_of(tex: str) -> str:
    """Convert and write out, without the wrapper."""
    text = ET.tostring(mathml.to_mathml(tex, display=False), encoding="unicode")
    return re.sub(r"</?math[^>]*>|<mrow />", "", text)


def test_primes_leave_the_superscript() -> None:
    prime = '<mo lspace="0" rspace="0">′</mo>'
    assert f"<mrow><mi>σ</mi>{prime}</mrow>" in mathml_of(r"\sigma'(z)")
    assert f"<msup><mrow><mi>f</mi>{prime}</mrow><mrow><mn>2</mn></mrow></msup>" in mathml_of(
        "f'^2"
    )
    assert f"<msub><mrow><mi>e</mi>{prime}</mrow><mi>i</mi></msub>" in mathml_of("e'_i")
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in mathml_of("x^2")


@pytest.mark.parametrize("tex", [r"\bigl(1 - o\bigr)^2", "(1 - o)^2", "a(b(1 - o))^2", "[1 - o]^2"])
def test_power_of_a_bracket_has_the_whole_bracket_as_its_base(tex: str) -> None:
    [script] = mathml.to_mathml(tex, display=True).iter("msup")
    base = "".join(script[0].itertext())
    assert base == {"a": "(b(1−o))", "[": "[1−o]"}.get(tex[0], "(1−o)")
    whole = "".join(mathml.to_mathml(tex, display=True).itertext())
    assert whole == "".join(re.sub(r"\\big[lr]|[\^ ]", "", tex)).replace("-", "−")


def test_wrong_tex_is_refused() -> None:
    for tex in (r"\frac{a}{", r"\nosuchcommand", "a_b_c", r"\begin{aligned} a"):
        with pytest.raises(LatexError):
            mathml.to_mathml(tex, display=True)


def test_wide_formulas_are_told_from_narrow_ones() -> None:
    rows = r"\begin{aligned} a &= b \\ &= c + d \\ &= f \end{aligned}"
    narrow, wide = (
        r"\frac{1 + \exp(-z)}{1 + \exp(-2z)}",
        "a + b + c + d + f + g + h = i + j + k + l",
    )
    lengths = [mathml.row_length(mathml.to_mathml(t, display=True)) for t in (rows, narrow, wide)]
    assert lengths[0] < lengths[1] <= mathml.WIDE < lengths[2]


def test_long_inline_formula_may_break_before_its_relations() -> None:
    pieces = mathml.split_at_relations(mathml.to_mathml("a = b + c = d", display=False))
    assert ["".join(piece.itertext()) for piece in pieces] == ["a", "=b+c", "=d"]


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [("so ", ", and", "z,"), ("at most (", ").", "(z)."), ("so ", " is", None)],
)
def test_formula_keeps_its_punctuation(before: str, after: str, kept: str | None) -> None:
    formula = nodes.math("z", "z")
    paragraph = nodes.paragraph("", "", nodes.Text(before), formula, nodes.Text(after))
    mathml.keep_punctuation(formula)
    assert paragraph.astext() == before + "z" + after
    spans = [span.astext() for span in paragraph.findall(nodes.inline)]
    assert spans == ([] if kept is None else [kept])


# ---- references of docstrings


def test_label_of_a_reference_is_shortened() -> None:
    document = new_document("page")
    document += nodes.paragraph("", "lost ", nodes.reference("", "[R86b9f8c0c07c-1]", refuri="#r"))
    citations.ShortenLabels(document).run()
    assert document.astext() == "lost [1]"
    [link] = document.findall(nodes.reference)
    assert link["refuri"] == "#r"


# ---- figures


def house_colours() -> set[str]:
    """Read every colour of the plotting style."""
    text = re.sub(r"^#.*", "", STYLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {f"#{colour}" for colour in re.findall(r"\b[0-9a-f]{6}\b", text)}


def luminance(colour: str) -> float:
    """Compute the relative luminance that WCAG defines."""
    values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    return sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Compute the contrast ratio of two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_colour_of_the_style_has_a_dark_counterpart() -> None:
    assert house_colours() <= set(colours.TO_DARK)
    assert not set(colours.TO_DARK) & set(colours.TO_DARK.values())


def test_colours_stand_out_from_the_page() -> None:
    dark_paper = colours.TO_DARK["#ffffff"]
    for light, dark in list(colours.TO_DARK.items())[:7]:
        assert contrast(light, "#ffffff") > 4.5, light
        assert contrast(dark, dark_paper) > 4.5, dark


def test_site_and_figures_share_their_colours() -> None:
    css = dict(re.findall(r"--([a-z-]+): light-dark\((.*?)\);", CSS.read_text(encoding="utf-8")))
    cycle = re.search(r"cycler\(\"color\", \[(.*?)\]\)", STYLE.read_text(encoding="utf-8"))
    assert cycle is not None
    cycled = re.findall(r"[0-9a-f]{6}", cycle[1])
    names = ("cross-entropy", "squared-error", "third", "fourth", "fifth", "guide")
    for variable, colour in zip(names, cycled, strict=True):
        light = f"#{colour}"
        assert css[variable] == f"{light}, {colours.TO_DARK[light]}"
    assert css["ink"] == f"#1f2933, {colours.TO_DARK['#1f2933']}"
    assert css["paper"] == f"#ffffff, {colours.TO_DARK['#ffffff']}"


def scrape(tmp_path: Path, label: str) -> tuple[str, str, str]:
    """Draw one figure in the house style and scrape it."""
    with plt.style.context("losstheory.figures"):
        figure, axes = plt.subplots()
        axes.plot([0.0, 1.0], [0.0, 1.23456], label="a line")
        axes.bar([0.5], [0.5], color="C1", edgecolor="white")
        axes.legend()
        figure.set_label(label)
        block_vars = {
            "image_path_iterator": iter([str(tmp_path / "sphx_glr_plot_x_001.png")]),
            "src_file": "gallery/plot_x.py",
            "execute_script": True,
        }
        try:
            rst = gallery.scraper(SimpleNamespace(lineno=7), block_vars, {"src_dir": str(tmp_path)})
        finally:
            plt.close("all")
    light, dark = (tmp_path / f"sphx_glr_plot_x_001{end}.svg" for end in ("", "_dark"))
    return rst, light.read_text(encoding="utf-8"), dark.read_text(encoding="utf-8")


def test_scraped_figure_has_a_dark_twin(tmp_path: Path) -> None:
    rst, light, dark = scrape(tmp_path, 'A line < a "bar" & more')
    assert rst.strip() == ".. gallery-image:: /sphx_glr_plot_x_001.svg"
    assert set(colours.COLOUR.findall(light)) >= {"#0067b1", "#c94f00", "#1f2933"}
    assert not set(colours.COLOUR.findall(dark)) & set(colours.TO_DARK)
    assert colours.COLOUR.sub("", light) == colours.COLOUR.sub("", dark)
    pair = gallery.image_nodes("/sphx_glr_plot_x_001.svg", light)
    assert [image["uri"] for image in pair] == [
        "/sphx_glr_plot_x_001.svg",
        "/sphx_glr_plot_x_001_dark.svg",
    ]
    for image in pair:
        assert image["alt"] == 'A line < a "bar" & more'
        assert (image["width"], image["height"]) == ("614", "384")


def test_same_drawing_gives_the_same_bytes(tmp_path: Path) -> None:
    assert scrape(tmp_path, "A line") == scrape(tmp_path, "A line")


def test_figure_without_description_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtensionError, match=r"gallery/plot_x.py: figure \d+ .* line 7"):
        scrape(tmp_path, " ")


def test_thumbnail_keeps_the_drawing_and_no_word(tmp_path: Path) -> None:
    _, light, _ = scrape(tmp_path, 'A line < a "bar" & more')
    drawing = thumbnails.thumbnail(light, "plot_x", 'A line < a "bar" & more')
    root = ET.fromstring(drawing)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'A line < a "bar" & more'
    for colour in ("#0067b1", "#c94f00"):
        assert f"light-dark({colour},{colours.TO_DARK[colour]})" in drawing
    assert "#1f2933" in light  # the ink of letters and nothing else
    assert "#1f2933" not in drawing
    assert len(drawing) < len(light) / 3


def test_thumbnails_share_a_page(tmp_path: Path) -> None:
    _, light, _ = scrape(tmp_path, "A line")
    one, other = (ET.fromstring(thumbnails.thumbnail(light, name, "A line")) for name in "ab")
    ids = [element.attrib["id"] for root in (one, other) for element in root.iterfind(".//*[@id]")]
    assert len(ids) > 2
    assert len(ids) == len(set(ids))
    referred = set(re.findall(r"#(\w-\w+)", ET.tostring(one, encoding="unicode")))
    assert referred
    assert referred <= set(ids)
    assert not [element for element in one.iter() if element.tag == "style"]


# ---- pages


def test_page_without_code_starts_no_kernel() -> None:
    assert execution.read_page("# A page\n").metadata["mystnb"] == {"execution_mode": "off"}
    executed = execution.read_page("# A page\n\n```{code-cell} python\n1\n```\n")
    assert "mystnb" not in executed.metadata
    assert [cell.cell_type for cell in executed.cells] == ["markdown", "code"]


def test_digest_follows_package_and_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "PACKAGE", tmp_path / "package")
    monkeypatch.setattr(freshness, "RECORDS", tmp_path / "data")
    module, record = tmp_path / "package" / "losses.py", tmp_path / "data" / "record.json"
    for path in (module, record):
        path.parent.mkdir()
        path.write_text("1")
    digests = [freshness.digest(), freshness.digest()]
    for path in (module, record):
        path.write_text("2")
        digests.append(freshness.digest())
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_changed_package_forgets_scripts_and_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: Any = SimpleNamespace(srcdir=str(tmp_path))
    env: Any = SimpleNamespace(found_docs={"a", "b"})
    folder = tmp_path / "auto_gallery" / "1_one_neuron"
    folder.mkdir(parents=True)
    outdated = []
    for content in ("1", "1", "2"):
        (folder / "plot_x.py.md5").touch()
        monkeypatch.setattr(freshness, "digest", lambda content=content: content)
        freshness.rerun_scripts(app)
        pages = freshness.outdated_pages(app, env, set(), set(), set())
        outdated.append((pages, (folder / "plot_x.py.md5").exists()))
    assert outdated == [(set(), False), (set(), True), ({"a", "b"}, False)]


def test_archives_carry_no_date_of_today(tmp_path: Path) -> None:
    path = tmp_path / "auto_gallery" / "plot_x.zip"
    path.parent.mkdir()
    (tmp_path / "plot_x.py").write_text("1")
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "plot_x.py", "plot_x.py")
    app: Any = SimpleNamespace(srcdir=str(tmp_path))
    freshness.date_archives(app)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("plot_x.py") == b"1"
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_reference_documents_every_public_name_once() -> None:
    pages = [path for path in PAGES if "reference/api" in path.as_posix()]
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    documented = re.findall(r"^\.\. (?:auto\w+|data):: ([^\n]+(?:\n {10}\w+)*)", text, re.MULTILINE)
    names = [each for group in documented for each in group.split() if each != "losstheory"]
    assert sorted(names) == sorted(losstheory.__all__)


def test_description_is_what_a_page_teaches_or_its_first_whole_sentences() -> None:
    document = new_document("page.md")
    page = nodes.section("", nodes.title("", "Title"), nodes.paragraph("", "A start:"))
    document += page
    assert head.describe(document) == ""
    page += nodes.paragraph("", "A confident mistake is unlearnt slowly. " * 9)
    description = head.describe(document)
    assert description.startswith("A confident")
    assert description.endswith("slowly.")
    assert 40 < len(description) < 250
    page.insert(1, nodes.paragraph("", "You need derivatives, the chain rule and some patience."))
    assert head.describe(document) == description
    page.insert(1, nodes.admonition("", nodes.paragraph("", "You will learn\nhow.")))
    assert head.describe(document) == "You will learn how."


def preview_tags(site: str) -> dict[str, str]:
    """Return the tags of one page, for a site that is published there."""
    config = SimpleNamespace(root_doc="index", html_title="site", html_baseurl=site)
    builder = SimpleNamespace(get_target_uri="{}.html".format)
    app: Any = SimpleNamespace(config=config, builder=builder)
    found = preview.tags(app, "learn/page", "A < B", 'It\'s "so".')
    pairs = (re.findall(r'"([^"]*)"', tag) for tag in found)
    return {key: unescape(value) for key, value in pairs}


@pytest.mark.parametrize("site", ["https://example.org/lt", "https://example.org/lt/"])
def test_link_preview_has_whole_addresses(site: str) -> None:
    found = preview_tags(site)
    assert found["og:title"] == "A < B"
    assert found["description"] == found["og:description"] == 'It\'s "so".'
    assert found["og:url"] == "https://example.org/lt/learn/page.html"
    assert found["og:image"] == "https://example.org/lt/_static/preview.png"
    assert found["twitter:card"] == "summary_large_image"
    assert len(found["og:image:alt"].split()) > 8


def test_link_preview_of_a_site_without_address_has_no_picture() -> None:
    assert not [key for key in preview_tags("") if key.startswith(("og:image", "og:url"))]


def test_picture_of_link_previews_has_the_size_that_is_declared(tmp_path: Path) -> None:
    preview.draw(tmp_path / "one.png")
    preview.draw(tmp_path / "two.png")
    picture = (tmp_path / "one.png").read_bytes()
    assert picture == (tmp_path / "two.png").read_bytes()
    assert struct.unpack(">II", picture[16:24]) == (preview.WIDTH, preview.HEIGHT)
    assert len(picture) < 150_000
    assert not plt.get_fignums()


def test_keyboard_reaches_what_scrolls() -> None:
    body = head.mend(f"<pre>{'x' * 60}</pre><pre>short</pre>")
    assert body == f'<pre tabindex="0">{"x" * 60}</pre><pre>short</pre>'


def test_empty_corner_of_a_table_is_no_header() -> None:
    row = '<th class="head"><p></p></th>\n<th class="head"><p>loss</p></th>'
    assert head.mend(row) == '<td class="head"><p></p></td>\n<th class="head"><p>loss</p></th>'


def test_fonts_cover_the_letters_of_formulas(tmp_path: Path) -> None:
    page = "<style>ж</style><p>caf&eacute;</p><math><mi>σ</mi><mi>h</mi><mi>exp</mi></math>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    used = stylesheet.characters(tmp_path)
    assert {*map(ord, "caféσ𝜎ℎ")} <= used
    assert ord("ж") not in used


def test_heading_levels_do_not_jump() -> None:
    for page in PAGES:
        text = re.sub(
            r"^(```+|:::+).*?^\1",
            "",
            page.read_text(encoding="utf-8"),
            flags=re.MULTILINE | re.DOTALL,
        )
        levels = [len(mark) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)]
        assert levels[:1] == [1], name(page)
        assert all(after - before <= 1 for before, after in pairwise(levels)), name(page)


# ---- the book


def test_book_declares_its_mathematics(tmp_path: Path) -> None:
    table = (
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="epub-1" href="a.xhtml" media-type="application/xhtml+xml" />'
        '<item id="epub-2" href="b.xhtml" media-type="application/xhtml+xml" />'
    )
    with zipfile.ZipFile(tmp_path / "losstheory.epub", "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for chapter, text in (("nav", "<math>"), ("a", "<p>"), ("b", "<math>")):
            archive.writestr(f"{chapter}.xhtml", text)
        archive.writestr("content.opf", table)
    builder = SimpleNamespace(name="epub")
    config = SimpleNamespace(epub_basename="losstheory")
    app: Any = SimpleNamespace(builder=builder, config=config, outdir=str(tmp_path))
    epub.declare(app, None)
    with zipfile.ZipFile(tmp_path / "losstheory.epub") as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        lines = archive.read("content.opf").decode().replace("<item", "\n<item").split("\n")[1:]
    assert ['properties="mathml"' in line for line in lines] == [False, False, True]


def test_book_leaves_what_it_cannot_show() -> None:
    kept = '<svg viewBox="0 0 1 1"><path/></svg><mfrac displaystyle="false"><mn>1</mn></mfrac>'
    assert epub.UNWANTED.sub("", kept) == "<mfrac><mn>1</mn></mfrac>"


# ---- pages to take along

EXECUTED = [path for path in PAGES if "{code-cell}" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", EXECUTED, ids=name)
def test_page_becomes_a_plain_notebook(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    notebook = downloads.notebook_of(page)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    prose = re.sub(r"^(```+).*?^\1", "", prose, flags=re.MULTILINE | re.DOTALL)
    assert not re.search(r"\{[a-z:-]+\}`|^ *:::|^\(.*\)=$", prose, re.MULTILINE)
    assert prose.count("$$") == 2 * len(re.findall(r"^ *```\{math\}", page, re.MULTILINE))
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) == len(re.findall(r"^```+\{code-cell\}", page, re.MULTILINE))
    compile(downloads.script_of(notebook), path.stem, "exec")


def test_notebook_says_what_the_page_says() -> None:
    markdown = """(claim-s04)=
:::{admonition} You will learn
:class: tip
A number {value}`0.25 <sigmoid_grad(0.0)>`, see {eq}`eq-e` and {func}`~losstheory.sigmoid`.
:::

```{math}
:label: eq-e
% stated: why
e = 1
```"""
    assert downloads.plain(markdown) == (
        "**You will learn**\nA number 0.25, see (eq-e) and `losstheory.sigmoid`.\n\n$$\ne = 1\n$$"
    )
