#include "fer/augment/face_change.h"

#include <algorithm>

#include "fer/augment/augmentation.h"

namespace fer::augment {

FaceRegion FaceRegion::around(double x, double y, double width, double height) {
  return {std::max(x - width / 2, 0.0), std::max(y - height / 2, 0.0), std::min(x + width / 2, 1.0),
          std::min(y + height / 2, 1.0)};
}

bool FaceChange::moves() const {
  return angle != 0.0 || shear != 0.0 || scale != 1.0 || shift_x != 0.0 || shift_y != 0.0;
}

std::vector<FaceChange> plan_changes(std::int64_t count, const AugmentOptions& options,
                                     const RandomStream& stream) {
  std::vector<FaceChange> changes(static_cast<std::size_t>(count));
  for (const AugmentationRow& row : augmentations()) {
    if (!row.is_on(options)) continue;
    const std::string& name = row.kind.stream.empty() ? row.kind.field.name : row.kind.stream;
    RandomStream own = stream.child(name);
    for (FaceChange& change : changes) row.kind.draw(change, options, own);
  }
  return changes;
}

}  // namespace fer::augment
