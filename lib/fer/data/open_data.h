// Opens what the option `data` names, through one table of formats.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fer/data/data_options.h"
#include "fer/data/face_set.h"

namespace fer::data {

struct OpenedData {
  FaceSet set;
  std::vector<std::string> notes;  // what the user should be told: hold-outs, skipped folders
};

// What folders and emotions of a CSV are matched with: FER2013's classes, or those of the model
// that is to see the images. And what the images are to be.
struct KnownClasses {
  KnownClasses() = default;
  KnownClasses(LabelSet known) : labels(std::move(known)) {}  // NOLINT: of anybody's classes

  LabelSet labels = LabelSet::fer2013();
  // The faces that a model takes which is to see the images; none: any.
  std::optional<FaceFormat> faces = {};
  // What pictures become for a model that takes any, where the options do not say.
  std::optional<FaceFormat> pictures = {};
  bool of_model = false;        // the data's own classes are no way out
  bool names_of_model = false;  // options.class_names were not given, but are the model's recipe's
};

// Whether images are in memory when a set was read, or lie where they come from and are decoded or
// drawn when they are asked for: each time, and so for who reads them once. A packed file's are
// always read when they are asked for, a CSV's are always in memory.
enum class Decoding { at_once, when_asked };

// Reads and joins all sets of `options.data`, or the first of the usual places (data/fer2013.csv,
// data/fer2013/fer2013.csv, data/fer2013/train) that is there, with the splits they come with; then
// joins FER+'s votes, then relabels by them, where the options ask for it. Pictures become faces of
// options.face_format(known.faces).
// @throws fer::Error as open_data does, and where a set has images of another format than that, be
// it asked for or the model's.
OpenedData read_data(const DataOptions& options, int threads, const KnownClasses& known = {},
                     Decoding decoding = Decoding::at_once);

// read_data; then cuts folds, which gives every image a split, or, without `folds`, gives a set
// that has training images and no validation split a stratified hold-out; then leaves out training
// images that are also in val or test, where the options ask for it.
// @throws fer::Error that says how to get FER2013 where nothing was named and nothing is there, for
// options that contradict each other or the data, and whatever the readers throw.
OpenedData open_data(const DataOptions& options, int threads, const KnownClasses& known = {});

// Whether all sets that the option `data` names are pictures or drawn, which become faces of the
// format that is wanted; those of CSVs and packed files stay as they are.
bool become_any_format(const DataOptions& options);

// Makes images without a split (of a plain folder, of a CSV without Usage) training images, also
// beside sets that have splits, and holds some out where there are no validation images yet.
void split_for_training(OpenedData& opened, const DataOptions& options);

}  // namespace fer::data
