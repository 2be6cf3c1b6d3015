#include "fer/core/config_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer {

namespace {

using nlohmann::json;

constexpr std::size_t kMostConfigBytes = 1u << 20;
constexpr std::string_view kBlank = " \t\r\n";
constexpr std::string_view kExample = R"({"lr": 0.01})";

// The likely mistake at `at`, where the text stops being valid JSON.
std::string_view likely_slip(std::string_view text, std::size_t at) {
  const std::size_t before = at == 0 ? text.npos : text.find_last_not_of(kBlank, at - 1);
  const char last = before == text.npos ? '\0' : text[before];
  switch (text[at]) {
    case '\'':
      return "keys and texts stand in double quotes";
    case '=':
      return "a colon stands between a key and its value";
    case '}':
    case ']':
      if (last == ',') return "there is a comma behind the last value";
      if (last == ':') return "there is no value behind the colon";
      break;
    case '\n':
      return "a text ends in the line it begins in, with a double quote";
    default:
      break;
  }
  return "a value is a number, true, false, or a text in double quotes; commas stand between keys";
}

// The JSON of a file, and the places of its keys.
class ConfigReader {
 public:
  explicit ConfigReader(const std::string& path)
      : path_(path), text_(read_file(path, kMostConfigBytes)), stream_(text_) {}

  json read() {
    if (text_.find_first_not_of(kBlank) == text_.npos) {
      throw Error(path_ + ": is empty; it should hold values of options, as in " +
                  std::string(kExample));
    }
    const auto look = [this](int depth, json::parse_event_t event, json& parsed) {
      if (depth > kDeepestJson) throw Error(place(line()) + ": lists stand too deep in lists");
      if (event == json::parse_event_t::key && depth == 1) record_key(parsed.get<std::string>());
      return true;
    };
    try {
      return json::parse(stream_, look, true, /*ignore_comments=*/true);
    } catch (const json::parse_error& error) {
      fail_at(error.byte);
    } catch (const json::exception&) {  // a number that no double can hold
      throw Error(place(line()) + ": a number is too large: " + shown(line()));
    }
  }

  std::map<std::string, std::string> places;

 private:
  // A key that is there twice would silently lose one of its values.
  void record_key(const std::string& key) {
    const auto [found, is_new] = places.emplace(key, place(line()));
    if (is_new) return;
    const std::size_t number = found->second.rfind(' ');
    throw Error(option(printable(key)) + " in " + place(line()) +
                ": is given twice; first in line" + found->second.substr(number));
  }

  // `count`: the bytes that the parser had read; the last of them is the wrong one.
  [[noreturn]] void fail_at(std::size_t count) const {
    if (count == 0 || count > text_.size()) {
      throw Error(path_ + ": ends too early: a quote or a } is missing, or more");
    }
    const std::size_t at = count - 1;
    const std::int64_t number = 1 + std::count(text_.begin(), text_.begin() + at, '\n');
    throw Error(place(number) + ": is not valid JSON: " + shown(number) + "; " +
                std::string(is_utf8(text_) ? likely_slip(text_, at) : "the file is not UTF-8"));
  }

  // The line that the parser has come to, as it reads nothing ahead. Continues the count of the
  // last call, because a file may have 100,000 keys.
  std::int64_t line() {
    const std::streamoff read = stream_.rdbuf()->pubseekoff(0, std::ios::cur, std::ios::in);
    line_ += std::count(text_.begin() + counted_, text_.begin() + read, '\n');
    counted_ = read;
    return line_;
  }

  std::string place(std::int64_t number) const { return path_ + " line " + std::to_string(number); }

  std::string shown(std::int64_t number) const {
    std::istringstream lines(text_);
    std::string found;
    for (std::int64_t i = 0; i < number; ++i) std::getline(lines, found);
    return quote(trim(found), 60);
  }

  std::string path_, text_;
  std::istringstream stream_;
  std::int64_t line_ = 1;       // the line of the byte at `counted_`
  std::streamoff counted_ = 0;  // bytes whose line ends are counted in `line_`
};

}  // namespace

std::map<std::string, std::string> apply_config_file(const std::string& path,
                                                     const VisitOptions& options) {
  ConfigReader reader(path);
  options_from_json(reader.read(), options, path, reader.places);
  return reader.places;
}

}  // namespace fer
