#include "fer/data/synthetic_parameters.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "fer/core/error.h"
#include "fer/core/label_set.h"
#include "support/catch.h"

namespace fer::data {
namespace {

FaceParameters sample(std::string_view emotion, std::uint64_t person) {
  const RandomStream stream = RandomStream(11).child(person);
  const std::size_t index = LabelSet::fer2013().find(emotion).value();
  return sample_face(sample_action_units(index, stream.child("expression")), stream);
}

TEST_CASE("The synthetic emotions are FER2013's classes in their order", "[data][unit]") {
  CHECK(synthetic_labels() == LabelSet::fer2013());
}

TEST_CASE("An unknown emotion is an Error that says which ones are allowed", "[data][unit]") {
  try {
    sample_action_units(7, RandomStream(1));
    FAIL("no Error");
  } catch (const Error& error) {
    CHECK(std::string(error.what()) == "synthetic emotion 7 does not exist: 0 to 6 are allowed");
  }
}

TEST_CASE("Each emotion moves the face as its action units say", "[data][unit]") {
  for (std::uint64_t person = 0; person < 200; ++person) {
    INFO("person " << person);
    const FaceParameters neutral = sample("neutral", person);

    const FaceParameters happy = sample("happy", person);
    CHECK(happy.mouth.corner_y < -0.05);  // the corners lie above the mouth's middle
    CHECK(happy.mouth.half_width > neutral.mouth.half_width);
    CHECK(happy.eye.lower_lid < neutral.eye.lower_lid);

    const FaceParameters sad = sample("sad", person);
    CHECK(sad.mouth.corner_y > 0.05);
    CHECK(sad.brow.inner_y < neutral.brow.inner_y);
    CHECK(sad.eye.upper_lid < neutral.eye.upper_lid);

    const FaceParameters surprise = sample("surprise", person);
    CHECK(surprise.mouth.gap_above + surprise.mouth.gap_below > 0.25);
    CHECK(surprise.mouth.half_width < neutral.mouth.half_width);
    CHECK(surprise.brow.peak_y < neutral.brow.peak_y - 0.1);
    CHECK(surprise.head.chin > neutral.head.chin);

    const FaceParameters angry = sample("angry", person);
    CHECK(angry.brow.inner_y > neutral.brow.inner_y + 0.05);
    CHECK(angry.brow.inner_x < neutral.brow.inner_x);
    CHECK(angry.mouth.lower_lip < neutral.mouth.lower_lip);

    const FaceParameters fear = sample("fear", person);
    CHECK(fear.mouth.half_width > neutral.mouth.half_width);
    CHECK(fear.eye.upper_lid > neutral.eye.upper_lid);
    CHECK(fear.brow.inner_y < neutral.brow.inner_y);

    const FaceParameters disgust = sample("disgust", person);
    CHECK(disgust.nose.wrinkles > 0.5);
    CHECK(disgust.mouth.y - disgust.mouth.gap_above < neutral.mouth.y);
    CHECK(disgust.creases.cheeks > neutral.creases.cheeks);
  }
}

TEST_CASE("One stream shows one person in one pose with every emotion", "[data][unit]") {
  const FaceParameters neutral = sample("neutral", 0);
  const FaceParameters happy = sample("happy", 0);
  CHECK(happy.head.skin == neutral.head.skin);
  CHECK(happy.eye.x == neutral.eye.x);
  CHECK(happy.hair.hairline == neutral.hair.hairline);
  CHECK(happy.pose.yaw == neutral.pose.yaw);
  CHECK(happy.light.from_x == neutral.light.from_x);
  CHECK(sample("neutral", 1).head.skin != neutral.head.skin);
}

TEST_CASE("Eyes never close to less than a slit and teeth never outgrow the mouth",
          "[data][unit]") {
  for (std::uint64_t person = 0; person < 100; ++person) {
    for (const std::string& emotion : LabelSet::fer2013().names()) {
      INFO(emotion << ", person " << person);
      const FaceParameters face = sample(emotion, person);
      CHECK(face.eye.upper_lid + face.eye.lower_lid > 0.0499);
      CHECK(face.mouth.upper_teeth + face.mouth.lower_teeth <= 1.0);
      CHECK(face.mouth.gap_above >= 0.0);
      CHECK(face.mouth.gap_below >= 0.0);
    }
  }
}

}  // namespace
}  // namespace fer::data
