#include <ATen/Functions.h>

#include <algorithm>
#include <numeric>

#include "fer/commands/eval_outputs.h"
#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/infer/explain.h"
#include "fer/metrics/ranking.h"
#include "fer/metrics/temperature.h"
#include "fer/report/evaluation_page.h"
#include "fer/report/results_file.h"
#include "fer/report/short_name.h"
#include "fer/report/today.h"

namespace fer {

namespace {

constexpr std::size_t kFacesOfAKind = 8;
constexpr std::size_t kSuspicious = 24;
// A label is suspected where the model is at least this sure of another class.
constexpr float kSure = 0.8F;

// Rows of an evaluation, by what was said of them.
class Judged {
 public:
  explicit Judged(const EvalStudy& study)
      : study_(study),
        probabilities_(study.evaluation.probabilities.contiguous()),
        predictions_(probabilities_.argmax(1)),
        said_(std::get<0>(probabilities_.max(1))),
        of_truth_(probabilities_.gather(1, study.set.labels.unsqueeze(1)).squeeze(1).contiguous()) {
  }

  std::int64_t size() const { return study_.set.size(); }
  std::int64_t truth(std::int64_t i) const {
    return study_.set.labels.const_data_ptr<std::int64_t>()[i];
  }
  std::int64_t prediction(std::int64_t i) const {
    return predictions_.const_data_ptr<std::int64_t>()[i];
  }
  float said(std::int64_t i) const { return said_.const_data_ptr<float>()[i]; }
  float of_truth(std::int64_t i) const { return of_truth_.const_data_ptr<float>()[i]; }
  const at::Tensor& predictions() const { return predictions_; }

  // At most `most` rows that `wanted` takes, in the order of `key`, the smallest first.
  template <typename Wanted, typename Key>
  std::vector<std::int64_t> best(std::size_t most, const Wanted& wanted, const Key& key) const {
    std::vector<std::int64_t> rows;
    for (std::int64_t i = 0; i < size(); ++i) {
      if (wanted(i)) rows.push_back(i);
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::int64_t a, std::int64_t b) { return key(a) < key(b); });
    rows.resize(std::min(rows.size(), most));
    return rows;
  }

 private:
  const EvalStudy& study_;
  at::Tensor probabilities_, predictions_, said_, of_truth_;
};

// Where the models looked: the mean of their maps, as each counts in the ensemble.
class Gaze {
 public:
  explicit Gaze(const EvalStudy& study) : weights_(study.weights) {
    for (const NamedModel& named : study.models) maps_.emplace_back(named.model);
  }

  at::Tensor maps(const at::Tensor& images, const at::Tensor& classes) const {
    at::Tensor mean = at::zeros(images.sizes(), at::kFloat);
    for (std::size_t i = 0; i < maps_.size(); ++i) {
      mean.add_(maps_[i].maps(images, classes), weights_[i]);
    }
    return mean.contiguous();
  }

 private:
  std::vector<GradCam> maps_;
  std::vector<double> weights_;
};

std::vector<ShownFace> faces_of(const EvalStudy& study, const Judged& judged, const Gaze& gaze,
                                const std::vector<std::int64_t>& rows) {
  std::vector<ShownFace> faces;
  if (rows.empty()) return faces;
  const at::Tensor index = at::tensor(rows, at::kLong);
  const at::Tensor images = study.set.images.index_select(0, index).contiguous();
  const at::Tensor maps = gaze.maps(images, judged.predictions().index_select(0, index));
  const auto* pixels = images.const_data_ptr<std::uint8_t>();
  const auto* heat = maps.const_data_ptr<float>();
  for (const std::int64_t row : rows) {
    ShownFace& face = faces.emplace_back();
    std::copy_n(pixels, kFacePixels, face.pixels.begin());
    face.heat.assign(heat, heat + kFacePixels);
    face.truth = static_cast<std::size_t>(judged.truth(row));
    face.prediction = static_cast<std::size_t>(judged.prediction(row));
    face.probability = judged.said(row);
    face.source = short_name(study.set.name_of(row));
    pixels += kFacePixels;
    heat += kFacePixels;
  }
  return faces;
}

std::vector<ClassFaces> faces_by_class(const EvalStudy& study, const Judged& judged,
                                       const Gaze& gaze) {
  std::vector<ClassFaces> faces;
  for (std::int64_t c = 0; c < static_cast<std::int64_t>(study.set.label_set.size()); ++c) {
    const auto mistake = [&](std::int64_t i) {
      return judged.truth(i) == c && judged.prediction(i) != c;
    };
    const auto hit = [&](std::int64_t i) {
      return judged.truth(i) == c && judged.prediction(i) == c;
    };
    const auto surest = [&](std::int64_t i) { return -judged.said(i); };
    const auto least_sure = [&](std::int64_t i) { return judged.said(i); };
    faces.push_back({faces_of(study, judged, gaze, judged.best(kFacesOfAKind, mistake, surest)),
                     faces_of(study, judged, gaze, judged.best(kFacesOfAKind, hit, least_sure))});
  }
  return faces;
}

std::vector<ShownFace> suspicious_faces(const EvalStudy& study, const Judged& judged,
                                        const Gaze& gaze) {
  const auto suspected = [&](std::int64_t i) {
    return judged.prediction(i) != judged.truth(i) && judged.said(i) >= kSure;
  };
  const auto likely = [&](std::int64_t i) { return judged.of_truth(i); };
  return faces_of(study, judged, gaze, judged.best(kSuspicious, suspected, likely));
}

std::vector<std::vector<PrecisionRecallPoint>> curves_of(const ScoredSamples& samples) {
  std::vector<std::vector<PrecisionRecallPoint>> curves;
  for (std::size_t c = 0; c < samples.classes(); ++c)
    curves.push_back(precision_recall_curve(samples, c));
  return curves;
}

// Of the run that made the model, where its folder is still around it. A file of that name may be
// anything else.
std::optional<TrainingCurves> training_of(const NamedModel& model, Console& console) {
  const std::filesystem::path results = model.path.parent_path() / "results.csv";
  if (!std::filesystem::is_regular_file(results)) return std::nullopt;
  try {
    const ResultsFile file(results);
    TrainingCurves curves{.train_loss = file.column("train_loss"),
                          .val_loss = file.column("val_loss"),
                          .train_accuracy = file.column("train_accuracy"),
                          .val_accuracy = file.column("val_accuracy")};
    if (file.epochs() == 0) return std::nullopt;
    const std::int64_t kept = model.model.info.training.epoch;
    if (kept >= 1 && kept <= static_cast<std::int64_t>(file.epochs())) curves.best_epoch = kept;
    return curves;
  } catch (const Error& error) {
    console.warn("no training curves: " + std::string(error.what()));
    return std::nullopt;
  }
}

std::vector<Fact> model_card(const NamedModel& named) {
  const ModelInfo& info = named.model.info;
  return {{"file", named.path.filename().string()},
          {"architecture", info.architecture},
          {"parameters", grouped(named.model.net->parameter_count())},
          {"classes", join(info.labels.names(), ", ")},
          {"trained on", info.training.data},
          {"fingerprint of the training images", info.training.data_fingerprint},
          {"epoch kept", std::to_string(info.training.epoch)},
          {"accuracy on its validation images", percent(info.training.val_accuracy)},
          {"temperature", shortest(info.temperature)},
          {"made by", info.creator},
          {"licence", info.licence}};
}

std::vector<Fact> data_card(const EvalStudy& study) {
  std::vector<Fact> facts = {{"data", short_source(study.set.source)},
                             {"images", grouped(study.set.size())},
                             {"fingerprint", study.set.fingerprint()}};
  const std::vector<std::int64_t> counts = study.set.class_counts();
  for (std::size_t c = 0; c < counts.size(); ++c) {
    facts.push_back({study.set.label_set.name(c), grouped(counts[c])});
  }
  return facts;
}

Trust trust_of(const EvalStudy& study, const EvalCommandOptions& options) {
  Trust trust;
  if (study.seen) trust.seen = SeenImages{study.seen->seen, study.seen->unseen};
  if (study.chosen_on_split) {
    trust.chosen = *study.chosen_on_split ? ChosenOnSplit::yes : ChosenOnSplit::no;
  }
  if (study.seen && study.seen->unknown_models > 0) {
    trust.notices.push_back(
        {Severity::warning, std::to_string(study.seen->unknown_models) + " of the " +
                                std::to_string(study.models.size()) +
                                " models do not say which images they were trained on: there may "
                                "be more of these among them."});
  }
  if (options.weights == "fitted") {
    trust.notices.push_back({options.split == "val" ? Severity::warning : Severity::note,
                             "The ensemble's weights were fitted on the validation images."});
  }
  for (const RivalModel& rival : study.rivals) {
    if (!rival.seen || rival.seen->seen == 0) continue;
    trust.notices.push_back(
        {Severity::warning, rival.name + " was trained on " + grouped(rival.seen->seen) +
                                " of these images: where it is better, that may be why."});
  }
  return trust;
}

// What the temperature of --calibrate makes of these images.
std::optional<ScaledByTemperature> scaled_of(const EvalStudy& study) {
  if (!study.calibrated) return std::nullopt;
  const TemperatureFit& fit = study.calibrated->fit;
  const at::Tensor rows = study.evaluation.probabilities;
  const std::vector<float> values = with_temperature(scored(rows, study.set), fit.temperature);
  const at::Tensor scaled = at::tensor(values).view(rows.sizes());
  const ClassificationReport report = score(scaled, study.set);
  return ScaledByTemperature{.temperature = fit.temperature,
                             .fitted_on = "val",
                             .at_bound = fit.at_bound,
                             .nll = report.nll,
                             .brier = report.brier,
                             .ece = report.ece,
                             .adaptive_ece = report.adaptive_ece,
                             .reliability = report.reliability};
}

Robustness robustness_of(const EvalStudy& study) {
  Robustness robustness{.errors = study.errors};
  if (study.rivals.empty()) return robustness;
  const RivalModel& rival = study.rivals.front();
  robustness.baseline_name = rival.name;
  robustness.baseline_clean_accuracy = rival.evaluation.report.accuracy;
  robustness.baseline = rival.errors;
  return robustness;
}

// Of each model, one after the other.
std::vector<Fact> model_cards(const EvalStudy& study) {
  if (study.models.size() == 1) return model_card(study.models.front());
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < study.models.size(); ++i) {
    const std::string name = "model " + std::to_string(i + 1);
    facts.push_back({name, "weight " + fixed(study.weights[i], 3)});
    for (Fact& fact : model_card(study.models[i])) {
      facts.push_back({name + ", " + fact.name, std::move(fact.value)});
    }
  }
  return facts;
}

EvaluationPage page_of(const EvalStudy& study, const EvalCommandOptions& options,
                       Console& console) {
  const ScoredSamples samples = scored(study.evaluation.probabilities, study.set);
  EvaluationPage page;
  page.measured = {.model = joint_name(study.models),
                   .data = short_source(study.set.source),
                   .fingerprint = study.set.fingerprint(),
                   .split = options.split,
                   .tta = options.tta,
                   .date = today(),
                   .version = std::string("fer-eval ") + version()};
  for (std::size_t i = 0; study.models.size() > 1 && i < study.models.size(); ++i) {
    page.measured.more.push_back({"Weight of " + study.models[i].name, fixed(study.weights[i], 3)});
  }
  if (options.corrupt) page.measured.more.push_back({"Seed", std::to_string(options.common.seed)});
  page.trust = trust_of(study, options);
  page.labels = study.set.label_set;
  page.report = study.evaluation.report;
  page.scaled = scaled_of(study);
  page.precision_recall = curves_of(samples);
  if (study.models.size() == 1) page.training = training_of(study.models.front(), console);
  if (!study.errors.empty()) page.robustness = robustness_of(study);
  for (const RivalModel& rival : study.rivals) {
    page.others.push_back({rival.name, rival.evaluation.report, rival.versus});
  }
  page.votes = study.votes;
  page.no_images = !options.images;
  if (options.images) {
    const Judged judged(study);
    const Gaze gaze(study);
    page.faces = faces_by_class(study, judged, gaze);
    page.suspicious = suspicious_faces(study, judged, gaze);
  }
  page.model_card = model_cards(study);
  page.data_card = data_card(study);
  return page;
}

}  // namespace

void write_report(const EvalStudy& study, const EvalCommandOptions& options, Console& console) {
  const std::filesystem::path page =
      write_evaluation_report(options.report, page_of(study, options, console));
  console.info("report: " + page.string());
}

}  // namespace fer
