// A run over sources: every frame goes from its source through the pipeline to all outputs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/core/log.h"
#include "fer/detect/open_detector.h"
#include "fer/infer/classify_faces.h"
#include "fer/infer/face_features.h"
#include "fer/predict/face_crop.h"
#include "fer/predict/frame_work.h"
#include "fer/predict/label_stabilizer.h"
#include "fer/source/source.h"

namespace fer::predict {

// The model that classifies faces, and what it explains of them.
struct FaceModel {
  LabelSet labels;
  infer::ClassifyFaces classify;
  infer::ExplainFaces explain;        // only asked where a folder for explanations is named
  infer::FaceFeatures features = {};  // likewise, where a file for them is named
};

struct SessionOptions {
  std::vector<std::string> sources;  // see source/open_source.h
  source::SourceOptions reading;     // the session sets its callbacks
  detect::DetectorOptions detector;
  double crop_factor = 0.0;  // CropOptions::factor; 0: the detector's usual one
  Align align = Align::automatic;
  bool small_faces = true;  // in still pictures also look for small ones
  bool track = true;        // follow faces from frame to frame
  StabilizerOptions labels;
  int threads = 1;                // at least 1
  std::size_t batch_frames = 64;  // at most so many frames are classified together
  std::string format = "text";    // of the results (output/prediction_writer.h)
  std::int64_t top = 3;           // classes that the text format shows
  // The four paths are named in messages by the options of these names; an empty one is left out.
  std::filesystem::path output;      // annotated pictures (output/annotated_output.h)
  std::filesystem::path save_crops;  // a folder: the faces as they were classified
  std::filesystem::path explain;     // a folder: the faces, warm where the model looked
  std::filesystem::path features;    // a file of the faces' features (output/feature_file.h)
  std::string window;                // title of a window that shows annotated pictures; empty: none
  bool stats = false;                // log the speed of each stage while it runs
  bool log_failures = false;  // log why a source could not be read: the results may not be seen
};

// Whom a session works for.
struct SessionCaller {
  std::istream& names;    // what the source "-" reads
  std::ostream& results;  // written to by one thread at a time
  Log& log;
  const std::atomic<bool>& stop_requested;  // ends the session after the frames in hand
};

enum class SessionEnd {
  complete,
  failures,  // complete, but for what could not be read
  stopped,   // because the caller asked for it; videos are completed
};

class PredictionSession {
 public:
  // Opens everything but what the sources name. `caller` must outlive the session.
  // @throws fer::Error for a wrong source, detector, format, output or folder.
  PredictionSession(const SessionOptions& options, FaceModel model, SessionCaller caller);
  ~PredictionSession();
  PredictionSession(const PredictionSession&) = delete;
  PredictionSession& operator=(const PredictionSession&) = delete;

  // Every frame of every source in order: find faces, classify them, write the result, and where
  // asked the annotated picture; at the end a summary for the log. Call once.
  // @throws fer::Error where an output cannot be written.
  SessionEnd run();

  // Whether nothing but cameras and streams is read.
  bool live() const;
  // Behind run(): whether all sources were read to their ends, so that nobody stopped it before and
  // no window was closed.
  bool read_all() const;

 private:
  class Run;
  std::unique_ptr<Run> run_;
};

}  // namespace fer::predict
