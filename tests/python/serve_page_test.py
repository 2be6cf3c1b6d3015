"""fer-serve's page in headless Chromium, before a camera that plays drawn faces.

serve_page_test.py PROGRAMS [--shots FOLDER]: the folder of fer-serve. At the widths of a desktop and a phone,
light and dark: boxes and a chart that move, no message on the console, no request but to the service, no
sideways scrolling, all by keyboard. With axe-core (FER_AXE: its axe.min.js) nothing serious for people who use
other ways than eyes and a mouse. Without Chromium or Pillow it says so and is skipped (77).
"""

from __future__ import annotations

import importlib.util
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

from serve_support import ROOT, SCENE, Service, as_base64

sys.path.insert(0, str(ROOT / "tests" / "report"))
from page_in_browser import NAMES, Browser  # noqa: E402

SKIPPED = 77
WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
TILE = 98  # pixels from face to face in docs/images/synthetic-faces.png
FRAMES = 60


def camera_film(path: pathlib.Path) -> None:
    """Motion JPEG: a face that wanders. A photo's where there is one, else drawn ones in turn."""
    from PIL import Image

    photo = pathlib.Path(os.environ.get("FER_SHARED", "/nowhere"), "data/photos/one_face_480p.jpg")
    sheet = Image.open(SCENE).convert("RGB")
    faces = [(3, 2), (5, 2), (4, 2)]  # column and row
    with path.open("wb") as film:
        for number in range(FRAMES):
            frame = Image.new("RGB", (640, 480), (120, 130, 140))
            if photo.is_file():
                frame.paste(Image.open(photo).convert("RGB").resize((640, 480)), (number - 30, 0))
            else:
                column, row = faces[number * len(faces) // FRAMES]
                left, top = 2 + column * TILE, 2 + row * TILE
                face = sheet.crop((left, top, left + TILE - 2, top + TILE - 2))
                frame.paste(face.resize((280, 280)), (120 + number * 2, 100))
            frame.save(film, "JPEG", quality=90)


def choose(browser: Browser, select: str, index: int) -> None:
    browser.evaluate(
        f"(() => {{ const s = document.getElementById('{select}'); s.selectedIndex = {index};"
        " s.dispatchEvent(new Event('change')); })()"
    )


def find_a_face(browser: Browser) -> None:
    """By the usual detector; one that finds none in drawings gives way to none."""
    faces = "document.querySelectorAll('#faces li').length > 0"
    try:
        wait_until(browser, faces, "a face", seconds=10.0)
    except AssertionError:
        choose(
            browser, "detector", browser.evaluate("document.getElementById('detector').length - 1")
        )
        wait_until(browser, faces, "a face")


def wait_until(browser: Browser, script: str, what: str, seconds: float = 40.0) -> None:
    deadline = time.monotonic() + seconds
    while not browser.evaluate(script):
        if time.monotonic() > deadline:
            status = browser.evaluate("document.getElementById('status').textContent")
            raise AssertionError(f"{what} did not come; the page says {status!r}")
        time.sleep(0.1)


def told(events: list[dict], own: str) -> list[str]:
    """What the browser complained of, or asked another host for."""
    wrong = []
    for event in events:
        method, facts = event.get("method"), event.get("params", {})
        if method == "Log.entryAdded":
            wrong.append("console: " + json.dumps(facts["entry"]))
        elif method == "Runtime.consoleAPICalled":
            wrong.append("console: " + json.dumps(facts["args"]))
        elif method == "Runtime.exceptionThrown":
            wrong.append("exception: " + json.dumps(facts["exceptionDetails"]))
        elif method in ("Network.requestWillBeSent", "Network.webSocketCreated"):
            url = facts["request"]["url"] if "request" in facts else facts["url"]
            if not url.startswith((own, own.replace("http", "ws"), "data:", "blob:")):
                wrong.append("request: " + url)
    return wrong


def press(browser: Browser, key: str, code: int) -> None:
    for kind in ("rawKeyDown", "char", "keyUp") if key == "Enter" else ("rawKeyDown", "keyUp"):
        more = {"text": "\r"} if kind == "char" else {}
        browser.send(
            "Input.dispatchKeyEvent",
            type=kind,
            key=key,
            code=key,
            windowsVirtualKeyCode=code,
            **more,
        )


def drawn(browser: Browser, canvas: str) -> str:
    """What a canvas shows."""
    return browser.evaluate(f"document.getElementById('{canvas}').toDataURL()")


def accessibility(browser: Browser) -> list[str]:
    place = os.environ.get("FER_AXE")
    if not place:
        return []
    browser.evaluate(pathlib.Path(place).read_text() + ";0")
    found = json.loads(
        browser.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
            ".then((r) => JSON.stringify(r.violations.map((v) => "
            "[v.impact, v.id, v.nodes.map((n) => n.target.join(' ') + ' ' + n.failureSummary)])))"
        )
    )
    return [f"axe: {line}" for line in found if line[0] in ("serious", "critical", "moderate")]


def sideways(browser: Browser) -> list[str]:
    wide = browser.evaluate(
        "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    )
    return [f"the page scrolls sideways by {wide} pixels"] if wide > 0 else []


def look(
    browser: Browser, service: Service, width: int, scheme: str, shots: pathlib.Path | None
) -> list[str]:
    own = f"http://127.0.0.1:{service.port}"
    browser.open(own + "/", width, scheme)
    wait_until(
        browser, "document.getElementById('model').options.length === 2", "the list of models"
    )
    wrong = sideways(browser) + accessibility(browser)
    if shots:
        browser.picture(shots / f"start-{width}-{scheme}.png")

    browser.evaluate("document.getElementById('camera').focus()")
    press(browser, "Enter", 13)
    find_a_face(browser)
    seen = set()
    charts = set()
    for _ in range(15):
        time.sleep(0.2)
        seen.add(drawn(browser, "boxes"))
        charts.add(drawn(browser, "chart"))
    if len(seen) < 3:
        wrong.append("the boxes do not move")
    if len(charts) < 3:
        wrong.append("the chart does not move")
    wrong += sideways(browser) + accessibility(browser)
    if shots:
        browser.picture(shots / f"camera-{width}-{scheme}.png")

    # A face may be lost between two frames: then the next one is explained.
    for _ in range(20):
        browser.evaluate("document.querySelector('#faces button')?.focus()")
        press(browser, "Enter", 13)
        if browser.evaluate("document.getElementById('explanation').open"):
            break
        time.sleep(0.2)
    picture = "document.getElementById('explanation-picture').naturalWidth === 192"
    wait_until(browser, picture, "the explanation")
    wrong += accessibility(browser)
    if shots:
        browser.picture(shots / f"explanation-{width}-{scheme}.png")
    press(browser, "Escape", 27)
    wait_until(
        browser, "!document.getElementById('explanation').open", "the end of the explanation"
    )

    choose(browser, "model", 1)
    recorded = "document.getElementById('count').textContent"
    before = browser.evaluate(recorded)
    wait_until(browser, f"{recorded} !== {json.dumps(before)}", "a face by the other model")
    saved = browser.evaluate(
        "(async () => { let text = ''; const make = URL.createObjectURL;"
        " URL.createObjectURL = (blob) => { text = blob.text(); return make(blob); };"
        " document.getElementById('save-csv').click(); URL.createObjectURL = make; return await text; })()"
    )
    head, *rows = saved.splitlines()
    if (
        not head.startswith("time_s,track,x,y,width,height,score,label,probability,angry")
        or not rows
    ):
        wrong.append(f"the CSV is {saved[:200]!r}")
    browser.evaluate("document.getElementById('camera').click()")
    wait_until(browser, "document.getElementById('video').hidden", "the end of the camera")

    choose(browser, "detector", browser.evaluate("document.getElementById('detector').length - 1"))
    script = f"""(() => {{
      const bytes = Uint8Array.from(atob('{as_base64(SCENE.read_bytes())}'), (c) => c.charCodeAt(0));
      const files = new DataTransfer();
      files.items.add(new File([bytes], 'faces.png', {{type: 'image/png'}}));
      document.getElementById('stage').dispatchEvent(
        new DragEvent('drop', {{dataTransfer: files, bubbles: true, cancelable: true}}));
    }})()"""
    browser.evaluate(script)
    wait_until(browser, "document.querySelectorAll('#faces li').length > 0", "faces of a picture")
    wrong += sideways(browser)
    if shots:
        browser.picture(shots / f"picture-{width}-{scheme}.png")
    return [f"{width} px, {scheme}: {line}" for line in wrong + told(browser.events, own)]


def main() -> int:
    programs = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/predict/bin").resolve()
    shots = pathlib.Path(sys.argv[3]) if sys.argv[2:3] == ["--shots"] else None
    program = os.environ.get("FER_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None or importlib.util.find_spec("PIL") is None:
        print("skipped: needs Chromium and Pillow")
        return SKIPPED
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    wrong = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        film = pathlib.Path(folder, "faces.mjpeg")
        camera_film(film)
        flags = (
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        )
        with Service(programs, "--model", "nano", "--model", "seed-cnn") as service:
            browser = Browser(program, str(pathlib.Path(folder, "profile")), *flags)
            try:
                for width in WIDTHS:
                    for scheme in SCHEMES:
                        wrong += look(browser, service, width, scheme, shots)
            finally:
                browser.close()
    axe = "" if os.environ.get("FER_AXE") else " (without axe-core: FER_AXE is not set)"
    print("\n".join(wrong) if wrong else "the page behaves" + axe)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
