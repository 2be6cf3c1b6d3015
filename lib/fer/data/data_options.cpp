#include "fer/data/data_options.h"

namespace fer {

void DataOptions::visit(OptionVisitor& visitor) {
  visit_sets(visitor);
  visitor.field(Field("val_fraction",
                      "Share of each class held out for validation where a set has no validation "
                      "split")
                    .range(0.01, 0.5),
                val_fraction);
  visitor.field(Field("split_seed", "Seed of that hold-out: the same seed holds out the same images")
                    .range(0, 9e15),
                split_seed);
}

void DataOptions::visit_sets(OptionVisitor& visitor) {
  visitor.field(Field("data",
                      "Images: a FER2013 CSV, a folder train|val|test/CLASS/* or CLASS/*, or "
                      "synthetic[:N]; may repeat, sets are joined. Without it data/fer2013.csv and "
                      "its usual places are searched"),
                data);
  visitor.field(Field("unknown_classes", "What to do with folders that are named like no class")
                    .one_of({"error", "skip"}),
                unknown_classes);
}

}  // namespace fer
