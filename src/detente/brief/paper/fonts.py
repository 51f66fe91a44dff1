"""With which fonts a text can be set: those that typst brings, or else those of the machine too.

Typst leaves out a letter for which it has no shape, and says nothing. Under a standard for archives (PDF/A) it refuses to: so a
sheet with every word that is not plain ASCII is set under that standard first.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from detente.errors import InputError

if TYPE_CHECKING:
    from typst import Fonts

__all__ = ["fonts_for"]

_PROBE = b"""
#set text(font: "Libertinus Serif")
#for word in json(bytes(sys.inputs.words)) [#word #strong(word) \\ ]
"""
_LETTER = re.compile('the text `"(.+?)"` could not be displayed')


def fonts_for(text: str, path: str = "") -> Fonts:
    """The fonts of typst, with those of the machine where some letter of the text needs them.

    path : of the file; empty: a letter without a shape is let pass.

    Raises
    ------
    InputError
        If no font has a letter, and there is a path.
    """
    import typst

    words = json.dumps(sorted({word for word in text.split() if not word.isascii()}), ensure_ascii=False)
    missing = None
    for system in (False, True):
        fonts = typst.Fonts(include_system_fonts=system)
        try:
            typst.Compiler(_PROBE, font_paths=fonts, sys_inputs={"words": words}).compile(format="pdf", pdf_standards="a-2u")
        except typst.TypstError as err:
            missing = _LETTER.search(err.message)
            if missing is None:
                raise
        else:
            return fonts
    if path and missing:
        letter = missing[1]
        code = f"U+{ord(letter[0]):04X}"
        hint = "install a font that has it, or write a page or a .docx"
        raise InputError(f"{path}: no font here has the letter {letter} ({code}) ({hint})")
    return fonts
