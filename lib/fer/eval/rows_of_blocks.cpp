#include "fer/eval/rows_of_blocks.h"

#include <ATen/Functions.h>

#include <algorithm>

namespace fer::eval {

namespace {

// Images [first, last).
struct Range {
  std::int64_t first, last;
};

// Whole batches, so that batches are the same as with one process.
Range own_images(std::int64_t images, std::int64_t batch_size, const ranks::Ranks& ranks) {
  const std::int64_t batches = (images + batch_size - 1) / batch_size;
  const auto begin = [&](int rank) {
    return std::min(batches * rank / ranks.size() * batch_size, images);
  };
  return {begin(ranks.rank()), begin(ranks.rank() + 1)};
}

// Each rank has its part in `all`, with zeros elsewhere; afterwards every rank has all parts.
// Adding zeros changes no bit.
void gather(at::Tensor& all, ranks::Ranks& ranks) {
  if (!ranks.several()) return;
  const at::Tensor own = all.flatten();
  at::Tensor sum = at::zeros_like(own);
  ranks.sum_in_order(sum, 0, [&](std::int64_t first, at::Tensor& some) {
    some.add_(own.narrow(0, first, some.numel()));
  });
  all = sum.view(all.sizes());
}

}  // namespace

at::Tensor rows_of_blocks(const data::Images& images, std::int64_t columns, std::int64_t batch_size,
                          const ComputeBlock& compute, ranks::Ranks& ranks) {
  at::Tensor all = at::zeros({images.size(), columns}, at::kFloat);
  const std::int64_t at_once =
      std::max<std::int64_t>(images.at_once() / batch_size, 1) * batch_size;
  const Range own = own_images(images.size(), batch_size, ranks);
  for (std::int64_t first = own.first; first < own.last; first += at_once) {
    const std::int64_t count = std::min(at_once, own.last - first);
    all.narrow(0, first, count).copy_(compute(first, images.block(first, count)));
  }
  gather(all, ranks);
  return all;
}

}  // namespace fer::eval
