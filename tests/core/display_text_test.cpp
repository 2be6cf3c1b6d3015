#include "fer/core/display_text.h"

#include "support/catch.h"

namespace {

using fer::column_width;
using fer::decode_utf8;
using fer::fit_columns;
using fer::pad_left;
using fer::pad_right;

TEST_CASE("columns are counted by what is seen, not by bytes", "[report][unit]") {
  CHECK(column_width("angry") == 5);
  CHECK(column_width("überrascht") == 10);
  CHECK(column_width("e\u0301tonné") == 6);  // the first accent combines
  CHECK(column_width("怒り") == 4);
  CHECK(column_width("😀") == 2);
  CHECK(column_width("") == 0);
}

TEST_CASE("text that is too long is cut with an ellipsis and still fits", "[report][unit]") {
  CHECK(fit_columns("surprise", 8) == "surprise");
  CHECK(fit_columns("surprised", 8) == "surpris…");
  CHECK(fit_columns("怒り怒り", 4) == "怒…");  // a half of a wide letter cannot be shown
  CHECK(fit_columns("angry", 1) == "…");
  CHECK(fit_columns("angry", 0).empty());
}

TEST_CASE("padding fills exactly the columns asked for", "[report][unit]") {
  CHECK(pad_right("sad", 5) == "sad  ");
  CHECK(pad_left("sad", 5) == "  sad");
  CHECK(pad_right("怒り怒り", 4) == "怒… ");
  CHECK(pad_left("neutral", 4) == "neu…");
}

TEST_CASE("UTF-8 survives decoding and encoding", "[report][unit]") {
  const std::string text = "aß€😀";
  CHECK(decode_utf8(text) == U"aß€😀");
  CHECK(fer::encode_utf8(decode_utf8(text)) == text);
}

TEST_CASE("bytes that are no UTF-8 become replacement characters", "[report][unit]") {
  CHECK(decode_utf8("a\xff"
                    "b") == U"a\uFFFDb");
  CHECK(decode_utf8("\xc3") == U"\uFFFD");                      // cut off
  CHECK(decode_utf8("\xc0\xaf") == U"\uFFFD\uFFFD");            // overlong "/"
  CHECK(decode_utf8("\xe0\x80\xaf") == U"\uFFFD");              // overlong "/", three bytes
  CHECK(decode_utf8("\xed\xa0\x80") == U"\uFFFD");              // a surrogate
  CHECK(decode_utf8("\xf5\x80\x80\x80").front() == U'\uFFFD');  // beyond Unicode
}

TEST_CASE("escape sequences and marks that reorder text cannot reach the terminal",
          "[report][unit]") {
  CHECK(decode_utf8("\x1b[31m") == U"\uFFFD[31m");
  CHECK(decode_utf8("\xc2\x9b") == U"\uFFFD");  // CSI in one code point
  CHECK(decode_utf8("\u202E") == U"\uFFFD");    // right-to-left override
}

TEST_CASE("lines of a message stay lines, whatever is in them", "[report][unit]") {
  CHECK(fer::safe_lines("a\x1b[2Jb.png: cannot be read\n\tallowed: x\n") ==
        "a\uFFFD[2Jb.png: cannot be read\n\tallowed: x\n");
  CHECK(fer::safe_lines("\r\n") == "\uFFFD\n");
  CHECK(fer::safe_lines("").empty());
}

}  // namespace
