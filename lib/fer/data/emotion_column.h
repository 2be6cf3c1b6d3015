// Maps the column `emotion` of a CSV, numbers or names, to classes.
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
  LabelSet known;            // the classes to match the values with
  bool own_classes = false;  // the values themselves are the classes, sorted by name
  ClassNames names;          // renames values before they are matched: 1=surprise
  UnknownClasses unknown = UnknownClasses::error;  // for rows of an unknown class
  // If not null and `names` is not empty: gets all values that occurred, after all rows were read;
  // the caller then knows the unused names.
  std::set<std::string>* met = nullptr;
};

// Reads the values of one part of a file. A value is a name in any spelling that class_of knows,
// or, unless own_classes is set, the number of one of FER2013's classes.
class EmotionReader {
 public:
  explicit EmotionReader(const EmotionOptions& options);

  // Whether the numbers 0 to 6 are the labels themselves.
  bool plain_numbers() const { return plain_numbers_; }

  // The label; with own_classes an index into own_names(). Nothing for a row that is left out.
  // Throws CsvMistake for a value that is not a class.
  std::optional<std::int64_t> label_of(std::string_view value);

  std::vector<std::string> own_names() const;

  // The number of rows that label_of has left out so far, and the names of their classes, up to a
  // limit.
  std::int64_t left_out() const { return left_out_; }
  const std::set<std::string>& left_out_names() const { return unknown_; }

  // The different values that label_of has seen so far, up to the largest number of names;
  // collected only if options.names is not empty.
  const std::set<std::string, std::less<>>& met() const { return met_; }

 private:
  std::optional<std::int64_t> own_label(const char* at, const std::string& name);
  std::optional<std::int64_t> known_label(const std::string& name) const;
  [[noreturn]] void fail(std::string_view value) const;
  std::string known_numbers() const;

  const EmotionOptions* options_;
  // The label of each of FER2013's numbers; nothing for an unknown class.
  std::array<std::optional<std::int64_t>, 7> of_number_;
  bool plain_numbers_ = false;
  std::map<std::string, std::int64_t, std::less<>> own_;
  std::set<std::string> unknown_;
  std::set<std::string, std::less<>> met_;
  std::int64_t left_out_ = 0;
};

}  // namespace fer::data
