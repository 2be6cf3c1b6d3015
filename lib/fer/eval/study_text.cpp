#include "fer/eval/study_text.h"

#include "fer/core/display_text.h"
#include "fer/core/text.h"
#include "fer/report/difference_figure.h"

namespace fer::eval {

namespace {

// Resampling needs at least this many images that only one of the models got right.
constexpr std::int64_t kFewDisagreements = 10;

std::string baselines_text(const EvalStudy& study) {
  std::string text;
  for (const Baseline& baseline : study.baselines) {
    const metrics::PairedComparison& versus = baseline.versus;
    text += "  " + baseline.name + ": " + percent(versus.second_accuracy) + ", " +
            (versus.difference < 0 ? "" : "+") + fixed(versus.difference * 100.0, 2) +
            " points (95 % interval " + fixed(versus.difference_ci95.low * 100.0, 2) + " to " +
            fixed(versus.difference_ci95.high * 100.0, 2) + "), McNemar " +
            report::p_text(versus.mcnemar.p) + "\n";
    if (baseline.seen && baseline.seen->seen > 0) {
      text += "    was trained on " + grouped(baseline.seen->seen) +
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
  const std::vector<metrics::CorruptionErrors>& all = study.errors;
  if (all.empty()) return "";
  std::string text = "\naccuracy when corrupted, strengths 1 to 5\n";
  for (const metrics::CorruptionErrors& one : all) {
    text += "  " + pad_right(with_blanks(one.corruption), 16);
    for (const double error : one.errors) text += pad_left(percent(1.0 - error, 1), 9);
    text += '\n';
  }
  text += "  mean corruption error " + percent(metrics::corruption_scores(all).mean, 1) + "\n";
  if (study.baselines.empty()) return text;
  const Baseline& baseline = study.baselines.front();
  return text + "  that of " + baseline.name + " " +
         percent(metrics::corruption_scores(baseline.errors).mean, 1) + "; relative to it " +
         percent(metrics::corruption_scores(all, baseline.errors).mean, 1) + "\n";
}

std::string trust_text(const EvalStudy& study) {
  std::string text;
  if (study.seen && study.seen->seen > 0) {
    const metrics::Hits& unseen = study.seen->unseen;
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
        "\nscores on these images chose the model's epoch, temperature or weights: they are "
        "optimistic, not a test result\n";
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
      const metrics::ClassScores& one = study.majority->per_class[i];
      if (one.support == 0) continue;
      recalls.push_back(study.set.label_set.name(i) + " " + percent(one.recall) + " of " +
                        grouped(one.support));
    }
    text += join(recalls, ", ");
  } else {
    text += ": no image has a majority";
  }
  return text + "\n  cross-entropy with their votes " + fixed(study.votes->cross_entropy, 4) +
         " nats; lowest possible: " + fixed(study.votes->entropy, 4) + "\n";
}

}  // namespace

std::string study_text(const EvalStudy& study) {
  return trust_text(study) + baselines_text(study) + corruptions_text(study) + votes_text(study);
}

}  // namespace fer::eval
