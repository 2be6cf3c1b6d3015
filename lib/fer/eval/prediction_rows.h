// The predictions of an evaluation row by row, with selections of rows.
#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fer/data/face_set.h"

namespace fer::eval {

// Views of a set and its predictions; the set must outlive them.
class PredictionRows {
 public:
  // probabilities: float32 [N,C], CPU, one row for each image of `set`.
  PredictionRows(const data::FaceSet& set, const at::Tensor& probabilities);

  std::int64_t size() const { return labels_.size(0); }
  std::int64_t truth(std::int64_t i) const { return labels_.const_data_ptr<std::int64_t>()[i]; }
  std::int64_t prediction(std::int64_t i) const {
    return predictions_.const_data_ptr<std::int64_t>()[i];
  }
  // The probabilities of the prediction and of the truth.
  float confidence(std::int64_t i) const { return confidences_.const_data_ptr<float>()[i]; }
  float of_truth(std::int64_t i) const { return of_truth_.const_data_ptr<float>()[i]; }
  const at::Tensor& predictions() const { return predictions_; }  // int64 [N]

  // At most `most` rows for which `wanted` returns true, by rising `key`.
  template <typename Wanted, typename Key>
  std::vector<std::int64_t> best(std::size_t most, const Wanted& wanted, const Key& key) const {
    std::vector<std::int64_t> rows;
    for (std::int64_t i = 0; i < size(); ++i) {
      if (wanted(i)) rows.push_back(i);
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::int64_t a, std::int64_t b) { return key(a) < key(b); });
    rows.resize(std::min(rows.size(), most));
    return rows;
  }

 private:
  at::Tensor labels_, predictions_, confidences_, of_truth_;
};

}  // namespace fer::eval
