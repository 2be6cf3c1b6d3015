#include "fer/commands/eval_outputs.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fer/core/display_text.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/report/csv_table.h"
#include "fer/report/difference_figure.h"
#include "fer/report/report_json.h"
#include "fer/report/today.h"

namespace fer {

namespace {

using nlohmann::json;

// Of fewer images that one model alone got right, resampling says too little.
constexpr std::int64_t kFewDisagreements = 10;

json seen_json(const std::optional<SeenSplit>& split) {
  if (!split) return nullptr;
  const Hits& unseen = split->unseen;
  return {{"n", split->seen},
          {"models_that_do_not_know", split->unknown_models},
          {"unseen_n", unseen.n},
          {"unseen_accuracy", unseen.n > 0 ? json(unseen.accuracy()) : json(nullptr)}};
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

json rivals_json(const EvalStudy& study) {
  json rivals = json::array();
  for (const RivalModel& rival : study.rivals) {
    const PairedComparison& versus = rival.versus;
    json& row = rivals.emplace_back(
        json{{"model", rival.name},
             {"accuracy", rival.evaluation.report.accuracy},
             {"difference", versus.difference},
             {"difference_ci95", {versus.difference_ci95.low, versus.difference_ci95.high}},
             {"mcnemar_p", versus.mcnemar.p},
             {"only_this", versus.outcomes.only_first},
             {"only_other", versus.outcomes.only_second},
             {"seen_in_training", seen_json(rival.seen)}});
    if (rival.errors.empty()) continue;
    row["corruptions"] = corruptions_json(rival.errors);
    row["mean_corruption_error"] = corruption_scores(rival.errors).mean;
  }
  return rivals;
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
            fixed(versus.difference_ci95.high * 100.0, 2) + "), McNemar " +
            p_text(versus.mcnemar.p) + "\n";
    if (rival.seen && rival.seen->seen > 0) {
      text += "    was trained on " + grouped(rival.seen->seen) +
              " of these images: it may have won by that\n";
    }
    const auto& outcomes = versus.outcomes;
    if (const std::int64_t differ = outcomes.only_first + outcomes.only_second;
        differ < kFewDisagreements) {
      text += "    they differ on " + counted(differ, "image") +
              " alone: the interval is too narrow, trust p\n";
    }
  }
  return text.empty() ? "" : "\nbeside it (points: theirs less these)\n" + text;
}

std::string corruptions_text(const EvalStudy& study) {
  const std::vector<CorruptionErrors>& all = study.errors;
  if (all.empty()) return "";
  std::string text = "\naccuracy when corrupted, strengths 1 to 5\n";
  for (const CorruptionErrors& one : all) {
    text += "  " + pad_right(with_blanks(one.corruption), 16);
    for (const double error : one.errors) text += pad_left(percent(1.0 - error, 1), 9);
    text += '\n';
  }
  text += "  mean corruption error " + percent(corruption_scores(all).mean, 1) + "\n";
  if (study.rivals.empty()) return text;
  const RivalModel& rival = study.rivals.front();
  return text + "  that of " + rival.name + " " + percent(corruption_scores(rival.errors).mean, 1) +
         "; relative to it " + percent(corruption_scores(all, rival.errors).mean, 1) + "\n";
}

std::string trust_text(const EvalStudy& study) {
  std::string text;
  if (study.seen && study.seen->seen > 0) {
    const Hits& unseen = study.seen->unseen;
    const bool one = study.seen->seen == 1;
    text += "\n" + grouped(study.seen->seen) + " of these images " + (one ? "is" : "are") +
            " equal to " + (one ? "one" : "images") + " the model was trained on";
    if (unseen.n > 0) {
      text +=
          "; on the other " + grouped(unseen.n) + " its accuracy is " + percent(unseen.accuracy());
    }
    text += '\n';
  }
  if (study.chosen_on_split.value_or(false)) {
    text +=
        "\nscores on these images chose the model's epoch, temperature or weights: they are a "
        "little too good, and no test result\n";
  }
  return text;
}

std::string votes_text(const EvalStudy& study) {
  if (!study.votes) return "";
  std::string text = "\nby FER+'s majority vote";
  if (study.majority) {
    text += ": accuracy " + percent(study.majority->accuracy) + ", balanced " +
            percent(study.majority->balanced_accuracy) + " on " + grouped(study.majority->n) +
            " images\n  recall: ";
    std::vector<std::string> recalls;
    for (std::size_t i = 0; i < study.set.label_set.size(); ++i) {
      const ClassScores& one = study.majority->per_class[i];
      if (one.support == 0) continue;
      recalls.push_back(study.set.label_set.name(i) + " " + percent(one.recall) + " of " +
                        grouped(one.support));
    }
    text += join(recalls, ", ");
  } else {
    text += ": no image has a majority";
  }
  return text + "\n  cross-entropy with their votes " + fixed(study.votes->cross_entropy, 4) +
         " nats; at best " + fixed(study.votes->entropy, 4) + "\n";
}

}  // namespace

json study_json(const EvalStudy& study, const EvalCommandOptions& options) {
  json result = report_json(study.evaluation.report, study.set.label_set);
  result["split"] = options.split;
  result["model"] =
      study.models.size() == 1 ? study.models.front().path.string() : joint_name(study.models);
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
  result["fingerprint"] = study.set.fingerprint();
  result["seen_in_training"] = seen_json(study.seen);
  result["chosen_on_split"] = study.chosen_on_split ? json(*study.chosen_on_split) : json(nullptr);
  if (!study.rivals.empty()) result["compared"] = rivals_json(study);
  if (!study.errors.empty()) {
    result["corruptions"] = corruptions_json(study.errors);
    result["mean_corruption_error"] = corruption_scores(study.errors).mean;
  }
  if (study.votes) result["votes"] = votes_json(*study.votes);
  if (study.majority) result["ferplus"] = report_json(*study.majority, study.set.label_set);
  if (study.calibrated) {
    result["fitted_temperature"] = study.calibrated->fit.temperature;  // on top of the model's own
    result["calibrated_temperature"] = study.calibrated->temperature;  // of the file
  }
  result["seed"] = options.common.seed;
  result["version"] = version();
  result["date"] = today();
  return result;
}

std::string predictions_csv(const EvalStudy& study) {
  const FaceSet& set = study.set;
  const std::size_t classes = set.label_set.size();
  const bool named = !set.names.empty();
  std::vector<std::string> columns = {"index", "truth", "prediction"};
  if (named) columns.insert(columns.begin() + 1, "file");
  columns.insert(columns.end(), set.label_set.names().begin(), set.label_set.names().end());
  CsvTable table(columns);
  const auto* row = study.evaluation.probabilities.const_data_ptr<float>();
  const auto* truths = set.labels.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < set.size(); ++i, row += classes) {
    const auto best = static_cast<std::size_t>(std::max_element(row, row + classes) - row);
    table.cell(set.row_of(i));
    if (named) table.cell(set.names[static_cast<std::size_t>(i)]);
    table.cell(set.label_set.name(static_cast<std::size_t>(truths[i])))
        .cell(set.label_set.name(best));
    for (std::size_t c = 0; c < classes; ++c) table.cell(static_cast<double>(row[c]));
    table.end_row();
  }
  return table.str();
}

std::string study_text(const EvalStudy& study) {
  return trust_text(study) + rivals_text(study) + corruptions_text(study) + votes_text(study);
}

}  // namespace fer
