"""The bill of materials, fer.spdx.json: an SPDX 2.3 document that names what the programs load.

sbom_test.py FILE BINARY...
"""

import json
import re
import subprocess
import sys

# What a binary may need without being named: the system's and the compiler's own, and this project's.
OWN = (
    "libc.so",
    "libm.so",
    "libstdc++",
    "libgcc_s",
    "ld-linux",
    "libdl.so",
    "libpthread",
    "libfer",
)
# A library's beginning, and the material that it belongs to.
MATERIALS = {
    "libopencv_": "OpenCV",
    "libtbb": "oneTBB",
    "libjpeg": "libjpeg",
    "libpng": "libpng",
    "libz.": "zlib",
    "libavformat": "FFmpeg libavformat",
    "libavcodec": "FFmpeg libavcodec",
    "libavutil": "FFmpeg libavutil",
    "libswscale": "FFmpeg libswscale",
    "libspdlog": "spdlog",
    "libfmt": "fmt",
    "librsvg": "librsvg",
    "libcairo": "cairo",
    "libtorch": "LibTorch",
    "libc10": "LibTorch",
    "libgomp": "LibTorch",  # that of its wheel
    "libcudart": "LibTorch",
    # librsvg's interface is made of these.
    "libgobject": "librsvg",
    "libglib": "librsvg",
    "libgio": "librsvg",
    "libgdk_pixbuf": "librsvg",
}


def check_document(document: dict) -> None:
    assert document["spdxVersion"] == "SPDX-2.3"
    assert document["dataLicense"] == "CC0-1.0"
    assert document["SPDXID"] == "SPDXRef-DOCUMENT"
    assert re.fullmatch(r"fer-\d+\.\d+\.\d+", document["name"]), document["name"]
    assert re.fullmatch(r"https?://[^\s#]+", document["documentNamespace"])
    creation = document["creationInfo"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", creation["created"]), creation
    assert all(re.match(r"(Tool|Organization|Person): ", who) for who in creation["creators"])
    assert creation["creators"]


def check_packages(document: dict) -> set[str]:
    ids = {"SPDXRef-DOCUMENT"}
    for package in document["packages"]:
        assert re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", package["SPDXID"]), package
        assert package["SPDXID"] not in ids, package
        ids.add(package["SPDXID"])
        assert (
            package["name"] and package["downloadLocation"] and package["licenseDeclared"]
        ), package
        assert re.match(r"[0-9a-f]", package["versionInfo"]), package
        for checksum in package.get("checksums", []):
            assert checksum["algorithm"] == "SHA256", package
            assert re.fullmatch(r"[0-9a-f]{64}", checksum["checksumValue"]), package
    return ids


def check_relationships(document: dict, ids: set[str]) -> None:
    described, related = [], set()
    for relation in document["relationships"]:
        ends = {relation["spdxElementId"], relation["relatedSpdxElement"]}
        assert ends <= ids, relation
        related |= ends
        if relation["relationshipType"] == "DESCRIBES":
            described.append(relation["relatedSpdxElement"])
    assert described == ["SPDXRef-fer"], described
    assert related == ids, f"related to nothing: {ids - related}"


def needed_by(binary: str) -> list[str]:
    listed = subprocess.run(["readelf", "-d", binary], capture_output=True, text=True, check=True)
    return re.findall(r"\(NEEDED\).*\[(.+?)\]", listed.stdout)


def main() -> None:
    with open(sys.argv[1]) as file:
        document = json.load(file)
    check_document(document)
    check_relationships(document, check_packages(document))
    names = {package["name"] for package in document["packages"]}
    for binary in sys.argv[2:]:
        for library in needed_by(binary):
            if library.startswith(OWN):
                continue
            known = [name for start, name in MATERIALS.items() if library.startswith(start)]
            assert known and known[0] in names, f"{binary} needs {library}, which is not listed"
    models = [
        package for package in document["packages"] if package["name"].endswith(".safetensors")
    ]
    assert models and all("checksums" in model for model in models)


if __name__ == "__main__":
    main()
