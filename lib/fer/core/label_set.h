// The names and the order of the classes. Label order is a value carried by data and model files;
// FER2013's seven classes are only its default.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fer {

class LabelSet {
 public:
  // angry, disgust, fear, happy, sad, surprise, neutral: FER2013's order, index 0 to 6.
  static const LabelSet& fer2013();

  // neutral, happy, surprise, sad, angry, disgust, fear, contempt: FER+'s order, index 0 to 7.
  static const LabelSet& ferplus8();

  // Most classes a label set may have; bounds what an untrusted file can ask for.
  static constexpr std::size_t kMaxClasses = 1000;
  static constexpr std::size_t kMaxNameBytes = 100;

  LabelSet() : LabelSet(fer2013()) {}

  // @throws fer::Error for fewer than two or more than kMaxClasses names, an empty or overlong
  // name, control characters or bytes that are not UTF-8 in a name, or two names that differ in no
  // more than case.
  explicit LabelSet(std::vector<std::string> names);

  std::size_t size() const { return names_.size(); }
  const std::string& name(std::size_t index) const { return names_.at(index); }
  const std::vector<std::string>& names() const { return names_; }

  // The index of a class from any of its usual spellings, case and surrounding blanks ignored:
  // "Anger", "angry" and "ANGRY" are one class, as are "happiness" and "happy".
  std::optional<std::size_t> find(std::string_view spelling) const;

  bool operator==(const LabelSet&) const = default;

 private:
  struct Unchecked {};
  LabelSet(Unchecked, std::vector<std::string> names) : names_(std::move(names)) {}

  std::vector<std::string> names_;
};

}  // namespace fer
