#include "fer/eval/corruptions.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <set>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/data/synthetic_set.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::eval {
namespace {

const RandomStream kStream(7);

at::Tensor faces(std::int64_t count = 24) {
  static const at::Tensor all = data::make_synthetic_set(70, 1).images.all();
  return all.slice(0, 0, count);
}

at::Tensor flat(int level, std::int64_t count = 1) {
  return at::full({count, kFaceSide, kFaceSide}, level, at::kByte);
}

const Corruption& find_corruption(const std::string& name) {
  const auto& all = corruptions();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Corruption& one) { return one.name == name; });
  REQUIRE(found != all.end());
  return *found;
}

at::Tensor corrupted(const at::Tensor& images, const std::string& name, int strength) {
  return fer::eval::corrupted(images, find_corruption(name), strength, kStream);
}

int level(const at::Tensor& images, std::int64_t y, std::int64_t x) {
  return images[0][y][x].item<int>();
}

double distance(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().mean().item<double>();
}

TEST_CASE("the table holds the corruptions that are asked for, each once", "[eval][unit]") {
  std::set<std::string> names;
  for (const Corruption& corruption : corruptions()) names.insert(corruption.name);
  CHECK(names.size() == corruptions().size());
  CHECK(names == std::set<std::string>{"gaussian_noise", "blur", "motion_blur", "brightness",
                                       "contrast", "jpeg", "occlusion", "rotation",
                                       "low_resolution"});
}

TEST_CASE("a strength of 0 changes nothing", "[eval][unit]") {
  for (const Corruption& corruption : corruptions()) {
    CAPTURE(corruption.name);
    CHECK(at::equal(fer::eval::corrupted(faces(), corruption, 0, kStream), faces()));
  }
}

TEST_CASE("corrupted faces keep shape and type, and what came in is left alone", "[eval][unit]") {
  const at::Tensor images = faces(5), before = images.clone();
  for (const Corruption& corruption : corruptions()) {
    CAPTURE(corruption.name);
    const at::Tensor result = fer::eval::corrupted(images, corruption, 3, kStream);
    CHECK(result.sizes() == images.sizes());
    CHECK(result.scalar_type() == at::kByte);
    CHECK(at::equal(images, before));
    CHECK(fer::eval::corrupted(images.slice(0, 0, 0), corruption, 3, kStream).size(0) == 0);
  }
}

TEST_CASE("a stronger corruption is farther from the face", "[eval][unit]") {
  for (const Corruption& corruption : corruptions()) {
    double before = 0.0;
    for (int strength = 1; strength <= kCorruptionStrengths; ++strength) {
      CAPTURE(corruption.name, strength);
      const double here =
          distance(fer::eval::corrupted(faces(), corruption, strength, kStream), faces());
      CHECK(here > before);
      before = here;
    }
  }
}

TEST_CASE("a seed corrupts alike every time, another one otherwise where chance is part of it",
          "[eval][unit]") {
  const std::set<std::string> drawn = {"gaussian_noise", "motion_blur", "occlusion", "rotation"};
  for (const Corruption& corruption : corruptions()) {
    CAPTURE(corruption.name);
    const at::Tensor result = fer::eval::corrupted(faces(), corruption, 4, kStream);
    CHECK(at::equal(fer::eval::corrupted(faces(), corruption, 4, RandomStream(7)), result));
    const bool same =
        at::equal(fer::eval::corrupted(faces(), corruption, 4, RandomStream(8)), result);
    CHECK(same != drawn.contains(corruption.name));
  }
}

TEST_CASE("neither the batch nor the number of threads changes a corrupted face", "[eval][unit]") {
  const int threads = at::get_num_threads();
  const at::Tensor images = faces(13);
  for (const Corruption& corruption : corruptions()) {
    CAPTURE(corruption.name);
    for (const int strength : {1, 2, 5}) {
      const at::Tensor whole = fer::eval::corrupted(images, corruption, strength, kStream);
      for (std::int64_t i = 0; i < images.size(0); ++i) {
        const at::Tensor one =
            fer::eval::corrupted(images.narrow(0, i, 1), corruption, strength, kStream, i);
        CHECK(at::equal(one[0], whole[i]));
      }
      at::set_num_threads(threads == 1 ? 3 : 1);
      const at::Tensor other = fer::eval::corrupted(images, corruption, strength, kStream);
      at::set_num_threads(threads);
      CHECK(at::equal(other, whole));
    }
  }
}

TEST_CASE("sets larger than what is worked on at once are corrupted throughout", "[eval][unit]") {
  const at::Tensor many = faces(60).repeat({10, 1, 1});
  const at::Tensor result = corrupted(many, "gaussian_noise", 2);
  const at::Tensor end =
      fer::eval::corrupted(many.slice(0, 510), find_corruption("gaussian_noise"), 2, kStream, 510);
  CHECK(at::equal(result.slice(0, 510), end));
  CHECK_FALSE(at::equal(result[0], result[60]));  // the same face, noise of its own
}

TEST_CASE("images that are no rows in memory are corrupted alike", "[eval][unit]") {
  const at::Tensor turned = faces(3).transpose(1, 2);
  for (const Corruption& corruption : corruptions()) {
    CAPTURE(corruption.name);
    CHECK(at::equal(fer::eval::corrupted(turned, corruption, 2, kStream),
                    fer::eval::corrupted(turned.contiguous(), corruption, 2, kStream)));
  }
}

TEST_CASE("brightness adds a share of white and stops at white", "[eval][unit]") {
  for (const auto& [before, strength, after] : std::vector<std::array<int, 3>>{
           {0, 1, 26}, {0, 2, 51}, {100, 2, 151}, {230, 2, 255}, {100, 4, 202}, {3, 5, 131}}) {
    CAPTURE(before, strength);  // 255 times 0.1 is 25.5; halves go up
    CHECK(at::equal(corrupted(flat(before), "brightness", strength), flat(after)));
  }
}

TEST_CASE("contrast shrinks distances to the image's own mean", "[eval][unit]") {
  at::Tensor images = flat(50, 2);
  images[0].narrow(0, 0, 24).fill_(150);
  images[1].fill_(200);
  // The mean of the first is 100: 0.4 times 50 is 20, 0.05 times 50 is 2.5.
  const at::Tensor weak = corrupted(images, "contrast", 1);
  CHECK(level(weak, 0, 0) == 120);
  CHECK(level(weak, 47, 0) == 80);
  CHECK(at::equal(weak[1], images[1]));
  const at::Tensor strong = corrupted(images, "contrast", 5);
  CHECK(level(strong, 0, 0) == 103);
  CHECK(level(strong, 47, 0) == 98);
}

TEST_CASE("low resolution averages areas and enlarges bilinearly", "[eval][unit]") {
  at::Tensor image = flat(0);
  image.narrow(2, 24, 24).fill_(240);
  // Strength 2 is 24 pixels, each from two: pixel 11 of the small face is dark, 12 is light.
  // Columns 22 to 25 lie at 10.75, 11.25, 11.75 and 12.25 of it.
  const at::Tensor half = corrupted(image, "low_resolution", 2);
  for (const std::int64_t y : {0, 20, 47}) {
    CHECK(level(half, y, 0) == 0);
    CHECK(level(half, y, 22) == 0);
    CHECK(level(half, y, 23) == 60);
    CHECK(level(half, y, 24) == 180);
    CHECK(level(half, y, 25) == 240);
    CHECK(level(half, y, 47) == 240);
  }
  // Strength 1 is 32 pixels of one and a half each: of columns 3 k to 3 k + 2 the first two thirds
  // and the last two. A light column 0 makes 2/3 of it in the first pixel, nothing in the second.
  at::Tensor line = flat(0);
  line.select(2, 0).fill_(240);
  const at::Tensor third = corrupted(line, "low_resolution", 1);
  // Columns 0, 1 and 2 lie at -1/6, 1/2 and 7/6 of the small face.
  CHECK(level(third, 9, 0) == 160);
  CHECK(level(third, 9, 1) == 80);
  CHECK(level(third, 9, 2) == 0);
  for (int strength = 1; strength <= kCorruptionStrengths; ++strength) {
    CHECK(at::equal(corrupted(flat(77), "low_resolution", strength), flat(77)));
  }
}

TEST_CASE("noise has the table's deviation and no mean", "[eval][unit]") {
  for (const int strength : {1, 2}) {
    const at::Tensor noise =
        corrupted(flat(128, 10), "gaussian_noise", strength).to(at::kDouble) - 128.0;
    const double expected =
        255.0 *
        find_corruption("gaussian_noise").constants.at(static_cast<std::size_t>(strength - 1));
    CHECK(std::abs(noise.mean().item<double>()) < 0.5);
    CHECK(std::abs(noise.std().item<double>() / expected - 1.0) < 0.02);
  }
}

TEST_CASE("blur spreads a light as a Gaussian does", "[eval][unit]") {
  at::Tensor image = flat(0);
  image[0][20][30] = 255;
  const at::Tensor result = corrupted(image, "blur", 3);  // a deviation of one pixel
  double sum = 0.0;
  for (int i = -4; i <= 4; ++i) sum += std::exp(-0.5 * i * i);
  CHECK(level(result, 20, 30) == std::lround(255.0 / (sum * sum)));
  CHECK(level(result, 20, 31) == std::lround(255.0 * std::exp(-0.5) / (sum * sum)));
  CHECK(level(result, 19, 31) == std::lround(255.0 * std::exp(-1.0) / (sum * sum)));
}

TEST_CASE("blurs keep flat faces and, away from the border, the sum of light", "[eval][unit]") {
  at::Tensor image = flat(0);
  image.narrow(1, 20, 8).narrow(2, 20, 8).fill_(240);
  const double light = image.sum().item<double>();
  for (const std::string name : {"blur", "motion_blur"}) {
    for (int strength = 1; strength <= kCorruptionStrengths; ++strength) {
      CAPTURE(name, strength);
      CHECK(at::equal(corrupted(flat(90), name, strength), flat(90)));
      CHECK(std::abs(corrupted(image, name, strength).sum().item<double>() / light - 1.0) < 0.02);
    }
  }
}

TEST_CASE("motion blur draws a light out to a line of the way's length", "[eval][unit]") {
  at::Tensor images = flat(0, 8);
  images.select(1, 24).select(1, 24).fill_(255);
  for (const int strength : {2, 5}) {
    const double way = strength == 2 ? 5.0 : 11.0;
    const at::Tensor result = corrupted(images, "motion_blur", strength).to(at::kDouble);
    const at::Tensor along = at::arange(kFaceSide, at::kDouble) - 24.0;
    const at::Tensor x = along.view({1, 1, -1}), y = along.view({1, -1, 1});
    const at::Tensor light = result / result.sum({1, 2}, /*keepdim=*/true);
    // Points at -(n - 1) / 2 to (n - 1) / 2 have the variance (n² - 1) / 12; sampling adds some.
    const at::Tensor variance = (light * (x * x + y * y)).sum({1, 2});
    const double expected = (way * way - 1.0) / 12.0;
    CHECK(variance.min().item<double>() > expected - 0.6);
    CHECK(variance.max().item<double>() < expected + 0.9);
  }
}

TEST_CASE("occlusion covers a square inside the face with middle grey", "[eval][unit]") {
  const at::Tensor images = flat(0, 24);
  at::Tensor covered = at::zeros_like(images, at::kBool);
  std::set<std::int64_t> places;
  for (int strength = 1; strength <= kCorruptionStrengths; ++strength) {
    const std::int64_t side = 4 + 4 * strength;
    const at::Tensor result = corrupted(images, "occlusion", strength);
    const at::Tensor now = result.eq(128);
    CHECK(at::equal(now.logical_or(result.eq(0)), at::ones_like(now)));
    CHECK(now.sum({1, 2}).eq(side * side).all().item<bool>());
    CHECK(now.any(1).sum(1).eq(side).all().item<bool>());
    CHECK(now.any(2).sum(1).eq(side).all().item<bool>());
    // A larger square covers what the smaller one did.
    CHECK(now.logical_or(covered.logical_not()).all().item<bool>());
    covered = now;
    for (std::int64_t i = 0; i < 24; ++i)
      places.insert(now[i].flatten().to(at::kByte).argmax().item<std::int64_t>());
  }
  CHECK(places.size() > 60);
}

TEST_CASE("rotation turns about the middle of the face, to either side", "[eval][unit]") {
  at::Tensor images = flat(0, 16);
  // A light 18 pixels to the right of the middle, two by two pixels: its centre is at (23.5, 41.5).
  images.narrow(1, 23, 2).narrow(2, 41, 2).fill_(255);
  const at::Tensor result = corrupted(images, "rotation", 5).to(at::kDouble);  // 30 degrees
  const at::Tensor along = at::arange(kFaceSide, at::kDouble) - 23.5;
  const at::Tensor light = result / result.sum({1, 2}, /*keepdim=*/true);
  const at::Tensor x = (light * along.view({1, 1, -1})).sum({1, 2});
  const at::Tensor y = (light * along.view({1, -1, 1})).sum({1, 2});
  CHECK((x - 18.0 * std::cos(std::numbers::pi / 6.0)).abs().max().item<double>() < 0.6);
  CHECK((y.abs() - 18.0 * 0.5).abs().max().item<double>() < 0.6);
  CHECK(y.min().item<double>() < 0.0);
  CHECK(y.max().item<double>() > 0.0);
  CHECK(at::equal(corrupted(flat(90), "rotation", 5), flat(90)));
}

TEST_CASE("a strength there is not is refused", "[eval][unit]") {
  for (const int strength : {-1, 6}) {
    CHECK_THROWS_AS(corrupted(flat(0), "blur", strength), Error);
  }
}

TEST_CASE("what are no faces is not corrupted", "[eval][unit]") {
  const Corruption& blur = find_corruption("blur");
  CHECK_THROWS(fer::eval::corrupted(flat(0).to(at::kFloat), blur, 1, kStream));
  CHECK_THROWS(fer::eval::corrupted(flat(0)[0], blur, 1, kStream));
  CHECK_THROWS(fer::eval::corrupted(at::zeros({1, 48, 40}, at::kByte), blur, 1, kStream));
}

}  // namespace
}  // namespace fer::eval
