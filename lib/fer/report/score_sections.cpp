#include <vector>

#include "fer/core/text.h"
#include "fer/metrics/agreement.h"
#include "fer/report/class_palette.h"
#include "fer/report/evaluation_sections.h"

namespace fer::report {

namespace {

using html::element;
using html::Markup;

constexpr std::size_t kMostClassesInTable = 30;  // of the confusion matrix as a table
constexpr std::size_t kPairs = 10;

Markup optional_score(const std::optional<double>& score) {
  return html::text(score ? fixed(*score, 3) : "–");
}

Markup class_table(const EvaluationPage& page) {
  const std::vector<svg::Paint> paints = class_paints(page.labels);
  std::vector<std::vector<Markup>> rows;
  for (std::size_t c = 0; c < page.labels.size(); ++c) {
    const metrics::ClassScores& scores = page.report.per_class[c];
    rows.push_back({swatch(paints[c]) + html::text(" " + page.labels.name(c)),
                    html::text(percent(scores.precision, 1)), html::text(percent(scores.recall, 1)),
                    html::text(fixed(scores.f1, 3)), optional_score(scores.average_precision),
                    optional_score(scores.roc_auc), html::text(grouped(scores.support))});
  }
  return html::table("Scores of each class",
                     {{"class", false},
                      {"precision"},
                      {"recall"},
                      {"F1"},
                      {"average precision"},
                      {"ROC AUC"},
                      {"support"}},
                     rows);
}

Markup pair_table(const EvaluationPage& page) {
  std::vector<std::vector<Markup>> rows;
  for (const metrics::ConfusedPair& pair : metrics::most_confused(page.report.confusion, kPairs)) {
    rows.push_back({html::text(page.labels.name(pair.truth)),
                    html::text(page.labels.name(pair.prediction)), html::text(grouped(pair.count)),
                    html::text(percent(pair.share, 1))});
  }
  if (rows.empty()) return paragraph("The model made no mistake.");
  return html::table("Most confused pairs, with their share of the true class",
                     {{"truth", false}, {"taken for", false}, {"faces"}, {"share"}}, rows);
}

Markup confusion_table(const EvaluationPage& page) {
  const std::size_t classes = page.labels.size();
  if (classes > kMostClassesInTable) return {};
  std::vector<html::Column> columns{{"truth", false}};
  for (const std::string& name : page.labels.names()) columns.push_back({name});
  std::vector<std::vector<Markup>> rows;
  for (std::size_t truth = 0; truth < classes; ++truth) {
    rows.push_back({html::text(page.labels.name(truth))});
    for (std::size_t prediction = 0; prediction < classes; ++prediction) {
      rows.back().push_back(html::text(grouped(page.report.confusion.count(truth, prediction))));
    }
  }
  return folded("The confusion matrix as a table",
                html::table("Faces of each class by what they were taken for", columns, rows));
}

Markup calibration_table(const EvaluationPage& page) {
  const metrics::ClassificationReport& report = page.report;
  const ScaledByTemperature& scaled = *page.scaled;
  const auto row = [](const std::string& name, double before, double after) {
    return std::vector<Markup>{html::text(name), html::text(fixed(before, 4)),
                               html::text(fixed(after, 4))};
  };
  return html::table(
      "Before and after scaling by temperature",
      {{"score", false}, {"as it is"}, {"temperature " + fixed(scaled.temperature, 3)}},
      {row("ECE", report.ece, scaled.ece),
       row("adaptive ECE", report.adaptive_ece, scaled.adaptive_ece),
       row("NLL", report.nll, scaled.nll), row("Brier score", report.brier, scaled.brier)});
}

std::string temperature_text(const ScaledByTemperature& scaled, const std::string& split) {
  std::string text =
      "The temperature " + fixed(scaled.temperature, 3) +
      (scaled.fitted_on.empty() ? "" : " was fitted on " + scaled.fitted_on + ". It") +
      " makes the probabilities " + (scaled.temperature > 1.0 ? "less sure" : "surer") +
      " and changes no prediction.";
  if (scaled.at_bound) {
    text +=
        " It ended at the bound of what is allowed: the samples it was fitted on were too few, "
        "and it is worth nothing.";
  }
  if (!split.empty() && scaled.fitted_on == split) {
    text +=
        " Beware: it was fitted on the very faces that are reported, so the scores after it are "
        "too good.";
  }
  return text;
}

}  // namespace

PageSection classes_section(const EvaluationPage& page, const FigureShelf& figures) {
  return {"classes", "Class by class",
          figures.show("classes") + folded("Scores as a table", class_table(page))};
}

PageSection confusion_section(const EvaluationPage& page, const FigureShelf& figures) {
  return {"confusion", "What is taken for what",
          figures.show("confusion") + pair_table(page) + confusion_table(page)};
}

PageSection calibration_section(const EvaluationPage& page, const FigureShelf& figures) {
  Markup content = paragraph(
      "A calibrated model that is 80 % sure is right in 80 % of such cases: the dots lie "
      "on the dashed line. Below it the model is surer than it should be, above it too "
      "modest. ECE is the mean length of the orange lines, weighted by faces.");
  Markup shown = figures.show("reliability");
  shown += figures.show("reliability-equal-mass");
  shown += figures.show("reliability-scaled");
  if (shown.empty()) return {"calibration", "Calibration", {}};
  content += element("div", {{"class", "plots"}}, shown);
  if (page.scaled)
    content +=
        paragraph(temperature_text(*page.scaled, page.measured.split)) + calibration_table(page);
  return {"calibration", "Calibration", content};
}

}  // namespace fer::report
