#include "fer/check/no_face_search.h"

#include "fer/check/each_crop.h"
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
  ImagesWithoutFace found{name_, {}};
  const bool whole = each_crop(set, rows, log, stop, [&](std::int64_t row, FaceView crop) {
    if (!detect::finds_face(*detector_, crop)) found.rows.push_back(row);
  });
  if (!whole) return std::nullopt;
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
