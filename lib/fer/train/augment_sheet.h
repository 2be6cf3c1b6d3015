// Shows the effect of augmentation on training images.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fer/augment/augment_options.h"
#include "fer/core/face.h"
#include "fer/core/random.h"
#include "fer/data/face_set.h"

namespace fer::train {

// Cells of a contact sheet (report/contact_sheet.h), row by row.
struct AugmentSheet {
  std::size_t columns = 0;
  Faces cells = {};
  std::vector<std::string> rows = {};  // of each row: "all together", or an option's name
};

// A row for each of the first classes: the original face, then augmented versions of it. Below, a
// row for each augmentation that is on, by itself, on the first face.
AugmentSheet augment_sheet(const data::FaceSet& faces, const augment::AugmentOptions& options,
                           const RandomStream& stream);

}  // namespace fer::train
