#include "fer/augment/augment.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "fer/augment/mixup_cutmix.h"
#include "fer/data/synthetic_set.h"
#include "fer/tensors/safetensors.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::augment {
namespace {

using test::largest_difference;

at::Tensor some_faces(std::int64_t count) {
  return data::make_synthetic_set(count, 1).images.all();
}

// The pose that the maps of a stream describe.
struct Pose {
  std::vector<float> degrees;
  std::vector<std::int64_t> mirrored;
};

Pose poses(const at::Tensor& maps) {
  Pose pose;
  for (std::int64_t i = 0; i < maps.size(0); ++i) {
    const double sine = maps[i][1][0].item<double>();
    const double cosine = maps[i][1][1].item<double>();
    pose.degrees.push_back(static_cast<float>(std::atan2(sine, cosine) * 180.0 / std::numbers::pi));
    pose.mirrored.push_back(maps[i][0][0].item<double>() < 0.0 ? 1 : 0);
  }
  return pose;
}

TEST_CASE("rotation and flip equal SciPy's bilinear rotation of the mirrored image",
          "[augment][integration]") {
  FER_NEED_PYTHON("numpy", "scipy", "safetensors");
  const test::TemporaryFolder folder;
  const at::Tensor images = some_faces(70);
  const AugmentOptions options{.rotation = 35.0, .flip = true};
  const RandomStream stream(11);
  const Pose pose = poses(affine_maps(plan_changes(images.size(0), options, stream)));
  tensors::write_safetensors(folder / "in.safetensors",
                             {.metadata = {},
                              .tensors = {{"images", images},
                                          {"degrees", at::tensor(pose.degrees)},
                                          {"mirrored", at::tensor(pose.mirrored)}}});
  test::run_python("augment_reference.py", {folder / "in.safetensors", folder / "out.safetensors"});
  const tensors::Safetensors reference = tensors::read_safetensors(folder / "out.safetensors");
  // Positions are float32 of about 1e-5 pixels; between neighbours of 255 grey levels difference
  // that is some thousandths of a level.
  CHECK(largest_difference(augment(images, options, stream, kFaceSide),
                           reference.tensors.at("images")) < 0.01);
}

TEST_CASE("a flip alone is the exact mirror image or the exact image", "[augment][unit]") {
  const at::Tensor images = some_faces(70);
  const AugmentOptions options{.rotation = 0.0, .flip = true};
  const RandomStream stream(5);
  const Pose pose = poses(affine_maps(plan_changes(images.size(0), options, stream)));
  std::vector<at::Tensor> expected;
  for (std::int64_t i = 0; i < images.size(0); ++i) {
    const bool mirrored = pose.mirrored[static_cast<std::size_t>(i)] == 1;
    expected.push_back(mirrored ? images[i].flip({1}) : images[i]);
  }
  CHECK(at::equal(augment(images, options, stream, kFaceSide), at::stack(expected).to(at::kFloat)));
}

TEST_CASE("no rotation and no flip leave every grey level as it is", "[augment][unit]") {
  const at::Tensor images = some_faces(70);
  const at::Tensor same =
      augment(images, {.rotation = 0.0, .flip = false}, RandomStream(1), kFaceSide);
  CHECK(same.scalar_type() == at::kFloat);
  CHECK(at::equal(same, images.to(at::kFloat)));
}

TEST_CASE("a quarter turn moves a corner to the next corner", "[augment][unit]") {
  // Hand-worked: an angle of 90 degrees maps output (x, y) to input (-y, x) about the middle, so
  // what is at the right top comes to be at the left top. A stream whose first angle is near the
  // limit of 90 is searched, so that the test needs no private door.
  at::Tensor image = at::zeros({1, kFaceSide, kFaceSide}, at::kByte);
  image.slice(1, 0, 8).slice(2, kFaceSide - 8, kFaceSide).fill_(200);  // right top
  const AugmentOptions options{.rotation = 90.0, .flip = false};
  std::uint64_t seed = 0;
  while (poses(affine_maps(plan_changes(1, options, RandomStream(seed)))).degrees[0] < 89.0F) {
    ++seed;
  }
  const at::Tensor turned = augment(image, options, RandomStream(seed), kFaceSide);
  const at::Tensor corner = turned[0].slice(0, 2, 6);
  CHECK(corner.slice(1, 2, 6).min().item<float>() > 190.0F);                         // left top
  CHECK(corner.slice(1, kFaceSide - 6, kFaceSide - 2).max().item<float>() < 10.0F);  // right top
}

at::Tensor random_images(std::int64_t count) {
  torch::manual_seed(4);
  return at::randint(256, {count, kFaceSide, kFaceSide}, at::kByte);
}

// The image shifted by `right` and `down` pixels, with its border repeated.
at::Tensor moved(const at::Tensor& image, std::int64_t right, std::int64_t down) {
  const at::Tensor places = at::arange(kFaceSide);
  return image.index_select(0, (places + down).clamp(0, kFaceSide - 1))
      .index_select(1, (places + right).clamp(0, kFaceSide - 1));
}

at::Tensor changed(const at::Tensor& images, const std::vector<FaceChange>& changes) {
  return apply_changes(images, changes, RandomStream(1), kFaceSide);
}

TEST_CASE("A shift of a 48th looks one pixel further right or down", "[augment][unit]") {
  const at::Tensor images = random_images(2);
  std::vector<FaceChange> changes(2);
  changes[0].shift_x = 1.0 / kFaceSide;
  changes[1].shift_y = -1.0 / kFaceSide;
  const at::Tensor out = changed(images, changes);
  CHECK(largest_difference(out[0], moved(images[0], 1, 0)) < 0.01);
  CHECK(largest_difference(out[1], moved(images[1], 0, -1)) < 0.01);
}

TEST_CASE("A random crop shows the image moved by whole pixels", "[augment][unit]") {
  constexpr std::int64_t kCount = 20;
  const at::Tensor images = random_images(kCount);
  const AugmentOptions options{.rotation = 0.0, .flip = false, .crop_padding = 3};
  const RandomStream stream(7);
  const std::vector<FaceChange> changes = plan_changes(kCount, options, stream);
  const at::Tensor out = augment(images, options, stream, kFaceSide);
  for (std::int64_t i = 0; i < kCount; ++i) {
    const FaceChange& change = changes[static_cast<std::size_t>(i)];
    const at::Tensor expected = moved(images[i], std::lround(change.shift_x * kFaceSide),
                                      std::lround(change.shift_y * kFaceSide));
    CHECK(largest_difference(out[i], expected) < 0.01);
  }
}

// Grey levels that rise by `across` a column and `downwards` a row.
at::Tensor ramp(double across, double downwards) {
  const at::Tensor places = at::arange(kFaceSide).to(at::kFloat);
  return (places * across + places.view({-1, 1}) * downwards).unsqueeze(0);
}

TEST_CASE("A scale of 2 shows the middle half, twice as large", "[augment][unit]") {
  std::vector<FaceChange> changes(1);
  changes[0].scale = 2.0;
  // Hand-worked: column c lies c - 23.5 from the middle, and shows the column half as far from it:
  // column 23.5 + (c - 23.5) / 2 = 11.75 + c / 2. So rise 2 and 3 half as fast from 5 * 11.75.
  CHECK(largest_difference(changed(ramp(2.0, 3.0), changes), ramp(1.0, 1.5) + 58.75) < 0.01);
}

TEST_CASE("A shear of 45 degrees moves each row by its distance from the middle",
          "[augment][unit]") {
  std::vector<FaceChange> changes(1);
  changes[0].shear = std::numbers::pi / 4.0;
  // Row r looks r - 23.5 columns further right, at most at the border.
  const at::Tensor column = (ramp(1.0, 1.0) - 23.5).clamp(0.0, 47.0);
  CHECK(largest_difference(changed(ramp(5.0, 0.0), changes), column * 5.0) < 0.01);
}

TEST_CASE("an image of one grey level stays one: the border is repeated", "[augment][unit]") {
  const at::Tensor images = at::full({16, kFaceSide, kFaceSide}, 77, at::kByte);
  const at::Tensor turned =
      augment(images, {.rotation = 180.0, .flip = true}, RandomStream(2), kFaceSide);
  CHECK(largest_difference(turned, images) < 1e-3);
}

TEST_CASE("the same stream varies images the same way, another stream otherwise",
          "[augment][unit]") {
  const at::Tensor images = some_faces(70);
  const AugmentOptions options;
  const at::Tensor first = augment(images, options, RandomStream(8), kFaceSide);
  CHECK(at::equal(first, augment(images, options, RandomStream(8), kFaceSide)));
  CHECK_FALSE(at::equal(first, augment(images, options, RandomStream(9), kFaceSide)));
  // Within a batch, each image has an angle of its own.
  const at::Tensor copies = images[0].expand({4, kFaceSide, kFaceSide});
  const at::Tensor varied = augment(copies, options, RandomStream(8), kFaceSide);
  for (std::int64_t i = 1; i < 4; ++i) CHECK_FALSE(at::equal(varied[0], varied[i]));
}

TEST_CASE("angles are uniform between the limits and half of the images are mirrored",
          "[augment][unit]") {
  constexpr std::int64_t kCount = 20'000;
  const Pose pose =
      poses(affine_maps(plan_changes(kCount, {.rotation = 10.0, .flip = true}, RandomStream(3))));
  std::vector<std::int64_t> histogram(10);
  std::int64_t mirrored = 0;
  CHECK(at::tensor(pose.degrees).abs().max().item<float>() <= 10.0001F);
  for (std::size_t i = 0; i < pose.degrees.size(); ++i) {
    const double position = (pose.degrees[i] + 10.0) / 2.0;
    ++histogram[static_cast<std::size_t>(std::clamp(position, 0.0, 9.0))];
    mirrored += pose.mirrored[i];
  }
  // 2,000 and 10,000 expected; five standard deviations are 212 and 354.
  for (const std::int64_t count : histogram) CHECK(std::abs(count - 2'000) < 212);
  CHECK(std::abs(mirrored - kCount / 2) < 354);
}

TEST_CASE("switching one augmentation off does not shift the other's random numbers",
          "[augment][unit]") {
  const Pose both =
      poses(affine_maps(plan_changes(50, {.rotation = 20.0, .flip = true}, RandomStream(6))));
  const Pose turned =
      poses(affine_maps(plan_changes(50, {.rotation = 20.0, .flip = false}, RandomStream(6))));
  const Pose flipped =
      poses(affine_maps(plan_changes(50, {.rotation = 0.0, .flip = true}, RandomStream(6))));
  CHECK(both.degrees == turned.degrees);
  CHECK(both.mirrored == flipped.mirrored);
}

TEST_CASE("The colours of an image change alike, as a grey image of their levels does",
          "[augment][unit]") {
  const at::Tensor grey = some_faces(70).narrow(0, 0, 12);
  // Green is half as bright, blue the mirror image; each must get the same result as alone.
  const at::Tensor green = grey.div(2, "floor"), blue = grey.flip({2});
  const at::Tensor images = at::stack({grey, green, blue}, 3);
  AugmentOptions options{.rotation = 20.0, .flip = true};
  options.scale = 0.2;
  options.crop_padding = 4;
  options.brightness = 0.3;
  options.contrast = 0.3;
  options.gamma = 0.3;
  options.cutout = 12;
  const RandomStream stream(3);
  for (const std::int64_t side : {48, 64}) {
    const at::Tensor varied = augment(images, options, stream, side);
    REQUIRE(varied.sizes() == at::IntArrayRef({12, side, side, 3}));
    std::int64_t channel = 0;
    for (const at::Tensor& alone : {grey, green, blue}) {
      CHECK(largest_difference(varied.select(3, channel++), augment(alone, options, stream, side)) <
            1e-3);
    }
  }
}

TEST_CASE("Colours are mixed and cut like grey images", "[augment][unit]") {
  const at::Tensor grey = some_faces(70).narrow(0, 0, 8).to(at::kFloat);
  const at::Tensor targets = at::eye(8);
  AugmentOptions options;
  for (const bool cut : {false, true}) {
    options.mixup = cut ? 0.0 : 0.4;
    options.cutmix = cut ? 1.0 : 0.0;
    const auto plan = plan_mixup_cutmix(8, 48, options, RandomStream(7));
    const MixedBatch mixed = mixup_cutmix({grey, targets}, {plan});
    const MixedBatch colours = mixup_cutmix({at::stack({grey, grey, grey}, 3), targets}, {plan});
    CHECK(colours.targets.equal(mixed.targets));
    for (std::int64_t c = 0; c < 3; ++c) {
      CHECK(colours.levels.select(3, c).equal(mixed.levels));
    }
  }
}

TEST_CASE("Every change of an image has a way for colours", "[augment][unit]") {
  const at::Tensor images = at::randint(256, {6, 40, 40, 3}, at::kByte);
  AugmentOptions options{.rotation = 10.0, .flip = true};
  options.noise = 20.0;
  options.blur = 1.0;
  options.erasing = 1.0;
  options.camera = 1.0;
  options.randaugment = 3;
  const at::Tensor varied = augment(images, options, RandomStream(1), 40);
  REQUIRE(varied.sizes() == images.sizes());
  CHECK(varied.min().item<float>() >= 0.0F);
  CHECK(varied.max().item<float>() <= 255.0F);
}

}  // namespace
}  // namespace fer::augment
