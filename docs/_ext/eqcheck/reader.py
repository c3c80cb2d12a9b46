r"""From LaTeX to a tree: what the dialect does not have is refused, never guessed.

The grammar stands in grammar.lark. Its tokens are put in order here first, in three steps:
tokens.py spells out what TeX leaves short; `_named` asks the notation which spellings are one
symbol and whether ``a(b)`` is a call or a product; `_stated` tells one statement from the next.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from lark import Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from .notation import Notation, python_name
from .tokens import CLOSE, ENVIRONMENTS, OPEN, DialectError, end_of, parser, refuse, settled

# A leaf has no children; which parts are leaves, the grammar knows and the types do not.
Node = Tree[Any]
_CONDITION = re.compile(
    r"(and |, )?(if|for|when|whenever|where|with|as|at|provided|provided that|given|given that"
    r"|for (all|every|any|each))"
)
_AND = re.compile(
    r"(and|so|hence|thus|therefore|then|that is|i\.e|or equivalently|equivalently|which gives"
    r"|and (so|hence|thus|therefore|also|then))"
)
_UNITS = {"nat", "nats", "bit", "bits", ""}
_CONSTANTS = {r"\pi"}
_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu "
    "nu xi pi rho sigma tau upsilon phi varphi chi psi omega ell Gamma Delta Theta Lambda Xi "
    "Pi Sigma Upsilon Phi Psi Omega "
)
_STYLED = re.compile(
    r"\\(?:math(?:bf|rm|it|cal|sf|tt)|bm|boldsymbol|hat|bar|tilde|vec|dot|widehat)(?![a-zA-Z])\s*\S"
)
_LETTERS = {rf"\{name}" for name in _GREEK.split()}
_ENDS = {"NUMBER", "VARIABLE", "_INFTY", "_RVERT", "_RNORM", "_END", "_TOP", "PRIME"}
_STARTS = {"NUMBER", "VARIABLE", "FUNCTION", "NAMED", "_LOG", "_FRAC", "_SQRT", "BIG", "MAX", "D"}
_STARTS |= {"_INT", "_NABLA", "_EXPECT", "_ONE", "_LVERT", "_LNORM", "_INFTY", "_BEGIN", "_BRACE"}
_BARS = {"BAR", "BARS", "_EVALBAR"}
_HINTS = {
    "/": r"a slash stands between two single symbols only; write \frac{a}{b}",
    "|": r"write \lvert x \rvert, \mid for a condition, \| between distributions",
    "(": r"put what the function takes in brackets: \ln(o), not \ln o(1 - o)",
    r"\pm": "a formula says one thing; write two rows",
    r"\begin": "the environments are equation, align, split, gather, cases, pmatrix and bmatrix",
    "^": "a power of a power, or of a bare function, needs brackets",
    r"\text": "declare it in the notation if it is a name; set words apart from a formula by "
    r"\quad, after it",
    r"\leftarrow": "an assignment is no statement; give the new value a name of its own",
    r"\propto": "write the factor out",
    r"\circ": "write g(f(x))",
    r"\cdots": "write a sum or a product with its index",
    r"\ldots": "write a sum or a product with its index",
    r"\dots": "write a sum or a product with its index",
    r"\int": r"write both bounds and the differential: \int_0^1 f(x) \, dx",
    r"\sum": r"name the index: \sum_i, or \sum_{i=1}^n",
    r"\nabla": r"write \nabla_x",
    r"\mathbb": r"the shape of a value is no statement; say it in words",
    "?": "a question is no statement; say % stated: and why",
    r"\mathcal": "declare it in the notation",
}


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
    reading = parser().parse_interactive()
    token = Token("START", "")
    try:
        for token in _stated(
            _applied(_barred(_named(settled(latex), notation), notation), notation)
        ):
            reading.feed_token(token)
        tree: Node = reading.feed_eof(token)
    except UnexpectedCharacters as error:
        raise _refusal(latex, error.char, error.line, error.column) from None
    except UnexpectedToken as error:
        token = error.token
        if token.type == "$END":
            raise DialectError("the formula ends too early", token.line, token.column) from None
        raise _refusal(latex, str(token), token.line, token.column) from None
    return tree


def _refusal(latex: str, found: str, line: int | None, column: int | None) -> DialectError:
    before = latex.splitlines()[(line or 1) - 1][: (column or 1) - 1].rstrip()[-24:]
    if "/" in before and not found.startswith(r"\text"):
        hint = _HINTS["/"]
    else:
        hint = next((hint for start, hint in _HINTS.items() if found.startswith(start)), "")
    return DialectError(
        f"cannot read '{found}' after '{before}'{hint and ': '}{hint}", line, column
    )


@lru_cache(maxsize=64)
def _spellings(notation: Notation) -> dict[str, list[tuple[list[str], str]]]:
    """Return the declared names of several tokens by their first, longest first."""
    found: dict[str, list[tuple[list[str], str]]] = {}
    for entry in notation.entries.values():
        spelling = _signs(entry.latex)
        if len(spelling) > 1 and entry.name == python_name(entry.latex):
            found.setdefault(spelling[0], []).append((spelling, entry.name))
    return {first: sorted(rest, key=lambda s: -len(s[0])) for first, rest in found.items()}


@cache
def _signs(latex: str) -> list[str]:
    return [_sign(token) for token in settled(latex)]


def _sign(token: Token) -> str:
    """Return what a token is compared by: bold or upright make no difference."""
    styled = token.type in {"VARIABLE", "_TEXT"} and re.search(r"[{ ]", token)
    return python_name(token.value) if styled else token.value


def _named(tokens: list[Token], notation: Notation) -> list[Token]:
    """Join the tokens of each declared name, tell functions from symbols, and words from names."""
    out, spellings, place = list[Token](), _spellings(notation), 0
    differentials = _differentials(tokens)
    while place < len(tokens):
        token, size = tokens[place], 1
        if token.type == "D":
            token = token.update(differentials.get(place, "VARIABLE" if token == "d" else "D"))
        name = _single(token, notation)
        for spelling, joined in spellings.get(_sign(token), ()):
            if [_sign(t) for t in tokens[place : place + len(spelling)]] == spelling:
                name, size = joined, len(spelling)
                break
        rest = tokens[place + size :]
        if name:
            last = tokens[place + size - 1]
            ends = (last.end_line, last.end_column, last.end_pos)
            start = (token.start_pos, token.line, token.column)
            out.append(_symbol(Token(token.type, token.value, *start, *ends), name, rest, notation))
        elif token.type == "_TEXT":
            out += _word(token, out)
        elif token.type == "_LOG" and (not rest or rest[0] != "_"):
            out.append(token.update("NAMED"))
        elif token.type == "VARIABLE" and token.startswith("\\"):
            raise refuse(token, _unknown(token))
        else:
            out.append(token)
        place += size
    return out


def _single(token: Token, notation: Notation) -> str:
    """Return the name of a one-token symbol, or nothing."""
    if token.type in {"_TEXT", "_ONE"}:
        name = python_name(token.value)
        return name if name in notation.names and _is_spelled(token.value, name, notation) else ""
    if token.type != "VARIABLE":
        return ""
    name = python_name(token.value)
    plain = not token.startswith("\\") or token in _LETTERS or bool(_STYLED.match(token))
    return name if plain or name in notation.names else ""


def _is_spelled(latex: str, name: str, notation: Notation) -> bool:
    plain = re.sub(r"[\s{}]|\\\w+", "", latex)
    return any(
        re.sub(r"[\s{}]|\\\w+", "", e.latex) == plain
        for e in notation.entries.values()
        if e.name == name
    )


def _unknown(token: Token) -> str:
    hint = next((hint for start, hint in _HINTS.items() if token.startswith(start)), "")
    return hint or "the dialect has no such sign, and the notation does not declare it"


def _symbol(token: Token, name: str, after: list[Token], notation: Notation) -> Token:
    """Return a symbol, or a function where the notation knows one and a bracket follows."""
    rest = next((t for t in after if t.type != "PRIME"), None)
    if rest == "(" and name in notation.functions:
        if name in notation.scalars:
            message = f"{name}( is a call or a product; the notation has both"
            raise DialectError(message, token.line, token.column)
        return token.update("FUNCTION", name)
    if after and after[0].type == "PRIME":
        message = f"the notation declares no function {name}"
        raise DialectError(message, token.line, token.column)
    if after and after[0] == "^" and name in notation.functions:
        end = end_of(after, 1)
        if after[end : end + 1] and after[end] == "(":
            raise refuse(token, f"write the power of {name}(…) outside: ({name}(x))^2")
    return token.update("VARIABLE", name)


def _barred(tokens: list[Token], notation: Notation) -> list[Token]:
    """Tell left bars from right ones, and from the signs between two arguments."""
    out, brackets = list[Token](), [_Bracket(frozenset())]
    for token in tokens:
        head = out[-1] if out else token
        out += _bar(token, brackets[-1], out) if token.type in _BARS else [token]
        if token in OPEN:
            called = head.type in {"FUNCTION", "PRIME"}
            brackets.append(
                _Bracket(notation.functions.get(str(head), frozenset()) if called else frozenset())
            )
        elif token in CLOSE and len(brackets) > 1 and brackets.pop().bars:
            raise refuse(token, r"a bar is open; write \lvert x \rvert")
    if brackets[-1].bars:
        raise DialectError(r"cannot read an odd number of bars; write \lvert x \rvert or \mid")
    return out


class _Bracket:
    """An open bracket: the signs that may part its arguments, and the bars open inside it."""

    def __init__(self, signs: frozenset[str]) -> None:
        self.signs = signs
        self.bars = list[str]()


def _bar(token: Token, bracket: _Bracket, out: list[Token]) -> list[Token]:
    r"""Tell what a bare bar is: a left one, a right one, or a sign between two arguments."""
    ended = bool(out) and (out[-1].type in _ENDS or out[-1] in CLOSE)
    single = token.type != "BARS"
    if token.type == "_EVALBAR":
        if not (bracket.bars and bracket.bars[-1] == "|" and "right" not in token):
            return [token]
        bracket.bars.pop()
        return [token.update("_RVERT")]
    if token == "||" and bracket.bars == ["|"]:  # |x||y|
        return [token.update("_RVERT", "|"), token.update("_LVERT", "|")]
    kind = "|" if single else "||"
    if bracket.bars and bracket.bars[-1] == kind:
        bracket.bars.pop()
        return [token.update("_RVERT" if single else "_RNORM")]
    if ended and not bracket.bars:
        if single and bracket.signs & {r"\mid", "|"}:
            return [token.update("MID")]
        if not single and bracket.signs & {r"\|", r"\parallel", "||"}:
            return [token.update("PARALLEL")]
    bracket.bars.append(kind)
    return [token.update("_LVERT" if single else "_LNORM")]


def _word(token: Token, before: list[Token]) -> list[Token]:
    """Give the words of a formula their part: a script, a condition, a comma, a unit, a remark."""
    if before and before[-1] in {"^", "_"}:
        labels = before[-2:-1] == ["}"]  # \underbrace{…}_\text{…}
        return [token if labels else token.update("VARIABLE", python_name(token.value))]
    plain = token.value.replace(r"\forall", "{for}")
    words = re.sub(r"\\\w+\s*\{(.*)\}", r"\1", plain, flags=re.DOTALL)
    words = " ".join(words.replace("~", " ").split()).strip(" ,.;:").lower()
    if words in {"otherwise", "else"}:
        return [token.update("OTHERWISE", words)]
    if _AND.fullmatch(words):
        return [token.update("COMMA", "and")]
    if _CONDITION.fullmatch(words):
        return [token.update("WORD", words)]
    return [] if words in _UNITS else [token.update("REMARK")]


def _differentials(tokens: list[Token]) -> dict[int, str]:
    """Return the places of the letters d and signs ∂ that are differentials, and their part."""
    found, integrals = dict[int, str](), 0
    for k, token in enumerate(tokens):
        if token.type == "_FRAC" and (ends := _differential_fraction(tokens, k)):
            places = [k + 2, *range(*ends)]
            found |= {j: "D" for j in places if tokens[j].type == "D"}
        elif token == "/" and [t.type for t in tokens[k + 1 : k + 2]] == ["D"]:
            start = next((j for j in range(k - 1, max(k - 8, -1), -1) if tokens[j].type == "D"), k)
            between = tokens[start + 1 : k]
            if between and all(
                t.type in {"VARIABLE", "NUMBER"} or t in {"_", "{", "}"} for t in between
            ):
                found |= {start: "SLASHED", k + 1: "D"}
        elif token.type == "_INT":
            integrals += 1
        elif token.type == "D" and k not in found and integrals and token != r"\partial":
            found[k] = "_DX"
            integrals -= 1
    return found


def _differential_fraction(tokens: list[Token], place: int) -> tuple[int, int] | None:
    """Return where the part below the line of a derivative starts and ends."""
    if [t.type for t in tokens[place + 2 : place + 3]] != ["D"]:
        return None
    middle = end_of(tokens, place + 1)
    below = [t.type for t in tokens[middle + 1 : middle + 2]] == ["D"]
    return (middle, end_of(tokens, middle)) if below else None


def _applied(tokens: list[Token], notation: Notation) -> list[Token]:
    r"""Tell \frac{df}{dx}(x_0), a value of the derivative, from a product with a bracket."""
    for k, token in enumerate(tokens):
        bracketed = token in {r"\ln", r"\log"} and tokens[k + 1 : k + 2] == ["("]
        if bracketed and tokens[end_of(tokens, k + 1) :][:1] == ["^"]:
            raise refuse(token, r"a power of it, or of what it takes? Write (\ln(x))^2")
        ends = _differential_fraction(tokens, k) if token.type == "_FRAC" else None
        if ends is None or tokens[ends[1] : ends[1] + 1] != ["("]:
            continue
        middle, end = ends
        of = tokens[k + 3 : middle - 1]
        of = of[end_of(of, 1) :] if of and of[0] == "^" else of
        inside = tokens[end + 1 : end_of(tokens, end) - 1]
        if len(of) == 1 and of[0] in notation.functions:
            tokens[end] = tokens[end].update("_OF")
        elif of and all(t.type in {"VARIABLE", "NUMBER"} or t in {"_", "{", "}"} for t in inside):
            message = rf"a value of the derivative or a product? Declare {of[0]}(…), or write \cdot"
            raise refuse(tokens[end], message)
    return tokens


_STOPPED = {"_ROW", "WORD", "REMARK", "_AMP", "OTHERWISE", "ARROW", "_END_CASES", "_END"}
_BREAKS = {"_ROW", "COMMA", "SEMICOLON", "WORD", "QUAD", "_AMP", "ARROW", "REMARK"}


class _Rows:
    """The tokens of a formula with its statements told apart, one token after the other."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.out = tokens, list[Token]()
        self.inner = self.depth = 0  # inside cases or a matrix; inside brackets
        self.related = self.parted = self.aligned = False  # since the statement, the row began
        self.word = ""  # the word of the condition we are in

    def next(self, place: int, *skipped: str) -> Token | None:
        rest = (t for t in self.tokens[place + 1 :] if t.type not in skipped)
        return next(rest, None)

    def feed(self, place: int, token: Token) -> None:
        """Put one token out, or drop it, or turn it into a comma or a row."""
        kind, parted, self.parted = token.type, self.parted, False
        before = [t.type for t in self.out[-2:]]
        if kind == "NUMBER" and before[-1:] == ["NUMBER"] and before[0] != "_FRAC":
            raise refuse(token, "two numbers side by side")
        if kind in ENVIRONMENTS:
            self.inner += -1 if kind.startswith("_END") else 1
            self.out.append(token)
        elif self._drops(place, token):
            self.parted = True
        elif self.inner or self.depth:
            self._within(place, token)
        elif kind in {"QUAD", "_AMP"}:
            self.aligned |= kind == "_AMP"
            self.parted = True
            self._gap(place, token)
        elif kind == "REMARK":
            after = self.next(place, "STOP", "COMMA", "QUAD")
            if not (parted or not self.out) or not (after is None or after.type == "_ROW"):
                raise refuse(token, _HINTS[r"\text"])
        elif kind == "_ROW":
            self._row(place, token)
        elif kind in {"COMMA", "SEMICOLON", "ARROW"}:
            self._comma(place, token)
        else:
            if kind == "WORD":
                self.word, self.related = token.value, False
            self.related |= kind == "REL"
            self.out.append(token)
        self.depth += (token in OPEN) - (token in CLOSE)

    def _drops(self, place: int, token: Token) -> bool:
        """Whether punctuation ends something, as before a row, a condition or the end."""
        if token.type not in {"COMMA", "SEMICOLON", "STOP"} or token == "and":
            return False
        after = self.next(place, "QUAD")
        ends = after is None or after.type in _STOPPED
        return ends or after == "and"

    def _within(self, place: int, token: Token) -> None:
        after = self.next(place)
        if token.type == "QUAD":
            self.refuse_between(token, after)
        elif self.inner or token.type not in {"_ROW", "_AMP"}:
            self.out.append(token)

    def refuse_between(self, token: Token, after: Token | None) -> None:
        before = self.out[-1] if self.out else None
        ended = before is not None and (before.type in _ENDS or before in CLOSE)
        if ended and after is not None and (after.type in _STARTS or after in OPEN):
            raise refuse(token, r"a product, or two statements? Write \cdot, a comma or a word")

    def _gap(self, place: int, token: Token) -> None:
        r"""Tell whether a \quad or & parts two statements, sets off a condition, or is a space."""
        after = self.next(place, "QUAD", "_AMP")
        before = self.out[-1] if self.out else None
        ended = before is not None and (before.type in _ENDS or before in CLOSE)
        starts = after is not None and (after.type in _STARTS or after in OPEN)
        starts |= (
            after is not None
            and after == "-"
            and self.tokens[place + 1] == "-"
            and token.type == "QUAD"
        )
        if before is None or before.type == "_ROW" or not starts:
            return
        if before.type == "COMMA" and self.word:
            self._statement(token)
        if not ended:
            return
        start = next(k for k in range(place + 1, len(self.tokens)) if self.tokens[k] is after)
        stop = end_of(self.tokens, start)
        inside = self.tokens[start + 1 : stop - 1]
        rest = self.tokens[stop] if stop < len(self.tokens) else None
        bracketed = after == "(" and (rest is None or rest.type in {"_ROW", "STOP", "COMMA"})
        if bracketed and any(t.type == "REL" for t in inside):
            self.tokens[start] = self.tokens[start].update("WORD", "for")
            del self.tokens[stop - 1]
        elif self.related and self._relates(start):
            self._statement(token)
        else:
            self.refuse_between(token, after)

    def _relates(self, place: int) -> bool:
        """Whether a relation comes before the statement ends."""
        depth = 0
        for token in self.tokens[place:]:
            depth += (token in OPEN) - (token in CLOSE)
            if depth == 0 and token.type in _BREAKS:
                return False
            if depth == 0 and token.type == "REL":
                return True
        return False

    def _statement(self, token: Token) -> None:
        """End a statement, and the condition that it had."""
        if self.out and self.out[-1].type == "COMMA":
            self.out.pop()
        kind = "_ROW" if self.word else "COMMA"
        self.out.append(token.update(kind, r"\\" if self.word else ","))
        self.related, self.word = False, ""

    def _comma(self, place: int, token: Token) -> None:
        if token.type == "ARROW" and not self.related:
            if self.out and self.out[-1].type == "_ROW":
                return
            raise refuse(token, "nothing is stated before it")
        dots = any(t.type == "_DOTS" for t in (self.out[-1:] + self.tokens[place + 1 : place + 2]))
        strict = self.word and self.word not in {"where", "with"} and token == "," and not dots
        after = self.next(place)
        if strict and after and after.type != "QUAD" and self._relates(place + 1):
            raise refuse(token, r"more of the condition, or a statement? Write \text{and} or \quad")
        self.out.append(token.update("COMMA"))
        self.related = False

    def _row(self, place: int, token: Token) -> None:
        """End a row, unless what follows goes on with it."""
        after = self.next(place, "_AMP", "QUAD", "_ROW")
        aligned = any(t.type == "_AMP" for t in self.tokens[place + 1 : place + 3])
        before = self.out[-1] if self.out else None
        if before is None or after is None or before.type == "_ROW":
            return
        goes_on = after.type == "REL" or (after.type in {"SIGN", "_CDOT", "_TIMES"} and aligned)
        if goes_on and self.word:
            raise refuse(after, "a condition stands at the end of the last row")
        if goes_on or before.type in {"SIGN", "_CDOT", "_TIMES", "REL"}:
            return
        if before.type == "COMMA":
            self.out.pop()
        self.out.append(token)
        self.related, self.word = False, ""


def _stated(tokens: list[Token]) -> list[Token]:
    r"""Tell statements apart: by commas, words and \quad, and by rows that do not go on."""
    rows = _Rows(list(tokens))
    place = 0
    while place < len(rows.tokens):
        rows.feed(place, rows.tokens[place])
        place += 1
    if rows.out and rows.out[-1].type in {"COMMA", "_ROW"}:
        rows.out.pop()
    return rows.out
