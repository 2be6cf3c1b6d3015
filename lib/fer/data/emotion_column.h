// The column `emotion` of a CSV: numbers or names to classes.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/data/class_names.h"
#include "fer/data/data_options.h"

namespace fer::data {

struct EmotionOptions {
  LabelSet known;            // the classes that emotions are matched with
  bool own_classes = false;  // the classes are what the column holds, sorted by name
  ClassNames names;          // what its values are taken to be called
  UnknownClasses unknown = UnknownClasses::error;  // rows of no known class
  std::set<std::string>* met =
      nullptr;  // gains the column's values, where there are names; or null
};

// Reads the values of one part of a file. A value is a name in any spelling class_of knows, or,
// where classes are known ones, the number of one of FER2013's.
class EmotionReader {
 public:
  explicit EmotionReader(const EmotionOptions& options);

  // Whether the numbers 0 to 6 are labels as they stand.
  bool plain_numbers() const { return plain_numbers_; }

  // The label; with own_classes an index into own_names(). Nothing for a row that is to be left
  // out. Throws CsvMistake for a value that is no class.
  std::optional<std::int64_t> label_of(std::string_view value);

  std::vector<std::string> own_names() const;

  std::int64_t left_out() const { return left_out_; }
  const std::set<std::string>& left_out_names() const { return unknown_; }  // the first of them

  // The values that came, where options.names has some; no more than it could name.
  const std::set<std::string, std::less<>>& met() const { return met_; }

 private:
  std::optional<std::int64_t> own_label(const char* at, const std::string& name);
  std::optional<std::int64_t> known_label(const std::string& name) const;
  [[noreturn]] void fail(std::string_view value) const;
  std::string known_numbers() const;

  const EmotionOptions* options_;
  // Labels of FER2013's numbers; nothing where the class is not known.
  std::array<std::optional<std::int64_t>, 7> of_number_;
  bool plain_numbers_ = false;
  std::map<std::string, std::int64_t, std::less<>> own_;
  std::set<std::string> unknown_;
  std::set<std::string, std::less<>> met_;
  std::int64_t left_out_ = 0;
};

}  // namespace fer::data
