"""What moves can be taken in at a glance: on a phone, at a desk, across a hall."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.reading import Reader

Readers = Callable[..., Reader]

# Figure -> its page, and what begins it where something waits for a guess.
PLACES = {
    "neuron": ("index.html", ""),
    "stall": ("learn/squared-error.html", "&guess=more&t=240&axis=log"),
    "cure": ("learn/binary-cross-entropy.html", "&guess=more&t=240"),
    "codes": ("learn/cross-entropy.html", ""),
    "classifier": ("learn/train-a-classifier.html", "&t=100"),
    "answers": ("learn/many-classes.html", "&guess=both&s0=3"),
    "softmax": ("learn/softmax.html", "&guess=all"),
    "tosses": ("learn/maximum-likelihood.html", "&guess=tiny&p=0.7"),
    "bell": ("learn/maximum-likelihood.html", "&guess=middle&o=3"),
    "pairs": ("learn/matching-pairs.html", "&guess=2"),
    "depth": ("beyond/vanishing-gradients.html", "&guess=all&layers=20"),
}
PHONE: Any = {"width": 390, "height": 844}
HALL: Any = {"width": 1280, "height": 720}
HEADER = 56  # pixels of the bar that stays above a page on a phone
RIM = 2  # a drawing's stroke may stand over by this much

# From the question to what is said of the answer; what is folded away, or set once, is below.
HEIGHT = """root => {
    const shown = [...root.querySelectorAll(
        "p, fieldset, figure, table, .moving-row, .moving-buttons")]
        .filter(part => part.checkVisibility()
            && !part.closest("details, .moving-foot, .moving-status")
            && !(root.id === "classifier" && part.closest(".moving-more")))
        .map(part => part.getBoundingClientRect());
    return Math.max(...shown.map(box => box.bottom)) - Math.min(...shown.map(box => box.top));
}"""

# Words of a drawing that leave it, touch one another along an axis, or are too small to read.
ILLEGIBLE = """root => [...root.querySelectorAll("svg[data-plot]")]
    .filter(svg => svg.checkVisibility())
    .flatMap(svg => {
        const frame = svg.getBoundingClientRect();
        const words = [...svg.querySelectorAll("text")].map(text => ({
            text: text.textContent, box: text.getBoundingClientRect(),
            size: parseFloat(getComputedStyle(text).fontSize), tick: !text.classList.length,
        }));
        const outside = words.filter(({ box }) => box.left < frame.left - 2
            || box.right > frame.right + 2 || box.top < frame.top - 2
            || box.bottom > frame.bottom + 2);
        const ticks = words.filter(word => word.tick);
        const crossed = ticks.filter((one, k) => ticks.slice(k + 1).some(({ box }) =>
            one.box.left < box.right + 4 && box.left < one.box.right + 4
            && one.box.top + 3 < box.bottom && box.top + 3 < one.box.bottom));
        const small = words.filter(({ size }) => size < 13);
        return [...outside, ...crossed, ...small].map(({ text }) => `${svg.dataset.plot}: ${text}`);
    })"""

# Where the last digit of each value ends.
ENDS_OF_VALUES = """root => [...root.querySelectorAll(
    ".moving-row > :is(output, input[type=number])")]
    .filter(value => value.checkVisibility())
    .map(value => {
        const { textAlign, paddingRight, borderRightWidth } = getComputedStyle(value);
        const end = value.getBoundingClientRect().right - parseFloat(paddingRight);
        return `${textAlign} ${Math.round(end - parseFloat(borderRightWidth))}`;
    })"""
WIDTHS_OF_BUTTONS = """root => [...root.querySelectorAll(".moving-buttons")]
    .map(group => [...group.querySelectorAll("button")]
        .filter(button => button.checkVisibility())
        .map(button => Math.round(button.getBoundingClientRect().width)))"""
SHAPES = """root => [...root.querySelectorAll("svg[data-plot] .mark")]
    .map(mark => [mark.getAttribute("class").split(" ")[1], mark.localName])"""
MEANT = {"cross": "circle", "squared": "rect", "one": "path", "zero": "path"}


def figure(page: Page, name: str) -> Locator:
    """Return the figure, told what it waits for."""
    return page.locator(f"#{name}")


@pytest.mark.parametrize("name", PLACES)
def test_a_phone_shows_cause_and_effect_at_once_and_in_order(
    proofreader: Readers, name: str
) -> None:
    address, begun = PLACES[name]
    page = proofreader(viewport=PHONE, has_touch=True).open(f"{address}#{name}{begun}")
    root = figure(page, name)
    assert root.evaluate(HEIGHT) <= PHONE["height"] - HEADER
    assert root.evaluate(ILLEGIBLE) == []
    assert len(set(root.evaluate(ENDS_OF_VALUES))) <= 1
    widths = root.evaluate(WIDTHS_OF_BUTTONS)
    assert widths
    for group in widths:
        assert max(group) - min(group) <= 1
    for kind, drawn in root.evaluate(SHAPES):
        assert drawn == MEANT.get(kind, "circle"), kind


@pytest.mark.parametrize("name", PLACES)
def test_an_address_shows_a_figure_as_large_as_the_window(proofreader: Readers, name: str) -> None:
    address, begun = PLACES[name]
    reader = proofreader(viewport=HALL)
    page = reader.open(f"{address}#{name}{begun}")
    root = figure(page, name)
    text = root.locator(".moving-do").evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
    fields = root.locator("button:visible").count()
    page.goto("about:blank")
    page = reader.open(f"{address}#{name}&projector{begun}")
    root = figure(page, name)
    assert root.bounding_box() == {"x": 0, "y": 0, **HALL}
    assert root.evaluate("root => root.scrollHeight - root.clientHeight") <= 0
    larger = root.locator(".moving-do").evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
    assert larger >= 1.15 * text
    assert root.locator("button:visible").count() < fields
    assert root.evaluate(ILLEGIBLE) == []
    # Whoever steps on by keyboard stays in the figure, or leaves the page.
    for _ in range(30):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "name => document.activeElement === document.body"
            " || document.getElementById(name).contains(document.activeElement)",
            name,
        )
        assert inside


def test_one_leaves_the_projector_by_escape_by_button_and_by_going_back(
    reader: Readers,
) -> None:
    page = reader(viewport=HALL, reduced_motion="reduce").open("learn/softmax.html")
    root = figure(page, "softmax")
    root.get_by_role("button", name="Projector").press("Enter")
    expect(root).to_have_class(re.compile("projected"))
    page.wait_for_url("**#softmax&projector")
    page.get_by_role("slider", name="score of A").press("End")
    page.wait_for_url("**#softmax&s0=6&projector")
    page.keyboard.press("Escape")
    expect(root).not_to_have_class(re.compile("projected"))
    expect(root.get_by_role("button", name="Projector")).to_be_focused()
    page.wait_for_url("**#softmax&s0=6")
    page.go_back()
    expect(root).to_have_class(re.compile("projected"))
    root.get_by_role("button", name="Start again").press("Enter")  # of the scores, not of the room
    expect(page.locator("#softmax-s0")).to_have_value("1")
    root.get_by_role("button", name="Back to the page").press("Enter")
    expect(root).not_to_have_class(re.compile("projected"))
    assert page.evaluate("() => document.querySelectorAll('[inert]').length") == 0


def test_the_pointer_hits_what_it_points_at_in_the_projector(reader: Readers) -> None:
    page = reader(viewport={"width": 1920, "height": 1080}).open(
        "learn/softmax.html#softmax&projector"
    )
    plot = page.locator("#softmax [data-plot=scores]")
    box: Any = plot.bounding_box()
    zero: Any = plot.locator(".rule.axis").bounding_box()
    page.mouse.click(zero["x"] + zero["width"] / 2, box["y"] + box["height"] / 6)
    expect(page.locator("#softmax-s0")).to_have_value("0")


def test_a_wide_screen_is_used(proofreader: Readers) -> None:
    page = proofreader(viewport={"width": 1920, "height": 1080}).open("index.html")
    root = figure(page, "neuron")
    text: Any = page.locator("article section > p").first.bounding_box()
    box: Any = root.bounding_box()
    assert box["width"] > 1.4 * text["width"]
    assert box["height"] < 700
    tops = root.locator("svg[data-plot]").evaluate_all(
        "plots => plots.map(plot => plot.getBoundingClientRect().top)"
    )
    assert len(tops) == 3
    assert max(tops) - min(tops) <= RIM
