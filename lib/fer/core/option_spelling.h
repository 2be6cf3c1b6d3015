// How a program spells the options that the library's texts name in double quotes.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/error.h"

namespace fer {

// "--batch-size" of "batch_size".
std::string flag_of(std::string_view field);

class OptionSpelling {
 public:
  // For a program whose options are unknown, or that has none: leaves texts as they are.
  OptionSpelling() = default;
  explicit OptionSpelling(const std::vector<std::string>& fields);

  // The value of this option comes from a file, "nano.json line 7"; an empty origin means the
  // command line, which is the default for every option.
  void set_origin(const std::string& field, std::string origin);

  // The text with "batch_size" as --batch-size, for each field of the program. Three things stay as
  // they are: "lr" in nano.json, where the text names the file that holds the option; single-quoted
  // user input, '"lr"'; and JSON, {"lr": 0.1}.
  std::string spelled(std::string_view text) const;

  // An error's message, spelled. An OptionError begins with the flag, or, where the value comes
  // from a file, with the key and its place: "lr" in nano.json line 7.
  std::string message(const Error& error) const;

  // Whether the program has this option.
  bool knows(std::string_view field) const;

 private:
  std::set<std::string, std::less<>> fields_;
  std::map<std::string, std::string, std::less<>> origins_;
};

}  // namespace fer
