"""Languages by their two-letter codes, so that "English" and "en" are the same."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["LANGUAGES", "find_language", "language_name"]

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "am": "Amharic",
        "ar": "Arabic",
        "bn": "Bengali",
        "cs": "Czech",
        "da": "Danish",
        "de": "German",
        "el": "Greek",
        "en": "English",
        "es": "Spanish",
        "fa": "Persian",
        "fi": "Finnish",
        "fr": "French",
        "he": "Hebrew",
        "hi": "Hindi",
        "hu": "Hungarian",
        "id": "Indonesian",
        "it": "Italian",
        "ja": "Japanese",
        "ko": "Korean",
        "ms": "Malay",
        "nl": "Dutch",
        "no": "Norwegian",
        "pl": "Polish",
        "pt": "Portuguese",
        "ro": "Romanian",
        "ru": "Russian",
        "sv": "Swedish",
        "sw": "Swahili",
        "ta": "Tamil",
        "th": "Thai",
        "tl": "Tagalog",
        "tr": "Turkish",
        "uk": "Ukrainian",
        "ur": "Urdu",
        "vi": "Vietnamese",
        "yo": "Yoruba",
        "zh": "Chinese",
    }
)

_CODES = {name.casefold(): code for code, name in LANGUAGES.items()}


def find_language(text: str) -> str:
    """Give the code for a name or code; a language that is not listed stays as it is written, in small letters."""
    folded = text.strip().casefold()
    return _CODES.get(folded, folded)


def language_name(code: str) -> str:
    """Give the name for a code; a language that is not listed keeps what was written."""
    return LANGUAGES.get(code, code.capitalize())
