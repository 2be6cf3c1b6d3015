#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <nlohmann/json.hpp>

#include "fer/augment/augment.h"
#include "fer/core/face.h"
#include "support/properties.h"

namespace fer::augment {
namespace {

using test::for_all;

at::Tensor any_images(std::int64_t count) {
  RandomStream stream(*rc::gen::arbitrary<std::uint64_t>());
  at::Tensor images = at::empty({count, kFaceSide, kFaceSide}, at::kByte);
  auto* level = images.data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < images.numel(); ++i) {
    level[i] = static_cast<std::uint8_t>(stream.below(256));
  }
  return images;
}

// Each kind on or off, with any strength that its flag takes.
class AnyStrength final : public OptionVisitor {
 public:
  void field(const Field&, bool& value) override { value = *rc::gen::arbitrary<bool>(); }
  void field(const Field& f, std::int64_t& value) override {
    if (on()) value = *rc::gen::inRange(low(f), high(f) + 1);
  }
  void field(const Field& f, double& value) override {
    if (on()) value = *test::number_in(std::max(f.min, -1e3), std::min(f.max, 1e3));
  }
  void field(const Field&, std::string&) override {}
  void field(const Field&, std::vector<std::string>&) override {}

 private:
  static bool on() { return *rc::gen::inRange(0, 3) == 0; }
  static std::int64_t low(const Field& f) {
    return static_cast<std::int64_t>(std::max(f.min, -1e3));
  }
  static std::int64_t high(const Field& f) {
    return static_cast<std::int64_t>(std::min(f.max, 1e3));
  }
};

AugmentOptions any_options() {
  AugmentOptions options = AugmentOptions::none();
  AnyStrength strength;
  options.visit(strength);
  return options;
}

TEST_CASE("Whatever is done to images, levels stay between black and white", "[augment][unit]") {
  for_all([] {
    const AugmentOptions options = any_options();
    const auto count = *rc::gen::inRange<std::int64_t>(1, 6);
    const auto side = *rc::gen::element<std::int64_t>(16, 48, 64);
    const at::Tensor changed = augment(any_images(count), options,
                                       RandomStream(*rc::gen::arbitrary<std::uint64_t>()), side);
    RC_ASSERT(changed.sizes() == at::IntArrayRef({count, side, side}));
    RC_ASSERT(changed.scalar_type() == at::kFloat);
    RC_ASSERT((changed.min().item<float>() >= 0.0F && changed.max().item<float>() <= 255.0F));
  });
}

TEST_CASE("The same stream changes images alike, and leaves the given ones as they are",
          "[augment][unit]") {
  for_all([] {
    const AugmentOptions options = any_options();
    const at::Tensor images = any_images(3), before = images.clone();
    const RandomStream stream(*rc::gen::arbitrary<std::uint64_t>());
    const at::Tensor once = augment(images, options, stream, kFaceSide);
    RC_ASSERT(once.equal(augment(images, options, stream, kFaceSide)));
    RC_ASSERT(images.equal(before));
  });
}

TEST_CASE("Without augmentation images stay as they are", "[augment][unit]") {
  for_all([] {
    const at::Tensor images = any_images(2);
    const RandomStream stream(*rc::gen::arbitrary<std::uint64_t>());
    RC_ASSERT(
        augment(images, AugmentOptions::none(), stream, kFaceSide).equal(images.to(at::kFloat)));
  });
}

TEST_CASE("A face that is mirrored twice is itself", "[augment][unit]") {
  for_all([] {
    const at::Tensor images = any_images(2);
    std::vector<FaceChange> mirror(2);
    mirror[0].mirrored = true;
    const RandomStream stream(1);
    const at::Tensor once = apply_changes(images, mirror, stream, kFaceSide);
    RC_ASSERT(once[1].equal(images[1].to(at::kFloat)));
    RC_ASSERT(once[0].equal(images[0].flip(1).to(at::kFloat)));
    RC_ASSERT(apply_changes(once, mirror, stream, kFaceSide).equal(images.to(at::kFloat)));
  });
}

TEST_CASE("A grey face stays grey, wherever its pixels move", "[augment][unit]") {
  for_all([] {
    AugmentOptions options = AugmentOptions::none();
    options.rotation = *test::number_in(0.0, 90.0);
    options.scale = *test::number_in(0.0, 0.5);
    options.shift = *test::number_in(0.0, 0.5);
    options.shear = *test::number_in(0.0, 30.0);
    options.flip = *rc::gen::arbitrary<bool>();
    const int level = *rc::gen::inRange(0, 256);
    const at::Tensor images = at::full({3, kFaceSide, kFaceSide}, level, at::kByte);
    const at::Tensor changed =
        augment(images, options, RandomStream(*rc::gen::arbitrary<std::uint64_t>()), kFaceSide);
    RC_ASSERT((changed - level).abs().max().item<float>() < 1e-2F);
  });
}

TEST_CASE("Augmentations come back from JSON", "[augment][unit]") {
  for_all([] {
    AugmentOptions options = any_options(), read = AugmentOptions::none();
    const nlohmann::json written = options_to_json(visiting(options));
    options_from_json(nlohmann::json::parse(written.dump()), visiting(read), "JSON");
    RC_ASSERT(options_to_json(visiting(read)) == written);
  });
}

}  // namespace
}  // namespace fer::augment
