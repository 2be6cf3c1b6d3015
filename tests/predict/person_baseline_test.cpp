#include "fer/predict/person_baseline.h"

#include <cmath>
#include <vector>

#include "fer/core/error.h"
#include "predict/frame_work_fixtures.h"
#include "support/catch.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::predict {
namespace {

using Catch::Matchers::ContainsSubstring;
using Rows = infer::ClassifyFaces::Rows;

infer::ClassifyFaces always(const std::vector<float>& row) {
  return [row](FacesView faces) { return Rows(faces.size(), row); };
}

TEST_CASE("On the resting face neutral is at least as probable as a half, the others are equal",
          "[predict][unit]") {
  // Four classes, the last of which is neutral; two pictures, whose mean is 0.4, 0.2, 0.1, 0.3.
  const Rows resting = {{0.5F, 0.1F, 0.1F, 0.3F}, {0.3F, 0.3F, 0.1F, 0.3F}};
  const std::vector<double> offsets = person_offsets(resting, 3);
  // By hand: neutral becomes 1/2, each other one 1/6.
  const double expected[] = {std::log(1.0 / 6.0 / 0.4), std::log(1.0 / 6.0 / 0.2),
                             std::log(1.0 / 6.0 / 0.1), std::log(0.5 / 0.3)};
  for (std::size_t c = 0; c < 4; ++c) CHECK(offsets[c] == Approx(expected[c]));
  const Rows moved =
      with_offsets(always({0.4F, 0.2F, 0.1F, 0.3F}), offsets)(std::vector<FacePixels>(2));
  REQUIRE(moved.size() == 2);
  for (std::size_t c = 0; c < 3; ++c) CHECK(double{moved[1][c]} == Approx(1.0 / 6.0));
  CHECK(double{moved[1][3]} == Approx(0.5));
}

TEST_CASE("A resting face that is neutral already stays as neutral", "[predict][unit]") {
  const std::vector<double> offsets = person_offsets({{0.1F, 0.1F, 0.8F}}, 2);
  for (const double offset : offsets) CHECK(std::abs(offset) < 1e-6);
}

TEST_CASE("What is improbable on the resting face moves by no more than the bound",
          "[predict][unit]") {
  const std::vector<double> offsets = person_offsets({{0.0F, 1.0F, 0.0F}}, 2);
  CHECK(offsets[0] == kMostOffset);
  CHECK(offsets[1] == Approx(std::log(0.25)));
  CHECK(offsets[2] == kMostOffset);
}

TEST_CASE("A picture of no face or several, and a model without neutral, are errors",
          "[predict][unit][bad-input]") {
  const test::TemporaryFolder folder;
  FaceFinder finder(test::open_new<test::CountingDetector>, 1, {});
  test::RecordingConsole log;
  const auto relative = [&](int faces, const LabelSet& labels) {
    const std::string path = (folder / "p.png").string();
    test::save(path, test::encoded(".png", test::plain_picture(100, 20, faces)));
    return relative_to_person({path}, "person_baseline", labels,
                              always({0.4F, 0.2F, 0.1F, 0.1F, 0.1F, 0.05F, 0.05F}), finder, log);
  };
  CHECK_NOTHROW(relative(1, LabelSet::fer2013()));
  CHECK_THAT(log.notices, ContainsSubstring("1 picture") && ContainsSubstring("neutral +"));
  CHECK_THAT(log.warnings, ContainsSubstring("are they at rest?"));
  CHECK_THROWS_WITH(relative(0, LabelSet::fer2013()),
                    ContainsSubstring("\"person_baseline\"") && ContainsSubstring("has 0 faces"));
  CHECK_THROWS_WITH(relative(2, LabelSet::fer2013()), ContainsSubstring("has 2 faces"));
  CHECK_THROWS_WITH(relative(1, LabelSet({"smile", "frown"})),
                    ContainsSubstring("needs a model with the class neutral"));
}

}  // namespace
}  // namespace fer::predict
