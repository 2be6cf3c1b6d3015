// What fer-predict does, whatever classifies the faces.
#pragma once

#include <istream>

#include "fer/commands/console.h"
#include "fer/commands/face_files.h"
#include "fer/commands/predict_options.h"
#include "fer/core/label_set.h"
#include "fer/predict/frame_work.h"

namespace fer {

struct FaceModel {
  ClassifyFaces classify;
  ExplainFaces explain;  // only asked where options.explain names a folder
};

// Every frame of every source in order: find faces, classify them, write the result to
// console.results() and, where asked, the annotated picture; at the end a summary as a notice.
// Returns the exit code: 0, 1 where some frame failed, 130 where console.stop_requested() ended it
// early (after the frame in hand, with videos completed). `names` is what the source "-" reads.
// @throws fer::Error for a wrong source, detector, format or output.
int predict_sources(const PredictOptions& options, const LabelSet& labels, FaceModel model,
                    std::istream& names, Console& console);

}  // namespace fer
