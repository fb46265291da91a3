# SPDX-License-Identifier: BSL-1.0
"""What the readers of Keras' and PyTorch's layers share: arguments that must all be used, and how
they are written as C++ template arguments."""

from dataclasses import dataclass

_NO_DEFAULT = object()


class Skip(Exception):
    """A case that ctnn cannot express; its text is the reason that the test prints."""


@dataclass
class Expression:
    """One layer of another engine in ctnn's words."""

    layers: list  # C++ types, in the order in which they run; empty: the identity
    channels_first: bool = False  # the case's maps are channels, height, width
    flattened: tuple = ()  # the output is a map of these extents, channels first, in one row


class Arguments:
    """The arguments of a layer. An argument that nobody took makes the case a skip, so that none is
    silently without effect."""

    def __init__(self, layer, named, positional=()):
        self.layer = layer
        self._named = dict(named)
        self._positional = list(positional)

    def take(self, name, default=_NO_DEFAULT):
        """The argument by its name, else the next one by position, else the default."""
        if name in self._named:
            return self._named.pop(name)
        if self._positional:
            return self._positional.pop(0)
        if default is _NO_DEFAULT:
            raise ValueError(f"{self.layer}: argument {name} is missing")
        return default

    def require(self, name, *allowed):
        """An argument that must be left out or have one of these values: ctnn knows no other."""
        value = self._named.pop(name, allowed[0])
        if value not in allowed:
            raise Skip(f"{self.layer}: no {name}={value} yet")

    def ignore(self, *names):
        """Arguments that matter in training alone."""
        for name in names:
            self._named.pop(name, None)

    def finish(self):
        left = sorted(self._named) + [str(value) for value in self._positional]
        if left:
            raise Skip(f"{self.layer}: unknown argument {', '.join(left)}")


def each(value, axes):
    """A number for all axes, or one for each."""
    numbers = value if isinstance(value, (list, tuple)) else (value,) * axes
    if len(numbers) != axes:
        raise Skip(f"{len(numbers)} numbers for {axes} axes")
    return tuple(map(int, numbers))


def pair(value):
    return each(value, 2)


def real(value):
    return repr(float(value))


def template(name, *arguments):
    """`conv2d<4, 3, same>`."""
    return f"{name}<{', '.join(map(str, arguments))}>"


def kernel(extents):
    """`3`, or `kernel<3, 5>`."""
    return str(extents[0]) if len(set(extents)) == 1 else template("kernel", *extents)


def per_axis(option, numbers, default):
    """`stride<2>` or `stride<2, 1>`; nothing where it is the layer's default."""
    if numbers == default:
        return []
    return [template(option, *(numbers[:1] if len(set(numbers)) == 1 else numbers))]


def sides(*cells):
    """Cells before and after each axis of a map, as briefly as a user would write them."""
    if cells[::2] != cells[1::2]:
        return cells
    return cells[:1] if len(set(cells)) == 1 else cells[::2]
