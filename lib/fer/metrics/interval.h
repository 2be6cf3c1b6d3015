// The confidence interval of a proportion that was measured on a finite number of samples.
#pragma once

#include <cstdint>

namespace fer::metrics {

struct Interval {
  double low = 0.0;
  double high = 1.0;

  bool operator==(const Interval&) const = default;
};

// The 95 % score interval of a binomial proportion (E. B. Wilson, "Probable inference, the law of
// succession, and statistical inference", 1927): with p = correct / total and z = 1.95996…,
//   (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
// Unlike p ± z·s it stays in [0, 1], and it does not shrink to a point where all or none are
// correct. With a total of 0 nothing is known, and it is [0, 1]. @throws fer::Error unless 0 <=
// correct <= total.
Interval wilson_interval(std::int64_t correct, std::int64_t total);

}  // namespace fer::metrics
