#include "fer/commands/predict_flow.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/opencv_quiet.h"
#include "fer/predict/annotate.h"
#include "fer/predict/annotated_output.h"
#include "fer/predict/prediction_writer.h"
#include "fer/predict/source.h"

namespace fer {

namespace {

namespace fs = std::filesystem;

constexpr int kExitInterrupted = 130;

std::vector<std::unique_ptr<Source>> open_sources(const PredictOptions& options,
                                                  std::istream& names) {
  const SourceOptions source_options{.every = options.every, .recursive = options.recursive};
  std::vector<std::unique_ptr<Source>> sources;
  for (const std::string& argument : options.sources) {
    sources.push_back(open_source(argument, source_options, names));
  }
  return sources;
}

std::unique_ptr<AnnotatedOutput> open_output(const PredictOptions& options,
                                             const std::vector<std::unique_ptr<Source>>& sources,
                                             Console& console) {
  if (options.output.empty()) return nullptr;
  const SourceKind kind = sources.size() == 1 ? sources.front()->kind() : SourceKind::files;
  auto output = open_annotated_output(options.output, kind);
  std::error_code ignored;
  if (fs::is_regular_file(options.output, ignored)) {
    if (fs::equivalent(options.output, options.sources.front(), ignored)) {
      throw Error("--output " + options.output + ": is the source itself; name another file");
    }
    console.warn(options.output + " is replaced");
  }
  return output;
}

// What the notice at the end counts.
struct Tally {
  explicit Tally(std::size_t classes) : by_label(classes, 0) {}

  void count(const FramePrediction& prediction) {
    ++frames;
    if (prediction.frame.failed()) ++failures;
    for (const FacePrediction& face : prediction.faces) {
      ++faces;
      ++by_label[face.label()];
    }
  }

  // "275 frames, 260 faces: happy 51.2 % (133), sad 48.8 % (127)"
  std::string describe(const LabelSet& labels) const {
    std::vector<std::string> shares;
    for (std::size_t i = 0; i < by_label.size(); ++i) {
      if (by_label[i] == 0) continue;
      const double share = static_cast<double>(by_label[i]) / static_cast<double>(faces);
      shares.push_back(labels.name(i) + " " + percent(share, 1) + " (" + grouped(by_label[i]) +
                       ")");
    }
    const std::int64_t read = frames - failures;
    return grouped(read) + (read == 1 ? " frame, " : " frames, ") + grouped(faces) +
           (faces == 1 ? " face" : " faces") + (shares.empty() ? "" : ": " + join(shares, ", "));
  }

  std::int64_t frames = 0;  // failed ones included
  std::int64_t failures = 0;
  std::int64_t faces = 0;
  std::vector<std::int64_t> by_label;
};

}  // namespace

int predict_sources(const PredictOptions& options, const LabelSet& labels, ClassifyFaces classify,
                    std::istream& names, Console& console) {
  silence_opencv();
  const auto sources = open_sources(options, names);
  const auto writer =
      make_prediction_writer(options.format, labels, options.top, console.results());
  const DetectorChoice detector = choose_detector({options.detector, options.detector_model});
  if (!detector.reason.empty()) console.info("detector " + detector.name + ": " + detector.reason);
  FramePredictor predictor(open_detector(detector), std::move(classify), options.batch_size,
                           usual_crop(detector.name));
  const auto output = open_output(options, sources, console);
  Tally tally(labels.size());
  const auto deliver = [&] {
    for (const FramePrediction& prediction : predictor.flush()) {
      tally.count(prediction);
      writer->write(prediction);
      if (output && !prediction.frame.failed()) {
        output->write(prediction.frame, annotate(prediction.frame.image, prediction.faces, labels));
      }
    }
  };
  for (const auto& source : sources) {
    Frame frame;
    while (!console.stop_requested() && source->next(frame)) {
      predictor.add(std::move(frame));
      if (predictor.full()) deliver();
    }
  }
  deliver();
  if (output) output->finish();
  console.info(tally.describe(labels));
  if (tally.failures > 0) {
    console.warn(grouped(tally.failures) + " of " + grouped(tally.frames) + " could not be read");
  }
  if (console.stop_requested()) return kExitInterrupted;
  return tally.failures > 0 ? 1 : 0;
}

}  // namespace fer
