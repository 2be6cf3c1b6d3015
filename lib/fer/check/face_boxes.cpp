#include "fer/check/face_boxes.h"

#include <algorithm>

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
  constexpr std::int64_t kImagesBetweenNotices = 50;
  if (detector == "none") return {};
  const auto opened =
      detect::open_detector(detect::choose_detector({.name = detector, .model = {}, .side = 0}));
  std::vector<std::optional<data::FaceBox>> boxes(static_cast<std::size_t>(set.size()));
  const at::Tensor images = set.images.contiguous();
  const auto* levels = images.const_data_ptr<std::uint8_t>();
  for (std::int64_t row = 0; row < set.size(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    FacePixels crop{};
    std::copy_n(levels + at * kFacePixels, kFacePixels, crop.begin());
    if (const auto face = detect::face_in(*opened, crop)) {
      boxes[at] =
          data::FaceBox{{face->box.x, face->box.y, face->box.width, face->box.height}, face->score};
    }
    if (row % kImagesBetweenNotices != 0) continue;
    if (stop.load()) return {};
    log.progress({"looking for faces", row, set.size(), 0.0, "", 0.0, ""});
  }
  log.progress_done();
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
