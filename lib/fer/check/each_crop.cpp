#include "fer/check/each_crop.h"

#include <algorithm>
#include <cstddef>

namespace fer::check {

bool each_crop(const data::FaceSet& set, const std::vector<std::int64_t>& rows, Log& log,
               const std::atomic<bool>& stop,
               const std::function<void(std::int64_t row, const FacePixels& crop)>& look) {
  constexpr std::size_t kBetweenNotices = 50;
  const auto all = static_cast<std::int64_t>(rows.size());
  FacePixels crop{};
  for (std::size_t i = 0; i < rows.size() && !stop.load(); ++i) {
    const at::Tensor image = set.images.row(rows[i]);
    std::copy_n(image.const_data_ptr<std::uint8_t>(), kFacePixels, crop.begin());
    look(rows[i], crop);
    if (i % kBetweenNotices != 0) continue;
    log.progress({"looking for faces", static_cast<std::int64_t>(i), all, 0.0, "", 0.0, ""});
  }
  log.progress_done();
  return !stop.load();
}

}  // namespace fer::check
