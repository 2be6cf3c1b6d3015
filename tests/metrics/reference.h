// Reference values of metrics, computed by tests/python/scores_reference.py, and random samples for
// them.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "fer/core/files.h"
#include "fer/core/random.h"
#include "metrics/example_samples.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::test {

// The results of the jobs, in their order; call FER_NEED_PYTHON("numpy", "scipy", "sklearn")
// before.
inline nlohmann::json python_results(const nlohmann::json& jobs) {
  const TemporaryFolder folder;
  write_file(folder / "in.json", jobs.dump());
  run_python("scores_reference.py", {folder / "in.json", folder / "out.json"});
  return nlohmann::json::parse(read_file(folder / "out.json", std::size_t{1} << 26U));
}

// `numbers` as a matrix of rows of `columns`.
template <class Number>
nlohmann::json matrix(const std::vector<Number>& numbers, std::size_t columns) {
  nlohmann::json rows = nlohmann::json::array();
  for (std::size_t start = 0; start < numbers.size(); start += columns) {
    nlohmann::json row = nlohmann::json::array();
    for (std::size_t i = 0; i < columns; ++i) row.push_back(numbers[start + i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

struct RandomCase {
  std::size_t count = 0;
  std::size_t classes = 0;
  double sharpness = 1.0;      // of the probabilities
  std::size_t grain = 0;       // above 0, weights are whole numbers up to it: many ties
  std::int64_t left_out = -1;  // a class that is never true
};

// Samples whose truth is more probable than the others on average.
inline ExampleSamples random_samples(const RandomCase& wanted, RandomStream stream) {
  ExampleSamples samples;
  while (samples.truths.size() < wanted.count) {
    const auto truth = static_cast<std::int64_t>(stream.below(wanted.classes));
    if (truth == wanted.left_out) continue;
    std::vector<double> weights;
    double sum = 0.0;
    for (std::size_t c = 0; c < wanted.classes; ++c) {
      const double bonus = static_cast<std::int64_t>(c) == truth ? 1.0 : 0.0;
      weights.push_back(wanted.grain > 0
                            ? static_cast<double>(stream.below(wanted.grain)) + 1.0 + bonus
                            : std::exp(wanted.sharpness * (stream.normal() + bonus)));
      sum += weights.back();
    }
    for (const double weight : weights) {
      samples.probabilities.push_back(static_cast<float>(weight / sum));
    }
    samples.truths.push_back(truth);
  }
  return samples;
}

}  // namespace fer::test
