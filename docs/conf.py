"""The site: what Sphinx is told. Run it by ``nox -s docs``."""

import importlib.metadata
import os
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

sys.path.append(str(Path(__file__).parent / "_ext"))  # our own extensions

project = "losstheory"
version = release = importlib.metadata.version(project)
author = "The losstheory authors"
copyright = author
html_title = "losstheory"
language = "en"
root_doc = "index"
exclude_patterns = ["_build", "auto_gallery/**/*.ipynb", "**/*.zip", "data", "_ext", "_fonts"]
nitpicky = True
numfig = True
numfig_secnum_depth = 0
templates_path = ["_templates", "_ext/losstheory_site/search"]

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx.ext.intersphinx",
    "sphinx_gallery.gen_gallery",
    "sphinx_design",
    "sphinx_copybutton",
    "sphinxcontrib.bibtex",
    "notfound.extension",
    "sphinx_reredirects",
    # Ours, in _ext/.
    "eqcheck",
    "losstheory_site",
]

# Pages: MyST, executed while they are read.
myst_enable_extensions = [
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
    "fieldlist",
    "smartquotes",
]
myst_heading_anchors = 3
myst_dmath_double_inline = True
nb_custom_formats = {".md": ["losstheory_site.pages.execution.read_and_execute", {}, False]}
nb_execution_mode = "off"  # reading a page executes it
nb_merge_streams = True

# Mathematics, made into MathML at build time.
html_math_renderer = "mathml"
math_eqref_format = "({number})"
mathml_macros: dict[str, str] = {}

# The check of equations: eqcheck.toml holds its settings.
eqcheck_style = False  # the stylesheet of the site styles its marks

# The gallery: drawn at build time.
sphinx_gallery_conf = {
    "examples_dirs": "../gallery",
    "gallery_dirs": "auto_gallery",
    "filename_pattern": r"plot_",
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": ("losstheory_site.figures.gallery.scraper",),
    "backreferences_dir": None,
    "reference_url": {"losstheory": None},
    "inspect_global_variables": False,
    "parallel": True,  # as many scripts at once as Sphinx is told to run jobs
    "remove_config_comments": True,
    "show_signature": False,
    "show_memory": False,
    "min_reported_time": 1e9,
    "write_computation_times": False,
    "ignore_repr_types": r"matplotlib",
    "download_all_examples": False,
}

# The reference: from docstrings.
autosummary_generate = False
autodoc_preserve_defaults = True  # "base=math.e" says more than its digits
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_xref_param_type = True
numpydoc_xref_ignore = {
    "K",
    "d",
    "e",
    "n",
    "steps",
    "optional",
    "default",
    "or",
    "of",
    "shape",
    "keyword-only",
}
numpydoc_xref_aliases = {
    "Loss": "losstheory.Loss",
    "Case": "losstheory.Case",
    "History": "losstheory.History",
}
bibtex_bibfiles = ["reference/references.bib"]
bibtex_default_style = "plain"
bibtex_reference_style = "author_year"

# Inventories lie beside this file, so that a build needs no network; the links work online.
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", "_inventories/python.inv"),
    "numpy": ("https://numpy.org/doc/stable", "_inventories/numpy.inv"),
}

# Where the site is published, if it is: search engines and link previews want whole addresses.
html_baseurl = os.environ.get("SITE_URL", "")
if html_baseurl:
    extensions.append("sphinx_sitemap")
sitemap_url_scheme = "{link}"
sitemap_excludes = ["404.html", "genindex.html", "search.html"]
# 404.html names everything from the top of the server; _templates/page.html mends that on disk.
notfound_urls_prefix = urlsplit(html_baseurl).path.rstrip("/") + "/"

# Pages that have moved: the old address leads to the new one, and keeps what stands behind its "#".
redirects = {
    "learn/sigmoid-slope": "../beyond/vanishing-gradients.html",
}

# The search: Sphinx's index, of sections, and what ranks them.
SEARCH = Path(__file__).parent / "_ext" / "losstheory_site" / "search"
html_search_scorer = str(SEARCH / "scorer.js")
search_synonyms = tomllib.loads((SEARCH / "synonyms.toml").read_text(encoding="utf-8"))

# The foot of each page offers the same lines as the page that tells how to cite.
CITE = (Path(__file__).parent / "reference" / "cite.md").read_text(encoding="utf-8")
html_context = {"bibtex": CITE.partition("```bibtex\n")[2].partition("```")[0]}

# Where readers who run an example in the page fetch Python from, unless it lies beside the site
# (`nox -s pyodide`); every file is known by its hash.
live_pyodide = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"

# The theme.
html_theme = "furo"
html_static_path = ["_static"]
html_favicon = "_static/favicon.svg"
html_scaled_image_link = False
html_copy_source = False
html_domain_indices = False  # one module needs no index of modules
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_last_updated_fmt = None
pygments_style = "a11y-light"
pygments_dark_style = "github-dark"
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True

# The same as a book.
epub_show_urls = "no"
epub_exclude_files = [
    "search.xhtml",
    "404.xhtml",
    "_static/losstheory-paper.css",
    "_static/preview.png",
]
suppress_warnings = [
    "epub.unknown_project_files",
    "sphinx_gallery.space_in_filename",  # of the folder that all lies in; a test looks at ours
]
