// Pages to be written: a small one, and one with all there can be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/random.h"
#include "fer/report/evaluation_page.h"

namespace fer::test {

// Samples of `classes` classes, their probabilities drawn at random but leaning to the truth.
struct DrawnSamples {
  DrawnSamples(std::size_t samples, std::size_t class_count, std::uint64_t seed)
      : classes(class_count) {
    RandomStream stream(seed);
    for (std::size_t i = 0; i < samples; ++i) {
      truths.push_back(static_cast<std::int64_t>(i % classes));
      double sum = 0.0;
      std::vector<double> row;
      for (std::size_t c = 0; c < classes; ++c) {
        row.push_back(stream.uniform(0.01, 1.0) + (c == i % classes ? 0.6 : 0.0));
        sum += row.back();
      }
      for (const double value : row) probabilities.push_back(static_cast<float>(value / sum));
    }
  }

  metrics::ClassificationReport report() const {
    return metrics::classification_report({probabilities, truths, classes});
  }
  metrics::ScoredSamples scored() const {
    return metrics::ScoredSamples(probabilities, truths, classes);
  }

  std::vector<float> probabilities;
  std::vector<std::int64_t> truths;
  std::size_t classes;
};

inline LabelSet numbered_labels(std::size_t classes, const std::string& name = "class ") {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < classes; ++c) names.push_back(name + std::to_string(c));
  return LabelSet(names);
}

// What every page has, and nothing more.
inline report::EvaluationPage small_page(const DrawnSamples& samples) {
  report::EvaluationPage page;
  page.labels = numbered_labels(samples.classes);
  page.report = samples.report();
  return page;
}

inline report::ShownFace example_face(std::size_t truth, std::size_t prediction,
                                      const std::string& text) {
  report::ShownFace face;
  FacePixels pixels;
  for (std::size_t i = 0; i < kFacePixels; ++i) pixels[i] = static_cast<std::uint8_t>(i % 256);
  face.pixels.append(pixels);
  face.heat.assign(kFacePixels, 0.5F);
  face.truth = truth;
  face.prediction = prediction;
  face.probability = 0.75;
  face.source = text;
  face.remark = text;
  return face;
}

inline void add_faces(report::EvaluationPage& page, const std::string& text) {
  const std::size_t classes = page.labels.size();
  page.faces.assign(classes, {});
  for (std::size_t c = 0; c < classes; ++c) {
    page.faces[c].mistakes.push_back(example_face(c, (c + 1) % classes, text));
    page.faces[c].unsure_hits.push_back(example_face(c, c, text));
  }
  page.suspicious.push_back(example_face(0, 1, text));
  page.suspicious.back().heat.clear();
}

// Every part, with `text` wherever there is any; two figures more for the samples.
inline report::EvaluationPage full_page(const DrawnSamples& samples,
                                        const std::string& text = "some text") {
  report::EvaluationPage page = small_page(samples);
  const std::int64_t n = page.report.n;
  page.measured = {text, text, text, text, text, text, text, {{text, text}}};
  page.trust = {.seen = report::SeenImages{1, {n - 1, page.report.confusion.correct() / 2}},
                .chosen = report::ChosenOnSplit::yes,
                .notices = {{report::Severity::serious, text}}};
  page.scaled = report::ScaledByTemperature{.temperature = 1.5,
                                            .fitted_on = text,
                                            .at_bound = true,
                                            .nll = 1.0,
                                            .brier = 0.5,
                                            .ece = 0.03,
                                            .adaptive_ece = 0.04,
                                            .reliability = page.report.reliability};
  for (std::size_t c = 0; c < samples.classes; ++c) {
    page.precision_recall.push_back(metrics::precision_recall_curve(samples.scored(), c));
  }
  page.training = report::TrainingCurves{{2.0, 1.5}, {2.1, 1.75}, {0.25, 0.5}, {0.25, 0.375}, 2};
  page.robustness = report::Robustness{.errors = {{text, {0.5, 0.625}}, {"blur", {0.75}}},
                                       .baseline_name = text,
                                       .baseline_clean_accuracy = 0.5,
                                       .baseline = {{text, {0.625, 0.75}}, {"blur", {0.875}}}};
  const DrawnSamples others(static_cast<std::size_t>(n), samples.classes, 99);
  page.others = {{text, others.report(),
                  metrics::compare_paired(samples.scored(), others.scored(), RandomStream(1))},
                 {"without comparison", others.report(), std::nullopt}};
  page.votes = metrics::VoteScores{.n = n,
                                   .undecided = 1,
                                   .majority = {8, 6},
                                   .by_agreement = {{0.0, 0.5, {4, 1}}, {0.5, 1.0, {0, 0}}},
                                   .voted = n,
                                   .cross_entropy = 1.25,
                                   .entropy = 0.5};
  add_faces(page, text);
  page.model_card = {{text, text}};
  page.data_card = {{text, text}};
  return page;
}

}  // namespace fer::test
