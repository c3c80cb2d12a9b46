"""What we rely on though nobody has promised it: names that are private or undocumented.

Each row names the test that fails when the name is gone or has lost its effect. Whoever updates a
library and sees one fail finds here where to look.

==============  ====================================  ======================  ======================
Whose           What                                  Where, and what for     Test
==============  ====================================  ======================  ======================
Sphinx          env.toctree_includes                  used_in: reading order  reading_order
Sphinx          util.math.get_node_equation_number    mathml: numbers         its_number
Sphinx          addnodes.start_of_file, id="document- paper: chapters         chapters
Sphinx          content.opf, <item id="epub-          epub: MathML declared   epub_is_plain
Sphinx          context: css_files, script_files      head: what is loaded    page_loads, one_style
Matplotlib      tspan of each letter, its x and style drawing: words          letters_of_a_formula
Sphinx          search.IndexBuilder, _titles          search: sections        keeps_the_sections
Sphinx          searchindex.js, language_data.js      search: scorer          of_sections
docutils        roles of bibliographies               head: deprecated        what_we_mend
furo            math-wrapper                          mathml: one anchor      its_number
furo            furo_navigation_tree, metatags        head: roles, viewport   theme_says
furo            asides of page.html                   _templates: their names theme_says
furo            styles/*.css, scripts/furo.js         stylesheet, head        one_style, page_loads
furo            data-theme, no-js                     losstheory.css          theme_says
sphinx-gallery  gen_gallery._import_matplotlib        freshness: 0.3 s        matplotlib_waits
sphinx-gallery  *.md5 beside the scripts              freshness: rerun        reads_again
sphinx-gallery  images/sphx_glr_NAME_001.svg, thumb/  gallery, thumbnails     thumbnail_stands
sphinx-gallery  code_links_block                      search: no code         of_sections
sphinx-gallery  sg-tag-list, tooltip                  head, epub              what_we_mend
sphinx-design   sd-summary-*, sd-tab-set              epub, head              what_a_book_leaves_out
MyST-NB         core.read, metadata.source_map        execution: cells        cells_share
Matplotlib      <dc:title>, ids text_ and legend_     gallery, thumbnails     thumbnail_stands
math-core       displaystyle of mfrac, scriptlevel    epub                    what_a_book_leaves_out
==============  ====================================  ======================  ======================
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from losstheory_site.books import epub
from losstheory_site.html import head
from losstheory_site.names import DOCS
from small_site import Build, Built


def test_table_names_tests_that_exist() -> None:
    rows = (__doc__ or "").split("==\n")[2].splitlines()[:-1]
    files = Path(__file__).parent.glob("test_*.py")
    tests = "\n".join(path.read_text(encoding="utf-8") for path in files)
    names = set(re.findall(r"^def (test_\w+)", tests, re.MULTILINE))
    wanted = [word.strip() for row in rows for word in row[78:].split(",")]
    assert len(wanted) > 20
    assert [word for word in wanted if not any(word in name for name in names)] == []


def test_theme_says_what_we_change(small: Built) -> None:
    context = small.bodies["learn/page"]
    assert ' role="heading"' in context["furo_navigation_tree"]
    assert head.VIEWPORT.search(context["metatags"])
    page = small("learn/page.html")
    assert '<aside aria-label="Site" class="sidebar-drawer"' in page
    assert '<aside aria-label="This page" class="toc-drawer' in page
    assert page.count('<meta name="viewport"') == 1
    assert ' role="heading"' not in page
    assert re.search(r"<html[^>]* class=\"no-js\"", page)
    assert "document.body.dataset.theme" in page


def test_what_we_mend_is_still_written(small: Built) -> None:
    bodies = "".join(context.get("body", "") for context in small.bodies.values())
    assert [written for written in head.MENDS if written not in bodies] == []
    pages = "".join(page.read_text(encoding="utf-8") for page in small.out.rglob("*.html"))
    assert [written for written in head.MENDS if written in pages] == []
    scripts = {
        str(s.filename) for context in small.bodies.values() for s in context["script_files"]
    }
    used = [name for name in head.SCRIPTS if not any(script.endswith(name) for script in scripts)]
    assert used == []


def test_what_a_book_leaves_out_is_still_written(site_of_its_own: Build) -> None:
    built = site_of_its_own("epub")
    bodies = "".join(context.get("body", "") for context in built.bodies.values())
    assert [part for part in epub.UNWANTED if not re.search(part, bodies, re.DOTALL)] == []


def test_matplotlib_waits_for_a_script_to_draw() -> None:
    """Sphinx-gallery asks for it when it starts, by the name that we replace."""
    code = """
import sys
import sphinx_gallery.gen_gallery as gallery
called = []
gallery._import_matplotlib = lambda: called.append(True)
scraper = "losstheory_site.figures.gallery.scraper"
gallery._fill_gallery_conf_defaults({"image_scrapers": (scraper,)})
assert called, "another name imports matplotlib"
assert "matplotlib" not in sys.modules, "something else imports matplotlib"
"""
    environment = {**os.environ, "PYTHONPATH": str(DOCS / "_ext")}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_reading_order_is_that_of_the_contents(small: Built) -> None:
    page = small("reference/api/index.html")
    line = page[page.index('class="used-in"') :]
    assert line.index("A page of everything") < line.index("Draw a line")


def test_pages_are_named_once(small: Built) -> None:
    made = [path.relative_to(small.out).as_posix() for path in small.out.rglob("*")]
    made += [path.as_posix() for path in (small.source / "docs").rglob("*")]
    assert len({name.casefold() for name in made}) == len(made)  # on disks that fold case
