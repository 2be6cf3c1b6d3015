#include "fer/check/no_face_search.h"

#include <algorithm>

#include "fer/core/option_error.h"
#if FER_WITH_VISION
#include "fer/detect/face_search.h"
#include "fer/detect/open_detector.h"
#else
namespace fer::detect {
class Detector {};
}  // namespace fer::detect
#endif

namespace fer::check {

#if FER_WITH_VISION

NoFaceSearch::NoFaceSearch(const std::string& detector) {
  detect::DetectorOptions wanted;
  wanted.name = detector;
  try {
    const detect::DetectorChoice choice = detect::choose_detector(wanted);
    name_ = choice.name;
    if (name_ == "none") {
      why_not_ = "the detector is none";
    } else {
      detector_ = detect::open_detector(choice);
    }
  } catch (const Error& error) {
    if (detector != "auto") throw;
    why_not_ = error.what();
  }
}

NoFaceSearch::~NoFaceSearch() = default;

std::optional<ImagesWithoutFace> NoFaceSearch::search(const data::FaceSet& set,
                                                      const std::vector<std::int64_t>& rows,
                                                      Log& log, const std::atomic<bool>& stop) {
  constexpr std::size_t kBetweenNotices = 50;
  ImagesWithoutFace found{name_, {}};
  for (std::size_t i = 0; i < rows.size() && !stop.load(); ++i) {
    const at::Tensor pixels = set.images[rows[i]].contiguous();
    FacePixels crop{};
    std::copy_n(pixels.const_data_ptr<std::uint8_t>(), kFacePixels, crop.begin());
    if (!detect::finds_face(*detector_, crop)) found.rows.push_back(rows[i]);
    if (i % kBetweenNotices == 0) {
      log.progress({"looking for faces", static_cast<std::int64_t>(i),
                    static_cast<std::int64_t>(rows.size()), 0.0, "", 0.0, ""});
    }
  }
  log.progress_done();
  if (stop.load()) return std::nullopt;
  return found;
}

#else

NoFaceSearch::NoFaceSearch(const std::string& detector)
    : name_(detector), why_not_("this build has no OpenCV") {
  if (detector != "auto" && detector != "none") {
    throw OptionError("detector", detector, why_not_);
  }
}

NoFaceSearch::~NoFaceSearch() = default;

std::optional<ImagesWithoutFace> NoFaceSearch::search(const data::FaceSet&,
                                                      const std::vector<std::int64_t>&, Log&,
                                                      const std::atomic<bool>&) {
  return std::nullopt;
}

#endif

}  // namespace fer::check
