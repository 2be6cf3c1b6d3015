#include "fer/model/input_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace fer::model {

namespace {

using nlohmann::json;

constexpr const char* kNumbers = "numbers side, channels, mean and deviation are expected";

[[noreturn]] void fail(const std::string& expected) { throw std::invalid_argument(expected); }

double number(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) {
    fail(kNumbers);
  }
  return found->get<double>();
}

ChannelSpec channel_of(const json& object) {
  const ChannelSpec channel{number(object, "mean"), number(object, "deviation")};
  if (!is_sane(channel)) fail("mean must be -10 to 10 and deviation 1e-6 to 1e6");
  return channel;
}

int side_of(const json& object, const char* key) {
  const double side = number(object, key);
  if (!(side >= kLeastSide && side <= kMostSide) || side != std::floor(side)) {
    fail("width and height must be whole numbers from " + std::to_string(kLeastSide) + " to " +
         std::to_string(kMostSide));
  }
  return static_cast<int>(side);
}

Colour colour_of(const json& object) {
  const auto names = choice_names(Colour{});
  const auto found = std::find(names.begin(), names.end(), object.value("colour", ""));
  if (found == names.end()) fail("colour must be grey, rgb or bgr");
  return static_cast<Colour>(found - names.begin());
}

// Checks formats of data sets. Compares JSON values, because 48.9 and 2^32 + 48 would equal 48 if
// they were converted to int.
FaceFormat format_of(const json& side, const json& channels, bool imported) {
  if (imported && (side != kFaceSide || channels != 1)) {
    fail("with side and channels it has to be 48x48 pixels of one channel");
  }
  if (!side.is_number_integer() || side < kLeastFaceSide || side > kMostFaceSide ||
      (channels != 1 && channels != 3)) {
    fail("this program feeds square images of " + std::to_string(kLeastFaceSide) + " to " +
         std::to_string(kMostFaceSide) + " pixels a side and 1 or 3 channels");
  }
  const int pixels = side.get<int>();
  return {pixels, pixels, channels == 1 ? Colour::grey : Colour::rgb};
}

FaceCut cut_of(const json& object) {
  FaceCut cut{{side_of(object, "width"), side_of(object, "height"), colour_of(object)},
              number(object, "crop_margin")};
  if (!(cut.margin >= 0.0 && cut.margin <= kMostMargin)) fail("crop_margin must be 0 to 4");
  return cut;
}

}  // namespace

bool is_sane(const ChannelSpec& channel) {
  return std::isfinite(channel.mean) && std::abs(channel.mean) <= 10.0 &&
         channel.deviation >= 1e-6 && channel.deviation <= 1e6;
}

json input_json(const InputSpec& input, bool imported) {
  const FaceFormat& format = input.cut.format;
  json written = {{"range", {0, 255}}, {"mean", input.mean}, {"deviation", input.deviation}};
  if (!imported || input.cut == FaceCut{}) {
    written["side"] = format.width;
    written["channels"] = format.channels();
  } else {
    written["width"] = format.width;
    written["height"] = format.height;
    written["colour"] = choice_names(Colour{})[static_cast<std::size_t>(format.colour)];
    written["crop_margin"] = input.cut.margin;
  }
  for (const ChannelSpec& other : input.others) {
    written["other_channels"].push_back({{"mean", other.mean}, {"deviation", other.deviation}});
  }
  return written;
}

InputSpec input_of_json(const json& object, bool imported) {
  InputSpec input;
  if (imported && object.contains("colour")) {
    input.cut = cut_of(object);
  } else if (!object.contains("side") || !object.contains("channels")) {
    fail(kNumbers);
  } else {
    input.cut.format = format_of(object["side"], object["channels"], imported);
  }
  const ChannelSpec first = channel_of(object);
  input.mean = first.mean;
  input.deviation = first.deviation;
  const json others = object.value("other_channels", json::array());
  const int further = input.cut.format.channels() - 1;
  if (!others.is_array() || (!others.empty() && std::ssize(others) != further)) {
    fail("other_channels must be a list of " + std::to_string(further));
  }
  for (const json& other : others) input.others.push_back(channel_of(other));
  return input;
}

}  // namespace fer::model
