// Names for the classes of a data set whose folders or CSV only number them: RAF-DB's "1" is
// surprise. Needs no LibTorch.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace fer::data {

class ClassNames {
 public:
  static constexpr std::size_t kMostNames = 1000;

  ClassNames() = default;

  // "1=surprise,2=fear", a JSON object {"1": "surprise"}, or the path of a file with such an
  // object; empty: no names. Several numbers may have the same name. @throws fer::Error that names
  // the option, the mistake, and what is allowed.
  static ClassNames read(const std::string& given);

  // The name of `in_data`, or `in_data` itself if it has none.
  std::string of(std::string_view in_data) const;

  bool empty() const { return names_.empty(); }
  const std::map<std::string, std::string, std::less<>>& all() const { return names_; }

  // The names as an argument of read() that needs no file; empty without names.
  std::string text() const;

 private:
  void add(std::string_view in_data, std::string_view name);

  std::map<std::string, std::string, std::less<>> names_;
};

}  // namespace fer::data
