#include "fer/commands/faceless.h"

#include <algorithm>

#include "fer/core/error.h"
#if FER_WITH_VISION
#include "fer/detect/face_search.h"
#include "fer/detect/open_detector.h"
#endif

namespace fer {

#if FER_WITH_VISION

FaceSearcher::FaceSearcher(const std::string& detector) {
  DetectorOptions wanted;
  wanted.name = detector;
  try {
    const DetectorChoice choice = choose_detector(wanted);
    name_ = choice.name;
    if (name_ == "none") {
      why_not_ = "--detector none";
    } else {
      detector_ = open_detector(choice);
    }
  } catch (const Error& error) {
    if (detector != "auto") throw;
    why_not_ = error.what();
  }
}

FaceSearcher::~FaceSearcher() = default;

std::optional<FaceSearch> FaceSearcher::search(const FaceSet& set,
                                               const std::vector<std::int64_t>& rows,
                                               Console& console) {
  constexpr std::size_t kBetweenNotices = 50;
  FaceSearch search{name_, {}};
  for (std::size_t i = 0; i < rows.size() && !console.stop_requested().load(); ++i) {
    const at::Tensor pixels = set.images[rows[i]].contiguous();
    FacePixels crop{};
    std::copy_n(pixels.const_data_ptr<std::uint8_t>(), kFacePixels, crop.begin());
    if (!finds_face(*detector_, crop)) search.without.push_back(rows[i]);
    if (i % kBetweenNotices == 0) {
      console.progress({"looking for faces", static_cast<std::int64_t>(i),
                        static_cast<std::int64_t>(rows.size()), 0.0, "", 0.0, ""});
    }
  }
  console.progress_done();
  if (console.stop_requested().load()) return std::nullopt;
  return search;
}

#else

class Detector {};

FaceSearcher::FaceSearcher(const std::string& detector)
    : name_(detector), why_not_("this build has no OpenCV") {
  if (detector != "auto" && detector != "none") {
    throw Error("--detector " + detector + ": " + why_not_);
  }
}

FaceSearcher::~FaceSearcher() = default;

std::optional<FaceSearch> FaceSearcher::search(const FaceSet&, const std::vector<std::int64_t>&,
                                               Console&) {
  return std::nullopt;
}

#endif

}  // namespace fer
