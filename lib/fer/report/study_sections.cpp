#include <algorithm>
#include <vector>

#include "fer/core/text.h"
#include "fer/report/agreement_figure.h"
#include "fer/report/difference_figure.h"
#include "fer/report/evaluation_sections.h"

namespace fer::report {

namespace {

using html::element;
using html::Markup;
using Row = std::vector<Markup>;

// Whether both models were measured under the same corruptions, in the same order.
bool comparable(const Robustness& robustness) {
  return robustness.errors.size() == robustness.baseline.size() &&
         std::equal(robustness.errors.begin(), robustness.errors.end(), robustness.baseline.begin(),
                    [](const auto& one, const auto& other) {
                      return one.corruption == other.corruption &&
                             one.errors.size() == other.errors.size();
                    });
}

std::string mean_error_text(const Robustness& robustness) {
  std::string text = "The mean corruption error (mCE), over all corruptions and strengths, is " +
                     percent(metrics::corruption_scores(robustness.errors).mean, 1) + ".";
  if (comparable(robustness)) {
    const double relative = metrics::corruption_scores(robustness.errors, robustness.baseline).mean;
    text += " Relative to " + robustness.baseline_name + " it is " + fixed(relative, 3) +
            "; below 1 is sturdier.";
  }
  return text;
}

Markup corruption_table(const EvaluationPage& page) {
  const std::vector<metrics::CorruptionErrors>& errors = page.robustness->errors;
  std::size_t strengths = 0;
  for (const metrics::CorruptionErrors& one : errors)
    strengths = std::max(strengths, one.errors.size());
  std::vector<html::Column> columns{{"corruption", false}, {"0"}};
  for (std::size_t s = 1; s <= strengths; ++s) columns.push_back({std::to_string(s)});
  columns.push_back({"mean error"});
  const metrics::CorruptionScores scores = metrics::corruption_scores(errors);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    Row row{html::text(errors[i].corruption), html::text(percent(page.report.accuracy, 1))};
    for (std::size_t s = 0; s < strengths; ++s) {
      const bool measured = s < errors[i].errors.size();
      row.push_back(html::text(measured ? percent(1.0 - errors[i].errors[s], 1) : "–"));
    }
    row.push_back(html::text(percent(scores.per_corruption[i], 1)));
    rows.push_back(row);
  }
  return folded("Accuracies as a table", html::table("Accuracy at each strength", columns, rows));
}

Row hits_row(const std::string& name, const metrics::Hits& hits) {
  const bool known = hits.n > 0;
  return {html::text(name), html::text(grouped(hits.n)),
          html::text(known ? percent(hits.accuracy()) : "–"),
          html::text(known ? interval_text(hits.ci95()) : "–")};
}

Markup vote_table(const metrics::VoteScores& votes) {
  std::vector<Row> rows{hits_row("a class has more than half of the votes", votes.majority)};
  for (const metrics::AgreementBand& band : votes.by_agreement) {
    rows.push_back(hits_row("winner has " + band_name(band), band.hits));
  }
  return html::table("Accuracy against the votes",
                     {{"faces of which", false}, {"faces"}, {"accuracy"}, {"95 % interval"}}, rows);
}

std::string own_name(const EvaluationPage& page) {
  return page.measured.model.empty() ? "this model" : page.measured.model;
}

Row model_row(const std::string& name, const metrics::ClassificationReport& report) {
  return {html::text(name),
          html::text(percent(report.accuracy)),
          html::text(interval_text(report.accuracy_ci95)),
          html::text(percent(report.balanced_accuracy)),
          html::text(fixed(report.macro_f1, 4)),
          html::text(fixed(report.nll, 4)),
          html::text(fixed(report.ece, 4))};
}

Markup model_table(const EvaluationPage& page) {
  std::vector<Row> rows{model_row(own_name(page) + " (this report)", page.report)};
  for (const ComparedModel& other : page.others) {
    rows.push_back(model_row(other.name, other.report));
  }
  return html::table("Models on the same faces",
                     {{"model", false},
                      {"accuracy"},
                      {"95 % interval"},
                      {"balanced"},
                      {"macro F1"},
                      {"NLL"},
                      {"ECE"}},
                     rows);
}

// Empty if no model was compared face by face.
Markup difference_table(const EvaluationPage& page) {
  std::vector<Row> rows;
  for (const ComparedModel& other : page.others) {
    if (!other.versus) continue;
    const metrics::PairedComparison& versus = *other.versus;
    rows.push_back({html::text(other.name), html::text(points_text(versus.difference)),
                    html::text(points_text(versus.difference_ci95.low) + " to " +
                               points_text(versus.difference_ci95.high)),
                    html::text(p_text(versus.mcnemar.p)),
                    html::text(grouped(versus.outcomes.only_second)),
                    html::text(grouped(versus.outcomes.only_first))});
  }
  if (rows.empty()) return {};
  return html::table("Differences to this report's model, in percentage points",
                     {{"model", false},
                      {"difference"},
                      {"95 % interval"},
                      {"McNemar"},
                      {"only it is right"},
                      {"only this report's is right"}},
                     rows);
}

}  // namespace

PageSection robustness_section(const EvaluationPage& page, const FigureShelf& figures) {
  if (!page.robustness) return {"robustness", "Robustness", {}};
  return {"robustness", "Robustness",
          paragraph(mean_error_text(*page.robustness)) + figures.show("corruptions") +
              corruption_table(page)};
}

PageSection votes_section(const EvaluationPage& page, const FigureShelf& figures) {
  if (!page.votes) return {"votes", "Against the voters", {}};
  const metrics::VoteScores& votes = *page.votes;
  Markup content = figures.show("agreement");
  content += vote_table(votes);
  content += paragraph(
      counted(votes.undecided, "face") + (votes.undecided == 1 ? " has" : " have") +
      " no winner and no part in the accuracies. Cross-entropy to the voters' distribution is " +
      fixed(votes.cross_entropy, 4) + " nats over " + counted(votes.voted, "face") +
      "; nothing can fall below their entropy of " + fixed(votes.entropy, 4) + ".");
  return {"votes", "Against the voters", content};
}

PageSection models_section(const EvaluationPage& page, const FigureShelf& figures) {
  if (page.others.empty()) return {"models", "Models side by side", {}};
  return {"models", "Models side by side",
          model_table(page) + difference_table(page) + figures.show("differences")};
}

}  // namespace fer::report
