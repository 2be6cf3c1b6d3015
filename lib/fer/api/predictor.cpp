#include "fer/predictor.h"

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

#include "fer/api/picture_pixels.h"
#include "fer/core/label_set.h"
#include "fer/core/parallel.h"
#include "fer/core/processor.h"
#include "fer/detect/open_detector.h"
#include "fer/image/image.h"
#include "fer/infer/classify_faces.h"
#include "fer/infer/precision.h"
#include "fer/model/named_models.h"
#include "fer/predict/face_finder.h"
#include "fer/predict/frame_work.h"

namespace fer {

struct Predictor::Parts {
  LabelSet labels;
  std::vector<ModelCard> models;
  std::string detector;
  int threads;
  infer::ClassifyFaces classify;
  std::unique_ptr<predict::FaceFinder> finder;  // any number of threads may call it
};

namespace {

// Each detector holds its network, so more would take memory and hardly be faster.
constexpr int kMostPredictorDetectors = 8;
constexpr int kMostThreads = 1024;

constexpr const char* kPictureName = "picture";

detect::DetectorChoice choice_of(const PredictorOptions& options) {
  return detect::choose_detector(
      {.name = options.detector,
       .model = {},
       .precision = infer::precision_of_detectors(infer::precision_named(options.precision))});
}

std::unique_ptr<predict::FaceFinder> make_finder(const detect::DetectorChoice& choice,
                                                 const WantedFaces& wanted, bool small_faces,
                                                 int threads) {
  const predict::FindOptions find{.crop = predict::usual_crop(choice.name),
                                  .wanted = wanted,
                                  .small_faces = small_faces,
                                  .track = false};
  return std::make_unique<predict::FaceFinder>(
      [choice] { return detect::open_detector(choice); },
      static_cast<std::size_t>(std::min(threads, kMostPredictorDetectors)), find);
}

std::vector<ModelCard> cards_of(const std::vector<model::NamedModel>& models) {
  double sum = 0.0;
  for (const model::NamedModel& model : models) sum += model.weight;
  std::vector<ModelCard> cards;
  for (const model::NamedModel& named : models) {
    const model::ModelInfo& info = named.model.info;
    cards.push_back({.name = named.name,
                     .file = named.path.string(),
                     .architecture = info.architecture,
                     .creator = info.creator,
                     .licence = info.licence,
                     .data = info.training.data,
                     .data_fingerprint = info.training.data_fingerprint,
                     .input_side = info.input.cut.format.width,
                     .temperature = info.temperature,
                     .weight = named.weight / sum});
  }
  return cards;
}

Face face_of(std::vector<float> probabilities, const Box& box, double score,
             const LabelSet& labels) {
  const auto best = std::max_element(probabilities.begin(), probabilities.end());
  Face face{.box = box,
            .score = score,
            .label = labels.name(static_cast<std::size_t>(best - probabilities.begin())),
            .probability = double{*best},
            .probabilities = {}};
  face.probabilities = std::move(probabilities);
  return face;
}

std::vector<Face> faces_of(output::FramePrediction& prediction, const LabelSet& labels) {
  std::vector<Face> faces;
  for (output::FacePrediction& found : prediction.faces) {
    const Box box{found.box.x, found.box.y, found.box.width, found.box.height};
    faces.push_back(face_of(std::move(found.probabilities), box, found.score, labels));
  }
  return faces;
}

predict::FrameWork work_on(const cv::Mat& bgr) {
  predict::FrameWork work;
  work.prediction.frame.image = bgr;
  work.prediction.frame.size = bgr.size();
  work.prediction.frame.source = kPictureName;
  return work;
}

cv::Mat bgr_of_file(std::span<const std::uint8_t> file) {
  const std::string_view bytes(reinterpret_cast<const char*>(file.data()), file.size());
  return image::decode_image(bytes, kPictureName);
}

cv::Mat bgr_of(const Picture& picture) {
  if (const auto* view = std::get_if<ImageView>(&picture)) return bgr_of(*view);
  if (const auto* path = std::get_if<std::string>(&picture)) return image::read_image(*path);
  return bgr_of_file(std::get<std::span<const std::uint8_t>>(picture));
}

// Finds the faces; errors that find() does not catch become the frame's error, too.
template <class AnyPicture>
void find_faces(const AnyPicture& picture, predict::FaceFinder& finder, predict::FrameWork& work) {
  try {
    work = work_on(bgr_of(picture));
    finder.find(work);
  } catch (const Error& failure) {
    work.prediction.frame.error = failure.what();
  } catch (const std::bad_alloc&) {
    work.prediction.frame.error = std::string(kPictureName) + ": there is too little memory for it";
  }
  work.prediction.frame.image.release();
}

std::vector<Face> predict_bgr(const cv::Mat& bgr, predict::FaceFinder& finder,
                              const LabelSet& labels, const infer::ClassifyFaces& classify) {
  std::vector<predict::FrameWork> work(1, work_on(bgr));
  finder.find(work.front());
  output::FramePrediction& prediction = work.front().prediction;
  if (prediction.frame.failed()) throw Error(prediction.frame.error);
  predict::classify_frames(work, classify);
  return faces_of(prediction, labels);
}

// The cuts of a picture that is a whole face.
FaceCuts whole_cuts(const cv::Mat& bgr, const std::vector<FaceCut>& wanted) {
  FaceCuts cuts;
  for (const FaceCut& cut : wanted) cuts.push_back(image::face_bytes(bgr, cut.format));
  return cuts;
}

template <class AnyPicture>
std::vector<PictureResult> predict_each(std::span<const AnyPicture> pictures,
                                        predict::FaceFinder& finder, const LabelSet& labels,
                                        const infer::ClassifyFaces& classify, int threads) {
  std::vector<predict::FrameWork> work(pictures.size());
  const auto count = static_cast<std::int64_t>(pictures.size());
  parallel_for(count, std::min(threads, kMostPredictorDetectors), [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    find_faces(pictures[at], finder, work[at]);
  });
  predict::classify_frames(work, classify);
  std::vector<PictureResult> results;
  for (predict::FrameWork& one : work) {
    const output::FramePrediction& found = one.prediction;
    const cv::Size size = found.frame.size;
    results.push_back(
        {faces_of(one.prediction, labels), found.frame.error, size.width, size.height});
  }
  return results;
}

// An empty name usually is an unset variable, so it does not mean the default.
void check(const PredictorOptions& options) {
  if (options.threads < 0 || options.threads > kMostThreads) {
    throw Error("threads: " + std::to_string(options.threads) +
                " is not allowed; allowed: 0, which is one a core, to " +
                std::to_string(kMostThreads));
  }
  for (const std::string& name : options.models) {
    if (name.empty()) throw Error("models: a name is empty; leave it out for the released model");
  }
}

}  // namespace

Predictor::Predictor(const PredictorOptions& options) {
  check(options);
  const std::vector<model::NamedModel> models = model::load_models(options.models, "models");
  const detect::DetectorChoice choice = choice_of(options);
  const int threads = options.threads > 0 ? options.threads : usable_cores();
  const infer::ClassifyFaces classify = infer::classify_with(
      models, infer::tta_named(options.tta), threads, infer::precision_named(options.precision));
  parts_ = std::make_shared<const Parts>(
      Parts{models.front().model.info.labels, cards_of(models), choice.name, threads, classify,
            make_finder(choice, classify.wanted(), options.small_faces, threads)});
}

Predictor::~Predictor() = default;
Predictor::Predictor(const Predictor&) = default;
Predictor& Predictor::operator=(const Predictor&) = default;
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;

std::vector<Face> Predictor::predict(const ImageView& picture) const {
  return predict_bgr(bgr_of(picture), *parts_->finder, parts_->labels, parts_->classify);
}

std::vector<Face> Predictor::predict_file(const std::string& path) const {
  return predict_bgr(image::read_image(path), *parts_->finder, parts_->labels, parts_->classify);
}

std::vector<Face> Predictor::predict_bytes(std::span<const std::uint8_t> file) const {
  return predict_bgr(bgr_of_file(file), *parts_->finder, parts_->labels, parts_->classify);
}

std::vector<PictureResult> Predictor::predict(std::span<const ImageView> pictures) const {
  return predict_each(pictures, *parts_->finder, parts_->labels, parts_->classify, parts_->threads);
}

std::vector<PictureResult> Predictor::predict_pictures(std::span<const Picture> pictures) const {
  return predict_each(pictures, *parts_->finder, parts_->labels, parts_->classify, parts_->threads);
}

std::vector<Face> Predictor::classify_crops(std::span<const ImageView> crops) const {
  const WantedFaces& wanted = parts_->classify.wanted();
  Faces faces;
  std::vector<FaceCuts> cuts;
  for (const ImageView& crop : crops) {
    try {
      const cv::Mat bgr = bgr_of(crop);
      faces.append(FaceView(image::face_bytes(bgr, wanted.format), wanted.format));
      cuts.push_back(whole_cuts(bgr, wanted.cuts));
    } catch (const Error& failure) {
      throw Error("crop " + std::to_string(faces.size()) + ": " + failure.what());
    }
  }
  if (faces.empty()) return {};
  std::vector<std::vector<float>> rows = parts_->classify(faces, cuts);
  std::vector<Face> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Box whole{0, 0, crops[i].width, crops[i].height};
    found.push_back(face_of(std::move(rows[i]), whole, 1.0, parts_->labels));
  }
  return found;
}

const std::vector<std::string>& Predictor::labels() const { return parts_->labels.names(); }
const std::vector<ModelCard>& Predictor::models() const { return parts_->models; }
const std::string& Predictor::detector() const { return parts_->detector; }

}  // namespace fer
