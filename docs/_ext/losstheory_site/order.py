"""What happens when: every handler of this site, in the order in which Sphinx calls them.

Other extensions stand at priority 500. Who must see their work comes later, who must be seen by
them comes earlier.
"""

from typing import TYPE_CHECKING

from losstheory_site import static
from losstheory_site.books import beside, epub, paper
from losstheory_site.figures import gallery, pictures_first, thumbnails
from losstheory_site.html import head, navigation, stylesheet
from losstheory_site.live import page
from losstheory_site.maths import mathml
from losstheory_site.moving import directive
from losstheory_site.pages import execution, freshness, recorded, take_along, wheels
from losstheory_site.reference import used_in
from losstheory_site.search import index
from losstheory_site.teaching import again, deck, links
from losstheory_site.values import checked_values, numbers, verdicts

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HANDLERS = (
    ("config-inited", 500, beside.look),
    # The gallery's scripts run at 500.
    ("builder-inited", 100, freshness.rerun_scripts),
    ("builder-inited", 500, static.lay),
    ("builder-inited", 500, index.use_sections),
    ("builder-inited", 500, wheels.build),
    # Pages are read.
    ("source-read", 500, execution.turn_to),
    ("doctree-read", 100, take_along.leave_offers),
    ("doctree-read", 500, used_in.record),
    ("env-updated", 500, used_in.reference_pages),
    # Pages are written; the theme has its say at 500.
    ("doctree-resolved", 500, used_in.link_back),
    ("doctree-resolved", 500, paper.lift),
    ("doctree-resolved", 900, numbers.write_all),
    ("html-page-context", 400, navigation.hide),
    ("html-page-context", 500, directive.add_scripts),
    ("html-page-context", 500, take_along.offer),
    ("html-page-context", 500, beside.name_it),
    ("html-page-context", 500, page.offer),
    ("html-page-context", 500, paper.dress),
    ("html-page-context", 600, navigation.fit),
    ("html-page-context", 900, head.tend),
    ("html-page-context", 950, deck.write),
    ("html-page-context", 950, epub.trim),
    ("html-collect-pages", 100, epub.leave_redirects),  # they are written at 500
    # All is written.
    ("build-finished", 500, beside.lay),
    ("build-finished", 500, epub.declare),
    ("build-finished", 900, stylesheet.write_sheet),
    ("build-finished", 900, paper.bind),
    ("build-finished", 1000, freshness.leave),
)


def register(app: "Sphinx") -> None:
    """Register what pages may write, and every handler."""
    for part in (
        freshness,
        mathml,
        gallery,
        thumbnails,
        pictures_first,
        checked_values,
        verdicts,
        directive,
        recorded,
        index,
        wheels,
        beside,
        again,
        links,
        page,
    ):
        part.register(app)
    for event, priority, handler in HANDLERS:
        app.connect(event, handler, priority)
