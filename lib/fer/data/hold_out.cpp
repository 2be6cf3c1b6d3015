#include "fer/data/hold_out.h"

#include <algorithm>
#include <cmath>

namespace fer {

namespace {

std::int64_t share(std::size_t count, double fraction) {
  if (count < 2) return 0;
  const auto rounded = std::llround(static_cast<double>(count) * fraction);
  return std::clamp<std::int64_t>(rounded, 1, static_cast<std::int64_t>(count) - 1);
}

}  // namespace

std::int64_t hold_out_validation(FaceSet& set, double fraction, const RandomStream& stream) {
  set.splits = set.splits.clone();  // tensors are shared on copy; the caller's other sets stay
  const auto* labels = set.labels.const_data_ptr<std::int64_t>();
  auto* splits = set.splits.data_ptr<std::uint8_t>();
  std::vector<std::vector<std::int64_t>> rows_of_class(set.label_set.size());
  for (std::int64_t row = 0; row < set.size(); ++row) {
    if (splits[row] != static_cast<std::uint8_t>(Split::train)) continue;
    rows_of_class[static_cast<std::size_t>(labels[row])].push_back(row);
  }
  std::int64_t held_out = 0;
  for (std::size_t label = 0; label < rows_of_class.size(); ++label) {
    const std::vector<std::int64_t>& rows = rows_of_class[label];
    RandomStream order_stream = stream.child(label);
    const auto order = order_stream.permutation(static_cast<std::int64_t>(rows.size()));
    const std::int64_t wanted = share(rows.size(), fraction);
    for (std::int64_t i = 0; i < wanted; ++i) {
      const std::int64_t row = rows[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])];
      splits[row] = static_cast<std::uint8_t>(Split::val);
    }
    held_out += wanted;
  }
  return held_out;
}

}  // namespace fer
