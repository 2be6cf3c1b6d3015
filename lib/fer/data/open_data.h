// Opens the data of the option `data`, by one table of formats.
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
  std::vector<std::string> notes;  // messages for the user: hold-outs, skipped folders
};

// The classes to match folders and emotions of a CSV with: FER2013's, or those of the model that
// will see the images; and the wanted format of the images.
struct KnownClasses {
  KnownClasses() = default;
  KnownClasses(LabelSet known) : labels(std::move(known)) {}  // NOLINT: of anybody's classes

  LabelSet labels = LabelSet::fer2013();
  // The format of the model that will see the images; nothing: any.
  std::optional<FaceFormat> faces = {};
  // The default format of pictures for a model that takes any.
  std::optional<FaceFormat> pictures = {};
  bool of_model = false;        // the data's own classes are no option
  bool names_of_model = false;  // options.class_names come from the model's recipe
};

// Whether pictures and drawn faces are made at once and kept in memory, or at each access, for code
// that reads them only once. Images of packed files are always read on access, those of CSVs are
// always in memory.
enum class Decoding { at_once, when_asked };

// Reads and joins all sets of `options.data`, or the first of the usual places (data/fer2013.csv,
// data/fer2013/fer2013.csv, data/fer2013/train) that exists, with their own splits; then, if the
// options want it, joins FER+'s votes and relabels by them. Pictures are converted to
// options.face_format(known.faces). @throws fer::Error as open_data does, and for a set with images
// of another format, whether the options or the model demand it.
OpenedData read_data(const DataOptions& options, int threads, const KnownClasses& known = {},
                     Decoding decoding = Decoding::at_once);

// read_data(); then makes folds, which give every image a split, or, without `folds`, a stratified
// hold-out for a set with training images and no validation split; then, if the options want it,
// drops training images that are also in val or test. @throws fer::Error, with advice on how to get
// FER2013, if no data was named or found, for options that contradict each other or the data, and
// as the readers do.
OpenedData open_data(const DataOptions& options, int threads, const KnownClasses& known = {});

// Whether all sets that the option `data` names are pictures or drawn, which become faces of the
// format that is wanted; those of CSVs and packed files stay as they are.
bool become_any_format(const DataOptions& options);

// Makes images without a split (of a plain folder, of a CSV without Usage) training images, also
// beside sets with splits, and holds some out if there are no validation images yet.
void split_for_training(OpenedData& opened, const DataOptions& options);

}  // namespace fer::data
