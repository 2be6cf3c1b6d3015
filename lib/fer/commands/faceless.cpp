#include "fer/commands/faceless.h"

#include <algorithm>

#if FER_WITH_VISION
#include "fer/predict/face_search.h"
#endif

namespace fer {

#if FER_WITH_VISION

namespace {

constexpr std::size_t kBetweenNotices = 50;

}  // namespace

std::optional<FaceSearch> search_faces(const FaceSet& set, const std::vector<std::int64_t>& rows,
                                       const std::string& detector, Console& console) {
  DetectorOptions wanted;
  wanted.name = detector;
  const DetectorChoice choice = choose_detector(wanted);
  if (choice.name == "none") return std::nullopt;
  const auto finder = open_detector(choice);
  FaceSearch search{choice.name, {}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (console.stop_requested().load()) return std::nullopt;
    const at::Tensor pixels = set.images[rows[i]].contiguous();
    FacePixels crop{};
    std::copy_n(pixels.const_data_ptr<std::uint8_t>(), kFacePixels, crop.begin());
    if (!finds_face(*finder, crop)) search.without.push_back(rows[i]);
    if (i % kBetweenNotices == 0) {
      console.progress({"looking for faces", static_cast<std::int64_t>(i),
                        static_cast<std::int64_t>(rows.size()), 0.0, "", 0.0, ""});
    }
  }
  console.progress_done();
  return search;
}

#else

std::optional<FaceSearch> search_faces(const FaceSet&, const std::vector<std::int64_t>&,
                                       const std::string&, Console& console) {
  console.info("built without OpenCV: images without a face are not looked for");
  return std::nullopt;
}

#endif

}  // namespace fer
