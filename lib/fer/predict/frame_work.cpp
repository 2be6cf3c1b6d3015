#include "fer/predict/frame_work.h"

#include <algorithm>
#include <utility>

#include "fer/core/error.h"
#include "fer/image/image.h"
#include "fer/predict/small_faces.h"

namespace fer {

FaceFinder::FaceFinder(std::vector<std::unique_ptr<Detector>> detectors, const FindOptions& options)
    : options_(options), free_(std::move(detectors)) {}

class FaceFinder::Lease {
 public:
  explicit Lease(FaceFinder& finder) : finder_(finder) {
    std::unique_lock<std::mutex> lock(finder_.mutex_);
    finder_.given_back_.wait(lock, [&] { return !finder_.free_.empty(); });
    detector_ = std::move(finder_.free_.back());
    finder_.free_.pop_back();
  }
  ~Lease() {
    const std::lock_guard<std::mutex> lock(finder_.mutex_);
    finder_.free_.push_back(std::move(detector_));
    finder_.given_back_.notify_one();
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Detector& detector() { return *detector_; }

 private:
  FaceFinder& finder_;
  std::unique_ptr<Detector> detector_;
};

std::vector<DetectedFace> FaceFinder::detect(Detector& detector, Frame& frame) const {
  if (frame.failed()) return {};
  try {
    const bool thorough = options_.small_faces && !frame.moving();
    return thorough ? detect_small_too(detector, frame.image) : detector.detect(frame.image);
  } catch (const Error& failure) {
    frame.error = frame.source + ": " + failure.what();
    return {};
  }
}

void FaceFinder::find(FrameWork& work) {
  FramePrediction& prediction = work.prediction;
  std::vector<DetectedFace> faces;
  {
    Lease lease(*this);
    faces = detect(lease.detector(), prediction.frame);
  }
  for (const DetectedFace& face : faces) {
    work.crops.push_back(face_pixels(prediction.frame.image, crop_of(face, options_.crop)));
    FacePrediction& found = prediction.faces.emplace_back();
    found.box = face.box;
    found.score = face.score;
  }
}

void FaceFollower::follow(FramePrediction& prediction) {
  if (!prediction.frame.moving()) return;
  if (std::exchange(source_, prediction.frame.source) != prediction.frame.source) {
    tracker_.start_over();
  }
  std::vector<cv::Rect> boxes;
  for (const FacePrediction& face : prediction.faces) boxes.push_back(face.box);
  const auto tracks = tracker_.update(prediction.frame.time_s, boxes);
  for (std::size_t i = 0; i < tracks.size(); ++i) prediction.faces[i].track = tracks[i];
}

void classify_frames(std::span<FrameWork> frames, const ClassifyFaces& classify) {
  std::vector<FacePixels> faces;
  for (const FrameWork& work : frames) {
    faces.insert(faces.end(), work.crops.begin(), work.crops.end());
  }
  if (faces.empty()) return;
  std::vector<std::vector<float>> rows = classify(faces);
  std::size_t row = 0;
  for (FrameWork& work : frames) {
    for (FacePrediction& face : work.prediction.faces) {
      face.probabilities = std::move(rows.at(row++));
    }
  }
}

FaceJudge::FaceJudge(const JudgeOptions& options)
    : options_(options), smoothing_(options.smoothing) {}

void FaceJudge::judge(FramePrediction& prediction) {
  for (FacePrediction& face : prediction.faces) {
    if (face.track) {
      SteadyFace steady =
          smoothing_.update(face.track, prediction.frame.time_s, face.probabilities);
      face.probabilities = std::move(steady.probabilities);
      face.steady_label = steady.label;
    }
    const float most = *std::max_element(face.probabilities.begin(), face.probabilities.end());
    face.uncertain = double{most} < options_.least_probability;
  }
}

}  // namespace fer
