r"""From LaTeX to a tree: what the dialect does not have is refused, never guessed.

The grammar stands in grammar.lark. Its tokens are put in order here first, where the notation
has its say: a declared spelling is one symbol, and ``a(b)`` is a call where the notation knows
a function of that name, a product otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from .notation import Notation, python_name

# A leaf has no children; which parts are leaves, the grammar knows and the types do not.
Node = Tree[Any]
_CONDITION = re.compile(
    r"(and |, )?(if|for|when|whenever|where|with|as|at|provided|for (all|every|any|each))"
)
_WORDS = {"and": "COMMA", "or": "COMMA", "otherwise": "OTHERWISE", "else": "OTHERWISE"}
_UNITS = {"nat", "nats", "bit", "bits"}
_HINTS = {
    "/": r"a slash stands between two single symbols only; write \frac{a}{b}",
    "|": r"write \lvert x \rvert, \mid for a condition, \| between distributions",
    "(": r"put what the function takes in brackets: \ln(o), not \ln o(1 - o)",
    r"\pm": "a formula says one thing; write two rows",
    r"\begin": "the environments are aligned, cases, pmatrix and bmatrix",
    "^": "a power of a power, or of a bare function, needs brackets",
}


class DialectError(Exception):
    """A formula outside the dialect; `line` and `column` count from 1 within it."""

    def __init__(self, message: str, line: int | None = 1, column: int | None = 1) -> None:
        super().__init__(message)
        self.line, self.column = line or 1, column or 1


@cache
def _parser() -> Lark:
    """Return the parser, made when a formula is read that no verdict is known of."""
    return Lark(
        Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer="basic",
        maybe_placeholders=False,
        propagate_positions=True,
        cache=True,  # or each process would pay a second for the tables of the grammar
    )


def read(latex: str, notation: Notation) -> Node:
    """Return the tree of a formula.

    Parameters
    ----------
    latex : str
        What stands between the dollar signs, comments included.
    notation : Notation
        The symbols and functions that the formula may use.

    Raises
    ------
    DialectError
        If the formula is not in the dialect; the message says where, and what to write.
    """
    parser = _parser().parse_interactive()
    token = Token("START", "")
    try:
        for token in _joined(_named(_settled(lexed(latex)), notation)):
            parser.feed_token(token)
        tree: Node = parser.feed_eof(token)
    except UnexpectedCharacters as error:
        raise _refusal(latex, error.char, error.line, error.column) from None
    except UnexpectedToken as error:
        token = error.token
        if token.type == "$END":
            raise DialectError("the formula ends too early", token.line, token.column) from None
        raise _refusal(latex, str(token), token.line, token.column) from None
    return tree


def lexed(latex: str) -> Iterator[Token]:
    """Yield the tokens of a formula as they stand in it."""
    reading = _parser().parse_interactive(latex)
    yield from reading.lexer_thread.lex(reading.parser_state)


def _refusal(latex: str, found: str, line: int | None, column: int | None) -> DialectError:
    before = latex.splitlines()[(line or 1) - 1][: (column or 1) - 1].rstrip()[-24:]
    if before.endswith(r"\log"):
        hint = r"a bare \log has no base; write \ln, \log_2 or \log_B"
    elif "/" in before:
        hint = _HINTS["/"]
    else:
        hint = next((hint for start, hint in _HINTS.items() if found.startswith(start)), "")
    message = f"cannot read '{found}' after '{before}'{hint and ': '}{hint}"
    return DialectError(message, line, column)


def _settled(tokens: Iterable[Token]) -> list[Token]:
    r"""Spell out \tfrac12 and drop the braces of x^{2}, whose digits TeX takes one at a time."""
    out, bars = list[Token](), 0
    for token in tokens:
        if out and out[-1].value in {"^", "_"} and token.type == "NUMBER" and len(token) > 1:
            message = f"TeX raises or lowers only the {token[0]} of {token}; write {{{token}}}"
            raise DialectError(message, token.line, token.column)
        if token == "|":
            bars += 1  # bare bars come in pairs and never nest
            out.append(token.update("_LVERT" if bars % 2 else "_RVERT"))
        elif out and out[-1].type == "_FRAC" and re.fullmatch(r"\d\d", token):
            out += [token.update(value=digit) for digit in token]
        elif token == "}" and len(out) > 2 and out[-2] == "{" and out[-3].value in {"^", "_"}:
            del out[-2]
        else:
            out.append(token)
    return out


@lru_cache(maxsize=64)
def _spellings(notation: Notation) -> dict[str, list[tuple[list[str], str]]]:
    """Return the declared names of several tokens by their first, longest first."""
    found: dict[str, list[tuple[list[str], str]]] = {}
    for entry in notation.entries.values():
        spelling = [token.value for token in _settled(lexed(entry.latex))]
        if len(spelling) > 1 and entry.name == python_name(entry.latex):
            found.setdefault(spelling[0], []).append((spelling, entry.name))
    return {first: sorted(rest, key=lambda s: -len(s[0])) for first, rest in found.items()}


def _named(tokens: list[Token], notation: Notation) -> Iterator[Token]:
    """Join the tokens of each declared name, and tell functions from symbols."""
    spellings = _spellings(notation)
    while tokens:
        token, size = tokens[0], 1
        name = python_name(token.value) if token.type == "VARIABLE" else ""
        for spelling, joined in spellings.get(token.value, ()):
            if [t.value for t in tokens[: len(spelling)]] == spelling:
                name, size = joined, len(spelling)
                break
        after = next((t for t in tokens[size:] if t.type != "PRIME"), None)
        if token.type == "_TEXT":
            yield from _word(token)
        elif token in _HINTS and name and name not in notation.entries:
            raise DialectError(f"cannot read '{token}': {_HINTS[token]}", token.line, token.column)
        elif name and after == "(" and name in notation.functions:
            if name in notation.scalars:
                message = f"{name}( is a call or a product; the notation has both"
                raise DialectError(message, token.line, token.column)
            yield token.update("FUNCTION", name)
        elif name and isinstance(after, Token) and after is not tokens[size]:
            message = f"the notation declares no function {name}"
            raise DialectError(message, token.line, token.column)
        else:
            yield token.update("VARIABLE", name) if name else token
        tokens = tokens[size:]


def _word(token: Token) -> Iterator[Token]:
    """Give the words of a formula their part: a condition, a comma, a unit."""
    plain = token.value.replace(r"\forall", "{for}")
    words = re.sub(r"\\\w+\s*\{(.*)\}", r"\1", plain).strip(" {}")
    if words in _WORDS:
        yield token.update(_WORDS[words], ",")
    elif _CONDITION.fullmatch(words):
        yield token.update("WORD", words)
    elif words not in _UNITS:
        yield token


def _joined(tokens: Iterable[Token]) -> Iterator[Token]:
    r"""Drop the \\ and & of aligned rows that go on with the statement before them."""
    depth, row, aligned = 0, None, False  # inside cases or a matrix; a row break held back
    for token in tokens:
        depth += token.value.startswith(r"\begin") - token.value.startswith(r"\end")
        if depth or token.value.startswith(r"\end"):
            yield from filter(None, [row])
            row = None
            yield token
        elif token.type == "_ROW":
            row, aligned = token, False
        elif token.type == "_AMP":
            aligned = True
        else:
            goes_on = token.type == "REL" or (token.type in {"SIGN", "_TIMES"} and aligned)
            if row is not None and not goes_on:
                yield row
            row = None
            yield token
