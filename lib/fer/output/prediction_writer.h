// Predictions as text: one interface, one table of formats.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/output/face_prediction.h"

namespace fer::output {

class PredictionWriter {
 public:
  virtual ~PredictionWriter() = default;

  // Writes one frame, or its failure, and flushes: the output grows as the source does.
  // @throws fer::Error if the output cannot be written.
  virtual void write(const FramePrediction& prediction) = 0;
};

std::vector<std::string> prediction_format_names();

// `top` bounds the classes of a face that the format for people shows; formats for machines always
// carry all. `output` must outlive the writer. @throws fer::Error for an unknown format.
//   text   a line a frame and a line a face
//   jsonl  one JSON object a frame: {"source", "frame", "time_s", "width", "height", "faces":
//          [{"box": [x, y, w, h], "score", "track", "label", "probability", "probabilities":
//          {label: p}}]}; "label" may be "uncertain" (FacePrediction), "track" is null for a face
//          without one, and the probabilities of a face sum to 1 within 1e-6; a failed frame is
//          {"source", "frame", "error"}
//   csv    a header, then a row a face: source, frame, time_s, face (counted from 0 in its frame),
//          x, y, width, height, score, track, label, a probability a class, error. A frame without
//          faces has one row with empty cells for the face, and so has a failed frame, with its
//          error.
std::unique_ptr<PredictionWriter> make_prediction_writer(const std::string& format,
                                                         const LabelSet& labels, std::int64_t top,
                                                         std::ostream& output);

}  // namespace fer::output
