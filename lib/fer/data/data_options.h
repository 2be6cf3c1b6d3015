// Which images a program works on. Free of LibTorch, so that the programs need not include it.
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

// Images whose class is not known.
enum class UnknownClasses { error, skip };
std::span<const std::string_view> choice_names(UnknownClasses);

// Pictures of a folder that cannot be read.
enum class BrokenImages { error, skip };
std::span<const std::string_view> choice_names(BrokenImages);

// Whose class names a folder's or CSV's images have: those that are known, or its own.
enum class ClassSource { known, from_data };
std::span<const std::string_view> choice_names(ClassSource);

// What images are labelled by: the data, or the majority of FER+'s votes.
enum class LabelSource { fer2013, ferplus8 };
std::span<const std::string_view> choice_names(LabelSource);

// What pictures become. `automatic` is called "auto".
enum class DataColour { automatic, grey, rgb };
std::span<const std::string_view> choice_names(DataColour);

struct DataOptions {
  std::vector<std::string> data;  // sets to join; none: the usual places are searched
  std::int64_t image_size = 0;    // side of the images; 0: see face_format()
  DataColour colour = DataColour::automatic;
  UnknownClasses unknown_classes = UnknownClasses::error;
  BrokenImages broken_images = BrokenImages::error;
  ClassSource classes = ClassSource::known;
  std::string class_names;  // what they are called: 1=surprise,… (data/class_names.h)
  std::string ferplus;      // FER+'s CSV, joined by row
  LabelSource labels = LabelSource::fer2013;
  double val_fraction = 0.1;     // hold-out where a set has no validation split
  std::int64_t split_seed = 0;   // of hold-out and folds; the same seed, the same images
  std::int64_t folds = 0;        // 0: no cross-validation
  std::int64_t fold = 0;         // which one is validated on; 1 to folds
  bool drop_duplicates = false;  // training images that are also in val or test

  // What pictures of folders and drawn faces become: what the options say, else what a model that
  // is to see them takes, else FER2013's 48x48 grey.
  FaceFormat face_format(const std::optional<FaceFormat>& of_model = std::nullopt) const;
  // Whether the options leave it to data that have a format of their own.
  void take_format(const FaceFormat& format);  // as if the options named it; grey or rgb
  bool takes_any_format() const { return image_size == 0 && colour == DataColour::automatic; }

  // `without_data`: for help, what happens where no set is named.
  void visit(OptionVisitor& visitor, std::string_view without_data = kUsualSets);
  // @throws fer::Error naming the options that do not go together, or class names that are none.
  void validate() const;
  void validate_sets() const;  // for programs that take sets as they are
  // Without the options of splits, for programs that take sets as they are.
  void visit_sets(OptionVisitor& visitor, std::string_view without_data = kUsualSets);

  static constexpr std::string_view kUsualSets =
      "data/fer2013.csv, data/fer2013/fer2013.csv or data/fer2013/train";
};

}  // namespace fer::data
