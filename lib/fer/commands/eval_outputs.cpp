#include "fer/commands/eval_outputs.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fer/core/text.h"
#include "fer/report/display_text.h"
#include "fer/report/report_json.h"

namespace fer {

namespace {

using nlohmann::json;

json rivals_json(const EvalStudy& study) {
  json rivals = json::array();
  for (const RivalModel& rival : study.rivals) {
    const PairedComparison& versus = rival.versus;
    rivals.push_back(
        {{"model", rival.name},
         {"accuracy", rival.evaluation.report.accuracy},
         {"difference", versus.difference},
         {"difference_ci95", {versus.difference_ci95.low, versus.difference_ci95.high}},
         {"mcnemar_p", versus.mcnemar.p},
         {"only_this", versus.outcomes.only_first},
         {"only_other", versus.outcomes.only_second}});
  }
  return rivals;
}

json corruptions_json(const std::vector<CorruptionErrors>& all) {
  json corruptions = json::object();
  for (const CorruptionErrors& one : all) {
    json accuracies = json::array();
    for (const double error : one.errors) accuracies.push_back(1.0 - error);
    corruptions[one.corruption] = std::move(accuracies);
  }
  return corruptions;
}

json votes_json(const VoteScores& votes) {
  json bands = json::array();
  for (const AgreementBand& band : votes.by_agreement) {
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

std::string rivals_text(const EvalStudy& study) {
  std::string text;
  for (const RivalModel& rival : study.rivals) {
    const PairedComparison& versus = rival.versus;
    text += "  " + rival.name + ": " + percent(versus.second_accuracy) + ", " +
            (versus.difference < 0 ? "" : "+") + fixed(versus.difference * 100.0, 2) +
            " points (95 % interval " + fixed(versus.difference_ci95.low * 100.0, 2) + " to " +
            fixed(versus.difference_ci95.high * 100.0, 2) +
            "), McNemar p = " + fixed(versus.mcnemar.p, 4) + "\n";
  }
  return text.empty() ? "" : "\nbeside it\n" + text;
}

std::string corruptions_text(const std::vector<CorruptionErrors>& all) {
  if (all.empty()) return "";
  std::string text = "\naccuracy when corrupted, strengths 1 to 5\n";
  for (const CorruptionErrors& one : all) {
    text += "  " + pad_right(one.corruption, 16);
    for (const double error : one.errors) text += pad_left(percent(1.0 - error, 1), 9);
    text += '\n';
  }
  return text + "  mean corruption error " + percent(corruption_scores(all).mean, 1) + "\n";
}

std::string seen_text(const EvalStudy& study) {
  if (!study.seen || study.seen->seen == 0) return "";
  const Hits& unseen = study.seen->unseen;
  return "\n" + grouped(study.seen->seen) + " of these images are equal to images the model was " +
         "trained on" +
         (unseen.n > 0 ? "; on the other " + grouped(unseen.n) + " its accuracy is " +
                             percent(unseen.accuracy())
                       : std::string()) +
         "\n";
}

std::string votes_text(const EvalStudy& study) {
  if (!study.votes) return "";
  return "\nby FER+'s votes: accuracy " + percent(study.votes->majority.accuracy()) + " on " +
         grouped(study.votes->majority.n) + " images with a majority; cross-entropy " +
         fixed(study.votes->cross_entropy, 4) + " nats, at best " + fixed(study.votes->entropy, 4) +
         "\n";
}

}  // namespace

json study_json(const EvalStudy& study, const EvalCommandOptions& options) {
  json result = report_json(study.evaluation.report, study.set.label_set);
  result["split"] = options.split;
  result["model"] = study.models.front().path.string();
  result["data"] = study.set.source;
  result["seconds"] = study.evaluation.seconds;
  result["tta"] = options.tta;
  if (study.models.size() > 1) {
    json models = json::array();
    for (std::size_t i = 0; i < study.models.size(); ++i) {
      models.push_back({{"model", study.models[i].path.string()}, {"weight", study.weights[i]}});
    }
    result["ensemble"] = models;
  }
  result["seen_in_training"] = nullptr;
  if (study.seen) {
    const Hits& unseen = study.seen->unseen;
    result["seen_in_training"] = {
        {"n", study.seen->seen},
        {"unseen_n", unseen.n},
        {"unseen_accuracy", unseen.n > 0 ? json(unseen.accuracy()) : json(nullptr)}};
  }
  if (!study.rivals.empty()) result["compared"] = rivals_json(study);
  if (!study.errors.empty()) {
    result["corruptions"] = corruptions_json(study.errors);
    result["mean_corruption_error"] = corruption_scores(study.errors).mean;
  }
  if (study.votes) result["votes"] = votes_json(*study.votes);
  if (study.fitted) result["fitted_temperature"] = study.fitted->temperature;
  return result;
}

std::string predictions_csv(const EvalStudy& study) {
  const FaceSet& set = study.set;
  const std::size_t classes = set.label_set.size();
  std::string text = "index,truth,prediction";
  for (const std::string& name : set.label_set.names()) text += "," + csv_cell(name);
  text += '\n';
  const auto* row = study.evaluation.probabilities.const_data_ptr<float>();
  const auto* truths = set.labels.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < set.size(); ++i, row += classes) {
    const auto best = static_cast<std::size_t>(std::max_element(row, row + classes) - row);
    const auto truth = static_cast<std::size_t>(truths[i]);
    text += std::to_string(i) + "," + csv_cell(set.label_set.name(truth)) + "," +
            csv_cell(set.label_set.name(best));
    for (std::size_t c = 0; c < classes; ++c) text += "," + shortest(row[c]);
    text += '\n';
  }
  return text;
}

std::string study_text(const EvalStudy& study) {
  return seen_text(study) + rivals_text(study) + corruptions_text(study.errors) + votes_text(study);
}

}  // namespace fer
