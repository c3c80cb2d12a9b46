"""Make the printed book light: Chromium writes each tag of it as an object that is not packed.

Most of the tags say nothing (``NonStruct``): one for each token of code and each sign of a formula.
What is in them moves up into the tag around, as PDF 32000-1, 14.7.4, lets it, so that reading order
and every tag that says something stay. The rest is packed into streams.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pikepdf

# What a tag may hold and still say nothing: its kind, its place in the tree and on the pages.
EMPTY = {"/Type", "/S", "/P", "/Pg", "/K"}
PACKING: Literal[9] = 9  # the highest level of zlib


def children(tag: "pikepdf.Object") -> list[Any]:
    """Return what is in a tag: other tags, or numbers of what is marked on its page."""
    import pikepdf

    inside: Any = tag.get("/K", [])
    return list(inside) if isinstance(inside, (list, pikepdf.Array)) else [inside]


def is_tag(child: Any) -> bool:
    """Say whether it is a tag, or else what is marked."""
    import pikepdf

    return isinstance(child, pikepdf.Dictionary) and "/S" in child


def says_nothing(tag: "pikepdf.Object") -> bool:
    """Say whether a tag can go without a loss."""
    return bool(tag.S == "/NonStruct") and set(tag.keys()) <= EMPTY


def lift(tag: "pikepdf.Object", gone: dict[tuple[int, int], "pikepdf.Object"]) -> list[Any]:
    """Put into a tag what is in the tags below that go; return the same for its own parent.

    Parameters
    ----------
    tag : pikepdf.Object
        The tag at the top.
    gone : dict
        Receives, for each tag that goes, the one that stays around it.
    """
    import pikepdf

    inside: list[Any] = []
    for child in children(tag):
        if not is_tag(child):
            # A number counts on the page of its own tag, which may not be that of another.
            numbered = isinstance(child, int)
            marked = {"/Type": pikepdf.Name.MCR, "/Pg": tag.Pg, "/MCID": child} if numbered else {}
            inside.append((tag.Pg.objgen, child, marked) if numbered else child)
            continue
        below = lift(child, gone)
        if says_nothing(child):
            gone[child.objgen] = tag
            inside += below
        else:
            inside.append(child)
    if not says_nothing(tag):
        settle(tag, inside)
    return inside


def settle(tag: "pikepdf.Object", inside: list[Any]) -> None:
    """Write into a tag what is in it; of marks on another page than its own it says which."""
    import pikepdf

    numbers = [child for child in inside if isinstance(child, tuple)]
    if numbers and "/Pg" not in tag:
        tag.Pg = numbers[0][2]["/Pg"]
    own = tag.Pg.objgen if "/Pg" in tag else None
    tag.K = pikepdf.Array(
        (child[1] if child[0] == own else pikepdf.Dictionary(child[2]))
        if isinstance(child, tuple)
        else child
        for child in inside
    )


def point_up(tree: "pikepdf.Object", gone: dict[tuple[int, int], "pikepdf.Object"]) -> None:
    """Let the table of what is marked, page by page, name the tags that stay."""
    import pikepdf

    for branch in tree.get("/Kids", []):
        point_up(branch, gone)
    for entry in list(tree.get("/Nums", []))[1::2]:
        if not isinstance(entry, pikepdf.Array):
            continue
        for place, tag in enumerate(entry):
            around = tag
            while isinstance(around, pikepdf.Dictionary) and around.objgen in gone:
                around = gone[around.objgen]
            entry[place] = around


def make_light(path: Path) -> None:
    """Rewrite a PDF of Chromium in place."""
    import pikepdf

    pikepdf.settings.set_flate_compression_level(PACKING)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        root = pdf.Root.StructTreeRoot
        gone: dict[tuple[int, int], pikepdf.Object] = {}
        for tag in children(root):
            lift(tag, gone)
        point_up(root.ParentTree, gone)
        pdf.save(
            path,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            recompress_flate=True,
            deterministic_id=True,
        )
