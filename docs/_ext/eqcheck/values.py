"""The value of a tree at a point: a function for each rule of the grammar, in RULES.

First the conditions, then what works on values alone, then what moves symbols: derivatives,
integrals, limits, sums over an index, and looking for an optimum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from lark import Token, Tree

from . import arithmetic, numerics
from .arithmetic import COMPARE, Interval, Members, whole
from .notation import function_key
from .points import Draws, OutOfTimeError, Point
from .reader import Node
from .tokens import DialectError, demand

Children = list[Any]
Variable = tuple[str, tuple[int, ...] | None]  # what a derivative moves: a symbol, or an entry
LONGEST = 10_000  # terms of a sum
# What is worked out once at a point, however many sides and slips ask for it.
DEAR = {"derivative", "applied", "gradient", "nabla", "integral", "big", "expectation"}
DEAR |= {"call", "index"}
_SPELLINGS = {
    r"\leq": r"\le", r"\leqslant": r"\le", r"\geq": r"\ge", r"\geqslant": r"\ge", r"\lt": "<",
    r"\gt": ">", r"\neq": r"\ne", r"\rightarrow": r"\to", r"\not=": r"\ne", r"\not\in": r"\notin",
    **dict.fromkeys((":=", r"\coloneqq", r"\triangleq", r"\equiv"), "="),
}  # fmt: skip


def value(node: Any, point: Point) -> Any:
    """Return the value of a node: a number, an array, a set or an interval.

    Whatever goes wrong on the way is a `DialectError` that knows its place in the formula, but
    for a number that does not exist at this point: an `ArithmeticError` or a `ValueError`.
    """
    try:
        if node.data not in DEAR:
            return RULES.get(node.data, _nothing)(node.children, point)
        if node not in point.known:
            point.context.tick()
            point.known[node] = RULES[node.data](node.children, point)
        return point.known[node]
    except (ArithmeticError, ValueError, OutOfTimeError, KeyboardInterrupt):
        raise
    except BaseException as error:
        if isinstance(error, DialectError):
            found = error
        elif isinstance(error, RecursionError):
            found = DialectError("the formula is nested too deeply; split it")
        else:
            found = DialectError(f"this has no value: {type(error).__name__}: {error}")
        if found.line is None and not node.meta.empty:
            found.line, found.column = node.meta.line, node.meta.column
        raise found from error.__cause__


def relation(token: object) -> str:
    """Return the one spelling of a relation."""
    plain = "".join(str(token).split())
    return _SPELLINGS.get(plain, plain)


def name_of(symbol: Node) -> str:
    """Return the name of a symbol."""
    demand(symbol.data == "symbol", "a single symbol belongs here")
    return str(symbol.children[0])


def symbols_of(tree: Node) -> set[str]:
    """Return the names of the symbols in a tree."""
    return {str(symbol.children[0]) for symbol in tree.find_data("symbol")}


def trees(children: Children) -> list[Node]:
    """Return the children that are no tokens."""
    return [child for child in children if isinstance(child, Tree)]


def related(item: Node, *signs: str) -> bool:
    """Return whether an item is a chain of a single relation, one of these."""
    single = item.data == "chain" and len(item.children) == 3
    return single and relation(item.children[1]) in signs


def places_of(script: Node, point: Point) -> list[int]:
    """Return the numbers that a script names: ``{ij}`` and ``{i,j}`` are two, ``{i+1}`` is one."""

    def split(node: Any) -> list[Node]:
        juxtaposed = node.data == "product"
        return [n for child in node.children for n in split(child)] if juxtaposed else [node]

    nodes = [n for node in script.children for n in split(node)]
    return [whole(value(n, point), "an index") for n in nodes]


def _first(point: Point) -> int:
    return int(point.notation.rules.get("first index", "1"))


# Conditions


def holds(chain: Node, point: Point) -> bool:
    """Return whether every relation of a chain holds at a point."""
    demand(chain.data == "chain", "a condition has a relation")
    sides = [value(side, point) for side in chain.children[::2]]
    for pair, sign in zip(pairwise(sides), map(relation, chain.children[1::2]), strict=True):
        demand(sign in COMPARE, f"{sign} is no condition that can be tried")
        if not COMPARE[sign](*pair):
            return False
    return True


def bind(items: Children, point: Point) -> Iterator[Point]:
    r"""Yield the points of a condition such as ``i = 1`` or ``k \ne j``, or none.

    An equation with a symbol on its left sets that symbol; another relation must hold. A range
    ``i = 1, \dots, K`` says nothing, for indices are drawn from theirs.
    """
    points, kinds = [point], [item.data for item in items]
    for position, item in enumerate(items):
        if item.data != "chain" or "dots" in kinds[max(position - 1, 0) : position + 2]:
            continue
        left, sign, right = item.children[0], relation(item.children[1]), item.children[-1]
        if left.data == "symbol" and sign == "=":
            single = len(item.children) == 3
            demand(single, "a condition sets one symbol at a time; write it as two")
            points = [p.moved(**{name_of(left): value(right, p)}) for p in points]
        elif left.data == "symbol" and right.data == "members":
            values = [value(v, point) for v in right.children]
            points = [p.moved(**{name_of(left): v}) for p in points for v in values]
        elif sign != r"\to":
            points = [p for p in points if holds(item, p)]
    yield from points


def _at(children: Children, point: Point) -> Any:
    items = children[1].children
    equations = all(item.data == "chain" for item in items)
    demand(equations, "what stands at the bar says where: |_{z = 0}")
    (there,) = bind(items, point)
    return value(children[0], there)


def _indicator(children: Children, point: Point) -> Any:
    return float(all(holds(child, point) for child in children))


def _cases(children: Children, point: Point) -> Any:
    for case in children:
        if all(holds(condition, point) for condition in trees(case.children[1:])):
            return value(case.children[0], point)
    raise ValueError("no case applies")


# Values


def _nothing(_: Children, __: Point) -> Any:
    raise DialectError("a relation, or a list, stands where a value belongs")


def _on_values(function: Callable[..., Any]) -> Callable[[Children, Point], Any]:
    return lambda children, point: function(*(value(child, point) for child in children))


def _interval(children: Children, point: Point) -> Interval:
    low, high = (float(value(child, point)) for child in trees(children))
    return Interval(low, high, (children[0] == "[", children[-1] == "]"))


def _sum(children: Children, point: Point) -> Any:
    total, sign = None, 1
    for child in children:
        if isinstance(child, Token):
            sign = -1 if child == "-" else 1
        else:
            term = sign * value(child, point)
            total = term if total is None else arithmetic.add(total, term)
    return total


def _hadamard(children: Children, point: Point) -> Any:
    for child in children:
        loose = child.data in {"product", "dot"}
        vectors = loose and all(np.ndim(value(c, point)) for c in child.children)
        demand(not vectors, r"put brackets round the product beside \odot")
    return arithmetic.hadamard(*(value(child, point) for child in children))


def _power(children: Children, point: Point) -> Any:
    base, exponent = children
    alone = f"a lone {exponent} as an exponent means a side of a limit only"
    demand(not isinstance(exponent, Token), alone)
    found = value(base, point)
    if (np.ndim(found) or isinstance(found, Interval)) and _is_undeclared(exponent, "T", point):
        return arithmetic.transpose(found)
    return arithmetic.power(found, value(exponent, point))


def _is_undeclared(node: Node, name: str, point: Point) -> bool:
    """Whether a letter is no symbol of the notation, and has its usual meaning."""
    return node.data == "symbol" and name_of(node) == name and not point.declares(name)


def _named_power(children: Children, point: Point) -> Any:
    name, exponent, *arguments = children
    times = value(exponent, point)
    plain = exponent.data == "number" and whole(times, f"the power of {name}") >= 1
    demand(plain, rf"{name}^… is read with a power such as 2 only; no inverse")
    return arithmetic.power(_call([name, *arguments], point), times)


def _logarithm(inside: Any, point: Point) -> Any:
    r"""Return what a bare \log means: what the notation says, else the base being tried."""
    rule = point.notation.rules.get("log")
    if rule is None:
        point.context.guessed = True
        return arithmetic.logarithm(point.context.base, inside)
    function = eval(compile(rule, "log", "eval"), {"__builtins__": {}, **point.notation.namespace})
    return function(inside)


def _index(children: Children, point: Point) -> Any:
    base, script = children
    first = script.children[0]
    if base.data == "norm":
        order = "F" if _is_undeclared(first, "F", point) else value(first, point)
        return arithmetic.norm(value(base.children[0], point), order)
    places = places_of(script, point)
    if base.data == "symbol" and f"{name_of(base)}_" in point.notation.entries:
        array, places = point.family(name_of(base), places)
        if not places:
            return array
    else:
        array = value(base, point)
    digits = str(first.children[0]) if first.data == "number" else ""
    if len(script.children) == 1 and len(digits) == np.ndim(array) > 1:
        places = [int(digit) for digit in digits]  # w_{21}
    hint = r"; declare rows such as \mathbf{x}_i : X[i - 1]" if np.ndim(array) == 2 else ""
    found = f"{len(places)} indices on a value that takes {np.ndim(array)}{hint}"
    demand(np.ndim(array) == len(places), found)
    return array[_within(places, np.shape(array), point)]


def _within(places: list[int], shape: tuple[int, ...], point: Point) -> tuple[int, ...]:
    """Return where indices stand, counted from 0."""
    found = tuple(place - _first(point) for place in places)
    inside = len(found) == len(shape) and all(0 <= k < n for k, n in zip(found, shape, strict=True))
    demand(inside, "an index out of range")
    return found


def _call(children: Children, point: Point) -> Any:
    arguments = [value(c, point) for c in trees(children)]
    return applied(Tree("call", children), arguments, point)


def _parts(call: Children) -> tuple[str, int, list[str]]:
    """Return the name of what is called, its primes, and the signs between its arguments."""
    tokens = [c for c in call[1:] if isinstance(c, Token)]
    primes = [t for t in tokens if t.type == "PRIME"]
    return str(call[0]), len(primes), [str(t) for t in tokens if t.type != "PRIME"]


def applied(call: Node, arguments: list[Any], point: Point) -> Any:
    """Return the value of a function that is called, at these arguments."""
    name, primes, separators = _parts(call.children)
    if name == r"\log":
        return _logarithm(arguments[0], point)
    if name.startswith("\\"):
        return arithmetic.named(name, arguments)
    if not primes:
        return point.call(name, separators, arguments)
    _refuse_two_meanings(name, separators, point)
    demand(len(arguments) == 1, f"{name}' of {len(arguments)} arguments: by which?")
    slopes, at = _slopes(name, separators, arguments, [0] * primes, point), arguments[0]
    if np.ndim(at) == 0:
        return slopes
    jacobian = slopes.reshape(-1, np.size(at))
    entrywise = slopes.shape == 2 * np.shape(at) and not np.any(
        jacobian - np.diag(np.diag(jacobian))
    )
    demand(entrywise, "f'(x) of a vector, where f does not work entry by entry")
    return np.diag(jacobian).reshape(np.shape(at))


# Calculus


def _slopes(
    name: str, separators: list[str], arguments: list[Any], spots: list[int], point: Point
) -> Any:
    """Return a derivative of a function by its arguments at these spots, at a place.

    The derivatives by the entries of a single array are further axes of the result.
    """
    at = arguments[spots[0]]

    def along(step: Any) -> Any:
        def shifted(shift: Sequence[float]) -> Any:
            moved = list(arguments)
            for spot, amount in zip(spots, shift, strict=True):
                moved[spot] = moved[spot] + amount * step
            return point.call(name, separators, moved)

        return differentiate(shifted, len(spots), point)

    if np.ndim(at) == 0:
        return along(1.0)
    parts = [along(entry) for entry in np.eye(np.size(at)).reshape(-1, *np.shape(at))]
    return np.stack(parts, axis=-1).reshape(*np.shape(parts[0]), *np.shape(at))


def _refuse_two_meanings(name: str, separators: list[str], point: Point) -> None:
    """Refuse the derivative of what is declared both as f and as f(x), as different things."""
    symbol = point.notation.entries.get(name)
    function = point.notation.entries.get(function_key(name, separators))
    if symbol is None or symbol.free or function is None:
        return
    parameters = function.parameters or ()
    if all(map(point.declares, parameters)):
        called = point.call(name, separators, [point.symbol(p) for p in parameters])
        same = np.allclose(called, point.symbol(name), rtol=1e-5, atol=1e-8)
        demand(same, f"the notation declares {symbol.shown} and {function.shown}, which differ")


def _derivative(children: Children, point: Point) -> Any:
    inner = next(c for c in trees(children) if c.data not in {"order", "wrt"})
    return _along(inner, _variables(children, point), str(children[0]), point)


def _applied(children: Children, point: Point) -> Any:
    r"""Return the value of \frac{df}{dx}, for a declared f(x), at what stands in the brackets."""
    fraction, *rest = children
    arguments = [value(c, point) for c in trees(rest)]
    flat = not any(map(np.ndim, arguments))
    demand(flat, r"the derivative of a function of arrays at a place; write \nabla")
    name = name_of(next(c for c in trees(fraction.children) if c.data not in {"order", "wrt"}))
    fitting = (e for e in point.notation.entries.values() if e.name == name and e.parameters)
    entry = next((e for e in fitting if len(e.parameters or ()) == len(arguments)), None)
    if entry is None:
        raise DialectError(f"the notation has no {name} of {len(arguments)} arguments")
    separators = _parts(["", *rest])[2]
    _refuse_two_meanings(name, separators, point)
    parameters, spots = list(entry.parameters or ()), list[int]()
    for variable, place in _variables(fraction.children, point):
        known = place is None and (variable in parameters or len(parameters) == 1)
        demand(known, f"{entry.shown} has no argument {variable}")
        spots.append(parameters.index(variable) if variable in parameters else 0)
    return _slopes(name, separators, arguments, spots, point)


def _gradient(children: Children, point: Point) -> Any:
    script, inner = trees(children)
    demand(len(script.children) == 1, "a gradient by several symbols; write one for each")
    sign = str(children[0]) if isinstance(children[0], Token) else r"\nabla"
    return _along(inner, [_variable(script.children[0], point)], sign, point)


def _nabla(children: Children, point: Point) -> Any:
    (inner,) = children
    plain = inner.data == "call" and not _parts(inner.children)[1]
    demand(plain, r"the gradient by what? Write \nabla_x")
    name, _, separators = _parts(inner.children)
    arguments = [value(c, point) for c in trees(inner.children)]
    if len(arguments) == 1:
        return _slopes(name, separators, arguments, [0], point)
    flat = not any(map(np.ndim, arguments))
    demand(flat, r"the gradient by which argument? Write \nabla_x")
    spots = range(len(arguments))
    return np.stack([_slopes(name, separators, arguments, [k], point) for k in spots], axis=-1)


def _variable(node: Node, point: Point) -> Variable:
    if node.data != "index":
        return name_of(node), None
    symbol, script = node.children
    name = name_of(symbol)
    single = f"{name}_" not in point.notation.entries
    demand(single, f"a derivative by a member of the family {name}")
    return name, _within(places_of(script, point), np.shape(point.symbol(name)), point)


def _variables(children: Children, point: Point) -> list[Variable]:
    def order(nodes: Children) -> int:
        powers = [node.children[0] for node in trees(nodes) if node.data == "order"]
        return whole(value(powers[0], point), "the order of a derivative") if powers else 1

    found: list[Variable] = []
    for part in (c for c in trees(children) if c.data == "wrt"):
        found += [_variable(trees(part.children)[0], point)] * order(part.children)
    same = order(children) == len(found)
    demand(same, "the order of the derivative differs above and below the line")
    return found


def _along(inner: Node, variables: list[Variable], sign: str, point: Point) -> Any:
    """Differentiate `inner`; a variable that is an array gives axes to the result."""
    for k, (name, place) in enumerate(variables):
        array = point.symbol(name)
        if place is None and np.ndim(array):
            parts = [
                _along(inner, [*variables[:k], (name, at), *variables[k + 1 :]], sign, point)
                for at in np.ndindex(array.shape)
            ]
            stacked = np.stack(parts, axis=-1)
            return stacked.reshape(*stacked.shape[:-1], *array.shape)
    held = _held(inner, variables, sign, point)

    def shifted(shift: Sequence[float]) -> Any:
        values: dict[str, Any] = {}
        for (name, place), amount in zip(variables, shift, strict=True):
            there = values.get(name, point.symbol(name))
            if place is None:
                values[name] = there + amount
            else:
                values[name] = np.array(there, dtype=float)
                values[name][place] += amount
        return value(inner, point.moved(**{**held, **values}))

    return differentiate(shifted, len(variables), point)


def _held(inner: Node, variables: list[Variable], sign: str, point: Point) -> dict[str, Any]:
    r"""Return the symbols that a partial derivative holds fixed.

    Where f : a*u and u depends on a, \partial f/\partial a means one thing in some books and
    another in others; the notation has to say which.
    """
    notation = point.notation
    names = symbols_of(inner)
    calls = {str(call.children[0]) for call in inner.find_data("call")}
    names |= {n for e in notation.entries.values() if e.name in calls for n in e.names}
    entry = notation.entries.get(name_of(inner)) if inner.data == "symbol" else None
    if entry is not None and not entry.free:
        names = set(entry.names) | ({name_of(inner)} & {v for v, _ in variables})
    families = {e.name for e in notation.entries.values() if e.family}
    held: dict[str, Any] = {}
    for variable, _ in variables:
        ways = {n for n in names if n != variable and variable in notation.closure([n, f"{n}_"])}
        if not ways and variable not in names and names and not names & families:
            point.context.vanished.append(variable)
        if not ways or variable not in names or sign != r"\partial":
            continue
        rule, others = notation.rules.get("partial"), ", ".join(sorted(ways))
        demand(
            rule,
            f"this depends on {variable} itself and through {others}: partial or total? "
            r"Say \partial : partial or \partial : total in the notation, or write d",
        )
        if rule == "partial":
            held |= {n: point.symbol(n) for n in ways if n in notation.entries}
    return held


def differentiate(function: Callable[[Sequence[float]], Any], order: int, point: Point) -> Any:
    """Return a derivative at no displacement; the context keeps its estimated error."""
    demand(order >= 1, "the order of a derivative is at least 1")
    found, error = numerics.derivative(function, order)
    point.context.noise = max(point.context.noise, error)
    return found


def along(inner: Node, name: str, point: Point) -> Callable[[float], Any]:
    """Return the value of `inner` as a function of one symbol."""
    return lambda x: value(inner, point.moved(**{name: x}))


def _integral(children: Children, point: Point) -> Any:
    low, high, inner, symbol = children
    ends = [float(value(script.children[0], point)) for script in (low, high)]
    return numerics.integral(along(inner, name_of(symbol), point), *ends)


def limit(target: Node, inner: Node, point: Point) -> Any:
    r"""Return the limit of `inner` where the chain `target` points, as ``z \to 0^+``."""
    demand(related(target, r"\to"), r"a limit says where it goes: \lim_{x \to 0}")
    symbol, _, there = target.children
    sides: tuple[int, ...] = (1, -1)
    if there.data == "power" and isinstance(there.children[1], Token):
        there, sign = there.children
        sides = (1,) if sign == "+" else (-1,)
    end = float(value(there, point))
    found, error = numerics.limit(along(inner, name_of(symbol), point), end, sides)
    point.context.noise = max(point.context.noise, error)
    return found


# Over a set

FOLDS: dict[str, Any] = {r"\sum": np.sum, r"\prod": np.prod, "max": np.max, "min": np.min}


def _big(children: Children, point: Point) -> Any:
    """Fold over an index set, or look along a symbol that moves freely."""
    sign, scope, body = str(children[0]), children[1].children, children[-1]
    top = children[2].children[0] if len(children) == 4 else None
    if sign == r"\lim":
        return limit(scope[0], body, point)
    kind = next((word for word in ("max", "min") if word in sign), sign)
    if top is not None and top.data == "infty" and sign == r"\sum":
        starts = len(scope) == 1 and related(scope[0], "=")
        demand(starts, r"a series starts somewhere: \sum_{n=0}^\infty")
        name, first = name_of(scope[0].children[0]), value(scope[0].children[2], point)
        term = along(body, name, point)
        return numerics.series(term, whole(first, "the first index"))
    members = list(_members(scope, top, point))
    if [name for name, _, _ in members] == [""]:
        why = f"{sign} over a symbol that takes any value; give it a set"
        demand(kind in {"max", "min"}, why)
        return _optimum(scope[0], body, point, kind, place="arg" in sign)
    values = [value(body, there) for _, _, there in members]
    if "arg" in sign:
        return _best(members, values, kind)
    if not values and kind in {"max", "min"}:
        raise ValueError(f"a {kind} over nothing")
    return FOLDS[kind](values, axis=0) if values else float(kind == r"\prod")


def _best(members: list[tuple[str, float, Point]], values: list[Any], kind: str) -> float:
    """Return the member where a value is the largest or smallest."""
    order = np.argsort(values) if kind == "min" else np.argsort(np.negative(values))
    single = len({name for name, _, _ in members}) == 1 and not any(map(np.ndim, values))
    demand(single, "the place of an optimum along one symbol, of a number")
    if len(values) > 1 and values[order[0]] == values[order[1]]:
        raise ValueError("two places are equally good")
    return members[int(order[0])][1]


def _members(scope: Children, top: Node | None, point: Point) -> Iterator[tuple[str, float, Point]]:
    """Yield what the symbols of a big operator run over: the last one, its value, the point.

    The name is empty where a symbol takes any value.
    """
    head, *filters = scope
    if head.data == "product":  # \sum_{ij}
        head, filters = head.children[0], [*head.children[1:], *filters]
    sign = relation(head.children[1]) if head.data == "chain" else ""
    name = name_of(head.children[0] if sign else head)
    found = _range(head, sign, top, point)
    if found is None:
        known = sign in {"", r"\in"}
        demand(known, "what does the index run over? Write bounds or a declared set")
        yield "", 0.0, point
        return
    demand(len(found) <= LONGEST, f"a sum of more than {LONGEST} terms")
    inner = [f for f in filters if f.data == "symbol"]
    conditions = [f for f in filters if f.data != "symbol"]
    if sign not in {"", "=", r"\in"}:
        conditions.append(head)
    for member in found:
        there = point.visited(name, member)
        if inner:
            for _, last, deeper in _members([*inner, *conditions], None, there):
                yield name_of(inner[-1]), last, deeper
        elif all(holds(f, there) for f in conditions):
            yield name, member, there


def _range(head: Node, sign: str, top: Node | None, point: Point) -> Sequence[float] | None:
    """Return the values that the index of a big operator takes, if they are finitely many."""
    if top is not None:
        if not related(head, "="):
            return None
        ends = (value(end, point) for end in (head.children[2], top))
        low, high = (whole(end, "a bound of a sum") for end in ends)
        return range(low, high + 1)
    if sign == r"\in":
        inside = value(head.children[2], point)
        return inside.values if isinstance(inside, Members) else None
    name = name_of(head.children[0] if sign else head)
    entry = point.notation.entries.get(name)
    if sign in {"=", r"\sim"} or entry is None or not entry.free:
        return None
    domain = point.domain(name)
    return None if domain.shape else domain.members


def _optimum(head: Node, body: Node, point: Point, kind: str, *, place: bool) -> float:
    """Return the largest or smallest value along a symbol, or its place, by looking around."""
    point.context.searched = True
    if head.data == "chain":  # o \in [0, 1]
        interval = value(head.children[2], point)
        known = related(head, r"\in") and isinstance(interval, Interval)
        demand(known, "an optimum along a symbol needs a set or an interval")
        name, (low, high) = name_of(head.children[0]), (interval.low, interval.high)
        ends = interval.ends
    else:
        name = name_of(head)
        low, high, ends = _bounds(name, point)
    flip, function = (-1 if kind == "min" else 1), along(body, name, point)
    where, found = numerics.maximum(lambda x: flip * function(x), low, high)
    edge = 1e-6 * (high - low)
    inside = (where - low >= edge or ends[0]) and (high - where >= edge or ends[1])
    demand(inside, f"the {kind} lies where {name} is drawn no further; give it an interval")
    return where if place else flip * found


def _bounds(name: str, point: Point) -> tuple[float, float, tuple[bool, bool]]:
    """Return the ends between which a symbol moves; of a derived one, what is seen of it."""
    entry = point.notation.entries.get(name)
    demand(entry, f"the notation does not declare {name}")
    if entry is not None and entry.free:
        domain = point.domain(name)
        return *domain.bounds, domain.ends
    draws, needed = Draws(0, 64), point.notation.drawn([name])
    drawn = [Point.random(point.notation, needed, draws, point.context) for _ in range(64)]
    seen = [there.symbol(name) for there in drawn]
    return min(seen), max(seen), (False, False)


def _expectation(children: Children, point: Point) -> Any:
    items, inner = children[0].children, children[1]
    known = len(items) == 1 and related(items[0], r"\sim")
    demand(known, r"an expectation says over what: \mathbb{E}_{i \sim P}[…]")
    symbol, _, distribution = items[0].children
    function = along(inner, name_of(symbol), point)
    weights = np.asarray(value(distribution, point))
    sums = weights.ndim == 1 and np.all(weights >= 0) and abs(weights.sum() - 1) < 1e-5
    demand(sums, "an expectation needs a list of probabilities that sum to 1")
    return sum(w * function(k) for k, w in enumerate(weights, start=_first(point)))


RULES: dict[str, Callable[[Children, Point], Any]] = {
    "number": lambda children, _: float(children[0]),
    "symbol": lambda children, point: point.symbol(str(children[0])),
    "infty": _on_values(lambda: np.inf), "sum": _sum,
    "product": _on_values(arithmetic.times), "dot": _on_values(arithmetic.dot),
    "times": _on_values(arithmetic.cross), "star": _on_values(arithmetic.cross),
    "hadamard": _hadamard, "fraction": _on_values(arithmetic.fraction), "power": _power,
    "named_power": _named_power, "root": _on_values(arithmetic.root),
    "factorial": _on_values(arithmetic.factorial), "log": _on_values(arithmetic.logarithm),
    "absolute": _on_values(arithmetic.absolute), "norm": _on_values(arithmetic.norm),
    "labelled": _on_values(lambda inside: inside), "transpose": _on_values(arithmetic.transpose),
    "matrix": _on_values(arithmetic.matrix), "matrix_row": _on_values(lambda *row: list(row)),
    "members": _on_values(lambda *values: Members(values)), "interval": _interval,
    "index": _index, "call": _call, "indicator": _indicator, "cases": _cases, "at": _at,
    "derivative": _derivative, "applied": _applied, "gradient": _gradient, "nabla": _nabla,
    "integral": _integral, "big": _big, "expectation": _expectation,
}  # fmt: skip
"""What each rule of the grammar evaluates to."""
