#include "fer/eval/study.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <fstream>
#include <span>

#include "fer/core/hash.h"
#include "fer/core/option_error.h"
#include "fer/core/random.h"
#include "fer/core/text.h"
#include "fer/data/votes.h"
#include "fer/eval/bare_models.h"
#include "fer/eval/corruption_study.h"
#include "fer/eval/fitted_weights.h"
#include "fer/eval/majority_score.h"
#include "fer/nn/ensemble.h"
#include "fer/ranks/agreement.h"

namespace fer::eval {

namespace {

// Scores by FER+'s columns, with the set's classes first; nothing if the set has a class that FER+
// did not ask for.
std::optional<metrics::VoteScores> scores_by_votes(const EvalStudy& study) {
  if (!study.set.votes.defined()) return std::nullopt;
  const LabelSet& labels = study.set.label_set;
  std::vector<std::int64_t> of_class(labels.size(), -1), rest;
  for (std::size_t column = 0; column < data::kVoteColumns; ++column) {
    const std::optional<std::size_t> label = labels.find(data::kVoteNames[column]);
    (label ? of_class[*label] : rest.emplace_back()) = static_cast<std::int64_t>(column);
  }
  if (std::find(of_class.begin(), of_class.end(), -1) != of_class.end()) return std::nullopt;
  of_class.insert(of_class.end(), rest.begin(), rest.end());
  const at::Tensor votes = study.set.votes.index_select(1, at::tensor(of_class)).contiguous();
  return metrics::vote_scores(
      scored(study.evaluation.probabilities, study.set),
      std::span(votes.const_data_ptr<std::uint8_t>(), static_cast<std::size_t>(votes.numel())),
      data::kVoteColumns);
}

// Whether the epoch, the temperature or the weights were chosen by scores on these images.
std::optional<bool> chosen_on(const EvalStudy& study) {
  const auto chosen = chosen_by_scores_on(study.images, study.models);
  if (study.options.split != EvaluatedSplit::val) return chosen;
  if (study.options.weights == "fitted") return true;
  // Models that fer-train wrote are chosen by the validation split; for imported models it is not
  // known.
  const bool ours = std::any_of(study.models.begin(), study.models.end(),
                                [](const auto& named) { return !named.model.info.is_imported(); });
  return !chosen && ours ? true : chosen;
}

// Checks options and models against each other before the data are read.
void check_models(const EvalStudy& study, bool calibrates) {
  if (calibrates && study.models.size() > 1) {
    throw OptionError("calibrate", "fits one model; these are " +
                                       std::to_string(study.models.size()) + ": " +
                                       model::joint_name(study.models));
  }
  const nn::NamedModel& first = study.models.front();
  if (calibrates && !first.description.empty()) {
    throw OptionError("calibrate", "writes model files, and " + first.path.string() +
                                       " is none; fer-model import makes one of it");
  }
  if (study.options.weights != "equal" && study.models.size() < 2) {
    throw OptionError("weights", study.options.weights,
                      "there is one model; repeat " + option("model") + " for more");
  }
}

void add_file(Hasher& hasher, const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> block(1 << 20);
  while (file.read(block.data(), std::ssize(block)), file.gcount() > 0) {
    hasher.add(block.data(), static_cast<std::size_t>(file.gcount()));
  }
}

// Among ranks, each must have the images and the models of rank 0, possibly at other paths.
void check_same_inputs(const EvalStudy& study,
                       const std::vector<std::vector<nn::NamedModel>>& baselines,
                       ranks::Ranks& ranks) {
  if (!ranks.several()) return;
  Hasher hasher;
  const auto add = [&](const std::vector<nn::NamedModel>& models) {
    for (const nn::NamedModel& named : models) {
      add_file(hasher, named.path);
      if (!named.description.empty()) add_file(hasher, named.description);
    }
  };
  add(study.models);
  for (const auto& baseline : baselines) add(baseline);
  const std::string wanted = "; all processes need the same ";
  ranks::check_same_content(hex64(hasher.value()), "the models here are others than rank 0's",
                            wanted + option("model") + " and " + option("compare"), ranks);
  ranks::check_same_content(study.images.fingerprint(), "the images here are others than rank 0's",
                            wanted + option("data"), ranks);
}

std::vector<runtime::Precision> precisions_of(const std::vector<nn::NamedModel>& models,
                                              infer::Precision precision) {
  std::vector<runtime::Precision> precisions;
  for (const nn::NamedModel& named : models) {
    precisions.push_back(infer::resolved(precision, named.model.info, named.path.string()));
  }
  return precisions;
}

// Opens the models' validation images, on which weights and temperatures are fitted.
StudyImages validation_images(const EvalStudy& study, int threads, Log& log) {
  return open_study_images(study.options, EvaluatedSplit::val, {{study.models, "model"}}, threads,
                           log);
}

std::vector<AskedModels> all_models(const EvalStudy& study,
                                    const std::vector<std::vector<nn::NamedModel>>& baselines) {
  std::vector<AskedModels> all = {{study.models, "model"}};
  for (const auto& baseline : baselines) all.push_back({baseline, "compare"});
  return all;
}

std::vector<double> weights_of(const EvalStudy& study, std::vector<double> given, int threads,
                               Log& log) {
  const StudyOptions& options = study.options;
  if (options.weights != "fitted") return given.empty() ? model::own_weights(study.models) : given;
  std::vector<double> weights = fitted_weights(study.models, validation_images(study, threads, log),
                                               options.batch_size, options.tta, log);
  if (options.split == EvaluatedSplit::val) {
    log.warn("the weights are fitted on the images that are evaluated, so the score is too high");
  }
  return weights;
}

void check_corruptible(const data::FaceSet& set) {
  if (set.images.format() == FaceFormat{}) return;
  throw OptionError("corrupt", "the corruptions are defined for faces of 48x48 grey pixels, and " +
                                   set.source + " has " + text_of(set.images.format()));
}

}  // namespace

EvalStudy run_study(const StudyOptions& options, const Compute& compute, Log& log,
                    const std::optional<CalibrationOptions>& calibration, ranks::Ranks& ranks) {
  EvalStudy study;
  study.options = options;
  study.seed = compute.seed;
  model::OnnxSpecs specs(options.spec);
  study.models = nn::load_models(options.model, compute.device, "model", &specs);
  const LabelSet& labels = study.models.front().model.info.labels;
  const auto baselines = load_baselines(options, labels, compute.device, specs);
  specs.check_all_taken();
  check_models(study, calibration.has_value());
  study.precisions = precisions_of(study.models, options.precision);
  for (const auto& baseline : baselines) precisions_of(baseline, options.precision);
  std::vector<double> weights =
      model::given_weights(options.weights, study.models.size(), {"equal", "fitted"});
  study.images =
      open_study_images(options, options.split, all_models(study, baselines), compute.threads, log);
  study.set = study.images.set();
  if (options.corrupt) check_corruptible(study.set);
  log.info(model::joint_name(study.models) + " on " + grouped(study.set.size()) + " images of " +
           study.set.source + ", split " + choice_name(options.split));
  check_same_inputs(study, baselines, ranks);
  weights = weights_of(study, std::move(weights), compute.threads, log);
  if (calibration && ranks.first()) {
    study.calibrated =
        calibrate_model(study.models.front(), validation_images(study, compute.threads, log).set(),
                        "validation", *calibration, options.batch_size, log);
  }
  const nn::Ensemble ensemble(bare_models(study.models), std::move(weights), options.precision);
  study.weights = ensemble.weights();
  study.evaluation = evaluate(ensemble, study.images, options.batch_size, options.tta, ranks);
  const at::Tensor& probabilities = study.evaluation.probabilities;
  study.seen = count_seen(study.images, study.models, probabilities);
  study.chosen_on_split = chosen_on(study);
  study.votes = scores_by_votes(study);
  study.majority = majority_score(probabilities, study.set);
  const RandomStream stream(static_cast<std::uint64_t>(compute.seed));
  if (options.corrupt) {
    study.errors = errors_when_corrupted(ensemble, study.set, options.batch_size, options.tta,
                                         stream, log, ranks);
  }
  study.baselines =
      evaluate_baselines(baselines, study.images, probabilities, options, stream, log, ranks);
  return study;
}

}  // namespace fer::eval
