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
from .tokens import DialectError

Children = list[Any]
Variable = tuple[str, tuple[int, ...] | None]  # what a derivative moves: a symbol, or an entry
LONGEST = 10_000  # terms of a sum
# What is worked out once at a point, however many sides and slips ask for it.
DEAR = {"derivative", "applied", "gradient", "nabla", "integral", "big", "expectation"}
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
    point.context.tick()
    try:
        if node.data not in DEAR:
            return RULES.get(node.data, _nothing)(node.children, point)
        if node not in point.known:
            point.known[node] = RULES[node.data](node.children, point)
        return point.known[node]
    except DialectError as error:
        if error.line is None and not node.meta.empty:
            error.line, error.column = node.meta.line, node.meta.column
        raise
    except (ArithmeticError, ValueError, OutOfTimeError, KeyboardInterrupt):
        raise
    except RecursionError:
        raise DialectError("the formula is nested too deeply; split it") from None
    except BaseException as error:
        line, column = (None, None) if node.meta.empty else (node.meta.line, node.meta.column)
        raise DialectError(
            f"this has no value: {type(error).__name__}: {error}", line, column
        ) from error


def relation(token: object) -> str:
    """Return the one spelling of a relation."""
    plain = "".join(str(token).split())
    return _SPELLINGS.get(plain, plain)


def name_of(symbol: Node) -> str:
    """Return the name of a symbol."""
    if symbol.data != "symbol":
        raise DialectError("a single symbol belongs here")
    return str(symbol.children[0])


def symbols_of(tree: Node) -> set[str]:
    """Return the names of the symbols in a tree."""
    return {str(symbol.children[0]) for symbol in tree.find_data("symbol")}


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
    if chain.data != "chain":
        raise DialectError("a condition has a relation")
    sides = [value(side, point) for side in chain.children[::2]]
    signs = map(relation, chain.children[1::2])
    for (left, right), sign in zip(pairwise(sides), signs, strict=True):
        if sign not in COMPARE:
            raise DialectError(f"{sign} is no condition that can be tried")
        if not COMPARE[sign](left, right):
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
            if len(item.children) != 3:
                raise DialectError("a condition sets one symbol at a time; write it as two")
            points = [p.moved(**{name_of(left): value(right, p)}) for p in points]
        elif left.data == "symbol" and right.data == "members":
            values = [value(v, point) for v in right.children]
            points = [p.moved(**{name_of(left): v}) for p in points for v in values]
        elif sign != r"\to":
            points = [p for p in points if holds(item, p)]
    yield from points


def _at(children: Children, point: Point) -> Any:
    items = children[1].children
    if not all(item.data == "chain" for item in items):
        raise DialectError("what stands at the bar says where: |_{z = 0}")
    (there,) = bind(items, point)
    return value(children[0], there)


def _indicator(children: Children, point: Point) -> Any:
    return float(all(holds(child, point) for child in children))


def _cases(children: Children, point: Point) -> Any:
    for case in children:
        conditions = [c for c in case.children[1:] if not isinstance(c, Token)]
        if all(holds(condition, point) for condition in conditions):
            return value(case.children[0], point)
    raise ValueError("no case applies")


# Values


def _nothing(_: Children, __: Point) -> Any:
    raise DialectError("a relation, or a list, stands where a value belongs")


def _on_values(function: Callable[..., Any]) -> Callable[[Children, Point], Any]:
    return lambda children, point: function(*(value(child, point) for child in children))


def _interval(*ends: bool) -> Callable[[Children, Point], Any]:
    def interval(children: Children, point: Point) -> Interval:
        low, high = (float(value(child, point)) for child in children)
        return Interval(low, high, (ends[0], ends[1]))

    return interval


def _number(children: Children, _: Point) -> float:
    return float(children[0])


def _symbol(children: Children, point: Point) -> Any:
    return point.symbol(str(children[0]))


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
        if child.data in {"product", "dot"} and all(
            np.ndim(value(c, point)) for c in child.children
        ):
            raise DialectError(r"put brackets round the product beside \odot")
    return arithmetic.hadamard(*(value(child, point) for child in children))


def _power(children: Children, point: Point) -> Any:
    base, exponent = children
    if isinstance(exponent, Token):
        raise DialectError(f"a lone {exponent} as an exponent means a side of a limit only")
    if exponent.data == "symbol" and name_of(exponent) == "T" and not point.declares("T"):
        found = value(base, point)
        if np.ndim(found) or isinstance(found, Interval):
            return arithmetic.transpose(found)
    return arithmetic.power(value(base, point), value(exponent, point))


def _named_power(children: Children, point: Point) -> Any:
    name, exponent, *arguments = children
    times = value(exponent, point)
    if exponent.data != "number" or whole(times, f"the power of {name}") < 1:
        raise DialectError(rf"{name}^… is read with a power such as 2 only; no inverse")
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
    if base.data == "norm":
        order = script.children[0]
        frobenius = order.data == "symbol" and name_of(order) == "F" and not point.declares("F")
        found = "F" if frobenius else value(order, point)
        return arithmetic.norm(value(base.children[0], point), found)
    places = places_of(script, point)
    if base.data == "symbol" and f"{name_of(base)}_" in point.notation.entries:
        array, places = point.family(name_of(base), places)
        if not places:
            return array
    else:
        array = value(base, point)
    digits = str(script.children[0].children[0]) if script.children[0].data == "number" else ""
    if len(script.children) == 1 and len(digits) == np.ndim(array) > 1:
        places = [int(digit) for digit in digits]  # w_{21}
    if np.ndim(array) != len(places):
        hint = r"; declare rows such as \mathbf{x}_i : X[i - 1]" if np.ndim(array) == 2 else ""
        raise DialectError(f"{len(places)} indices on a value that takes {np.ndim(array)}{hint}")
    found = tuple(place - _first(point) for place in places)
    if any(not 0 <= place < size for place, size in zip(found, array.shape, strict=True)):
        raise DialectError("an index out of range")
    return array[found]


def _call(children: Children, point: Point) -> Any:
    arguments = [value(c, point) for c in children if isinstance(c, Tree)]
    return applied(Tree("call", children), arguments, point)


def applied(call: Node, arguments: list[Any], point: Point) -> Any:
    """Return the value of a function that is called, at these arguments."""
    name, rest = str(call.children[0]), call.children[1:]
    primes = sum(isinstance(c, Token) and c.type == "PRIME" for c in rest)
    separators = [str(c) for c in rest if isinstance(c, Token) and c.type != "PRIME"]
    if name == r"\log":
        return _logarithm(arguments[0], point)
    if name.startswith("\\"):
        return arithmetic.named(name, arguments)
    if not primes:
        return point.call(name, separators, arguments)
    _refuse_two_meanings(name, separators, point)
    if len(arguments) != 1:
        raise DialectError(f"{name}' of {len(arguments)} arguments: by which?")
    return _slope(lambda x: point.call(name, [], [x]), arguments[0], primes, point)


def _refuse_two_meanings(name: str, separators: list[str], point: Point) -> None:
    """Refuse the derivative of what is declared both as f and as f(x), as different things."""
    symbol = point.notation.entries.get(name)
    function = point.notation.entries.get(function_key(name, separators))
    if symbol is None or symbol.free or function is None:
        return
    parameters = function.parameters or ()
    if all(map(point.declares, parameters)):
        called = point.call(name, separators, [point.symbol(p) for p in parameters])
        if not np.allclose(called, point.symbol(name), rtol=1e-5, atol=1e-8):
            message = f"the notation declares {symbol.shown} and {function.shown}, which differ"
            raise DialectError(message)


def _slope(function: Callable[[Any], Any], at: Any, order: int, point: Point) -> Any:
    """Return f'(x); of a vector entry by entry, where f works so."""
    slopes = _slopes(function, at, order, point)
    if np.ndim(at) == 0:
        return slopes
    jacobian = slopes.reshape(-1, np.size(at))
    off_diagonal = len(jacobian) != np.size(at) or np.any(jacobian - np.diag(np.diag(jacobian)))
    if slopes.shape != 2 * np.shape(at) or off_diagonal:
        raise DialectError("f'(x) of a vector, where f does not work entry by entry")
    return np.diag(jacobian).reshape(np.shape(at))


def _slopes(function: Callable[[Any], Any], at: Any, order: int, point: Point) -> Any:
    """Return the derivatives of a function by each entry of its argument, as further axes."""

    def along(entry: Any) -> Any:
        return differentiate(lambda shift: function(at + sum(shift) * entry), order, point)

    if np.ndim(at) == 0:
        return along(1.0)
    parts = [along(entry) for entry in np.eye(np.size(at)).reshape(-1, *np.shape(at))]
    return np.stack(parts, axis=-1).reshape(*np.shape(parts[0]), *np.shape(at))


# Calculus


def _derivative(children: Children, point: Point) -> Any:
    trees = [c for c in children if not isinstance(c, Token)]
    if trees[0].data == "operator":
        operator, inner = trees
        return _along(inner, _variables(operator.children, point), _sign(operator.children), point)
    inner = next(c for c in trees if c.data not in {"order", "wrt", "by"})
    return _along(inner, _variables(children, point), _sign(children), point)


def _applied(children: Children, point: Point) -> Any:
    r"""Return the value of \frac{df}{dx}, for a declared f(x), at what stands in the brackets."""
    fraction, *rest = children
    inner = next(
        c for c in fraction.children if isinstance(c, Tree) and c.data not in {"order", "wrt"}
    )
    separators = [str(c) for c in rest if isinstance(c, Token)]
    arguments = [value(c, point) for c in rest if not isinstance(c, Token)]
    name = name_of(inner)
    keys = [e for e in point.notation.entries.values() if e.name == name and e.parameters]
    entry = next((e for e in keys if len(e.parameters or ()) == len(arguments)), None)
    if entry is None:
        raise DialectError(f"the notation has no {name} of {len(arguments)} arguments")
    _refuse_two_meanings(name, separators, point)
    parameters = list(entry.parameters or ())
    variables = _variables(fraction.children, point)
    for variable, place in variables:
        if place is not None or (variable not in parameters and len(parameters) > 1):
            raise DialectError(f"{entry.shown} has no argument {variable}")
    spots = [parameters.index(v) if v in parameters else 0 for v, _ in variables]

    def shifted(shift: Sequence[float]) -> Any:
        moved = list(arguments)
        for spot, amount in zip(spots, shift, strict=True):
            moved[spot] = moved[spot] + amount
        return point.call(name, separators, moved)

    if any(map(np.ndim, arguments)):
        raise DialectError("the derivative of a function of arrays at a place; write \\nabla")
    return differentiate(shifted, len(spots), point)


def _gradient(children: Children, point: Point) -> Any:
    script, inner = [c for c in children if not isinstance(c, Token)]
    if len(script.children) != 1:
        raise DialectError("a gradient by several symbols; write one for each")
    return _along(inner, [_variable(script.children[0], point)], _sign(children), point)


def _nabla(children: Children, point: Point) -> Any:
    (inner,) = children
    if inner.data != "call" or any(
        isinstance(c, Token) and c.type == "PRIME" for c in inner.children
    ):
        raise DialectError(r"the gradient by what? Write \nabla_x")
    name, rest = str(inner.children[0]), inner.children[1:]
    separators = [str(c) for c in rest if isinstance(c, Token)]
    arguments = [value(c, point) for c in rest if not isinstance(c, Token)]
    if len(arguments) > 1 and any(map(np.ndim, arguments)):
        raise DialectError(r"the gradient by which argument? Write \nabla_x")
    if len(arguments) == 1:
        return _slopes(lambda x: point.call(name, separators, [x]), arguments[0], 1, point)
    together = np.array(arguments, float)
    return _slopes(lambda v: point.call(name, separators, v.tolist()), together, 1, point)


def _sign(children: Children) -> str:
    return next((str(c) for c in children if isinstance(c, Token)), r"\nabla")


def _variable(node: Node, point: Point) -> Variable:
    if node.data != "index":
        return name_of(node), None
    symbol, script = node.children
    if f"{name_of(symbol)}_" in point.notation.entries:
        raise DialectError(f"a derivative by a member of the family {name_of(symbol)}")
    places = places_of(script, point)
    return name_of(symbol), tuple(place - _first(point) for place in places)


def _variables(children: Children, point: Point) -> list[Variable]:
    def order(node: Node) -> int:
        return whole(value(node.children[0], point), "the order of a derivative")

    found: list[Variable] = []
    for part in (c for c in children if isinstance(c, Tree) and c.data in {"wrt", "by"}):
        symbol, *times = [c for c in part.children if isinstance(c, Tree)]
        found += [_variable(symbol, point)] * (order(times[0]) if times else 1)
    above = [order(c) for c in children if isinstance(c, Tree) and c.data == "order"] or [1]
    if above != [len(found)]:
        raise DialectError("the order of the derivative differs above and below the line")
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
        if place is not None and (
            len(place) != np.ndim(array)
            or any(not 0 <= p < n for p, n in zip(place, np.shape(array), strict=True))
        ):
            raise DialectError(f"an index of {name} out of range")
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
    if (
        inner.data == "symbol"
        and (entry := notation.entries.get(name_of(inner)))
        and not entry.free
    ):
        names = set(entry.names) | ({name_of(inner)} & {v for v, _ in variables})
    families = {e.name for e in notation.entries.values() if e.family}
    held: dict[str, Any] = {}
    for variable, _ in variables:
        ways = {n for n in names if n != variable and variable in notation.closure([n, f"{n}_"])}
        if not ways and variable not in names and names and not names & families:
            point.context.vanished.append(variable)
        if not ways or variable not in names or sign != r"\partial":
            continue
        rule = notation.rules.get("partial")
        if rule is None:
            other = ", ".join(sorted(ways))
            raise DialectError(
                f"this depends on {variable} itself and through {other}: partial or total? "
                r"Say \partial : partial or \partial : total in the notation, or write d"
            )
        if rule == "partial":
            held |= {n: point.symbol(n) for n in ways if n in notation.entries}
    return held


def differentiate(function: Callable[[Sequence[float]], Any], order: int, point: Point) -> Any:
    """Return a derivative at no displacement; the context keeps its estimated error."""
    if order < 1:
        raise DialectError("the order of a derivative is at least 1")
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
    if (
        target.data != "chain"
        or len(target.children) != 3
        or relation(target.children[1]) != r"\to"
    ):
        raise DialectError(r"a limit says where it goes: \lim_{x \to 0}")
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
        name, first = _start(scope, point)
        return numerics.series(lambda k: value(body, point.moved(**{name: k})), first)
    members = list(_members(scope, top, point))
    if [name for name, _, _ in members] == [""]:
        if kind not in {"max", "min"}:
            raise DialectError(f"{sign} over a symbol that takes any value; give it a set")
        return _optimum(scope[0], body, point, kind, place="arg" in sign)
    values = [value(body, there) for _, _, there in members]
    if "arg" in sign:
        return _best(members, values, kind)
    if not values and kind in {"max", "min"}:
        raise ValueError(f"a {kind} over nothing")
    return FOLDS[kind](values, axis=0) if values else float(kind == r"\prod")


def _best(members: list[tuple[str, float, Point]], values: list[Any], kind: str) -> float:
    order = np.argsort(values) if kind == "min" else np.argsort(np.negative(values))
    if len({name for name, _, _ in members}) > 1 or any(map(np.ndim, values)):
        raise DialectError("the place of an optimum along one symbol, of a number")
    if len(values) > 1 and values[order[0]] == values[order[1]]:
        raise ValueError("two places are equally good")
    return members[int(order[0])][1]


def _start(scope: Children, point: Point) -> tuple[str, int]:
    chain = scope[0]
    if len(scope) != 1 or chain.data != "chain" or relation(chain.children[1]) != "=":
        raise DialectError(r"a series starts somewhere: \sum_{n=0}^\infty")
    return name_of(chain.children[0]), whole(value(chain.children[2], point), "the first index")


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
        if sign not in {"", r"\in"}:
            raise DialectError("what does the index run over? Write bounds or a declared set")
        yield "", 0.0, point
        return
    if len(found) > LONGEST:
        raise DialectError(f"a sum of more than {LONGEST} terms")
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
        if sign != "=" or len(head.children) != 3:
            return None
        low, high = (
            whole(value(end, point), "a bound of a sum") for end in (head.children[2], top)
        )
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
        symbol, sign, inside = head.children
        interval = value(inside, point)
        if relation(sign) != r"\in" or not isinstance(interval, Interval):
            raise DialectError("an optimum along a symbol needs a set or an interval")
        name, (low, high), ends = name_of(symbol), (interval.low, interval.high), interval.ends
    else:
        name = name_of(head)
        low, high, ends = _bounds(name, point)
    flip, function = (-1 if kind == "min" else 1), along(body, name, point)
    where, found = numerics.maximum(lambda x: flip * function(x), low, high)
    edge = 1e-6 * (high - low)
    if (where - low < edge and not ends[0]) or (high - where < edge and not ends[1]):
        raise DialectError(f"the {kind} lies where {name} is drawn no further; give it an interval")
    return where if place else flip * found


def _bounds(name: str, point: Point) -> tuple[float, float, tuple[bool, bool]]:
    """Return the ends between which a symbol moves; of a derived one, what is seen of it."""
    entry = point.notation.entries.get(name)
    if entry is not None and entry.free:
        domain = point.domain(name)
        return *domain.bounds, domain.ends
    if entry is None:
        raise DialectError(f"the notation does not declare {name}")
    draws, needed = Draws(0, 64), point.notation.drawn([name])
    drawn = [Point.random(point.notation, needed, draws, point.context) for _ in range(64)]
    seen = [there.symbol(name) for there in drawn]
    return min(seen), max(seen), (False, False)


def _expectation(children: Children, point: Point) -> Any:
    items, inner = children[0].children, children[1]
    if len(items) != 1 or items[0].data != "chain" or relation(items[0].children[1]) != r"\sim":
        raise DialectError(r"an expectation says over what: \mathbb{E}_{i \sim P}[…]")
    symbol, _, distribution = items[0].children
    function = along(inner, name_of(symbol), point)
    weights = np.asarray(value(distribution, point))
    if (
        weights.ndim != 1
        or np.any(weights < 0)
        or not np.isclose(weights.sum(), 1, rtol=1e-5, atol=0.0)
    ):
        raise DialectError("an expectation needs a list of probabilities that sum to 1")
    return sum(w * function(k) for k, w in enumerate(weights, start=_first(point)))


RULES: dict[str, Callable[[Children, Point], Any]] = {
    "number": _number, "symbol": _symbol, "infty": _on_values(lambda: np.inf), "sum": _sum,
    "product": _on_values(arithmetic.times), "dot": _on_values(arithmetic.dot),
    "times": _on_values(arithmetic.cross), "star": _on_values(arithmetic.cross),
    "hadamard": _hadamard, "fraction": _on_values(arithmetic.fraction), "power": _power,
    "named_power": _named_power, "root": _on_values(arithmetic.root),
    "factorial": _on_values(arithmetic.factorial), "log": _on_values(arithmetic.logarithm),
    "absolute": _on_values(arithmetic.absolute), "norm": _on_values(arithmetic.norm),
    "labelled": _on_values(lambda inside: inside), "transpose": _on_values(arithmetic.transpose),
    "matrix": _on_values(arithmetic.matrix), "matrix_row": _on_values(lambda *row: list(row)),
    "members": _on_values(lambda *values: Members(values)),
    "interval": _interval(True, True), "inside": _interval(False, False),
    "above": _interval(False, True), "below": _interval(True, False),
    "index": _index, "call": _call, "indicator": _indicator, "cases": _cases, "at": _at,
    "derivative": _derivative, "applied": _applied, "gradient": _gradient, "nabla": _nabla,
    "integral": _integral, "big": _big, "expectation": _expectation,
}  # fmt: skip
"""What each rule of the grammar evaluates to."""
