#!/usr/bin/env python3
"""Writes the files that fuzzing starts from: FOLDER/TARGET/NAME, small ones of every format that is read.

    scripts/fuzz_seeds.py FOLDER

Pictures and networks need Pillow and onnx (scripts/requirements-test.txt), videos need OpenCV for Python
and are left out without it; the end says so.
"""

import argparse
import base64
import importlib.util
import io
import itertools
import json
import pathlib
import struct
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
LABELS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
DEEP = 3000  # lists in lists


def safetensors(tensors: dict, metadata: dict, data: bytes = b"") -> bytes:
    header = json.dumps({"__metadata__": metadata, **tensors}).encode()
    return struct.pack("<Q", len(header)) + header + data


def header_of(file: pathlib.Path) -> dict:
    content = file.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + length])


def narrow(channels: int, width: float = 0.125) -> int:
    """As graph::scaled_width has it."""
    return max(8, round(channels * width / 8) * 8)


def narrow_model(file: pathlib.Path) -> str:
    """The header of a released model with an eighth of the channels: what it computes, in a few KB."""
    header, at, made = header_of(file), 0, {}
    metadata = header.pop("__metadata__")
    options = json.loads(metadata["architecture_options"])
    metadata["architecture_options"] = json.dumps({**options, "width": 0.125})
    size = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8}
    for name, tensor in header.items():
        if "/" in name:  # hashes of images
            continue
        tensor["shape"] = [
            narrow(n) if i < 2 and n >= 16 else n for i, n in enumerate(tensor["shape"])
        ]
        count = 1
        for extent in tensor["shape"]:
            count *= extent
        tensor["data_offsets"] = [at, at := at + count * size[tensor["dtype"]]]
        made[name] = tensor
    return json.dumps({"__metadata__": metadata, **made})


def models() -> dict:
    made = {file.stem: narrow_model(file) for file in sorted(ROOT.glob("models/*.safetensors"))}
    deep = json.loads(made["nano"])
    for key in ("architecture_options", "input", "training", "eight_bit"):
        deep["__metadata__"][key] = '{"a":' + "[" * DEEP + "]" * DEEP + "}"
        made["deep-" + key] = json.dumps(deep)
    return made


def tensors() -> dict:
    def tensor(kind, shape, begin, end):
        return {"dtype": kind, "shape": shape, "data_offsets": [begin, end]}

    kinds = {
        "F64": 8,
        "F32": 4,
        "F16": 2,
        "BF16": 2,
        "I64": 8,
        "I32": 4,
        "I8": 1,
        "U8": 1,
        "BOOL": 1,
    }
    made, at = {}, 0
    for kind, size in kinds.items():
        made[kind] = tensor(kind, [2, 1], at, at := at + 2 * size)
    return {
        "all": safetensors(made, {"format": "pt", "a": "b"}, b"\x01\x00" * (at // 2 + 1))[
            : -(2 - at % 2)
        ],
        "none": safetensors({}, {}),
        "empty": safetensors({"a": tensor("F32", [0, 3], 0, 0)}, {"k": "v"}),
        "scalar": safetensors({"a": tensor("F32", [], 0, 4)}, {}, b"\0\0\x80?"),
    }


def packed() -> dict:
    def set_of(count, votes):
        sizes = {
            "images": ("U8", [count, 48, 48]),
            "labels": ("I64", [count]),
            "splits": ("U8", [count]),
        }
        if votes:
            sizes["votes"] = ("U8", [count, 10])
        at, made = 0, {}
        for name, (kind, shape) in sizes.items():
            size = 8 if kind == "I64" else 1
            for extent in shape:
                size *= extent
            made[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, at := at + size]}
        metadata = {"format": "fer faces 1", "labels": json.dumps(LABELS), "source": "a.csv"}
        return json.dumps({"__metadata__": metadata, **made})

    return {"plain": set_of(2, False), "votes": set_of(3, True)}


def picture_files() -> dict:
    from PIL import Image

    grey = Image.new("L", (9, 7))
    grey.putdata([(i * 37) % 256 for i in range(63)])
    colour = Image.merge("RGB", (grey, grey.transpose(0), grey.transpose(1)))
    exif = Image.Exif()
    exif[0x0112] = 6
    made = {}

    def save(name, picture, kind, **options):
        stream = io.BytesIO()
        try:
            picture.save(stream, kind, **options)
        except (OSError, KeyError, ValueError):  # a codec that this Pillow lacks
            return
        made[name] = stream.getvalue()

    for name, picture in {"grey": grey, "colour": colour}.items():
        save(f"{name}.jpg", picture, "JPEG", exif=exif)
        save(f"{name}-progressive.jpg", picture, "JPEG", progressive=True, quality=60)
        save(f"{name}.png", picture, "PNG", exif=exif)
        save(f"{name}.webp", picture, "WEBP", lossless=True, exif=exif)
        save(f"{name}-lossy.webp", picture, "WEBP", exif=exif)
        save(f"{name}.tif", picture, "TIFF", exif=exif)
        save(f"{name}.bmp", picture, "BMP")
        save(f"{name}.pnm", picture, "PPM")
        save(f"{name}.jp2", picture, "JPEG2000")
        save(f"{name}.j2k", picture, "JPEG2000", no_jp2=True)
        save(f"{name}.gif", picture, "GIF", interlace=name == "grey")
        save(f"{name}.avif", picture, "AVIF")
    save("cmyk.jpg", colour.convert("CMYK"), "JPEG")
    save("alpha.png", colour.convert("RGBA"), "PNG")
    save("palette.png", colour.quantize(5), "PNG", bits=4)
    save("bits.png", grey.convert("1"), "PNG")
    save("deep.png", Image.new("I;16", (5, 4), 40000), "PNG")
    save("moving.gif", grey, "GIF", save_all=True, append_images=[grey.rotate(180)])
    save("thumbnail.tif", colour, "TIFF", compression="tiff_lzw")
    return made


def networks() -> dict:
    """Those that tests hold against ONNX Runtime, and each as somebody's classifier."""
    file = ROOT / "tests/python/onnx_reference.py"
    spec = importlib.util.spec_from_file_location("onnx_reference", file)
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    made = {build.__name__: build().SerializeToString() for build in reference.NETS}
    description = {
        "labels": ["a", "b", None, "c", "d", "e", "f"],
        "size": [40, 32],
        "colour": "rgb",
        "scale": 1,
        "mean": [0.5, 0.4, 0.3],
        "std": 0.25,
        "layout": "nchw",
        "output": "probabilities",
        "output_name": "probabilities",
        "crop_margin": 0.2,
        "temperature": 1.5,
        "licence": "none",
        "data": "somewhere",
    }
    small = dict(sorted(made.items(), key=lambda entry: len(entry[1]))[:6])
    for name, content in small.items():
        made["described-" + name] = json.dumps(description).encode() + b"\0" + content
    made["deep"] = b'{"mean":' + b"[" * DEEP + b"]" * DEEP + b"}\0"
    return made


def video_files() -> dict:
    import cv2
    import numpy

    made = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, code in {
            "a.avi": "MJPG",
            "b.mp4": "mp4v",
            "c.mkv": "mp4v",
            "d.mov": "mp4v",
        }.items():
            path = f"{folder}/{name}"
            writer = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*code), 10, (32, 16))
            for i in range(3):
                writer.write(numpy.full((16, 32, 3), 60 * i, numpy.uint8))
            writer.release()
            content = pathlib.Path(path).read_bytes() if pathlib.Path(path).exists() else b""
            if content:
                made[name] = content
    jpegs = [content for name, content in picture_files().items() if name.endswith(".jpg")]
    made["e.mjpeg"] = b"".join(jpegs[:2])
    part = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n"
    made["f.mpjpeg"] = b"".join(part % (len(jpeg), jpeg) for jpeg in jpegs[:2])
    return made


def requests() -> dict:
    jpeg = picture_files()["grey.jpg"]
    letters = base64.b64encode(jpeg).decode()
    form = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        + jpeg
        + b'\r\n--x\r\nContent-Disposition: form-data; name="top"\r\n\r\n2\r\n--x--\r\n'
    )
    faces = {"name": "faces", "datatype": "UINT8", "shape": [1, 48, 48]}
    tensor = {"id": "7", "inputs": [{**faces, "data": [9] * 2304}], "outputs": [{"name": "labels"}]}
    raw = {
        "inputs": [faces],
        "outputs": [{"name": "probabilities", "parameters": {"binary_data": True}}],
    }
    deepface = {
        "img": letters,
        "actions": ["emotion"],
        "detector_backend": "skip",
        "enforce_detection": False,
    }
    head = json.dumps(raw).encode()
    json_type, form_type = b"application/json", b"multipart/form-data; boundary=x"

    def request(line, kind, body, length=b""):
        return line.encode() + b"\n" + kind + b"\n" + length + b"\n" + body

    def dumped(value):
        return json.dumps(value).encode()

    infer = "POST /v2/models/nano/infer"
    made = {
        "picture": request("POST /v1/predict?top=3&explain=true", b"image/jpeg", jpeg),
        "form": request("POST /v1/predict", form_type, form),
        "crops": request("POST /v1/crops?tta=flip", form_type, form),
        "json": request("POST /v1/predict", json_type, dumped({"picture": letters, "top": 1})),
        "list": request(
            "POST /v1/crops",
            json_type,
            dumped({"pictures": [letters, {"name": "a", "data": letters}]}),
        ),
        "uri": request(
            "POST /v1/predict", json_type, dumped({"picture": "data:image/jpeg;base64," + letters})
        ),
        "infer": request(infer, json_type, dumped(tensor)),
        "raw": request(
            infer, b"application/octet-stream", head + b"\7" * 2304, str(len(head)).encode()
        ),
        "analyze": request("POST /analyze", json_type, dumped(deepface)),
        "analyze-form": request(
            "POST /analyze",
            form_type,
            form.replace(b'name="top"\r\n\r\n2', b'name="actions"\r\n\r\n["emotion"]').replace(
                b'"file"', b'"img"'
            ),
        ),
        "deep": request("POST /v1/predict", json_type, b"[" * DEEP),
        "actions": request(
            "POST /analyze",
            form_type,
            form.replace(b'name="top"\r\n\r\n2', b'name="actions"\r\n\r\n' + b"[" * DEEP),
        ),
        "fields": request(
            "POST /v1/predict?annotate=1&min_confidence=.5&detector=none&model=nano",
            b"Bearer secret",
            b"top=3&tta=flip&model=a%20b",
        ),
    }
    for path in (
        "/",
        "/metrics",
        "/v1/models",
        "/v2",
        "/v2/models/nano",
        "/v2/models/nano/versions/1/ready",
    ):
        made["get" + path.replace("/", "-")] = request("GET " + path, b"", b"")
    return made


def texts() -> dict:
    return {
        "plain": "happy",
        "control": "\x1b[31mred\x07\u202egnp.exe\x00\x9b",
        "address": "rtsp://user:secret@host:554/live?token=abc&x=1 and http://a:b@c/d",
        "path": "../../etc/.hidden/name.jpg",
        "wide": "表情 😀 e\u0301",
        "formula": '=HYPERLINK("a")',
        "base64": "aGFwcHk=\n",
        "markup": "<script>&amp;\"'</script> 57 %",
    }


def configs() -> dict:
    return {
        "kinds": '{\n  // a comment\n  "truth": true, "count": -7, "rate": 0.25, "text": "x", "choice": "auto",\n  "list": ["a", "b"], "width": 0.5, "se": "on"\n}\n',
        "predict": '{"model": ["nano"], "detector": "none", "top": 2, "smooth": 0.5, "align": "on", "format": "jsonl"}',
        "serve": '{"port": 8421, "max_body": 1000, "timeout": 2.5, "log_format": "json", "cors": ["*"], "no_token": true}',
        "former": '{"verity": true}',
        "twice": '{"count": 1, "count": 2}',
        "huge": '{"rate": 1e999, "count": 1e300}',
        "deep": '{"list": ' + "[" * DEEP + "]" * DEEP + "}",
    }


RESULTS = """epoch,train_loss,train_accuracy,val_loss,val_accuracy,val_balanced_accuracy,lr,seconds,images_per_second
1,1.8,0.25,1.7,0.3,0.28,0.01,12.5,2000
2,1.6,0.35,1.65,0.41,0.38,0.005,12.1,2100
"""


def runs() -> dict:
    return {
        "plain": RESULTS + '\0{"monitor": "val_loss", "data": ["a.csv"], "seed": 1}',
        "windows": RESULTS.replace("\n", "\r\n") + "\0{}",
        "numbers": RESULTS.replace("1.7", "nan").replace("2000", "1e300").replace("12.5", "inf"),
        "deep": RESULTS + '\0{"data": ' + "[" * DEEP + "]" * DEEP + "}",
    }


def tables() -> dict:
    fer2013 = {
        "kaggle": "emotion,pixels,Usage\n0,~1 2 3 4,Training\n6,~1 2 3 4,PublicTest\n3,~9 8 7 255,PrivateTest\n",
        "names": '"Emotion", "Usage" ,"Pixels"\r\nhappy,Training,"~0 0 0 0"\r\nSad,PrivateTest,"~1 1 1 1"\r\n',
        "no-usage": "\ufeffemotion,pixels\n2,~1 2 3 4",
        "wrong": "emotion,pixels,Usage\n0,~1 2 3 256,Training\n",
        "own": "emotion,pixels\nboredom,~1 2 3 4\njoy,~1 2 3 4\n",
    }
    names = "neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
    ferplus = {
        "kaggle": f"Usage,Image name,{names}\nTraining,fer0000000.png,4,0,0,1,3,2,0,0,0,0\nPublicTest,,0,10,0,0,0,0,0,0,0,0\n",
        "bare": f"{names}\r\n1,1,1,1,1,1,1,1,1,1\r\n",
    }
    classes = {
        "pairs": "1=surprise,2=fear, 3 = happy",
        "json": '{"1": "surprise", "2": "fear"}',
        "twice": '{"1": "a", "1": "b"}',
        "deep": "{" + '"a":{' * DEEP + "}" * DEEP + "}",
    }
    lists = {
        "two": '{"ensemble": [{"model": "small", "weight": 1}, {"model": "nano", "weight": 0.5}]}',
        "zero": '{"ensemble": [{"model": "a", "weight": 0}, {"model": "b", "weight": 0}]}',
        "deep": '{"ensemble": [{"model": "a", "weight": '
        + "[" * DEEP
        + "]" * DEEP
        + '}, {"model": "b"}]}',
    }
    shards = {
        "lines": '{"source": "a.jpg", "faces": []}\n\0{"source": "b.jpg"}\n',
        "table": '#source,face\na.jpg,1\n"a ""b"".jpg",2\n\0source,face\nb.jpg,1\n',
    }
    piped = {"lines": "a.jpg\nb c.png\n\n", "zeros": "a.jpg\0b\nc.png\0"}
    return {
        "fer2013": fer2013,
        "ferplus": ferplus,
        "class_names": classes,
        "ensemble": lists,
        "names": piped,
        "shards": shards,
    }


def all_seeds() -> dict:
    seeds = {
        "model": models(),
        "safetensors": tensors(),
        "packed": packed(),
        "text": texts(),
        "config": configs(),
        "compare": runs(),
        **tables(),
    }
    for target, make in {
        "picture": picture_files,
        "onnx": networks,
        "request": requests,
        "service": requests,
        "video": video_files,
    }.items():
        try:
            seeds[target] = make()
        except ImportError as error:
            print(f"no seeds for {target}: {error}", file=sys.stderr)
    seeds["names"].update(itertools.islice(seeds.get("picture", {}).items(), 2))
    return seeds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=pathlib.Path, metavar="FOLDER")
    folder = parser.parse_args().folder
    count = 0
    for target, files in all_seeds().items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / target / name).write_bytes(
                content.encode() if isinstance(content, str) else content
            )
            count += 1
    print(f"{count} files in {folder}")


if __name__ == "__main__":
    main()
