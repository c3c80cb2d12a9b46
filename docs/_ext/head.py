"""Keep each page light, described and usable by keyboard.

A page's head gets a description and data for link previews; it names the one style sheet, and
leaves out the scripts that the page has no use for.
"""

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

SHEET = "_static/site.css"  # see stylesheet.py
# Script -> what a page that needs it contains.
SCRIPTS = {
    "furo.js": "",
    "clipboard.min.js": '<div class="highlight',
    "copybutton.js": '<div class="highlight',
    "documentation_options.js": '<div class="highlight',  # read by copybutton.js
    "design-tabs.js": "sd-tab-set",
}
OURS = ("explorer",)
LONGEST_LINE = 32  # of code, on the narrowest phone
PRE = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")


def describe(doctree: nodes.document) -> str:
    """Take the first paragraph of a page as its description, cut at a sentence."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            text = " ".join(paragraph.astext().split())
            whole = re.match(r".{40,158}?[.?!](?=\s|$)(?:.{0,80}[.?!](?=\s|$))?", text)
            return whole[0] if whole else text[:158]
    return ""


def mend(body: str) -> str:
    """Mend what docutils and the theme leave for assistive technology and the keyboard.

    Tables and long code can be reached by keyboard, since they scroll sideways on a phone; and
    bibliographies carry no roles, since those that docutils gives them are deprecated.
    """

    def focusable(match: re.Match[str]) -> str:
        lines = unescape(TAG.sub("", match[1])).splitlines()
        wide = max(map(len, lines), default=0) > LONGEST_LINE
        return f'<pre tabindex="0">{match[1]}</pre>' if wide else match[0]

    body = body.replace('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper')
    # Sphinx-gallery writes this empty box, always with one identifier, for tags that we do not use.
    body = body.replace("<div id='sg-tag-list' class='sphx-glr-tag-list'></div>", "")
    body = body.replace(' role="doc-biblioentry"', "")
    body = body.replace('<div role="list" class="citation-list">', '<div class="citation-list">')
    return PRE.sub(focusable, body)


def tend(
    app: "Sphinx",
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Fill the head of a page, and trim what it loads."""
    if app.builder.name not in {"html", "dirhtml"}:
        return
    title = unescape(TAG.sub("", context.get("title", ""))) or app.config.html_title
    tags = []
    properties = {"og:title": title, "og:type": "article", "og:site_name": app.config.html_title}
    if doctree is not None:
        description = describe(doctree) or title
        if 'name="description"' not in context.get("metatags", ""):
            tags.append(f'<meta name="description" content="{escape(description)}">')
        properties["og:description"] = description
    tags += [f'<meta property="{k}" content="{escape(v)}">' for k, v in properties.items()]
    context["metatags"] = context.get("metatags", "") + "\n".join(tags)
    if "body" in context:
        context["body"] = mend(context["body"])
    # Furo gives its captions the role of a heading, but no level.
    navigation = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = navigation.replace(' role="heading"', "")
    if pagename != "search":
        body = context.get("body", "")
        context["script_files"] = [
            script
            for script in context["script_files"]
            if any(name in str(script.filename) for name in OURS)
            or any(
                str(script.filename).endswith(name) and mark in body
                for name, mark in SCRIPTS.items()
            )
        ]
    context["css_files"] = [
        SHEET,
        *(sheet for sheet in context["css_files"] if any(o in str(sheet.filename) for o in OURS)),
    ]


def setup(app: "Sphinx") -> "ExtensionMetadata":
    """Tend every page, after the theme has."""
    app.connect("html-page-context", tend, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
