#include "fer/serve/query.h"

#include <string>

#include "fer/serve/problem.h"
#include "support/catch.h"

namespace fer::serve {
namespace {

TEST_CASE("A target is a path and decoded fields", "[serve][unit]") {
  const Target target = target_of("/v2/models/a%20b/infer?top=3&x=%C3%a4+b&flag&&y=1=2#part");
  CHECK(target.path == "/v2/models/a b/infer");
  CHECK(target.query == Fields{{"top", "3"}, {"x", "\xc3\xa4 b"}, {"flag", ""}, {"y", "1=2"}});
  CHECK(target_of("/a+b").path == "/a+b");  // a plus is a blank in queries alone
  CHECK(target_of("/?").query.empty());
  CHECK(target_of("http://host:1/v2?a=b").path == "/v2");
  CHECK(target_of("http://host").path == "/");
}

TEST_CASE("A target that is no path, or has a broken escape, is reported",
          "[serve][unit][bad-input]") {
  for (const char* text : {"", "*", "ftp://x/", "/%", "/%4", "/%zz", "/?a=%1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(target_of(text), Problem);
  }
  std::string many = "/?";
  for (int i = 0; i < 65; ++i) many += "a=1&";
  CHECK_THROWS_AS(target_of(many), Problem);
}

TEST_CASE("A content type has a name in small letters, and parameters", "[serve][unit]") {
  const std::string type = R"(Multipart/Form-Data ; charset=utf-8; Boundary="a;\"b" ; x=y)";
  CHECK(media_type(type) == "multipart/form-data");
  CHECK(media_parameter(type, "boundary") == "a;\"b");
  CHECK(media_parameter(type, "charset") == "utf-8");
  CHECK(media_parameter(type, "x") == "y");
  CHECK(media_parameter(type, "z").empty());
  CHECK(media_type("").empty());
  CHECK(media_parameter("a; boundary", "boundary").empty());
}

}  // namespace
}  // namespace fer::serve
