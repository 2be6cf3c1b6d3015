// A data set: its images, which may lie in files, and its labels and splits in memory.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/data/images.h"

namespace fer::data {

// FER2013's Usage column: Training, PublicTest, PrivateTest. `none` marks images of a set that
// comes without splits.
enum class Split : std::uint8_t { train = 0, val = 1, test = 2, none = 3 };

std::string_view split_name(Split split);

struct FaceSet {
  Images images;
  at::Tensor labels;  // int64 [N], indices into label_set, CPU
  at::Tensor splits;  // uint8 [N], values of Split, CPU
  LabelSet label_set;
  std::string source;  // named by the user, for messages
  at::Tensor votes;    // uint8 [N,10], FER+ votes in the order of kVoteNames, CPU; or undefined
  at::Tensor rows;     // int64 [N], row of each image in its source; undefined if all rows are here
  std::int64_t rows_there = 0;     // number of rows in the source; 0: as many as are here
  std::vector<std::string> names;  // of the images' files, [N]; or empty

  std::int64_t size() const { return images.size(); }
  bool has(Split split) const;
  std::int64_t count(Split split) const;

  // The set's splits: "train (28,709), val (3,589)".
  std::string describe_splits() const;

  // The images of one split, in their order. @throws fer::Error with the existing splits if this
  // one does not exist.
  FaceSet only(Split split) const;
  FaceSet select(const at::Tensor& wanted) const;  // int64 [M], row numbers; copies no image

  // The number of images, or rows of a file, in the source, including those that were left out.
  std::int64_t rows_read() const { return rows_there > 0 ? rows_there : size(); }

  // The number of images of each class, in label order: [C].
  std::vector<std::int64_t> class_counts() const;

  // The row of image i in its source, from 0 (for joined sets, as if they were one file); and its
  // name for people: its file, or "image ROW".
  std::int64_t row_of(std::int64_t i) const;
  std::string name_of(std::int64_t i) const;

  // Identifies the content (images, labels, class names) independent of the file format: 16 hex
  // digits of XXH3-64.
  std::string fingerprint() const;
};

// Joins sets of the same classes. @throws fer::Error if their label sets differ, only some have
// votes, or their images have different sizes or colours.
FaceSet join_sets(const std::vector<FaceSet>& sets);

}  // namespace fer::data
