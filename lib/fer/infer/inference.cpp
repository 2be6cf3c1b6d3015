#include "fer/infer/inference.h"

#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

#include "fer/infer/tta.h"

namespace fer {

at::Tensor predict_probabilities(const Model& model, const at::Tensor& images,
                                 std::int64_t batch_size, const std::string& tta) {
  const c10::InferenceMode inference;
  model.net->eval();
  const at::Device device = model.net->parameters().front().device();
  const std::int64_t count = images.size(0);
  at::Tensor probabilities =
      at::empty({count, static_cast<std::int64_t>(model.info.labels.size())}, at::kFloat);
  for (std::int64_t start = 0; start < count; start += batch_size) {
    const std::int64_t rows = std::min(batch_size, count - start);
    const at::Tensor batch = images.narrow(0, start, rows).to(device);
    at::Tensor sum;
    const std::vector<at::Tensor> views = tta_views(batch, tta);
    for (const at::Tensor& view : views) {
      const at::Tensor logits = model.net->forward(normalise(view, model.info.input));
      const at::Tensor said = at::softmax(logits, 1);
      sum = sum.defined() ? sum + said : said;
    }
    if (views.size() > 1) sum = sum / static_cast<double>(views.size());
    probabilities.narrow(0, start, rows).copy_(sum);
  }
  return probabilities;
}

}  // namespace fer
