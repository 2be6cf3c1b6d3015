"""Third-party clients talk to fer-serve: NVIDIA's tritonclient by the Open Inference Protocol, and requests as
deepface's users send them.

serve_clients_test.py PROGRAMS: the folder of fer-serve. tritonclient is looked for in this interpreter, then in
.deps/serve-venv (scripts/check_all.sh --only serve-clients makes it); without it its part is skipped.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import pathlib
import sys
import unittest
import urllib.error
import urllib.request

from serve_support import ROOT, SCENE, Service, form

OWN = ROOT / ".deps" / "serve-venv" / "bin" / "python"
if importlib.util.find_spec("tritonclient") is None and OWN.is_file():
    if pathlib.Path(sys.prefix) != OWN.parents[1]:
        os.execv(OWN, [OWN, *sys.argv])
TRITON = importlib.util.find_spec("tritonclient") is not None

PROGRAMS = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/predict/bin").resolve()
FACE = SCENE.with_name("drawn-face.png").read_bytes()
LABELS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]


class ClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.service = cls.enterClassContext(Service(PROGRAMS, "--model", "nano", "--threads", "2"))
        cls.address = f"{cls.service.host}:{cls.service.port}"

    @classmethod
    def tearDownClass(cls) -> None:
        assert cls.service.end() == 0


@unittest.skipUnless(TRITON, "tritonclient is not installed")
class Triton(ClientTest):
    def setUp(self) -> None:
        import numpy
        import tritonclient.http as triton

        self.triton, self.numpy = triton, numpy
        self.client = triton.InferenceServerClient(self.address, concurrency=4)
        self.addCleanup(self.client.close)
        self.faces = numpy.random.default_rng(1).integers(0, 256, (5, 48, 48), dtype=numpy.uint8)

    def given(self, faces, binary: bool):
        tensor = self.triton.InferInput("faces", list(faces.shape), "UINT8")
        tensor.set_data_from_numpy(faces, binary_data=binary)
        return [tensor]

    def wanted(self, *names: str, binary: bool):
        return [self.triton.InferRequestedOutput(name, binary_data=binary) for name in names]

    def test_it_finds_the_server_and_its_model(self) -> None:
        self.assertTrue(self.client.is_server_live())
        self.assertTrue(self.client.is_server_ready())
        self.assertTrue(self.client.is_model_ready("nano"))
        self.assertTrue(self.client.is_model_ready("nano", "1"))
        self.assertFalse(self.client.is_model_ready("no-such"))
        self.assertEqual(self.client.get_server_metadata()["name"], "fer-serve")
        model = self.client.get_model_metadata("nano")
        self.assertEqual(model["inputs"][0]["datatype"], "UINT8")
        self.assertEqual(model["inputs"][0]["shape"], [-1, 48, 48])
        with self.assertRaises(self.triton.InferenceServerException):
            self.client.get_model_metadata("no-such")

    def test_bytes_and_json_in_and_out_give_one_answer(self) -> None:
        answers = []
        names = [out["name"] for out in self.client.get_model_metadata("nano")["outputs"]]
        for sent in (True, False):
            for received in (True, False):
                result = self.client.infer(
                    "nano",
                    self.given(self.faces, sent),
                    outputs=self.wanted(*names, binary=received),
                    request_id="seven",
                )
                self.assertEqual(result.get_response()["id"], "seven")
                for name in names:
                    as_bytes = "binary_data_size" in result.get_output(name).get("parameters", {})
                    self.assertEqual(as_bytes, received)
                answers.append({name: result.as_numpy(name) for name in names})
        shares = answers[0]["probabilities"]
        self.assertEqual((shares.shape, shares.dtype), ((5, 7), self.numpy.float32))
        self.assertLess(abs(shares.sum(axis=1) - 1).max(), 1e-5)
        words = [word.decode() for word in answers[0]["labels"]]
        self.assertEqual(words, [LABELS[i] for i in shares.argmax(axis=1)])
        for answer in answers[1:]:
            self.assertTrue((answer["probabilities"] == shares).all())
            self.assertEqual(
                [getattr(w, "decode", lambda w=w: w)() for w in answer["labels"]], words
            )

    def test_what_it_does_not_name_it_gets(self) -> None:
        result = self.client.infer("nano", self.given(self.faces, True), model_version="1")
        self.assertEqual(result.as_numpy("probabilities").shape, (5, 7))
        self.assertEqual(result.get_response()["model_name"], "nano")

    def test_many_at_once_get_their_own(self) -> None:
        alone = [
            self.client.infer("nano", self.given(face[None], True)).as_numpy("probabilities")
            for face in self.faces
        ]
        waiting = [
            (i % 5, self.client.async_infer("nano", self.given(self.faces[i % 5][None], True)))
            for i in range(40)
        ]
        for i, request in waiting:
            shares = request.get_result().as_numpy("probabilities")
            self.assertLess(abs(shares - alone[i]).max(), 1e-5)

    def test_it_is_told_what_is_wrong(self) -> None:
        wrong = self.numpy.zeros((1, 64, 64), self.numpy.uint8)
        with self.assertRaisesRegex(self.triton.InferenceServerException, "48"):
            self.client.infer("nano", self.given(wrong, True))


class Deepface(ClientTest):
    """The requests of deepface's own documentation and tests, but for what is not served."""

    def post(self, body: bytes, kind: str) -> tuple[int, dict]:
        request = urllib.request.Request(
            f"http://{self.address}/analyze", data=body, headers={"Content-Type": kind}
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def check(self, answer: tuple[int, dict]) -> None:
        status, result = answer
        self.assertEqual(status, 200, result)
        self.assertEqual(len(result["results"]), 1)
        for face in result["results"]:
            self.assertEqual(face["dominant_emotion"], "happy")
            self.assertEqual(set(face["emotion"]), set(LABELS))
            self.assertAlmostEqual(sum(face["emotion"].values()), 100, places=3)
            self.assertEqual(set(face["region"]), {"x", "y", "w", "h", "left_eye", "right_eye"})
            self.assertIsInstance(face["face_confidence"], float)

    def test_base64_in_json(self) -> None:
        encoded = "data:image/png;base64," + base64.b64encode(FACE).decode("utf8")
        for more in ({}, {"enforce_detection": False, "align": True, "silent": True}):
            body = {"img": encoded, "actions": ["emotion"], "detector_backend": "skip", **more}
            self.check(self.post(json.dumps(body).encode(), "application/json"))

    def test_a_file_in_a_form(self) -> None:
        for actions in (b'["emotion"]', b"['emotion']", b"emotion", b"(emotion)"):
            with self.subTest(actions):
                parts = [("img", "test_image.png", FACE), ("actions", None, actions),
                         ("detector_backend", None, b"skip"), ("enforce_detection", None, b"false")]  # fmt: skip
                self.check(self.post(*form(parts)))

    def test_what_would_read_files_or_do_more_is_refused_with_400(self) -> None:
        encoded = "data:image/png;base64," + base64.b64encode(FACE).decode()
        for body in (
            {"img": "dataset/img1.jpg", "actions": ["emotion"]},
            {"img": "/etc/passwd", "actions": ["emotion"]},
            {"img": "https://github.com/a/b/couple.jpg?raw=true", "actions": ["emotion"]},
            {"img": encoded},
            {"img": encoded, "actions": ["age", "gender", "emotion", "race"]},
        ):
            status, problem = self.post(json.dumps(body).encode(), "application/json")
            self.assertEqual(status, 400, body)
            self.assertIn("allowed", problem)


if __name__ == "__main__":
    if not TRITON:
        print("skipped: tritonclient, which scripts/check_all.sh --only serve-clients installs")
    unittest.main()
