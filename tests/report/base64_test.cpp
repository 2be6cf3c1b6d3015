#include "fer/report/base64.h"

#include "support/catch.h"

namespace {

using fer::report::base64;

// RFC 4648, section 10.
TEST_CASE("Base64 is as in its standard", "[report][unit]") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("Base64 takes bytes above 127", "[report][unit]") {
  CHECK(base64("\xfb\xff\xbf") == "+/+/");
}

}  // namespace
