#include <vector>

#include "fer/core/text.h"
#include "fer/report/evaluation_figures.h"
#include "fer/report/evaluation_sections.h"

namespace fer::report {

namespace {

using html::element;
using html::Markup;

struct Score {
  std::string name;
  std::string value;
  std::string meaning;
};

std::string share_text(const std::optional<double>& value) {
  return value ? fixed(*value, 4) : "not defined";
}

std::vector<Score> main_scores(const EvaluationPage& page) {
  const metrics::ClassificationReport& report = page.report;
  std::vector<Score> scores;
  if (page.trust.seen && page.trust.seen->seen > 0 && page.trust.seen->unseen.n > 0) {
    scores.push_back({"accuracy, unseen", percent(page.trust.seen->unseen.accuracy()),
                      "without the images it was trained on"});
  }
  scores.push_back(
      {"balanced accuracy", percent(report.balanced_accuracy), "every class counts alike"});
  scores.push_back({"macro F1", fixed(report.macro_f1, 4), "mean over the classes"});
  scores.push_back(
      {"top-2 accuracy", percent(report.top2_accuracy), "right with the first or second guess"});
  scores.push_back({"NLL", fixed(report.nll, 4), "surprise at the truth, in nats; less is better"});
  scores.push_back(
      {"ECE", fixed(report.ece, 4), "distance of confidence from accuracy; less is better"});
  return scores;
}

Markup tiles(const std::vector<Score>& scores) {
  Markup tiles;
  for (const Score& score : scores) {
    tiles += element("div", element("dt", score.name) +
                                element("dd", {{"class", "value"}}, score.value) +
                                element("dd", {{"class", "meaning"}}, score.meaning)) +
             Markup::trusted("\n");
  }
  return element("dl", {{"class", "tiles"}}, tiles);
}

Markup all_scores(const metrics::ClassificationReport& report) {
  const std::vector<Score> scores = {
      {"accuracy", percent(report.accuracy),
       "95 % interval " + interval_text(report.accuracy_ci95)},
      {"top-2 accuracy", percent(report.top2_accuracy), "the truth among the two most probable"},
      {"balanced accuracy", percent(report.balanced_accuracy), "mean recall"},
      {"macro F1", fixed(report.macro_f1, 4), "mean over the classes"},
      {"weighted F1", fixed(report.weighted_f1, 4), "mean weighted by support"},
      {"Cohen's kappa", fixed(report.kappa, 4), "agreement beyond chance"},
      {"average precision", fixed(report.macro_average_precision, 4), "mean over the classes"},
      {"ROC AUC", share_text(report.macro_roc_auc), "mean over the classes"},
      {"NLL", fixed(report.nll, 4), "nats a face"},
      {"Brier score", fixed(report.brier, 4), "0 to 2; 0 is sure and right"},
      {"ECE", fixed(report.ece, 4), "15 bins of equal width"},
      {"adaptive ECE", fixed(report.adaptive_ece, 4), "15 bins of equally many faces"}};
  std::vector<std::vector<Markup>> rows;
  for (const Score& score : scores) {
    rows.push_back({html::text(score.name), html::text(score.value), html::text(score.meaning)});
  }
  return folded("All scores",
                html::table("All scores of " + counted(report.n, "face"),
                            {{"score", false}, {"value"}, {"what it says", false}}, rows));
}

}  // namespace

std::string page_title(const EvaluationPage& page) {
  return page.title.empty() ? evaluated_subject(page.measured) : page.title;
}

Markup headline(const EvaluationPage& page, const FigureShelf& figures) {
  const metrics::ClassificationReport& report = page.report;
  const Markup big =
      html::text(fixed(report.accuracy * 100.0, 2)) + element("span", {{"class", "unit"}}, " %");
  const Markup score =
      element("div", {{"class", "score"}},
              element("p", {{"class", "label"}}, "Accuracy") +
                  element("p", {{"class", "big"}}, big) + figures.drawing("accuracy") +
                  element("p", {{"class", "interval"}},
                          "95 % interval " + interval_text(report.accuracy_ci95) + ", " +
                              counted(report.n, "face")));
  return element("p", {{"class", "eyebrow"}}, "Evaluation report") +
         element("h1", page_title(page)) +
         element("div", {{"class", "hero"}}, score + tiles(main_scores(page))) + all_scores(report);
}

}  // namespace fer::report
