#include "fer/model/weight_precision.h"

#include <ATen/ATen.h>

#include <filesystem>

#include "fer/core/error.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/temporary_folder.h"

namespace fer::model {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

TEST_CASE("A model stored in float16 is read as float32 weights that were rounded",
          "[model][unit]") {
  const TemporaryFolder folder;
  const Model whole = test::fresh_model();
  Model stored = test::fresh_model();
  store_weights_as(WeightPrecision::float16, *stored.net);
  save_model(folder / "half.safetensors", stored);
  save_model(folder / "whole.safetensors", whole);
  CHECK(stored_precision(folder / "half.safetensors") == WeightPrecision::float16);
  CHECK(stored_precision(folder / "whole.safetensors") == WeightPrecision::float32);
  const Model read = load_model(folder / "half.safetensors");
  CHECK(read.info == whole.info);
  const auto rounded = named_weights(*read.net);
  bool any_differs = false;
  for (const auto& [name, weight] : named_weights(*whole.net)) {
    CAPTURE(name);
    CHECK(rounded.at(name).scalar_type() == weight.scalar_type());
    const bool is_matrix = weight.dim() > 1;
    CHECK(at::equal(rounded.at(name),
                    is_matrix ? weight.to(at::kHalf).to(weight.scalar_type()) : weight));
    any_differs = any_differs || !at::equal(rounded.at(name), weight);
  }
  CHECK(any_differs);
  CHECK(std::filesystem::file_size(folder / "half.safetensors") <
        std::filesystem::file_size(folder / "whole.safetensors") * 6 / 10);
}

TEST_CASE("Weights in float16 become float32 again without another change", "[model][unit]") {
  const Model model = test::fresh_model();
  store_weights_as(WeightPrecision::float16, *model.net);
  std::map<std::string, at::Tensor> halves;
  for (const auto& [name, weight] : named_weights(*model.net)) halves[name] = weight.clone();
  store_weights_as(WeightPrecision::float32, *model.net);
  for (const auto& [name, weight] : named_weights(*model.net)) {
    CAPTURE(name);
    if (weight.is_floating_point()) CHECK(weight.scalar_type() == at::kFloat);
    CHECK(at::equal(weight, halves.at(name).to(weight.scalar_type())));
  }
}

TEST_CASE("Weights that float16 cannot hold are an error that names them", "[model][unit]") {
  const Model model = test::fresh_model();
  const at::NoGradGuard no_grad;
  for (auto& named : model.net->named_parameters()) {
    if (named.key() == "logits.weight") named.value().fill_(1e6);
  }
  CHECK_THROWS_MATCHES(store_weights_as(WeightPrecision::float16, *model.net), Error,
                       MessageMatches(ContainsSubstring("logits.weight") &&
                                      ContainsSubstring("too large for float16")));
}

}  // namespace
}  // namespace fer::model
