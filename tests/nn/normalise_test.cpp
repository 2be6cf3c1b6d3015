#include "fer/nn/normalise.h"

#include <ATen/ATen.h>

#include <cmath>
#include <utility>

#include "fer/runtime/executable.h"
#include "support/catch.h"
#include "support/input_spec.h"

namespace fer::nn {
namespace {

using test::measure_input_spec;

TEST_CASE("Each colour is measured and normalised by itself", "[nn][unit]") {
  // Red is 51 everywhere; green 0 and 102 in turn; blue 255.
  at::Tensor images = at::zeros({2, 16, 16, 3}, at::kByte);
  images.select(3, 0).fill_(51);
  images.select(3, 1).select(0, 1).fill_(102);
  images.select(3, 2).fill_(255);
  const model::InputSpec spec = measure_input_spec(images);
  CHECK(spec.cut.format == FaceFormat{16, 16, Colour::rgb});
  CHECK(spec.mean == Approx(0.2));
  CHECK(spec.deviation == Approx(1.0 / 255.0));  // the least there is
  REQUIRE(spec.others.size() == 2);
  CHECK(spec.others[0].mean == Approx(0.2));
  CHECK(spec.others[0].deviation == Approx(0.2));
  CHECK(spec.others[1].mean == Approx(1.0));
  const at::Tensor planes = normalise(images, spec);
  REQUIRE(planes.sizes() == at::IntArrayRef({2, 3, 16, 16}));
  CHECK(planes[0].select(0, 0).abs().max().item<float>() < 1e-3F);
  CHECK(planes[0].select(0, 1)[3][4].item<float>() == Approx(-1.0F));
  CHECK(planes[1].select(0, 1)[3][4].item<float>() == Approx(1.0F));
}

TEST_CASE("normalise turns grey levels into standard deviations from the mean", "[nn][unit]") {
  // Hand-worked with mean 0.4 and deviation 0.2: (g / 255 - 0.4) / 0.2.
  const model::InputSpec spec{.mean = 0.4, .deviation = 0.2};
  const at::Tensor levels = at::tensor({0, 51, 102, 255}, at::kInt).reshape({1, 2, 2});
  const at::Tensor expected = at::tensor({-2.0F, -1.0F, 0.0F, 3.0F}).reshape({1, 1, 2, 2});
  for (const at::ScalarType type : {at::kByte, at::kFloat}) {
    const at::Tensor normalised = normalise(levels.to(type), spec);
    CHECK(normalised.scalar_type() == at::kFloat);
    CHECK(normalised.sizes() == expected.sizes());
    CHECK((normalised - expected).abs().max().item<float>() < 1e-6F);
  }
}

TEST_CASE("tensors and plain arrays are normalised to the same bits", "[nn][unit]") {
  const model::InputSpec spec{.mean = 0.5077, .deviation = 0.2551};
  const at::Tensor levels = at::arange(256, at::kByte).view({1, 16, 16});
  const at::Tensor normalised = normalise(levels, spec).flatten();
  const model::Normalisation rule(spec);
  const runtime::GreyLevels table(rule.scale, rule.shift);
  for (int level = 0; level < 256; ++level) {
    CHECK(normalised[level].item<float>() == rule(static_cast<float>(level)));
    CHECK(table[static_cast<std::uint8_t>(level)] == rule(static_cast<float>(level)));
  }
}

TEST_CASE("normalise leaves the images that it is given as they are", "[nn][unit]") {
  const at::Tensor levels = at::full({1, 4, 4}, 200.0F);
  normalise(levels, {});
  CHECK(levels.eq(200.0F).all().item<bool>());
}

TEST_CASE("augmented levels between whole ones keep their fraction", "[nn][unit]") {
  const at::Tensor half = normalise(at::full({1, 1, 1}, 127.5F), {.mean = 0.0, .deviation = 1.0});
  CHECK(std::abs(half.item<float>() - 0.5F) < 1e-6F);
}

TEST_CASE("the input spec is mean and deviation over all pixels of all images", "[nn][unit]") {
  // Half of the pixels 0, half 255: mean 0.5, population deviation 0.5.
  at::Tensor images = at::zeros({2, kFaceSide, kFaceSide}, at::kByte);
  images[1].fill_(255);
  const model::InputSpec two = measure_input_spec(images);
  CHECK(std::abs(two.mean - 0.5) < 1e-12);
  CHECK(std::abs(two.deviation - 0.5) < 1e-12);
  // Levels 0 … 255 alike: mean 127.5 / 255, deviation sqrt((256^2 - 1) / 12) / 255.
  const at::Tensor all = at::arange(48 * 48 * 16, at::kInt).remainder(256).to(at::kByte);
  const model::InputSpec even = measure_input_spec(all.reshape({16, kFaceSide, kFaceSide}));
  CHECK(std::abs(even.mean - 0.5) < 1e-12);
  CHECK(std::abs(even.deviation - std::sqrt(65'535.0 / 12.0) / 255.0) < 1e-12);
}

TEST_CASE("normalised by their own spec, images have mean 0 and deviation 1", "[nn][unit]") {
  const at::Tensor images = at::randint(30, 200, {5, kFaceSide, kFaceSide}, at::kInt).to(at::kByte);
  const at::Tensor normalised = normalise(images, measure_input_spec(images)).to(at::kDouble);
  CHECK(std::abs(normalised.mean().item<double>()) < 1e-6);
  CHECK(std::abs(normalised.std(/*unbiased=*/false).item<double>() - 1.0) < 1e-6);
}

TEST_CASE("images that come in parts have the spec of all of them, bit for bit", "[nn][unit]") {
  const at::Tensor images = at::randint(256, {9, kFaceSide, kFaceSide}, at::kInt).to(at::kByte);
  LevelCounts levels(FaceFormat{});
  for (const auto& [first, count] : {std::pair{0, 2}, {2, 6}, {8, 1}}) {
    levels.add(images.narrow(0, first, count));
  }
  CHECK(levels.input_spec() == measure_input_spec(images));
}

TEST_CASE("flat images and no images have a spec that divides by no zero", "[nn][unit]") {
  const at::Tensor flat = at::full({3, kFaceSide, kFaceSide}, 51, at::kByte);
  const model::InputSpec spec = measure_input_spec(flat);
  CHECK(std::abs(spec.mean - 0.2) < 1e-12);
  CHECK(std::abs(spec.deviation - 1.0 / 255.0) < 1e-12);
  CHECK(normalise(flat, spec).abs().max().item<float>() < 1e-3F);
  CHECK(measure_input_spec(at::empty({0, kFaceSide, kFaceSide}, at::kByte)) == model::InputSpec{});
}

}  // namespace
}  // namespace fer::nn
