"""Slides and sheets show parts of pages again, and lead where they say."""

import re

from bs4 import BeautifulSoup

from losstheory_site.teaching import deck
from small_site import Built


def test_what_is_shown_again_is_that_of_its_page(small: Built) -> None:
    page, there = small("teach/slides.html"), small("learn/page.html")
    numbers = [re.findall(r'class="eqno">[^(]*\((\d*)\)', text) for text in (page, there)]
    assert numbers == [["2"], ["1", "2"]]
    assert "It has an address." in page
    assert 'href="../learn/page.html#equation-eq-output"' in page
    assert "A part of its own</h" not in page, "the heading is that of the page"


def test_links_lead_to_states_and_to_what_is_made(small: Built) -> None:
    page = small("teach/slides.html")
    assert '<a href="../index.html#bell&amp;projector">Where it moves</a>' in page
    assert '<a href="../losstheory.pdf">a book</a>' in page
    assert "<span>no figures</span>" in page
    assert '<a href="../_static/deck/slides.html">the slides</a>' in page


def test_each_section_becomes_a_slide_with_the_speakers_notes(small: Built) -> None:
    slides = BeautifulSoup(small(deck.SLIDES), "html.parser").select(".slides > section")
    titles = [title.get_text() for slide in slides if (title := slide.find(["h1", "h2"]))]
    assert titles == ["A small site", "Show an equation again", "Show a section again"]
    notes = [note.get_text(strip=True) for note in slides[1].select("aside.notes")]
    assert notes == ["A speaker says this."]
    assert slides[1].find("math") is not None
    assert "Only the handout" not in small(deck.SLIDES)
    assert "Only the handout" in small("teach/slides.html")


def test_drawings_keep_the_names_of_their_parts(small: Built) -> None:
    soup = BeautifulSoup(small(deck.SLIDES), "html.parser")
    named = {str(part["id"]) for part in soup.select("svg [id]")}
    used = {
        str(part["xlink:href" if part.has_attr("xlink:href") else "href"])[1:]
        for part in soup.select("svg use")
    }
    assert named
    assert used <= named
    assert not [tag for tag in soup.select("[id]") if tag.find_parent("svg") is None]


def test_slides_ask_nobody(small: Built) -> None:
    soup = BeautifulSoup(small(deck.SLIDES), "html.parser")
    folder = (small.out / deck.SLIDES).parent
    loaded = [tag["src"] for tag in soup.select("script[src]")]
    loaded += [tag["href"] for tag in soup.select("link[rel=stylesheet]")]
    assert len(loaded) == 5
    for address in map(str, loaded):
        assert (folder / address.partition("?")[0]).resolve().is_file()
    assert "@import url(http" not in (folder / "reveal.css").read_text(encoding="utf-8")
