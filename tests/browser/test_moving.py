"""What moves shows what losstheory computes, to the hand, the eye and the ear."""

import re
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import losstheory as lt
from browser.engines import Window
from browser.reading import Reader

PAGE = "practice/explorer.html"
SETTINGS = 40  # with the ends, each twice: WebKit lets an address change 100 times in 10 seconds
ENDS = (-100.0, 100.0)  # of the fields of input and weight
FLOWERS = Path(__file__).parents[2] / "docs/_ext/losstheory_site/moving/flowers.csv"
LOSSES = ("nats", "bits", "squared")

# Set the controls of a figure, by the page's address, and read every number that it then shows.
SET_AND_READ = """(id, states) => states.map(state => {
    const pairs = Object.entries(state).map(([name, value]) => `${name}=${value}`);
    history.replaceState(null, "", `#${[id, ...pairs].join("&")}`);
    dispatchEvent(new PopStateEvent("popstate"));
    return Object.fromEntries([...document.querySelectorAll(`#${id} [data-show]`)]
        .map(place => [place.dataset.show, place.textContent]));
})"""


def settings(window: Window, figure: str, states: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return what a figure shows in each state."""
    shown: list[dict[str, str]] = window.evaluate(SET_AND_READ, figure, states)
    return shown


# Every number of the neuron's figure, as one text.
ALL_SHOWN = """() => JSON.stringify([...document.querySelectorAll("#neuron [data-show]")]
    .map(place => place.textContent))"""

# The name of a drawing, its curves, and how many marks each curve has.
DRAWN = """(plot, losses) => {
    const drawing = document.querySelector(`#neuron [data-plot=${plot}]`);
    return [
        drawing.getAttribute("aria-label"),
        losses.map(loss => drawing.querySelector(`path.curve.${loss}`).getAttribute("d")),
        losses.map(loss => drawing.querySelectorAll(`.mark.${loss}`).length),
    ];
}"""


def read(window: Window, place: str, within: str = "#neuron") -> str:
    """Read one number of the neuron's figure, in any engine."""
    text: str = window.evaluate(
        "selector => document.querySelector(selector).textContent", f"{within} [data-show={place}]"
    )
    return text.strip()


def press_button(window: Window, name: str) -> None:
    """Press a button of the neuron's figure by keyboard."""
    window.evaluate(
        """name => [...document.querySelectorAll("#neuron button")]
            .find(button => button.innerText.trim().startsWith(name)).focus()""",
        name,
    )
    window.press("Enter")


def number(text: str) -> float:
    """Read a number as the page writes it: −0.5, 1.62 × 10⁻⁵, ∞."""
    plain = text.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789"))
    return float(plain.replace("∞", "inf").replace(" × 10", "e"))


def computed(case: lt.Case) -> dict[str, float]:
    """Compute what the neuron's figure should show."""
    y, z = case.y, case.z
    values = {"z": z, "o": case.o}
    for name, loss, options in (
        ("nats", lt.BINARY_CROSS_ENTROPY, {}),
        ("bits", lt.BINARY_CROSS_ENTROPY, {"base": 2.0}),
        ("squared", lt.SQUARED_ERROR, {}),
    ):
        db = float(loss.grad_with_logits(y, z, **options))
        values[f"{name}Value"] = float(loss.value_with_logits(y, z, **options))
        values[f"{name}Slope"] = db
        values[f"{name}Weight"] = db * case.x
    return values


def random_neurons() -> list[dict[str, float]]:
    """Draw neurons that are unsure, wrong, right and very sure, with hard and soft targets."""
    rng = np.random.default_rng(6)
    neurons = []
    for n in range(SETTINGS):
        size = (1.0, 4.0, 30.0)[n % 3]
        x, w, b = rng.uniform(-size, size, 3).round(4).tolist()
        y = rng.uniform() if n % 4 == 0 else float(rng.integers(2))
        neurons.append({"x": x, "w": w, "b": b, "y": y})
    # The ends of what the fields accept.
    neurons += [{"x": x, "w": w, "b": b, "y": 0.0} for x in ENDS for w in ENDS for b in (-2e4, 2e4)]
    return neurons


def softmax_expected(state: dict[str, Any]) -> dict[str, float]:
    """Compute what the softmax's figure should show."""
    s = np.array([state["s0"], state["s1"], state["s2"]]) / state["T"]
    right = int(state["right"])
    slopes = lt.negative_log_likelihood_with_logits_grad(right, s) / state["T"]
    loss = float(lt.negative_log_likelihood_with_logits(right, s))
    return {"loss": loss, "lift": -float(slopes[right])}


def answers_expected(state: dict[str, Any]) -> dict[str, float]:
    """Compute what the figure of one answer or several should show."""
    s = np.array([state["s0"], state["s1"], state["s2"]])
    y = np.array([state["y0"], state["y1"], state["y2"]], dtype=float)
    values = {
        "labelLoss": float(lt.multilabel_cross_entropy_with_logits(y, s)),
        "saidSoftmaxSum": 1.0,
        "saidSigmoidSum": float(lt.sigmoid(s).sum()),
    }
    if y.sum() == 1:
        values["classLoss"] = float(lt.negative_log_likelihood_with_logits(int(y.argmax()), s))
    return values


def tosses_expected(state: dict[str, Any]) -> dict[str, float]:
    """Compute what the figure of the coin should show."""
    outcomes = np.arange(state["n"]) < state["heads"]
    loss = -float(lt.bernoulli_log_likelihood(outcomes.astype(float), state["p"]).sum())
    return {"loss": loss, "likelihood": float(np.exp(-loss)), "share": state["heads"] / state["n"]}


def bell_expected(state: dict[str, Any]) -> dict[str, float]:
    """Compute what the figure of the bell should show."""
    y = np.array([1.0, 2.0, 6.0])
    nll = -float(lt.gaussian_log_likelihood(y, state["o"], state["std"]).sum())
    squared = float(lt.half_squared_error(y, state["o"]).sum()) / state["std"] ** 2
    return {"nll": nll, "squared": squared, "gap": nll - squared}


def pairs_expected(state: dict[str, Any]) -> dict[str, float]:
    """Compute what the figure of output and loss should show."""
    y, z = float(state["y"]), state["z"]
    if state["output"] == "linear":
        error = z - y
        gradient = error if state["loss"] == "squared" else float("nan")
        if state["loss"] == "cross" and 0 < z < 1:
            gradient = float(lt.binary_cross_entropy_grad(y, z))
    else:
        error = float(lt.binary_cross_entropy_with_logits_grad(y, z))
        squared = float(lt.half_squared_error_with_logits_grad(y, z))
        gradient = squared if state["loss"] == "squared" else error
    return {"error": error} if np.isnan(gradient) else {"error": error, "gradient": gradient}


def depth_expected(state: dict[str, Any]) -> dict[str, float]:
    """Compute the gradient at the first and the last layer of a chain, by hand."""
    activations: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
        "sigmoid": (lt.sigmoid, lt.sigmoid_grad),
        "relu": (lt.relu, lt.relu_grad),
        "linear": (lambda z: z, lambda _: 1.0),
    }
    act, slope = activations[state["activation"]]
    logits, a = [], state["x"]
    for _ in range(state["layers"]):
        logits.append(state["w"] * a)
        a = float(act(logits[-1]))
    last = gradient = float(lt.binary_cross_entropy_with_logits_grad(0, logits[-1]))
    for z in reversed(logits[:-1]):
        gradient *= state["w"] * float(slope(z))
    return {"last": last, "first": gradient}


def codes_expected(state: dict[str, Any]) -> dict[str, float]:
    """Compute what the figure of the codes should show."""
    p, q = [0.5, 0.25, 0.125, 0.125], [state[f"q{k}"] for k in range(4)]
    return {
        "entropy": float(lt.entropy(p, base=2)),
        "cross": float(lt.cross_entropy(p, q, base=2)),
        "excess": float(lt.kl_divergence(p, q, base=2)),
    }


def half_up(value: float) -> int:
    """Round as JavaScript does."""
    return int(np.floor(value + 0.5))


def classifier_expected(state: dict[str, Any]) -> dict[str, float]:
    """Train both classifiers as long as the figure has, on what a page cuts out of iris."""
    rows = np.loadtxt(FLOWERS, delimiter=",", skiprows=1)
    x, y = rows[:, :2], rows[:, 2]
    start = [4.0, -4.0, 0.0] if state["start"] == "wrong" else [0.0, 0.0, 0.0]
    t = state["t"]  # the first steps one by one, then ever more at a time
    steps = t if t <= 60 else half_up(60 * (1000 / 60) ** ((t - 60) / 240))
    values: dict[str, float] = {"step": steps}
    for name, loss in (("cross", lt.BINARY_CROSS_ENTROPY), ("squared", lt.SQUARED_ERROR)):
        history = lt.descend(lt.mean_loss(loss, x, y), start, step=state["eta"], steps=steps)
        z = x @ history.parameters[-1][:2] + history.parameters[-1][2]
        values |= {
            f"{name}Loss": float(history.values[-1]),
            **({f"{name}Wrong": int(np.sum((2 * y - 1) * z <= 0))} if z.any() else {}),
            f"{name}Odd": float(loss.value_with_logits(y[0], z[0])),
        }
    return values


@cache
def two_paths(loss: lt.Loss) -> dict[str, Any]:
    """Train both neurons of the source, longer than any figure does, and return their logits."""
    paths = {}
    for name, case in (("first", lt.FIRST), ("second", lt.SECOND)):
        objective = lt.mean_loss(loss, [[case.x]], [case.y])
        history = lt.descend(objective, [case.w, case.b], step=0.1, steps=1400)
        paths[name] = history.parameters @ [case.x, 1.0]
    return paths


def two_neurons_expected(loss: lt.Loss, state: dict[str, Any]) -> dict[str, float]:
    """Read off where both neurons are at a position of the slider, and when they change sides."""
    paths = two_paths(loss)
    length = 30 if state.get("span") == "own" else 1400
    place = state["t"] / 240
    log = state["axis"] == "log"
    step = half_up(np.expm1(place * np.log1p(length)) if log else place * length)
    outputs = {f"{name}O": float(lt.sigmoid(path[step])) for name, path in paths.items()}
    steps = {f"{name}Steps": int(np.argmax(path < 0)) for name, path in paths.items()}
    return {"step": step, **outputs, **steps}


def random_states(figure: str, rng: np.random.Generator) -> dict[str, Any]:
    """Draw a state of a figure: ordinary ones, and those at the ends of its fields."""
    wide = rng.uniform() < 0.2
    real = partial(rng.uniform, -1000, 1000) if wide else partial(rng.uniform, -6, 6)
    scores = {f"s{k}": round(real(), 3) for k in range(3)}
    n = int(rng.integers(1, 1001 if wide else 51))
    q = np.round(rng.dirichlet(np.ones(4)) * 0.9 + 0.025, 6)
    q[3] = 1 - q[:3].sum()
    states: dict[str, dict[str, Any]] = {
        "softmax": {**scores, "T": round(rng.uniform(0.05, 5), 2), "right": int(rng.integers(3))},
        "answers": {
            **scores,
            **{f"y{k}": int(rng.integers(2)) for k in range(3)},
            "guess": "both",  # nothing is told before
        },
        "tosses": {
            "n": n,
            "heads": int(rng.integers(n + 1)),
            "p": float(rng.choice([1e-6, 0.999999, round(rng.uniform(0.01, 0.99), 3)])),
        },
        "bell": {"o": round(real(), 3), "std": round(rng.uniform(0.05, 10), 2)},
        "pairs": {
            "output": rng.choice(["sigmoid", "linear"]),
            "loss": rng.choice(["squared", "cross"]),
            "z": round(real() if rng.uniform() < 0.7 else rng.uniform(0.01, 0.99), 3),
            "y": int(rng.integers(2)),
        },
        "depth": {
            "activation": rng.choice(["sigmoid", "relu", "linear"]),
            "layers": int(rng.integers(2, 21)),
            "w": round(rng.uniform(-6, 6), 2),
            "x": round(rng.uniform(-3, 3), 2),
        },
        "codes": {f"q{k}": float(share) for k, share in enumerate(q)},
        "classifier": {
            "t": int(rng.integers(301)),
            "eta": round(rng.uniform(0.05, 2), 2),
            "start": rng.choice(["zero", "wrong"]),
        },
        "stall": {"axis": rng.choice(["linear", "log"]), "t": int(rng.integers(241))},
        "cure": {
            "axis": rng.choice(["linear", "log"]),
            "span": rng.choice(["own", "squared"]),
            "t": int(rng.integers(241)),
        },
    }
    return states[figure]


# Each figure, the page where it stands, and what it should show.
FIGURES: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, float]]]] = {
    "answers": ("learn/many-classes.html", answers_expected),
    "softmax": ("learn/softmax.html", softmax_expected),
    "tosses": ("learn/maximum-likelihood.html", tosses_expected),
    "bell": ("learn/maximum-likelihood.html", bell_expected),
    "pairs": ("learn/matching-pairs.html", pairs_expected),
    "depth": ("beyond/vanishing-gradients.html", depth_expected),
    "codes": ("learn/cross-entropy.html", codes_expected),
    "classifier": ("learn/train-a-classifier.html", classifier_expected),
    "stall": ("learn/squared-error.html", partial(two_neurons_expected, lt.SQUARED_ERROR)),
    "cure": (
        "learn/binary-cross-entropy.html",
        partial(two_neurons_expected, lt.BINARY_CROSS_ENTROPY),
    ),
}


@pytest.mark.parametrize("figure", FIGURES)
def test_figure_shows_what_losstheory_computes(window: Window, site: Path, figure: str) -> None:
    """Compare to the digits shown: four decimals, or three digits of a power of ten."""
    address, expected = FIGURES[figure]
    rng = np.random.default_rng(len(figure))
    states = [random_states(figure, rng) for _ in range(SETTINGS)]
    window.go((site / address).as_uri())
    for state, read in zip(states, settings(window, figure, states), strict=True):
        for place, value in expected(state).items():
            error = f"{place} at {state}"
            assert number(read[place]) == pytest.approx(value, rel=5.1e-3, abs=6e-5), error


def test_who_says_one_half_is_neither_right_nor_wrong(reader: Callable[..., Reader]) -> None:
    page = reader(disk=True).open(FIGURES["classifier"][0])
    root = page.locator("#classifier")
    for kind in ("cross", "squared"):
        expect(root.locator(f"[data-show={kind}Wrong]").first).to_have_text("undecided")
        expect(root.locator(f"[data-show={kind}Right]")).to_have_text("–")
    expect(root.locator("[data-say=begin]")).to_be_visible()
    root.get_by_label("confidently wrong").check()
    for kind in ("cross", "squared"):
        expect(root.locator(f"[data-show={kind}Wrong]").first).to_have_text("24")
        expect(root.locator(f"[data-show={kind}Right]")).to_have_text("4 %")
    expect(root.locator("[data-say=begin]")).to_be_hidden()


def test_a_share_keeps_the_decimal_that_it_needs(reader: Callable[..., Reader]) -> None:
    page = reader(disk=True).open(FIGURES["codes"][0])
    shares = [12.5, 25, 50, 0.5, 99.5, 0, 100, 33.333, 0.001]
    written = page.evaluate(
        "(all) => all.map((x) => moving.write(x / 100, {as: 'percent'}))", shares
    )
    assert written == [
        "12.5 %",
        "25 %",
        "50 %",
        "0.50 %",
        "99.50 %",
        "0 %",
        "100 %",
        "33.3 %",
        "1.00 × 10⁻³ %",
    ]


@pytest.mark.parametrize("figure", ["softmax", "tosses", "depth", "bell", "answers"])
def test_nothing_is_told_before_the_guess(reader: Callable[..., Reader], figure: str) -> None:
    page = reader(disk=True).open(FIGURES[figure][0])
    root = page.locator(f"#{figure}")
    told = root.locator("[data-say=ask]")
    expect(told).to_be_visible()
    drawn = root.locator("svg[data-plot]").last
    expect(drawn).to_contain_text("?")
    expect(drawn).to_have_attribute("aria-label", re.compile(r"\?"))
    root.get_by_role("radio").first.press("Space")
    expect(told).to_be_hidden()
    expect(drawn).not_to_contain_text("?")
    expect(drawn).not_to_have_attribute("aria-label", re.compile(r"\?"))


def test_an_old_address_leads_to_the_new_one(reader: Callable[..., Reader]) -> None:
    page = reader(disk=True).open("learn/sigmoid-slope.html#exercises")
    page.wait_for_url("**/beyond/vanishing-gradients.html#exercises")


def test_enter_in_a_field_sends_nothing(reader: Callable[..., Reader]) -> None:
    page = reader(disk=True).open(FIGURES["pairs"][0])
    page.locator("#pairs [data-field=z]").press("Enter")
    assert "?" not in page.url


def shown(page: Page, place: str) -> str:
    """Read one number of the neuron's figure."""
    return page.locator(f"#neuron [data-show='{place}']").first.inner_text()


def test_neuron_shows_what_losstheory_computes(window: Window, site: Path) -> None:
    window.go((site / PAGE).as_uri())
    neurons = random_neurons()
    all_digits = [{**neuron, "digits": 1} for neuron in neurons]
    for neuron, texts in zip(neurons, settings(window, "neuron", all_digits), strict=True):
        for place, value in computed(lt.Case(**neuron)).items():
            assert float(texts[place]) == pytest.approx(value, rel=1e-12, abs=1e-15), neuron
    for neuron, texts in zip(neurons, settings(window, "neuron", neurons), strict=True):
        for place, value in computed(lt.Case(**neuron)).items():
            assert number(texts[place]) == pytest.approx(value, rel=5.1e-3, abs=5.1e-5), neuron


@pytest.mark.parametrize(
    ("button", "case", "steps"),
    [
        ("First neuron", lt.FIRST, ("6", "4", "24")),
        ("Second neuron", lt.SECOND, ("21", "15", "1132")),
    ],
)
def test_neurons_of_the_source(
    window: Window, button: str, case: lt.Case, steps: tuple[str, ...]
) -> None:
    window.open(f"{PAGE}#neuron&x=-1&w=2&b=0.25&y=1")
    press_button(window, button)
    assert float(read(window, "o")) == pytest.approx(case.o, abs=5e-5)
    assert tuple(read(window, f"{loss}Steps", "#neuron table") for loss in LOSSES) == steps


def test_slider_moves_by_keyboard(window: Window) -> None:
    window.open(PAGE)
    window.evaluate("""() => document.querySelector("#neuron input[type=range]").focus()""")
    before = window.evaluate("() => document.activeElement.valueAsNumber")
    shown_before = window.evaluate(ALL_SHOWN)
    window.press("ArrowRight")
    assert window.evaluate("() => document.activeElement.valueAsNumber") > before
    window.wait_for(f"before => ({ALL_SHOWN})() !== before", shown_before)


def test_dragging_along_the_logit_moves_the_bias(reader: Callable[..., Reader]) -> None:
    page = reader().open(PAGE)
    box: Any = page.locator("#neuron [data-plot=slope]").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 3, steps=4)
    page.mouse.up()
    z = number(page.locator("#neuron-z").input_value())
    assert z > lt.FIRST.z
    assert float(page.locator("#neuron-b").input_value()) == pytest.approx(
        z - lt.FIRST.w * lt.FIRST.x, abs=0.026
    )
    assert number(shown(page, "o")) == pytest.approx(float(lt.sigmoid(z)), abs=5e-4)


def test_sliders_and_race_by_keyboard(reader: Callable[..., Reader]) -> None:
    page = reader(reduced_motion="reduce").open(PAGE)
    page.get_by_role("slider", name="logit").focus()
    page.keyboard.press("End")
    assert number(shown(page, "o")) == pytest.approx(float(lt.sigmoid(8.0)), abs=5e-5)
    page.get_by_role("button", name="First neuron").press("Enter")
    page.get_by_role("button", name="Train both").focus()
    page.keyboard.press("Space")
    assert shown(page, "step") == "30"  # at once, where motion is unwelcome
    expect(page.locator("#neuron [data-say=raced]")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    assert shown(page, "step") == "0"
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    assert shown(page, "step") == "1"
    assert number(shown(page, "natsO")) < number(shown(page, "squaredO"))


def test_race_runs_and_stops(window: Window) -> None:
    window.open(PAGE)
    press_button(window, "Train both")
    step = "Number(document.querySelector('#neuron [data-show=step]').textContent)"
    window.wait_for(f"() => {step} > 1")
    press_button(window, "Pause")
    stopped = read(window, "step")
    time.sleep(0.2)
    assert read(window, "step") == stopped


def test_address_carries_the_state_and_back_takes_it_back(reader: Callable[..., Reader]) -> None:
    one = reader()
    page = one.open(PAGE)
    field = page.get_by_label("weight w, typed")
    field.fill("-1.25")
    page.wait_for_url(re.compile(r"#neuron&w=-1\.25$"))
    twin = one.context.new_page()
    twin.goto(page.url)
    assert twin.get_by_label("weight w, typed").input_value() == "-1.25"
    assert shown(twin, "o") == shown(page, "o")
    field.fill("2")
    page.wait_for_url(re.compile(r"#neuron&w=2$"))
    page.go_back()
    expect(field).to_have_value("-1.25")
    page.go_back()
    expect(field).to_have_value("0.4")


def test_unknown_names_and_impossible_values_in_the_address_are_passed_over(
    reader: Callable[..., Reader],
) -> None:
    page = reader().open(f"{PAGE}#neuron&nonsense=1&w=1e999&b=2&y=7")
    assert page.get_by_label("bias b, typed").input_value() == "2"
    assert page.get_by_label("weight w, typed").input_value() == "0.4"
    assert page.get_by_label("target y, typed").input_value() == "0"


def test_addresses_of_old_still_lead_to_their_neuron(reader: Callable[..., Reader]) -> None:
    page = reader().open(f"{PAGE}#x=1.5&w=1.9&b=3&y=0&eta=0.1")
    assert number(shown(page, "o")) == pytest.approx(lt.SECOND.o, abs=5e-5)


def test_refuses_what_is_no_neuron(reader: Callable[..., Reader]) -> None:
    page = reader().open(PAGE)
    field = page.get_by_label("target y, typed")
    field.fill("2")
    expect(page.locator("#neuron [role=alert]")).to_have_text(re.compile("a number from 0 to 1"))
    expect(field).to_have_attribute("aria-invalid", "true")
    assert float(shown(page, "o")) == pytest.approx(lt.FIRST.o, abs=5e-5)
    page.keyboard.press("Tab")
    expect(field).to_have_value("0")


def test_result_is_said_once_the_hand_rests(reader: Callable[..., Reader]) -> None:
    page = reader().open(PAGE)
    status = page.locator("#neuron [data-status]")
    expect(status).to_have_text("")
    page.get_by_role("slider", name="logit").press("End")
    output = float(lt.sigmoid(8.0))
    expect(status).to_have_text(re.compile(f"^The neuron says {output:.4f} where 0 is right"))


def test_curves_are_named_and_drawn(window: Window) -> None:
    window.open(f"{PAGE}#neuron&t=240")
    for plot in ("loss", "slope", "race"):
        name, paths, marks = window.evaluate(DRAWN, plot, ["cross", "squared"])
        assert re.search(r"\d", name), "a name that says what is to be seen"
        for path in paths:
            assert len(set(re.findall(r"[\d.]+ ([\d.]+)", path))) > 20, "a curve, not a line"
        assert marks == [1, 1]


def test_without_scripts_a_figure_stands_there(reader: Callable[..., Reader]) -> None:
    page = reader(disk=True, java_script_enabled=False).open(PAGE)
    expect(page.locator(".moving").first).to_be_hidden()
    expect(page.locator("noscript figure svg").locator("visible=true")).to_have_count(1)


def test_touch_targets(reader: Callable[..., Reader]) -> None:
    """Each control is at least 24 pixels high and wide, on a phone too."""
    page = reader(viewport={"width": 320, "height": 700}, has_touch=True).open(PAGE)
    controls = page.locator(".moving :is(button, input):visible").all()
    assert controls
    for control in controls:
        if control.get_attribute("type") not in {
            "checkbox",
            "radio",
        }:  # their labels are the targets
            box: Any = control.bounding_box()
            assert min(box["width"], box["height"]) >= 24


def test_two_neurons_train_once_a_guess_is_made(reader: Callable[..., Reader]) -> None:
    page = reader(reduced_motion="reduce").open("learn/squared-error.html")
    figure = page.locator("#stall")
    train = figure.get_by_role("button", name="Train both")
    expect(train).to_be_disabled()
    expect(figure.locator("[data-say=done]")).to_be_hidden()
    figure.get_by_role("radio", name="about five times as many").press("Space")
    train.press("Enter")
    expect(figure.locator("[data-say=five]")).to_be_visible()
    expect(figure.locator("[data-say=more]")).to_be_hidden()
    expect(figure.locator("[data-say=done]")).to_contain_text(
        "24 steps, the second 1132: 47.2 times"
    )


def test_a_guess_at_the_bell_is_answered_where_it_is_likeliest(
    reader: Callable[..., Reader],
) -> None:
    page = reader(disk=True).open(FIGURES["bell"][0])
    figure = page.locator("#bell")
    slider = figure.get_by_role("slider", name="output")
    expect(figure.locator("[data-plot=loss] .curve")).to_have_count(0)
    figure.get_by_role("radio", name="at the middle one, 2").press("Space")
    expect(figure.locator("[data-plot=loss] .curve")).to_have_count(2)
    expect(figure.locator("[data-say=best]")).to_be_hidden()
    slider.fill("3")  # the mean of 1, 2 and 6
    expect(figure.locator("[data-say=best]")).to_be_visible()
    expect(figure.locator("[data-say=middle]")).to_be_visible()
    expect(figure.locator("[data-say=mean]")).to_be_hidden()
    figure.get_by_role("radio", name="at their mean, 3").press("Space")
    expect(figure.locator("[data-say=mean]")).to_be_visible()
    expect(figure.locator("[data-say=middle]")).to_be_hidden()


def test_a_guess_at_the_answers_is_answered_when_a_score_moves(
    reader: Callable[..., Reader],
) -> None:
    page = reader(disk=True).open(FIGURES["answers"][0])
    figure = page.locator("#answers")

    def outputs(plot: str) -> list[str]:
        return figure.locator(f"[data-plot={plot}] .note:not(.name)").all_text_contents()

    def bars(plot: str) -> list[str]:
        paths = figure.locator(f"[data-plot={plot}] .area:not(.hollow)")
        drawn: list[str] = paths.evaluate_all("bars => bars.map(bar => bar.getAttribute('d'))")
        return drawn

    assert outputs("softmax") == outputs("sigmoids") == ["?"] * 3
    assert bars("softmax") == bars("sigmoids"), "no bar is drawn yet"
    figure.get_by_role("radio", name="both").press("Space")
    before = {plot: outputs(plot) for plot in ("softmax", "sigmoids")}
    s = np.array([2.0, 1.0, -1.0])
    assert bars("softmax") != bars("sigmoids")
    assert before["softmax"] == [f"{share:.4f}" for share in lt.softmax(s)]
    expect(figure.locator("[data-say=moved]")).to_be_hidden()
    figure.get_by_role("slider", name="score of cat").press("End")
    expect(figure.locator("[data-say=moved]")).to_be_visible()
    expect(figure.locator("[data-say=right]")).to_be_hidden()
    assert outputs("sigmoids")[1:] == before["sigmoids"][1:]
    for now, old in zip(outputs("softmax")[1:], before["softmax"][1:], strict=True):
        assert number(now) < number(old)
    figure.get_by_role("radio", name="the softmax").press("Space")
    expect(figure.locator("[data-say=right]")).to_be_visible()
