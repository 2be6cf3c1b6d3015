#include "fer/core/option_error.h"

#include <string>

#include "support/catch.h"

namespace fer {
namespace {

TEST_CASE("An option's error reads well without a program", "[core][unit]") {
  const OptionError error("lr", "7 is not allowed; allowed: 0 to 1");
  CHECK(std::string(error.what()) == "\"lr\": 7 is not allowed; allowed: 0 to 1");
  CHECK(error.field() == "lr");
  CHECK(error.reason() == "7 is not allowed; allowed: 0 to 1");
}

TEST_CASE("A value stands behind its option", "[core][unit]") {
  const OptionError error("amp", "fp16", "does not go with " + option("sam"));
  CHECK(std::string(error.what()) == "\"amp\" fp16: does not go with \"sam\"");
}

TEST_CASE("An error knows where its value comes from", "[core][unit]") {
  const OptionError error = OptionError("amp", "fp16", "needs a GPU").from("nano.json line 7");
  CHECK(std::string(error.what()) == "\"amp\" fp16 in nano.json line 7: needs a GPU");
  CHECK(error.origin() == "nano.json line 7");
  CHECK(error.field() == "amp");
}

}  // namespace
}  // namespace fer
