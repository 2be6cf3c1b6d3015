#include "fer/serve/multipart.h"

#include <string>

#include "fer/serve/problem.h"
#include "support/catch.h"

namespace fer::serve {
namespace {

constexpr const char* kType = "multipart/form-data; boundary=XY";

const std::string kForm =
    "--XY\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.png\"\r\n"
    "Content-Type: image/png\r\n\r\n\x89PNG\r\n--X\r\n"
    "\r\n--XY\r\ncontent-disposition: form-data; name=top\r\n\r\n3\r\n--XY--\r\n";

TEST_CASE("A form has parts with names, file names and content", "[serve][unit]") {
  for (const std::string& body : {kForm, "before it\r\n" + kForm}) {
    const auto parts = form_parts(kType, body, 2);
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].name == "a");
    CHECK(parts[0].filename == "a.png");
    CHECK(parts[0].type == "image/png");
    CHECK(parts[0].content == "\x89PNG\r\n--X\r\n");  // a boundary's beginning is none
    CHECK(parts[1].name == "top");
    CHECK(parts[1].filename.empty());
    CHECK(parts[1].content == "3");
  }
}

TEST_CASE("A form that is cut off anywhere is reported", "[serve][unit][bad-input]") {
  const std::size_t whole = kForm.size() - 2;  // the last line's end may be missing
  for (std::size_t size = 0; size < whole; ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(form_parts(kType, kForm.substr(0, size), 2), Problem);
  }
  CHECK(form_parts(kType, kForm.substr(0, whole), 2).size() == 2);
}

TEST_CASE("A form of too many parts, or without a boundary or names, is reported",
          "[serve][unit][bad-input]") {
  CHECK_THROWS_AS(form_parts(kType, kForm, 1), Problem);
  CHECK_THROWS_AS(form_parts("multipart/form-data", kForm, 2), Problem);
  CHECK_THROWS_AS(form_parts("multipart/form-data; boundary=" + std::string(71, 'x'), kForm, 2),
                  Problem);
  for (const char* head : {"", "X: y\r\n", "Content-Disposition: form-data\r\n", "no colon\r\n",
                           "Content-Disposition: form-data; name=a\r\n"
                           "Content-Transfer-Encoding: base64\r\n"}) {
    CAPTURE(head);
    const std::string body = std::string("--XY\r\n") + head + "\r\nx\r\n--XY--";
    CHECK_THROWS_AS(form_parts(kType, body, 2), Problem);
  }
}

}  // namespace
}  // namespace fer::serve
