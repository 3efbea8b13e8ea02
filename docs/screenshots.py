"""Take the pictures of docs/images from a running demonstration.

    make demo                                   # in one terminal
    .venv/bin/python docs/screenshots.py        # in another; --base and --accounts where they are not the usual ones

Each page is taken at 1280 and at 390 px, in light; the first page in dark too. Chromium is the system's own.
"""

import argparse
import json
import re
import shutil
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SIZES = {"wide": (1280, 860), "phone": (390, 844)}


def main() -> None:
    options = argparse.ArgumentParser(description="Take the pictures of docs/images.")
    options.add_argument("--base", default="http://127.0.0.1:8000")
    options.add_argument("--accounts", type=Path, default=ROOT / "instance" / "demo-accounts.json")
    given = options.parse_args()
    accounts = {entry["role"]: entry for entry in reversed(json.loads(given.accounts.read_text(encoding="utf-8")))}
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for size, (width, height) in SIZES.items():
            for name, page in _pages(browser, given.base, accounts, width, height):
                _take(page, IMAGES / f"{name}-{size}.png")
        browser.close()


def _pages(
    browser: Browser, base: str, accounts: dict[str, dict[str, str]], width: int, height: int
) -> Iterator[tuple[str, Page]]:
    for role, pages in {
        "": {"landing": "/", "landing-dark": "/"},
        "mentee": {"home-mentee": "/home", "suggestions": "/suggestions"},
        "mentor": {"home-mentor": "/home", "my-time": "/me/time"},
        "coordinator": {"programme": "/c/lakeland", "people": "/c/lakeland/people", "pool": "/c/lakeland/pool"},
    }.items():
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=base)
        page = context.new_page()
        if role:
            _sign_in(page, accounts[role])
        for name, path in pages.items():
            page.emulate_media(color_scheme="dark" if name.endswith("dark") else "light")
            page.goto(path)
            yield name, page
        if role == "coordinator":
            page.goto("/c/lakeland/rounds")
            page.get_by_role("link", name=re.compile(r"Spring|Summer|Autumn|Winter")).last.click()
            yield "round", page
        context.close()


def _sign_in(page: Page, account: dict[str, str]) -> None:
    page.goto("/login")
    page.locator("[name=email]").fill(account["email"])
    page.locator("[name=password]").fill(account["password"])
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/home")


def _take(page: Page, path: Path) -> None:
    """Write the first screen of a page, packed as small as PNG allows without losing anything."""
    path.write_bytes(_pack(page.screenshot(animations="disabled")))
    print(path.relative_to(ROOT), path.stat().st_size // 1024, "kB")


def _pack(png: bytes) -> bytes:
    """Compress the picture's data at the highest level and leave out all that is not the picture."""
    head, data, at = b"", b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        head = body if kind == b"IHDR" else head
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    packed = zlib.compress(zlib.decompress(data), 9)
    parts = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return png[:8] + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


if __name__ == "__main__":
    main()
