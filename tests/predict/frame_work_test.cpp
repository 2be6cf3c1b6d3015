#include "fer/predict/frame_work.h"

#include "fer/predict/face_finder.h"
#include "predict/frame_work_fixtures.h"
#include "support/catch.h"

namespace fer::predict {
namespace {

using test::CountingDetector;
using test::open_new;
using test::picture_with;

// Probabilities that identify the face's position among all classified ones.
struct Recorder {
  std::vector<std::size_t> batches;
  float next = 0.0F;

  infer::ClassifyFaces classify() {
    return [this](FacesView faces) {
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
  FaceFinder find(open_new<CountingDetector>, 1, {});
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

TEST_CASE("of equally probable classes the first is the label", "[predict][unit]") {
  output::FacePrediction face;
  face.probabilities = {0.2F, 0.4F, 0.4F};
  CHECK(face.label() == 1);
  CHECK(face.probability() == 0.4F);
}

}  // namespace
}  // namespace fer::predict
