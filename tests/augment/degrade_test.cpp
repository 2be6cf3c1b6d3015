#include "fer/augment/degrade.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "fer/tensors/jpeg.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::augment {
namespace {

using Catch::Approx;
using Kind = Degradation::Kind;
using test::largest_difference;

// Random whole levels, away from black and white.
at::Tensor pictures(std::int64_t count, std::int64_t side) {
  torch::manual_seed(5);
  return at::floor(at::rand({count, side, side}) * 160.0 + 50.0);
}

// The first of two images; the second must stay as it is.
at::Tensor degraded(const at::Tensor& two, const Degradation& one) {
  const at::Tensor out = degrade(two, {one, Degradation{}}, RandomStream(11));
  CHECK(at::equal(out[1], two[1]));
  return out[0];
}

TEST_CASE("Noise has the deviation that was drawn, a share of white", "[augment][unit]") {
  const at::Tensor grey = at::full({2, 96, 96}, 128.0);
  const at::Tensor out = degraded(grey, {.kind = Kind::noise, .strength = 0.05});
  CHECK(out.mean().item<double>() == Approx(128.0).margin(0.6));
  CHECK(out.std().item<double>() == Approx(0.05 * 255.0).epsilon(0.03));
}

TEST_CASE("The same stream makes the same noise, another stream other noise", "[augment][unit]") {
  const at::Tensor grey = at::full({1, 16, 16}, 128.0);
  const std::vector<Degradation> noise = {{.kind = Kind::noise, .strength = 0.1}};
  const at::Tensor once = degrade(grey, noise, RandomStream(1));
  CHECK(at::equal(once, degrade(grey, noise, RandomStream(1))));
  CHECK_FALSE(at::equal(once, degrade(grey, noise, RandomStream(2))));
}

TEST_CASE("Blur spreads a point by its share of the side", "[augment][unit]") {
  at::Tensor point = at::zeros({2, 49, 49});
  point[0][24][24] = 255.0F;
  const at::Tensor out = degraded(point, {.kind = Kind::blur, .strength = 1.0 / 49.0});
  // The middle weight of a two-dimensional Gaussian of deviation 1: 1 / (2 pi), sampled.
  double sum = 0.0;
  for (int i = -3; i <= 3; ++i) sum += std::exp(-0.5 * i * i);
  CHECK(out[24][24].item<double>() == std::floor(255.0 / (sum * sum) + 0.5));
  CHECK(out[24][25].item<double>() == std::floor(255.0 * std::exp(-0.5) / (sum * sum) + 0.5));
  CHECK(out[24][25].item<double>() == out[23][24].item<double>());
}

TEST_CASE("A motion smears along its direction alone", "[augment][unit]") {
  at::Tensor point = at::zeros({2, 48, 48});
  point[0][24][24] = 240.0F;
  const at::Tensor right = degraded(point, {.kind = Kind::motion, .strength = 5.0 / 48.0});
  // Three pixels either way but for half of the last: weights 1 1 1 1 1 and the ends 0.
  for (int x = 22; x <= 26; ++x) CHECK(right[24][x].item<double>() == 48.0);
  CHECK(right[24][21].item<double>() == 0.0);
  CHECK(right[23][24].item<double>() == 0.0);
  const at::Tensor down = degraded(
      point, {.kind = Kind::motion, .strength = 5.0 / 48.0, .direction = std::numbers::pi / 2.0});
  CHECK(largest_difference(down, right.t()) == 0.0);
}

TEST_CASE("A small face loses what is finer than its pixels", "[augment][unit]") {
  at::Tensor stripes = at::full({2, 48, 48}, 100.0);
  stripes.select(0, 0).slice(1, 0, 48, 2).fill_(140.0);
  const at::Tensor out = degraded(stripes, {.kind = Kind::small_face, .strength = 0.5});
  CHECK(largest_difference(out, at::full({48, 48}, 120.0)) == 0.0);
}

TEST_CASE("JPEG is that of tensors/jpeg.h, where blocks do not fit, too", "[augment][unit]") {
  const at::Tensor fitting = pictures(2, 40);
  const Degradation low{.kind = Kind::jpeg, .strength = 20.0};
  CHECK(at::equal(degraded(fitting, low), tensors::through_jpeg(fitting, 20)[0]));
  const at::Tensor odd = pictures(2, 45);
  const at::Tensor padded = at::replication_pad2d(odd.unsqueeze(1), {0, 3, 0, 3}).squeeze(1);
  CHECK(at::equal(degraded(odd, low),
                  tensors::through_jpeg(padded, 20)[0].narrow(0, 0, 45).narrow(1, 0, 45)));
}

TEST_CASE("Little contrast keeps the mean, and levels are whole", "[augment][unit]") {
  const at::Tensor two = pictures(2, 48);
  const at::Tensor out = degraded(two, {.kind = Kind::contrast, .strength = 0.1});
  CHECK(out.mean().item<double>() == Approx(two[0].mean().item<double>()).margin(0.1));
  CHECK(out.std().item<double>() == Approx(0.1 * two[0].std().item<double>()).epsilon(0.02));
  CHECK(at::equal(out, out.floor()));
}

TEST_CASE("Light falls off from one edge to the other", "[augment][unit]") {
  const at::Tensor grey = at::full({2, 50, 50}, 100.0);
  const at::Tensor out = degraded(grey, {.kind = Kind::light, .strength = 0.2});
  CHECK(out[10][0].item<double>() == std::floor(100.0 + 0.01 * 51.0 + 0.5));
  CHECK(out[10][49].item<double>() == std::floor(100.0 + 0.99 * 51.0 + 0.5));
  CHECK(at::equal(out[0], out[49]));
  const at::Tensor bent = degraded(grey, {.kind = Kind::light, .second = std::log(2.0)});
  CHECK(bent[0][0].item<double>() == std::floor(100.0 * 100.0 / 255.0 + 0.5));
}

TEST_CASE("Each image gets its own degradation, in any order of kinds", "[augment][unit]") {
  const at::Tensor all = pictures(4, 48);
  const std::vector<Degradation> each = {{.kind = Kind::contrast, .strength = 0.3},
                                         {.kind = Kind::jpeg, .strength = 30.0},
                                         {.kind = Kind::blur, .strength = 0.02},
                                         {.kind = Kind::jpeg, .strength = 60.0}};
  const at::Tensor out = degrade(all, each, RandomStream(1));
  for (std::int64_t i = 0; i < 4; ++i) {
    const auto place = static_cast<std::size_t>(i);
    const at::Tensor alone = degrade(all.narrow(0, i, 1), {each[place]}, RandomStream(1));
    CHECK(largest_difference(out[i], alone[0]) <= 1.0);  // sums of other orders round otherwise
  }
}

}  // namespace
}  // namespace fer::augment
