#include <string>
#include <vector>

#include "fer/core/safetensors_writer.h"
#include "fer/model/model_info.h"
#include "support/properties.h"
#include "support/temporary_folder.h"

namespace fer::model {
namespace {

using test::for_all;
using test::number_in;

// UTF-8 with what JSON escapes.
std::string any_text() {
  return *rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                           "a", "\"", "\\", "\n", "é", "幸", "{", "\x01", " ")),
                       [](const std::vector<std::string>& letters) {
                         std::string text;
                         for (const std::string& letter : letters) text += letter;
                         return text;
                       });
}

ModelInfo any_info() {
  ModelInfo info;
  info.architecture = *rc::gen::element<std::string>("nano", "seed-cnn", "unheard of");
  info.net.width = *number_in(0.1, 2.0);
  info.net.se =
      *rc::gen::element(graph::SqueezeExcitation::on, graph::SqueezeExcitation::automatic);
  info.net.drop_path = *number_in(0.0, 0.9);
  std::vector<std::string> names;
  for (int i = 0, count = *rc::gen::inRange(2, 12); i < count; ++i) {
    names.push_back(*rc::gen::element<std::string>("a\"", "é", "幸 福", "b\\") + std::to_string(i));
  }
  info.labels = LabelSet(names);
  info.input.mean = *number_in(-1.0, 1.0);
  info.input.deviation = *number_in(0.01, 1.0);
  info.temperature = *number_in(kLeastTemperature, kMostTemperature);
  info.training = {any_text(),           any_text(), *rc::gen::inRange<std::int64_t>(0, 100'000),
                   *number_in(0.0, 1.0), any_text(), {}};
  info.licence = any_text();
  info.creator = any_text();
  for (int i = 0, count = *rc::gen::inRange(0, 4); i < count; ++i) {
    info.eight_bit.of_inputs["layer" + std::to_string(i) + any_text()] =
        *number_in(kLeastScale, 100.0);
    info.eight_bit.images = 7;
  }
  return info;
}

TEST_CASE("What a model says of itself is read as it was written", "[model][unit]") {
  const test::TemporaryFolder folder;
  for_all([&] {
    const ModelInfo info = any_info();
    write_safetensors(folder / "m.safetensors", model_metadata(info), {});
    RC_ASSERT(read_model_info(SafetensorsFile(folder / "m.safetensors")) == info);
  });
}

}  // namespace
}  // namespace fer::model
