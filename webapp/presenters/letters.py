"""The text of a mail as paragraphs of words and links."""

import re
from dataclasses import dataclass

ADDRESS = re.compile(r"(https?://[^\s<>]+)")


@dataclass(frozen=True)
class Piece:
    text: str
    is_link: bool


def present_letter(text: str) -> list[list[list[Piece]]]:
    """Return paragraphs of lines of pieces."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if part.strip()]
    return [[_pieces(line) for line in paragraph.splitlines()] for paragraph in paragraphs]


def _pieces(line: str) -> list[Piece]:
    parts = ADDRESS.split(line)
    return [Piece(part, is_link=n % 2 == 1) for n, part in enumerate(parts) if part]
