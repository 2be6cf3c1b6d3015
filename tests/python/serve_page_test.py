"""fer-serve's page in headless Chromium, before a camera that plays drawn faces.

serve_page_test.py PROGRAMS [--shots FOLDER]: the folder of fer-serve. At the widths of a desktop and a phone,
light and dark: boxes and a chart that move, no message on the console, no request but to the service, no
sideways scrolling, all by keyboard. The same of a video file that is chosen (with ffmpeg, which makes it), whose own
controls stay within reach of a mouse; what was seen is saved as CSV and JSON. With axe-core (FER_AXE: its
axe.min.js) nothing serious for people who use other ways than eyes and a mouse. Without Chromium or Pillow it says
so and is skipped (77).
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
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
RECORDED = "document.getElementById('count').textContent"
SIZE = (640, 480)  # of the film


def camera_film(path: pathlib.Path) -> None:
    """Motion JPEG: a face that wanders. A photo's where there is one, else drawn ones in turn."""
    from PIL import Image

    photo = pathlib.Path(os.environ.get("FER_SHARED", "/nowhere"), "data/photos/one_face_480p.jpg")
    sheet = Image.open(SCENE).convert("RGB")
    faces = [(3, 2), (5, 2), (4, 2)]  # column and row
    with path.open("wb") as film:
        for number in range(FRAMES):
            frame = Image.new("RGB", SIZE, (120, 130, 140))
            if photo.is_file():
                frame.paste(Image.open(photo).convert("RGB").resize(SIZE), (number - 30, 0))
            else:
                column, row = faces[number * len(faces) // FRAMES]
                left, top = 2 + column * TILE, 2 + row * TILE
                face = sheet.crop((left, top, left + TILE - 2, top + TILE - 2))
                frame.paste(face.resize((280, 280)), (120 + number * 2, 100))
            frame.save(film, "JPEG", quality=90)


def video_of(film: pathlib.Path) -> pathlib.Path | None:
    """The same as a video that browsers play; None without ffmpeg."""
    program = shutil.which("ffmpeg")
    if program is None:
        return None
    video = film.with_name("drawn faces.webm")
    words = ["-loglevel", "error", "-f", "mjpeg", "-framerate", "15", "-i", film, "-c:v", "libvpx"]
    subprocess.run([program, *words, "-b:v", "2M", "-deadline", "realtime", video], check=True)
    return video


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


def click(browser: Browser, x: float, y: float) -> None:
    for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
        browser.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)


def moves(browser: Browser, *canvases: str) -> list[str]:
    seen = {canvas: set() for canvas in canvases}
    for _ in range(15):
        time.sleep(0.2)
        for canvas in canvases:
            seen[canvas].add(drawn(browser, canvas))
    return [f"the {canvas} does not move" for canvas in canvases if len(seen[canvas]) < 3]


def choose_file(browser: Browser, path: pathlib.Path) -> None:
    document = browser.send("DOM.getDocument")["root"]["nodeId"]
    field = browser.send("DOM.querySelector", nodeId=document, selector="#file")["nodeId"]
    browser.send("DOM.setFileInputFiles", nodeId=field, files=[str(path)])


def recorded(browser: Browser) -> list[dict]:
    """The faces that the page would save."""
    text = browser.evaluate(
        "(async () => { let text = ''; const make = URL.createObjectURL;"
        " URL.createObjectURL = (blob) => { text = blob.text(); return 'data:,'; };"
        " document.getElementById('save-json').click(); URL.createObjectURL = make; return await text; })()"
    )
    return json.loads(text)


def play(browser: Browser, video: pathlib.Path) -> list[str]:
    """A video's file: it plays, its boxes and chart move, a click on its controls stops it, one on a face explains."""
    choose_file(browser, video)
    playing = "(({paused, ended, currentTime}) => !paused && !ended && currentTime > 0)(document.getElementById('video'))"
    wait_until(browser, playing, "the video")
    find_a_face(browser)
    browser.evaluate("document.getElementById('video').loop = true")
    wrong = ["video: " + line for line in moves(browser, "boxes", "chart")]
    browser.evaluate("document.getElementById('stage').scrollIntoView()")
    place = json.loads(
        browser.evaluate("JSON.stringify(document.getElementById('video').getBoundingClientRect())")
    )
    click(browser, place["x"] + 24, place["y"] + place["height"] - 49)
    time.sleep(0.5)
    paused = "document.getElementById('video').paused"
    if not browser.evaluate(paused) and place["width"] > 600:  # a phone's controls lie elsewhere
        wrong.append("video: a mouse does not reach its controls")
    browser.evaluate("document.getElementById('video').pause()")
    time.sleep(1.0)  # answers under way come
    left, top, width, height = recorded(browser)[-1]["box"]
    scale = min(place["width"] / SIZE[0], place["height"] / SIZE[1])
    x = (left + width / 2) * scale + (place["width"] - SIZE[0] * scale) / 2
    click(browser, place["x"] + x, place["y"] + (top + height / 2) * scale)
    picture = "document.getElementById('explanation-picture').naturalWidth === 192"
    wait_until(browser, picture, "the explanation of a face that was clicked")
    press(browser, "Escape", 27)
    wait_until(browser, "!document.getElementById('explanation').open", "the end of it")
    return wrong


def save(browser: Browser, folder: pathlib.Path, sources: set[str]) -> list[str]:
    """Both files as the browser saves them: the same faces, of these sources."""
    browser.send("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    files = [folder / "faces.csv", folder / "faces.json"]
    for file in files:
        file.unlink(missing_ok=True)
    browser.evaluate("document.getElementById('save-csv').focus()")
    press(browser, "Enter", 13)
    browser.evaluate("document.getElementById('save-json').click()")
    deadline = time.monotonic() + 20
    while not all(file.is_file() and file.stat().st_size for file in files):
        assert time.monotonic() < deadline, "the files did not come"
        time.sleep(0.1)
    with open(files[0], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    faces = json.loads(files[1].read_text())
    if len(rows) < 3 or not 0 <= len(faces) - len(rows) < 50:  # the video may have gone on
        return [f"{len(rows)} lines of CSV, {len(faces)} faces of JSON"]
    wrong = []
    if {row["source"] for row in rows} != sources:
        wrong.append(f"sources {sorted({row['source'] for row in rows})}")
    for row, face in zip(rows, faces):
        shares = face["probabilities"]
        same = [row["source"], float(row["time_s"]), row["label"]] == [
            face["source"], face["time_s"], face["label"]
        ]  # fmt: skip
        if not same or any(float(row[label]) != share for label, share in shares.items()):
            wrong.append(f"CSV {row} and JSON {face}")
            break
        if abs(sum(shares.values()) - 1) > 1e-4 or max(shares, key=shares.get) != face["label"]:
            wrong.append(f"{face} is no distribution with its label")
            break
    return wrong


def look(
    browser: Browser,
    service: Service,
    width: int,
    scheme: str,
    video: pathlib.Path | None,
    shots: pathlib.Path | None,
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
    wrong += moves(browser, "boxes", "chart")
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
    before = browser.evaluate(RECORDED)
    wait_until(browser, f"{RECORDED} !== {json.dumps(before)}", "a face by the other model")
    browser.evaluate("document.getElementById('camera').click()")
    wait_until(browser, "document.getElementById('video').hidden", "the end of the camera")

    if video:
        wrong += play(browser, video)
        wrong += sideways(browser) + accessibility(browser)
        if shots:
            browser.picture(shots / f"video-{width}-{scheme}.png")
    sources = {"camera", video.name} if video else {"camera"}
    wrong += save(browser, video.parent if video else None, sources)

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
        video = video_of(film)
        if video is None:
            print("skipped: a video that is chosen, which ffmpeg makes")
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
                        wrong += look(browser, service, width, scheme, video, shots)
            finally:
                browser.close()
    axe = "" if os.environ.get("FER_AXE") else " (without axe-core: FER_AXE is not set)"
    print("\n".join(wrong) if wrong else "the page behaves" + axe)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
