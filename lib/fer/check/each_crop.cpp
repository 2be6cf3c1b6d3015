#include "fer/check/each_crop.h"

#include <cstddef>

#include "fer/core/work_progress.h"
#include "fer/tensors/face_images.h"

namespace fer::check {

bool each_crop(const data::FaceSet& set, const std::vector<std::int64_t>& rows, Log& log,
               const std::atomic<bool>& stop,
               const std::function<void(std::int64_t row, FaceView crop)>& look) {
  constexpr std::size_t kBetweenNotices = 50;
  const WorkProgress work("looking for faces", "images");
  const auto all = static_cast<std::int64_t>(rows.size());
  for (std::size_t i = 0; i < rows.size() && !stop.load(); ++i) {
    const at::Tensor image = set.images.block(rows[i], 1);
    look(rows[i], tensors::faces_of(image)[0]);
    if (i % kBetweenNotices == 0) log.progress(work.at(static_cast<std::int64_t>(i) + 1, all));
  }
  log.progress_done();
  return !stop.load();
}

}  // namespace fer::check
