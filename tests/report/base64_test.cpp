#include "fer/report/base64.h"

#include "support/catch.h"

namespace {

using fer::report::base64;
using fer::report::bytes_of_base64;

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

TEST_CASE("Base64 is read back, with line ends and without padding, too", "[report][unit]") {
  for (const char* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xfb\xff\xbf"}) {
    CHECK(bytes_of_base64(base64(text)) == text);
  }
  CHECK(bytes_of_base64("Zm9v\r\nYg==\n") == "foob");
  CHECK(bytes_of_base64("Zm9vYg") == "foob");
  CHECK(bytes_of_base64("Zm9vYmE") == "fooba");
}

TEST_CASE("What is no base64 gives nothing", "[report][unit][bad-input]") {
  for (const char* text :
       {"Z", "Zm9vY", "Zm9v!", "Zm9v-_", "Z===", "Zg==Zg==", "Zg=", "=", "Zm9v="}) {
    CAPTURE(text);
    CHECK_FALSE(bytes_of_base64(text).has_value());
  }
}

}  // namespace
