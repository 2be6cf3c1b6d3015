#include "fer/check/face_boxes.h"

#include <numeric>

#include "fer/check/each_crop.h"
#include "fer/core/option_error.h"
#if FER_WITH_VISION
#include "fer/detect/face_search.h"
#include "fer/detect/open_detector.h"
#endif

namespace fer::check {

#if FER_WITH_VISION

std::vector<std::optional<data::FaceBox>> face_boxes(const data::FaceSet& set,
                                                     const std::string& detector, Log& log,
                                                     const std::atomic<bool>& stop) {
  if (detector == "none") return {};
  const auto opened =
      detect::open_detector(detect::choose_detector({.name = detector, .model = {}, .side = 0}));
  std::vector<std::optional<data::FaceBox>> boxes(static_cast<std::size_t>(set.size()));
  std::vector<std::int64_t> rows(boxes.size());
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  const bool whole = each_crop(set, rows, log, stop, [&](std::int64_t row, FaceView crop) {
    const auto face = detect::face_in(*opened, crop);
    if (!face) return;
    boxes[static_cast<std::size_t>(row)] =
        data::FaceBox{{face->box.x, face->box.y, face->box.width, face->box.height}, face->score};
  });
  if (!whole) return {};
  return boxes;
}

#else

std::vector<std::optional<data::FaceBox>> face_boxes(const data::FaceSet&,
                                                     const std::string& detector, Log&,
                                                     const std::atomic<bool>&) {
  if (detector != "none") throw OptionError("detector", detector, "this build has no OpenCV");
  return {};
}

#endif

}  // namespace fer::check
