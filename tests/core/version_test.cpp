#include "fer/core/version.h"

#include <string>

#include "support/catch.h"

namespace fer {
namespace {

TEST_CASE("The version's text is its three numbers", "[core][unit]") {
  const std::string numbers = std::to_string(FER_VERSION_MAJOR) + "." +
                              std::to_string(FER_VERSION_MINOR) + "." +
                              std::to_string(FER_VERSION_PATCH);
  CHECK(numbers == FER_VERSION_STRING);
  CHECK(numbers == version());
}

}  // namespace
}  // namespace fer
