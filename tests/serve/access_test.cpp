#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "fer/serve/access_log.h"
#include "fer/serve/access_rules.h"
#include "support/catch.h"

namespace fer::serve {
namespace {

TEST_CASE("A secret is the same as itself alone", "[serve][unit]") {
  CHECK(same_secret("abc", "abc"));
  for (const char* given : {"", "a", "ab", "abd", "abcd", "abcabc", "ABC"}) {
    CAPTURE(given);
    CHECK_FALSE(same_secret(given, "abc"));
  }
  CHECK(same_secret("", ""));
  CHECK_FALSE(same_secret("x", ""));
}

TEST_CASE("A token stands behind the word Bearer", "[serve][unit]") {
  CHECK(bearer_token("Bearer abc") == "abc");
  CHECK(bearer_token("bearer  abc ") == "abc");
  for (const char* given : {"", "abc", "Basic abc", "Bearer", "Bearerabc"}) {
    CAPTURE(given);
    CHECK(bearer_token(given).empty());
  }
}

TEST_CASE("A page may ask its own host, and others that list it", "[serve][unit]") {
  const std::vector<std::string> others = {"https://friend.example"};
  CHECK(origin_allowed("", "a:1", others));
  CHECK(origin_allowed("http://a:1", "A:1", others));
  CHECK(origin_allowed("https://friend.example", "a:1", others));
  for (const char* origin :
       {"http://a:2", "http://a", "null", "https://friend.example.evil", "a:1"}) {
    CAPTURE(origin);
    CHECK_FALSE(origin_allowed(origin, "a:1", others));
  }
  const std::vector<std::string> any = {"*"};
  CHECK(origin_allowed("http://x", "a:1", any));
  CHECK_FALSE(origin_listed("", any));
}

TEST_CASE("Loopback is what no other machine reaches", "[serve][unit]") {
  for (const char* address : {"127.0.0.1", "127.5.6.7", "::1", "localhost"})
    CHECK(is_loopback(address));
  for (const char* address : {"0.0.0.0", "::", "10.0.0.1", "1.127.0.1", ""}) {
    CHECK_FALSE(is_loopback(address));
  }
}

const AccessRecord kRecord = {.client = "127.0.0.1",
                              .method = "GET",
                              .path = "/a b\n",
                              .status = 200,
                              .received = 10,
                              .sent = 20,
                              .seconds = 0.0123};

TEST_CASE("A line of the access log has its fields, whatever the path is", "[serve][unit]") {
  CHECK(access_line(kRecord, AccessFormat::text, "T") ==
        "T 127.0.0.1 GET /a+b\\x0a 200 10 20 0.0123");
  const auto json = nlohmann::json::parse(access_line(kRecord, AccessFormat::json, "T"));
  CHECK(json["path"] == "/a b\\x0a");
  CHECK(json["seconds"] == 0.0123);
  CHECK(access_line({}, AccessFormat::text, "T") == "T - - - 0 0 0 0.0000");
}

TEST_CASE("The access log writes every line before it ends", "[serve][unit]") {
  std::ostringstream output;
  {
    AccessLog log(output, AccessFormat::text);
    for (int i = 0; i < 100; ++i) log.write(kRecord);
  }
  const std::string text = output.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == 100);
  std::ostringstream nothing;
  AccessLog(nothing, AccessFormat::none).write(kRecord);
  CHECK(nothing.str().empty());
}

}  // namespace
}  // namespace fer::serve
