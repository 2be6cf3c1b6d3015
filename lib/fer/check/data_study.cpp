#include "fer/check/data_study.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "fer/core/text.h"

namespace fer::check {

namespace {

// The rows, first those where the networks were least sure of any class.
std::vector<std::int64_t> least_sure_first(const data::FaceSet& set,
                                           const at::Tensor& probabilities) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(set.size()));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  if (!probabilities.defined()) return rows;
  const at::Tensor most = std::get<0>(probabilities.max(1)).contiguous();
  const auto* sure = most.const_data_ptr<float>();
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::int64_t a, std::int64_t b) { return sure[a] < sure[b]; });
  return rows;
}

void look_for_faces(const data::FaceSet& set, NoFaceSearch& search, Log& log,
                    const std::atomic<bool>& stop, DataStudy& study) {
  if (!search.why_not().empty()) {
    study.search_note = "not looked for: " + search.why_not();
    return;
  }
  constexpr std::size_t kLookedAt = 2'000;
  std::vector<std::int64_t> rows = least_sure_first(set, study.doubts.probabilities);
  const bool all = rows.size() <= kLookedAt;
  rows.resize(std::min(rows.size(), kLookedAt));
  study.without_face = search.search(set, rows, log, stop);
  study.searched =
      all ? "all " + grouped(set.size())
          : "the " + grouped(static_cast<std::int64_t>(rows.size())) +
                (study.doubts.probabilities.defined() ? " that networks were least sure of"
                                                      : " first ones");
  if (study.without_face) {
    study.search_note = "looked for by " + study.without_face->detector + " in " + study.searched;
  }
}

}  // namespace

std::optional<DataStudy> study_data(const data::FaceSet& set, const DataStudyOptions& options,
                                    Log& log, const std::atomic<bool>& stop) {
  DataStudy study;
  NoFaceSearch search(options.detector);  // before the long work, because its file may be missing
  if (options.doubts) {
    const auto doubts = doubt_labels(set, options.seed, log, stop);
    if (!doubts) return std::nullopt;
    study.doubts = *doubts;
  } else {
    study.doubts.note = "not looked for, as was asked";
  }
  look_for_faces(set, search, log, stop, study);
  if (stop.load()) return std::nullopt;
  return study;
}

}  // namespace fer::check
