"""The apostrophe before a text in a CSV that Excel would otherwise run as a formula.

Our own CSV must read back as it was, so what writing puts there reading takes away, and a text
that merely looks guarded is guarded once more. The child process imports this module: it is light.
"""

from typing import Final

OPENS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_GUARD: Final = "'"


def guarded(text: str) -> str:
    """The text as it may stand in a CSV."""
    return _GUARD + text if text.lstrip(_GUARD).startswith(OPENS_FORMULA) else text


def unguarded(text: str) -> str:
    """The text that was meant."""
    is_guarded = text.startswith(_GUARD) and text.lstrip(_GUARD).startswith(OPENS_FORMULA)
    return text[1:] if is_guarded else text
