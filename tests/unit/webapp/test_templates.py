"""What templates, styles and vendored files must keep to, read from the files themselves."""

import hashlib
import re

import pytest

from config import ROOT

TEMPLATES = ROOT / "webapp/templates"
STATIC = ROOT / "webapp/static"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "email" not in path.parts)
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
FORBIDDEN = {
    "inline style": r"\sstyle\s*=",
    "style element": r"<style",
    "inline script": r"<script(?![^>]*\ssrc=)",
    "handler": r"\son[a-z]+\s*=\s*[\"']",
    "script address": r"javascript:",
    "data address": r"(src|href)\s*=\s*[\"']data:",
    "other host": r"(src|action)\s*=\s*[\"']https?:",
    "htmx handler": r"\shx-on",
    # Bootstrap draws its arrow from a data address.
    "list with a drawn arrow": r"form-select",
}


def name(path):
    return str(path.relative_to(ROOT / "webapp"))


def test_there_are_templates_to_look_at():
    assert len(PAGES) > 10


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_template_holds_nothing_that_the_policy_forbids(path):
    text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [fault for fault, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("fault", FORBIDDEN)
def test_each_forbidden_thing_would_be_found(fault):
    samples = {
        "inline style": '<p style="color: red">',
        "style element": "<style>",
        "inline script": "<script>",
        "handler": '<p onclick="x()">',
        "script address": '<a href="javascript:x">',
        "data address": '<img src="data:image/png">',
        "other host": '<img src="https://example.org/x.png">',
        "htmx handler": '<p hx-on:click="x">',
        "list with a drawn arrow": '<select class="form-select">',
    }
    assert re.search(FORBIDDEN[fault], samples[fault])


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_form_that_posts_carries_its_token(path):
    text = path.read_text(encoding="utf-8")
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL | re.IGNORECASE)
    assert [form for form in forms if not re.search(r"csrf_token|hidden_tag", form)] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_script_makes_no_code_from_text(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write|\.style\b", text) == []


def vendored():
    table = (STATIC / "vendor/README.md").read_text(encoding="utf-8")
    return re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", table, re.MULTILINE)


@pytest.mark.parametrize(("file", "digest"), vendored())
def test_vendored_file_is_the_recorded_one(file, digest):
    assert hashlib.sha256((STATIC / "vendor" / file).read_bytes()).hexdigest() == digest


def test_every_vendored_file_is_recorded():
    recorded = {file for file, _digest in vendored()}
    present = {str(path.relative_to(STATIC / "vendor")) for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    assert {file for file in present if not file.endswith((".txt", "README.md"))} == recorded


def test_dark_colours_stand_twice_and_equal():
    theme = (STATIC / "theme.css").read_text(encoding="utf-8")
    chosen = re.search(r'^\[data-bs-theme="dark"\] {(.*?)}', theme, re.DOTALL | re.MULTILINE)[1]
    system = re.search(
        r"@media \(prefers-color-scheme: dark\) { :root:not\(\[data-bs-theme\]\) {(.*?)}", theme, re.DOTALL
    )[1]
    assert declarations(chosen) == declarations(system)
    assert declarations(chosen)["--ground"] == "#0d1817"


def declarations(block):
    plain = re.sub(r"/\*.*?\*/", "", block, flags=re.DOTALL)
    return dict(part.strip().split(": ", 1) for part in plain.split(";") if part.strip())


def test_colours_are_written_in_the_theme_alone():
    text = re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", text) == []
