#include "fer/commands/list_architectures.h"

#include <string>

#include "fer/core/display_text.h"
#include "fer/core/label_set.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/nn/architectures.h"

namespace fer::commands {

namespace {

// "22.6 M"
std::string millions(std::int64_t count) {
  constexpr double kMillion = 1e6;
  return fixed(static_cast<double>(count) / kMillion, count < 10'000'000 ? 2 : 1) + " M";
}

}  // namespace

int list_architectures(const graph::NetOptions& options, const FaceFormat& faces,
                       Console& console) {
  constexpr std::size_t kName = 15, kNumber = 15;
  const std::size_t classes = LabelSet::fer2013().size();
  console.info("the costs of one face of " + text_of(faces) + ", with " + std::to_string(classes) +
               " classes; " + option("image_size") + " and " + option("colour") +
               " choose another face, and " + option("data") + " is not read");
  console.results() << pad_right("name", kName) << pad_right("parameters", kNumber)
                    << pad_right("multiply-adds", kNumber) << pad_right("activations", kNumber)
                    << '\n';
  for (const nn::Architecture& architecture : nn::architectures()) {
    const graph::NetCost cost =
        nn::cost_of(architecture.name, static_cast<std::int64_t>(classes), options, faces);
    console.results() << pad_right(architecture.name, kName)
                      << pad_right(grouped(cost.parameters), kNumber)
                      << pad_right(millions(cost.multiply_adds), kNumber)
                      << pad_right(millions(cost.activations), kNumber) << architecture.summary
                      << '\n';
  }
  return 0;
}

}  // namespace fer::commands
