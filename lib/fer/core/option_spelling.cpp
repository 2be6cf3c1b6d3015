#include "fer/core/option_spelling.h"

#include <algorithm>
#include <cctype>

#include "fer/core/option_error.h"

namespace fer {

namespace {

constexpr std::string_view kOff = "no_";

// "flip" of "no_flip", which is the same option.
std::string_view without_off(std::string_view field) {
  return field.starts_with(kOff) ? field.substr(kOff.size()) : field;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Where the quoted value that begins at `at` ends; `at` if none begins there. Texts put a user's
// value into single quotes (quote() in core/text.h); a single quote behind a letter is an
// apostrophe.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  if (text[at] != '\'' || (at > 0 && is_word(text[at - 1]))) return at;
  for (std::size_t end = text.find('\'', at + 1); end != text.npos;
       end = text.find('\'', end + 1)) {
    if (end + 1 == text.size() || !is_word(text[end + 1])) return end + 1;
  }
  return at;
}

}  // namespace

std::string flag_of(std::string_view field) {
  std::string flag = "--" + std::string(field);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

OptionSpelling::OptionSpelling(const std::vector<std::string>& fields)
    : fields_(fields.begin(), fields.end()) {}

void OptionSpelling::set_origin(const std::string& field, std::string origin) {
  if (origin.empty()) {
    origins_.erase(field);
  } else {
    origins_[field] = std::move(origin);
  }
}

bool OptionSpelling::knows(std::string_view field) const {
  return fields_.contains(field) || fields_.contains(without_off(field));
}

std::string OptionSpelling::spelled(std::string_view text) const {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t end = end_of_value(text, i); end > i) {
      result += text.substr(i, end - i);
      i = end;
      continue;
    }
    const std::size_t close = text[i] == '"' ? text.find('"', i + 1) : text.npos;
    const bool json = i > 0 && text[i - 1] == '{';
    if (close == text.npos || json || !knows(text.substr(i + 1, close - i - 1)) ||
        text.substr(close + 1).starts_with(" in ")) {
      result += text[i++];
      continue;
    }
    result += flag_of(text.substr(i + 1, close - i - 1));
    i = close + 1;
  }
  return result;
}

std::string OptionSpelling::message(const Error& error) const {
  const auto* of_option = dynamic_cast<const OptionError*>(&error);
  if (of_option == nullptr) return spelled(error.what());
  const std::string& field = of_option->field();
  std::string origin = of_option->origin();
  const auto found = origins_.find(without_off(field));
  if (origin.empty() && found != origins_.end()) origin = found->second;
  const std::string named = !origin.empty() ? option(without_off(field))
                            : knows(field)  ? flag_of(field)
                                            : option(field);
  return of_option->subject(named, origin) + ": " + spelled(of_option->reason());
}

}  // namespace fer
