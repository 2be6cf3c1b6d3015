#include "fer/data/data_options.h"

#include "fer/core/option_error.h"
#include "fer/data/class_names.h"

namespace fer::data {

std::span<const std::string_view> choice_names(UnknownClasses) {
  static constexpr std::string_view kNames[] = {"error", "skip"};
  return kNames;
}

std::span<const std::string_view> choice_names(BrokenImages) {
  static constexpr std::string_view kNames[] = {"error", "skip"};
  return kNames;
}

std::span<const std::string_view> choice_names(ClassSource) {
  static constexpr std::string_view kNames[] = {"known", "from-data"};
  return kNames;
}

std::span<const std::string_view> choice_names(LabelSource) {
  static constexpr std::string_view kNames[] = {"fer2013", "ferplus8"};
  return kNames;
}

std::span<const std::string_view> choice_names(DataColour) {
  static constexpr std::string_view kNames[] = {"auto", "grey", "rgb"};
  return kNames;
}

FaceFormat DataOptions::face_format(const std::optional<FaceFormat>& of_model) const {
  FaceFormat format = of_model.value_or(FaceFormat{});
  if (image_size > 0) format.width = format.height = static_cast<int>(image_size);
  if (colour != DataColour::automatic) {
    format.colour = colour == DataColour::grey ? Colour::grey : Colour::rgb;
  }
  return format;
}

void DataOptions::take_format(const FaceFormat& format) {
  image_size = format.width;
  colour = format.colour == Colour::grey ? DataColour::grey : DataColour::rgb;
}

void DataOptions::visit(OptionVisitor& visitor, std::string_view without_data) {
  visit_sets(visitor, without_data);
  visitor.field(Field("val_fraction",
                      "Share of each class that is held out for validation if a data set has no "
                      "validation split")
                    .defines_split()
                    .range(0.01, 0.5),
                val_fraction);
  visitor.field(
      Field(
          "split_seed",
          "Seed of the validation hold-out and of the folds: the same seed selects the same images")
          .defines_split()
          .range(0, 9e15),
      split_seed);
  visitor.field(Field("folds",
                      "Cross-validation: split all images but those of test into this many folds, "
                      "each class alike; 0 means no cross-validation, 1 is not allowed")
                    .defines_split()
                    .fixed_on_resume()
                    .range(0, 100),
                folds);
  visitor.field(Field("fold", "Fold that is the validation split, 1 to the number of " +
                                  option("folds") + "; required with " + option("folds") +
                                  ". The other folds are the training split")
                    .only_with("folds")
                    .without_default()
                    .defines_split()
                    .fixed_on_resume(),
                fold);
  visitor.field(Field("drop_duplicates",
                      "Leave out training images that equal a validation or test image pixel for "
                      "pixel"),
                drop_duplicates);
}

void DataOptions::visit_sets(OptionVisitor& visitor, std::string_view without_data) {
  visitor.group("Data");
  visitor.field(
      Field(
          "data",
          "Images: a FER2013 CSV, a folder train|val|test/CLASS/* or CLASS/*, a file written by "
          "fer-data pack, or synthetic[:N] (N drawn faces, 5,000 by default). Several are joined. "
          "Without this option: " +
              std::string(without_data))
          .file("DATA")
          .essential()
          .defines_data(),
      data);
  visitor.field(
      Field("image_size",
            "Side in pixels, 16 to 224, that pictures of folders (stretched if they are not "
            "square) and drawn faces are scaled to. CSVs and packed files keep their own size; "
            "naming another size is an error. 0 means the model's in fer-eval and fer-model, and "
            "48 elsewhere")
          .in("pixels")
          .defines_data()
          .range(0, kMostFaceSide),
      image_size);
  visitor.field(Field("colour",
                      "Colours that pictures of folders and drawn faces are converted to: grey or "
                      "rgb. auto means the model's in fer-eval and fer-model, and grey elsewhere")
                    .defines_data(),
                colour);
  visitor.field(Field("unknown_classes",
                      "What to do with images of unknown classes in folders, CSVs and packed "
                      "files: stop with an error, or skip them")
                    .defines_data(),
                unknown_classes);
  visitor.field(Field("broken_images",
                      "What to do with pictures of a folder that cannot be read: stop with an "
                      "error, or skip them"),
                broken_images);
  visitor.field(
      Field("classes",
            "Classes of a folder or CSV: known (the model's in fer-eval and fer-model, FER2013's "
            "elsewhere) or from-data (the names of the class folders or the values of column "
            "`emotion`, sorted)")
          .defines_data(),
      classes);
  visitor.field(Field("class_names",
                      "Class names for numbered folders or CSV labels, as in 1=surprise,2=fear; or "
                      "a JSON file with {\"1\": \"surprise\"}; fer-train stores them in the model")
                    .file("NAMES"),
                class_names);
  visitor.field(Field("ferplus",
                      "CSV of FER+'s votes (fer2013new.csv), which are joined with the images of " +
                          option("data") + " row by row")
                    .file("CSV")
                    .fixed_on_resume(),
                ferplus);
  visitor.field(Field("labels",
                      "Labels of the images: those of the data, or FER+'s eight classes by the "
                      "majority of the votes of " +
                          option("ferplus"))
                    .defines_split(),
                labels);
}

void DataOptions::validate_sets() const {
  ClassNames::read(class_names);
  if (image_size != 0 && image_size < kLeastFaceSide) {
    throw OptionError("image_size", std::to_string(image_size),
                      "is not allowed; allowed: " + std::to_string(kLeastFaceSide) + " to " +
                          std::to_string(kMostFaceSide) + ", or 0");
  }
}

void DataOptions::validate() const {
  validate_sets();
  if (folds == 1) throw OptionError("folds", "1 is not allowed; allowed: 0 (off), 2 to 100");
  if (folds == 0 && fold != 0) {
    throw OptionError("fold", std::to_string(fold),
                      "needs " + option("folds") + " beside it, 2 to 100");
  }
  if (folds != 0 && (fold < 1 || fold > folds)) {
    throw OptionError("fold", std::to_string(fold) + " is not allowed; allowed with " +
                                  option("folds") + " " + std::to_string(folds) + ": 1 to " +
                                  std::to_string(folds));
  }
}

}  // namespace fer::data
