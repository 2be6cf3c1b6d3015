#include "fer/predict/frame_predictor.h"

#include "fer/core/error.h"
#include "predict/predict_fixtures.h"
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

Frame frame_with(int faces, const std::string& name) {
  Frame frame;
  frame.image = test::plain_picture(100, 20, faces);
  frame.source = name;
  return frame;
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
  Recorder recorder;
  FramePredictor predictor(std::make_unique<CountingDetector>(), recorder.classify(), 3, usual_crop("none"));
  predictor.add(frame_with(2, "a"));
  CHECK_FALSE(predictor.full());
  predictor.add(frame_with(0, "b"));
  Frame failed;
  failed.source = "c";
  failed.error = "c: is empty";
  predictor.add(failed);
  CHECK_FALSE(predictor.full());
  predictor.add(frame_with(1, "d"));
  CHECK(predictor.full());

  const auto predictions = predictor.flush();
  CHECK(recorder.batches == std::vector<std::size_t>{3});
  REQUIRE(predictions.size() == 4);
  CHECK(predictions[0].frame.source == "a");
  REQUIRE(predictions[0].faces.size() == 2);
  CHECK(predictions[0].faces[1].box == cv::Rect(10, 0, 10, 10));
  CHECK(predictions[0].faces[1].score == 0.6);
  CHECK(predictions[0].faces[1].probabilities == std::vector{0.125F, 0.875F});
  CHECK(predictions[0].faces[1].label() == 1);
  CHECK(predictions[1].faces.empty());
  CHECK(predictions[2].frame.error == "c: is empty");
  CHECK(predictions[3].faces[0].probabilities == std::vector{0.25F, 0.75F});
}

// Fails as OpenCV's cascade does on some odd pictures.
class FailingDetector final : public Detector {
 public:
  std::vector<DetectedFace> detect(const cv::Mat&) override { throw Error("cannot work on this"); }
};

TEST_CASE("a picture that a detector cannot work on fails alone, by its name", "[predict][unit]") {
  Recorder recorder;
  FramePredictor predictor(std::make_unique<FailingDetector>(), recorder.classify(), 3, usual_crop("none"));
  predictor.add(frame_with(1, "odd.png"));
  const auto predictions = predictor.flush();
  REQUIRE(predictions.size() == 1);
  CHECK(predictions[0].frame.failed());
  CHECK(predictions[0].frame.error == "odd.png: cannot work on this");
  CHECK(predictions[0].faces.empty());
  CHECK(recorder.batches.empty());
}

TEST_CASE("a flush forgets what it gave, and classifies nothing where there is nothing",
          "[predict][unit]") {
  Recorder recorder;
  FramePredictor predictor(std::make_unique<CountingDetector>(), recorder.classify(), 3, usual_crop("none"));
  predictor.add(frame_with(0, "a"));
  CHECK(predictor.flush().size() == 1);
  CHECK(predictor.flush().empty());
  CHECK(recorder.batches.empty());
}

TEST_CASE("a moving picture does not wait for more faces", "[predict][unit]") {
  Recorder recorder;
  FramePredictor predictor(std::make_unique<CountingDetector>(), recorder.classify(), 64, usual_crop("none"));
  Frame frame = frame_with(1, "v.mp4");
  frame.frames_per_second = 25.0;
  predictor.add(frame);
  CHECK(predictor.full());
}

TEST_CASE("waiting pictures hold a bounded amount of memory", "[predict][unit]") {
  Recorder recorder;
  FramePredictor predictor(std::make_unique<CountingDetector>(), recorder.classify(), 64, usual_crop("none"));
  Frame large;
  large.image = test::plain_picture(8000, 8000, 0);  // 64 million pixels
  predictor.add(large);
  CHECK(predictor.full());
}

TEST_CASE("of equally probable classes the first is the label", "[predict][unit]") {
  FacePrediction face;
  face.probabilities = {0.2F, 0.4F, 0.4F};
  CHECK(face.label() == 1);
  CHECK(face.probability() == 0.4F);
}

}  // namespace
}  // namespace fer
