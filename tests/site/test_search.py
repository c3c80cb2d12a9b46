"""The search: what is indexed, and how it is ranked, on the very scripts that the site loads."""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from docutils import nodes
from py_mini_racer import MiniRacer

import losstheory
from losstheory_site.search import sections
from losstheory_site.search.language import SiteLanguage
from small_site import Build, Built

Index = dict[str, Any]
Rank = Callable[..., list[tuple[str, list[str]]]]


def index_of(built: Built) -> Index:
    """Read the index as the page of the search does."""
    text = built("searchindex.js")
    index: Index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    return index


def words_of(index: Index, name: str) -> set[str]:
    """Return the stems by which a section is found."""
    place = index["docnames"].index(name)
    return {
        word
        for kind in ("terms", "titleterms")
        for word, places in index[kind].items()
        if place in ([places] if isinstance(places, int) else places)
    }


@pytest.fixture(scope="module")
def js(small: Built) -> Iterator[MiniRacer]:
    """Load what Sphinx writes: stemmer, words that do not count, splitter and scorer."""
    with MiniRacer() as context:
        context.eval("var window = globalThis;")
        context.eval(small("_static/language_data.js"))
        yield context


def value(js: MiniRacer, code: str) -> Any:
    """Evaluate an expression."""
    return json.loads(str(js.eval(f"JSON.stringify({code})")))


@pytest.fixture(scope="module")
def rank(js: MiniRacer) -> Rank:
    """Rank sections, given as a name, a heading and a text each, by a query."""
    language = SiteLanguage({})

    def stems(text: str) -> set[str]:
        return {language.stem(word) for word in language.split(text)}

    def run(
        query: str, *parts: tuple[str, str, str], **synonyms: list[int]
    ) -> list[tuple[str, list[str]]]:
        index: Index = {
            "docnames": [name for name, _, _ in parts],
            "titles": [heading for _, heading, _ in parts],
            "terms": {},
            "titleterms": {},
            "indexentries": synonyms,
        }
        for place, (_, heading, text) in enumerate(parts):
            for kind, words in (("terms", stems(text)), ("titleterms", stems(heading))):
                for word in filter(language.word_filter, words):
                    index[kind].setdefault(word, []).append(place)
        hits = value(js, f"rank({json.dumps(index)}, {json.dumps(query)})")
        return [(hit["page"], [part["name"] for part in hit["sections"]]) for hit in hits]

    return run


def test_index_is_of_sections_and_what_is_seen(small: Built) -> None:
    index = index_of(small)
    assert {"learn/page", "learn/page#a-part-of-its-own"} <= set(index["docnames"])
    assert "reference/api/index#losstheory.sigmoid" in index["docnames"]
    page = words_of(index, "learn/page")
    assert {"σ", "0.5", "everyth", "print"} <= page, "signs, numbers, titles and code"
    every = set(index["terms"]) | set(index["titleterms"])
    assert every.isdisjoint({"frac", "sigma", "begin", "tfrac", "mathrm", "aligned"}), "no TeX"
    gallery = words_of(index, "auto_gallery/1_lines/plot_line")
    assert gallery.isdisjoint({"plt", "matplotlib", "subplot", "import"}), "no code of scripts"
    assert index["indexentries"] == {"another name": [index["docnames"].index("learn/page")]}


def test_text_to_quote_lies_beside_the_index(small: Built) -> None:
    script = small("_static/search/learn/page.js")
    page, texts = json.loads(f"[{script.removeprefix('Search.setText(').removesuffix(')')}]")
    assert page == "learn/page"
    assert set(texts) == {
        name.partition("#")[2]
        for name in index_of(small)["docnames"]
        if name.partition("#")[0] == page
    }
    assert "At z=0 the output is 0.5" in texts[""]
    assert "print(" not in texts[""], "code is found, but not quoted"


def test_a_function_is_quoted_by_what_it_does(small: Built) -> None:
    script = small("_static/search/reference/api/index.js")
    _, texts = json.loads(f"[{script.removeprefix('Search.setText(').removesuffix(')')}]")
    summary = str(inspect.getdoc(losstheory.sigmoid)).splitlines()[0]
    assert texts["losstheory.sigmoid"].startswith(re.sub(r"[`$].*", "", summary))
    assert "losstheori" in words_of(index_of(small), "reference/api/index#losstheory.sigmoid")


def test_index_keeps_the_sections_of_pages_that_are_not_written_again(
    site_of_its_own: Build,
) -> None:
    first = site_of_its_own()
    before = index_of(first)
    page = first.source / "docs" / "learn" / "page.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nA zebra.\n", encoding="utf-8")
    after = index_of(site_of_its_own())
    assert after["docnames"] == before["docnames"]
    assert "zebra" in after["terms"]
    assert after["terms"].keys() - before["terms"].keys() == {"zebra"}


def test_synonym_without_a_section_is_a_warning(site_of_its_own: Build) -> None:
    built = site_of_its_own(search_synonyms={"learn/nowhere": ["x"]})
    assert "synonyms.toml leads to 'learn/nowhere', where no section is" in built.warnings


def test_letters_of_a_formula_stand_apart() -> None:
    assert sections.formula(r"\eta \frac{\partial C}{\partial w}") == "η∂C∂w"
    assert sections.formula(r"\eta x = \sigma(z)") == "η x=σ(z)"
    assert sections.formula(r"\wrong{") == ""


def test_controls_of_what_moves_say_nothing_about_the_matter() -> None:
    html = '<p>Drag it.</p><button><span>Copy</span></button><b data-show="hidden">7</b> layers'
    html += "<svg><text>axis</text></svg>"
    html += '<span role="status" hidden>Copied</span><output>1</output>'
    assert sections.markup(html).split() == ["Drag", "it.", "7", "layers"]


def test_sections_are_cut_where_an_address_is() -> None:
    inner = nodes.section("", nodes.title("", "Inner"), nodes.paragraph("", "Deep."), ids=["in"])
    hidden = nodes.paragraph("", "Links.", classes=["used-in"])
    onward = nodes.section("", nodes.title("", "Where to go next"), ids=["where-to-go-next"])
    onward += nodes.paragraph("", "Elsewhere.")
    top = nodes.section(
        "", nodes.title("", "Top"), nodes.paragraph("", "Here."), hidden, inner, onward, ids=["top"]
    )
    found = sections.cut("learn/page", nodes.container("", top))
    assert [(part.anchor, part.heading, part.text) for part in found] == [
        ("", "Top", "Here."),
        ("in", "Inner", "Deep."),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("from_logits=True", ["from_logits", "from", "logits", "True"]),
        ("nn.BCEWithLogitsLoss()", ["nn", "BCEWithLogitsLoss"]),
        ("0.7503, 1e-7 and 16.1.", ["0.7503", "1e", "7", "and", "16.1"]),
        ("∂C/∂w = η·x", ["∂", "C", "∂", "w", "η", "x"]),
        ("Kullback–Leibler's", ["Kullback", "Leibler", "s"]),
        ("__init__ a_b_1", ["__init__", "init", "a_b_1", "a", "b", "1"]),
    ],
)
def test_text_and_query_are_split_alike(js: MiniRacer, text: str, words: list[str]) -> None:
    assert SiteLanguage({}).split(text) == words
    assert value(js, f"splitQuery({json.dumps(text)})") == words


def test_words_of_the_site_have_the_same_stems_in_both_languages(
    js: MiniRacer, small: Built
) -> None:
    language = SiteLanguage({})
    text = re.sub(r"<[^>]*>", " ", small("learn/page.html") + small("reference/api/index.html"))
    words = sorted({word.lower() for word in language.split(text)})
    assert len(words) > 100
    stemmed = value(js, f"{json.dumps(words)}.map(word => stemmer.stemWord(word))")
    assert stemmed == [language.stem(word) for word in words]


def test_heading_is_worth_more_than_text_and_its_first_words_most(rank: Rank) -> None:
    parts = (
        ("learn/a", "Other", "The softmax is mentioned."),
        ("learn/b", "Some things about the softmax", "Text."),
        ("learn/c", "Softmax: turn scores into probabilities", "Text."),
    )
    assert [page for page, _ in rank("Softmax", *parts)] == ["learn/c", "learn/b", "learn/a"]


def test_equal_hits_come_by_kind(rank: Rank) -> None:
    kinds = ["reference/a", "auto_gallery/a", "practice/a", "beyond/a", "mend/a", "learn/a"]
    found = rank("loss", *((page, "Loss", "") for page in kinds))
    assert [page for page, _ in found][:4] == ["learn/a", "mend/a", "beyond/a", "practice/a"]


def test_what_lists_every_word_comes_after_what_answers(rank: Rank) -> None:
    lists = ["reference/bibliography", "reference/checks"]
    found = rank(
        "gradient",
        *((page, "Gradient", "") for page in lists),
        ("practice/a", "Take a gradient", ""),
    )
    assert found[0][0] == "practice/a"


def test_short_and_unknown_words_exclude_nothing(rank: Rank) -> None:
    parts = (("learn/a", "KL divergence", "of P"), ("learn/b", "Entropy", "of P"))
    assert rank("KL divergence vs the zebra", *parts)[0] == ("learn/a", ["learn/a"])
    assert rank("zebra", *parts) == []
    assert rank("the", *parts) == []


def test_no_word_is_found_inside_another(rank: Rank) -> None:
    parts = (("learn/a", "Nothing", "a thing"), ("learn/b", "Other", "hinges"))
    assert [page for page, _ in rank("hinge", *parts)] == ["learn/b"]
    assert [page for page, _ in rank("hin", *parts)] == ["learn/b"], "a beginning is enough"


def test_more_of_the_query_is_worth_more(rank: Rank) -> None:
    parts = (
        ("learn/a", "Gradient", "gradient"),
        ("learn/b", "Other", "the gradient of the hinge"),
        ("learn/c", "Hinge", "hinge"),
    )
    assert rank("gradient hinge", *parts)[0][0] == "learn/b"


def test_page_is_listed_once_with_its_best_section_first(rank: Rank) -> None:
    parts = (
        ("learn/a", "Losses", "text"),
        ("learn/a#one", "One", "a floor"),
        ("learn/a#two", "Floor", "text"),
    )
    assert rank("floor", *parts) == [("learn/a", ["learn/a#two", "learn/a#one"])]


def test_synonym_leads_to_its_section(rank: Rank) -> None:
    parts = (("learn/a", "Squared error", ""), ("learn/b", "Other", "MSE"))
    assert rank("why MSE", *parts)[0][0] == "learn/b"
    assert rank("why MSE", *parts, MSE=[0])[0][0] == "learn/a"
    assert rank("SSE", *parts, SSE=[0])[0][0] == "learn/a", "also where no page says it"


def test_quotation_begins_where_what_was_asked_is_said(js: MiniRacer) -> None:
    def quote(query: str, text: str, heading: str = "Losses") -> str:
        arguments = ", ".join(map(json.dumps, (query, text, heading)))
        return " ".join(value(js, f"quotation({arguments})"))

    end = f"Then {'more of it ' * 20}."
    text = f"First of all. The floor is low. A floor and a hinge. {end}"
    assert quote("hinge floor", text).startswith("… A floor and a hinge. Then more of it")
    assert quote("first", text).startswith("First of all. The floor")
    # What another name led to is quoted by its heading, or else from its beginning; never its end.
    assert quote("BCE", text, "The floor").startswith("… The floor is low. A floor and a hinge.")
    assert quote("BCE", text).startswith("First of all.")
    near_its_end = quote("hinge", f"{end} One. Two. The hinge.")
    assert near_its_end.endswith("One. Two. The hinge.")
    assert 150 < len(near_its_end) <= 180
    long = "word " * 100
    assert quote("BCE", long) == f"{'word ' * 36}…"
    assert quote("hinge", f"{long}hinge {long}").startswith("… word word word word word hinge word")
    assert quote("BCE", "") == ""
