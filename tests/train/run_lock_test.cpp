#include "fer/train/run_lock.h"

#include <optional>

#include "fer/core/error.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::train {
namespace {

TEST_CASE("A run folder is held once, and free again afterwards", "[train][unit]") {
  const test::TemporaryFolder parent;
  const RunFolder folder = RunFolder::create(parent / ".", "run");
  {
    const RunLock lock(folder);
    CHECK_THROWS_MATCHES(RunLock(folder), Error,
                         Catch::Matchers::MessageMatches(
                             Catch::Matchers::ContainsSubstring(folder.path().string())));
  }
  CHECK_NOTHROW(RunLock(folder));
  CHECK(std::filesystem::is_empty(folder.path()));  // no file is left behind
}

}  // namespace
}  // namespace fer::train
