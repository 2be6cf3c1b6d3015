#include "fer/api/predictor.h"

#include <utility>

#include "fer/infer/classify_faces.h"
#include "fer/core/processor.h"
#include "fer/detect/open_detector.h"
#include "fer/core/error.h"
#include "fer/image/image.h"
#include "fer/model/named_models.h"
#include "fer/predict/face_finder.h"
#include "fer/predict/frame_work.h"

namespace fer {

struct Predictor::Parts {
  LabelSet labels;
  ClassifyFaces classify;
  std::unique_ptr<FaceFinder> finder;
};

namespace {

std::unique_ptr<FaceFinder> make_finder(const PredictorOptions& options) {
  const DetectorChoice choice = choose_detector({.name = options.detector, .model = {}, .side = 0});
  return std::make_unique<FaceFinder>(
      [choice] { return open_detector(choice); }, 1,
      FindOptions{.crop = usual_crop(choice.name), .small_faces = options.small_faces});
}

std::vector<Face> faces_of(const FramePrediction& prediction, const LabelSet& labels) {
  std::vector<Face> faces;
  for (const FacePrediction& found : prediction.faces) {
    faces.push_back({found.box, found.score, labels.name(found.label()),
                     double{found.probability()}, found.probabilities});
  }
  return faces;
}

}  // namespace

Predictor::Predictor(const PredictorOptions& options) {
  const std::vector<NamedModel> models = load_models(options.models, options.device);
  parts_ = std::make_unique<Parts>(Parts{
      models.front().model.info.labels,
      classify_with(models, options.tta, usable_cores()), make_finder(options)});
}

Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;

std::vector<Face> Predictor::predict(const cv::Mat& picture) {
  if (picture.empty() || picture.type() != CV_8UC3) {
    throw Error("predict: a picture must not be empty and must be 8-bit BGR (CV_8UC3)");
  }
  std::vector<FrameWork> work(1);
  work.front().prediction.frame.image = picture;
  work.front().prediction.frame.source = "picture";
  parts_->finder->find(work.front());
  const FramePrediction& prediction = work.front().prediction;
  if (prediction.frame.failed()) throw Error(prediction.frame.error);
  classify_frames(work, parts_->classify);
  return faces_of(prediction, parts_->labels);
}

std::vector<Face> Predictor::predict_file(const std::string& path) {
  return predict(read_image(path));
}

const std::vector<std::string>& Predictor::labels() const { return parts_->labels.names(); }

}  // namespace fer
