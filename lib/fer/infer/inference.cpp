#include "fer/infer/inference.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <bit>

#include "fer/infer/tta.h"

namespace fer::infer {

namespace {

// Few enough that layers find most of their input in the core's own cache, and enough that starting
// a layer hardly counts.
constexpr std::int64_t kImagesInCache = 32;

// How many images go through the network together. On a CPU every thread has a share of its own:
// nothing waits for the slowest thread after each layer. Powers of two where equal batches are
// better.
std::int64_t chunk_size(std::int64_t count, std::int64_t batch_size, const FrozenNet& net) {
  if (!net.device().is_cpu()) return batch_size;
  const std::int64_t threads = at::get_num_threads();
  if (!net.prefers_equal_batches()) {
    return std::clamp<std::int64_t>((count + threads - 1) / threads, 1, batch_size);
  }
  const std::int64_t share = std::min(count / threads, batch_size);
  return static_cast<std::int64_t>(std::bit_floor(
      static_cast<std::uint64_t>(std::clamp<std::int64_t>(share, 1, kImagesInCache))));
}

}  // namespace

FrozenModel::FrozenModel(const model::Model& model)
    : net_(model),
      input_(model.info.input),
      temperature_(model.info.temperature),
      classes_(static_cast<std::int64_t>(model.info.labels.size())) {}

at::Tensor FrozenModel::probabilities_of(const at::Tensor& batch, const std::string& tta) const {
  at::Tensor sum;
  const std::vector<at::Tensor> views = tta_views(batch, tta);
  for (const at::Tensor& view : views) {
    const at::Tensor predictions =
        at::softmax(net_.logits(model::normalise(view, input_)) / temperature_, 1);
    sum = sum.defined() ? sum + predictions : predictions;
  }
  return views.size() > 1 ? sum / static_cast<double>(views.size()) : sum;
}

at::Tensor FrozenModel::probabilities(const at::Tensor& images, std::int64_t batch_size,
                                      const std::string& tta) const {
  const std::int64_t count = images.size(0);
  const std::int64_t chunk = chunk_size(count, batch_size, net_);
  at::Tensor probabilities = at::empty({count, classes_}, at::kFloat);
  const auto work = [&](std::int64_t begin, std::int64_t end) {
    const c10::InferenceMode inference;  // known to this thread only
    for (std::int64_t i = begin; i < end; ++i) {
      // Where equal batches are better, the last one is filled up with images of the batch before.
      const std::int64_t first = i * chunk;
      const std::int64_t filled = std::max<std::int64_t>(count - chunk, 0);
      const std::int64_t start = net_.prefers_equal_batches() ? std::min(first, filled) : first;
      const std::int64_t known = i * chunk - start;
      const std::int64_t rows = std::min(chunk, count - start);
      const at::Tensor batch = images.narrow(0, start, rows).to(net_.device());
      probabilities.narrow(0, i * chunk, rows - known)
          .copy_(probabilities_of(batch, tta).narrow(0, known, rows - known));
    }
  };
  const std::int64_t chunks = (count + chunk - 1) / chunk;
  if (net_.device().is_cpu() && chunks > 1) {
    at::parallel_for(0, chunks, 1, work);
  } else {
    work(0, chunks);
  }
  return probabilities;
}

at::Tensor predict_probabilities(const model::Model& model, const at::Tensor& images,
                                 std::int64_t batch_size, const std::string& tta) {
  return FrozenModel(model).probabilities(images, batch_size, tta);
}

}  // namespace fer::infer
