#include "fer/serve/json_input.h"

#include <string>

#include "fer/serve/problem.h"
#include "support/catch.h"

namespace fer::serve {
namespace {

int status_of(const std::string& text) {
  try {
    bounded_json(text);
  } catch (const Problem& problem) {
    return problem.status();
  }
  return 0;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST_CASE("JSON is read up to its bounds", "[serve][unit]") {
  CHECK(bounded_json("{\"a\": [1, \"b\"]}")["a"][1] == "b");
  CHECK(status_of(repeated("[", 16) + repeated("]", 16)) == 0);
  CHECK(status_of("[" + repeated("1,", 500'000) + "1]") == 0);
}

TEST_CASE("JSON beyond its bounds, and what is none, is reported", "[serve][unit][bad-input]") {
  CHECK(status_of("[" + repeated("[],", 200'000) + "1]") == 413);
  CHECK(status_of("[" + repeated("\"\",", 200'000) + "1]") == 413);
  CHECK(status_of(repeated("[", 100'000)) == 400);
  for (const char* text : {"", "{", "nul", "\"\xff\"", "{\"a\": 1} x", "[1,]"}) {
    CAPTURE(text);
    CHECK(status_of(text) == 400);
  }
}

}  // namespace
}  // namespace fer::serve
