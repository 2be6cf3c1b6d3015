#include <vector>

#include "fer/core/text.h"
#include "fer/report/evaluation_sections.h"

namespace fer::report {

namespace {

using html::element;
using html::Markup;

Notice seen_notice(const Trust& trust, std::int64_t n) {
  if (!trust.seen) {
    return {Severity::warning,
            "Whether the model was trained on some of these images is not known: its file does "
            "not say which images it was trained on."};
  }
  const SeenImages& images = *trust.seen;
  if (images.seen == 0) {
    return {Severity::good, "None of these " + counted(n, "image") +
                                " is, pixel for pixel, one that the model was trained on."};
  }
  if (images.unseen.n == 0) {
    return {Severity::serious,
            "The model was trained on every one of these images. The scores say how well it "
            "remembers them, and nothing of new faces."};
  }
  const double share = static_cast<double>(images.seen) / static_cast<double>(n);
  return {share > 0.5 ? Severity::serious : Severity::warning,
          grouped(images.seen) + " of the " + counted(n, "image") + " (" + percent(share, 1) +
              ") were in the training data too, pixel for pixel. Without them accuracy is " +
              percent(images.unseen.accuracy()) + " (95 % interval " +
              interval_text(images.unseen.ci95()) + ", " + counted(images.unseen.n, "image") +
              ")."};
}

Notice chosen_notice(ChosenOnSplit chosen) {
  switch (chosen) {
    case ChosenOnSplit::no:
      return {Severity::good,
              "None of these images is one by whose scores the model's epoch or temperature was "
              "chosen."};
    case ChosenOnSplit::yes:
      return {
          Severity::warning,
          "Images of this split were used for selection (which epoch is kept, which temperature, "
          "which weights): scores on it are optimistic, not a test result."};
    case ChosenOnSplit::unknown:
      break;
  }
  return {Severity::note, "Whether something was chosen by its score on this split is not known."};
}

Notice size_notice(const metrics::ClassificationReport& report) {
  const double half = (report.accuracy_ci95.high - report.accuracy_ci95.low) / 2.0;
  return {Severity::note, "On " + counted(report.n, "image") + " accuracy is known to about ±" +
                              fixed(half * 100.0, 1) +
                              " points (95 % interval). Models that differ by less cannot be told "
                              "apart by their accuracies alone."};
}

// The names of a few classes; the number of many.
std::string class_names(const LabelSet& labels) {
  constexpr std::size_t kMostNamed = 20;
  if (labels.size() > kMostNamed) return std::to_string(labels.size());
  return join(labels.names(), ", ");
}

}  // namespace

PageSection trust_section(const EvaluationPage& page) {
  std::vector<Notice> notices = {seen_notice(page.trust, page.report.n),
                                 chosen_notice(page.trust.chosen), size_notice(page.report)};
  notices.insert(notices.end(), page.trust.notices.begin(), page.trust.notices.end());
  return {"trust", "How far to trust this", notice_list(notices)};
}

PageSection measured_section(const EvaluationPage& page) {
  const MeasuredFacts& measured = page.measured;
  std::vector<Fact> facts = {{"Model", measured.model},
                             {"Data", measured.data},
                             {"Fingerprint of these images", measured.fingerprint},
                             {"Split", measured.split},
                             {"Faces", grouped(page.report.n)},
                             {"Classes", class_names(page.labels)},
                             {"Test-time augmentation", measured.tta},
                             {"Date", measured.date},
                             {"Program", measured.version}};
  facts.insert(facts.end(), measured.more.begin(), measured.more.end());
  return {"measured", "What was measured", fact_list(facts)};
}

PageSection model_card_section(const EvaluationPage& page) {
  return {"model-card", "Model card", fact_list(page.model_card)};
}

PageSection data_card_section(const EvaluationPage& page) {
  return {"data-card", "Data card", fact_list(page.data_card)};
}

}  // namespace fer::report
