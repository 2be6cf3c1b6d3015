#include "fer/predict/tally.h"

#include "support/catch.h"

namespace fer::predict {
namespace {

output::FramePrediction counted_frame(const std::string& source, std::int64_t index, bool moving,
                                      const std::string& error = "") {
  output::FramePrediction prediction;
  prediction.frame.source = source;
  prediction.frame.index = index;
  prediction.frame.frames_per_second = moving ? 25.0 : 0.0;
  prediction.frame.error = error;
  return prediction;
}

output::FacePrediction face_of_class(std::size_t label, bool uncertain = false) {
  output::FacePrediction face;
  face.probabilities.assign(2, 0.25F);
  face.probabilities[label] = 0.75F;
  face.uncertain = uncertain;
  return face;
}

TEST_CASE("A tally counts pictures, frames, faces and the share of each label", "[predict][unit]") {
  Tally tally(LabelSet({"sad", "happy"}));
  CHECK(tally.text() == "0 pictures, 0 faces");
  output::FramePrediction picture = counted_frame("a.png", 0, false);
  picture.faces = {face_of_class(1), face_of_class(0), face_of_class(1, true)};
  tally.count(picture);
  CHECK(tally.text() ==
        "1 picture, 3 faces: sad 33.3 % (1), happy 33.3 % (1), uncertain 33.3 % (1)");
  tally.count(counted_frame("v.mp4", 0, true));
  tally.count(counted_frame("v.mp4", 1, true));
  CHECK(tally.frames() == 3);
  CHECK(tally.text().starts_with("1 picture, 2 frames, 3 faces: "));
  CHECK_FALSE(tally.failed());
}

TEST_CASE("A tally tells files that could not be read from those that broke off",
          "[predict][unit]") {
  Tally tally(LabelSet({"sad", "happy"}));
  tally.count(counted_frame("a.png", 0, false, "a.png: is empty"));
  CHECK(tally.failed());
  CHECK(tally.failures_text() == "1 of 1 file could not be read");
  tally.count(counted_frame("v.mp4", 0, true));
  tally.count(counted_frame("v.mp4", 1, true, "v.mp4: ends early"));
  CHECK(tally.failures_text() == "1 of 2 files could not be read, 1 not to its end");
  Tally cut(LabelSet({"sad", "happy"}));
  cut.count(counted_frame("v.mp4", 0, true));
  cut.count(counted_frame("v.mp4", 1, true, "v.mp4: ends early"));
  CHECK(cut.failures_text() == "1 of 1 file could not be read to its end");
}

}  // namespace
}  // namespace fer::predict
