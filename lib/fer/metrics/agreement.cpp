#include "fer/metrics/agreement.h"

#include <algorithm>
#include <tuple>

namespace fer::metrics {

double cohen_kappa(const ConfusionMatrix& confusion) {
  const auto n = static_cast<double>(confusion.total());
  double by_chance = 0.0;  // n² p_e
  for (std::size_t c = 0; c < confusion.classes(); ++c) {
    by_chance +=
        static_cast<double>(confusion.row_sum(c)) * static_cast<double>(confusion.column_sum(c));
  }
  const double room = n * n - by_chance;
  if (room <= 0.0) return 0.0;
  return (n * static_cast<double>(confusion.correct()) - by_chance) / room;
}

std::vector<ConfusedPair> most_confused(const ConfusionMatrix& confusion, std::size_t limit) {
  std::vector<ConfusedPair> pairs;
  for (std::size_t truth = 0; truth < confusion.classes(); ++truth) {
    const auto support = static_cast<double>(confusion.row_sum(truth));
    for (std::size_t prediction = 0; prediction < confusion.classes(); ++prediction) {
      const std::int64_t count = confusion.count(truth, prediction);
      if (truth == prediction || count == 0) continue;
      pairs.push_back({truth, prediction, count, static_cast<double>(count) / support});
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const ConfusedPair& a, const ConfusedPair& b) {
    return std::tuple(-a.count, -a.share, a.truth, a.prediction) <
           std::tuple(-b.count, -b.share, b.truth, b.prediction);
  });
  pairs.resize(std::min(pairs.size(), limit));
  return pairs;
}

}  // namespace fer::metrics
