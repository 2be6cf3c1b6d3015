#include "fer/train/loss_options.h"

#include <cmath>

namespace fer {

void LossOptions::visit(OptionVisitor& visitor) {
  visitor.field(Field("loss",
                      "What is minimised; focal (Lin et al. 2017) looks less at what is "
                      "already right")
                    .one_of({"cross_entropy", "focal"}),
                loss);
  visitor.field(Field("focal_gamma", "With focal: how much less").range(0, 10), focal_gamma);
  visitor.field(Field("label_smoothing",
                      "Share of each label given to all classes alike (Szegedy et "
                      "al. 2016)")
                    .range(0, 0.9),
                label_smoothing);
  visitor.field(Field("class_weights",
                      "Weight of each class in the loss: inverse to its images, or "
                      "to their effective number (Cui et al. 2019)")
                    .one_of({"none", "inverse", "effective"}),
                class_weights);
  visitor.field(Field("effective_beta", "With effective: 0 weighs all alike, towards 1 inversely")
                    .range(0, 0.999999),
                effective_beta);
  visitor.field(Field("sampling",
                      "Which images an epoch draws: each once, or each class as often as "
                      "any other")
                    .fixed_on_resume()
                    .one_of({"uniform", "balanced"}),
                sampling);
  visitor.field(Field("ferplus_targets",
                      "Learn from FER+'s votes (--ferplus) instead of the labels: "
                      "majority, probability or crossentropy (Barsoum et al. "
                      "2016); images they reject are left out")
                    .fixed_on_resume()
                    .one_of({"off", "majority", "probability", "crossentropy"}),
                ferplus_targets);
  visitor.field(
      Field("ferplus_weight",
            "Share of the votes in what is learnt, with --ferplus-targets; the data set's "
            "label has the rest")
          .fixed_on_resume()
          .range(0, 1),
      ferplus_weight);
  visitor.field(Field("logit_adjustment",
                      "Favour rare classes: this many times the logarithm of each class's share is "
                      "added to the logits in the loss (Menon et al. 2021); 1 aims at balanced "
                      "accuracy, 0 at accuracy")
                    .fixed_on_resume()
                    .range(0, 4),
                logit_adjustment);
  visitor.field(Field("distill",
                      "Learn from this model too: a file, run folder or released name; may "
                      "repeat, the mean teaches (Hinton et al. 2015)")
                    .fixed_on_resume(),
                distill);
  visitor.field(Field("distill_weight", "Share of the teachers' part in the loss").range(0, 1),
                distill_weight);
  visitor.field(Field("distill_temperature", "What divides the logits there").range(0.1, 100),
                distill_temperature);
}

std::vector<double> class_weights(const LossOptions& options,
                                  const std::vector<std::int64_t>& counts) {
  std::vector<double> weights;
  double sum = 0.0;
  double present = 0.0;
  for (const std::int64_t count : counts) {
    const auto n = static_cast<double>(count);
    double weight = count > 0 ? 1.0 : 0.0;
    if (count > 0 && options.class_weights == "inverse") weight = 1.0 / n;
    if (count > 0 && options.class_weights == "effective") {
      weight = (1.0 - options.effective_beta) / (1.0 - std::pow(options.effective_beta, n));
    }
    weights.push_back(weight);
    sum += weight;
    present += count > 0 ? 1.0 : 0.0;
  }
  for (double& weight : weights) weight = sum > 0.0 ? weight * present / sum : weight;
  return weights;
}

std::vector<double> logit_adjustments(const LossOptions& options,
                                      const std::vector<std::int64_t>& counts) {
  double sum = 0.0;
  for (const std::int64_t count : counts) sum += static_cast<double>(count);
  std::vector<double> added;
  for (const std::int64_t count : counts) {
    added.push_back(
        count > 0 ? options.logit_adjustment * std::log(static_cast<double>(count) / sum) : 0.0);
  }
  return added;
}

}  // namespace fer
