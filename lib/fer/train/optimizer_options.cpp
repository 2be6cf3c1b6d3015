#include "fer/train/optimizer_options.h"

#include "fer/core/option_error.h"

namespace fer::train {

std::span<const std::string_view> choice_names(OptimizerKind) {
  static constexpr std::string_view kNames[] = {"adam", "adamw", "sgd"};
  return kNames;
}

std::span<const std::string_view> choice_names(SamKind) {
  static constexpr std::string_view kNames[] = {"off", "sam", "asam"};
  return kNames;
}

void OptimizerOptions::visit(OptionVisitor& visitor) {
  visitor.group("Optimiser");
  visitor.field(Field("optimizer", "Optimiser; sgd has Nesterov momentum").fixed_on_resume(),
                optimizer);
  visitor.field(
      Field("lr", "Learning rate, the highest of the schedule").essential().range(1e-9, 100), lr);
  visitor.field(Field("weight_decay",
                      "Weight decay, except for biases and normalisation layers; part of the "
                      "gradient (L2) with adam and sgd, decoupled with adamw")
                    .range(0, 1),
                weight_decay);
  visitor.field(Field("momentum", "Momentum of sgd")
                    .only_with("optimizer", {"sgd"})
                    .fixed_on_resume()
                    .range(0, 0.999),
                momentum);
  visitor.field(Field("body_lr", "Learning rate of all layers but the last, as a factor of " +
                                     option("lr") + "; for fine-tuning with " + option("init_from"))
                    .range(0, 1),
                body_lr);
  visitor.field(
      Field("clip_grad",
            "Largest norm of the gradient over all parameters; larger gradients are scaled down to "
            "it; 0 is off")
          .range(0, 1e6),
      clip_grad);
  visitor.field(Field("accumulate", "Number of batches whose gradients are averaged for one step")
                    .fixed_on_resume()
                    .range(1, 1024),
                accumulate);
  visitor.field(Field("sam",
                      "Sharpness-aware minimisation: sam (Foret et al. 2021) or asam (Kwon et al. "
                      "2021); a step takes twice as long"),
                sam);
  visitor.field(Field("sam_rho", "Radius rho of the neighbourhood of sharpness-aware minimisation")
                    .only_with("sam", {"sam", "asam"})
                    .range(1e-6, 10),
                sam_rho);
  visitor.field(Field("ema",
                      "Decay per step of an exponential moving average of the weights; the "
                      "averaged weights are evaluated and saved; 0 is off")
                    .fixed_on_resume()
                    .range(0, 0.99999),
                ema);
}

}  // namespace fer::train
