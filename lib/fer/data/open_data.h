// Opens what `--data` names, through one table of formats.
#pragma once

#include <string>
#include <vector>

#include "fer/data/data_options.h"
#include "fer/data/face_set.h"

namespace fer {

struct OpenedData {
  FaceSet set;
  std::vector<std::string> notes;  // what the user should be told: hold-outs, skipped folders
};

// Reads and joins all sets of `options.data`, or the first of the usual places (data/fer2013.csv,
// data/fer2013/fer2013.csv, data/fer2013/train) that is there, with the splits they come with.
// @throws fer::Error as open_data does.
OpenedData read_data(const DataOptions& options, int threads);

// read_data; then a set that has training images and no validation split gets a stratified hold-out.
// @throws fer::Error that says how to get FER2013 where nothing was named and nothing is there, and
// whatever the readers throw.
OpenedData open_data(const DataOptions& options, int threads);

// Makes images without a split (of a plain folder, of a CSV without Usage) training images, also
// beside sets that have splits, and holds some out where there are no validation images yet.
void split_for_training(OpenedData& opened, const DataOptions& options);

}  // namespace fer
