#include "fer/predict/frame_work.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "fer/core/error.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"

namespace fer {
namespace {

// As many faces as the picture's first pixel says, side by side.
class CountingDetector final : public Detector {
 public:
  std::vector<DetectedFace> detect(const cv::Mat& bgr) override {
    std::vector<DetectedFace> faces;
    for (int i = 0; i < bgr.at<cv::Vec3b>(0, 0)[0]; ++i) {
      faces.push_back({.box = {i * 10, 0, 10, 10}, .score = 0.5 + 0.1 * i});
    }
    return faces;
  }
};

template <class Kind>
std::vector<std::unique_ptr<Detector>> detectors(std::size_t count) {
  std::vector<std::unique_ptr<Detector>> all;
  while (all.size() < count) all.push_back(std::make_unique<Kind>());
  return all;
}

FrameWork picture_with(int faces, const std::string& name) {
  FrameWork work;
  work.prediction.frame.image = test::plain_picture(100, 20, faces);
  work.prediction.frame.source = name;
  return work;
}

FrameWork video_frame(int faces, double time_s, const std::string& name = "v.mp4") {
  FrameWork work = picture_with(faces, name);
  work.prediction.frame.time_s = time_s;
  work.prediction.frame.frames_per_second = 10.0;
  return work;
}

// Probabilities that name the face's order among all that were classified.
struct Recorder {
  std::vector<std::size_t> batches;
  float next = 0.0F;

  ClassifyFaces classify() {
    return [this](std::span<const FacePixels> faces) {
      batches.push_back(faces.size());
      std::vector<std::vector<float>> rows;
      for (std::size_t i = 0; i < faces.size(); ++i) {
        rows.push_back({next, 1.0F - next});
        next += 0.125F;
      }
      return rows;
    };
  }
};

TEST_CASE("faces of several pictures are classified together and given back in order",
          "[predict][unit]") {
  FaceFinder find(detectors<CountingDetector>(1), {});
  std::vector<FrameWork> frames = {picture_with(2, "a"), picture_with(0, "b"), FrameWork(),
                                   picture_with(1, "d")};
  frames[2].prediction.frame.error = "c: is empty";
  for (FrameWork& frame : frames) find.find(frame);
  Recorder recorder;
  classify_frames(frames, recorder.classify());
  CHECK(recorder.batches == std::vector<std::size_t>{3});
  const auto& first = frames[0].prediction;
  REQUIRE(first.faces.size() == 2);
  CHECK(first.faces[1].box == cv::Rect(10, 0, 10, 10));
  CHECK(first.faces[1].score == 0.6);
  CHECK(first.faces[1].probabilities == std::vector{0.125F, 0.875F});
  CHECK(first.faces[1].label() == 1);
  CHECK(frames[1].prediction.faces.empty());
  CHECK(frames[2].prediction.frame.error == "c: is empty");
  CHECK(frames[3].prediction.faces[0].probabilities == std::vector{0.25F, 0.75F});
  CHECK(frames[3].crops.size() == 1);
}

TEST_CASE("frames without faces ask the classifier nothing", "[predict][unit]") {
  std::vector<FrameWork> frames = {picture_with(0, "a")};
  Recorder recorder;
  classify_frames(frames, recorder.classify());
  CHECK(recorder.batches.empty());
}

// Fails as OpenCV's cascade does on some odd pictures.
class FailingDetector final : public Detector {
 public:
  std::vector<DetectedFace> detect(const cv::Mat&) override { throw Error("cannot work on this"); }
};

TEST_CASE("a picture that a detector cannot work on fails alone, by its name", "[predict][unit]") {
  FaceFinder find(detectors<FailingDetector>(1), {});
  FrameWork work = picture_with(1, "odd.png");
  find.find(work);
  CHECK(work.prediction.frame.error == "odd.png: cannot work on this");
  CHECK(work.prediction.faces.empty());
  CHECK(work.crops.empty());
}

// With a fixed input, in which it sees no face of less than 20 pixels.
class SquareDetector final : public Detector {
 public:
  std::vector<DetectedFace> detect(const cv::Mat& bgr) override {
    seen.push_back(bgr.size());
    return {};
  }
  int input_side() const override { return 320; }
  int least_face(const cv::Size& picture) const override { return picture.width * 20 / 320; }

  static inline std::vector<cv::Size> seen;
};

TEST_CASE("a large still picture is searched in parts, a video's frame and a small one are not",
          "[predict][unit]") {
  const auto search = [](const cv::Size& size, bool moving, bool small_faces) {
    SquareDetector::seen.clear();
    FaceFinder find(detectors<SquareDetector>(1), {.crop = {}, .small_faces = small_faces});
    FrameWork work;
    work.prediction.frame.image = test::plain_picture(size.width, size.height, 0);
    if (moving) work.prediction.frame.frames_per_second = 25.0;
    find.find(work);
    return std::pair(SquareDetector::seen.size(), work.least_face);
  };
  CHECK(FindOptions().small_faces);
  CHECK(search({4000, 3000}, false, true) == std::pair<std::size_t, int>(21, 65));
  CHECK(search({4000, 3000}, false, false) == std::pair<std::size_t, int>(1, 250));
  CHECK(search({4000, 3000}, true, true) == std::pair<std::size_t, int>(1, 250));
  CHECK(search({1000, 800}, false, true) == std::pair<std::size_t, int>(1, 62));
}

TEST_CASE("the faces of a video keep their numbers, those of pictures have none",
          "[predict][unit]") {
  FaceFinder find(detectors<CountingDetector>(1), {});
  FaceFollower follower;
  std::vector<std::optional<std::int64_t>> tracks;
  for (int i = 0; i < 4; ++i) {
    FrameWork frame = video_frame(1, 0.1 * i);
    find.find(frame);
    follower.follow(frame);
    tracks.push_back(frame.prediction.faces[0].track);
  }
  // Two frames in a row make a track.
  CHECK(tracks[1] == 1);
  CHECK(tracks[3] == 1);
  FrameWork still = picture_with(1, "a.png");
  find.find(still);
  follower.follow(still);
  CHECK_FALSE(still.prediction.faces[0].track.has_value());
}

TEST_CASE("another video starts with new numbers", "[predict][unit]") {
  FaceFinder find(detectors<CountingDetector>(1), {});
  FaceFollower follower;
  for (const char* name : {"one.mp4", "two.mp4"}) {
    std::optional<std::int64_t> track;
    for (int i = 0; i < 3; ++i) {
      // The second goes on in time where the first ended: boxes alone would be one track.
      FrameWork frame = video_frame(1, 0.1 * i + (name[0] == 't' ? 0.3 : 0.0), name);
      find.find(frame);
      follower.follow(frame);
      track = frame.prediction.faces[0].track;
    }
    CHECK(track == (name[0] == 'o' ? 1 : 2));
  }
}

// Knows how many look at the same time, once two do.
class CrowdedDetector final : public Detector {
 public:
  std::vector<DetectedFace> detect(const cv::Mat&) override {
    std::unique_lock<std::mutex> lock(mutex);
    most = std::max(most, ++inside);
    changed.notify_all();
    changed.wait(lock, [] { return most == 2; });
    --inside;
    return {};
  }

  static inline std::mutex mutex;
  static inline std::condition_variable changed;
  static inline int inside = 0, most = 0;
};

TEST_CASE("As many frames are searched at once as there are detectors", "[predict][unit]") {
  FaceFinder find(detectors<CrowdedDetector>(2), {});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      FrameWork work = picture_with(1, "a.png");
      find.find(work);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(CrowdedDetector::most == 2);
}

FramePrediction followed_face(double time_s, std::vector<float> probabilities) {
  FramePrediction prediction;
  prediction.frame.time_s = time_s;
  FacePrediction& face = prediction.faces.emplace_back();
  face.track = 7;
  face.probabilities = std::move(probabilities);
  return prediction;
}

TEST_CASE("one odd frame does not change the label of a face that is followed", "[predict][unit]") {
  FaceJudge judge({});
  for (int i = 0; i < 20; ++i) {
    FramePrediction prediction = followed_face(0.1 * i, {0.9F, 0.1F});
    judge.judge(prediction);
  }
  FramePrediction odd = followed_face(2.0, {0.1F, 0.9F});
  judge.judge(odd);
  CHECK(odd.faces[0].label() == 0);
  CHECK(odd.faces[0].probabilities[0] > 0.7F);
}

TEST_CASE("a face without a track is shown as it was classified", "[predict][unit]") {
  FaceJudge judge({});
  FramePrediction prediction = followed_face(0.0, {0.3F, 0.7F});
  prediction.faces[0].track.reset();
  judge.judge(prediction);
  CHECK(prediction.faces[0].label() == 1);
  CHECK(prediction.faces[0].probabilities == std::vector{0.3F, 0.7F});
}

TEST_CASE("a face is uncertain below the least probability, and not at it", "[predict][unit]") {
  FaceJudge judge({.smoothing = {}, .least_probability = 0.5});
  FramePrediction at = followed_face(0.0, {0.5F, 0.5F});
  at.faces[0].track.reset();
  judge.judge(at);
  CHECK_FALSE(at.faces[0].uncertain);
  FramePrediction below = followed_face(0.0, {0.4F, 0.3F, 0.3F});
  below.faces[0].track.reset();
  judge.judge(below);
  CHECK(below.faces[0].uncertain);
}

TEST_CASE("of equally probable classes the first is the label", "[predict][unit]") {
  FacePrediction face;
  face.probabilities = {0.2F, 0.4F, 0.4F};
  CHECK(face.label() == 1);
  CHECK(face.probability() == 0.4F);
}

}  // namespace
}  // namespace fer
