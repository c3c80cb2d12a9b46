"""Drawings that stand in the page itself: in its typeface and its colours, at no request.

Matplotlib leaves words as words. Here they lose the font that it measured them with and take that
of the page, whose relative it is; each colour of the table becomes the page's own, light or dark.
"""

import re
import xml.etree.ElementTree as ET

from losstheory_site.colours import light, themed

UNSEEN = ("metadata", "style", "title")  # elements
WORDS = ("text_", "legend_")  # groups, by the beginning of their identifiers
USED = re.compile(r"#(\w+)")
REFERENCE = re.compile(r"(?<=url\(#)\w+|(?<=^#)\w+")  # to another element, not a colour
FONT = re.compile(r"font-family: [^;]*;?\s*|font-weight: 400;?\s*")
NOT_TURNED = re.compile(r"rotate\(-?0 [^)]*\)")
DECIMALS = re.compile(r"-?\d+\.\d+")
SPACE = re.compile(r"\s+")
PRIME = "′"
# What the style sheet says of a drawing in a page, it says itself when it stands alone.
ALONE = 'xmlns="http://www.w3.org/2000/svg" font-family="STIX Two Text, STIXGeneral, serif"'
WIDER = 1.05  # times as wide as STIXGeneral, which Matplotlib brings, runs STIX Two Text
MEASURES = ("x", "y", "width", "height", "transform", "d")


def essence(element: ET.Element, *, words: bool) -> list[ET.Element]:
    """Return what a page keeps of an element: itself, its children, or nothing."""
    if not isinstance(element.tag, str):
        return []  # type: ignore[unreachable]  # a comment, of which the types know nothing
    element.tag = element.tag.rpartition("}")[2]
    if element.tag in UNSEEN or (not words and element.get("id", "").startswith(WORDS)):
        return []
    if element.tag == "text":
        if len(element):
            join_letters(element)
        element.tail = None
        return [element]
    element[:] = [kept for child in element for kept in essence(child, words=words)]
    element.text = element.tail = None
    if element.tag == "g" and not set(element.keys()) - {"id"}:
        return list(element)
    return [element]


def join_letters(text: ET.Element) -> None:
    """Join the letters of a formula, each of which has a place of its own, to words.

    The page's typeface is a little wider than the one that they were placed for. A prime, drawn
    raised already, stands on the line and as large as its neighbours.
    """
    text.text = None
    words: list[ET.Element] = []
    open_word, space = False, ""
    for letter in sorted(text, key=lambda letter: float(letter.attrib["x"].split()[0])):
        if not (letter.text or "").strip():
            space = " "
            continue
        letter.tag, letter.tail = "tspan", None
        last = words[-1] if words else None
        if last is not None and letter.text == PRIME:
            last.text = f"{last.text}{PRIME}"
            open_word, space = False, ""
            continue
        alike = last is not None and all(last.get(k) == letter.get(k) for k in ("style", "y"))
        if open_word and alike and last is not None:
            last.text = f"{last.text}{space}{letter.text}"
        else:
            words.append(letter)
        open_word, space = True, ""
    for word in words:
        word.set("x", f"{WIDER * float(word.attrib['x'].split()[0]):.2f}")
    text[:] = words


def shorten(value: str, digits: int) -> str:
    """Round the numbers of an attribute."""

    def rounded(number: re.Match[str]) -> str:
        return f"{float(number[0]):.{digits}f}".rstrip("0").rstrip(".")

    return SPACE.sub(" ", DECIMALS.sub(rounded, value)).strip()


def attribute_of(key: str, value: str, name: str, used: dict[str, str], digits: int) -> str:
    """Return what a page keeps of an attribute, or nothing."""

    def named(reference: re.Match[str]) -> str:
        return f"{name}-{used[reference[0]]}"

    if key == "id":
        return f"{name}-{used[value]}" if value in used else ""
    if key in MEASURES:
        return shorten(NOT_TURNED.sub("", value), digits)
    if key == "style":
        value = FONT.sub("", value).rstrip("; ")
        return REFERENCE.sub(named, value)
    if value.startswith(("#", "url(#")):
        return REFERENCE.sub(named, value)
    return value


def say_style_once(group: ET.Element) -> None:
    """Let a group of marks, all of one style, say it for all of them."""
    styles = {mark.get("style") if mark.tag == "use" else None for mark in group}
    if group.tag == "g" and len(group) > 1 and len(styles) == 1 and not group.get("style"):
        style = styles.pop()
        if style:
            group.set("style", style)
            for mark in group:
                del mark.attrib["style"]


def elements_of(svg: str, name: str, *, words: bool, digits: int) -> ET.Element:
    """Return a drawing of Matplotlib as one for a page, where identifiers begin with a name."""
    [root] = essence(ET.fromstring(svg), words=words)
    used = {found: str(number) for number, found in enumerate(dict.fromkeys(USED.findall(svg)))}
    name = name.removeprefix("sphx_glr_plot_")
    for element in root.iter():
        given = [(key.rpartition("}")[2], value) for key, value in element.items()]
        element.attrib.clear()
        for key, value in given:
            now = attribute_of(key, value, name, used, digits)
            if now:
                element.set(key, now)
        say_style_once(element)
    return root


def inline(svg: str, name: str, description: str, kind: str) -> str:
    """Write a drawing into a page."""
    root = elements_of(svg, name, words=True, digits=1)
    width, height = (
        str(round(float(root.attrib[side].removesuffix("pt")) * 4 / 3))
        for side in ("width", "height")
    )
    root.attrib = {
        "class": f"drawing {kind}",
        "role": "img",
        "aria-label": description,
        "viewBox": root.attrib["viewBox"],
        "width": width,
        "height": height,
    }
    return themed(ET.tostring(root, encoding="unicode", short_empty_elements=False))


def alone(drawing: str) -> str:
    """Make of a drawing in a page one that stands alone, in light colours."""
    return light(drawing.replace("<svg ", f"<svg {ALONE} ", 1))
