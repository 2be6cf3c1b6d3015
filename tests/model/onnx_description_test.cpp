#include "fer/model/onnx_description.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::model {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

const char* const kGood = R"({"labels": ["sad", "happy"], "size": 64, "colour": "grey",
                              "output": "logits"})";

ModelInfo read(const std::string& text) {
  const test::TemporaryFolder folder;
  write_file(folder / "spec.json", text);
  return read_onnx_description(folder / "spec.json");
}

std::string error_of(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    const std::string what = error.what();
    CHECK_THAT(what, ContainsSubstring("spec.json: "));
    return what.substr(what.find("spec.json: ") + 11);
  }
  return "none";
}

TEST_CASE("A description says what its fields mean, and has usual values", "[model][unit]") {
  const ModelInfo info = read(kGood);
  CHECK(info.is_imported());
  CHECK(info.labels.names() == std::vector<std::string>{"sad", "happy"});
  CHECK(info.input.cut == FaceCut{{64, 64, Colour::grey}, 0.0});
  // level / 255, as it is.
  CHECK(info.input.mean == 0.0);
  CHECK(info.input.deviation == 1.0);
  CHECK(info.input.others.empty());
  CHECK(info.onnx == OnnxUse{});
  CHECK(info.temperature == 1.0);
}

TEST_CASE("Means and deviations are those of level * scale, one for each colour", "[model][unit]") {
  const ModelInfo info = read(R"({"labels": [null, "sad", "happy"], "size": [96, 40],
    "colour": "bgr", "scale": 1, "mean": [100, 110, 120], "std": 51, "layout": "nhwc",
    "output": "probabilities", "output_name": "p", "crop_margin": 1.5, "temperature": 2})");
  CHECK(info.input.cut == FaceCut{{96, 40, Colour::bgr}, 1.5});
  REQUIRE(info.input.others.size() == 2);
  const double means[] = {100.0, 110.0, 120.0};
  for (std::size_t c = 0; c < 3; ++c) {
    // (level - mean) / 51, of level 255.
    const Normalisation rule(info.input, c);
    CHECK(double{rule(255.0F)} == Approx((255.0 - means[c]) / 51.0));
    CHECK(double{rule(0.0F)} == Approx(-means[c] / 51.0));
  }
  CHECK(info.onnx == OnnxUse{true, true, "p", {1, 2}, 3});
  CHECK(info.temperature == 2.0);
}

TEST_CASE("A wrong field is an error that names it, its value and what is allowed",
          "[model][unit][bad-input]") {
  const struct {
    const char *field, *value;  // no value: the field is not there
    const char *told, *allowed;
  } kWrong[] = {
      {"labels", nullptr, "has no field 'labels'", "different names"},
      {"labels", "7", "field 'labels': '7' is not allowed", "different names"},
      {"labels", R"(["happy"])", "happy", "2 to 1000"},
      {"labels", R"(["happy", 3])", "field 'labels'", "null for a number"},
      {"labels", R"(["happy", "Happy"])", "field 'labels'", "different names"},
      {"labels", R"(["happy", null])", "field 'labels'", "2 to 1000"},
      {"size", nullptr, "has no field 'size'", "16 to 512"},
      {"size", "0", "field 'size': '0' is not allowed", "16 to 512"},
      {"size", "513", "'513'", "16 to 512"},
      {"size", "48.5", "'48.5'", "whole number"},
      {"size", "[112]", "'[112]'", "[width, height]"},
      {"size", "[112, 1e9]", "field 'size'", "[width, height]"},
      {"colour", nullptr, "has no field 'colour'", "grey, rgb, bgr"},
      {"colour", "\"RGB\"", "field 'colour': 'RGB' is not allowed", "grey, rgb, bgr"},
      {"colour", "3", "'3'", "grey, rgb, bgr"},
      {"output", nullptr, "has no field 'output'", "logits, probabilities"},
      {"output", "\"softmax\"", "softmax", "logits, probabilities"},
      {"layout", "\"hwc\"", "hwc", "nchw, nhwc"},
      {"scale", "0", "field 'scale': '0'", "a number from"},
      {"scale", "\"1/255\"", "1/255", "a number from"},
      {"mean", "[1, 2]", "field 'mean': '[1,2]'", "one for each colour"},
      {"mean", "[1, 2, 3]", "'[1,2,3]'", "one for each colour"},  // of grey
      {"mean", "1e9", "field 'mean'", "a number from -1000000"},
      {"std", "0", "field 'std': '0'", "0.000001"},
      {"std", "[]", "'[]'", "0.000001"},
      {"std", "[null]", "'[null]'", "0.000001"},
      {"crop_margin", "-1", "field 'crop_margin': '-1'", "from 0 to 4"},
      {"temperature", "0", "field 'temperature': '0'", "from 0.01 to 100"},
      {"output_name", "5", "field 'output_name': '5'", "a text"},
      {"licence", "[]", "field 'licence': '[]'", "a text"},
  };
  for (const auto& wrong : kWrong) {
    json description = json::parse(kGood);
    if (wrong.value == nullptr) {
      description.erase(wrong.field);
    } else {
      description[wrong.field] = json::parse(wrong.value);
    }
    CAPTURE(description.dump());
    const std::string error = error_of(description.dump());
    CHECK_THAT(error, ContainsSubstring("field '" + std::string(wrong.field) + "'") &&
                          ContainsSubstring("allowed: ") && ContainsSubstring(wrong.allowed));
    CHECK_THAT(error, ContainsSubstring(wrong.told));
  }
}

TEST_CASE("What is no description is an error that says what one is", "[model][unit][bad-input]") {
  CHECK_THAT(error_of("{"), ContainsSubstring("a JSON object with labels, size"));
  CHECK_THAT(error_of("[1]"), ContainsSubstring("a JSON object with labels, size"));
  CHECK_THAT(error_of(R"({"lables": ["a", "b"]})"),
             ContainsSubstring("'lables' is no field") &&
                 ContainsSubstring("did you mean 'labels'?") && ContainsSubstring("Allowed: "));
  CHECK_THAT(error_of(R"({"labels": ["a", "b"], "size": 64, "colour": "grey", "output": "logits",
                          "std": 1e-6, "scale": 1e6})"),
             ContainsSubstring("field 'std'"));
}

TEST_CASE("A description of lists in lists is none", "[model][unit][bad-input]") {
  const std::string deep(200'000, '[');
  CHECK_THAT(error_of(R"({"mean": )" + deep + std::string(deep.size(), ']') + "}"),
             ContainsSubstring("is no description of an ONNX file"));
}

}  // namespace
}  // namespace fer::model
