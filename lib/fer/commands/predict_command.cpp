#include "fer/commands/predict_command.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <iostream>
#include <span>
#include <vector>

#include "fer/commands/device.h"
#include "fer/commands/find_model.h"
#include "fer/commands/predict_flow.h"
#include "fer/infer/inference.h"
#include "fer/model/model_file.h"

namespace fer {

namespace {

std::vector<std::vector<float>> rows_of(const at::Tensor& probabilities) {
  const at::Tensor dense = probabilities.contiguous();
  const auto classes = static_cast<std::size_t>(dense.size(1));
  const std::span<const float> values(dense.const_data_ptr<float>(),
                                      static_cast<std::size_t>(dense.numel()));
  std::vector<std::vector<float>> rows;
  for (std::size_t at = 0; at < values.size(); at += classes) {
    const auto row = values.subspan(at, classes);
    rows.emplace_back(row.begin(), row.end());
  }
  return rows;
}

ClassifyFaces classify_with(const Model& model, const PredictOptions& options) {
  return [model = FrozenModel(model), batch_size = options.batch_size,
          tta = options.tta](std::span<const FacePixels> faces) {
    // FacePixels are arrays, so that a span of them is one block [F,48,48]; from_blob takes no
    // pointer to constant bytes, and nothing below writes.
    auto* pixels = const_cast<std::uint8_t*>(faces.front().data());
    const at::Tensor images =
        at::from_blob(pixels, {static_cast<std::int64_t>(faces.size()), kFaceSide, kFaceSide},
                      at::TensorOptions().dtype(at::kByte));
    return rows_of(model.probabilities(images, batch_size, tta));
  };
}

}  // namespace

int run_predict(const PredictOptions& options, Console& console) {
  options.validate();
  const Model model = load_model(find_model(options.model));
  model.net->to(resolve_device(options.common.device));
  return predict_sources(options, model.info.labels, classify_with(model, options),
                         std::cin, console);
}

}  // namespace fer
