#include "fer/data/drop_duplicates.h"

#include <ATen/Functions.h>

#include <algorithm>

#include "fer/data/equal_images.h"

namespace fer::data {

std::int64_t drop_duplicates(FaceSet& set) {
  const auto* splits = set.splits.const_data_ptr<std::uint8_t>();
  const auto is = [splits](std::int64_t row, Split split) {
    return splits[row] == static_cast<std::uint8_t>(split);
  };
  const at::Tensor keep = at::ones({set.size()}, at::kBool);
  auto* kept = keep.data_ptr<bool>();
  std::int64_t dropped = 0;
  for (const std::vector<std::int64_t>& rows : equal_images(set.images)) {
    const bool measured_on = std::any_of(rows.begin(), rows.end(), [&](std::int64_t row) {
      return is(row, Split::val) || is(row, Split::test);
    });
    if (!measured_on) continue;
    for (const std::int64_t row : rows) {
      if (!is(row, Split::train)) continue;
      kept[row] = false;
      ++dropped;
    }
  }
  if (dropped > 0) set = set.select(keep.nonzero().squeeze(1));
  return dropped;
}

}  // namespace fer::data
