#include "fer/data/data_options.h"

#include "fer/core/error.h"
#include "fer/data/class_names.h"

namespace fer {

void DataOptions::visit(OptionVisitor& visitor) {
  visit_sets(visitor);
  visitor.field(Field("val_fraction",
                      "Share of each class held out for validation where a set has no validation "
                      "split")
                    .range(0.01, 0.5),
                val_fraction);
  visitor.field(
      Field("split_seed", "Seed of that hold-out and of the folds: the same seed, the same images")
          .range(0, 9e15),
      split_seed);
  visitor.field(Field("folds",
                      "Cross-validation: cut all images but those of test into this many folds, "
                      "each class alike; 0: off, 1 is not allowed")
                    .fixed_on_resume()
                    .range(0, 100),
                folds);
  visitor.field(Field("fold", "Which fold is validated on, 1 to --folds; the others are trained on")
                    .fixed_on_resume()
                    .range(0, 100),
                fold);
  visitor.field(Field("drop_duplicates",
                      "Leave out training images that are pixel for pixel equal to a validation or "
                      "test image"),
                drop_duplicates);
}

void DataOptions::visit_sets(OptionVisitor& visitor) {
  visitor.field(
      Field("data",
            "Images: a FER2013 CSV, a folder train|val|test/CLASS/* or CLASS/*, a file of "
            "fer-data pack, or synthetic[:N]; may repeat, sets are joined. Without it "
            "data/fer2013.csv and its usual places are searched"),
      data);
  visitor.field(Field("unknown_classes",
                      "Images whose class is not known (folders, CSV rows, packed sets): error or "
                      "skip")
                    .one_of({"error", "skip"}),
                unknown_classes);
  visitor.field(Field("broken_images", "What to do with pictures of a folder that cannot be read")
                    .one_of({"error", "skip"}),
                broken_images);
  visitor.field(Field("classes",
                      "Classes of a folder or CSV: the known ones (FER2013's; for fer-eval the "
                      "model's), or those that its own folders are named after, or that its column "
                      "emotion holds, sorted by name")
                    .one_of({"known", "from-data"}),
                classes);
  visitor.field(Field("class_names",
                      "What the data's classes are called, where folders or a CSV number them: "
                      "1=surprise,2=fear, or a JSON file {\"1\": \"surprise\"}; the model is "
                      "given these names"),
                class_names);
  visitor.field(Field("ferplus",
                      "FER+'s CSV (fer2013new.csv): its votes are joined with the images of --data "
                      "row by row")
                    .fixed_on_resume(),
                ferplus);
  visitor.field(Field("labels",
                      "fer2013: those the data comes with; ferplus8: FER+'s eight classes, each "
                      "image under the majority of its votes, which --ferplus gives")
                    .one_of({"fer2013", "ferplus8"}),
                labels);
}

void DataOptions::validate() const {
  ClassNames::read(class_names);
  if (folds == 1) throw Error("--folds: 1 is not allowed; allowed: 0 (off), 2 to 100");
  if (folds == 0 && fold != 0) {
    throw Error("--fold " + std::to_string(fold) + ": needs --folds beside it, 2 to 100");
  }
  if (folds != 0 && (fold < 1 || fold > folds)) {
    throw Error("--fold: " + std::to_string(fold) + " is not allowed; allowed with --folds " +
                std::to_string(folds) + ": 1 to " + std::to_string(folds));
  }
}

}  // namespace fer
