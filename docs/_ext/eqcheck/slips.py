r"""Every small slip that could be made in a formula, one at a time.

The audit changes each term, sign, factor, number, exponent, index and base in turn and asks
whether the check would notice. Read backwards, the list also tells what mends a wrong formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lark import Token, Tree

from .reader import Node

_MINUS = Token("SIGN", "-")
_SKIPPED = {"order", "wrt"}
_PROBES = {"sign of the argument flipped": "even", "arguments swapped": "symmetric"}
_OPPOSITE = {r"\max": r"\min", r"\min": r"\max", r"\sum": r"\prod", r"\prod": r"\sum"}


class Slip(NamedTuple):
    """A changed formula: what was done, to which part, and the result."""

    what: str
    part: Node
    tree: Node
    probe: str = ""  # "even" or "symmetric": it is no slip where the function is that


def slips(tree: Node, indices: frozenset[str]) -> Iterator[Slip]:
    """Yield every one-step change of a side of a formula; `indices` may stand for one another."""
    if tree.data not in {"sum", "symbol", "number"}:
        yield Slip("sign flipped", tree, _negative(tree))
    yield from _within(tree, indices)


def _within(node: Node, indices: frozenset[str]) -> Iterator[Slip]:
    if node.data == "number":
        yield Slip("number changed", node, _number(_next(str(node.children[0]))))
    for what, changed in _here(node, indices):
        yield Slip(what, node, changed, _PROBES.get(what, ""))
    for position, child in enumerate(node.children):
        if isinstance(child, Tree) and child.data not in _SKIPPED:
            for what, part, changed, probe in _within(child, indices):
                children = [*node.children[:position], changed, *node.children[position + 1 :]]
                yield Slip(what, part, Tree(node.data, children), probe)


def _here(node: Node, indices: frozenset[str]) -> Iterator[tuple[str, Node]]:
    """Yield the changes of one node."""
    match node.data:
        case "sum":
            yield from _of_sum(node)
        case "product" | "dot" | "times" | "star" | "hadamard":
            left, right = _trees(node)
            if left != _number("1"):
                yield "left factor lost", right
            if right != _number("1"):
                yield "right factor lost", left
        case "fraction":
            yield from _of_fraction(node)
        case "power" | "named_power":
            yield from _of_power(node)
        case "root" | "transpose" | "factorial" as kind:
            yield f"{kind} lost", _trees(node)[-1]
        case "index":
            yield from _of_index(node, indices)
        case "log":
            yield "base lost", Tree("call", [Token("NAMED", r"\ln"), _trees(node)[-1]])
        case "call":
            yield from _of_call(node)
        case "big" if (sign := str(node.children[0])) in _OPPOSITE:
            opposite = Token("BIG", _OPPOSITE[sign])
            yield f"{sign[1:]} for another", Tree("big", [opposite, *node.children[1:]])


def _of_sum(node: Node) -> Iterator[tuple[str, Node]]:
    signs, terms = ["+"], list[Node]()
    for child in node.children:
        if isinstance(child, Tree):
            terms.append(child)
        elif terms:
            signs.append(str(child))
        else:
            signs = [str(child)]
    for place in (k for k, term in enumerate(terms) if term != _number("0")):
        flipped = ["-" if s == "+" else "+" for s in signs]
        mixed = [flipped[k] if k == place else sign for k, sign in enumerate(signs)]
        yield f"sign of term {place + 1} flipped", _signed(mixed, terms)
        if len(terms) > 1:
            rest = [k for k in range(len(terms)) if k != place]
            kept = _signed([signs[k] for k in rest], [terms[k] for k in rest])
            yield f"term {place + 1} lost", kept


def _of_fraction(node: Node) -> Iterator[tuple[str, Node]]:
    above, below = _trees(node)
    if below != _number("1"):
        yield "denominator lost", above
        if above != _number("1"):
            yield "numerator lost", Tree("fraction", [_number("1"), below])


def _of_power(node: Node) -> Iterator[tuple[str, Node]]:
    if node.data == "named_power":
        name, _, *arguments = node.children
        yield "exponent lost", Tree("call", [name, *arguments])
    elif _trees(node)[1:] != [_number("1")]:
        yield "exponent lost", _trees(node)[0]


def _of_index(node: Node, indices: frozenset[str]) -> Iterator[tuple[str, Node]]:
    base, script = _trees(node)
    for position, place in enumerate(script.children):
        if isinstance(place, Tree) and place.data == "symbol":
            others = sorted(indices - {str(place.children[0])})
            other = Tree("symbol", [Token("VARIABLE", others[0])]) if others else _number("1")
            changed = [*script.children[:position], other, *script.children[position + 1 :]]
            yield "index changed", Tree("index", [base, Tree("script", changed)])


def _of_call(node: Node) -> Iterator[tuple[str, Node]]:
    name, rest = str(node.children[0]), node.children[1:]
    head = node.children[0]
    primes = [c for c in rest if isinstance(c, Token) and c.type == "PRIME"]
    if primes:
        yield "prime lost", Tree("call", [head, *rest[1:]])
    if name == r"\ln":
        yield "base changed to 2", Tree("log", [_number("2"), *rest])
    arguments = [c for c in rest if isinstance(c, Tree)]
    if name in _OPPOSITE:
        yield f"{name[1:]} for another", Tree("call", [Token("MAX", _OPPOSITE[name]), *rest])
    elif len(arguments) == 1 and arguments[0].data != "sum" and name not in {r"\ln", r"\log"}:
        yield "sign of the argument flipped", Tree("call", [head, _negative(arguments[0])])
    elif len(arguments) == 2:
        first, second = arguments
        swapped = [second if c is first else first if c is second else c for c in rest]
        yield "arguments swapped", Tree("call", [head, *swapped])


def _trees(node: Node) -> list[Node]:
    return [child for child in node.children if isinstance(child, Tree)]


def _negative(node: Node) -> Node:
    return Tree("sum", [_MINUS, node])


def _signed(signs: list[str], terms: list[Node]) -> Node:
    pairs = zip(signs, terms, strict=True)
    return Tree("sum", [part for sign, term in pairs for part in (Token("SIGN", sign), term)])


def _number(digits: str) -> Node:
    return Tree("number", [Token("NUMBER", digits)])


def _next(digits: str) -> str:
    """Return a number whose last shown digit is one more."""
    places = len(digits.partition(".")[2])
    return f"{float(digits) + 10.0**-places:.{places}f}"


def indices_of(tree: Node) -> frozenset[str]:
    """Return the symbols that serve as indices."""
    scripts = (script for index in tree.find_data("index") for script in index.find_data("script"))
    return frozenset(
        str(symbol.children[0]) for script in scripts for symbol in script.find_data("symbol")
    )
