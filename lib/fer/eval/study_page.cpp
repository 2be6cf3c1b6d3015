#include "fer/eval/study_page.h"

#include <ATen/Functions.h>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/eval/study_faces.h"
#include "fer/metrics/ranking.h"
#include "fer/metrics/temperature.h"
#include "fer/report/evaluation_page.h"
#include "fer/report/results_file.h"
#include "fer/report/short_name.h"
#include "fer/report/today.h"

namespace fer::eval {

namespace {

std::vector<std::vector<metrics::PrecisionRecallPoint>> curves_of(
    const metrics::ScoredSamples& samples) {
  std::vector<std::vector<metrics::PrecisionRecallPoint>> curves;
  for (std::size_t c = 0; c < samples.classes(); ++c)
    curves.push_back(metrics::precision_recall_curve(samples, c));
  return curves;
}

// The training curves of the model's run, if it still lies in its run folder; other files of that
// name are ignored.
std::optional<report::TrainingCurves> training_of(const nn::NamedModel& model, Log& log) {
  const std::filesystem::path results = model.path.parent_path() / "results.csv";
  if (!std::filesystem::is_regular_file(results)) return std::nullopt;
  try {
    const report::ResultsFile file(results);
    report::TrainingCurves curves{.train_loss = file.column("train_loss"),
                                  .val_loss = file.column("val_loss"),
                                  .train_accuracy = file.column("train_accuracy"),
                                  .val_accuracy = file.column("val_accuracy")};
    if (file.epochs() == 0) return std::nullopt;
    const std::int64_t kept = model.model.info.training.epoch;
    if (kept >= 1 && kept <= static_cast<std::int64_t>(file.epochs())) curves.best_epoch = kept;
    return curves;
  } catch (const Error& error) {
    log.warn("no training curves: " + std::string(error.what()));
    return std::nullopt;
  }
}

std::vector<report::Fact> model_card(const nn::NamedModel& named) {
  const model::ModelInfo& info = named.model.info;
  if (info.is_imported()) {  // only the description knows about its training
    return {{"file", named.path.filename().string()},
            {"architecture", "that of an ONNX file"},
            {"parameters", grouped(named.model.parameters())},
            {"classes", join(info.labels.names(), ", ")},
            {"trained on", info.training.data},
            {"temperature", shortest(info.temperature)},
            {"made by", info.creator},
            {"licence", info.licence}};
  }
  return {{"file", named.path.filename().string()},
          {"architecture", info.architecture},
          {"parameters", grouped(named.model.parameters())},
          {"classes", join(info.labels.names(), ", ")},
          {"trained on", info.training.data},
          {"fingerprint of the training images", info.training.data_fingerprint},
          {"epoch kept", std::to_string(info.training.epoch)},
          {"accuracy on its validation images", percent(info.training.val_accuracy)},
          {"temperature", shortest(info.temperature)},
          {"made by", info.creator},
          {"licence", info.licence}};
}

std::vector<report::Fact> data_card(const EvalStudy& study) {
  std::vector<report::Fact> facts = {{"data", report::short_source(study.set.source)},
                                     {"images", grouped(study.set.size())},
                                     {"fingerprint", study.set.fingerprint()}};
  const std::vector<std::int64_t> counts = study.set.class_counts();
  for (std::size_t c = 0; c < counts.size(); ++c) {
    facts.push_back({study.set.label_set.name(c), grouped(counts[c])});
  }
  return facts;
}

report::Trust trust_of(const EvalStudy& study) {
  report::Trust trust;
  if (study.seen) trust.seen = report::SeenImages{study.seen->seen, study.seen->unseen};
  if (study.chosen_on_split) {
    trust.chosen = *study.chosen_on_split ? report::ChosenOnSplit::yes : report::ChosenOnSplit::no;
  }
  if (study.seen && study.seen->unknown_models > 0) {
    trust.notices.push_back({report::Severity::warning,
                             std::to_string(study.seen->unknown_models) + " of the " +
                                 std::to_string(study.models.size()) +
                                 " models do not say which images they were trained on: there may "
                                 "be more of these among them."});
  }
  if (study.options.weights == "fitted") {
    trust.notices.push_back({study.options.split == EvaluatedSplit::val ? report::Severity::warning
                                                                        : report::Severity::note,
                             "The ensemble's weights were fitted on the validation images."});
  }
  for (const Baseline& baseline : study.baselines) {
    if (!baseline.seen || baseline.seen->seen == 0) continue;
    trust.notices.push_back({report::Severity::warning,
                             baseline.name + " was trained on " + grouped(baseline.seen->seen) +
                                 " of these images: where it is better, that may be why."});
  }
  return trust;
}

// The scores of these images with the temperature of `calibrate`.
std::optional<report::ScaledByTemperature> scaled_of(const EvalStudy& study) {
  if (!study.calibrated) return std::nullopt;
  const metrics::TemperatureFit& fit = study.calibrated->fit;
  const at::Tensor rows = study.evaluation.probabilities;
  const std::vector<float> values =
      metrics::with_temperature(scored(rows, study.set), fit.temperature);
  const at::Tensor scaled = at::tensor(values).view(rows.sizes());
  const metrics::ClassificationReport report = score(scaled, study.set);
  return report::ScaledByTemperature{.temperature = fit.temperature,
                                     .fitted_on = "val",
                                     .at_bound = fit.at_bound,
                                     .nll = report.nll,
                                     .brier = report.brier,
                                     .ece = report.ece,
                                     .adaptive_ece = report.adaptive_ece,
                                     .reliability = report.reliability};
}

report::Robustness robustness_of(const EvalStudy& study) {
  report::Robustness robustness{.errors = study.errors};
  if (study.baselines.empty()) return robustness;
  const Baseline& baseline = study.baselines.front();
  robustness.baseline_name = baseline.name;
  robustness.baseline_clean_accuracy = baseline.evaluation.report.accuracy;
  robustness.baseline = baseline.errors;
  return robustness;
}

// The cards of all models, one after the other.
std::vector<report::Fact> model_cards(const EvalStudy& study) {
  if (study.models.size() == 1) return model_card(study.models.front());
  std::vector<report::Fact> facts;
  for (std::size_t i = 0; i < study.models.size(); ++i) {
    const std::string name = "model " + std::to_string(i + 1);
    facts.push_back({name, "weight " + fixed(study.weights[i], 3)});
    for (report::Fact& fact : model_card(study.models[i])) {
      facts.push_back({name + ", " + fact.name, std::move(fact.value)});
    }
  }
  return facts;
}

report::EvaluationPage page_of(const EvalStudy& study, bool images, Log& log) {
  const metrics::ScoredSamples samples = scored(study.evaluation.probabilities, study.set);
  report::EvaluationPage page;
  page.measured = {.model = model::joint_name(study.models),
                   .data = report::short_source(study.set.source),
                   .fingerprint = study.set.fingerprint(),
                   .split = choice_name(study.options.split),
                   .tta = choice_name(study.options.tta),
                   .date = report::today(),
                   .version = std::string("fer-eval ") + version()};
  for (std::size_t i = 0; study.models.size() > 1 && i < study.models.size(); ++i) {
    page.measured.more.push_back({"Weight of " + study.models[i].name, fixed(study.weights[i], 3)});
  }
  if (study.options.corrupt) page.measured.more.push_back({"Seed", std::to_string(study.seed)});
  page.trust = trust_of(study);
  page.labels = study.set.label_set;
  page.report = study.evaluation.report;
  page.scaled = scaled_of(study);
  page.precision_recall = curves_of(samples);
  if (study.models.size() == 1) page.training = training_of(study.models.front(), log);
  if (!study.errors.empty()) page.robustness = robustness_of(study);
  for (const Baseline& baseline : study.baselines) {
    page.others.push_back({baseline.name, baseline.evaluation.report, baseline.versus});
  }
  page.votes = study.votes;
  page.no_images = !images;
  if (images) add_faces(study, page);
  page.model_card = model_cards(study);
  page.data_card = data_card(study);
  return page;
}

}  // namespace

std::filesystem::path write_study_page(const EvalStudy& study, const std::filesystem::path& folder,
                                       bool images, Log& log) {
  return report::write_evaluation_report(folder, page_of(study, images, log));
}

}  // namespace fer::eval
