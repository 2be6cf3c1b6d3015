#include "fer/data/hold_out.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "fer/data/equal_images.h"

namespace fer::data {

namespace {

std::int64_t share(std::size_t count, double fraction) {
  if (count < 2) return 0;
  const auto rounded = std::llround(static_cast<double>(count) * fraction);
  return std::clamp<std::int64_t>(rounded, 1, static_cast<std::int64_t>(count) - 1);
}

// Chooses images of `train`: share_of(number) of the distinct images of each class.
std::vector<bool> choose(const FaceSet& train, const RandomStream& stream,
                         const std::function<std::int64_t(std::size_t count)>& share_of) {
  const std::vector<std::int64_t> firsts = first_equals(train.images);
  const auto classes = distinct_rows_by_class(firsts, train.labels, train.label_set.size());
  std::vector<bool> chosen(firsts.size());
  for (std::size_t label = 0; label < classes.size(); ++label) {
    RandomStream order = stream.child(label);
    const auto shuffled = order.permutation(static_cast<std::int64_t>(classes[label].size()));
    const std::int64_t wanted = share_of(classes[label].size());
    for (std::int64_t i = 0; i < wanted; ++i) {
      chosen[classes[label][static_cast<std::size_t>(shuffled[static_cast<std::size_t>(i)])]] =
          true;
    }
  }
  for (std::size_t row = 0; row < firsts.size(); ++row) {
    chosen[row] = chosen[static_cast<std::size_t>(firsts[row])];
  }
  return chosen;
}

}  // namespace

std::int64_t hold_out_validation(FaceSet& set, double fraction, const RandomStream& stream) {
  set.splits = set.splits.clone();  // copies share tensors, and other sets must not change
  const at::Tensor rows =
      set.splits.eq(static_cast<std::int64_t>(Split::train)).nonzero().squeeze(1);
  const std::vector<bool> chosen =
      choose(set.select(rows), stream, [&](std::size_t count) { return share(count, fraction); });
  const auto* row_of = rows.const_data_ptr<std::int64_t>();
  auto* splits = set.splits.data_ptr<std::uint8_t>();
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i]) splits[row_of[i]] = static_cast<std::uint8_t>(Split::val);
  }
  return std::count(chosen.begin(), chosen.end(), true);
}

FaceSet share_of_each_class(const FaceSet& set, double fraction, const RandomStream& stream) {
  const std::vector<bool> chosen = choose(set, stream, [&](std::size_t count) {
    const auto all = static_cast<std::int64_t>(count);
    const auto rounded = std::llround(static_cast<double>(count) * fraction);
    return std::clamp<std::int64_t>(rounded, std::min<std::int64_t>(all, 1), all);
  });
  std::vector<std::int64_t> rows;
  for (std::size_t row = 0; row < chosen.size(); ++row) {
    if (chosen[row]) rows.push_back(static_cast<std::int64_t>(row));
  }
  return set.select(at::tensor(rows, at::kLong));
}

}  // namespace fer::data
