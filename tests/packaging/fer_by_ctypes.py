"""fer.h through ctypes: libfer.so says what the program fer-predict says.

    python3 fer_by_ctypes.py LIBRARY FER_PREDICT PICTURE...

Every struct is declared as the header has it; a field that moves makes this fail.
"""

import json
import subprocess
import sys
from ctypes import (
    CDLL,
    POINTER,
    Structure,
    byref,
    c_char_p,
    c_double,
    c_float,
    c_int32,
    c_size_t,
    c_uint8,
    c_void_p,
)
from threading import Thread


class Image(Structure):
    _fields_ = [
        ("pixels", POINTER(c_uint8)),
        ("width", c_int32),
        ("height", c_int32),
        ("stride", c_size_t),
        ("format", c_int32),
    ]


class Options(Structure):
    _fields_ = [
        ("models", POINTER(c_char_p)),
        ("model_count", c_size_t),
        ("tta", c_char_p),
        ("precision", c_char_p),
        ("detector", c_char_p),
        ("small_faces", c_int32),
        ("threads", c_int32),
        ("data_folder", c_char_p),
    ]


class Face(Structure):
    _fields_ = [
        ("x", c_int32),
        ("y", c_int32),
        ("width", c_int32),
        ("height", c_int32),
        ("score", c_double),
        ("label", c_char_p),
        ("probability", c_double),
        ("probabilities", POINTER(c_float)),
    ]


# Result and parameters of every function; pointers to structs that the header only names are void *.
FUNCTIONS = {
    "fer_create": (c_int32, [POINTER(Options), POINTER(c_void_p)]),
    "fer_destroy": (None, [c_void_p]),
    "fer_predict_file": (c_int32, [c_void_p, c_char_p, POINTER(c_void_p)]),
    "fer_predict_bytes": (c_int32, [c_void_p, c_char_p, c_size_t, POINTER(c_void_p)]),
    "fer_predict_image": (c_int32, [c_void_p, POINTER(Image), POINTER(c_void_p)]),
    "fer_free_faces": (None, [c_void_p]),
    "fer_face_count": (c_size_t, [c_void_p]),
    "fer_face_at": (Face, [c_void_p, c_size_t]),
    "fer_label_count": (c_size_t, [c_void_p]),
    "fer_label_at": (c_char_p, [c_void_p, c_size_t]),
    "fer_detector": (c_char_p, [c_void_p]),
    "fer_last_error": (c_char_p, []),
    "fer_version": (c_char_p, []),
}


def library_at(path):
    library = CDLL(path)
    for name, (result, parameters) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, parameters
    return library


class Predictor:
    def __init__(self, library, **options):
        self.library, self.handle = library, c_void_p()
        self.check(library.fer_create(byref(Options(small_faces=1, **options)), byref(self.handle)))
        count = library.fer_label_count(self.handle)
        self.labels = [library.fer_label_at(self.handle, i).decode() for i in range(count)]
        assert library.fer_label_at(self.handle, count) is None

    def check(self, status):
        if status:
            raise ValueError(self.library.fer_last_error().decode())

    def faces(self, call, *arguments):
        """As fer-predict's JSON has them, without the rounding."""
        found = c_void_p()
        self.check(call(self.handle, *arguments, byref(found)))
        faces = [
            self.library.fer_face_at(found, i) for i in range(self.library.fer_face_count(found))
        ]
        read = [self.as_json(face) for face in faces]
        self.library.fer_free_faces(found)
        return read

    def as_json(self, face):
        probabilities = face.probabilities[: len(self.labels)]
        total = 0.0
        for one in probabilities:
            total += one
        shares = dict(zip(self.labels, (one / total for one in probabilities), strict=True))
        assert face.probability == max(probabilities)
        return {
            "box": [face.x, face.y, face.width, face.height],
            "score": face.score,
            "track": None,
            "label": face.label.decode(),
            "probability": face.probability / total,
            "probabilities": shares,
        }


def rounded(value):
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


def by_program(program, pictures):
    words = [program, "--format", "jsonl", "--quiet", *pictures]
    output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return [json.loads(line)["faces"] for line in output.splitlines()]


def message_of(call):
    try:
        call()
    except ValueError as error:
        return str(error)
    raise AssertionError("there is no error")


def main(path, program, *pictures):
    library = library_at(path)
    assert (
        library.fer_version().decode()
        in subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    )
    predictor = Predictor(library)
    expected = by_program(program, pictures)
    for picture, faces in zip(pictures, expected, strict=True):
        assert (
            rounded(predictor.faces(library.fer_predict_file, picture.encode())) == faces
        ), picture
        content = open(picture, "rb").read()
        got = predictor.faces(library.fer_predict_bytes, content, len(content))
        assert rounded(got) == faces, picture

    def predict_all(into):
        for picture in pictures:
            into.append(rounded(predictor.faces(library.fer_predict_file, picture.encode())))

    results = [[] for _ in range(4)]
    threads = [Thread(target=predict_all, args=(into,)) for into in results]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4

    # A grey picture of 2x3 pixels whose rows lie 4 bytes apart; no detector is asked.
    whole = Predictor(library, detector=b"none")
    assert library.fer_detector(whole.handle) == b"none"
    pixels = (c_uint8 * 12)(*range(12))
    image = Image(pixels, 2, 3, 4, 0)
    (face,) = whole.faces(library.fer_predict_image, byref(image))
    assert face["box"] == [0, 0, 2, 3]
    assert abs(sum(face["probabilities"].values()) - 1) < 1e-12

    image.stride = 1
    text = message_of(lambda: whole.faces(library.fer_predict_image, byref(image)))
    assert "a stride of 1 bytes is shorter than a row" in text, text
    text = message_of(lambda: whole.faces(library.fer_predict_file, b"/no/such.jpg"))
    assert "/no/such.jpg" in text, text
    text = message_of(lambda: Predictor(library, detector=b"eyes"))
    assert "allowed: auto, " in text, text
    for one in (predictor, whole):
        library.fer_destroy(one.handle)
    print(f"{sum(map(len, expected))} faces, the same through ctypes")


main(*sys.argv[1:])
