#include "fer/metrics/calibration.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "fer/core/error.h"

namespace fer::metrics {

namespace {

struct PredictionRow {
  double confidence = 0.0;
  bool correct = false;
};

std::vector<PredictionRow> prediction_rows(const ScoredSamples& samples) {
  std::vector<PredictionRow> all(samples.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t prediction = samples.prediction(i);
    all[i] = {samples.probability(i, prediction), prediction == samples.truth(i)};
  }
  return all;
}

// `confidence` sums up until finish().
void add(ReliabilityBin& bin, const PredictionRow& sample) {
  ++bin.count;
  bin.correct += sample.correct ? 1 : 0;
  bin.confidence += sample.confidence;
}

void finish(ReliabilityBin& bin) {
  bin.accuracy_ci95 = wilson_interval(bin.correct, bin.count);
  if (bin.count == 0) return;
  bin.confidence /= static_cast<double>(bin.count);
  bin.accuracy = static_cast<double>(bin.correct) / static_cast<double>(bin.count);
}

std::vector<ReliabilityBin> bins_of_equal_width(const std::vector<PredictionRow>& samples,
                                                std::size_t count) {
  const auto width = static_cast<double>(count);
  std::vector<ReliabilityBin> bins(count);
  for (std::size_t m = 0; m < count; ++m) {
    bins[m].low = static_cast<double>(m) / width;
    bins[m].high = static_cast<double>(m + 1) / width;
  }
  for (const PredictionRow& sample : samples) {
    const double upper_bin = std::ceil(sample.confidence * width);
    add(bins[upper_bin < 1.0 ? 0 : static_cast<std::size_t>(upper_bin) - 1], sample);
  }
  return bins;
}

std::vector<ReliabilityBin> bins_of_equal_mass(std::vector<PredictionRow> samples,
                                               std::size_t count) {
  std::sort(samples.begin(), samples.end(), [](const PredictionRow& a, const PredictionRow& b) {
    return a.confidence < b.confidence;
  });
  std::vector<ReliabilityBin> bins(count);
  std::size_t first_equal = 0;
  for (std::size_t rank = 0; rank < samples.size(); ++rank) {
    const PredictionRow& sample = samples[rank];
    if (sample.confidence != samples[first_equal].confidence) first_equal = rank;
    ReliabilityBin& bin = bins[first_equal * count / samples.size()];
    if (bin.count == 0) bin.low = sample.confidence;
    bin.high = sample.confidence;
    add(bin, sample);
  }
  return bins;
}

}  // namespace

double negative_log_likelihood(const ScoredSamples& samples) {
  double sum = 0.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    sum -= samples.log_probability(i, samples.truth(i));
  }
  return sum / static_cast<double>(samples.size());
}

double brier_score(const ScoredSamples& samples) {
  double sum = 0.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (std::size_t c = 0; c < samples.classes(); ++c) {
      const double miss = samples.probability(i, c) - (c == samples.truth(i) ? 1.0 : 0.0);
      sum += miss * miss;
    }
  }
  return sum / static_cast<double>(samples.size());
}

std::vector<ReliabilityBin> reliability_bins(const ScoredSamples& samples, std::size_t bins,
                                             Binning binning) {
  if (bins == 0) throw Error("calibration error: 0 bins; needed is at least 1");
  std::vector<ReliabilityBin> filled = binning == Binning::equal_width
                                           ? bins_of_equal_width(prediction_rows(samples), bins)
                                           : bins_of_equal_mass(prediction_rows(samples), bins);
  for (ReliabilityBin& bin : filled) finish(bin);
  return filled;
}

double expected_calibration_error(const std::vector<ReliabilityBin>& bins) {
  double gaps = 0.0;
  std::int64_t samples = 0;
  for (const ReliabilityBin& bin : bins) {
    gaps += static_cast<double>(bin.count) * std::abs(bin.accuracy - bin.confidence);
    samples += bin.count;
  }
  return gaps / static_cast<double>(samples);
}

}  // namespace fer::metrics
