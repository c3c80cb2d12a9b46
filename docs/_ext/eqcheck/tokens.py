r"""From LaTeX to tokens, with what TeX leaves short spelled out.

One way of writing is left of each thing: braces that group nothing are gone, ``\tfrac12`` and
``{a \over b}`` are fractions with two arguments, a lower script stands before an upper one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lark import Lark, Token

LONGEST = 3000  # tokens in a formula
ENVIRONMENTS = {"ENVIRONMENT", "_BEGIN", "_END", "_CASES", "_END_CASES"}
OPEN, CLOSE = {"(", "[", "{", r"\{"}, {")", "]", "}", r"\}"}


class DialectError(Exception):
    """A formula outside the dialect; `line` and `column` count from 1 within it."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line, self.column = line, column


def demand(condition: Any, why: str) -> None:
    """Refuse a formula, unless a condition holds."""
    if not condition:
        raise DialectError(why)


class _Signs:
    """What the lexer finds for the reader alone, and the grammar has no use for."""

    always_accept = ("QUAD", "ARROW", "OVER", "BAR", "BARS", "STOP", "ENVIRONMENT")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Leave the tokens as they are; `read` orders them with the notation at hand."""
        return stream


_parser: list[Lark] = []


def parser(cache: Path | None = None) -> Lark:
    """Return the parser, made once a process; with a folder its tables are kept there."""
    if not _parser:
        if cache is not None:
            cache.mkdir(parents=True, exist_ok=True)
        grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
        kept: str | bool = str(cache / "grammar.tables") if cache is not None else False
        if isinstance(kept, str) and not kept.isprintable():
            kept = False  # Lark cannot take a path that the locale cannot spell
        options: dict[str, Any] = {
            "lexer": "basic",
            "postlex": _Signs(),
            "propagate_positions": True,
            "cache": kept,
        }
        _parser.append(Lark(grammar, parser="lalr", maybe_placeholders=False, **options))
    return _parser[0]


def lexed(latex: str) -> list[Token]:
    """Return the tokens of a formula as they stand in it."""
    reading = parser().parse_interactive(latex)
    tokens = list(reading.lexer_thread.lex(reading.parser_state))
    if len(tokens) > LONGEST:
        raise DialectError(f"cannot read a formula of more than {LONGEST} signs; split it")
    return tokens


def refuse(token: Token, why: str) -> DialectError:
    """Return the error of a sign that cannot be read."""
    return DialectError(f"cannot read '{token}': {why}", token.line, token.column)


def settled(latex: str) -> list[Token]:
    """Return the tokens of a formula with its environments, braces and fractions in order."""
    tokens = _swapped(list(_unwrapped(lexed(latex))))
    out = list[Token]()
    groups: list[tuple[str, int, int]] = []  # of open braces: their kind, place, what is due after
    due = 0  # how many arguments a macro still takes
    orders = 0  # of roots, \sqrt[3], that are open
    for token in tokens:
        last = out[-1] if out else token
        if last.value in {"^", "_"} and token.type == "NUMBER" and len(token) > 1:
            raise refuse(token, f"TeX raises or lowers only its {token[0]}; write {{{token}}}")
        if token == "{":
            kind = "argument" if due else "plain"
            groups.append((kind, len(out), max(due - 1, 0)))
            out += [token] if due else []
            due = 0
        elif token == "}" and groups:
            due = _closed(token, out, *groups.pop())
        elif token.type == "OVER":
            _over(token, out, groups)
        elif due == 2 and re.fullmatch(r"\d\d", token):
            out += [token.update(value=digit) for digit in token]
            due = 0
        else:
            out.append(token)
            takes = {"_FRAC": 2, "_SQRT": 1, "_BRACE": 1, "CIRCUMFLEX": 1, "UNDERSCORE": 1}
            due = takes.get(token.type, max(due - 1, 0))
            orders += last.type == "_SQRT" and token == "["
            if token == "]" and orders:
                orders, due = orders - 1, 1
    return out


def _unwrapped(tokens: list[Token]) -> Iterator[Token]:
    """Leave out the environments that only lay out; each has to end where it should."""
    environments = list[str]()
    for token in tokens:
        if token.type in ENVIRONMENTS:
            begins, name = re.findall(r"\\(begin|end)\{(\w+)", token)[0]
            if begins == "begin":
                environments.append(name)
            elif not environments or environments.pop() != name:
                raise refuse(token, "it ends what has not begun")
        if token.type != "ENVIRONMENT":
            yield token
    if environments:
        raise DialectError(f"cannot read a formula that does not end its {environments[-1]}")


def _closed(token: Token, out: list[Token], kind: str, place: int, due: int) -> int:
    """Close a brace: drop it where it changes nothing of what is seen."""
    inside = out[place + 1 :] if kind != "plain" else out[place:]
    if kind == "plain" and [t.type for t in inside] == ["COMMA"]:
        raise refuse(token, r"write a thousand as 1000")
    single = kind == "argument" and len(inside) == 1 and place and out[place - 1] in {"^", "_"}
    if single:
        del out[place]
    elif kind != "plain":
        out.append(token)
    return due


def _over(token: Token, out: list[Token], groups: list[tuple[str, int, int]]) -> None:
    r"""Turn {a \over b} into a fraction; its second brace closes with the group."""
    if not groups:
        raise refuse(token, r"write \frac{a}{b}")
    kind, place, due = groups.pop()
    start = place + (kind == "argument")
    left, right = (token.update(*brace) for brace in (("LBRACE", "{"), ("RBRACE", "}")))
    out[start:] = [token.update("_FRAC", r"\frac"), left, *out[start:], right, left]
    if kind == "argument":
        groups.append((kind, place, due))
    groups.append(("over", len(out), due))


def _swapped(tokens: list[Token]) -> list[Token]:
    """Put the lower script of a sum, a norm or a bracket before the upper one."""
    for k, token in enumerate(tokens):
        before = tokens[k - 1]
        if (
            token == "^"
            and k
            and (before.type in {"BIG", "BARS", "_RNORM"} or before in {")", "]"})
        ):
            end = end_of(tokens, k + 1)
            if end < len(tokens) and tokens[end] == "_":
                stop = end_of(tokens, end + 1)
                tokens[k:stop] = tokens[end:stop] + tokens[k:end]
    return tokens


def end_of(tokens: list[Token], place: int) -> int:
    """Return the place after the token or the bracketed group that starts at `place`."""
    depth = 0
    for k in range(place, len(tokens)):
        depth += (tokens[k] in OPEN) - (tokens[k] in CLOSE)
        if depth <= 0:
            return k + 1
    return len(tokens)
