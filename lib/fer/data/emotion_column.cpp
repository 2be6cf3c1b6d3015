#include "fer/data/emotion_column.h"

#include <algorithm>

#include "fer/core/number.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/csv_text.h"
#include "fer/data/match_classes.h"

namespace fer::data {

namespace {

std::optional<std::int64_t> as_label(std::optional<std::size_t> index) {
  return index ? std::optional(static_cast<std::int64_t>(*index)) : std::nullopt;
}

// Within a field a quote is doubled (RFC 4180).
std::string without_doubled_quotes(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    text += value[i];
    if (value.substr(i).starts_with("\"\"")) ++i;
  }
  return text;
}

}  // namespace

EmotionReader::EmotionReader(const EmotionOptions& options) : options_(&options) {
  const LabelSet& numbers = LabelSet::fer2013();
  for (std::size_t number = 0; number < of_number_.size(); ++number) {
    // A model's own class may be called "1".
    auto label = class_of(std::to_string(number), options.known);
    if (!label) label = class_of(numbers.name(number), options.known);
    of_number_[number] = as_label(label);
  }
  plain_numbers_ = !options.own_classes && options.names.empty() && options.known == numbers;
}

std::optional<std::int64_t> EmotionReader::label_of(std::string_view value) {
  const std::string given = without_doubled_quotes(value);
  const std::string name = options_->names.of(given);
  if (!options_->names.empty() && met_.size() < ClassNames::kMostNames) met_.insert(given);
  if (options_->own_classes) return own_label(value.data(), name);
  const auto label = known_label(name);
  if (label) return label;
  if (options_->unknown == UnknownClasses::error) fail(value);
  constexpr std::size_t kNamed = 13;
  ++left_out_;
  if (unknown_.size() < kNamed) unknown_.insert(name);
  return std::nullopt;
}

std::optional<std::int64_t> EmotionReader::own_label(const char* at, const std::string& name) {
  const auto found = own_.find(name);
  if (found != own_.end()) return found->second;
  if (name.empty() || name.size() > LabelSet::kMaxNameBytes ||
      own_.size() == LabelSet::kMaxClasses) {
    throw CsvMistake{at, "column 'emotion': value " + quote(name) + " cannot be a class (" +
                             option("classes") + " from-data); allowed: up to " +
                             std::to_string(LabelSet::kMaxClasses) + " names of 1 to " +
                             std::to_string(LabelSet::kMaxNameBytes) + " bytes"};
  }
  return own_.emplace(name, static_cast<std::int64_t>(own_.size())).first->second;
}

std::optional<std::int64_t> EmotionReader::known_label(const std::string& name) const {
  // With `class_names` numbers lose their FER2013 meaning.
  const auto number = options_->names.empty() ? to_number<std::size_t>(name) : std::nullopt;
  if (number && *number < of_number_.size()) return of_number_[*number];
  return as_label(class_of(name, options_->known));
}

void EmotionReader::fail(std::string_view value) const {
  const std::string more =
      options_->names.empty() ? known_numbers() : "what " + option("class_names") + " names, ";
  throw CsvMistake{value.data(), "column 'emotion': value " + quote(value) +
                                     " is not a class; allowed: " + more +
                                     join(options_->known.names(), ", ") + "; " +
                                     option("unknown_classes") + " skip leaves such rows out"};
}

// "0, 3 as in FER2013, "; a class that is itself called "3" is listed with the names.
std::string EmotionReader::known_numbers() const {
  std::vector<std::string> numbers;
  for (std::size_t number = 0; number < of_number_.size(); ++number) {
    const std::string text = std::to_string(number);
    if (of_number_[number] && !class_of(text, options_->known)) numbers.push_back(text);
  }
  if (numbers.empty()) return "";
  const bool all = numbers.size() == of_number_.size();
  return (all ? "0 to 6" : join(numbers, ", ")) + " as in FER2013, ";
}

std::vector<std::string> EmotionReader::own_names() const {
  std::vector<std::string> names(own_.size());
  for (const auto& [name, index] : own_) names[static_cast<std::size_t>(index)] = name;
  return names;
}

}  // namespace fer::data
