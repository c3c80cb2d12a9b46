"""Keep each page light, described and usable by keyboard.

A page's head gets a description, and what is shown where a link to it is shared: those who fetch
the picture want its whole address, so there is one only on a site that is built for the place
where it will be published (``html_baseurl``); ``nox -s picture`` draws it. The head names the one
style sheet, and leaves out the scripts that the page has no use for.
"""

import re
from html import escape, unescape
from importlib.metadata import metadata
from typing import TYPE_CHECKING, Any

from docutils import nodes

from losstheory_site.names import PREVIEW, SHEET, SITE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Script -> what a page that needs it contains.
SCRIPTS = {
    "furo.js": "",
    "clipboard.min.js": '<div class="highlight',
    "copybutton.js": '<div class="highlight',
    "documentation_options.js": '<div class="highlight',  # read by copybutton.js
    "design-tabs.js": "sd-tab-set",
    "eqcheck.js": 'class="eqcheck-panel"',
}
OURS = ("moving/", "live/")
PICTURE = {
    "width": "1200",
    "height": "630",
    "alt": "How hard a neuron is pulled back, the further it is on the wrong side: under cross "
    "entropy the pull grows and stays, under squared error it is a low hump that dies away.",
}
LONGEST_LINE = 32  # of code, on the narrowest phone
# What stands in the pages -> what should. A test says when others write something else.
MENDS = {
    # Tables scroll sideways on a phone, so the keyboard has to reach them.
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    # An empty corner of a table is no header.
    '<th class="head"><p></p></th>': '<td class="head"><p></p></td>',
    # Sphinx-gallery's empty box, always with one identifier, for tags that we do not use.
    "<div id='sg-tag-list' class='sphx-glr-tag-list'></div>": "",
    # Roles that docutils gives and ARIA has deprecated.
    ' role="doc-biblioentry"': "",
    '<div role="list" class="citation-list">': '<div class="citation-list">',
}
PRE = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
# As many whole sentences as a search engine shows, or else a long one.
SENTENCES = re.compile(r".{39,199}[.?!](?=\s|$)|.{39,299}?[.?!](?=\s|$)")
MADE = {  # pages that no source describes: title and description
    "genindex": (
        "Index",
        "Every function and class of losstheory, from A to Z, with a link to it.",
    ),
    "search": (
        "Search",
        "Search for a symptom, a loss, a function, a number or a symbol; see what is asked most.",
    ),
}
SUMMARY = metadata("losstheory")["Summary"]  # of a page that has no sentences
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>\s*')
TAG = re.compile(r"<[^>]*>")
GROUP = re.compile(
    r'<p class="caption"[^>]*><span class="caption-text">(.*?)</span></p>\s*'
    r'(<ul.*?</ul>)(?=\s*(?:<p class="caption"|$))',
    re.DOTALL,
)


def describe(doctree: nodes.document) -> str:
    """Take as the description of a page what it teaches, or else its first whole sentences.

    A page may say it itself, as ``description`` in its front matter.
    """
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if text.startswith("You will learn"):
            return text
        if text.startswith("You need"):
            continue  # what a reader needs says nothing of the page
        text = text.partition("\\")[0]  # what follows is a formula in LaTeX
        if isinstance(paragraph.parent, nodes.section) and (whole := SENTENCES.match(text)):
            return whole[0]
    return ""


def tags(app: "Sphinx", pagename: str, title: str, description: str) -> list[str]:
    """Return the tags of a page's head that previews are made of."""
    home, site = pagename == app.config.root_doc, app.config.html_baseurl.rstrip("/")
    properties = {
        "og:title": title,
        "og:type": "website" if home else "article",
        "og:site_name": app.config.html_title,
        "og:description": description,
    }
    if site:
        properties["og:url"] = f"{site}/{app.builder.get_target_uri(pagename)}"
        properties["og:image"] = f"{site}/{PREVIEW}"
        properties |= {f"og:image:{key}": value for key, value in PICTURE.items()}
    card = "summary_large_image" if site else "summary"
    return [
        f'<meta name="description" content="{escape(description)}">',
        f'<meta name="twitter:card" content="{card}">',
        *(f'<meta property="{key}" content="{escape(v)}">' for key, v in properties.items()),
    ]


def mend(body: str) -> str:
    """Mend what docutils and others leave, and let the keyboard reach long code."""

    def focusable(match: re.Match[str]) -> str:
        lines = unescape(TAG.sub("", match[1])).splitlines()
        wide = max(map(len, lines), default=0) > LONGEST_LINE
        return f'<pre tabindex="0">{match[1]}</pre>' if wide else match[0]

    for written, meant in MENDS.items():
        body = body.replace(written, meant)
    return PRE.sub(focusable, body)


def fold(navigation: str) -> str:
    """Fold each group of the navigation but the one that a page is in, or else the first."""
    groups = list(GROUP.finditer(navigation))
    current = [match for match in groups if "current-page" in match[2]] or groups[:1]

    def folded(match: re.Match[str]) -> str:
        state = " open" if match[0] in {shown[0] for shown in current} else ""
        summary = f"<summary>{match[1]}</summary>"
        return f'<details class="sidebar-group"{state}>{summary}{match[2]}</details>'

    return GROUP.sub(folded, navigation.strip())


def tend(
    app: "Sphinx",
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Fill the head of a page, and trim what it loads."""
    if app.builder.name not in SITE:
        return
    title, description = MADE.get(pagename, ("", ""))
    title = unescape(TAG.sub("", context.get("title", title)))
    if doctree is not None:
        description = (context.get("meta") or {}).get("description") or describe(doctree)
    description = description or SUMMARY
    # Furo says the same of the viewport.
    given = VIEWPORT.sub("", context.get("metatags", ""))
    context["metatags"] = given + "\n".join(tags(app, pagename, title, description))
    if "body" in context:
        context["body"] = mend(context["body"])
    context["furo_navigation_tree"] = fold(context.get("furo_navigation_tree", ""))
    body = context.get("body", "")
    context["script_files"] = [
        script
        for script in context["script_files"]
        if any(name in str(script.filename) for name in OURS)
        or any(
            str(script.filename).endswith(name) and mark in body for name, mark in SCRIPTS.items()
        )
    ]
    context["css_files"] = [
        SHEET,
        *(sheet for sheet in context["css_files"] if any(o in str(sheet.filename) for o in OURS)),
    ]
