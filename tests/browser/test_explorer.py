"""The explorer shows what losstheory computes, to the hand, the eye and the ear."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import losstheory as lt
from browser.reading import Reader

PAGE = "practice/explorer.html"
SETTINGS = 200

# Type each neuron into the fields, and read back every number that the page shows.
TYPE_AND_READ = """neurons => neurons.map(neuron => {
    for (const [name, value] of Object.entries(neuron)) {
        const field = document.querySelector(`[data-field=${name}]`);
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return Object.fromEntries([...document.querySelectorAll(".explorer [data-show]")]
        .map(place => [place.dataset.show, place.textContent]));
})"""


def computed(case: lt.Case) -> dict[str, float]:
    """Compute what the explorer should show."""
    y, z = case.y, case.z
    values = {"z": z, "o": case.o}
    for name, loss, options in (
        ("nats", lt.BINARY_CROSS_ENTROPY, {}),
        ("bits", lt.BINARY_CROSS_ENTROPY, {"base": 2.0}),
        ("squared", lt.SQUARED_ERROR, {}),
    ):
        db = float(loss.grad_with_logits(y, z, **options))
        values[f"{name}.value"] = float(loss.value_with_logits(y, z, **options))
        values[f"{name}.db"] = db
        values[f"{name}.dw"] = db * case.x
    return values


def shown(page: Page, place: str) -> str:
    """Read one number of the page."""
    return page.locator(f"[data-show='{place}']").inner_text()


def random_neurons() -> list[dict[str, float]]:
    """Draw neurons that are unsure, wrong, right and very sure, with hard and soft targets."""
    rng = np.random.default_rng(6)
    neurons = []
    for number in range(SETTINGS):
        size = (1.0, 4.0, 30.0)[number % 3]
        x, w, b = rng.uniform(-size, size, 3).round(4).tolist()
        y = rng.uniform() if number % 4 == 0 else float(rng.integers(2))
        neurons.append({"x": x, "w": w, "b": b, "y": y})
    return neurons


def test_shows_what_losstheory_computes(reader: Callable[..., Reader]) -> None:
    page = reader(disk=True).open(PAGE)
    page.get_by_label("show every digit").check()
    neurons = random_neurons()
    for neuron, read in zip(neurons, page.evaluate(TYPE_AND_READ, neurons), strict=True):
        for place, value in computed(lt.Case(**neuron)).items():
            assert float(read[place]) == pytest.approx(value, rel=1e-12, abs=1e-15), neuron


@pytest.mark.parametrize(
    ("button", "case", "steps"),
    [("First case", lt.FIRST, ("6", "4", "24")), ("Second case", lt.SECOND, ("21", "15", "1132"))],
)
def test_cases_of_the_source(
    reader: Callable[..., Reader], button: str, case: lt.Case, steps: tuple[str, ...]
) -> None:
    page = reader().open(f"{PAGE}#x=-1&w=2&b=0.25&y=1&eta=0.1")
    page.get_by_role("button", name=button).focus()
    page.keyboard.press("Enter")
    assert float(shown(page, "o")) == pytest.approx(case.o, abs=5e-5)
    assert tuple(shown(page, f"{loss}.steps") for loss in ("nats", "bits", "squared")) == steps


def test_sliders_and_race_by_keyboard(reader: Callable[..., Reader]) -> None:
    page = reader(reduced_motion="reduce").open(PAGE)
    page.get_by_role("slider", name="bias").focus()
    page.keyboard.press("End")
    assert float(shown(page, "z")) == pytest.approx(lt.FIRST.w * lt.FIRST.x + 4.0)
    page.get_by_role("button", name="Run the race").focus()
    page.keyboard.press("Space")
    assert shown(page, "step") == "3000"  # at once, where motion is unwelcome
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    assert shown(page, "step") == "0"
    page.keyboard.press("ArrowRight")
    assert shown(page, "step") == "1"
    assert float(shown(page, "cross.o")) < float(shown(page, "squared.o"))


def test_race_runs_and_stops(reader: Callable[..., Reader]) -> None:
    page = reader(reduced_motion="no-preference").open(PAGE)
    page.get_by_role("button", name="Run the race").click()
    page.wait_for_function("Number(document.querySelector('[data-show=step]').textContent) > 5")
    page.get_by_role("button", name="Pause").click()
    stopped = shown(page, "step")
    page.wait_for_timeout(200)
    assert shown(page, "step") == stopped


def test_address_carries_the_state(reader: Callable[..., Reader]) -> None:
    one = reader()
    page = one.open(PAGE)
    page.get_by_label("weight, typed").fill("-1.25")
    page.wait_for_url(re.compile(r"#x=1\.5&w=-1\.25&b=0\.5&y=0&eta=0\.1$"))
    twin = one.context.new_page()
    twin.goto(page.url)
    assert twin.get_by_label("weight, typed").input_value() == "-1.25"
    assert shown(twin, "z") == shown(page, "z")
    page.evaluate("location.hash = 'w=1e999'")  # what is no neuron changes nothing
    assert page.get_by_label("weight, typed").input_value() == "-1.25"


def test_refuses_what_is_no_neuron(reader: Callable[..., Reader]) -> None:
    page = reader().open(PAGE)
    field = page.get_by_label("target, typed")
    field.fill("2")
    expect(page.get_by_role("alert")).to_have_text(re.compile("y must be a number from 0 to 1"))
    expect(field).to_have_attribute("aria-invalid", "true")
    assert float(shown(page, "o")) == pytest.approx(lt.FIRST.o, abs=5e-5)
    page.keyboard.press("Tab")
    expect(field).to_have_value("0")


def test_result_is_said_once_the_hand_rests(reader: Callable[..., Reader]) -> None:
    page = reader().open(PAGE)
    status = page.locator(".explorer [role=status]")
    expect(status).to_have_text("")
    page.get_by_role("slider", name="bias").press("End")
    output = lt.FIRST._replace(b=4.0).o
    expect(status).to_have_text(re.compile(f"^The neuron says {output:.4f} where 0 is right"))


def test_curves_are_named_and_drawn(reader: Callable[..., Reader]) -> None:
    page = reader().open(PAGE)
    for plot in ("loss", "slope", "race"):
        drawing = page.locator(f"[data-plot={plot}]")
        name: Any = drawing.get_attribute("aria-label")
        assert re.search(r"\d", name), "a name that says what is to be seen"
        for loss in ("cross", "squared"):
            path: Any = drawing.locator(f"path.curve.explorer-{loss}").get_attribute("d")
            assert len(set(re.findall(r"[\d.]+ ([\d.]+)", path))) > 20, "a curve, not a line"
            expect(drawing.locator(f".runner.explorer-{loss}")).to_have_count(1)


def test_without_scripts_a_figure_and_a_table(reader: Callable[..., Reader]) -> None:
    page = reader(disk=True, java_script_enabled=False).open(PAGE)
    expect(page.locator(".explorer")).to_be_hidden()
    expect(page.locator("noscript figure img").first).to_be_visible()
    row = page.get_by_role("row", name="cross entropy, bits")
    for case, cell in zip((lt.FIRST, lt.SECOND), row.get_by_role("cell").all()[1:], strict=True):
        bits = computed(case)["bits.value"]
        assert float(cell.inner_text()) == pytest.approx(bits, abs=5e-5)


def test_touch_targets(reader: Callable[..., Reader]) -> None:
    """Each control is at least 24 pixels high and wide, on a phone too."""
    page = reader(viewport={"width": 320, "height": 700}, has_touch=True).open(PAGE)
    for control in page.locator(".explorer :is(button, input, .explorer-digits)").all():
        if control.get_attribute("type") != "checkbox":  # its label is the target
            box: Any = control.bounding_box()
            assert min(box["width"], box["height"]) >= 24
