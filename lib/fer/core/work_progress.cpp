#include "fer/core/work_progress.h"

#include <algorithm>

namespace fer {

Progress WorkProgress::at(std::int64_t done, std::int64_t total) const {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
  const double rate = static_cast<double>(done - before_) / std::max(passed.count(), 1e-9);
  Progress progress;
  progress.title = title_;
  progress.done = done;
  progress.total = total;
  progress.units_per_second = rate;
  progress.unit = unit_;
  if (rate > 0.0) progress.seconds_left = static_cast<double>(total - done) / rate;
  return progress;
}

}  // namespace fer
