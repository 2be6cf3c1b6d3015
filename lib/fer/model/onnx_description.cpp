#include "fer/model/onnx_description.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/model/input_json.h"

namespace fer::model {

namespace {

using nlohmann::json;

constexpr std::size_t kMostBytes = 1 << 20;
constexpr std::size_t kMostText = 4096;

const std::vector<std::string> kFields = {
    "labels", "size",   "colour",      "scale",       "mean", "std",    "crop_margin",
    "layout", "output", "output_name", "temperature", "data", "licence"};

constexpr const char* kLabels =
    "a list of 2 to 1000 different names, in the order of the network's numbers; null for a number "
    "that is left out";
constexpr const char* kSize =
    "a whole number from 16 to 512, or [width, height] of two of them: the pixels of the input";
constexpr const char* kNumbers =
    "a number from -1000000 to 1000000, or a list of three, one for each colour";
constexpr const char* kDeviations =
    "a number from 0.000001 to 1000000, or a list of three, one for each colour";

// Reads one file; its errors name the field, the value and what is allowed.
class DescriptionReader {
 public:
  explicit DescriptionReader(const std::filesystem::path& path)
      : path_(path.string()), file_(parse_json(read_file(path, kMostBytes))) {
    if (!file_.is_object()) {
      throw Error(path_ + ": is no description of an ONNX file, which is a JSON object with " +
                  join(kFields, ", "));
    }
    for (const auto& [key, value] : file_.items()) {
      if (std::find(kFields.begin(), kFields.end(), key) == kFields.end()) fail_unknown(key);
    }
  }

  ModelInfo read() const {
    ModelInfo info;
    info.architecture = kOnnxArchitecture;
    info.labels = read_labels(info.onnx);
    info.input = read_input();
    info.onnx.channels_last = choice("layout", {"nchw", "nhwc"}, "nchw") == 1;
    info.onnx.probabilities = choice("output", {"logits", "probabilities"}, nullptr) == 1;
    info.onnx.output = text("output_name");
    info.temperature = number("temperature", 1.0, kLeastTemperature, kMostTemperature);
    info.training.data = text("data");
    info.licence = text("licence");
    info.creator = "others; read by fer " + std::string(version());
    return info;
  }

 private:
  [[noreturn]] void fail_unknown(const std::string& key) const {
    const auto near = nearest(key, kFields);
    throw Error(path_ + ": " + quote(key, 80) + " is no field of a description; " +
                (near ? "did you mean " + quote(*near) + "? Allowed: " : "allowed: ") +
                join(kFields, ", "));
  }

  [[noreturn]] void fail(const char* field, const std::string& allowed) const {
    const auto found = file_.find(field);
    throw Error(path_ + ": " +
                (found == file_.end() ? "has no field " + quote(field)
                                      : "field " + quote(field) + ": " +
                                            quote(value_text(*found), 80) + " is not allowed") +
                "; allowed: " + allowed);
  }

  // In single quotes, because programs replace options in double quotes by their flags.
  static std::string value_text(const json& value) {
    return value.is_string() ? value.get<std::string>() : json_text(value);
  }

  const json* find(const char* field) const {
    const auto found = file_.find(field);
    return found == file_.end() ? nullptr : &*found;
  }

  // Leaves out names that are null; `use` then holds the rows of the others.
  LabelSet read_labels(OnnxUse& use) const {
    const json* list = find("labels");
    if (list == nullptr || !list->is_array() || list->size() > LabelSet::kMaxClasses) {
      fail("labels", kLabels);
    }
    std::vector<std::string> names;
    for (const json& name : *list) {
      if (name.is_null()) continue;
      if (!name.is_string()) fail("labels", kLabels);
      names.push_back(name.get<std::string>());
      use.rows.push_back(&name - &list->front());
    }
    use.numbers = std::ssize(*list);
    if (std::ssize(names) == use.numbers) {
      use.rows.clear();
      use.numbers = 0;
    }
    try {
      return LabelSet(names);
    } catch (const Error& error) {
      fail("labels", std::string(kLabels) + " (" + error.what() + ")");
    }
  }

  InputSpec read_input() const {
    InputSpec input;
    FaceFormat& format = input.cut.format;
    std::tie(format.width, format.height) = read_size();
    format.colour = static_cast<Colour>(choice("colour", {"grey", "rgb", "bgr"}, nullptr));
    input.cut.margin = number("crop_margin", 0.0, 0.0, kMostMargin);
    // (level * scale - mean) / std, in the terms of ChannelSpec.
    const double unit = 255.0 * number("scale", 1.0 / 255.0, 1e-6, 1e6);
    const auto channels = static_cast<std::size_t>(format.channels());
    const std::vector<double> means = channel_numbers("mean", 0.0, -1e6, kNumbers, channels);
    const std::vector<double> deviations = channel_numbers("std", 1.0, 1e-6, kDeviations, channels);
    for (std::size_t c = 0; c < std::max(means.size(), deviations.size()); ++c) {
      const ChannelSpec channel{means[c % means.size()] / unit,
                                deviations[c % deviations.size()] / unit};
      if (!is_sane(channel)) fail("std", kRatio);
      if (c > 0) {
        input.others.push_back(channel);
        continue;
      }
      input.mean = channel.mean;
      input.deviation = channel.deviation;
    }
    return input;
  }

  static constexpr const char* kRatio =
      "numbers with which a level of 0 to 255 becomes (level * scale - mean) / std of at most some "
      "thousands";

  std::pair<int, int> read_size() const {
    const json* size = find("size");
    const auto is_side = [](const json& side) {
      return side.is_number_integer() && side >= kLeastSide && side <= kMostSide;
    };
    if (size != nullptr && is_side(*size)) return {size->get<int>(), size->get<int>()};
    if (size == nullptr || !size->is_array() || size->size() != 2 || !is_side((*size)[0]) ||
        !is_side((*size)[1])) {
      fail("size", kSize);
    }
    return {(*size)[0].get<int>(), (*size)[1].get<int>()};
  }

  // The index of the field's value in `names`. Without a default the field is required.
  std::size_t choice(const char* field, const std::vector<std::string>& names,
                     const char* usual) const {
    const json* given = find(field);
    const std::string name = given == nullptr     ? (usual == nullptr ? "" : usual)
                             : given->is_string() ? given->get<std::string>()
                                                  : "";
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) fail(field, join(names, ", "));
    return static_cast<std::size_t>(found - names.begin());
  }

  static bool is_within(const json& value, double low, double high) {
    if (!value.is_number()) return false;
    const double number = value.get<double>();
    return number >= low && number <= high;
  }

  double number(const char* field, double usual, double low, double high) const {
    const json* given = find(field);
    if (given == nullptr) return usual;
    if (!is_within(*given, low, high)) {
      fail(field, "a number from " + shortest(low) + " to " + shortest(high));
    }
    return given->get<double>();
  }

  // One number for all channels, or one for each.
  std::vector<double> channel_numbers(const char* field, double usual, double low,
                                      const char* allowed, std::size_t channels) const {
    const json* given = find(field);
    if (given == nullptr) return {usual};
    const json list = given->is_array() ? *given : json::array({*given});
    const auto fits = [&](const json& value) { return is_within(value, low, 1e6); };
    if ((list.size() != 1 && list.size() != channels) ||
        !std::all_of(list.begin(), list.end(), fits)) {
      fail(field, allowed);
    }
    return list.get<std::vector<double>>();
  }

  std::string text(const char* field) const {
    const json* given = find(field);
    if (given == nullptr) return {};
    if (!given->is_string() || given->get_ref<const std::string&>().size() > kMostText ||
        !is_utf8(given->get_ref<const std::string&>())) {
      fail(field, "a text of at most " + std::to_string(kMostText) + " bytes");
    }
    return given->get<std::string>();
  }

  const std::string path_;
  const json file_;
};

}  // namespace

ModelInfo read_onnx_description(const std::filesystem::path& path) {
  return DescriptionReader(path).read();
}

}  // namespace fer::model
