#include "commands/documented_options.h"
#include "fer/commands/predict_options.h"
#include "support/catch.h"

namespace fer {
namespace {

TEST_CASE("Every option of fer-predict is named in docs/", "[commands][docs][unit]") {
  PredictOptions options;
  std::vector<std::string> missing = test::undocumented(visiting(options));
  std::erase(missing, "--sources");  // the program's plain arguments
  CHECK(missing == std::vector<std::string>{});
}

}  // namespace
}  // namespace fer
