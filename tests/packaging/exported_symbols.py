"""libfer.so exports what the installed headers declare, and nothing else.

python3 exported_symbols.py LIBRARY INCLUDE_FOLDER
"""

import re
import subprocess
import sys
from pathlib import Path


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def functions_of_c(header):
    """Those that are declared; an inline one is in its user's code."""
    text = re.sub(r"static inline.*?\n}", "", without_comments(header), flags=re.DOTALL)
    return set(re.findall(r"\b(fer_\w+)\s*\(", text))


def members_of_predictor(header):
    """Names of the class's public functions, constructors and the destructor among them."""
    text = without_comments(header)
    body = text[text.index("class Predictor {") : text.index(" private:")]
    return {name.replace(" ", "") for name in re.findall(r"(~?\w+|operator=)\s*\(", body)}


def exported(library):
    """Symbols that programs can link, demangled, without their parameters."""
    words = ["nm", "--dynamic", "--defined-only", "--demangle", "--format=posix", library]
    lines = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
    return {re.sub(r" \w+ [0-9a-f]+( [0-9a-f]+)?\s*$", "", line) for line in lines}


def main(library, include):
    headers = {path.name: path.read_text() for path in Path(include, "fer").glob("*.h")}
    c_functions = functions_of_c(headers["fer.h"])
    assert len(c_functions) == 13, sorted(c_functions)
    members = members_of_predictor(headers["predictor.h"])
    assert {"Predictor", "~Predictor", "operator=", "predict", "labels"} <= members, members

    names = exported(library)
    plain = {name for name in names if "::" not in name}
    assert plain == c_functions, sorted(plain ^ c_functions)

    # GCC marks functions that return a std::string of the newer kind.
    cpp = {re.sub(r"\(.*|\[abi:cxx11\]", "", name) for name in names - plain}
    expected = {f"fer::Predictor::{member}" for member in members}
    expected |= {"fer::version", "fer::know_installed_folder"}
    expected |= {f"{what} for fer::Error" for what in ("typeinfo", "typeinfo name", "vtable")}
    missing, more = expected - cpp, cpp - expected
    # GCC makes an exception's table where it is first needed.
    missing -= {"vtable for fer::Error"}
    assert not missing and not more, f"missing: {sorted(missing)}; too many: {sorted(more)}"
    print(f"{len(names)} symbols, all of them declared in {include}/fer")


main(*sys.argv[1:])
