#include "fer/augment/augment_options.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/catch.h"

namespace fer::augment {
namespace {

using nlohmann::json;

json values_of(AugmentOptions options) { return options_to_json(visiting(options)); }

AugmentOptions nothing() { return AugmentOptions::none(); }

TEST_CASE("What is left at the end is the flip and the camera, and each image once",
          "[augment][unit]") {
  AugmentOptions options;
  options.crop_padding = 2;
  options.cutmix = 0.5;
  options.repeats = 4;
  options.camera = 0.5;
  const AugmentOptions left = options.in_last_epochs();
  CHECK(left.flip);
  CHECK(left.repeats == 1);
  CHECK(left.camera == 0.5);
  options.flip = false;
  options.camera = 0.0;
  CHECK(values_of(options.in_last_epochs()) == values_of(nothing()));
  CHECK(nothing().rotation == 0.0);
  CHECK(nothing().crop_padding == 0);
  CHECK(nothing().cutmix == 0.0);
}

TEST_CASE("The kinds that are on are listed in the order of their flags, and no others",
          "[augment][unit]") {
  AugmentOptions options;  // rotation and flip
  options.crop_padding = 2;
  options.randaugment = 2;
  options.mixup = 0.3;
  options.repeats = 4;
  options.augment_off_last = 0.5;
  std::vector<std::string> names;
  for (const NamedAugment& alone : options.each_alone()) names.push_back(alone.name);
  CHECK(names ==
        std::vector<std::string>{"rotation", "flip", "crop_padding", "randaugment", "mixup"});
  CHECK(nothing().each_alone().empty());
}

TEST_CASE("Every kind of change can stand alone, as strong as it was asked for",
          "[augment][unit]") {
  const json values = values_of(nothing());
  for (const auto& [name, value] : values.items()) {
    CAPTURE(name);
    // How strong, how often and when are no kinds.
    const bool is_kind =
        name != "randaugment_magnitude" && name != "repeats" && name != "augment_off_last";
    AugmentOptions options = nothing();
    const char* word = value.is_boolean() ? "true" : value.is_number_integer() ? "2" : "0.5";
    option_from_words(name, {word}, visiting(options));
    const json asked_for = values_of(options);
    REQUIRE(asked_for != values);
    options.randaugment_magnitude = 7.0;
    options.repeats = 4;
    const std::vector<NamedAugment> alone = options.each_alone();
    REQUIRE(alone.size() == (is_kind ? 1U : 0U));
    if (!is_kind) continue;
    CHECK(alone[0].name == name);
    json expected = asked_for;
    expected["randaugment_magnitude"] = 7.0;
    CHECK(values_of(alone[0].options) == expected);
  }
}

}  // namespace
}  // namespace fer::augment
