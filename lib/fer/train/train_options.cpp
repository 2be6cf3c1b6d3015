#include "fer/train/train_options.h"

namespace fer {

void TrainOptions::visit(OptionVisitor& visitor) {
  visitor.field(Field("arch", "Network to train; --list-archs shows the table"), arch);
  visitor.field(Field("epochs", "Most passes over the training images").range(1, 100'000), epochs);
  visitor.field(Field("batch_size", "Images a training step").range(1, 65'536), batch_size);
  visitor.field(Field("lr", "Learning rate: Adam's step size").range(1e-9, 10), lr);
  visitor.field(Field("patience", "Stop after this many epochs without a better score; 0 never stops")
                    .in("epochs")
                    .range(0, 100'000),
                patience);
  visitor.field(Field("monitor", "Validation score that decides which epoch is kept")
                    .one_of({"val_accuracy", "val_loss", "val_balanced_accuracy"}),
                monitor);
  augment.visit(visitor);
}

}  // namespace fer
