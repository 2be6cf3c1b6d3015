#include "fer/data/class_names.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/label_set.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::data {

namespace {

using nlohmann::json;

constexpr std::size_t kMostBytes = 1'000'000;

[[noreturn]] void fail(const std::string& what) {
  throw OptionError(
      "class_names",
      what + "; allowed: 1=surprise,2=fear, or a JSON file {\"1\": \"surprise\", \"2\": \"fear\"}");
}

bool is_file(const std::string& path) {
  std::error_code code;
  return std::filesystem::is_regular_file(path, code);
}

// Parses a JSON object and refuses repeated keys, of which the parser would take the last one.
json parse_object(const std::string& text, const std::string& origin) {
  bool twice = false;
  std::map<std::string, bool> keys;
  const auto look = [&](int depth, json::parse_event_t event, json& value) {
    if (depth == 1 && event == json::parse_event_t::key) {
      twice |= !keys.emplace(value.get<std::string>(), true).second;
    }
    return true;
  };
  const json object = json::parse(text, look, /*allow_exceptions=*/false);
  if (!object.is_object()) fail(origin + " is no JSON object");
  if (twice) fail(origin + " has a key twice");
  return object;
}

}  // namespace

void ClassNames::add(std::string_view in_data, std::string_view name) {
  const std::string key(trim(in_data)), value(trim(name));
  if (key.empty() || value.empty()) {
    fail("there is nothing on one side of " + quote(key + "=" + value));
  }
  if (value.size() > LabelSet::kMaxNameBytes || !is_printable(value)) {
    fail("the name " + quote(value) + " has more than " + std::to_string(LabelSet::kMaxNameBytes) +
         " bytes or characters that cannot be printed");
  }
  if (names_.size() == kMostNames) fail("there are more than " + std::to_string(kMostNames));
  if (!names_.emplace(key, value).second) fail(quote(key) + " is named twice");
}

ClassNames ClassNames::read(const std::string& given) {
  ClassNames names;
  const std::string text(trim(given));
  if (text.empty()) return names;
  const bool file = !text.starts_with('{') && is_file(text);
  if (file || text.starts_with('{')) {
    const std::string origin = file ? quote(text, 200) : "the text";
    const json object = parse_object(file ? read_file(text, kMostBytes) : text, origin);
    for (const auto& [key, value] : object.items()) {
      if (!value.is_string()) fail(origin + ": the name of " + quote(key) + " is not a string");
      names.add(key, value.get<std::string>());
    }
    return names;
  }
  for (const std::string& pair : parts_of(text, ',')) {
    const std::size_t sign = pair.find('=');
    if (sign == std::string::npos) fail(quote(pair, 200) + " is neither a pair nor a file");
    names.add(std::string_view(pair).substr(0, sign), std::string_view(pair).substr(sign + 1));
  }
  return names;
}

std::string ClassNames::of(std::string_view in_data) const {
  const auto found = names_.find(in_data);
  return found == names_.end() ? std::string(in_data) : found->second;
}

std::string ClassNames::text() const {
  return names_.empty() ? std::string() : json_text(json(names_));
}

}  // namespace fer::data
