"""What a figure really draws, as a short text: no picture, so that people can review it."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator
from numpy.typing import ArrayLike, NDArray

from losstheory_site.colours import NAMES

NO_MARKER = {"None", "none", "", " ", None}
FEW = 6  # points that are all named


def drawn(figure: Figure) -> str:
    """Describe a figure: its words, its axes, and all that is drawn in them."""
    lines = [f"figure: {' '.join(str(figure.get_label()).split())}"]
    lines.append(f"  {' × '.join(map(short, figure.get_size_inches()))} inches")
    if figure.get_suptitle():
        lines.append(f"  title {figure.get_suptitle()!r}")
    lines += [f"  {row}" for part in (figure.texts, figure.legends) for row in words(part)]
    for axes in figure.axes:
        lines += [f"  {row}" for row in panel(axes)]
    return "\n".join(lines) + "\n"


def panel(axes: Axes) -> Iterator[str]:
    """Describe the panel of a figure and the panels within it."""
    titles = [axes.get_title(place) for place in ("left", "center", "right")]
    yield f"panel {' / '.join(filter(None, titles))!r}"
    if axes.axison:
        for axis, low_high in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            yield f"  {along(axis, low_high)}"
    for line in axes.lines:
        yield f"  {curve(line)}"
    for collection in axes.collections:
        yield f"  {group(collection)}"
    for patch in axes.patches:
        yield f"  {shape(patch)}"
    for image in axes.images:
        yield f"  {picture(image)}"
    legend = axes.get_legend()
    for row in words([*axes.texts, *axes.tables, *([legend] if legend else [])]):
        yield f"  {row}"
    for inner in axes.child_axes:
        for row in panel(inner) if isinstance(inner, Axes) else second(inner):
            yield f"  {row}"


def second(axes: Any) -> Iterator[str]:
    """Describe a second axis along a side of a panel."""
    for axis, low_high in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        if axis.label.get_text():
            yield f"second {along(axis, low_high)}"


def along(axis: Axis, limits: tuple[float, float]) -> str:
    """Describe an axis: its label, scale, ends, and ticks where these are chosen."""
    text = f"{type(axis).__name__[0].lower()} {axis.label.get_text()!r} {axis.get_scale()}"
    text += f" from {short(limits[0])} to {short(limits[1])}"
    locator, formatter = axis.get_major_locator(), axis.get_major_formatter()
    if isinstance(locator, FixedLocator):
        places = [float(place) for place in np.ravel(locator())]
        text += f", ticks {numbers(places)}"
        labels = formatter.format_ticks(places)
        text += f" {labels}" if any(labels) else " without labels"
    return text


def curve(line: Line2D) -> str:
    """Describe a line by its look, its ends and its extremes."""
    look = [colour(to_rgba(line.get_color(), line.get_alpha()))]
    style = str(line.get_linestyle())
    if style not in NO_MARKER:
        look += [style, *own(rcParams["lines.linewidth"], line.get_linewidth(), "wide")]
    marker = line.get_marker()
    if marker not in NO_MARKER:
        look.append(f"marker {marker}" + (" open" if hollow(line) else ""))
        look += own(rcParams["lines.markersize"], line.get_markersize(), "large")
    x, y = map(plain, line.get_data())
    return f"line {' '.join(look)}{named(line)}: {course(x, y)}"


def own(usual: float, size: float, word: str) -> list[str]:
    """Name a size that is not the usual one."""
    return [] if size == usual else [f"{short(size)} {word}"]


def hollow(line: Line2D) -> bool:
    """Return whether the markers of a line are not filled."""
    return to_rgba(line.get_markerfacecolor())[3] == 0.0


def named(artist: Artist) -> str:
    """Return the label that a legend would show."""
    label = str(artist.get_label())
    return "" if label.startswith("_") or not label else f" {label!r}"


def course(x: ArrayLike, y: ArrayLike) -> str:
    """Tell where points run: all of a few, else the ends, the middle and the extremes."""
    points = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    if len(points) <= FEW:
        return " ".join(map(place, points))
    finite = points[np.isfinite(points).all(axis=1)]
    if not len(finite):
        return f"{len(points)} points, none finite"
    low, high = finite[finite[:, 1].argmin()], finite[finite[:, 1].argmax()]
    through = finite[len(finite) // 3], finite[2 * len(finite) // 3]
    return (
        f"{len(points)} points {place(finite[0])} … {' … '.join(map(place, through))} … "
        f"{place(finite[-1])}, lowest {place(low)}, highest {place(high)}, "
        f"in the mean {place(finite.mean(axis=0))}"
    )


def group(collection: Collection) -> str:
    """Describe what is drawn many at a time: marks, areas, contours, arrows."""
    kind = type(collection).__name__
    look = "/".join(dict.fromkeys(map(colour, list(collection.get_facecolor())[:FEW])))
    edge = "/".join(dict.fromkeys(map(colour, list(collection.get_edgecolor())[:FEW])))
    text = f"{kind} {look or 'empty'} edged {edge or 'not'}{named(collection)}"
    values = collection.get_array()
    if values is not None:
        text += f", values {extremes(values)}"
    for part in ("levels", "U", "V"):
        if (found := getattr(collection, part, None)) is not None:
            text += f", {part} {extremes(found)}"
    offsets = plain(collection.get_offsets())
    if len(offsets) and offsets.any():
        return f"{text}: {course(offsets[:, 0], offsets[:, 1])}"
    corners = [np.asarray(path.vertices) for path in collection.get_paths()]
    if any(map(len, corners)):
        points = np.concatenate(corners)
        text += f": {course(points[:, 0], points[:, 1])}"
    return text


def shape(patch: Patch) -> str:
    """Describe a patch by its look and the corners of what it fills."""
    text = f"{type(patch).__name__} {colour(patch.get_facecolor())} edged "
    text += f"{colour(patch.get_edgecolor())}{named(patch)}"
    if patch.get_hatch():
        text += f" hatched {patch.get_hatch()}"
    if isinstance(patch, FancyArrowPatch):
        ends = getattr(patch, "_posA_posB", None)  # None where it follows a path
        return f"{text}: {' → '.join(map(place, ends))}" if ends else text
    path = patch.get_path().transformed(patch.get_patch_transform())
    box = path.get_extents()
    return f"{text}: {place(box.min)} {place(box.max)}"


def picture(image: AxesImage) -> str:
    """Describe an image by its size, place and range of colours."""
    data = image.get_array()
    assert data is not None
    low, high = image.get_clim()
    size = "×".join(map(str, data.shape))
    where = numbers(image.get_extent())
    colours = f"colours {image.get_cmap().name} {short(low)} to {short(high)}"
    return f"image {size} at {where}, {extremes(data)}, {colours}"


def words(artists: Iterable[Artist]) -> Iterator[str]:
    """Describe texts with their places, what annotations point at, and legends."""
    for artist in artists:
        if isinstance(artist, Annotation):
            yield (
                f"note {lettered(artist)} at {at(artist.xyann)}, points at {at(artist.xy)}"
                f"{' by an arrow' if artist.arrowprops else ''}"
            )
        elif isinstance(artist, Text):
            yield f"text {lettered(artist)} at {place(artist.get_position())}"
        elif isinstance(artist, Legend):
            entries = zip(artist.legend_handles, artist.get_texts(), strict=True)
            listed = [f"{text.get_text()!r} {look_of(handle)}" for handle, text in entries]
            yield f"legend {', '.join(listed)}"
        else:
            yield type(artist).__name__


def lettered(text: Text) -> str:
    """Describe words by their colour, size, and the side that stands at their place."""
    look = [
        colour(text.get_color()),
        *own(rcParams["font.size"], float(text.get_fontsize()), "points"),
    ]
    sides = f"{text.get_horizontalalignment()} {text.get_verticalalignment()}"
    return f"{text.get_text()!r} {' '.join(look)}, {sides}"


def look_of(handle: Any) -> str:
    """Describe how an entry of a legend looks."""
    if isinstance(handle, Line2D):
        return curve(handle).partition(":")[0].removeprefix("line ").partition(" '")[0]
    if isinstance(handle, Patch):
        return colour(handle.get_facecolor())
    return type(handle).__name__


def colour(value: Any) -> str:
    """Name a colour by its meaning."""
    rgba = to_rgba(value)
    if rgba[3] == 0.0:
        return "none"
    code = to_hex(rgba)
    return NAMES.get(code, code) + ("" if rgba[3] == 1.0 else f" {rgba[3]:.2g}")


def at(value: Any) -> str:
    """Write where an annotation stands; it may stand at another artist."""
    return place(value) if np.ndim(value) == 1 else str(value)


def place(point: Any) -> str:
    """Write a point."""
    return f"({', '.join(map(short, point))})"


def extremes(values: Any) -> str:
    """Write how far values reach, and their mean."""
    data = plain(values)
    data = data[np.isfinite(data)]
    if not data.size:
        return "none"
    return f"{short(data.min())} to {short(data.max())}, {short(data.mean())} in the mean"


def plain(values: Any) -> NDArray[np.float64]:
    """Return numbers, with NaN for what is masked."""
    data: NDArray[np.float64] = np.ma.asarray(values, dtype=float).filled(np.nan)
    return data


def numbers(values: Iterable[Any]) -> str:
    """Write a few numbers."""
    return " ".join(map(short, values))


def short(value: Any) -> str:
    """Write a number to four digits; what only rounding leaves is 0."""
    if isinstance(value, str):
        return value
    number = float(value)
    return "0" if abs(number) < 1e-14 else f"{number:.4g}"
