"""Split text into the words of this site, the same way when it is indexed and when it is searched.

Names of functions stay whole (``from_logits``) and can be found by their parts; numbers keep their
decimals (0.7503); symbols are words (η, σ, ∂). English words are reduced to their stems by Sphinx's
own Snowball stemmer, in Python here and in JavaScript there.
"""

import re

from sphinx.search.en import SearchEnglish

SYMBOLS = "∂∇∑∏∫√∞"
WORD = re.compile(rf"\d+(?:\.\d+)+|\w+|[{SYMBOLS}]")
# The same in JavaScript, under the name by which Sphinx's searches ask for it.
SPLITTER = r"""
function splitQuery(query) {
  const words = query.match(/\d+(?:\.\d+)+|[\p{L}\p{M}\p{N}_]+|[SYMBOLS]/gu) || [];
  const parts = (word) => (word.includes("_") ? word.split("_").filter(Boolean) : []);
  return words.flatMap((word) => [word, ...parts(word)]);
}
""".replace("SYMBOLS", SYMBOLS)


def parts(word: str) -> list[str]:
    """Return the words that underscores join."""
    return [part for part in word.split("_") if part] if "_" in word else []


class SiteLanguage(SearchEnglish):
    """English with names from code, numbers and symbols."""

    js_splitter_code = SPLITTER

    def split(self, input: str) -> list[str]:  # noqa: A002  (Sphinx names it)
        """Return the words of a text, and the parts of those that are joined by underscores."""
        return [piece for word in WORD.findall(input) for piece in (word, *parts(word))]

    def word_filter(self, word: str) -> bool:
        """Keep numbers as well, but no single Latin letters: in formulas they are everywhere."""
        return word not in self.stopwords and not (len(word) == 1 and word.isascii())
