#include "fer/runtime/cpu.h"

#include <string>

#include "fer/core/error.h"
#include "support/catch.h"
#include "support/process_state.h"

namespace fer::runtime {
namespace {

TEST_CASE("FER_CPU chooses among the instructions there are", "[runtime][unit]") {
  for (const Instructions some : runnable_instructions()) {
    const test::EnvironmentVariable forced("FER_CPU", std::string(name_of(some)));
    CHECK(chosen_instructions() == some);
  }
  const test::EnvironmentVariable none("FER_CPU", std::nullopt);
  CHECK(chosen_instructions() == runnable_instructions().back());
  CHECK(runnable_instructions().front() == Instructions::baseline);
}

TEST_CASE("FER_CPU that names none of them is an error", "[runtime][unit]") {
  const test::EnvironmentVariable wrong("FER_CPU", "mmx");
  CHECK_THROWS_WITH(chosen_instructions(), Catch::Matchers::ContainsSubstring("'mmx'") &&
                                               Catch::Matchers::ContainsSubstring("baseline"));
}

}  // namespace
}  // namespace fer::runtime
