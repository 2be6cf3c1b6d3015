#include "fer/augment/augmentation.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <cmath>
#include <vector>

#include "fer/augment/augment.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::augment {
namespace {

using Catch::Approx;
using test::largest_difference;

// Two images, of which the second is left alone.
at::Tensor two_images() {
  torch::manual_seed(1);
  return at::rand({2, 12, 12}) * 200.0 + 20.0;
}

template <typename Change>
std::vector<FaceChange> first_only(Change change) {
  std::vector<FaceChange> changes(2);
  change(changes[0]);
  return changes;
}

at::Tensor applied(const at::Tensor& images, const std::vector<FaceChange>& changes) {
  return apply_changes(images, changes, RandomStream(1), images.size(2));
}

template <typename Change>
at::Tensor recoloured(const at::Tensor& images, Change change) {
  return applied(images, first_only(change));
}

TEST_CASE("Brightness multiplies, and stays within black and white", "[augment][unit]") {
  const at::Tensor images = two_images();
  const at::Tensor out = recoloured(images, [](FaceChange& c) { c.brightness = 1.5; });
  CHECK(largest_difference(out[0], (images[0] * 1.5).clamp(0, 255)) < 1e-4);
  CHECK(largest_difference(out[1], images[1]) < 1e-4);
}

TEST_CASE("Contrast scales the distance from the image's own mean", "[augment][unit]") {
  const at::Tensor images = two_images();
  const at::Tensor out = recoloured(images, [](FaceChange& c) { c.contrast = 0.5; });
  CHECK(out[0].mean().item<double>() == Approx(images[0].mean().item<double>()).epsilon(1e-5));
  CHECK(out[0].std().item<double>() == Approx(0.5 * images[0].std().item<double>()).epsilon(1e-4));
  CHECK(largest_difference(out[1], images[1]) < 1e-3);
}

TEST_CASE("Gamma keeps black and white and bends what is between", "[augment][unit]") {
  at::Tensor images = at::zeros({2, 12, 12});
  images[0][0][0] = 255.0F;
  images[0][0][1] = 127.5F;
  const at::Tensor out = recoloured(images, [](FaceChange& c) { c.gamma = 2.0; });
  CHECK(out[0][0][0].item<float>() == 255.0F);
  CHECK(out[0][0][1].item<float>() == Approx(255.0 * 0.25));
  CHECK(out[0][5][5].item<float>() == 0.0F);
}

TEST_CASE("Noise has the deviation asked for, and the same stream the same noise",
          "[augment][unit]") {
  const at::Tensor grey = at::full({2, 48, 48}, 128.0);
  const auto noisy = [](FaceChange& c) { c.noise = 10.0; };
  const at::Tensor out = recoloured(grey, noisy);
  // 2,304 draws estimate a deviation within 1.5 % (one standard error).
  CHECK(std::abs(out[0].std().item<double>() - 10.0) < 0.75);
  CHECK(largest_difference(out[1], grey[1]) == 0.0);
  CHECK(at::equal(out, recoloured(grey, noisy)));
}

TEST_CASE("Blur spreads a point by a Gaussian and keeps the sum and flat images",
          "[augment][unit]") {
  at::Tensor images = at::zeros({2, 13, 13});
  images[0][6][6] = images[1][6][6] = 200.0F;
  const at::Tensor out = recoloured(images, [](FaceChange& c) { c.blur = 1.0; });
  CHECK(out[0].sum().item<double>() == Approx(200.0).epsilon(1e-5));
  // Hand-worked: taps exp(-x^2 / 2) up to three pixels off have the sum
  // 1 + 2 (0.60653 + 0.13534 + 0.01111) = 2.50595.
  constexpr double kSum = 2.50595;
  CHECK(out[0][6][6].item<double>() == Approx(200.0 / (kSum * kSum)).epsilon(1e-4));
  CHECK(out[0][6][7].item<double>() == Approx(200.0 * 0.60653 / (kSum * kSum)).epsilon(1e-4));
  CHECK(out[0][9][6].item<double>() == Approx(200.0 * 0.01111 / (kSum * kSum)).epsilon(1e-3));
  CHECK(out[0][10][6].item<double>() == 0.0);
  CHECK(at::equal(out[1], images[1]));
  const at::Tensor flat = at::full({2, 13, 13}, 90.0);
  CHECK(largest_difference(recoloured(flat, [](FaceChange& c) { c.blur = 2.0; }), flat) < 1e-3);
}

// The mean square of how far a point in the middle is spread, along one direction.
double spread(const at::Tensor& image, std::int64_t summed_over) {
  const at::Tensor weights = image.to(at::kDouble).sum(summed_over);
  const at::Tensor far =
      at::arange(weights.size(0)).to(at::kDouble) - static_cast<double>(weights.size(0) / 2);
  return ((far * far * weights).sum() / weights.sum()).item<double>();
}

TEST_CASE("A blurred point is as wide as its deviation says, each image by its own",
          "[augment][unit]") {
  at::Tensor images = at::zeros({2, 25, 25});
  images[0][12][12] = images[1][12][12] = 255.0F;
  std::vector<FaceChange> changes(2);
  changes[0].blur = 2.0;
  changes[1].blur = 1.0;
  const at::Tensor out = applied(images, changes);
  // What is cut off beyond three deviations takes 1.2 % of the first one's variance.
  for (const std::int64_t direction : {0, 1}) {
    CHECK(spread(out[0], direction) == Approx(4.0).epsilon(0.03));
    CHECK(spread(out[1], direction) == Approx(1.0).epsilon(0.03));
  }
}

TEST_CASE("Boxes are filled exactly where they are: noise when erased, grey when cut",
          "[augment][unit]") {
  const at::Tensor images = at::full({2, 8, 8}, 77.0);
  const FaceRegion box{0.25, 0.5, 0.75, 1.0};  // columns 2 to 5, rows 4 to 7
  const at::Tensor cut = recoloured(images, [&](FaceChange& c) { c.cutout = box; });
  CHECK(cut[0].slice(0, 4, 8).slice(1, 2, 6).eq(128.0).all().item<bool>());
  CHECK(cut[0].eq(77.0).sum().item<int>() == 64 - 16);
  CHECK(at::equal(cut[1], images[1]));
  const at::Tensor erased = recoloured(images, [&](FaceChange& c) { c.erasing = box; });
  CHECK(erased[0].ne(77.0).sum().item<int>() == 16);
  CHECK(erased.min().item<float>() >= 0.0F);
  CHECK(erased.max().item<float>() <= 255.0F);
  CHECK(at::equal(erased[1], images[1]));
}

}  // namespace
}  // namespace fer::augment
