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

// The classifier of a session, with its explanations and features.
struct FaceModel {
  LabelSet labels;
  infer::ClassifyFaces classify;
  infer::ExplainFaces explain;        // used only with a folder for explanations
  infer::FaceFeatures features = {};  // used only with a file for features
};

struct SessionOptions {
  std::vector<std::string> sources;  // see source/open_source.h
  source::SourceOptions reading;     // the session sets its callbacks
  detect::DetectorOptions detector;
  double crop_factor = 0.0;  // CropOptions::factor; 0: the detector's default
  Align align = Align::automatic;
  bool small_faces = true;  // search still pictures for small faces, too
  bool track = true;        // track faces from frame to frame
  StabilizerOptions labels;
  int threads = 1;                // at least 1
  std::size_t batch_frames = 64;  // most frames that are classified together
  std::string format = "text";    // of the results (output/prediction_writer.h)
  std::int64_t top = 3;           // classes that the text format shows
  // Four paths; messages name them by the options of the same names; an empty path means no such
  // output.
  std::filesystem::path output;      // annotated pictures (output/annotated_output.h)
  std::filesystem::path save_crops;  // a folder: the faces as they were classified
  std::filesystem::path explain;     // a folder: the faces with their heat maps
  std::filesystem::path features;    // a file of the faces' features (output/feature_file.h)
  std::string window;                // title of a window that shows annotated pictures; empty: none
  bool stats = false;                // log the speed of each stage while it runs
  // also log why a source could not be read, because the results may go unseen
  bool log_failures = false;
};

// A session's connections to its caller.
struct SessionCaller {
  std::istream& names;    // read by the source "-"
  std::ostream& results;  // written to by one thread at a time
  Log& log;
  const std::atomic<bool>& stop_requested;  // ends the session after the frames in the pipeline
};

enum class SessionEnd {
  complete,
  failures,  // complete, except for sources that could not be read
  stopped,   // because the caller asked for it; videos are completed
};

class PredictionSession {
 public:
  // Opens everything except the files of the sources. `caller` must outlive the session. @throws
  // fer::Error for a wrong source, detector, format, output or folder.
  PredictionSession(const SessionOptions& options, FaceModel model, SessionCaller caller);
  ~PredictionSession();
  PredictionSession(const PredictionSession&) = delete;
  PredictionSession& operator=(const PredictionSession&) = delete;

  // Goes through every frame of every source in order: finds faces, classifies them, writes the
  // result and, if wanted, the annotated picture; logs a summary at the end. Call once. @throws
  // fer::Error if an output cannot be written.
  SessionEnd run();

  // Whether all sources are cameras or streams.
  bool live() const;
  // After run(): whether all sources were read to their ends, so neither a stop nor a closed window
  // ended the run early.
  bool read_all() const;

 private:
  class Run;
  std::unique_ptr<Run> run_;
};

}  // namespace fer::predict
