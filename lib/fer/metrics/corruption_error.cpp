#include "fer/metrics/corruption_error.h"

#include <limits>
#include <numeric>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::metrics {

namespace {

void check(const std::vector<CorruptionErrors>& model) {
  if (model.empty()) throw Error("there are no corruptions to score");
  for (const CorruptionErrors& one : model) {
    if (one.errors.empty()) throw Error(one.corruption + ": there are no strengths to score");
    for (const double error : one.errors) {
      if (error >= 0.0 && error <= 1.0) continue;  // false for NaN
      throw Error(one.corruption + ": an error of " + shortest(error) + "; allowed are 0 to 1");
    }
  }
}

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

CorruptionScores with_mean(std::vector<double> per_corruption) {
  const double mean = sum_of(per_corruption) / static_cast<double>(per_corruption.size());
  return {std::move(per_corruption), mean};
}

double ratio(double error, double baseline) {
  if (baseline > 0.0) return error / baseline;
  return error > 0.0 ? std::numeric_limits<double>::infinity() : 1.0;
}

}  // namespace

CorruptionScores corruption_scores(const std::vector<CorruptionErrors>& model) {
  check(model);
  std::vector<double> means;
  means.reserve(model.size());
  for (const CorruptionErrors& one : model) {
    means.push_back(sum_of(one.errors) / static_cast<double>(one.errors.size()));
  }
  return with_mean(std::move(means));
}

CorruptionScores corruption_scores(const std::vector<CorruptionErrors>& model,
                                   const std::vector<CorruptionErrors>& baseline) {
  check(model);
  check(baseline);
  bool same = model.size() == baseline.size();
  for (std::size_t i = 0; same && i < model.size(); ++i) {
    same = model[i].corruption == baseline[i].corruption &&
           model[i].errors.size() == baseline[i].errors.size();
  }
  if (!same) {
    throw Error("the baseline was not measured under the model's corruptions and strengths");
  }
  std::vector<double> ratios;
  ratios.reserve(model.size());
  for (std::size_t i = 0; i < model.size(); ++i) {
    ratios.push_back(ratio(sum_of(model[i].errors), sum_of(baseline[i].errors)));
  }
  return with_mean(std::move(ratios));
}

}  // namespace fer::metrics
