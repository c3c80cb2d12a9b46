"""What moves, as text: labels and controls, what is shown where it begins and ends, what acts.

The scripts are the very files that the pages load; a page of two or three attributes stands in for
the browser's. Places are pixels of a drawing of 560 by 300.
"""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from py_mini_racer import MiniRacer
from pytest_regressions.file_regression import FileRegressionFixture

from losstheory_site.moving.directive import FOLDER, MARKUP, SHARED
from review import review

FIGURES = sorted(file.stem for file in FOLDER.glob("*.js") if file.name not in SHARED)
LOOKS = {"class", "id", "for", "autocomplete", "tabindex", "width", "height", "d", "aria-hidden"}
CONTENTS = re.compile(r"<(?P<tag>[a-z]+) (?P<rest>[^>]*)>(?P<words>[^<]*)")
PLACE = re.compile(r"-?\d+(?:\.\d+)?")
PAGE = """
const figures = {};
const document = { querySelectorAll: () => [] };
const page = (plots) => Object.fromEntries(Object.entries(plots).map(([name, dataset]) => {
  const drawn = {};
  return [name, {
    dataset, drawn,
    getBoundingClientRect: () => ({ left: 0, top: 0, width: 560, height: 300 }),
    setAttribute: () => {}, querySelector: () => drawn, querySelectorAll: () => [],
    append: () => {}, remove: () => {},
  }];
}));
"""
POINTERS = [[x, y] for y in (60, 150, 240) for x in (150, 280, 430)]
SHOW = """
(name, dataset, plots, wanted, shown) => {
  const figure = figures[name], root = { dataset };
  const kept = figure.keeps?.(root) ?? {};
  const start = Object.entries(kept).map(([key, { start: value }]) => [key, value]);
  let state = { ...Object.fromEntries(start), ...wanted };
  if (figure.settle) state = { ...state, ...figure.settle(state, wanted, state) };
  const values = figure.values(state, root), svgs = page(plots), known = { ...state, ...values };
  figure.draw?.(svgs, state, values, root);
  const told = (wanted) => Object.entries(wanted).map(([key, value]) => {
    const before = [state[key]].flat(2);
    return [key, ...[value].flat(2).filter((part, n) => part !== before[n])].join(" ");
  }).join(", ");
  const drags = (name, svg, clientX, clientY) => {
    const event = { clientX, clientY }, place = draw.under(svg, event);
    const grasped = figure.grasp ? figure.grasp(place, state, svg, event) : true;
    if ((grasped ?? null) === null) return "nothing";
    return told(figure.drags[name](place, state, grasped, svg) ?? {}) || "nothing";
  };
  return JSON.stringify({
    acts: Object.entries(figure.actions ?? {}).map(
      ([key, act]) => `${key}: ${told(act(state, root))}`,
    ),
    drags: Object.keys(figure.drags ?? {}).map((key) => [
      key, POINTERS.map(([x, y]) => `${x} ${y} sets ${drags(key, svgs[key], x, y)}`),
    ]),
    says: figure.says?.(state, values) ?? [],
    shows: shown.map(([key, how]) => `${key} ${moving.write(known[key], how)}`),
    draws: Object.entries(svgs).map(([key, svg]) => [key, svg.drawn.innerHTML ?? ""]),
  });
}
"""


class Markup(HTMLParser):
    """What a figure says and which controls it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.root: dict[str, str] = {}
        self.plots: dict[str, dict[str, str]] = {}
        self.starts: dict[str, Any] = {}
        self.ends: dict[str, tuple[float, float]] = {}
        self.choices: dict[str, list[Any]] = {}
        self.shown: list[tuple[str, dict[str, str]]] = []
        self.formula = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note controls, plots, and every attribute that a reader sees or hears."""
        given = {name: value or "" for name, value in attrs}
        data = {
            re.sub(r"-(\w)", lambda m: m[1].upper(), name.removeprefix("data-")): value
            for name, value in given.items()
            if name.startswith("data-")
        }
        self.root = self.root or data
        self.formula = self.formula or tag == "math"
        if "plot" in data:
            self.plots[data["plot"]] = data
        if "show" in data:
            self.shown.append((data["show"], {k: data[k] for k in ("as", "limit") if k in data}))
        if "control" in data:
            self.control(data["control"], given)
        told = [f"{name}={value}" for name, value in given.items() if name not in LOOKS]
        if told and not self.formula:
            self.rows.append(f"{tag} {' '.join(told)}")

    def control(self, name: str, given: dict[str, str]) -> None:
        """Note where a control starts, and how far it goes."""
        kind = given.get("type")
        if kind in {"range", "number"}:
            self.starts[name] = float(given["value"])
            low, high = self.ends[name] = float(given["min"]), float(given["max"])
            step = 1.0 if given["step"] == "any" else float(given["step"])
            steps = round((high - low) / step)
            self.choices[name] = [round(low + step * (k * steps // 3), 9) for k in range(4)]
        elif kind == "radio":
            self.starts.setdefault(name, "")
            self.starts[name] = given["value"] if "checked" in given else self.starts[name]
            self.choices.setdefault(name, []).append(given["value"])
        else:
            self.starts[name] = int("checked" in given)
            self.choices[name] = [0, 1]

    def handle_endtag(self, tag: str) -> None:
        """Leave a formula."""
        self.formula = self.formula and tag != "math"

    def handle_data(self, data: str) -> None:
        """Note words; a formula is one line."""
        words = " ".join(data.split())
        if words and self.formula and self.rows and self.rows[-1].startswith("formula"):
            self.rows[-1] += f" {words}"
        elif words:
            self.rows.append(f"formula {words}" if self.formula else f"  {words}")


@pytest.fixture(scope="module")
def js() -> Iterator[MiniRacer]:
    """Yield a JavaScript engine that has run the scripts of all figures."""
    with MiniRacer() as engine:
        engine.eval(PAGE)
        for name in SHARED:
            text = (FOLDER / name).read_text(encoding="utf-8")
            engine.eval(text.replace("const moving = (", "const frame = ("))
        engine.eval(
            "const moving = { ...frame, define: (name, figure) => { figures[name] = figure; } };"
        )
        for name in FIGURES:
            engine.eval((FOLDER / f"{name}.js").read_text(encoding="utf-8"))
        engine.eval(f"const POINTERS = {POINTERS}; const show = {SHOW};")
        yield engine


def begun(markup: Markup) -> dict[str, Any]:
    """Return the state that shows something: where a guess is asked for, the one after it."""
    guess = {name: values[0] for name, values in markup.choices.items() if name == "guess"}
    return {**markup.starts, **guess}


def states(markup: Markup) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the state that a figure begins with, that at the end, and those at the ends of all."""
    yield "at the start", markup.starts
    if "guess" in markup.choices:
        yield "once guessed", begun(markup)
    if "t" in markup.ends:
        yield "at the end", {**begun(markup), "t": markup.ends["t"][1]}
    for place, words in ((0, "all controls low"), (1, "all controls high")):
        yield words, {**begun(markup), **{name: end[place] for name, end in markup.ends.items()}}


def others(markup: Markup) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the states in which one control is another, or all are."""
    for name, values in markup.choices.items():
        for value in values:
            if value != begun(markup)[name]:
                yield f"with {name} {value}", {**begun(markup), name: value}
    for word, place in (("first", 0), ("last", -1), ("last but one", -2)):
        chosen = {name: values[max(place, -len(values))] for name, values in markup.choices.items()}
        yield f"with the {word} of all", chosen


def told(found: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Tell what a figure says, shows, draws, and does."""
    yield "says", [*filter(None, found["says"])]
    yield "shows", found["shows"]
    for plot, drawn in found["draws"]:
        yield plot, list(drawing(drawn))
    yield "buttons", found["acts"]
    for plot, pointers in found["drags"]:
        yield f"drag {plot}", pointers


def drawing(markup: str) -> Iterator[str]:
    """Tell what a drawing holds: words with their places, ends of lines, places of marks."""
    frames = set()
    for match in CONTENTS.finditer(markup):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', match["rest"]))
        kind = given.get("class", match["tag"])
        if kind in {"grid", "tick", "drawn"} or match["tag"] == "g":
            continue
        places = [
            round(float(n))
            for key in ("x", "y", "cx", "cy", "r", "width", "height", "d")
            for n in PLACE.findall(given.get(key, ""))
        ]
        if len(places) > 8:
            places = [*places[:2], *places[len(places) // 4 * 2 :][:2], *places[-2:]]
        words = f" {match['words']}" if match["words"].strip() else ""
        if match["tag"] == "svg":  # what curves are cut off at
            if given["viewBox"] in frames:
                continue
            frames.add(given["viewBox"])
        yield f"{kind}{words} {' '.join(map(str, places))}"


@pytest.mark.parametrize("name", FIGURES)
def test_what_moves_was_reviewed(
    js: MiniRacer, name: str, file_regression: FileRegressionFixture
) -> None:
    options = {"id": name, "open": False, "loss": "squared"}
    markup = Markup(MARKUP.get_template(f"{name}.html").render(options))
    rows = [*markup.rows]

    def look(state: dict[str, Any]) -> dict[str, list[str]]:
        shown = js.call("show", name, markup.root, markup.plots, state, markup.shown)
        return dict(told(json.loads(shown)))

    for words, state in states(markup):
        rows += ["", words]
        rows += [f"{part}: {' | '.join(found)}" for part, found in look(state).items() if found]
    start = look(begun(markup))
    for words, state in others(markup):  # of these, what is not seen at first
        rows += ["", words]
        for part, found in look(state).items():
            if new := [one for one in found if one not in start[part]]:
                rows.append(f"{part}: {' | '.join(new)}")
    if race := js.eval(f"figures.{name}.race?.control"):
        rows += ["", f"plays {race} in {js.eval(f'figures.{name}.race.seconds')} s"]
    review(file_regression, "shown", FOLDER / f"{name}.js", "\n".join(rows) + "\n")
