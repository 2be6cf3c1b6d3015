#include "fer/train/loss_options.h"

#include <cmath>

#include "fer/core/option_error.h"
#include "fer/model/model_help.h"

namespace fer::train {

std::span<const std::string_view> choice_names(LossKind) {
  static constexpr std::string_view kNames[] = {"cross_entropy", "focal"};
  return kNames;
}

std::span<const std::string_view> choice_names(ClassWeights) {
  static constexpr std::string_view kNames[] = {"none", "inverse", "effective"};
  return kNames;
}

std::span<const std::string_view> choice_names(Sampling) {
  static constexpr std::string_view kNames[] = {"uniform", "balanced"};
  return kNames;
}

std::span<const std::string_view> choice_names(FerplusTargets) {
  static constexpr std::string_view kNames[] = {"off", "majority", "probability", "crossentropy"};
  return kNames;
}

void LossOptions::visit(OptionVisitor& visitor) {
  visitor.group("Loss");
  visitor.field(Field("loss",
                      "Loss function; focal (Lin et al. 2017) gives less weight to images that are "
                      "already classified well"),
                loss);
  visitor.field(Field("focal_gamma", "Focusing parameter gamma of the focal loss")
                    .only_with("loss", {"focal"})
                    .range(0, 10),
                focal_gamma);
  visitor.field(
      Field("label_smoothing",
            "Fraction of each label that is spread evenly over all classes (Szegedy et al. 2016)")
          .range(0, 0.9),
      label_smoothing);
  visitor.field(Field("class_weights",
                      "Weight of each class in the loss: none (all 1), inverse (1 / number of "
                      "images) or effective (1 / effective number of images, Cui et al. 2019)"),
                class_weights);
  visitor.field(
      Field("effective_beta",
            "Parameter beta of the effective number of images: 0 gives all classes the same "
            "weight, values near 1 give the weights of inverse")
          .only_with("class_weights", {"effective"})
          .range(0, 0.999999),
      effective_beta);
  visitor.field(
      Field("sampling",
            "Images of an epoch: uniform (each image once) or balanced (each class equally often)")
          .fixed_on_resume(),
      sampling);
  visitor.field(
      Field("ferplus_targets",
            "Train on FER+'s votes (" + option("ferplus") +
                ") instead of the labels (Barsoum et al. 2016): majority (the emotion with more "
                "than half of the votes), probability (one emotion drawn from the votes each "
                "epoch), crossentropy (the distribution of votes). Images are left out whose votes "
                "agree too little, or whose winner is not a class (unknown, not a face)")
          .fixed_on_resume(),
      ferplus_targets);
  visitor.field(
      Field("ferplus_weight",
            "Fraction of the training target that the votes make up; the data set's label makes up "
            "the rest")
          .only_with("ferplus_targets")
          .fixed_on_resume()
          .range(0, 1),
      ferplus_weight);
  visitor.field(Field("logit_adjustment",
                      "Logit adjustment (Menon et al. 2021), which favours rare classes: the loss "
                      "adds X times the logarithm of each class's share of the images to the "
                      "logits; 1 aims at balanced accuracy, 0 at accuracy")
                    .fixed_on_resume()
                    .range(0, 4),
                logit_adjustment);
  visitor.field(
      Field("distill",
            std::string("Teacher model of knowledge distillation (Hinton et al. 2015): ") +
                model::kModelNames + "; several teachers are averaged")
          .file("MODEL")
          .fixed_on_resume(),
      distill);
  visitor.field(
      Field("distill_weight",
            "Weight X of the distillation loss; the loss on the labels has the weight 1 - X")
          .only_with("distill")
          .range(0, 1),
      distill_weight);
  visitor.field(Field("distill_temperature",
                      "Temperature by which distillation divides the logits of both models")
                    .only_with("distill")
                    .range(0.1, 100),
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
    if (count > 0 && options.class_weights == ClassWeights::inverse) weight = 1.0 / n;
    if (count > 0 && options.class_weights == ClassWeights::effective) {
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

}  // namespace fer::train
