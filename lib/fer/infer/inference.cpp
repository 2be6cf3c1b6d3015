#include "fer/infer/inference.h"

#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace fer {

at::Tensor predict_probabilities(const Model& model, const at::Tensor& images,
                                 std::int64_t batch_size) {
  const c10::InferenceMode inference;
  model.net->eval();
  const at::Device device = model.net->parameters().front().device();
  const std::int64_t count = images.size(0);
  at::Tensor probabilities =
      at::empty({count, static_cast<std::int64_t>(model.info.labels.size())}, at::kFloat);
  for (std::int64_t start = 0; start < count; start += batch_size) {
    const std::int64_t rows = std::min(batch_size, count - start);
    const at::Tensor batch = images.narrow(0, start, rows).to(device);
    const at::Tensor logits = model.net->forward(normalise(batch, model.info.input));
    probabilities.narrow(0, start, rows).copy_(at::softmax(logits, 1));
  }
  return probabilities;
}

}  // namespace fer
