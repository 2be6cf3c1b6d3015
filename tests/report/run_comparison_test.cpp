// More of it: tests/commands/compare_runs_test.cpp.
#include "fer/report/run_comparison.h"

#include <string>

#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;

constexpr const char* kHead =
    "epoch,val_loss,val_accuracy,val_balanced_accuracy,seconds,images_per_second\n";

TEST_CASE("A run whose config is lists in lists is compared without it",
          "[report][unit][bad-input]") {
  const test::TemporaryFolder folder;
  write_file(folder / "results.csv", std::string(kHead) + "1,1.5,0.25,0.2,10,500\n");
  const std::string deep(200'000, '[');
  write_file(folder / "config.json", R"({"data": )" + deep + std::string(deep.size(), ']') + "}");
  const std::vector<std::string> runs = {folder.path().string()};
  CHECK_THAT(runs_table(read_runs(runs)), ContainsSubstring("25.00 %"));
  CHECK(recipes_agree(runs, {"data"}));
}

TEST_CASE("An accuracy above 100 % is drawn where it lies", "[report][unit][bad-input]") {
  const test::TemporaryFolder folder;
  write_file(folder / "results.csv", std::string(kHead) + "1,1.5,4.3,4.2,10,500\n");
  const auto runs = read_runs({folder.path().string()});
  CHECK_THAT(runs_svg(runs), ContainsSubstring("430") && !ContainsSubstring("nan"));
}

TEST_CASE("Numbers that no integer holds are shown all the same", "[report][unit][bad-input]") {
  const test::TemporaryFolder folder;
  write_file(folder / "results.csv", std::string(kHead) + "1,1e-320,0.25,0.2,1e300,1e300\n" +
                                         "2,3e-320,1e300,-1e300,1e300,1e300\n");
  const auto runs = read_runs({folder.path().string()});
  CHECK_THAT(runs_table(runs), ContainsSubstring("1,000,000,000,000,000"));
  CHECK_THAT(runs_svg(runs), !ContainsSubstring("nan") && !ContainsSubstring("inf"));
}

}  // namespace
}  // namespace fer::report
