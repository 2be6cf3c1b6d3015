// What stands between frames, which know no tensor library, and models.
#pragma once

#include <string>
#include <vector>

#include "fer/commands/face_files.h"
#include "fer/commands/named_models.h"
#include "fer/predict/frame_work.h"

namespace fer {

// Each face's probabilities by the mean of the models, over the views of `tta` (infer/tta.h). Holds
// copies of their weights. Few faces are classified on the calling thread alone: the others are the
// detector's.
ClassifyFaces classify_with(const std::vector<NamedModel>& models, const std::string& tta,
                            int threads);

// Grad-CAM (infer/explain.h) of the first model.
ExplainFaces explain_with(const std::vector<NamedModel>& models);

}  // namespace fer
