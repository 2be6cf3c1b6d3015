#include "fer/data/folds.h"

#include <string>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/data/equal_images.h"

namespace fer::data {

std::vector<std::int64_t> deal_folds(const FaceSet& set, std::int64_t folds,
                                     const RandomStream& stream) {
  const std::vector<std::int64_t> firsts = first_equals(set.images);
  const auto classes = distinct_rows_by_class(firsts, set.labels, set.label_set.size());
  std::size_t different = 0;
  for (const auto& rows : classes) different += rows.size();
  if (folds < 1 || different < static_cast<std::size_t>(folds)) {
    throw Error(set.source + ": has " + grouped(static_cast<std::int64_t>(different)) +
                " different images to deal; " + std::to_string(folds) +
                " folds need as many at least");
  }
  std::vector<std::int64_t> fold_of(firsts.size());
  std::int64_t dealt = 0;  // continues over all classes; otherwise the first folds would get more
  for (std::size_t label = 0; label < classes.size(); ++label) {
    RandomStream order = stream.child(label);
    for (const std::int64_t i :
         order.permutation(static_cast<std::int64_t>(classes[label].size()))) {
      fold_of[classes[label][static_cast<std::size_t>(i)]] = dealt++ % folds;
    }
  }
  for (std::size_t row = 0; row < firsts.size(); ++row) {
    fold_of[row] = fold_of[static_cast<std::size_t>(firsts[row])];
  }
  return fold_of;
}

std::int64_t make_fold(FaceSet& set, std::int64_t fold, std::int64_t folds,
                       const RandomStream& stream) {
  const at::Tensor rows =
      set.splits.ne(static_cast<std::int64_t>(Split::test)).nonzero().squeeze(1);
  const std::vector<std::int64_t> fold_of = deal_folds(set.select(rows), folds, stream);
  set.splits = set.splits.clone();  // copies share tensors, and other sets must not change
  const auto* row_of = rows.const_data_ptr<std::int64_t>();
  auto* splits = set.splits.data_ptr<std::uint8_t>();
  std::int64_t held_out = 0;
  for (std::size_t i = 0; i < fold_of.size(); ++i) {
    const bool chosen = fold_of[i] == fold - 1;
    splits[row_of[i]] = static_cast<std::uint8_t>(chosen ? Split::val : Split::train);
    if (chosen) ++held_out;
  }
  return held_out;
}

}  // namespace fer::data
