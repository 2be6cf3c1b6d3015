#include "fer/data/folds.h"

#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer {

namespace {

constexpr auto kTest = static_cast<std::uint8_t>(Split::test);

// The images that are not of test, by class.
std::vector<std::vector<std::int64_t>> rows_by_class(const FaceSet& set) {
  const auto* labels = set.labels.const_data_ptr<std::int64_t>();
  const auto* splits = set.splits.const_data_ptr<std::uint8_t>();
  std::vector<std::vector<std::int64_t>> rows(set.label_set.size());
  for (std::int64_t row = 0; row < set.size(); ++row) {
    if (splits[row] != kTest) rows[static_cast<std::size_t>(labels[row])].push_back(row);
  }
  return rows;
}

}  // namespace

std::int64_t make_fold(FaceSet& set, std::int64_t fold, std::int64_t folds,
                       const RandomStream& stream) {
  const std::int64_t count = set.size() - set.count(Split::test);
  if (count < folds) {
    throw Error(set.source + ": has " + grouped(count) + " images beside those of test; --folds " +
                std::to_string(folds) + " needs as many at least");
  }
  set.splits = set.splits.clone();  // tensors are shared on copy; the caller's other sets stay
  auto* splits = set.splits.data_ptr<std::uint8_t>();
  const auto classes = rows_by_class(set);
  std::int64_t dealt = 0;  // goes on from class to class, or the first folds would get more
  std::int64_t held_out = 0;
  for (std::size_t label = 0; label < classes.size(); ++label) {
    const std::vector<std::int64_t>& rows = classes[label];
    RandomStream order = stream.child(label);
    for (const std::int64_t i : order.permutation(static_cast<std::int64_t>(rows.size()))) {
      const bool chosen = dealt++ % folds == fold - 1;
      splits[rows[static_cast<std::size_t>(i)]] =
          static_cast<std::uint8_t>(chosen ? Split::val : Split::train);
      if (chosen) ++held_out;
    }
  }
  return held_out;
}

}  // namespace fer
