"""fer-serve answers as its description says, and as fer-predict does.

serve_test.py PROGRAMS: the folder of fer-serve and fer-predict. Answers are held against openapi.json with
jsonschema where this Python has it.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import math
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

from serve_support import PACE, SCENE, Service, WebSocket, as_base64, form, status_of

PROGRAMS = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/predict/bin").resolve()
LABELS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
TOKEN = "a secret of some length"


def predicted(*words: str) -> dict:
    """What fer-predict says of the scene, but for the file's name."""
    done = subprocess.run(
        [PROGRAMS / "fer-predict", "--format", "jsonl", *words, SCENE],
        capture_output=True,
        check=True,
    )
    line = json.loads(done.stdout)
    del line["source"]
    return line


def without_source(result: dict) -> dict:
    return {key: value for key, value in result.items() if key != "source"}


class ServeTest(unittest.TestCase):
    service: Service

    @classmethod
    def setUpClass(cls) -> None:
        cls.service = Service(PROGRAMS, "--model", "nano", "--model", "seed-cnn", "--threads", "2")
        cls.scene = SCENE.read_bytes()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.service.__exit__()

    def check_problem(self, answer, status: int, *parts: str) -> None:
        self.assertEqual((answer.status, answer.type), (status, "application/problem+json"))
        problem = answer.json()
        self.assertEqual(problem["status"], status)
        for part in parts:
            self.assertIn(part, answer.body.decode())


class Predictions(ServeTest):
    def test_a_picture_is_answered_as_fer_predict_does_to_the_last_digit(self) -> None:
        for words, query in (
            (["--model", "nano"], ""),
            (["--model", "seed-cnn", "--tta", "flip"], "?model=seed-cnn&tta=flip"),
            (["--model", "nano", "--detector", "none"], "?detector=none"),
            (
                ["--model", "nano", "--detector", "none", "--min-confidence", "0.99"],
                "?detector=none&min_confidence=0.99",
            ),
        ):
            with self.subTest(query):
                answer = self.service.post_picture("/v1/predict" + query, self.scene)
                self.assertEqual(answer.status, 200)
                (result,) = answer.json()["results"]
                if (
                    "none" in words
                ):  # what a detector finds in drawings depends on which one is here
                    self.assertEqual(len(result["faces"]), 1)
                self.assertEqual(json.dumps(without_source(result)), json.dumps(predicted(*words)))

    def test_in_another_precision_too(self) -> None:
        with Service(PROGRAMS, "--model", "nano", "--precision", "auto") as service:
            for words, query in (([], ""), (["--detector", "none"], "?detector=none")):
                with self.subTest(query):
                    answer = service.post_picture("/v1/predict" + query, self.scene)
                    (result,) = answer.json()["results"]
                    wanted = predicted("--model", "nano", "--precision", "auto", *words)
                    self.assertEqual(json.dumps(without_source(result)), json.dumps(wanted))

    def test_three_ways_to_send_pictures_give_one_answer(self) -> None:
        (single,) = self.service.post_picture("/v1/predict", self.scene).json()["results"]
        body, kind = form(
            [("a", "one.png", self.scene), ("b", "two.png", self.scene), ("top", None, b"7")]
        )
        several = self.service.ask("POST", "/v1/predict", body, {"Content-Type": kind}).json()[
            "results"
        ]
        self.assertEqual([result["source"] for result in several], ["one.png", "two.png"])
        text = as_base64(self.scene)
        listed = self.service.post_json(
            "/v1/predict",
            {
                "pictures": [text, {"name": "x", "data": "data:image/png;base64," + text}],
                "model": "nano",
            },
        ).json()["results"]
        self.assertEqual([result["source"] for result in listed], ["picture", "x"])
        for result in [*several, *listed]:
            self.assertEqual(without_source(result), without_source(single))

    def test_a_broken_picture_among_others_is_an_error_in_its_place(self) -> None:
        body, kind = form(
            [
                ("a", "broken.png", self.scene[:500]),
                ("b", "whole.png", self.scene),
                ("detector", None, b"none"),
            ]
        )
        answer = self.service.ask("POST", "/v1/predict", body, {"Content-Type": kind})
        self.assertEqual(answer.status, 200)
        broken, whole = answer.json()["results"]
        self.assertIn("broken.png", broken["error"])
        self.assertEqual(len(whole["faces"]), 1)
        alone = self.service.post_picture("/v1/predict", self.scene[:500])
        self.check_problem(alone, 422, "the end of the file is missing")

    def test_top_explain_and_annotate_add_what_they_say(self) -> None:
        query = "/v1/predict?detector=none&top=2&explain=true&annotate=true"
        (result,) = self.service.post_picture(query, self.scene).json()["results"]
        plain = predicted("--model", "nano", "--detector", "none")
        for face, whole in zip(result["faces"], plain["faces"], strict=True):
            best = sorted(whole["probabilities"].values(), reverse=True)[:2]
            self.assertEqual(sorted(face["probabilities"].values(), reverse=True), best)
            png = base64.b64decode(face["explanation"].removeprefix("data:image/png;base64,"))
            self.assertEqual(struct.unpack("!II", png[16:24]), (192, 192))
        jpeg = base64.b64decode(result["annotated"].removeprefix("data:image/jpeg;base64,"))
        self.assertTrue(jpeg.startswith(b"\xff\xd8"))
        picture = self.service.post_picture(
            "/v1/predict?detector=none&annotate=true", self.scene, Accept="image/jpeg"
        )
        self.assertEqual((picture.type, picture.body), ("image/jpeg", jpeg))

    def test_crops_are_the_faces_themselves(self) -> None:
        answer = self.service.post_json("/v1/crops", {"pictures": [as_base64(self.scene)] * 20})
        results = answer.json()["results"]
        self.assertEqual(len(results), 20)
        whole = predicted("--model", "nano", "--detector", "none")
        for result in results:
            self.assertEqual(without_source(result), whole)
        self.check_problem(
            self.service.post_json(
                "/v1/crops", {"picture": as_base64(self.scene), "detector": "haar"}
            ),
            400,
            "none",
        )

    def test_what_is_wrong_is_said_with_its_part_and_what_is_allowed(self) -> None:
        ask = self.service.post_picture
        self.check_problem(ask("/v1/predict?topp=3", self.scene), 400, "did you mean top?")
        self.check_problem(
            ask("/v1/predict?top=0", self.scene), 400, "query parameter top", "1 to 1000"
        )
        self.check_problem(
            ask("/v1/predict?tta=x", self.scene), 400, "none, flip, shifts, ten-crop"
        )
        self.check_problem(ask("/v1/predict?model=x", self.scene), 404, "nano, seed-cnn")
        self.check_problem(ask("/v1/predict?detector=x", self.scene), 400, "auto, ", "none")
        self.check_problem(ask("/v1/predict", b"no picture"), 422, "JPEG, PNG")
        self.check_problem(ask("/v1/predict", self.scene, "text/plain"), 415, "image/*")
        self.check_problem(self.service.ask("GET", "/v1/predict"), 405, "POST")
        self.check_problem(self.service.ask("GET", "/v1/nothing"), 404, "/openapi.json")
        self.check_problem(self.service.ask("GET", "/v1/stream"), 426, "websocket")
        self.check_problem(self.service.post_json("/v1/predict", {}), 400, "no picture")
        self.check_problem(self.service.post_json("/v1/predict", [1]), 400, "a list")
        self.check_problem(self.service.post_json("/v1/predict", {"picture": "%%%"}), 400, "base64")
        broken = {"Content-Type": "application/json"}
        self.check_problem(self.service.ask("POST", "/v1/predict", b'{"a', broken), 400, "no JSON")
        deep = b"[" * 1000 + b"]" * 1000
        self.check_problem(self.service.ask("POST", "/v1/predict", deep, broken), 400, "16 levels")

    def test_paths_and_addresses_of_clients_are_not_read(self) -> None:
        for place in (
            "/etc/passwd",
            "../secret.png",
            "http://127.0.0.1/a.png",
            "file:///etc/passwd",
        ):
            for path, field in (("/v1/predict", "picture"), ("/analyze", "img")):
                with self.subTest(place=place, path=path):
                    request = (
                        {field: place, "actions": ["emotion"]} if field == "img" else {field: place}
                    )
                    answer = self.service.post_json(path, request)
                    self.check_problem(answer, 400, "paths and addresses are not read")


class OtherInterfaces(ServeTest):
    def infer(self, request: dict, **headers: str):
        return self.service.post_json("/v2/models/nano/infer", request, **headers)

    def test_kserve_clients_find_what_they_look_for(self) -> None:
        for path in (
            "/v2/health/live",
            "/v2/health/ready",
            "/v2/models/nano/ready",
            "/v2/models/nano/versions/1/ready",
        ):
            self.assertEqual(self.service.ask("GET", path).status, 200)
        self.assertEqual(self.service.ask("GET", "/v2").json()["name"], "fer-serve")
        model = self.service.ask("GET", "/v2/models/seed-cnn").json()
        self.assertEqual(
            model["inputs"], [{"name": "faces", "datatype": "UINT8", "shape": [-1, 48, 48]}]
        )
        self.assertEqual(model["outputs"][0]["shape"], [-1, 7])
        self.assertEqual(model["parameters"]["labels"], LABELS)
        self.check_problem(self.service.ask("GET", "/v2/models/none"), 404, "nano, seed-cnn")

    def test_kserve_infers_the_same_from_flat_nested_and_raw_data(self) -> None:
        face = bytes((x * y) % 251 for y in range(48) for x in range(48))
        flat = {"name": "faces", "datatype": "UINT8", "shape": [2, 48, 48], "data": list(face) * 2}
        rows = [list(face[y * 48 : (y + 1) * 48]) for y in range(48)]
        nested = {**flat, "shape": [2, 1, 48, 48], "data": [[rows], [rows]]}
        answer = self.infer({"id": "7", "inputs": [flat]}).json()
        self.assertEqual((answer["id"], answer["model_name"]), ("7", "nano"))
        (output,) = answer["outputs"]
        self.assertEqual((output["name"], output["shape"]), ("probabilities", [2, 7]))
        self.assertEqual(output["data"][:7], output["data"][7:])
        self.assertAlmostEqual(sum(output["data"]), 2.0, places=6)
        self.assertEqual(self.infer({"inputs": [nested]}).json()["outputs"], answer["outputs"])

        words = json.dumps(
            {
                "inputs": [{**flat, "data": None, "parameters": {"binary_data_size": 4608}}],
                "outputs": [
                    {"name": "probabilities", "parameters": {"binary_data": True}},
                    {"name": "labels"},
                ],
            }
        )
        words = words.replace('"data": null, ', "").encode()
        raw = self.service.ask(
            "POST",
            "/v2/models/nano/infer",
            words + face * 2,
            {
                "Content-Type": "application/octet-stream",
                "Inference-Header-Content-Length": str(len(words)),
            },
        )
        self.assertEqual(raw.status, 200, raw.body)
        size = int(raw.headers["Inference-Header-Content-Length"])
        head, numbers = json.loads(raw.body[:size]), struct.unpack("<14f", raw.body[size:])
        self.assertEqual(
            [output["name"] for output in head["outputs"]], ["probabilities", "labels"]
        )
        for ours, theirs in zip(numbers, output["data"], strict=True):
            self.assertAlmostEqual(ours, theirs, places=6)
        best = LABELS[max(range(7), key=lambda i: numbers[i])]
        self.assertEqual(head["outputs"][1]["data"], [best, best])

    def test_kserve_says_what_of_a_tensor_is_wrong(self) -> None:
        good = {"name": "faces", "datatype": "UINT8", "shape": [1, 48, 48], "data": [0] * 2304}
        for change, part in (
            ({"name": "x"}, "inputs[0].name"),
            ({"datatype": "FP32"}, "UINT8"),
            ({"shape": [1, 64, 64]}, "[N,48,48]"),
            ({"shape": [2, 48, 48]}, "4608 grey levels"),
            ({"data": [0.5] * 2304}, "whole numbers"),
            ({"data": [256] * 2304}, "0 to 255"),
            ({"data": "x"}, "a list"),
        ):
            with self.subTest(part):
                self.check_problem(self.infer({"inputs": [{**good, **change}]}), 400, part)
        self.check_problem(
            self.infer({"inputs": [{**good, "shape": [1 << 40, 48, 48]}]}), 413, "1 to"
        )
        self.check_problem(self.infer({"inputs": []}), 400, "one input")

    def test_analyze_answers_as_deepface_does(self) -> None:
        image = "data:image/png;base64," + as_base64(self.scene)
        request = {"img": image, "actions": ["emotion"], "detector_backend": "skip"}
        answer = self.service.post_json("/analyze", request)
        self.assertEqual(len(answer.json()["results"]), 1)
        plain = predicted("--model", "nano", "--detector", "none")["faces"]
        for ours, face in zip(answer.json()["results"], plain, strict=True):
            self.assertEqual(list(ours["emotion"]), LABELS)
            self.assertAlmostEqual(sum(ours["emotion"].values()), 100.0, places=4)
            self.assertEqual(ours["dominant_emotion"], face["label"])
            self.assertEqual([ours["region"][key] for key in "xywh"], face["box"])
        body, kind = form(
            [
                ("img", "a.png", self.scene),
                ("actions", None, b'["emotion"]'),
                ("detector_backend", None, b"skip"),
            ]
        )
        posted = self.service.ask("POST", "/analyze", body, {"Content-Type": kind})
        self.assertEqual(posted.json(), answer.json())
        for wrong, part in (
            ({"img": image}, "age, gender and race are not served"),
            ({"img": image, "actions": ["emotion", "age"]}, "age, gender and race are not served"),
            ({"img": image, "actions": ["emotion"], "detector_backend": "retinaface"}, "opencv"),
            ({"img": image, "actions": ["emotion"], "anti_spoofing": True}, "anti-spoofing"),
        ):
            self.check_problem(self.service.post_json("/analyze", wrong), 400, part)

    def test_metrics_count_what_was_asked(self) -> None:
        before = self.service.metrics()
        self.service.post_picture("/v1/predict?detector=none", self.scene)
        after = self.service.metrics()
        name = 'fer_requests_total{route="/v1/predict",code="200"}'
        self.assertEqual(after[name], before.get(name, 0) + 1)
        for stage in ("read", "wait", "decode", "detect"):
            key = f'fer_stage_seconds_count{{stage="{stage}"}}'
            self.assertEqual(after[key], before[key] + 1)
        faces = sum(v for k, v in after.items() if k.startswith("fer_faces_total"))
        self.assertGreater(faces, 0)
        while after["fer_queue_length"] or after["fer_held_body_bytes"]:
            after = self.service.metrics()  # places are given back just after the answer
        self.assertGreater(after["process_resident_memory_bytes"], 10e6)

    def test_the_page_loads_nothing_from_elsewhere(self) -> None:
        page = self.service.ask("GET", "/")
        self.assertEqual(page.type, "text/html")
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        texts = [page.body.decode()]
        for path in ("main.js", "style.css"):
            part = self.service.ask("GET", "/page/" + path)
            self.assertEqual(part.status, 200)
            texts.append(part.body.decode())
        for text in texts:
            self.assertNotRegex(text, r"""(src|href)\s*=\s*["']?(https?:)?//""")
            self.assertNotRegex(text, r"""(import|from|fetch\(|url\()\s*["']?https?:""")

    def test_head_has_the_headers_alone(self) -> None:
        whole, head = (self.service.ask(method, "/v1/models") for method in ("GET", "HEAD"))
        self.assertEqual(head.body, b"")
        self.assertEqual(head.headers["Content-Length"], whole.headers["Content-Length"])

    def test_a_class_has_one_colour_in_reports_pictures_and_the_page(self) -> None:
        (model, *_) = json.loads(self.service.ask("GET", "/v1/models").body)["models"]
        colours = dict(zip(model["labels"], model["colours"], strict=True))
        # Those of core/class_colours.cpp.
        self.assertEqual(colours["happy"], {"on_white": "#be7800", "on_dark": "#ffd73c"})
        self.assertEqual(colours["sad"], {"on_white": "#0077bb", "on_dark": "#50aaff"})
        for part in ("style.css", "colours.js", "view.js"):
            text = self.service.ask("GET", "/page/" + part).body.decode()
            for colour in model["colours"]:
                self.assertNotIn(colour["on_dark"], text)

    def test_answers_come_one_after_another_on_one_connection(self) -> None:
        connection = self.service.connection()
        for _ in range(3):
            connection.request("POST", "/v1/predict", self.scene, {"Content-Type": "image/png"})
            self.assertEqual(len(json.loads(connection.getresponse().read())["results"]), 1)
        connection.close()
        with self.service.raw(b"GET /v2 HTTP/1.1\r\nHost: x\r\n\r\n" * 5) as raw:
            text = b""
            while text.count(b"binary_tensor_data") < 5:
                text += raw.recv(65536)
            self.assertEqual(text.count(b"HTTP/1.1 200 OK"), 5)


class Streams(ServeTest):
    def test_faces_of_a_stream_get_numbers_and_keep_them(self) -> None:
        with WebSocket(self.service, "/v1/stream?model=nano&detector=none") as stream:
            self.assertEqual(stream.status, 101)
            answers = []
            for _ in range(4):
                stream.send(self.scene)
                answers.append(stream.receive_json())
            self.assertEqual([answer["frame"] for answer in answers], [0, 1, 2, 3])
            tracks = [answer["faces"][0]["track"] for answer in answers]
            self.assertEqual(tracks, [None, 1, 1, 1])
            self.assertEqual({answer["dropped"] for answer in answers}, {0})
            stream.send(json.dumps({"model": "seed-cnn"}))
            self.assertEqual(stream.receive_json(), {"ready": True})
            stream.send(self.scene)
            self.assertEqual(stream.receive_json()["model"], "seed-cnn")
            stream.send(json.dumps({"model": "none"}))
            self.assertEqual(stream.receive_json()["problem"]["status"], 404)
            stream.send(b"no picture")
            self.assertIn("error", stream.receive_json())
            stream.send("no json")
            self.assertEqual(stream.receive_json()["problem"]["status"], 400)

    def test_of_frames_that_wait_the_oldest_is_dropped(self) -> None:
        with WebSocket(self.service, "/v1/stream") as stream:
            for _ in range(30):
                stream.send(self.scene)
            answered = dropped = 0
            while answered + dropped < 30:
                answer = stream.receive_json()
                answered += 1
                dropped += answer["dropped"]
            self.assertEqual(answered + dropped, 30)
            self.assertGreater(dropped, 0)

    def test_streams_are_counted_and_bounded(self) -> None:
        with Service(PROGRAMS, "--streams", "1", "--idle-timeout", "1") as service:
            with WebSocket(service, "/v1/stream") as first, WebSocket(
                service, "/v1/stream"
            ) as second:
                self.assertEqual((first.status, second.status), (101, 503))
                with self.assertRaises((EOFError, ConnectionResetError)):
                    first.close_code()  # it ends by itself, for want of frames
                    raise EOFError


NEEDED = ("numpy", "onnx", "onnxruntime", "PIL", "safetensors")


@unittest.skipUnless(all(map(importlib.util.find_spec, NEEDED)), "needs " + ", ".join(NEEDED))
class ModelsOfOthers(unittest.TestCase):
    def test_faces_are_cut_as_each_model_wants_them(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            build = pathlib.Path(__file__).with_name("third_party_models.py")
            subprocess.run([sys.executable, build, "build", folder], check=True)
            models = ["nano"]
            for net in sorted(folder.glob("*.onnx")):
                models.append(str(net.with_suffix(".safetensors")))
                words = ["import", net, "--spec", net.with_suffix(".json"), "--output", models[-1]]
                subprocess.run([PROGRAMS / "fer-model", *words], check=True, capture_output=True)
            self.assertEqual(len(models), 4)
            both = folder / "both.json"
            parts = [{"model": pathlib.Path(model).stem} for model in models[1:3]]
            both.write_text(json.dumps({"ensemble": parts}))
            models.append(str(both))
            words = [word for model in models for word in ("--model", model)]
            with Service(PROGRAMS, *words, "--threads", "2") as service:
                for model in models:
                    with self.subTest(model):
                        self.check_model(service, model)

    def check_model(self, service: Service, model: str) -> None:
        options = f"model={pathlib.Path(model).stem}&detector=none"
        wanted = predicted("--model", model, "--detector", "none")
        answer = service.post_picture(f"/v1/predict?{options}&tta=none", SCENE.read_bytes())
        (result,) = answer.json()["results"]
        self.assertEqual(len(result["faces"]), 1)
        self.assertEqual(json.dumps(without_source(result)), json.dumps(wanted))
        flipped = service.post_picture(f"/v1/predict?{options}&tta=flip", SCENE.read_bytes())
        self.assertEqual(
            json.dumps(without_source(flipped.json()["results"][0])),
            json.dumps(predicted("--model", model, "--detector", "none", "--tta", "flip")),
        )
        with WebSocket(service, f"/v1/stream?{options}") as stream:
            stream.send(SCENE.read_bytes())
            (face,) = stream.receive_json()["faces"]
            self.assertEqual(face["probabilities"], wanted["faces"][0]["probabilities"])


def write_colour_model(path: pathlib.Path, side: int) -> None:
    """A seed-cnn of random weights that takes faces of red, green and blue."""
    draw = random.Random(5)
    shapes = {"dense.weight": [128, 128 * (side // 8) ** 2], "logits.weight": [7, 128]}
    shapes.update({"dense.bias": [128], "logits.bias": [7]})
    for number, (inputs, outputs) in enumerate(((3, 32), (32, 64), (64, 128)), 1):
        shapes[f"conv{number}.weight"] = [outputs, inputs, 3, 3]
        shapes[f"conv{number}.bias"] = [outputs]
    spec = {"side": side, "channels": 3, "mean": 0.5, "deviation": 0.2}
    spec["other_channels"] = [{"mean": 0.4, "deviation": 0.3}, {"mean": 0.3, "deviation": 0.1}]
    metadata = {"format_version": "1", "architecture": "seed-cnn", "labels": json.dumps(LABELS)}
    metadata.update({"input": json.dumps(spec), "training": "{}", "licence": "", "creator": ""})
    header, weights = {"__metadata__": metadata}, b""
    for name, shape in shapes.items():
        spread = (2 / math.prod(shape[1:])) ** 0.5 if len(shape) > 1 else 0.0
        numbers = [draw.gauss(0, spread) for _ in range(math.prod(shape))]
        begin = len(weights)
        weights += struct.pack(f"<{len(numbers)}f", *numbers)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, len(weights)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + weights)


class Colours(unittest.TestCase):
    def test_a_model_of_colours_gets_them_by_every_way(self) -> None:
        side = 16
        draw = random.Random(7)
        face = bytes(draw.randrange(256) for _ in range(side * side * 3))
        picture = f"P6 {side} {side} 255\n".encode() + face
        with tempfile.TemporaryDirectory() as folder:
            model = pathlib.Path(folder) / "colours.safetensors"
            write_colour_model(model, side)
            (pathlib.Path(folder) / "face.ppm").write_bytes(picture)
            said = subprocess.run(
                [PROGRAMS / "fer-predict", "--format", "jsonl", "--detector", "none"]
                + ["--model", model, pathlib.Path(folder) / "face.ppm"],
                capture_output=True,
                check=True,
            )
            expected = json.loads(said.stdout)["faces"][0]["probabilities"]
            with Service(PROGRAMS, "--model", str(model)) as service:
                told = service.ask("GET", "/v2/models/colours").json()["inputs"]
                self.assertEqual(told[0]["shape"], [-1, side, side, 3])
                tensor = {"name": "faces", "datatype": "UINT8", "shape": [1, side, side, 3]}
                answer = service.post_json(
                    "/v2/models/colours/infer", {"inputs": [{**tensor, "data": list(face)}]}
                )
                data = answer.json()["outputs"][0]["data"]
                for label, number in zip(LABELS, data, strict=True):
                    self.assertAlmostEqual(number, expected[label], places=6)
                # Red and blue exchanged are another face.
                other = bytes(face[i - i % 3 + 2 - i % 3] for i in range(len(face)))
                answer = service.post_json(
                    "/v2/models/colours/infer", {"inputs": [{**tensor, "data": list(other)}]}
                )
                self.assertNotAlmostEqual(answer.json()["outputs"][0]["data"][0], data[0], places=3)
                wrong = {**tensor, "shape": [1, 48, 48], "data": [0] * 2304}
                refused = service.post_json("/v2/models/colours/infer", {"inputs": [wrong]})
                self.assertEqual(refused.status, 400)
                self.assertIn("[N,16,16,3]", refused.body.decode())


class Access(unittest.TestCase):
    def test_a_token_is_asked_for_and_health_is_not(self) -> None:
        picture = SCENE.read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "token")
            file.write_text(TOKEN + "\n")
            for words, variable in (
                (["--token-file", str(file)], {}),
                ([], {"FER_SERVE_TOKEN": TOKEN}),
            ):
                with Service(PROGRAMS, *words, **variable) as service:
                    for path in ("/", "/v2/health/live", "/v2/health/ready", "/openapi.json"):
                        self.assertEqual(service.ask("GET", path).status, 200)
                    for given in (
                        None,
                        "Bearer ",
                        "Bearer " + TOKEN[:-1],
                        "Bearer " + TOKEN + "x",
                        "Basic " + TOKEN,
                    ):
                        headers = {} if given is None else {"Authorization": given}
                        answer = service.ask("GET", "/metrics", None, headers)
                        self.assertEqual(
                            (answer.status, answer.type), (401, "application/problem+json")
                        )
                        self.assertIn("Bearer", answer.headers["WWW-Authenticate"])
                        self.assertEqual(
                            service.post_picture("/v1/predict", picture, **headers).status, 401
                        )
                    right = {"Authorization": "bearer " + TOKEN}
                    self.assertEqual(
                        service.post_picture("/v1/predict", picture, **right).status, 200
                    )
                    with WebSocket(service, "/v1/stream") as stream:
                        stream.send(picture)
                        self.assertEqual(stream.close_code(), 1008)
                    with WebSocket(service, "/v1/stream") as stream:
                        stream.send(json.dumps({"token": TOKEN, "detector": "none"}))
                        self.assertEqual(stream.receive_json(), {"ready": True})
                        stream.send(picture)
                        self.assertEqual(len(stream.receive_json()["faces"]), 1)
                    with WebSocket(service, "/v1/stream", **right) as stream:
                        stream.send(picture)
                        self.assertIn("faces", stream.receive_json())
                    self.assertEqual(service.end(), 0)
                    self.assertNotIn(TOKEN, "\n".join(service.access_log() + service.notices))

    def test_a_network_is_not_served_without_a_token_by_mistake(self) -> None:
        done = subprocess.run(
            [PROGRAMS / "fer-serve", "--address", "0.0.0.0", "--port", "0"],
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual(done.returncode, 2)
        for part in ("--address 0.0.0.0", "--token-file", "--no-token", "FER_SERVE_TOKEN"):
            self.assertIn(part, done.stderr)
        with Service(PROGRAMS, "--address", "0.0.0.0", "--no-token") as service:
            service.host = "127.0.0.1"
            self.assertEqual(service.ask("GET", "/v2").status, 200)

    def test_pages_of_other_hosts_ask_only_where_they_may(self) -> None:
        picture = SCENE.read_bytes()
        with Service(PROGRAMS, "--cors", "https://friend.example") as service:
            own = f"http://{service.host}:{service.port}"
            for origin, status in (
                (own, 200),
                ("https://friend.example", 200),
                ("https://other.example", 403),
            ):
                answer = service.post_picture("/v1/predict", picture, Origin=origin)
                self.assertEqual(answer.status, status)
                listed = origin == "https://friend.example"
                self.assertEqual(
                    answer.headers["Access-Control-Allow-Origin"], origin if listed else None
                )
                with WebSocket(service, "/v1/stream", Origin=origin) as stream:
                    self.assertEqual(stream.status, 101 if status == 200 else 403)
            asked = {"Origin": "https://friend.example", "Access-Control-Request-Method": "POST"}
            preflight = service.ask("OPTIONS", "/v1/predict", None, asked)
            self.assertEqual(preflight.status, 204)
            self.assertIn("POST", preflight.headers["Access-Control-Allow-Methods"])


class Life(unittest.TestCase):
    def test_sighup_loads_models_anew_and_loses_no_request(self) -> None:
        picture = SCENE.read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            model = pathlib.Path(folder, "mine.safetensors")
            source = pathlib.Path(__file__).resolve().parents[2] / "models"
            shutil.copy(source / "seed-cnn.safetensors", model)
            with Service(PROGRAMS, "--model", str(model), "--threads", "2") as service:
                query = "/v1/predict?detector=none"
                first = service.post_picture(query, picture).json()["results"][0]["faces"]
                statuses: list[int] = []
                asking = threading.Event()

                def ask() -> None:
                    while not asking.is_set():
                        statuses.append(service.post_picture(query, picture).status)

                clients = [threading.Thread(target=ask) for _ in range(4)]
                for client in clients:
                    client.start()
                replaced = model.with_suffix(".new")
                shutil.copy(source / "nano.safetensors", replaced)
                replaced.rename(model)
                for times in range(1, 4):
                    service.kill(signal.SIGHUP)
                    service.wait_for("loaded anew: mine", times)
                asking.set()
                for client in clients:
                    client.join()
                self.assertEqual(set(statuses), {200})
                second = service.post_picture(query, picture).json()["results"][0]["faces"]
                self.assertNotEqual(first, second)
                model.write_bytes(b"broken")
                service.kill(signal.SIGHUP)
                service.wait_for("the models stay as they were")
                again = service.post_picture(query, picture).json()["results"][0]["faces"]
                self.assertEqual(again, second)
                self.assertEqual(service.end(), 0)

    def test_sigterm_ends_with_what_was_under_way_answered(self) -> None:
        body, kind = form([(str(i), f"{i}.png", SCENE.read_bytes()) for i in range(40)])
        patient = ("--timeout", str(30 * PACE), "--drain", str(30 * PACE))
        with Service(PROGRAMS, "--threads", "1", *patient) as service:
            answers: list = []
            headers = {"Content-Type": kind}
            client = threading.Thread(
                target=lambda: answers.append(service.ask("POST", "/v1/predict", body, headers))
            )
            client.start()
            while service.metrics()["fer_queue_length"] == 0 and not answers:
                pass
            with service.raw() as idle:
                self.assertEqual(service.end(), 0)
                self.assertEqual(status_of(idle), 0)
            client.join()
            self.assertEqual((answers[0].status, len(answers[0].json()["results"])), (200, 40))
            self.assertIn("POST /v1/predict 200", "\n".join(service.access_log()))

    def test_a_second_signal_does_not_wait(self) -> None:
        body, kind = form([(str(i), f"{i}.png", SCENE.read_bytes()) for i in range(64)])
        with Service(PROGRAMS, "--threads", "1") as service:
            with service.raw(
                f"POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            ):
                while service.metrics()["fer_queue_length"] == 0:
                    pass
                service.kill(signal.SIGTERM)
                service.wait_for("ending")
                self.assertEqual(service.end(), 1)

    def test_sigint_is_told_by_the_exit_code(self) -> None:
        with Service(PROGRAMS) as service:
            self.assertEqual(service.end(signal.SIGINT), 130)

    def test_the_access_log_has_a_line_a_request_and_no_query(self) -> None:
        with Service(PROGRAMS, "--log-format", "json") as service:
            service.ask("GET", "/v2?secret=1")
            service.ask("GET", "/nothing%20here")
            service.end()
            first, second = map(json.loads, service.access_log())
            self.assertEqual((first["method"], first["path"], first["status"]), ("GET", "/v2", 200))
            self.assertEqual((second["path"], second["status"]), ("/nothing here", 404))
            self.assertGreater(first["sent"], 0)

    def test_a_busy_port_is_an_error(self) -> None:
        with Service(PROGRAMS) as service:
            done = subprocess.run(
                [PROGRAMS / "fer-serve", "--port", str(service.port)],
                capture_output=True,
                text=True,
                timeout=60,
            )
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"port {service.port}", done.stderr)


@unittest.skipUnless(importlib.util.find_spec("jsonschema"), "needs jsonschema")
class Description(ServeTest):
    """openapi.json says what is answered."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.document = cls.service.ask("GET", "/openapi.json").json()

    def check(self, answer, path: str, method: str) -> None:
        from jsonschema import Draft202012Validator

        responses = self.document["paths"][path][method]["responses"]
        self.assertIn(str(answer.status), responses, f"{method} {path}")
        content = responses[str(answer.status)].get("content", {})
        self.assertIn(answer.type, content)
        if not answer.type.endswith("json"):
            return
        schema = {**content[answer.type]["schema"], "components": self.document["components"]}
        Draft202012Validator(schema).validate(answer.json())

    def check_request(self, name: str, value: object) -> None:
        from jsonschema import Draft202012Validator

        schema = {"$ref": f"#/components/schemas/{name}", "components": self.document["components"]}
        Draft202012Validator(schema).validate(value)

    def test_every_answer_is_as_described(self) -> None:
        asked = set()

        def look(method: str, path: str, named: str = "", **more: object) -> None:
            answer = self.service.ask(method, path, **more)
            self.check(answer, named or path.split("?")[0], method.lower())
            asked.add((named or path.split("?")[0], method.lower()))

        png = {"Content-Type": "image/png"}
        for query in ("", "?detector=none&top=2&explain=true&annotate=true", "?top=x", "?model=x"):
            look("POST", "/v1/predict" + query, body=self.scene, headers=png)
        look("POST", "/v1/predict", body=b"x", headers=png)
        look("POST", "/v1/predict", body=b"x", headers={"Content-Type": "text/plain"})
        look("POST", "/v1/crops", body=self.scene, headers=png)
        look("GET", "/v1/stream")
        body, kind = form([("a", "a.png", b"broken"), ("b", "b.png", self.scene)])
        look("POST", "/v1/predict", body=body, headers={"Content-Type": kind})
        for path in (
            "/v1/models",
            "/v2",
            "/v2/health/live",
            "/v2/health/ready",
            "/metrics",
            "/openapi.json",
            "/",
        ):
            look("GET", path)
        for model in ("nano", "none"):
            look("GET", f"/v2/models/{model}", "/v2/models/{model}")
            look("GET", f"/v2/models/{model}/ready", "/v2/models/{model}/ready")
        json_type = {"Content-Type": "application/json"}
        infer = {
            "inputs": [
                {"name": "faces", "datatype": "UINT8", "shape": [1, 48, 48], "data": [9] * 2304}
            ]
        }
        self.check_request("InferRequest", infer)
        for request in (infer, {}):
            look(
                "POST",
                "/v2/models/nano/infer",
                "/v2/models/{model}/infer",
                body=json.dumps(request).encode(),
                headers=json_type,
            )
        analyze = {
            "img": as_base64(self.scene),
            "actions": ["emotion"],
            "detector_backend": "skip",
        }
        self.check_request("AnalyzeRequest", analyze)
        for request in (analyze, {"img": "x"}):
            look("POST", "/analyze", body=json.dumps(request).encode(), headers=json_type)
        everything = {
            (path, method) for path, item in self.document["paths"].items() for method in item
        }
        self.assertEqual(asked, everything)

    def test_stream_answers_are_as_described(self) -> None:
        with WebSocket(self.service, "/v1/stream") as stream:
            for message in (self.scene, self.scene, b"x", "{}", "x"):
                stream.send(message)
                self.check_request("StreamAnswer", stream.receive_json())


if __name__ == "__main__":
    unittest.main()
