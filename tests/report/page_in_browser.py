"""Opens pages in headless Chromium and fails where one does not behave.

    python3 tests/report/page_in_browser.py PAGE... [--shots FOLDER]

At the widths of a desktop and of two phones, light and dark: no message on the console, no request but
for the page itself, no picture missing, no script, no sideways scrolling of the page, texts of a contrast
of 4.5 and more that neither leave their figure nor lie on each other. --shots keeps pictures of the pages.

Needs the standard library and Chromium (FER_CHROMIUM, or one on the PATH); without it, it says
"skipped:" and ends well. It talks to the browser over its debugging pipe, so no port is opened.
"""

from __future__ import annotations

import argparse
import base64
import fcntl
import itertools
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

WIDTHS = (1280, 390, 320)
SCHEMES = ("light", "dark")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# Runs in the page; returns what is wrong with it, a line each.
LOOK = r"""
(() => {
  const wrong = [];
  const say = (what, element) => {
    const text = (element.textContent || element.outerHTML).trim().slice(0, 60);
    wrong.push(what + ': ' + element.tagName + ' "' + text + '"');
  };
  const root = document.scrollingElement;
  for (const details of document.querySelectorAll('details')) details.open = true;

  if (!document.title) wrong.push('no title');
  if (document.styleSheets.length !== 1) wrong.push('the style sheet was not taken');
  if (root.scrollWidth > root.clientWidth) {
    wrong.push('the page scrolls sideways: ' + root.scrollWidth + ' in ' + root.clientWidth);
  }
  for (const img of document.images) {
    if (!img.complete || img.naturalWidth === 0) say('picture is missing', img);
  }
  for (const element of document.querySelectorAll('*')) {
    if (element.tagName.toLowerCase() === 'script') say('script', element);
    for (const attribute of element.attributes) {
      if (attribute.name.startsWith('on')) say('handler', element);
    }
  }

  const channels = (colour) => {
    const found = colour.match(/[\d.]+/g).map(Number);
    return {rgb: found.slice(0, 3), alpha: found.length > 3 ? found[3] : 1};
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const v = value / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };
  const paper = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.alpha > 0) return colour.rgb;
    }
    return [255, 255, 255];
  };
  // The cell of a heat map that a text stands in.
  const cell = (text) => {
    const box = text.parentElement.querySelector(':scope > rect[class^=fer-heat]');
    return box && channels(getComputedStyle(box).fill).rgb;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    if (element.closest('svg')) {
      if (element.tagName !== 'text') continue;
      const inside = element.parentElement.tagName === 'g' && cell(element);
      const ratio = contrast(channels(style.fill).rgb, inside || paper(element));
      if (ratio < 4.5) say('contrast ' + ratio.toFixed(2), element);
    } else {
      const ratio = contrast(channels(style.color).rgb, paper(element));
      if (ratio < 4.5) say('contrast ' + ratio.toFixed(2), element);
    }
  }

  for (const svg of document.querySelectorAll('svg[role=img]')) {
    if (!svg.querySelector(':scope > title')) say('figure without a title', svg);
    const frame = svg.getBoundingClientRect();
    const scale = frame.width / svg.viewBox.baseVal.width;
    const texts = [...svg.querySelectorAll('text')]
        .filter((text) => !text.hasAttribute('transform'))
        .map((text) => ({text, box: text.getBoundingClientRect()}));
    for (const {text, box} of texts) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 ||
          box.bottom > frame.bottom + 1) {
        say('text leaves its figure', text);
      }
    }
    // Boxes of text have air above and below the letters.
    const slack = 4 * scale;
    for (let i = 0; i < texts.length; ++i) {
      for (let j = i + 1; j < texts.length; ++j) {
        const a = texts[i].box, b = texts[j].box;
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > slack) {
          say('text lies on "' + texts[j].text.textContent + '"', texts[i].text);
        }
      }
    }
  }
  return wrong;
})()
"""


class Browser:
    """Headless Chromium behind its debugging pipe: JSON messages, each ended by a zero byte."""

    def __init__(self, program: str, profile: str, *flags: str):
        command_read, command_write = os.pipe()
        answer_read, answer_write = os.pipe()

        def take_pipes():  # the browser reads from descriptor 3 and writes to 4
            read, write = (
                fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (command_read, answer_write)
            )
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [
                program,
                "--headless=new",
                "--remote-debugging-pipe",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-extensions",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                *flags,
                "about:blank",
            ],
            preexec_fn=take_pipes,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(command_read)
        os.close(answer_write)
        self.commands, self.answers = command_write, answer_read
        self.buffer = b""
        self.numbers = itertools.count(1)
        self.events: list[dict] = []
        self.session = None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(domain + ".enable")

    def receive(self, deadline: float) -> dict:
        while b"\0" not in self.buffer:
            ready, _, _ = select.select(
                [self.answers], [], [], max(0.0, deadline - time.monotonic())
            )
            piece = os.read(self.answers, 1 << 20) if ready else b""
            if not piece:
                raise RuntimeError("the browser does not answer")
            self.buffer += piece
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def send(self, method: str, timeout: float = 60.0, **parameters) -> dict:
        message = {"id": next(self.numbers), "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self.commands, text) :]
        deadline = time.monotonic() + timeout
        while True:
            answer = self.receive(deadline)
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event: str, timeout: float = 60.0) -> None:
        deadline = time.monotonic() + timeout
        while not any(seen.get("method") == event for seen in self.events):
            self.events.append(self.receive(deadline))

    def open(self, address: str, width: int, scheme: str) -> None:
        phone = width < 600
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=844 if phone else 900,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        self.send(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        self.events.clear()
        self.send("Page.navigate", url=address)
        self.wait_for("Page.loadEventFired")

    def evaluate(self, script: str):
        answer = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def picture(self, path: pathlib.Path, area: dict | None = None) -> None:
        parameters = {"captureBeyondViewport": True, "format": "png"}
        if area:
            parameters["clip"] = {**area, "scale": 1}
        data = self.send("Page.captureScreenshot", **parameters)["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self) -> None:
        try:
            self.session = None
            self.send("Browser.close", timeout=10.0)
            self.process.wait(10)
        except (RuntimeError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()


def told(events: list[dict], address: str) -> list[str]:
    """What the browser complained of or asked for while it loaded the page."""
    wrong = []
    for event in events:
        method, facts = event.get("method"), event.get("params", {})
        if method == "Log.entryAdded":
            wrong.append("console: " + facts["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            wrong.append("console: " + json.dumps(facts["args"]))
        elif method == "Runtime.exceptionThrown":
            wrong.append("exception: " + json.dumps(facts["exceptionDetails"]))
        elif method == "Page.javascriptDialogOpening":
            wrong.append("dialog: " + facts["message"])
        elif method == "Network.requestWillBeSent":
            url = facts["request"]["url"]
            if url != address and not url.startswith("data:"):
                wrong.append("request: " + url)
        elif method == "Network.loadingFailed":
            wrong.append("failed to load: " + json.dumps(facts))
    return wrong


def take_pictures(browser: Browser, folder: pathlib.Path, stem: str) -> None:
    """The page in pieces of a screen or two: a single picture of all of it could not be read."""
    size = browser.evaluate(
        "[document.documentElement.clientWidth," " document.documentElement.scrollHeight]"
    )
    step = 1800 if size[0] > 600 else 1700
    for part, top in enumerate(range(0, size[1], step)):
        browser.picture(
            folder / f"{stem}-{part:02}.png",
            {"x": 0, "y": top, "width": size[0], "height": min(step, size[1] - top)},
        )


def check(browser: Browser, page: pathlib.Path, shots: pathlib.Path | None) -> list[str]:
    address = page.resolve().as_uri()
    wrong = []
    for width in WIDTHS:
        for scheme in SCHEMES:
            browser.open(address, width, scheme)
            if shots and width != min(WIDTHS):
                take_pictures(browser, shots, f"{page.parent.name}-{width}-{scheme}")
            found = browser.evaluate(LOOK)
            wrong += [
                f"{page}, {width} px, {scheme}: {line}"
                for line in told(browser.events, address) + found
            ]
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    parser.add_argument("--shots", type=pathlib.Path)
    words = parser.parse_args()
    program = os.environ.get("FER_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        print("skipped: there is no Chromium")
        return 0
    if words.shots:
        words.shots.mkdir(parents=True, exist_ok=True)
    wrong = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            for page in words.pages:
                wrong += check(browser, page, words.shots)
        finally:
            browser.close()
    print("\n".join(wrong) if wrong else f"{len(words.pages)} pages behave")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
