#include "fer/model/model_info.h"

#include <map>
#include <string>

#include "fer/core/error.h"
#include "fer/core/safetensors_writer.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::model {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

ModelInfo read_with(const std::string& key, const std::string& value) {
  ModelInfo info;
  info.architecture = "nano";
  std::map<std::string, std::string> metadata = model_metadata(info);
  metadata[key] = value;
  const test::TemporaryFolder folder;
  write_safetensors(folder / "m.safetensors", metadata, {});
  return read_model_info(SafetensorsFile(folder / "m.safetensors"));
}

TEST_CASE("Pictures for an imported network are the nearest square of a data set",
          "[model][unit]") {
  ModelInfo info;
  info.input.cut.format = {64, 64, Colour::rgb};
  CHECK(info.picture_format() == FaceFormat{64, 64, Colour::rgb});
  info.architecture = kOnnxArchitecture;
  info.input.cut.format = {100, 120, Colour::bgr};
  CHECK(info.picture_format() == FaceFormat{120, 120, Colour::rgb});
  info.input.cut.format = {512, 300, Colour::grey};
  CHECK(info.picture_format() == FaceFormat{224, 224, Colour::grey});
}

TEST_CASE("Metadata of lists in lists is an error that names its key", "[model][unit][bad-input]") {
  const std::string deep(200'000, '[');
  const std::string lists = R"({"width": )" + deep + std::string(deep.size(), ']') + "}";
  for (const char* key : {"architecture_options", "input", "training", "eight_bit", "labels"}) {
    CAPTURE(key);
    CHECK_THROWS_MATCHES(read_with(key, lists), Error, MessageMatches(ContainsSubstring(key)));
  }
}

TEST_CASE("An epoch that is no whole number is an error", "[model][unit][bad-input]") {
  CHECK(read_with("training", R"({"epoch": 7})").training.epoch == 7);
  for (const char* epoch : {"1e300", "0.5", "18446744073709551615", "\"7\""}) {
    CAPTURE(epoch);
    CHECK_THROWS_MATCHES(read_with("training", std::string(R"({"epoch": )") + epoch + "}"), Error,
                         MessageMatches(ContainsSubstring("'training'")));
  }
}

}  // namespace
}  // namespace fer::model
