// The options that select the images of a program. Needs no LibTorch.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/options.h"

namespace fer::data {

// What to do with images of unknown classes.
enum class UnknownClasses { error, skip };
std::span<const std::string_view> choice_names(UnknownClasses);

// What to do with a folder's pictures that cannot be read.
enum class BrokenImages { error, skip };
std::span<const std::string_view> choice_names(BrokenImages);

// The class names of a folder or CSV: the known ones, or its own.
enum class ClassSource { known, from_data };
std::span<const std::string_view> choice_names(ClassSource);

// The source of labels: the data, or the majority of FER+'s votes.
enum class LabelSource { fer2013, ferplus8 };
std::span<const std::string_view> choice_names(LabelSource);

// The colours that pictures are converted to. `automatic` is called "auto".
enum class DataColour { automatic, grey, rgb };
std::span<const std::string_view> choice_names(DataColour);

struct DataOptions {
  std::vector<std::string> data;  // sets to join; empty: the usual places are searched
  std::int64_t image_size = 0;    // side of the images; 0: see face_format()
  DataColour colour = DataColour::automatic;
  UnknownClasses unknown_classes = UnknownClasses::error;
  BrokenImages broken_images = BrokenImages::error;
  ClassSource classes = ClassSource::known;
  std::string class_names;  // names of classes: 1=surprise,… (data/class_names.h)
  std::string ferplus;      // FER+'s CSV, joined by row
  LabelSource labels = LabelSource::fer2013;
  double val_fraction = 0.1;     // hold-out for a set without a validation split
  std::int64_t split_seed = 0;   // of hold-out and folds; selects the same images each time
  std::int64_t folds = 0;        // 0: no cross-validation
  std::int64_t fold = 0;         // the validation fold; 1 to folds
  bool drop_duplicates = false;  // removes training images that are also in val or test

  // The format that pictures of folders and drawn faces are converted to: by the options, otherwise
  // the model's (`of_model`), otherwise FER2013's 48x48 grey.
  FaceFormat face_format(const std::optional<FaceFormat>& of_model = std::nullopt) const;
  void take_format(const FaceFormat& format);  // as if the options named it; grey or rgb
  // Whether the options accept any format of data that are not converted.
  bool takes_any_format() const { return image_size == 0 && colour == DataColour::automatic; }

  // `without_data`: for help: the data that are used if no set is named.
  void visit(OptionVisitor& visitor, std::string_view without_data = kUsualSets);
  // @throws fer::Error naming options that exclude each other, and for invalid class names.
  void validate() const;
  void validate_sets() const;  // for programs without the options of splits
  // Without the options of splits, for programs that do not split sets.
  void visit_sets(OptionVisitor& visitor, std::string_view without_data = kUsualSets);

  static constexpr std::string_view kUsualSets =
      "data/fer2013.csv, data/fer2013/fer2013.csv or data/fer2013/train";
};

}  // namespace fer::data
