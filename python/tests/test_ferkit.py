"""The package against the program fer-predict, to the last digit; and what only Python can do wrong."""

import ast
import io
import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import ferkit

ROOT = Path(__file__).parents[2]
PICTURES = [ROOT / "docs/images/predict-annotated.jpg", ROOT / "docs/images/synthetic-faces.png"]
if os.environ.get("FER_SHARED"):
    PICTURES += sorted(Path(os.environ["FER_SHARED"], "data/photos").glob("*.jpg"))
WHOLE = PICTURES[1]


def fer_predict(*arguments):
    """The lines of its JSON."""
    program = Path(os.environ.get("FER_BIN", ROOT / "build/release/bin"), "fer-predict")
    if not program.exists():
        pytest.skip(f"{program} is not built")
    words = [program, "--format", "jsonl", "--quiet", *arguments]
    run = subprocess.run(list(map(str, words)), capture_output=True, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.fixture(scope="module")
def predictor():
    return ferkit.Predictor()


@pytest.fixture(scope="module")
def whole():
    return ferkit.Predictor(detector="none")


def pixels_of(path, mode="RGB"):
    image = pytest.importorskip("PIL.Image")
    return np.asarray(image.open(path).convert(mode))


@pytest.mark.parametrize("tta", ["none", "flip"])
@pytest.mark.parametrize("detector", ["auto", "haar", "none"])
def test_the_package_says_what_the_program_says(detector, tta):
    lines = fer_predict("--detector", detector, "--tta", tta, *PICTURES)
    assert len(lines) == len(PICTURES)
    predictor = ferkit.Predictor(detector=detector, tta=tta)
    assert [result.to_dict() for result in predictor.predict(PICTURES)] == lines
    # Also one by one, and through JSON.
    assert [json.loads(json.dumps(predictor.predict(p).to_dict())) for p in PICTURES] == lines


def test_several_models_are_averaged_as_by_the_program():
    lines = fer_predict("--model", "nano", "--model", "small", "--detector", "none", WHOLE)
    predictor = ferkit.Predictor(["nano", "small"], "none")
    assert [card.name for card in predictor.models] == ["nano", "small"]
    assert sum(card.weight for card in predictor.models) == 1
    assert [predictor.predict(WHOLE).to_dict()] == lines
    duo = fer_predict("--model", "duo", "--detector", "none", WHOLE)
    assert [ferkit.Predictor("duo", detector="none").predict(WHOLE).to_dict()] == duo


def test_a_broken_file_of_a_list_is_told_as_by_the_program(whole, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(WHOLE.read_bytes()[:100])
    files = [WHOLE, broken, WHOLE]
    lines = fer_predict("--detector", "none", *files)
    assert "broken.png" in lines[1]["error"]
    results = whole.predict(files)
    assert [result.to_dict() for result in results] == lines
    assert results[1].error == lines[1]["error"]
    assert (len(results[1]), results[1].width) == (0, 0)
    with pytest.raises(ferkit.Error, match="broken.png"):
        whole.predict(broken)


def test_paths_bytes_and_pixels_are_one_and_the_same(whole):
    expected = whole.predict(WHOLE).faces
    rgb = pixels_of(WHOLE)
    bgr = np.ascontiguousarray(rgb[:, :, ::-1])
    alpha = np.dstack([rgb, np.zeros(rgb.shape[:2], np.uint8)])
    content = WHOLE.read_bytes()
    for image in (str(WHOLE), content, bytearray(content), memoryview(content)):
        assert whole.predict(image).faces == expected
    for image, channels in ((rgb, "rgb"), (bgr, "bgr"), (alpha, "rgb"), (rgb[:, :, ::-1], "bgr")):
        assert whole.predict(image, channels=channels).faces == expected
    mixed = whole.predict((WHOLE, content, rgb), channels="rgb")
    assert [result.faces for result in mixed] == [expected] * 3
    assert [result.source for result in mixed] == [str(WHOLE), "", ""]


def test_channels_that_are_swapped_are_other_pixels(whole):
    rgb = np.zeros((48, 48, 3), np.uint8)
    rgb[:, :24, 0] = 255  # red counts more than twice as much as blue
    as_rgb, as_bgr = (whole.predict(rgb, channels=order)[0] for order in ("rgb", "bgr"))
    assert as_rgb.probabilities != as_bgr.probabilities


def test_parts_of_arrays_are_seen_where_they_lie(whole):
    grey = np.arange(100 * 80, dtype=np.uint32).reshape(100, 80).astype(np.uint8)
    for part in (
        grey[10:70, 5:60],
        grey[::2],
        grey[:, ::2],
        grey[::-1],
        grey.T,
        grey[:1],
        grey[:, :1],
        grey[:, :, None],
    ):
        copied = np.ascontiguousarray(part.reshape(part.shape[:2]))
        assert whole.predict(part).faces == whole.predict(copied).faces
    grey.flags.writeable = False
    assert len(whole.predict(grey)) == 1


def test_faces_that_are_cut_out_need_no_detector(whole):
    rgb = pixels_of(WHOLE)
    (face,) = whole.predict(rgb, channels="rgb")
    rows = whole.classify([rgb, rgb[:40, :40]], channels="rgb")
    assert rows.shape == (2, len(whole.labels))
    assert rows[0].tolist() == list(face.probabilities.values())
    assert whole.classify([]).shape == (0, len(whole.labels))
    with pytest.raises(ferkit.Error, match="crop 1"):
        whole.classify([rgb, rgb[:0]], channels="rgb")


def test_records_are_the_faces_with_a_field_a_class(predictor, whole):
    results = whole.predict([WHOLE, b"no picture", WHOLE])
    assert results[1].error
    records = ferkit.to_numpy(results)
    assert records["picture"].tolist() == [0, 2]
    assert records["label"].tolist() == [results[0][0].label, results[2][0].label]
    for name in whole.labels:
        assert records[name].tolist() == [result[0].probabilities[name] for result in results[::2]]
    assert records["x"].tolist() == [0, 0]
    assert records["width"].tolist() == [result.width for result in results[::2]]
    assert results[0].to_numpy()["probability"] == results[0][0].probability
    assert ferkit.to_numpy([]).size == 0
    assert results[1].to_numpy().size == 0
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(records)
    assert list(frame.columns[:3]) == ["picture", "face", "x"]
    assert frame[list(whole.labels)].sum(axis=1).tolist() == pytest.approx([1, 1])


def test_several_threads_get_what_one_gets(predictor):
    expected = [result.to_dict() for result in predictor.predict(PICTURES)]

    def all_of_them(_):
        return [predictor.predict(path).to_dict() for path in PICTURES]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(all_of_them, range(16))) == [expected] * 16


def test_other_threads_run_while_faces_are_looked_for():
    # While one thread predicts, this one must get the interpreter's lock.
    predictor = ferkit.Predictor(detector="none", tta="ten-crop", threads=1)
    crops = [np.full((48, 48), level, np.uint8) for level in range(256)] * 8
    began, ended = threading.Event(), threading.Event()

    def work():
        began.set()
        predictor.classify(crops)
        ended.set()

    old = sys.getswitchinterval()
    thread = threading.Thread(target=work)
    thread.start()
    began.wait()
    turns = 0
    while not ended.is_set():
        turns += 1
        time.sleep(0.0005)
    thread.join()
    assert sys.getswitchinterval() == old
    assert turns > 20  # with the lock held it would be one or two


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"models": "no-such"}, "no-such"),
        ({"models": [""]}, "a name is empty"),
        ({"detector": "eyes"}, "allowed: auto, "),
        ({"tta": "twice"}, "ten-crop"),
        ({"precision": "float8"}, "float32"),
        ({"threads": -1}, "threads"),
    ],
)
def test_an_option_that_is_wrong_is_an_error_that_says_what_is_allowed(options, message):
    with pytest.raises(ferkit.Error, match=message):
        ferkit.Predictor(**options)
    with pytest.raises(ValueError):  # which it is
        ferkit.Predictor(**options)


@pytest.mark.parametrize(
    ("image", "channels", "kind", "message"),
    [
        (np.zeros((4, 4, 3), np.uint8), None, ValueError, "channels='bgr'"),
        (np.zeros((4, 4, 3), np.uint8), "hsv", ValueError, "'bgr', 'rgb'"),
        (np.zeros((4, 4, 2), np.uint8), "rgb", ValueError, r"not \[4, 4, 2\]"),
        (np.zeros((2, 4, 4, 3), np.uint8), "rgb", ValueError, "come as a list"),
        (np.zeros(4, np.uint8), None, ValueError, r"not \[4\]"),
        (np.zeros((0, 4), np.uint8), None, ferkit.Error, "at least 1"),
        (np.zeros((4, 4)), None, TypeError, "not float64"),
        (3, None, TypeError, "not int"),
        (None, None, TypeError, "not NoneType"),
        (b"no picture", None, ferkit.Error, "picture"),
        (b"", None, ferkit.Error, "picture"),
        ("/no/such.jpg", None, ferkit.Error, "/no/such.jpg"),
    ],
)
def test_what_is_no_picture_is_an_error_that_says_so(whole, image, channels, kind, message):
    with pytest.raises(kind, match=message):
        whole.predict(image, channels=channels)


def test_a_path_may_be_any_bytes(whole, tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/f\xff.png")
    Path(path).write_bytes(WHOLE.read_bytes())
    assert whole.predict(path).faces == whole.predict(WHOLE).faces
    (missing,) = whole.predict([path + "x"])
    assert "f\ufffd.pngx" in missing.error


def test_a_picture_of_a_rare_format_is_read_by_the_plug_in(whole):
    image = pytest.importorskip("PIL.Image")
    content = io.BytesIO()
    image.open(WHOLE).convert("RGB").save(content, "BMP")
    assert whole.predict(content.getvalue()).faces == whole.predict(WHOLE).faces


def test_a_predictor_goes_to_another_process(whole):
    copy = pickle.loads(pickle.dumps(whole))
    result = pickle.loads(pickle.dumps(copy.predict(WHOLE)))
    assert result.faces == whole.predict(WHOLE).faces
    assert (result.to_numpy() == whole.predict(WHOLE).to_numpy()).all()
    # A forked process does not have the threads of its parent.
    with multiprocessing.get_context("fork").Pool(2) as pool:
        results = pool.map(whole.predict, [str(WHOLE)] * 4)
    assert [result.faces for result in results] == [whole.predict(WHOLE).faces] * 4


def test_a_result_is_a_sequence_of_its_faces(whole):
    result = whole.predict(WHOLE)
    assert list(result) == [result[0]] == list(result.faces) == list(result[:])
    face = result[0]
    assert (face.box.width, face.box.height) == (result.width, result.height) == face.box[2:]
    assert face.probability == face.probabilities[face.label] == max(face.probabilities.values())
    assert repr(result).startswith("<ferkit.Result ") and face.label in repr(result)
    with pytest.raises(AttributeError):
        face.label = "other"


def test_the_package_tells_its_version_and_types():
    header = (ROOT / "include/fer/version.h").read_text()
    assert f'FER_VERSION_STRING "{ferkit.__version__}"' in header
    folder = Path(ferkit.__file__).parent
    assert (folder / "py.typed").exists()
    # The stub declares what the module contains.
    stub = ast.parse((folder / "_core.pyi").read_text())
    for node in stub.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            known = getattr(ferkit._core, node.name)
            for method in getattr(node, "body", []):
                if isinstance(method, ast.FunctionDef):
                    assert hasattr(known, method.name)
    public = {name for name in dir(ferkit._core) if not name.startswith("_")}
    assert public == {node.name for node in stub.body if hasattr(node, "name")}
    for name in ferkit.__all__:
        assert getattr(ferkit, name).__doc__


def test_nothing_of_pytorch_is_loaded():
    code = "import ferkit, sys; ferkit.Predictor(); print(open('/proc/self/maps').read())"
    words = [sys.executable, "-c", code]
    maps = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert "ferkit/_core" in maps
    assert "torch" not in maps
    assert "libavcodec" not in maps
