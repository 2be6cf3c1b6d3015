"""Reads a report's page as XML and fails where it is not sound.

    python3 tests/report/page_is_sound.py FOLDER/index.html

Looked at: the security policy and the hash of the style sheet in it; that nothing is taken from
elsewhere and links lead to files and places that are there; pictures, decoded; headings, landmarks,
names and captions for those who listen to the page; that each colour role of a figure has a rule.

Needs the standard library alone.
"""

from __future__ import annotations

import base64
import hashlib
import pathlib
import re
import struct
import sys
import xml.etree.ElementTree as ET
import zlib

POLICY = (
    "default-src 'none'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
PNG_URI = "data:image/png;base64,"


class Page:
    def __init__(self, path: pathlib.Path):
        self.folder = path.parent
        self.text = path.read_text(encoding="utf-8")
        self.root = ET.fromstring(self.text)
        self.ids = [e.get("id") for e in self.root.iter() if e.get("id") is not None]
        self.wrong: list[str] = []

    def all(self, *tags: str) -> list[ET.Element]:
        return [e for e in self.root.iter() if e.tag in tags]

    def expect(self, holds: bool, what: str, element: ET.Element | None = None) -> None:
        if not holds:
            where = "" if element is None else ": " + ET.tostring(element, "unicode")[:120]
            self.wrong.append(what + where)


def check_policy(page: Page) -> None:
    style = re.search("<style>(.*)</style>", page.text, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policies = [
        m.get("content")
        for m in page.all("meta")
        if m.get("http-equiv") == "Content-Security-Policy"
    ]
    page.expect(policies == [POLICY.format(digest)], f"policy {policies} for hash {digest}")
    page.expect("url(" not in style and "@import" not in style, "the style loads something")
    page.expect(len(page.all("style")) == 1, "more than one style sheet")


def check_references(page: Page) -> None:
    page.expect("://" not in page.text, "an address is in the page")
    for e in page.root.iter():
        page.expect(
            e.tag not in ("script", "iframe", "object", "embed", "form", "base"), "a tag", e
        )
        for name, value in e.attrib.items():
            page.expect(
                not name.startswith("on") and name not in ("style", "srcset", "action"),
                f"attribute {name}",
                e,
            )
            if name == "src":
                page.expect(value.startswith(PNG_URI), "source from elsewhere", e)
            if name == "href":
                page.expect(link_is_good(page, value), "link", e)
            if name in ("aria-labelledby", "aria-describedby"):
                page.expect(value in page.ids, name, e)
    page.expect(len(page.ids) == len(set(page.ids)), "an id is there twice")


def link_is_good(page: Page, target: str) -> bool:
    if target == "data:,":
        return True
    if target.startswith("#"):
        return target[1:] in page.ids
    return target.startswith("figures/") and (page.folder / target).is_file()


def png_size(data: bytes) -> tuple[int, int]:
    """Checks all of a PNG as this library writes them."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("signature")
    chunks, at = [], 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        content = data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        if crc != zlib.crc32(kind + content):
            raise ValueError("checksum")
        chunks.append((kind, content))
        at += 12 + length
    if [kind for kind, _ in chunks] != [b"IHDR", b"IDAT", b"IEND"]:
        raise ValueError("chunks")
    width, height, depth, colours = struct.unpack(">IIBB", chunks[0][1][:10])
    rows = zlib.decompress(chunks[1][1])
    if depth != 8 or len(rows) != height * (1 + width * {0: 1, 2: 3}[colours]):
        raise ValueError("pixels")
    return width, height


def check_pictures(page: Page) -> None:
    for img in page.all("img"):
        page.expect(bool(img.get("alt", "").strip()), "picture without a text", img)
        try:
            size = png_size(base64.b64decode(img.get("src")[len(PNG_URI) :], validate=True))
            page.expect(size == (int(img.get("width")), int(img.get("height"))), "size", img)
        except (ValueError, zlib.error) as error:
            page.expect(False, f"broken picture, {error}", img)
    for svg in page.all("svg"):
        if svg.get("aria-hidden") == "true":
            continue
        named = (
            svg.get("role") == "img"
            and len(svg) > 2
            and [svg[0].tag, svg[1].tag] == ["title", "desc"]
            and svg[0].text
            and svg[1].text
        )
        page.expect(bool(named), "figure without title and description", svg)


def check_structure(page: Page) -> None:
    page.expect(page.root.get("lang") == "en", "no language")
    page.expect(bool(page.root.findtext("head/title")), "no title")
    for tag in ("header", "nav", "main", "footer", "h1"):
        page.expect(len(page.all(tag)) == 1, f"not one {tag}")
    level = 0
    for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6"):
        step = int(heading.tag[1])
        page.expect(step <= level + 1, "a heading's level is left out", heading)
        page.expect(bool("".join(heading.itertext()).strip()), "empty heading", heading)
        level = step
    for table in page.all("table"):
        page.expect(table[0].tag == "caption" and bool(table[0].text), "no caption", table)
        for head in table.iter("th"):
            page.expect(head.get("scope") in ("row", "col"), "head without a scope", head)
    names = []
    for box in page.all("div"):
        if "scroll" in box.get("class", "").split():
            page.expect(
                box.get("tabindex") == "0" and box.get("role") == "region",
                "box that keyboards cannot reach",
                box,
            )
            names.append(box.get("aria-label"))
    page.expect(None not in names and len(names) == len(set(names)), "boxes of the same name")


def check_roles(page: Page) -> None:
    style = page.all("style")[0].text
    styled = set(re.findall(r"\.(fer-[\w-]+)(?=[ ,{])", style))
    used = {
        name
        for e in page.root.iter()
        for name in e.get("class", "").split()
        if name.startswith("fer-")
    }
    page.expect(used <= styled, f"no rule for {sorted(used - styled)}")


def main() -> int:
    page = Page(pathlib.Path(sys.argv[1]))
    for check in (check_policy, check_references, check_pictures, check_structure, check_roles):
        check(page)
    print("\n".join(page.wrong) if page.wrong else "sound")
    return 1 if page.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
