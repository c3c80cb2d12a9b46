"""A small site under the settings of the real one."""

from runpy import run_path

from losstheory_site.names import DOCS

REAL = run_path(str(DOCS / "conf.py"))
globals().update({name: value for name, value in REAL.items() if not name.startswith("__")})
# Sphinx writes what extensions add into the default, which other builds of this process share.
source_suffix = {".md": "myst-nb", ".rst": "restructuredtext"}
html_baseurl = "https://example.org/lt"
html_static_path = [str(DOCS / "_static")]
templates_path = [str(DOCS / folder) for folder in REAL["templates_path"]]
search_synonyms = {"learn/page": ["another name"]}
html_favicon = str(DOCS / "_static" / "favicon.svg")
bibtex_bibfiles = [str(DOCS / "reference" / "references.bib")]
intersphinx_mapping = {
    name: (address, str(DOCS / inventory))
    for name, (address, inventory) in REAL["intersphinx_mapping"].items()
}
