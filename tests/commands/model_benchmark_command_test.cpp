#include "fer/commands/model_benchmark_command.h"

#include <nlohmann/json.hpp>
#include <string>

#include "support/catch.h"
#include "support/models.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::commands {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

TEST_CASE("fer-model benchmark has a row for each precision that runs here",
          "[commands][integration]") {
  const test::TemporaryFolder folder;
  ModelBenchmarkOptions options;
  options.common.threads = 1;
  options.model = (folder / "m.safetensors").string();
  nn::save_model(options.model, test::fresh_model());
  options.seconds = 0.01;
  options.data.data = {"synthetic:70"};
  options.json = "-";
  test::RecordingConsole console;
  REQUIRE(run_model_benchmark(options, console) == 0);
  const json result = json::parse(console.output.str());
  CHECK(result.at("file_bytes") == std::filesystem::file_size(options.model));
  CHECK(result.at("data").at("images") == 7);
  REQUIRE(result.at("precisions").size() + result.at("left_out").size() >= 2);
  for (const json& row : result.at("precisions")) {
    CAPTURE(row.dump());
    REQUIRE(row.at("speed").size() == 3);
    CHECK(row.at("speed")[0].at("faces") == 1);
    CHECK(row.at("speed")[2].at("faces") == 64);
    for (const json& speed : row.at("speed")) {
      CHECK(speed.at("faces_per_second").get<double>() ==
            Approx(1000.0 * speed.at("faces").get<double>() /
                   speed.at("milliseconds").get<double>()));
    }
    CHECK(row.at("memory_bytes").get<std::int64_t>() > 0);
    CHECK(row.contains("accuracy"));
  }
  CHECK(result.at("precisions")[0].at("precision") == "float32");
  // A model without scales has no export in int8.
  CHECK(result.at("onnx_bytes").size() == 2);
  CHECK(result.at("onnx_bytes").at("float16") < result.at("onnx_bytes").at("float32"));
  CHECK(result.at("precisions")[0].at("other_labels") == 0);

  options.json.clear();
  options.data.data.clear();
  test::RecordingConsole table;
  REQUIRE(run_model_benchmark(options, table) == 0);
  CHECK_THAT(table.output.str(), ContainsSubstring("precision") && ContainsSubstring("float32") &&
                                     ContainsSubstring("exported as ONNX: float32 ") &&
                                     !ContainsSubstring("accuracy"));
}

}  // namespace
}  // namespace fer::commands
