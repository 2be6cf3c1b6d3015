#include "commands/documented_options.h"

#include "fer/commands/data_command.h"
#include "fer/commands/data_export.h"
#include "fer/commands/eval_options.h"
#include "fer/commands/train_command.h"
#include "support/catch.h"

namespace fer {
namespace {

template <class Options>
std::vector<std::string> undocumented_of() {
  Options options;
  return test::undocumented(visiting(options));
}

TEST_CASE("Every option of every program is named in docs/", "[commands][docs][unit]") {
  const std::vector<std::string> none;
  CHECK(undocumented_of<TrainCommandOptions>() == none);
  CHECK(undocumented_of<EvalCommandOptions>() == none);
  CHECK(undocumented_of<DataCheckOptions>() == none);
  CHECK(undocumented_of<DataSynthOptions>() == none);
  CHECK(undocumented_of<DataPackOptions>() == none);
  CHECK(undocumented_of<DataExportOptions>() == none);
}

}  // namespace
}  // namespace fer
