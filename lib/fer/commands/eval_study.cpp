#include "fer/commands/eval_study.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <span>

#include "fer/commands/eval_data.h"
#include "fer/core/error.h"
#include "fer/core/random.h"
#include "fer/core/text.h"
#include "fer/data/equal_images.h"
#include "fer/data/vote_targets.h"
#include "fer/data/votes.h"
#include "fer/eval/corruptions.h"
#include "fer/eval/majority_score.h"
#include "fer/infer/ensemble.h"
#include "fer/metrics/mixture_weights.h"

namespace fer {

namespace {

std::vector<Model> bare(const std::vector<NamedModel>& models) {
  std::vector<Model> plain;
  for (const NamedModel& model : models) plain.push_back(model.model);
  return plain;
}

FaceSet validation_set(const EvalCommandOptions& options, const NamedModel& model,
                       Console& console) {
  return open_evaluation_data(options.data, "val", model.model.info, options.common.thread_count(),
                              console);
}

// What `models` have seen of the set. Nothing where none of them knows.
std::optional<SeenSplit> count_seen(const FaceSet& set, const std::vector<NamedModel>& models,
                                    const at::Tensor& probabilities) {
  SeenSplit split;
  at::Tensor seen = at::zeros({set.size()}, at::kBool);
  for (const NamedModel& named : models) {
    const std::vector<std::uint64_t>& known = named.model.info.training.image_hashes;
    if (known.empty()) ++split.unknown_models;
    seen = seen.logical_or(among(set.images, known));
  }
  if (split.unknown_models == static_cast<std::int64_t>(models.size())) return std::nullopt;
  const at::Tensor right = probabilities.argmax(1).eq(set.labels).logical_and(seen.logical_not());
  split.seen = seen.sum().item<std::int64_t>();
  split.unseen = {set.size() - split.seen, right.sum().item<std::int64_t>()};
  return split;
}

// Whether the epoch, the temperature or the weights were chosen by scores on these images.
std::optional<bool> chosen_on(const EvalStudy& study, const EvalCommandOptions& options) {
  bool known = true;
  for (const NamedModel& named : study.models) {
    const std::vector<std::uint64_t>& chosen = named.model.info.training.selection_hashes;
    if (among(study.set.images, chosen).any().item<bool>()) return true;
    known = known && !chosen.empty();
  }
  if (options.split == "val" && (!known || options.weights == "fitted")) return true;
  return known ? std::optional(false) : std::nullopt;
}

std::vector<double> fitted_weights(const EvalCommandOptions& options,
                                   const std::vector<NamedModel>& models, Console& console) {
  const FaceSet val = validation_set(options, models.front(), console);
  std::vector<at::Tensor> rows;
  std::vector<ScoredSamples> samples;
  for (const NamedModel& model : models) {
    rows.push_back(evaluate(model.model, val, options.batch_size, options.tta).probabilities);
    samples.push_back(scored(rows.back(), val));
  }
  const MixtureFit fit = fit_mixture_weights(samples);
  std::vector<std::string> words;
  for (const double weight : fit.weights) words.push_back(fixed(weight, 3));
  console.info("weights fitted on " + grouped(val.size()) +
               " validation images: " + join(words, ", ") + " (NLL " + fixed(fit.nll_equal, 4) +
               " -> " + fixed(fit.nll, 4) + ")");
  const auto seen = count_seen(val, models, rows.front());
  if (seen && seen->seen > 0) {
    console.warn(grouped(seen->seen) +
                 " of the images that the weights are fitted on are training images of a model "
                 "of the ensemble, whose weight is therefore too high");
  }
  if (options.split == "val") {
    console.warn(
        "the weights are fitted on the images that are evaluated, so the score is too high");
  }
  return fit.weights;
}

std::vector<CorruptionErrors> errors_when_corrupted(const EvalCommandOptions& options,
                                                    const FaceSet& set, const Ensemble& ensemble,
                                                    const RandomStream& stream, Console& console) {
  std::vector<CorruptionErrors> all;
  for (const Corruption& corruption : corruptions()) {
    CorruptionErrors errors{corruption.name, {}};
    for (int strength = 1; strength <= kCorruptionStrengths; ++strength) {
      const at::Tensor images =
          corrupted(set.images, corruption, strength, stream.child("corruptions"));
      const at::Tensor said = ensemble.probabilities(images, options.batch_size, options.tta);
      errors.errors.push_back(said.argmax(1).ne(set.labels).to(at::kDouble).mean().item<double>());
    }
    console.info(with_blanks(corruption.name) + ": accuracy " +
                 percent(1.0 - errors.errors.front(), 1) + " to " +
                 percent(1.0 - errors.errors.back(), 1));
    all.push_back(std::move(errors));
  }
  return all;
}

// Each a model, or those of an ensemble.
std::vector<std::vector<NamedModel>> load_rivals(const EvalCommandOptions& options,
                                                 const LabelSet& labels) {
  std::vector<std::vector<NamedModel>> rivals;
  for (const std::string& name : options.compare) {
    rivals.push_back(load_models({name}, options.common.device, "--compare"));
    order_classes(rivals.back(), labels, "--compare");
  }
  return rivals;
}

// The first is put to the same corruptions: errors relative to another model's say most.
std::vector<RivalModel> judge_rivals(const EvalCommandOptions& options, const EvalStudy& study,
                                     const std::vector<std::vector<NamedModel>>& all,
                                     const RandomStream& stream, Console& console) {
  std::vector<RivalModel> rivals;
  for (const std::vector<NamedModel>& models : all) {
    RivalModel& rival = rivals.emplace_back();
    const Ensemble ensemble(bare(models), own_weights(models));
    rival.name = joint_name(models);
    rival.evaluation = evaluate(ensemble, study.set, options.batch_size, options.tta);
    rival.versus = compare_paired(scored(study.evaluation.probabilities, study.set),
                                  scored(rival.evaluation.probabilities, study.set),
                                  stream.child("bootstrap"));
    rival.seen = count_seen(study.set, models, rival.evaluation.probabilities);
    if (options.corrupt && rivals.size() == 1) {
      console.info(rival.name + " under the same corruptions");
      rival.errors = errors_when_corrupted(options, study.set, ensemble, stream, console);
    }
  }
  return rivals;
}

// FER+'s columns, the set's classes first; nothing where it has a class FER+ does not ask for.
std::optional<VoteScores> judge_by_votes(const EvalStudy& study) {
  if (!study.set.votes.defined()) return std::nullopt;
  const LabelSet& labels = study.set.label_set;
  std::vector<std::int64_t> of_class(labels.size(), -1), rest;
  for (std::size_t column = 0; column < kVoteColumns; ++column) {
    const std::optional<std::size_t> label = labels.find(kVoteNames[column]);
    (label ? of_class[*label] : rest.emplace_back()) = static_cast<std::int64_t>(column);
  }
  if (std::find(of_class.begin(), of_class.end(), -1) != of_class.end()) return std::nullopt;
  of_class.insert(of_class.end(), rest.begin(), rest.end());
  const at::Tensor votes = study.set.votes.index_select(1, at::tensor(of_class)).contiguous();
  return vote_scores(
      scored(study.evaluation.probabilities, study.set),
      std::span(votes.const_data_ptr<std::uint8_t>(), static_cast<std::size_t>(votes.numel())),
      kVoteColumns);
}

// In place. Matrices alone: all the size is theirs, and a normalisation's variance may be too large or
// too small for halves.
void halve(Classifier& net) {
  const at::NoGradGuard no_grad;
  for (at::Tensor& weight : net.parameters()) {
    if (weight.dim() > 1) weight.set_data(weight.to(at::kHalf));
  }
}

struct CountedFit {
  TemperatureFit fit;
  std::int64_t images = 0;  // it was fitted on
};

// By the votes: on the images that FERPlus' rules keep, with their shares as the truth.
CountedFit fit_to(CalibrationTruth truth, const at::Tensor& probabilities, const FaceSet& val) {
  if (truth == CalibrationTruth::labels) {
    return {fit_temperature(scored(probabilities, val)), val.size()};
  }
  if (!val.votes.defined()) {
    throw Error("--calibrate-to votes: the validation images of " + val.source +
                " have no votes; name FER+'s CSV by --ferplus");
  }
  const VoteTargets votes = vote_targets(val.votes, val.label_set, VoteMode::crossentropy);
  const at::Tensor rows = votes.kept.nonzero().flatten();
  if (rows.size(0) == 0) {
    throw Error("--calibrate-to votes: no validation image of " + val.source +
                " has votes that agree");
  }
  const at::Tensor kept = probabilities.index_select(0, rows).contiguous();
  const at::Tensor targets = votes.targets.index_select(0, rows).contiguous();
  const auto values = [](const at::Tensor& tensor) {
    return std::span(tensor.const_data_ptr<float>(), static_cast<std::size_t>(tensor.numel()));
  };
  return {fit_temperature(ProbabilityRows(values(kept), val.label_set.size()), values(targets)),
          rows.size(0)};
}

// Writes the model again with the temperature under which the validation images are most likely, each
// seen once: with test-time augmentation the temperature is applied before the mean, not after.
Calibration calibrate(const EvalCommandOptions& options, const NamedModel& named,
                      const FaceSet& val, Console& console) {
  const Evaluation said = evaluate(named.model, val, options.batch_size);
  const auto [fit, images] = fit_to(options.calibrate_to, said.probabilities, val);
  Model model = named.model;
  if (options.store == "float16") {
    model = load_model(named.path);  // the one in hand goes on being used
    halve(*model.net);
  }
  // The probabilities already had the model's own temperature.
  const double temperature = model.info.temperature * fit.temperature;
  const bool usable =
      !fit.at_bound && temperature >= kLeastTemperature && temperature <= kMostTemperature;
  if (usable) {
    model.info.temperature = temperature;
    std::vector<std::uint64_t>& chosen = model.info.training.selection_hashes;
    chosen = united(chosen, distinct_hashes(val.images));
  }
  if (!options.licence.empty()) model.info.licence = options.licence;
  save_model(options.calibrate, model);
  console.info("temperature " + fixed(model.info.temperature, 4) +
               (usable ? " fitted on " + grouped(images) + " validation images: NLL " +
                             fixed(fit.nll_before, 4) + " -> " + fixed(fit.nll_after, 4)
                       : " kept") +
               "; written to " + options.calibrate);
  constexpr std::int64_t kFewImages = 100;
  if (usable && images < kFewImages) {
    console.warn("a temperature fitted on " + grouped(images) +
                 " images is not reliable; some hundred are needed");
  }
  if (!usable) {
    console.warn("no temperature fits the " + grouped(images) +
                 " validation images: they are too few, all right or all wrong");
  }
  return {fit, model.info.temperature};
}

}  // namespace

EvalStudy run_study(const EvalCommandOptions& options, Console& console) {
  EvalStudy study;
  study.models = load_models(options.model, options.common.device);
  if (!options.calibrate.empty() && study.models.size() > 1) {
    throw Error("--calibrate: fits one model; these are " + std::to_string(study.models.size()) +
                ": " + joint_name(study.models));
  }
  // Now: what is wrong with one is to be known early.
  const auto rivals = load_rivals(options, study.models.front().model.info.labels);
  if (options.weights != "equal" && study.models.size() < 2) {
    throw Error("--weights " + options.weights + ": there is one model; repeat --model for more");
  }
  std::vector<double> weights = given_weights(options.weights, study.models.size());
  study.set = open_evaluation_data(options.data, options.split, study.models.front().model.info,
                                   options.common.thread_count(), console);
  console.info(joint_name(study.models) + " on " + grouped(study.set.size()) + " images of " +
               study.set.source + ", split " + options.split);
  if (options.weights == "fitted") weights = fitted_weights(options, study.models, console);
  if (!options.calibrate.empty()) {
    const NamedModel& model = study.models.front();
    study.calibrated = calibrate(options, model, validation_set(options, model, console), console);
  }
  if (weights.empty()) weights = own_weights(study.models);
  const Ensemble ensemble(bare(study.models), std::move(weights));
  study.weights = ensemble.weights();
  study.evaluation = evaluate(ensemble, study.set, options.batch_size, options.tta);
  const RandomStream stream(static_cast<std::uint64_t>(options.common.seed));
  study.seen = count_seen(study.set, study.models, study.evaluation.probabilities);
  study.chosen_on_split = chosen_on(study, options);
  study.votes = judge_by_votes(study);
  study.majority = majority_score(study.evaluation.probabilities, study.set);
  if (options.corrupt) {
    study.errors = errors_when_corrupted(options, study.set, ensemble, stream, console);
  }
  study.rivals = judge_rivals(options, study, rivals, stream, console);
  return study;
}

}  // namespace fer
