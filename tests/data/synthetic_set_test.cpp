#include "fer/data/synthetic_set.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::data {
namespace {

using Catch::Matchers::Equals;
using Catch::Matchers::MessageMatches;

TEST_CASE("A synthetic set has eight tenths for training and every class in every split alike",
          "[data][unit]") {
  const FaceSet set = make_synthetic_set(350, 1);
  CHECK(set.size() == 350);
  CHECK(set.source == "synthetic:350");
  CHECK(set.describe_splits() == "train (280), val (35), test (35)");
  CHECK(set.only(Split::train).class_counts() == std::vector<std::int64_t>(7, 40));
  CHECK(set.only(Split::val).class_counts() == std::vector<std::int64_t>(7, 5));
  CHECK(set.only(Split::test).class_counts() == std::vector<std::int64_t>(7, 5));
}

TEST_CASE("The smallest set and sets of odd sizes have every split", "[data][unit]") {
  for (const std::int64_t count : {70, 71, 99}) {
    CAPTURE(count);
    const FaceSet set = make_synthetic_set(count, 1);
    CHECK(set.size() == count);
    for (const Split split : {Split::train, Split::val, Split::test}) {
      const std::vector<std::int64_t> counts = set.only(split).class_counts();
      CHECK(*std::min_element(counts.begin(), counts.end()) > 0);
    }
  }
}

TEST_CASE("An image is the same in a set of any size, drawn by any number of threads",
          "[data][unit]") {
  const FaceSet small = make_synthetic_set(70, 1);
  const FaceSet large = make_synthetic_set(140, 3);
  CHECK(large.images.all().narrow(0, 0, 70).equal(small.images.all()));
  CHECK(large.labels.narrow(0, 0, 70).equal(small.labels));
  CHECK(large.splits.narrow(0, 0, 70).equal(small.splits));
}

TEST_CASE("The faces alone are those of the set", "[data][unit]") {
  const FaceSet set = make_synthetic_set(70, 1);
  const Faces faces = draw_synthetic_faces(9);
  REQUIRE(faces.size() == 9);
  for (std::size_t i = 0; i < faces.size(); ++i) {
    CAPTURE(i);
    const auto* levels =
        set.images.all()[static_cast<std::int64_t>(i)].const_data_ptr<std::uint8_t>();
    CHECK(std::equal(faces[i].bytes.begin(), faces[i].bytes.end(), levels));
  }
}

TEST_CASE("Faces that are drawn when they are asked for are those of the set", "[data][unit]") {
  const FaceSet set = make_synthetic_set(80, 1), drawn = synthetic_set_when_asked(80);
  CHECK(drawn.fingerprint() == set.fingerprint());
  CHECK(drawn.splits.equal(set.splits));
  CHECK(drawn.images.block(7, 3).equal(set.images.block(7, 3)));
  CHECK(synthetic_set_when_asked(2'000'000).size() == 2'000'000);
  CHECK_THROWS_MATCHES(synthetic_set_when_asked(kMaxDrawnWhenAsked + 1), Error,
                       MessageMatches(Equals("synthetic:100000001: allowed are 70 to 100000000 "
                                             "images")));
}

TEST_CASE("No two synthetic faces are equal", "[data][unit]") {
  const Faces drawn = draw_synthetic_faces(350);
  std::vector<std::vector<std::uint8_t>> faces;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    faces.emplace_back(drawn[i].bytes.begin(), drawn[i].bytes.end());
  }
  std::sort(faces.begin(), faces.end());
  CHECK(std::adjacent_find(faces.begin(), faces.end()) == faces.end());
}

TEST_CASE("Faces of other sizes and colours are the same faces, scaled and tinted",
          "[data][unit]") {
  const at::Tensor usual = make_synthetic_set(70, 1).images.all().to(at::kFloat);
  const at::Tensor large = make_synthetic_set(70, 2, {96, 96, Colour::grey}).images.all();
  REQUIRE(large.sizes() == at::IntArrayRef({70, 96, 96}));
  // Bilinear scaling as LibTorch has it.
  const at::Tensor scaled =
      at::upsample_bilinear2d(usual.unsqueeze(1), {96, 96}, /*align_corners=*/false).squeeze(1);
  CHECK((scaled - large.to(at::kFloat)).abs().max().item<float>() <= 0.51F);
  const at::Tensor tinted = make_synthetic_set(70, 1, {48, 48, Colour::rgb}).images.all();
  REQUIRE(tinted.sizes() == at::IntArrayRef({70, 48, 48, 3}));
  CHECK(tinted.select(3, 0).to(at::kFloat).equal(usual));  // red is the brightest
  const at::Tensor shares = tinted.to(at::kFloat).mean({1, 2}) / usual.mean({1, 2}).view({70, 1});
  CHECK(shares.select(1, 1).min().item<float>() > 0.69F);
  CHECK(shares.select(1, 1).max().item<float>() < 0.96F);
  CHECK(shares.select(1, 2).std().item<float>() > 0.05F);  // each face has a tint of its own
}

TEST_CASE("A count out of bounds names the bounds", "[data][unit]") {
  for (const std::int64_t count :
       {std::int64_t{-1}, std::int64_t{0}, std::int64_t{69}, kMaxSyntheticCount + 1}) {
    CHECK_THROWS_MATCHES(make_synthetic_set(count, 1), Error,
                         MessageMatches(Equals("synthetic:" + std::to_string(count) +
                                               ": allowed are 70 to 1000000 images")));
  }
}

}  // namespace
}  // namespace fer::data
