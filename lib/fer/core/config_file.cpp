#include "fer/core/config_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"

namespace fer {

namespace {

using nlohmann::json;

constexpr std::size_t kMostConfigBytes = 1u << 20;

// The JSON of a file, and the places of its keys.
class ConfigReader {
 public:
  explicit ConfigReader(const std::string& path)
      : path_(path), text_(read_file(path, kMostConfigBytes)), stream_(text_) {}

  json read() {
    const auto look = [this](int depth, json::parse_event_t event, json& parsed) {
      if (event == json::parse_event_t::key && depth == 1) note_key(parsed.get<std::string>());
      return true;
    };
    try {
      return json::parse(stream_, look, true, /*ignore_comments=*/true);
    } catch (const json::exception& error) {  // also for numbers no double can hold
      throw Error(path_ + ": is not valid JSON: " + error.what());
    }
  }

  std::map<std::string, std::string> places;

 private:
  // A key that stands twice would silently lose one of its values.
  void note_key(const std::string& key) {
    if (!places.emplace(key, path_ + " line " + std::to_string(line())).second) {
      throw Error(path_ + ": the key " + quote(key) + " is there twice");
    }
  }

  // Of what the parser has just read: it takes no more from the stream than it has looked at.
  std::int64_t line() {
    const std::streamoff read = stream_.rdbuf()->pubseekoff(0, std::ios::cur, std::ios::in);
    return 1 + std::count(text_.begin(), text_.begin() + read, '\n');
  }

  std::string path_, text_;
  std::istringstream stream_;
};

}  // namespace

std::map<std::string, std::string> apply_config_file(const std::string& path,
                                                     const VisitOptions& options) {
  ConfigReader reader(path);
  options_from_json(reader.read(), options, path, reader.places);
  return reader.places;
}

}  // namespace fer
