#include "fer/eval/study_json.h"

#include <nlohmann/json.hpp>

#include "fer/core/version.h"
#include "fer/report/report_json.h"
#include "fer/report/today.h"

namespace fer::eval {

using nlohmann::json;

namespace {

json seen_json(const std::optional<SeenSplit>& split) {
  if (!split) return nullptr;
  const metrics::Hits& unseen = split->unseen;
  return {{"n", split->seen},
          {"models_that_do_not_know", split->unknown_models},
          {"unseen_n", unseen.n},
          {"unseen_accuracy", unseen.n > 0 ? json(unseen.accuracy()) : json(nullptr)}};
}

json corruptions_json(const std::vector<metrics::CorruptionErrors>& all) {
  json corruptions = json::object();
  for (const metrics::CorruptionErrors& one : all) {
    json accuracies = json::array();
    for (const double error : one.errors) accuracies.push_back(1.0 - error);
    corruptions[one.corruption] = std::move(accuracies);
  }
  return corruptions;
}

json baselines_json(const EvalStudy& study) {
  json rows = json::array();
  for (const Baseline& baseline : study.baselines) {
    const metrics::PairedComparison& versus = baseline.versus;
    json& row = rows.emplace_back(
        json{{"model", baseline.name},
             {"accuracy", baseline.evaluation.report.accuracy},
             {"difference", versus.difference},
             {"difference_ci95", {versus.difference_ci95.low, versus.difference_ci95.high}},
             {"mcnemar_p", versus.mcnemar.p},
             {"only_this", versus.outcomes.only_first},
             {"only_other", versus.outcomes.only_second},
             {"seen_in_training", seen_json(baseline.seen)}});
    if (baseline.errors.empty()) continue;
    row["corruptions"] = corruptions_json(baseline.errors);
    row["mean_corruption_error"] = metrics::corruption_scores(baseline.errors).mean;
  }
  return rows;
}

json votes_json(const metrics::VoteScores& votes) {
  json bands = json::array();
  for (const metrics::AgreementBand& band : votes.by_agreement) {
    bands.push_back({{"agreement", {band.above, band.up_to}},
                     {"n", band.hits.n},
                     {"accuracy", band.hits.accuracy()}});
  }
  return {{"n", votes.n},
          {"undecided", votes.undecided},
          {"majority_n", votes.majority.n},
          {"majority_accuracy", votes.majority.accuracy()},
          {"cross_entropy", votes.cross_entropy},
          {"entropy", votes.entropy},
          {"by_agreement", bands}};
}

}  // namespace

json study_json(const EvalStudy& study) {
  json result = report::report_json(study.evaluation.report, study.set.label_set);
  result["split"] = choice_name(study.options.split);
  result["model"] = study.models.size() == 1 ? study.models.front().path.string()
                                             : model::joint_name(study.models);
  result["data"] = study.set.source;
  result["seconds"] = study.evaluation.seconds;
  result["tta"] = choice_name(study.options.tta);
  result["precision"] = infer::names_of(study.precisions);
  if (study.models.size() > 1) {
    json models = json::array();
    for (std::size_t i = 0; i < study.models.size(); ++i) {
      models.push_back({{"model", study.models[i].path.string()},
                        {"weight", study.weights[i]},
                        {"precision", infer::name_of(study.precisions[i])}});
    }
    result["ensemble"] = models;
  }
  result["fingerprint"] = study.set.fingerprint();
  result["seen_in_training"] = seen_json(study.seen);
  result["chosen_on_split"] = study.chosen_on_split ? json(*study.chosen_on_split) : json(nullptr);
  if (!study.baselines.empty()) result["compared"] = baselines_json(study);
  if (!study.errors.empty()) {
    result["corruptions"] = corruptions_json(study.errors);
    result["mean_corruption_error"] = metrics::corruption_scores(study.errors).mean;
  }
  if (study.votes) result["votes"] = votes_json(*study.votes);
  if (study.majority) result["ferplus"] = report::report_json(*study.majority, study.set.label_set);
  if (study.calibrated) {
    result["fitted_temperature"] = study.calibrated->fit.temperature;  // on top of the model's own
    result["calibrated_temperature"] = study.calibrated->temperature;  // of the file
  }
  result["seed"] = study.seed;
  result["version"] = version();
  result["date"] = report::today();
  return result;
}

}  // namespace fer::eval
