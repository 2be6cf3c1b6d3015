#include "fer/train/optimizer_options.h"

namespace fer {

void OptimizerOptions::visit(OptionVisitor& visitor) {
  visitor.field(Field("optimizer", "What turns gradients into steps; sgd has Nesterov's momentum")
                    .fixed_on_resume()
                    .one_of({"adam", "adamw", "sgd"}),
                optimizer);
  visitor.field(Field("lr", "Learning rate, the schedule's highest").range(1e-9, 100), lr);
  visitor.field(Field("weight_decay",
                      "Decay of weights, not of biases and normalisations; with adam "
                      "and sgd part of the gradient, with adamw apart from it")
                    .range(0, 1),
                weight_decay);
  visitor.field(Field("momentum", "Momentum of sgd").fixed_on_resume().range(0, 0.999), momentum);
  visitor.field(Field("body_lr",
                      "Factor on the learning rate of all but the last layer, for models "
                      "that start from others (--init-from)")
                    .range(0, 1),
                body_lr);
  visitor.field(Field("clip_grad", "Largest norm of all gradients together; 0 leaves them alone")
                    .range(0, 1e6),
                clip_grad);
  visitor.field(
      Field("accumulate",
            "Batches whose gradients make one step; on a CPU each core takes whole batches if "
            "they are a multiple of --threads (or nearly) and nothing is dropped at random")
          .fixed_on_resume()
          .range(1, 1024),
      accumulate);
  visitor.field(Field("sam",
                      "Sharpness-aware minimisation: sam (Foret et al. 2021), asam (Kwon et "
                      "al. 2021); a step costs two")
                    .one_of({"off", "sam", "asam"}),
                sam);
  visitor.field(Field("sam_rho", "How far sharpness-aware minimisation looks").range(1e-6, 10),
                sam_rho);
  visitor.field(Field("ema",
                      "Keep a running average of the weights with this decay a step, and "
                      "judge and keep that; 0 keeps none")
                    .fixed_on_resume()
                    .range(0, 0.99999),
                ema);
}

}  // namespace fer
