#include "fer/report/evaluation_figures.h"

#include <utility>

#include "fer/core/display_text.h"
#include "fer/core/text.h"
#include "fer/report/accuracy_figure.h"
#include "fer/report/agreement_figure.h"
#include "fer/report/class_bars_figure.h"
#include "fer/report/confusion_figure.h"
#include "fer/report/corruption_figure.h"
#include "fer/report/difference_figure.h"
#include "fer/report/figure_csv.h"
#include "fer/report/precision_recall_figure.h"
#include "fer/report/reliability_figure.h"

namespace fer::report {

namespace {

using Figures = std::vector<ReportFigure>;

constexpr std::size_t kSubjectColumns = 80;  // below a figure's title: not wider than the figures
constexpr std::size_t kNarrowSubjectColumns = 38;

class Drawer {
 public:
  explicit Drawer(const EvaluationPage& page)
      : page_(page), subject_(fit_columns(evaluated_subject(page.measured), kSubjectColumns)) {}

  Figures draw() {
    accuracy();
    classes();
    confusion();
    reliability();
    precision_recall();
    corruptions();
    agreement();
    differences();
    training();
    return std::move(figures_);
  }

 private:
  FigureTitle titled(const std::string& title) const { return {title, subject_}; }

  void add(std::string name, std::string title, std::string svg, std::string csv) {
    figures_.push_back({std::move(name), std::move(title), std::move(svg), std::move(csv)});
  }

  void accuracy() {
    const MostFrequent frequent = most_frequent_class(page_.report.confusion);
    add("accuracy", "Accuracy",
        accuracy_svg({.accuracy = page_.report.accuracy,
                      .ci95 = page_.report.accuracy_ci95,
                      .most_frequent = frequent.share,
                      .frequent_class = page_.labels.name(frequent.label)}),
        accuracy_csv(page_.report, frequent.share));
  }

  void classes() {
    const std::string title = "Precision, recall and F1";
    add("classes", title, class_bars_svg(page_.report, page_.labels, titled(title)),
        classes_csv(page_.report, page_.labels));
  }

  void confusion() {
    const std::string title = "Confusion matrix";
    add("confusion", title,
        confusion_matrix_svg(page_.report.confusion, page_.labels, titled(title)),
        confusion_csv(page_.report.confusion, page_.labels));
  }

  void add_reliability(const std::string& name, const std::string& title,
                       const std::vector<metrics::ReliabilityBin>& bins, metrics::Binning binning,
                       double ece) {
    if (bins.empty()) return;
    const FigureTitle titled{title, fit_columns(subject_, kNarrowSubjectColumns)};
    add(name, title, reliability_svg(bins, binning, ece, titled), reliability_csv(bins));
  }

  void reliability() {
    const metrics::ClassificationReport& report = page_.report;
    add_reliability("reliability", "Reliability, equal width", report.reliability,
                    metrics::Binning::equal_width, report.ece);
    add_reliability("reliability-equal-mass", "Reliability, equal mass",
                    report.reliability_equal_mass, metrics::Binning::equal_mass,
                    report.adaptive_ece);
    if (!page_.scaled) return;
    add_reliability("reliability-scaled",
                    "Reliability, temperature " + fixed(page_.scaled->temperature, 2),
                    page_.scaled->reliability, metrics::Binning::equal_width, page_.scaled->ece);
  }

  void precision_recall() {
    if (page_.precision_recall.empty()) return;
    std::vector<ClassCurve> curves;
    for (std::size_t c = 0; c < page_.labels.size(); ++c) {
      const metrics::ClassScores& scores = page_.report.per_class[c];
      curves.push_back(
          {.points = page_.precision_recall[c],
           .average_precision = scores.average_precision,
           .share = static_cast<double>(scores.support) / static_cast<double>(page_.report.n)});
    }
    const std::string title = "Precision over recall";
    add("precision-recall", title, precision_recall_svg(curves, page_.labels, titled(title)),
        precision_recall_csv(page_.precision_recall, page_.labels));
  }

  void corruptions() {
    if (!page_.robustness) return;
    const Robustness& robustness = *page_.robustness;
    const CorruptionCurves curves{.clean_accuracy = page_.report.accuracy,
                                  .errors = robustness.errors,
                                  .baseline_name = robustness.baseline_name,
                                  .baseline_clean_accuracy = robustness.baseline_clean_accuracy,
                                  .baseline = robustness.baseline};
    const std::string title = "Accuracy under corruptions";
    add("corruptions", title, corruption_svg(curves, titled(title)), corruptions_csv(curves));
  }

  void agreement() {
    if (!page_.votes || page_.votes->by_agreement.empty()) return;
    const std::string title = "Accuracy by agreement of the voters";
    add("agreement", title, agreement_svg(*page_.votes, titled(title)),
        agreement_csv(*page_.votes));
  }

  void differences() {
    std::vector<NamedDifference> models;
    for (const ComparedModel& other : page_.others) {
      if (other.versus) models.push_back({other.name, *other.versus});
    }
    if (models.empty()) return;
    const std::string title = "Difference of accuracy";
    add("differences", title,
        difference_svg(models, page_.measured.model, {title, "to " + subject_}),
        differences_csv(models));
  }

  void training() {
    if (!page_.training) return;
    const std::string title = "Training curves";
    add("training", title, training_curves_svg(*page_.training, {title, page_.measured.model}),
        training_csv(*page_.training));
  }

  const EvaluationPage& page_;
  std::string subject_;
  Figures figures_;
};

}  // namespace

std::vector<ReportFigure> evaluation_figures(const EvaluationPage& page) {
  return Drawer(page).draw();
}

std::string evaluated_subject(const MeasuredFacts& measured) {
  std::string subject = measured.model.empty() ? "the model" : measured.model;
  if (!measured.data.empty()) subject += " on " + measured.data;
  if (!measured.split.empty()) subject += ", " + measured.split;
  return subject;
}

MostFrequent most_frequent_class(const metrics::ConfusionMatrix& confusion) {
  MostFrequent frequent;
  std::int64_t most = -1;
  for (std::size_t c = 0; c < confusion.classes(); ++c) {
    if (confusion.row_sum(c) <= most) continue;
    most = confusion.row_sum(c);
    frequent.label = c;
  }
  const std::int64_t total = confusion.total();
  if (total > 0) frequent.share = static_cast<double>(most) / static_cast<double>(total);
  return frequent;
}

}  // namespace fer::report
