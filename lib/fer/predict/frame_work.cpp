#include "fer/predict/frame_work.h"

#include <algorithm>
#include <new>
#include <utility>

#include "fer/core/error.h"
#include "fer/detect/small_faces.h"
#include "fer/image/image.h"

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

std::vector<DetectedFace> FaceFinder::detect(FrameWork& work) {
  Lease lease(*this);
  const Frame& frame = work.prediction.frame;
  const bool thorough = options_.small_faces && !frame.moving();
  work.least_face = least_face(lease.detector(), frame.image.size(), thorough);
  work.least_face_in_parts = least_face(lease.detector(), frame.image.size(), true);
  return thorough ? detect_small_too(lease.detector(), frame.image)
                  : lease.detector().detect(frame.image);
}

void FaceFinder::find(FrameWork& work) {
  Frame& frame = work.prediction.frame;
  if (frame.failed()) return;
  std::string problem;
  try {
    return find_in(work);
  } catch (const Error& failure) {
    problem = failure.what();
  } catch (const cv::Exception& failure) {
    problem = "no faces can be looked for: " + failure.err;
  } catch (const std::bad_alloc&) {
    problem = "there is too little memory for it";
  }
  frame.error = frame.source + ": " + problem;
  work.crops.clear();
  work.prediction.faces.clear();
}

void FaceFinder::find_in(FrameWork& work) {
  FramePrediction& prediction = work.prediction;
  if (options_.follow && prediction.frame.moving()) work.look = look_of(prediction.frame.image);
  const std::vector<DetectedFace> faces = detect(work);
  for (const DetectedFace& face : faces) {
    work.crops.push_back(face_pixels(prediction.frame.image, crop_of(face, options_.crop)));
    FacePrediction& found = prediction.faces.emplace_back();
    found.box = face.box;
    found.score = face.score;
  }
}

void FaceFollower::follow(FrameWork& work) {
  FramePrediction& prediction = work.prediction;
  if (!prediction.frame.moving()) return;
  const bool another = std::exchange(source_, prediction.frame.source) != prediction.frame.source;
  const bool cut = work.look && cuts_.cut(*work.look, prediction.frame.time_s);
  if (another || cut) tracker_.start_over();
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
